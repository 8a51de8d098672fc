"""The one list of a scenario's fields, `fields.csv`: files, notebook parameters, sliders and sweeps read it.

So does the JSON Schema of scenario files, by which editors check and complete; `python -m helpers.scenarios.fields`
writes it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.formulas.validation import RANGES, Range, figure
from helpers.paths import DATA
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
    own = Range(figure(row["low"]), figure(row["high"]), row["unit"]) if row["low"] else None
    accepted = own or RANGES[row["range"] or name]
    slider = None
    if row["slider"]:
        slider = Slider(figure(row["slider_low"]), figure(row["slider_high"]), row["slider"] == "log")
    value = None if default is None else figure(default)
    whole = "whole" if accepted.whole else kind
    return Field(name, whole, row["help"], value, accepted, accepted.unit, ranged=slider is not None, slider=slider)


EMPTY = ("title", "note")  # text that is empty where it is left out
TABLE = Path(__file__).with_name("fields.csv")
FIELDS: dict[str, Field] = {row["name"]: _field(row) for row in read_rows(TABLE, ("name", "kind", "help"))}
SOLVABLE = FIELDS["solve_for"].choices
SCENARIOS = DATA / "scenarios"
SCHEMA_FILE = SCENARIOS / "scenario.schema.json"
SCHEMA_LINE = f"#:schema ./{SCHEMA_FILE.name}"  # first line of a scenario file in `data/scenarios`


def schema() -> dict[str, Any]:
    """The schema as a JSON object."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Scenario",
        "description": "What would it take to train a model? Every field is optional.",
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _property(field) for name, field in FIELDS.items()},
    }


def _property(field: Field) -> dict[str, Any]:
    kept: dict[str, Any] = {"description": f"{field.help}{f' ({field.unit})' if field.unit else ''}"}
    if field.default is not None:
        kept["default"] = field.default
    if field.choices:
        return {**kept, "type": "string", "enum": list(field.choices)}
    if not field.numeric:
        return {**kept, "type": "string", **({"format": "date"} if field.kind == "date" else {})}
    number = _number(field)
    if not field.ranged:
        return {**kept, **number}
    both = {"type": "array", "items": number, "minItems": 2, "maxItems": 2}
    return {**kept, "anyOf": [number, {**both, "description": "a 90 % range, [low, high]"}]}


def _number(field: Field) -> dict[str, Any]:
    assert field.accepted is not None
    kind = "integer" if field.accepted.whole else "number"
    return {"type": kind, "minimum": field.accepted.low, "maximum": field.accepted.high}


def schema_text() -> str:
    """The schema as the file holds it."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
