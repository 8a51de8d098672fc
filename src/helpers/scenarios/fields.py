"""The one list of a scenario's fields, `fields.csv`: files, notebook parameters, sliders, sweeps and the JSON Schema read it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from helpers.formulas.validation import RANGES, Range
from helpers.rows import read_rows


@dataclass(frozen=True)
class Slider:
    """What a slider spans; a logarithmic one moves by factors."""

    low: float
    high: float
    log: bool = True


@dataclass(frozen=True)
class Field:
    """One field of a scenario; `default` None means left out, and `help` says what is done then."""

    name: str
    kind: str  # "number", "whole", "text", "choice" or "date"
    help: str
    default: float | str | None = None
    accepted: Range | None = None  # of numbers
    unit: str = ""
    choices: tuple[str, ...] = ()
    ranged: bool = False  # a 90 % range [low, high] may stand in place of a number
    slider: Slider | None = None

    @property
    def numeric(self) -> bool:
        """True for a number, whole or not."""
        return self.kind in ("number", "whole")

    @property
    def accepts(self) -> str:
        """What is accepted, in words."""
        if self.accepted:
            return f"{self.accepted}{', or a range [low, high]' if self.ranged else ''}"
        if self.choices:
            return "one of " + ", ".join(self.choices)
        return "a date such as 2024-06-30, from 1950 to 2100" if self.kind == "date" else "text"


def _field(row: dict[str, str]) -> Field:
    """A field from a row of the table; what it accepts is that of formulas unless the row says otherwise."""
    name, kind, default = row["name"], row["kind"], row["default"] or None
    if kind != "number":
        known = default if default is not None or name not in EMPTY else ""
        return Field(name, kind, row["help"], known, choices=tuple(row["choices"].split()))
    accepted = RANGES[row["range"] or name] if not row["low"] else _range(row)
    slider = None
    if row["slider"]:
        slider = Slider(_plain(row["slider_low"]), _plain(row["slider_high"]), row["slider"] == "log")
    value = None if default is None else _plain(default)
    whole = "whole" if accepted.whole else kind
    return Field(name, whole, row["help"], value, accepted, accepted.unit, ranged=slider is not None, slider=slider)


def _range(row: dict[str, str]) -> Range:
    return Range(_plain(row["low"]), _plain(row["high"]), row["unit"])


def _plain(text: str) -> float:
    return int(text) if text.isdigit() else float(text)


EMPTY = ("title", "note")  # text that is empty where it is left out
TABLE = Path(__file__).with_name("fields.csv")
FIELDS: dict[str, Field] = {row["name"]: _field(row) for row in read_rows(TABLE, ("name", "kind", "help"))}
SOLVABLE = FIELDS["solve_for"].choices
