"""What a notebook's parameter accepts, as its help line says it: a range, a choice, a day, or a key of a table.

The line `days: float = 16.0  # training time, days; 0.01 to 100000` accepts numbers from and to these. Other endings are
`; one of a, b`, `(ISO date)`, `(system_id)` and so on for a key of a table,
`(accelerator_id)` for any name that people give a chip, `(scenario)` and `(sweep)` for a name or a file of theirs. With
an s, `(run_ids)`, several have blanks between. `(scenario fields)` takes fields of a scenario.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

from helpers.errors import Problem, nearest
from helpers.rows import read_rows
from helpers.written_numbers import is_day

NUMBER = r"(-?[\d.]+(?:e-?\d+)?)"
BOUNDS = re.compile(rf"; {NUMBER} to {NUMBER}\b")
CHOICE = re.compile(r"; one of ([^;(]+)")
KIND = re.compile(r"\((ISO date|scenario|sweep|\w+_id)(s?)\)")
KEYS = {  # tables of `data/raw` with such a key
    "system_id": ("systems",),
    "claim_id": ("claims",),
    "run_id": ("megatron_runs", "modern_runs", "runs"),
}
READERS = {
    "scenario": "helpers.scenarios.scenario:read_scenario",
    "sweep": "helpers.scenarios.sweep_file:find_sweep",
}
FIELDS = "(scenario fields)"


def refusal(value: Any, text: str, raw: Path) -> str:
    """Why a value is none that a parameter accepts, as its help line `text` says it; empty if it is one."""
    if isinstance(value, bool):
        return ""
    return _out_of_range(value, text) if isinstance(value, int | float) else _unknown(value, text, raw)


def _out_of_range(value: float, text: str) -> str:
    bound = BOUNDS.search(text)
    fine = not bound or float(bound[1]) <= value <= float(bound[2])
    return "" if fine or not bound else f"must be {bound[0][2:]}, not {value:g}"


def _unknown(value: str, text: str, raw: Path) -> str:
    if choice := CHOICE.search(text):
        names = re.split(r", | or ", choice[1].strip())
        return "" if value in names else f"is one of {', '.join(names)}, not {value!r}"
    if not (kind := KIND.search(text)):
        return ""
    refuse = REFUSALS.get(kind[1], _no_key)
    return next(filter(None, (refuse(one, raw, kind[1]) for one in (value.split() if kind[2] else [value]))), "")


def _no_day(value: str, *_: object) -> str:
    return "" if is_day(value) else f"takes a date such as 2024-06-30, not {value!r}"


def _not_read(value: str, _: Path, kind: str) -> str:
    """Read what a name or a file of the user's stands for."""
    try:
        resolve_name(READERS[kind])(value)
    except Problem as problem:
        return f"is refused: {problem}"
    return ""


def _no_accelerator(value: str, raw: Path, _: str) -> str:
    from helpers.formulas.hardware import sheet

    try:
        sheet(value, raw / "hardware.csv")
    except Problem as problem:
        return f"is no accelerator: {problem}"
    return ""


def _no_key(value: str, raw: Path, column: str) -> str:
    files = [raw / f"{name}.csv" for name in KEYS[column]]
    known = [row[column] for file in files if file.is_file() for row in read_rows(file, (column,))]
    return "" if value in known else f"takes a {column}, not {value!r}{nearest(value, known)}"


REFUSALS: dict[str, Callable[[str, Path, str], str]] = {
    "ISO date": _no_day,
    "scenario": _not_read,
    "sweep": _not_read,
    "accelerator_id": _no_accelerator,
}


def scenario_field(name: str) -> str:
    """The type of a notebook's parameter that is a field of a scenario, or holds some; empty if it is none."""
    from helpers.scenarios.fields import FIELDS as KNOWN
    from helpers.scenarios.scenario import FURTHER

    if name in KNOWN:
        return "float" if KNOWN[name].numeric else "str"
    return "str" if name in FURTHER else ""


def scenario_refusal(values: Mapping[str, Any], folder: Path) -> str:
    """Why the parameters of a notebook that runs in a folder make no scenario; empty if they make one."""
    from helpers.scenarios.inputs import inputs_of
    from helpers.scenarios.scenario import from_parameters

    own = folder / values["scenario"]
    try:
        inputs_of(from_parameters({**values, "scenario": str(own)} if own.is_file() else values))
    except (Problem, ValueError) as problem:
        return str(problem)
    return ""
