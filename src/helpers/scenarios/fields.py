"""The one list of a scenario's fields, `fields.csv`: files, notebook parameters, sliders and sweeps read it.

So does the JSON Schema of scenario files, by which editors check and complete; `python -m helpers.scenarios.fields`
writes it.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from helpers.formulas.validation import RANGES, Range, figure
from helpers.paths import DATA
from helpers.rows import read_rows


class Slider(NamedTuple):
    """What a slider spans; a logarithmic one moves by factors."""

    low: float
    high: float
    log: bool


@dataclass(frozen=True)
class Field:
    """One field of a scenario; `default` None means left out, and `help` says what is done then."""

    name: str
    kind: str  # "number", "text", "choice" or "date"
    help: str
    default: float | str | None = None
    accepted: Range | None = None  # of numbers
    choices: tuple[str, ...] = ()
    slider: Slider | None = None

    @property
    def numeric(self) -> bool:
        """True for a number, whole or not."""
        return self.accepted is not None

    @property
    def accepts(self) -> str:
        """What is accepted, in words."""
        text = "a date such as 2024-06-30, from 1950 to 2100" if self.kind == "date" else "text"
        return str(self.accepted or ", ".join(self.choices) or text)


def _field_of_row(row: dict[str, str]) -> Field:
    """A field from a row of the table; what it accepts is that of formulas unless the row says otherwise."""
    name, kind, default, help_text = row["name"], row["kind"], row["default"] or None, row["help"]
    if kind != "number":
        known = default if default is not None or name not in EMPTY else ""
        return Field(name, kind, help_text, known, choices=tuple(row["choices"].split()))
    own = Range(figure(row["low"]), figure(row["high"]), row["unit"]) if row["low"] else RANGES[row["range"] or name]
    moves = row["slider"]
    slider = Slider(figure(row["slider_low"]), figure(row["slider_high"]), moves == "log") if moves else None
    return Field(name, kind, help_text, default and figure(default), replace(own, ranged=bool(moves)), slider=slider)


EMPTY = ("title", "note")  # text that is empty where it is left out
TABLE = Path(__file__).with_name("fields.csv")
FIELDS: dict[str, Field] = {row["name"]: _field_of_row(row) for row in read_rows(TABLE, ("name", "kind", "help"))}
FURTHER = ("fields", "ranges")  # parameters that hold further fields; the second is what the first was called
SOLVABLE = FIELDS["solve_for"].choices
SCENARIOS = DATA / "scenarios"
SCHEMA_FILE = SCENARIOS / "scenario.schema.json"


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
    accepted, unit = field.accepted, f" ({field.accepted.unit})" if field.accepted and field.accepted.unit else ""
    kept: dict[str, Any] = {"description": f"{field.help}{unit}"}
    if field.default is not None:
        kept["default"] = field.default
    if field.choices:
        return {**kept, "type": "string", "enum": list(field.choices)}
    if accepted is None:
        return {**kept, "type": "string", **({"format": "date"} if field.kind == "date" else {})}
    ends = {"minimum": accepted.low, "maximum": accepted.high}
    number = {"type": "integer" if accepted.whole else "number", **ends}
    if not accepted.ranged:
        return {**kept, **number}
    both = {"type": "array", "items": number, "minItems": 2, "maxItems": 2}
    return {**kept, "anyOf": [number, {**both, "description": "a 90 % range, [low, high]"}]}


if __name__ == "__main__":
    SCHEMA_FILE.write_text(json.dumps(schema(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
