"""A ledger of the user's own: its articles and claims, its own systems, evidence and sources, beside this project's tables.

What only this project's articles need is not asked of it: a dismissal for every other number, outlet and date.
The user's rows stand before the project's, so that a row number is that of the user's own file.
"""

import csv
import io
import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from helpers.errors import DataProblem, Problem
from helpers.ledger.checks import examine
from helpers.ledger.coverage import find_texts
from helpers.ledger.dataset import Dataset, faults
from helpers.ledger.own_files import own_rows, own_text
from helpers.ledger.processed import process
from helpers.ledger.tables import Tables, read_package, read_valid, schema_faults
from helpers.paths import shown
from helpers.rows import read_rows

OWN = ("articles", "claims")
MORE = ("systems", "evidence")  # the user's rows beside the project's
BIBLIOGRAPHY = "references.bib"
LEFT_OUT = ("dismissals", "changes")
FREE = ("outlet", "published", "language")  # what the user may not know of an article
UNITS = (  # of figures that the five articles happen not to print
    "chip s", "W", "m", "m2", "L", "Hz", "degC", "year", "token/s", "byte/s", "FLOP/J",
    "EUR", "GBP", "HKD", "TWD", "JPY", "KRW", "SGD", "INR",
)  # fmt: skip


class LedgerFaults(Problem):
    """All that is wrong with a ledger, a line each."""

    def __init__(self, found: list[str]) -> None:
        head = "" if len(found) == 1 else f"{len(found)} faults:\n  "
        super().__init__(head + "\n  ".join(found))


def read_own(folder: Path, data_dir: Path, texts_dir: str = "") -> Dataset:
    """The tables of `folder` with the evidence of `data_dir`, checked like the project's own.

    Raises:
        LedgerFaults: everything that is wrong, with the user's file, row, what and mend.
        Problem: there is no ledger in the folder.
    """
    for name in OWN:
        if not (folder / f"{name}.csv").is_file():
            mend = f"make one with python -m helpers scan ARTICLE --add {shown(folder)}"
            raise Problem(f"{shown(folder)} holds no {name}.csv. Mend: {mend}.")
    with tempfile.TemporaryDirectory(prefix="ledger-") as name:
        staged = Path(name)
        raw = shown(staged / "raw")
        try:
            _stage(folder, data_dir, staged)
            package = read_package(staged)
            found = list(map(str, schema_faults(package, staged)))
            if not found:
                tables = read_valid(package, staged)
                texts = find_texts(texts_dir, tables["articles"])
                found = list(map(str, faults(tables, raw, texts))) or list(_unfit(tables))
        except DataProblem as problem:
            found = [str(problem)]
    if found:  # what is said of the staged copy, said of the user's own file
        own = f"{shown(folder)}/"
        raise LedgerFaults([line.replace(f"{raw}/", own).replace("data/raw/", own) for line in found])
    return Dataset(tables, texts)


def _unfit(tables: Tables) -> Iterator[str]:
    """Claims whose evidence does not fit their check."""
    read = process(tables)
    for number, claim in enumerate(read["claims"].to_dict("records"), start=2):
        try:
            if claim["evidence_ids"] or claim["formula"]:
                examine(read, claim)
        except DataProblem as problem:
            yield str(problem).replace("data/raw/claims.csv, ", f"data/raw/claims.csv, row {number}, ")


def _stage(folder: Path, data_dir: Path, staged: Path) -> None:
    """A data folder for the time of the reading: the user's tables among the project's others."""
    package, raw = read_package(data_dir), staged / "raw"
    package["resources"] = [_freed(r) for r in package["resources"] if r["name"] not in LEFT_OUT]
    shutil.copytree(data_dir / "raw", raw)
    for table in OWN:
        (raw / f"{table}.csv").write_text(own_text(folder / f"{table}.csv"), encoding="utf-8")
    for table in MORE:  # the user's rows first: what is said of row 3 is then said of row 3 of the user's file
        header, _, rest = (raw / f"{table}.csv").read_text(encoding="utf-8").partition("\n")
        lines = io.StringIO()
        rows = own_rows(folder, table, data_dir)
        csv.DictWriter(lines, header.split(","), lineterminator="\n").writerows(rows)
        (raw / f"{table}.csv").write_text(f"{header}\n{lines.getvalue()}{rest}", encoding="utf-8")
    if (folder / BIBLIOGRAPHY).is_file():
        both = own_text(folder / BIBLIOGRAPHY).rstrip() + "\n\n" + own_text(data_dir / "raw" / BIBLIOGRAPHY)
        (raw / BIBLIOGRAPHY).write_text(both, encoding="utf-8")
    _name_models(raw)
    (staged / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")


def _name_models(raw: Path) -> None:
    """Systems known only from the models table get a row among the systems, so that claims may be about them."""
    systems = read_rows(raw / "systems.csv", ("system_id", "name", "organisation", "kind"))
    known = {row["system_id"] for row in systems}
    wanted = {row["system_id"] for row in read_rows(raw / "claims.csv", ("system_id",))} - known
    with (raw / "systems.csv").open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(systems[0]), restval="", extrasaction="ignore", lineterminator="\n")
        for row in read_rows(raw / "models.csv", ("model_id", "name", "kind")):
            if row["model_id"] in wanted:
                writer.writerow(row | {"system_id": row["model_id"], "kind": row["kind"] or "other", "note": ""})


def _freed(resource: dict[str, Any]) -> dict[str, Any]:
    """A resource without the duty to fill in what the user may not know."""
    for field in resource["schema"]["fields"]:
        if resource["name"] == "articles" and field["name"] in FREE:
            field.get("constraints", {}).pop("required", None)
        if resource["name"] == "claims" and field["name"] == "unit":
            field["constraints"]["enum"] += UNITS
    return resource
