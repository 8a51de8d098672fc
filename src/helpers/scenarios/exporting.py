"""An answer for other programs: JSON with everything that is said, CSV with the figures."""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from helpers.rows import csv_text
from helpers.scenarios.answer import Answer
from helpers.scenarios.inputs import Inputs

COLUMNS = ("scenario", "name", "middle", "low_90", "high_90", "driver")


def answers_json(answers: Sequence[Answer]) -> str:
    """One object, or a list where there are several; what is unknown is null."""
    found = [content(answer) for answer in answers]
    return json.dumps(found[0] if len(found) == 1 else found, ensure_ascii=False, indent=1, allow_nan=False)


def answers_csv(answers: Sequence[Answer]) -> str:
    """A row for each scenario and figure."""
    rows = [
        (one.scenario.name, name, *list(_or_null(asdict(figure)).values())[:3], figure.driver)
        for one in answers
        for name, figure in one.figures.items()
    ]
    return csv_text([COLUMNS, *rows])


def content(answer: Answer) -> dict[str, Any]:
    """Everything that is said of a scenario, as plain values."""
    fit = answer.fit
    return {
        "scenario": answer.scenario.name,
        "title": answer.scenario.title,
        "given": answer.scenario.given,
        "solve_for": answer.inputs.solve_for,
        "accelerator": answer.inputs.accelerator.name,
        "possible": answer.possible,
        "obstacles": answer.obstacles,
        "figures": {name: _or_null(asdict(figure)) for name, figure in answer.figures.items()},
        "inputs": {name: _input_values(answer.inputs, name) for name in answer.inputs.numbers},
        "layouts": [asdict(layout) for layout in fit.layouts] if fit else [],
        "memory_gib": fit.memory if fit else {},
        "global_batch": fit.global_batch if fit else None,
        "published": [{**asdict(run), "text": run.text} for run in answer.published],
        "embodied_kg": asdict(answer.embodied) if answer.embodied else None,
        "notes": answer.notes,
    }


def _input_values(inputs: Inputs, name: str) -> dict[str, Any]:
    low, high = inputs.ranges.get(name, (None, None))
    return _or_null({"value": inputs.numbers[name], "low_90": low, "high_90": high, "origin": inputs.origins[name]})


def _or_null(values: dict[str, Any]) -> dict[str, Any]:
    """Values with null for what is unknown."""
    return {name: None if isinstance(v, float) and not math.isfinite(v) else v for name, v in values.items()}
