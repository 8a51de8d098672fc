"""Columns of a table of runs: which are read, by which other names people write them, and which are known and passed over."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any

from helpers.errors import nearest
from helpers.formulas import hardware
from helpers.formulas.architecture import Architecture
from helpers.formulas.validation import RANGES, InputError, choice, number
from helpers.rows import read_rows

SHAPE = tuple(f.name for f in fields(Architecture) if f.name in RANGES)
# Columns beside those of the architecture and of a data sheet, with other names of them: of published tables, of a model
# hub's configuration, and of habit. From `model` on they say of a published run what moves no prediction.
TABLE = {row["column"]: row["also"].split() for row in read_rows(Path(__file__).with_name("columns.csv"))}
ALIASES = {other: name for name, others in TABLE.items() for other in others}
KNOWN_COLUMNS = {**{name: name for name in sorted({*TABLE, *SHAPE, *hardware.DATA_SHEET})}, **ALIASES}
WORDS = {"1": 1.0, "true": 1.0, "yes": 1.0, "0": 0.0, "false": 0.0, "no": 0.0}


@dataclass
class Cells:
    """One row's cells by column, and what had to be assumed in reading them."""

    row: Mapping[str, str]
    assumed: dict[str, str] = field(default_factory=dict)  # by column, as the reader is told

    def __contains__(self, name: str) -> bool:
        return name in self.row

    def maybe(self, name: str) -> float | None:
        """A number within its range, or None if the cell is empty."""
        return number(name, self.row[name]) if name in self.row else None

    def usual(self, name: str, value: float) -> float:
        """The number stated, or what is usual, which is noted as assumed."""
        if name in self.row:
            return number(name, self.row[name])
        self.assumed[name] = f"{name} {value:g}"
        return value

    def flag(self, name: str, default: float) -> float:
        """A yes or no as 1 or 0."""
        return WORDS[choice(name, self.row[name].lower(), WORDS)] if name in self.row else default


def clean(cells: Mapping[str, Any]) -> dict[str, str]:
    """Cells by known column, without the empty ones; a table's own missing number is empty, the word nan is not."""
    row: dict[str, str] = {}
    for name, cell in cells.items():
        text = "" if cell is None or cell != cell else str(cell).strip()  # a missing number is not equal to itself
        if text and text.lower() != "none published":
            row[known_column(name)] = text
    return row


@cache
def known_column(name: str) -> str:
    """The column that a heading names; an InputError with the nearest where it names none."""
    plain = name.strip().lower()
    if plain not in KNOWN_COLUMNS:
        raise InputError(f"column {name!r} is unknown{nearest(plain, KNOWN_COLUMNS)}")
    return KNOWN_COLUMNS[plain]
