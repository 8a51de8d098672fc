"""A ledger of the user's own beside this project's evidence: its articles and claims, everything else from the data folder.

What only this project's articles need is not asked of it: a dismissal for every other number, outlet and date.
"""

from __future__ import annotations

import csv
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpers.errors import DataProblem, Problem
from helpers.ledger.dataset import Dataset, read_dataset
from helpers.ledger.tables import read_package
from helpers.paths import shown
from helpers.rows import read_rows

OWN = ("articles", "claims")
LEFT_OUT = ("dismissals", "changes", "readings")
UNITS = (  # of figures that the five articles happen not to print
    "chip s", "W", "m", "m2", "L", "Hz", "degC", "year", "token/s", "byte/s", "FLOP/J",
    "EUR", "GBP", "HKD", "TWD", "JPY", "KRW", "SGD", "INR",
)  # fmt: skip
FREE = {"articles": ("outlet", "published", "language")}


def read_own(folder: Path, data_dir: Path, texts_dir: str = "") -> Dataset:
    """The tables of `folder` with the evidence of `data_dir`, checked like the project's own.

    Raises:
        DataProblem: the first problem, with the user's file, row, what and mend.
        Problem: there is no ledger in the folder.
    """
    for name in OWN:
        if not (folder / f"{name}.csv").is_file():
            mend = f"make one with python -m helpers scan ARTICLE --add {shown(folder)}"
            raise Problem(f"{shown(folder)} holds no {name}.csv. Mend: {mend}.")
    with _joined(folder, data_dir) as staged:
        try:
            return read_dataset(staged, texts_dir)
        except DataProblem as problem:
            raise Problem(str(problem).replace(shown(staged / "raw"), shown(folder))) from None


@contextmanager
def _joined(folder: Path, data_dir: Path) -> Iterator[Path]:
    """A data folder for the time of the reading: the user's two tables among the project's others."""
    package = read_package(data_dir)
    package["resources"] = [_freed(r) for r in package["resources"] if r["name"] not in LEFT_OUT]
    with tempfile.TemporaryDirectory(prefix="ledger-") as name:
        staged = Path(name)
        shutil.copytree(data_dir / "raw", staged / "raw")
        for table in OWN:
            shutil.copyfile(folder / f"{table}.csv", staged / "raw" / f"{table}.csv")
        _name_models(staged / "raw")
        (staged / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
        yield staged


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


def _freed(resource: dict) -> dict:  # type: ignore[type-arg]
    """A resource without the duty to fill in what the user may not know."""
    for field in resource["schema"]["fields"]:
        if field["name"] in FREE.get(resource["name"], ()):
            field.get("constraints", {}).pop("required", None)
        if resource["name"] == "claims" and field["name"] == "unit":
            field["constraints"]["enum"] += UNITS
    return resource
