"""The hand-kept tables: read, held against their schema, and joined up.

`data/datapackage.json` (Frictionless Data Package) is schema, data dictionary and licence list in one.
Whatever breaks it stops the build with one line: file, row, what is wrong, how to mend it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.errors import DataProblem
from helpers.files import read_bytes
from helpers.language import named
from helpers.ledger.bibliography import read_references
from helpers.paths import DATA, shown
from helpers.reader.encodings import decoded
from helpers.rows import MOST_TABLE_BYTES, grouped, read_rows
from helpers.structured import read_json, read_toml

# How each kind of fault that frictionless finds is mended.
MENDS = {row["fault"]: row["mend"] for row in read_rows(Path(__file__).with_name("schema_mends.csv"))}
# Names of what else evidence is about, by identifier.
SUBJECTS: dict[str, str] = read_toml(Path(__file__).with_name("subjects.toml"))["names"]
Row = Mapping[str, Any]  # cells by column
NUMPY_TYPES = {"integer": "Int64", "number": "float64"}


def _rows_by(table: str, key: str) -> cached_property[dict[str, dict[str, Any]]]:
    """Rows of a table as mappings, by identifier: to look up one row in a frame takes a hundred times as long."""

    def rows(tables: Tables) -> dict[str, dict[str, Any]]:
        return {str(row[key]): row for row in tables.frames[table].to_dict("records")}

    return cached_property(rows)


@dataclass(frozen=True)
class Tables:
    """The validated tables of one data folder, by name, and the bibliography."""

    frames: dict[str, pd.DataFrame]
    references: dict[str, dict[str, str]]

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.frames[name]

    evidence_rows = _rows_by("evidence", "evidence_id")
    claim_rows = _rows_by("claims", "claim_id")
    article_rows = _rows_by("articles", "article_id")
    model_rows = _rows_by("models", "model_id")
    system_rows = _rows_by("systems", "system_id")

    @cached_property
    def evidence_of(self) -> dict[tuple[str, str], list[dict[str, Any]]]:
        """Evidence rows by system and quantity, as they stand in the table."""
        return grouped(((row["system_id"], row["quantity"]), row) for row in self.evidence_rows.values())

    @cached_property
    def published(self) -> dict[str, str]:
        """Dates of the articles, as precise as printed."""
        return {key: row["published"] for key, row in self.article_rows.items()}

    def name_of(self, system_id: str) -> str:
        """A system's name for readers; the identifier where no table names it."""
        return named(self._about(system_id)["name"] or system_id)

    def kind_of(self, system_id: str) -> str:
        """Whether a system is dense or a mixture of experts; empty where no table says."""
        return str(self._about(system_id)["kind"])

    def _about(self, system_id: str) -> dict[str, Any]:
        """Its row; systems of the articles come before other models, and these before what else is named."""
        row = self.system_rows.get(system_id) or self.model_rows.get(system_id)
        return row or {"name": SUBJECTS.get(system_id), "kind": ""}

    @cached_property
    def named_in_articles(self) -> pd.DataFrame:
        """The systems that our articles name; the table holds those of other articles too."""
        return self.frames["systems"].query("in_articles == 'yes'").reset_index(drop=True)

    @cached_property
    def claimed_about(self) -> set[str]:
        """The systems that a claim is about; others are named beside them."""
        return set(self.frames["claims"]["system_id"]) - {""}

    @cached_property
    def source_columns(self) -> tuple[tuple[str, str], ...]:
        """Table and column of everything that names a source, as data/datapackage.json describes the tables."""
        frames = self.frames.items()
        return tuple((name, str(c)) for name, frame in frames for c in frame.columns if str(c).endswith("source_id"))


def own_text(path: Path, most_bytes: int = MOST_TABLE_BYTES) -> str:
    """A file of the user's, in whichever encoding it was saved, without a byte order mark; a DataProblem, if it cannot
    be read."""
    content = read_bytes(path, most_bytes)
    try:
        return decoded(content).removeprefix("\ufeff").replace("\r\n", "\n")
    except ValueError as error:
        raise DataProblem(shown(path), "whole file", str(error), "save it as UTF-8") from None


def own_rows(folder: Path, table: str, data_dir: Path) -> list[dict[str, str]]:
    """The rows of systems.csv or evidence.csv in a ledger's folder, columns that are not there empty; a DataProblem for
    a column that the project's table has not, and an identifier that is the project's own."""
    path = folder / f"{table}.csv"
    if not path.is_file():
        return []
    there = read_rows(data_dir / "raw" / path.name)
    key, *others = there[0]
    rows = read_rows(path, (key,), {column: column for column in there[0]}, any_delimiter=True, read=own_text)
    taken = {row[key] for row in there}
    for number, row in enumerate(rows, start=2):
        if row[key] in taken:
            what = f"{row[key]} is in this project's {path.name}"
            raise DataProblem(shown(path), f"row {number}, column {key}", what, "give it an identifier of its own")
    return [{key: row[key], **{column: row.get(column, "") for column in others}} for row in rows]


def read_package(data_dir: Path = DATA) -> dict[str, Any]:
    """The data package descriptor."""
    path = data_dir / "datapackage.json"
    package: dict[str, Any] = read_json(path)
    try:
        for resource in package["resources"]:
            _ = resource["name"], resource["path"], [(f["name"], f["type"]) for f in resource["schema"]["fields"]]
    except (KeyError, TypeError) as error:
        what = f"tables, paths and fields are not described as they should be ({error})"
        raise DataProblem(shown(path), "whole file", what, "restore the descriptor") from error
    return package


def read_raw(data_dir: Path = DATA) -> Tables:
    """Read and validate every table of the package; a DataProblem names the first thing that breaks the schema."""
    package = read_package(data_dir)
    for problem in schema_faults(package, data_dir):
        raise problem
    return read_valid(package, data_dir)


def read_valid(package: Mapping[str, Any], data_dir: Path) -> Tables:
    """The tables of a package that has no `schema_faults`; a DataProblem, if the bibliography cannot be read."""
    frames = {}
    for table in package["resources"]:
        types = {f["name"]: NUMPY_TYPES.get(f["type"], "str") for f in table["schema"]["fields"]}
        missing = {name: [""] for name, kind in types.items() if kind != "str"}
        path = data_dir / table["path"]
        frames[table["name"]] = pd.read_csv(path, dtype=types, keep_default_na=False, na_values=missing)
    return Tables(frames, read_references(data_dir / "raw" / "references.bib"))


def schema_faults(package: dict[str, Any], data_dir: Path) -> Iterator[DataProblem]:
    """What breaks the schema in the cells of tables that have its shape; a DataProblem for one that lacks a column,
    which would show as a hundred wrong cells."""
    from frictionless import Package, system

    for resource in package["resources"]:
        path, columns = data_dir / resource["path"], [field["name"] for field in resource["schema"]["fields"]]
        rows = read_rows(path, columns, {name: name for name in columns})
        if not rows:
            raise DataProblem(shown(path), "whole file", "the table has no rows", "restore its rows")
        if list(rows[0]) != columns:
            raise DataProblem(shown(path), "header line", "columns are in another order", f"write {','.join(columns)}")
    with system.use_context(trusted=True):
        report = Package.from_descriptor(package, basepath=str(data_dir)).validate()
    for task in report.tasks:
        yield from (_problem(error, shown(data_dir / task.place)) for error in task.errors)
    for error in report.errors:
        yield DataProblem(shown(data_dir / "datapackage.json"), "whole file", error.note, "correct the descriptor")


def _problem(error: Any, file: str) -> DataProblem:
    number, field, cell = (getattr(error, name, None) for name in ("row_number", "field_name", "cell"))
    where = "whole file"
    if number is not None:  # with the first cell, so that the row can be found after the file has been sorted
        where = f"row {number} ({error.cells[0][:40]})"
    if field:
        where += f", column {field}"
    note = error.note.strip().rstrip(".")
    if cell and cell not in note:
        note = f'"{cell[:60]}": {note}'
    return DataProblem(file, where, note, MENDS.get(error.type, "correct the row"))
