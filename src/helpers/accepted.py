"""What a notebook's parameter accepts, as its help line says it: a range, a choice, a day, or a key of a table.

The line `days: float = 16.0  # training time, days; 0.01 to 100000` accepts numbers from and to these. Other endings are
`; one of a, b`, `(ISO date)`, `(system_id)` and so on for a key of a table,
`(accelerator_id)` for any name that people give a chip, `(scenario)` and `(sweep)` for a name or a file of theirs. With
an s, `(run_ids)`, several have blanks between. `(scenario fields)` takes fields of a scenario.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

from helpers.errors import Problem, nearest
from helpers.rows import read_rows

NUMBER = r"(-?[\d.]+(?:e-?\d+)?)"
BOUNDS = re.compile(rf"; {NUMBER} to {NUMBER}\b")
CHOICE = re.compile(r"; one of ([^;(]+)")
KIND = re.compile(r"\((ISO date|scenario|sweep|\w+_id)(s?)\)")
KEYS = {  # tables of `data/raw` with such a key
    "system_id": ("systems",),
    "claim_id": ("claims",),
    "run_id": ("megatron_runs", "modern_runs", "runs"),
}
READERS = {  # what reads a value of a kind, or refuses it, and what is said then
    "ISO date": ("helpers.written_numbers:read_day", "takes a date such as 2024-06-30, not {value!r}"),
    "scenario": ("helpers.scenarios.scenario:read_scenario", "is refused: {problem}"),
    "sweep": ("helpers.scenarios.sweep_file:find_sweep", "is refused: {problem}"),
    "accelerator_id": ("helpers.formulas.hardware:sheet", "is no accelerator: {problem}"),
}
FIELDS = "(scenario fields)"


def refusal(value: Any, text: str, raw: Path) -> str:
    """Why a value is none that a parameter accepts, as its help line `text` says it; empty if it is one."""
    if isinstance(value, str):
        return _unknown(value, text, raw)
    bound = None if isinstance(value, bool) else BOUNDS.search(text)
    if bound is None or float(bound[1]) <= value <= float(bound[2]):
        return ""
    return f"must be {bound[0][2:]}, not {value:g}"


def _unknown(value: str, text: str, raw: Path) -> str:
    if choice := CHOICE.search(text):
        names = re.split(r", | or ", choice[1].strip())
        return "" if value in names else f"is one of {', '.join(names)}, not {value!r}"
    if not (kind := KIND.search(text)):
        return ""
    return next(filter(None, (_not_one(kind[1], one, raw) for one in (value.split() if kind[2] else [value]))), "")


def _not_one(kind: str, value: str, raw: Path) -> str:
    """Why a text is none of a kind: what reads this kind refuses it, or it is no key of the tables that have one."""
    if kind in READERS:
        reader, said = READERS[kind]
        try:
            resolve_name(reader)(value)
        except ValueError as problem:  # a Problem is one
            return said.format(value=value, problem=problem)
        return ""
    files = [raw / f"{name}.csv" for name in KEYS[kind]]
    known = [row[kind] for file in files if file.is_file() for row in read_rows(file, (kind,))]
    return "" if value in known else f"takes a {kind}, not {value!r}{nearest(value, known)}"


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
