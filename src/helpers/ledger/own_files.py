"""Files in a ledger's folder as the user saved them: systems, evidence and sources of one's own."""

from pathlib import Path

from helpers.errors import DataProblem
from helpers.files import read_bytes
from helpers.paths import shown
from helpers.reader.encodings import decoded
from helpers.rows import MOST_TABLE_BYTES, read_rows


def own_text(path: Path, most_bytes: int = MOST_TABLE_BYTES) -> str:
    """A file of the user's, in whichever encoding it was saved, without a byte order mark; a DataProblem, if it cannot
    be read."""
    try:
        return decoded(read_bytes(path, most_bytes)).removeprefix("\ufeff").replace("\r\n", "\n")
    except DataProblem:
        raise
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
