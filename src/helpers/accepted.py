"""What a notebook's parameter accepts, as its help line says it: a range, a choice, a day, or a key of a table.

The line `days: float = 16.0  # training time, days; above 0` accepts positive numbers. Other endings are
`; at least X`, `; at most X`, `; X to Y`, `; one of a, b`, `(ISO date)`, `(system_id)` for a system of the tables,
and `(accelerator_id)` for any name that people give a chip.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from operator import ge, gt, le
from pathlib import Path
from typing import Any

from helpers.errors import nearest

NUMBER = r"(-?[\d.]+(?:e-?\d+)?)"
BOUNDS: dict[str, Callable[[float, float], bool]] = {"above": gt, "at least": ge, "at most": le}
SPAN = re.compile(rf"; {NUMBER} to {NUMBER}\b")
CHOICE = re.compile(r"; one of ([^;(]+)")


def refusal(value: Any, text: str, raw: Path) -> str:
    """Why a value is none that a parameter accepts; empty if it is one.

    Args:
        text: the parameter's help line.
        raw: folder with the raw tables.
    """
    if isinstance(value, bool):
        return ""
    return _out_of_range(value, text) if isinstance(value, int | float) else _unknown(value, text, raw)


def _out_of_range(value: float, text: str) -> str:
    for word, holds in BOUNDS.items():
        found = re.search(rf"; {word} {NUMBER}\b", text)
        if found and not holds(value, float(found[1])):
            return f"must be {found[0][2:]}, not {value:g}"
    span = SPAN.search(text)
    if span and not float(span[1]) <= value <= float(span[2]):
        return f"must be {span[1]} to {span[2]}, not {value:g}"
    return ""


def _unknown(value: str, text: str, raw: Path) -> str:
    if choice := CHOICE.search(text):
        names = re.split(r", | or ", choice[1].strip())
        return "" if value in names else f"is one of {', '.join(names)}, not {value!r}"
    if "(ISO date)" in text:
        return _no_day(value)
    if "(accelerator_id)" in text:
        return _no_accelerator(value, raw)
    if "(system_id)" in text:
        return _no_system(value, raw)
    return ""


def _no_day(value: str) -> str:
    try:
        date.fromisoformat(value)
    except ValueError:
        return f"takes a date such as 2024-06-30, not {value!r}"
    return ""


def _no_accelerator(value: str, raw: Path) -> str:
    from helpers.formulas.hardware import sheet
    from helpers.formulas.validation import InputError

    try:
        sheet(value, raw / "hardware.csv")
    except InputError as problem:
        return f"is no accelerator: {problem}"
    return ""


def _no_system(value: str, raw: Path) -> str:
    from helpers.rows import read_rows

    known = [row["system_id"] for row in read_rows(raw / "systems.csv", ("system_id",))]
    return "" if value in known else f"takes a system_id, not {value!r}{nearest(value, known)}"
