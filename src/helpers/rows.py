"""Rows of a CSV table: refused with one line rather than half understood, written so that no spreadsheet runs them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from helpers.errors import DataProblem, nearest
from helpers.files import read_text
from helpers.paths import shown

if TYPE_CHECKING:
    import pandas as pd

DELIMITERS = ",;\t"
MOST_TABLE_BYTES = 256_000_000
MOST_CELL = 100_000  # characters
FORMULA = re.compile(r"[\t\r]|\s*[=@＝＠＋－]|\s*[+-](?!\s?[\d.,]+(?:e[+-]?\d+)?[\w\s%.,–~-]*$)")  # not a signed figure


K = TypeVar("K")
V = TypeVar("V")


def grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    """Values by their keys, both in their order."""
    found: dict[K, list[V]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


def read_rows(
    path: Path,
    needed: Collection[str] = (),
    known: Mapping[str, str] | None = None,
    any_delimiter: bool = False,
    read: Callable[[Path, int], str] = read_text,
) -> list[dict[str, str]]:
    """The rows of a CSV table as text, by column.

    Args:
        read: the text of a file of at most so many bytes.
        needed: columns that must be there.
        known: the columns that may be there, with the name by which each is known to the caller; without it any.
        any_delimiter: whether columns may be separated by semicolons or tabs as well.

    A DataProblem: no table, an unknown or a repeated column, a row with too few or too many cells or none at all.
    """
    text = read(path, MOST_TABLE_BYTES)
    delimiter = _delimiter(text, {*needed, *(known or ())}) if any_delimiter else ","
    records = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    rows: list[dict[str, str]] = []
    header: list[str] = []
    try:
        for number, cells in enumerate(records, start=1):
            if number == 1:
                header = _header(path, cells, needed, known)
            elif cells:
                rows.append(_cells_by_column(path, number, header, cells, number - len(rows) - 2))
    except csv.Error as error:
        raise DataProblem(shown(path), f"line {records.line_num}", str(error), "restore the table as CSV") from None
    if not header:
        raise DataProblem(shown(path), "whole file", "it is empty", "add a header line and a row for each entry")
    return rows


def _delimiter(text: str, known: Collection[str]) -> str:
    """The sign that parts the header line into most known columns, or else into most columns."""
    first = text.partition("\n")[0].rstrip("\r")

    def found(sign: str) -> tuple[int, int]:
        names = [name.strip().strip('"').strip().lower() for name in first.split(sign)]
        return sum(name in known for name in names), len(names)

    return max(DELIMITERS, key=found)


def _header(path: Path, cells: list[str], needed: Collection[str], known: Mapping[str, str] | None) -> list[str]:
    def problem(what: str, mend: str) -> DataProblem:
        return DataProblem(shown(path), "header line", what, mend)

    names = [cell.strip() for cell in cells]
    if not any(names):
        raise problem("it is blank", "begin the table with the names of its columns")
    if known is not None:
        names = [name.lower() for name in names]
        if not any(name in known for name in names):
            raise problem(f"no known column, the first is {names[0][:40]!r}", "name columns as in the documentation")
        for name in names:
            if name not in known:
                hint = nearest(name, known).removeprefix("; ")
                raise problem(f"column {name[:40]!r} is unknown", hint or "correct or remove it")
        names = [known[name] for name in names]
    for name in needed:
        if name not in names:
            raise problem(f"column {name} is missing", "restore the header line")
    for place, name in enumerate(names):
        if name in names[:place]:
            raise problem(f"column {name[:40]!r} stands twice", "keep one of them")
        if not name:
            raise problem(f"column {place + 1} has no name", "name or remove it")
    return names


def _cells_by_column(path: Path, number: int, header: list[str], cells: list[str], skipped: int) -> dict[str, str]:
    where, mend = f"row {number}", "quote cells that hold the delimiter, and fill the row up"
    if skipped:
        raise DataProblem(shown(path), f"row {number - 1}", "is empty", "remove the empty line")
    if not any(cell.strip() for cell in cells):
        raise DataProblem(shown(path), where, "all cells are empty", "remove the row")
    if len(cells) != len(header):
        how = "cut off" if len(cells) < len(header) else "too long"
        what = f"{how}: {len(cells)} cells under {len(header)} columns"
        raise DataProblem(shown(path), where, what, mend)
    longest = max(map(len, cells))
    if longest > MOST_CELL:
        raise DataProblem(shown(path), where, f"a cell of {longest:,} characters", "is a quotation mark missing?")
    return dict(zip(header, cells, strict=True))


def defused(cell: str) -> str:
    """A cell that a spreadsheet shows as text, even where it would run it as a formula."""
    return f"'{cell}" if FORMULA.match(cell) else cell


def csv_text(rows: Iterable[Iterable[object]], end: str = "\n") -> str:
    """Rows as CSV, formulas defused."""
    lines = io.StringIO()
    csv.writer(lines, lineterminator=end).writerows([defused("" if c is None else str(c)) for c in row] for row in rows)
    return lines.getvalue()


def frame_csv(frame: pd.DataFrame) -> str:
    """A table as CSV, formulas defused."""
    texts = frame.select_dtypes(["object", "str"])
    safe = texts.map(lambda cell: defused(cell) if isinstance(cell, str) else cell)
    return str(frame.assign(**{str(name): safe[name] for name in texts}).to_csv(index=False, lineterminator="\n"))
