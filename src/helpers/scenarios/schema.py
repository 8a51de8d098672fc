"""The JSON Schema of scenario files, from the list of fields: editors check and complete by it.

`python -m helpers.scenarios.schema` writes `data/scenarios/scenario.schema.json`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from helpers.scenarios.fields import FIELDS, Field
from helpers.scenarios.scenario import SCENARIOS

SCHEMA_FILE = SCENARIOS / "scenario.schema.json"
LINE = f"#:schema ./{SCHEMA_FILE.name}"  # first line of a scenario file in `data/scenarios`


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


def text() -> str:
    """The schema as the file holds it."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


def write_schema(path: Path = SCHEMA_FILE) -> None:
    """Write the file."""
    path.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    write_schema()
