"""Reading the file of a sweep.

```toml
title = "Days against cost"
outputs = ["days", "cost_usd"]      # left out: days, cost, energy, carbon, compute
ranges = true                       # false leaves out the ends of their 90 % ranges

[scenario]                          # what all rows share: fields of a scenario
tokens = 300e9

[grid]                              # every combination of these
accelerator = ["A100", "H100"]
params = {from = 1e9, to = 1e12, steps = 100}       # by factors; scale = "linear" for equal steps
count = [64, 256, 1024]

[sample]                            # for each of them, random draws within 90 % ranges
rows = 1000
seed = 1
pue = [1.1, 1.5]
```
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from helpers.errors import ParameterProblem, Problem
from helpers.formulas.uncertainty import check_range
from helpers.formulas.validation import Range, check, choice, whole
from helpers.paths import DATA
from helpers.scenarios.checking import number_of
from helpers.scenarios.fields import FIELDS, Field
from helpers.scenarios.inputs import inputs_of
from helpers.scenarios.scenario import from_mapping
from helpers.scenarios.solving import CIRCUMSTANCES, figures
from helpers.scenarios.sweep_grid import Axis, Draw, SweepGrid, combinations
from helpers.structured import read_toml

FIGURES = tuple(figures(1.0, 1.0, 1.0, dict.fromkeys(CIRCUMSTANCES, 1.0)))  # what `evaluate` tells
OUTPUTS = ("days", "cost_usd", "energy_kwh", "carbon_kg", "petaflop_s_day_6nd")
PARTS = ("scenario", "grid", "sample")
SECTIONS = ("title", "note", "outputs", "ranges", *PARTS)
WHETHER = {"True": True, "False": False}
STEPS = Range(2, 1e6, whole=True)
SAMPLES = Range(1, 1e10, whole=True)
SEED = Range(0, 2**53, whole=True)
MOST_ROWS = Range(1, 1e10, "rows", whole=True)
WORDS = ("accelerator", "grid", "vendor", "commitment")  # may be axes


ENDS = ("from", "to")
SWEEPS = DATA / "scenarios" / "sweeps"


def find_sweep(name_or_path: str | Path) -> Path:
    """The file of a sweep: one that comes with the project, by name, or a path; else a ParameterProblem."""
    text = str(name_or_path)
    if text.endswith(".toml") or "/" in text:
        return Path(text)
    return SWEEPS / f"{choice('sweep', text, sorted(path.stem for path in SWEEPS.glob('*.toml')))}.toml"


def read_grid(path: Path) -> SweepGrid:
    """The sweep that a file asks for; a ParameterProblem is one line with file, key, what is wrong and what is accepted."""
    content = read_toml(path)
    try:
        return grid_of(content, path.stem)
    except Problem as problem:
        raise ParameterProblem(f"{path.name}, {problem}") from None


def grid_of(content: Mapping[str, Any], name: str = "sweep") -> SweepGrid:
    """The sweep of a file's content."""
    shared, grid, sample = _sections(content)
    with_ranges = WHETHER[choice("ranges", str(content.get("ranges", True)), WHETHER)]
    samples = whole("sample.rows", sample.pop("rows", 1), SAMPLES)
    seed = whole("sample.seed", sample.pop("seed", 0), SEED)
    check("rows", math.prod(map(_count, grid.values())) * samples, MOST_ROWS)  # before the first of them is made
    axes = tuple(sorted((_axis(*item) for item in grid.items()), key=lambda axis: not axis.words))
    draws = tuple(_draw(*item) for item in sample.items())
    _check_sections(shared, grid, sample, samples)
    _check_corner(shared, axes, draws)
    first = {a.name: a.values[0] for a in axes if not a.words} | {d.name: (d.low * d.high) ** 0.5 for d in draws}
    cases = [inputs_of(from_mapping({**shared, **first, **words}, where="scenario")) for words in combinations(axes)]
    moving = {*grid, *sample}
    outputs = _outputs(content, cases[0].solve_for, moving)
    left_open = first.keys() if "utilisation" in shared else {*first, "utilisation"}  # found with the layout
    dense = "params" in first and "active_params" not in shared  # its active parameters follow all
    fixed = {*left_open, "active_params"} if dense else left_open
    return SweepGrid(
        title=str(content.get("title", name)),
        solve_for=cases[0].solve_for,
        axes=axes,
        cases=tuple(_without(fixed, case.numbers) for case in cases),
        outputs=outputs,
        draws=draws,
        samples=samples,
        seed=seed,
        shared=shared,
        spreads=tuple(_without(left_open, case.ranges) for case in cases) if with_ranges and not draws else (),
    )


def _without(names: Collection[str], values: Mapping[str, Any]) -> dict[str, Any]:
    """What does not change from row to row."""
    return {name: value for name, value in values.items() if name not in names}


def _sections(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The sections `scenario`, `grid` and `sample` of a file that says nothing else that is unknown."""
    for key in content:
        choice("key", key, SECTIONS)
        if key in ("title", "note") and not isinstance(content[key], str):
            raise ParameterProblem(f"{key}: {content[key]!r} is not text; accepted: a text in quotes")
    for key in PARTS:
        if not isinstance(content.get(key, {}), Mapping):
            accepted = f"[{key}] with a line for each field"
            raise ParameterProblem(f"{key}: {content[key]!r} is not a section; accepted: {accepted}")
    return [dict(content.get(key, {})) for key in PARTS]


def _count(values: Any) -> int:
    """Values of an axis that is not read yet."""
    steps = values.get("steps", 1) if isinstance(values, Mapping) else len(values) if isinstance(values, list) else 1
    return max(int(steps), 1) if isinstance(steps, int | float) and math.isfinite(steps) else 1


def _check_sections(
    shared: Mapping[str, Any], grid: Mapping[str, Any], sample: Mapping[str, Any], samples: int
) -> None:
    """Each field stands in one section, and draws and their number go together."""
    twice = [n for n in grid if n in sample] + [n for n in (*grid, *sample) if n in shared]
    if twice:
        raise ParameterProblem(f"{twice[0]}: given twice; accepted: in one of [scenario], [grid], [sample]")
    if bool(sample) != (samples > 1):
        missing = "sample: nothing is drawn" if samples > 1 else "sample.rows: missing"
        accepted = "ranges to draw from, and rows = how many draws for each combination, from 2"
        raise ParameterProblem(f"{missing}; accepted: {accepted}")
    ranged = [key for key, value in shared.items() if isinstance(value, list)]
    if ranged:
        raise ParameterProblem(f"scenario.{ranged[0]}: a range is drawn at random in [sample]; move it there")


def _check_corner(shared: Mapping[str, Any], axes: tuple[Axis, ...], draws: tuple[Draw, ...]) -> None:
    """The combination that may contradict itself: the fewest parameters with the most active ones."""
    ends: dict[str, Any] = {a.name: a.values[0] if a.words else max(a.values) for a in axes}
    ends |= {d.name: d.high for d in draws}
    fewest = [min(a.values) for a in axes if a.name == "params"] + [d.low for d in draws if d.name == "params"]
    from_mapping({**shared, **ends, **({"params": fewest[0]} if fewest else {})}, where="scenario")


def _outputs(content: Mapping[str, Any], solve_for: str, moving: Collection[str]) -> tuple[str, ...]:
    """The columns asked for; no axis is the unknown, and no column stands twice."""
    names = content.get("outputs", [name for name in OUTPUTS if name not in moving])
    if not isinstance(names, list | tuple) or not names:
        raise ParameterProblem(f"outputs: {names!r} is not accepted; accepted: a list of {', '.join(FIGURES)}")
    outputs = tuple(choice("outputs", str(name), FIGURES) for name in names)
    if solve_for in moving:
        where = "leave it out, or name another solve_for in [scenario]"
        raise ParameterProblem(f"grid.{solve_for}: is what is solved for; {where}")
    twice = [name for n, name in enumerate(outputs) if name in outputs[:n]] + [n for n in outputs if n in moving]
    if twice:
        raise ParameterProblem(f"outputs: {twice[0]} stands twice, or is an axis already; accepted: each column once")
    return outputs


def _field(section: str, name: str) -> Field:
    choice(f"{section} key", name, FIELDS)
    return FIELDS[name]


def _axis(name: str, values: Any) -> Axis:
    """An axis from a list, or from {from, to, steps, scale}."""
    field = _field("grid", name)
    listed = values if isinstance(values, list) else [values]
    if name in WORDS:
        if not listed or not all(isinstance(v, str) for v in listed):
            raise ParameterProblem(f"grid.{name}: {values!r} is not accepted; accepted: a list of names")
        axis = Axis(name, tuple(listed))
    elif not (field.numeric and field.accepted):
        raise ParameterProblem(f"grid.{name}: cannot be an axis; accepted: numbers, {', '.join(WORDS)}")
    elif not listed:
        raise ParameterProblem(f"grid.{name}: the list is empty; accepted: {field.accepted}")
    else:
        steps = _steps(name, values, field.accepted) if isinstance(values, Mapping) else listed
        axis = Axis(name, tuple(number_of(replace(field, name=f"grid.{name}"), value) for value in steps))
    if len(set(axis.values)) < len(axis.values):
        raise ParameterProblem(f"grid.{name}: a value stands twice; accepted: each once")
    return axis


def _steps(name: str, spec: Mapping[str, Any], accepted: Range) -> list[float]:
    for key in spec:
        choice(f"grid.{name} key", key, (*ENDS, "steps", "scale"))
    missing = [key for key in (*ENDS, "steps") if key not in spec]
    if missing:
        raise ParameterProblem(f"grid.{name}: {missing[0]} is missing; accepted: {{from, to, steps}} and scale")
    low, high = (number_of(Field(f"grid.{name}.{key}", "number", "", accepted=accepted), spec[key]) for key in ENDS)
    steps = whole(f"grid.{name}.steps", spec["steps"], STEPS)
    scale = choice(f"grid.{name}.scale", spec.get("scale", "log"), ("log", "linear"))
    if scale == "log" and min(low, high) <= 0:
        raise ParameterProblem(f'grid.{name}: steps by factors need ends above 0; accepted: scale = "linear"')
    values = (np.geomspace if scale == "log" else np.linspace)(low, high, steps)
    return [float(v) for v in (np.unique(np.round(values)) if accepted.whole else values)]


def _draw(name: str, values: Any) -> Draw:
    field = _field("sample", name)
    if not (field.numeric and field.accepted) or (field.accepted.whole and name != "count"):
        raise ParameterProblem(f"sample.{name}: cannot be drawn; accepted: fields that take a range")
    if not (isinstance(values, list) and len(values) == 2):
        raise ParameterProblem(f"sample.{name}: {values!r} is not a range; accepted: [low, high]")
    known = replace(field, name=f"sample.{name}")
    low, high = check_range(known.name, (number_of(known, values[0]), number_of(known, values[1])))
    return Draw(name, low, high)
