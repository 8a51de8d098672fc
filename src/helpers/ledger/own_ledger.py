"""A ledger of the user's own: its articles and claims, its own systems, evidence and sources, beside this project's tables.

What only this project's articles need is not asked of it: a dismissal for every other number, outlet and date.
The user's rows stand before the project's, so that a row number is that of the user's own file.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from helpers.errors import DataProblem, Problem
from helpers.ledger.checks import examine
from helpers.ledger.coverage import find_texts
from helpers.ledger.dataset import Dataset, faults
from helpers.ledger.processed import process
from helpers.ledger.tables import Tables, own_rows, own_text, read_package, read_valid, schema_faults
from helpers.paths import shown
from helpers.rows import read_rows

NEEDED = ("articles", "claims")  # the user's alone
MORE = ("systems", "evidence")  # the user's rows beside the project's
BIBLIOGRAPHY = "references.bib"
LEFT_OUT = ("dismissals", "changes")
FREE = ("outlet", "published", "language")  # what the user may not know of an article
UNITS = (  # of figures that the five articles happen not to print
    "chip s", "W", "m", "m2", "L", "Hz", "degC", "year", "token/s", "byte/s", "FLOP/J",
    "EUR", "GBP", "CHF", "HKD", "TWD", "JPY", "KRW", "SGD", "INR",
)  # fmt: skip


class LedgerFaults(Problem):
    """All that is wrong with a ledger, a line each."""

    def __init__(self, found: list[str]) -> None:
        head = "" if len(found) == 1 else f"{len(found)} faults:\n  "
        super().__init__(head + "\n  ".join(found))


def read_own(folder: Path, data_dir: Path, texts_dir: str = "") -> Dataset:
    """The tables of `folder` with the evidence of `data_dir`, checked like the project's own; all that is wrong is in
    one LedgerFaults, and a folder without a ledger is a Problem."""
    for name in NEEDED:
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
    """A data folder for the time of the reading: the user's tables among the project's others, and nothing asked for
    that the user may not know."""
    package, raw = read_package(data_dir), staged / "raw"
    tables = {table["name"]: table["schema"]["fields"] for table in package["resources"]}
    package["resources"] = [table for table in package["resources"] if table["name"] not in LEFT_OUT]
    for field in tables["articles"]:
        if field["name"] in FREE:
            field.get("constraints", {}).pop("required", None)
    next(field for field in tables["claims"] if field["name"] == "unit")["constraints"]["enum"] += UNITS
    (staged / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    shutil.copytree(data_dir / "raw", raw)
    for table in NEEDED:
        (raw / f"{table}.csv").write_text(own_text(folder / f"{table}.csv"), encoding="utf-8")
    # The user's rows first: what is said of row 3 is then said of row 3 of the user's file.
    rows = {table: own_rows(folder, table, data_dir) + read_rows(raw / f"{table}.csv") for table in MORE}
    known = {row["system_id"] for row in rows["systems"]}
    wanted = {row["system_id"] for row in read_rows(raw / "claims.csv", ("system_id",))} - known
    for row in read_rows(raw / "models.csv", ("model_id", "name", "kind")):  # so that claims may be about these as well
        if row["model_id"] in wanted:
            rows["systems"].append(row | {"system_id": row["model_id"], "kind": row["kind"] or "other", "note": ""})
    for table in MORE:
        names = [field["name"] for field in tables[table]]
        pd.DataFrame(rows[table], columns=names).to_csv(raw / f"{table}.csv", index=False)
    if (folder / BIBLIOGRAPHY).is_file():
        both = own_text(folder / BIBLIOGRAPHY).rstrip() + "\n\n" + own_text(data_dir / "raw" / BIBLIOGRAPHY)
        (raw / BIBLIOGRAPHY).write_text(both, encoding="utf-8")
