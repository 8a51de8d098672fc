"""Files in a ledger's folder as the user saved them: systems, evidence and sources of one's own."""

import csv
import io
from pathlib import Path

from helpers.errors import DataProblem
from helpers.files import read_bytes
from helpers.paths import shown
from helpers.reader.encodings import decoded
from helpers.rows import MOST_TABLE_BYTES, read_rows


def own_text(path: Path) -> str:
    """A file of the user's, in whichever encoding it was saved, without a byte order mark.

    Raises:
        DataProblem: it cannot be read.
    """
    try:
        return decoded(read_bytes(path, MOST_TABLE_BYTES)).removeprefix("\ufeff").replace("\r\n", "\n")
    except DataProblem:
        raise
    except ValueError as error:
        raise DataProblem(shown(path), "whole file", str(error), "save it as UTF-8") from None


def own_rows(folder: Path, table: str, data_dir: Path) -> list[dict[str, str]]:
    """The rows of systems.csv or evidence.csv in a ledger's folder; columns that are not there are empty.

    Raises:
        DataProblem: a column that the project's table has not, an identifier that is the project's own.
    """
    path = folder / f"{table}.csv"
    if not path.is_file():
        return []
    rows = list(csv.DictReader(io.StringIO(own_text(path), newline="")))
    there = read_rows(data_dir / "raw" / path.name)
    key, columns = next(iter(there[0])), list(there[0])
    for column in rows[0] if rows else ():
        if column not in columns:
            raise DataProblem(shown(path), "header line", f"column {column} is unknown", f"use {', '.join(columns)}")
    taken = {row[key] for row in there}
    for number, row in enumerate(rows, start=2):
        if row.get(key, "") in taken:
            what = f"{row[key]} is in this project's {path.name}"
            raise DataProblem(shown(path), f"row {number}, column {key}", what, "give it an identifier of its own")
    return [{column: row.get(column) or "" for column in columns} for row in rows]
