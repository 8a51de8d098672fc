"""Rows of a CSV table, whichever folder it lies in."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from helpers.errors import DataProblem
from helpers.paths import shown


def read_rows(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """The rows of a table that has at least `columns`.

    Raises:
        DataProblem: it is missing, no UTF-8, no CSV, or lacks a column or a cell.
    """
    try:
        reader = csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8"), newline=""), restval="", strict=True)
        rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataProblem(shown(path), "whole file", str(error), "restore the table, as CSV in UTF-8") from None
    for name in columns:
        if name not in (reader.fieldnames or ()):
            raise DataProblem(shown(path), "header line", f"column {name} is missing", "restore the header line")
    return rows
