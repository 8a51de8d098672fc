"""Reading the file of a sweep; `data/scenarios/sweeps/random-draws.toml` shows and explains every part of one."""

import math
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from helpers.errors import ParameterProblem, Problem
from helpers.formulas.validation import RANGES, Range, choice, number
from helpers.paths import DATA
from helpers.scenarios.checking import checked, range_of
from helpers.scenarios.fields import FIELDS
from helpers.scenarios.inputs import inputs_of
from helpers.scenarios.scenario import from_mapping
from helpers.scenarios.solving import CIRCUMSTANCES, SOLVED, figures
from helpers.scenarios.sweep_grid import Axis, Draw, SweepGrid, combinations
from helpers.structured import read_toml

FIGURES = tuple(figures(1.0, 1.0, 1.0, dict.fromkeys(CIRCUMSTANCES, 1.0)))  # what `evaluate` tells
OUTPUTS = ("days", "cost_usd", "energy_kwh", "carbon_kg", "petaflop_s_day_6nd")
PARTS = ("scenario", "grid", "sample")
SECTIONS = ("title", "note", "outputs", "ranges", *PARTS)
WHETHER = {"True": True, "False": False}
WORDS = ("accelerator", "grid", "vendor", "commitment")  # may be axes
STEPPED = ("from", "to", "steps")
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
    samples = int(number("sample.rows", sample.pop("rows", 1), RANGES["rows"]))
    seed = int(number("sample.seed", sample.pop("seed", 0), RANGES["seed"]))
    axes = tuple(sorted((_axis(*item) for item in grid.items()), key=lambda axis: not axis.words))
    draws = tuple(_draw(*item) for item in sample.items())
    number("rows", math.prod(len(axis.values) for axis in axes) * samples)
    _check_parts(shared, grid, sample, samples)
    _check_corner(shared, axes, draws)
    first = {a.name: a.values[0] for a in axes if not a.words} | {d.name: (d.low * d.high) ** 0.5 for d in draws}
    cases = [inputs_of(from_mapping({**shared, **first, **words}, where="scenario")) for words in combinations(axes)]
    left_open = first.keys() if "utilisation" in shared else {*first, "utilisation"}  # found with the layout
    dense = "params" in first and "active_params" not in shared  # its active parameters follow all
    fixed = {*left_open, "active_params"} if dense else left_open
    return SweepGrid(
        title=str(content.get("title", name)),
        solve_for=cases[0].solve_for,
        axes=axes,
        cases=tuple(_without(fixed, case.numbers) for case in cases),
        outputs=_outputs(content, cases[0].solve_for, {*grid, *sample}),
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
        if key in PARTS and not isinstance(content[key], Mapping):
            accepted = f"[{key}] with a line for each field"
            raise ParameterProblem(f"{key}: {content[key]!r} is not a section; accepted: {accepted}")
    return [dict(content.get(key, {})) for key in PARTS]


def _check_parts(shared: Mapping[str, Any], grid: Mapping[str, Any], sample: Mapping[str, Any], samples: int) -> None:
    """Each field stands in one section, and draws and their number go together."""
    for name in [n for n in grid if n in sample] + [n for n in (*grid, *sample) if n in shared]:
        raise ParameterProblem(f"{name}: given twice; accepted: in one of [scenario], [grid], [sample]")
    if bool(sample) != (samples > 1):
        missing = "sample: nothing is drawn" if samples > 1 else "sample.rows: missing"
        accepted = "ranges to draw from, and rows = how many draws for each combination, from 2"
        raise ParameterProblem(f"{missing}; accepted: {accepted}")
    for key in (key for key, value in shared.items() if isinstance(value, list)):
        raise ParameterProblem(f"scenario.{key}: a range is drawn at random in [sample]; move it there")


def _check_corner(shared: Mapping[str, Any], axes: tuple[Axis, ...], draws: tuple[Draw, ...]) -> None:
    """The combination that may contradict itself: the fewest parameters with the most active ones."""
    ends: dict[str, Any] = {a.name: a.values[0] if a.words else max(a.values) for a in axes}
    ends |= {d.name: d.high for d in draws}
    fewest = {a.name: min(a.values) for a in axes} | {d.name: d.low for d in draws}
    ends |= {name: fewest[name] for name in ("params",) if name in fewest}
    from_mapping({**shared, **ends}, where="scenario")


def _outputs(content: Mapping[str, Any], solve_for: str, moving: Collection[str]) -> tuple[str, ...]:
    """The columns asked for; no axis is the unknown, and no column stands twice."""
    usual = dict.fromkeys((SOLVED[solve_for], *OUTPUTS))
    names = content.get("outputs", [name for name in usual if name not in moving])
    if not isinstance(names, list | tuple) or not names:
        raise ParameterProblem(f"outputs: {names!r} is not accepted; accepted: a list of {', '.join(FIGURES)}")
    outputs = [choice("outputs", str(name), FIGURES) for name in names]
    if solve_for in moving:
        where = "leave it out, or name another solve_for in [scenario]"
        raise ParameterProblem(f"grid.{solve_for}: is what is solved for; {where}")
    for name in outputs:
        if name in moving or outputs.count(name) > 1:
            raise ParameterProblem(f"outputs: {name} stands twice, or is an axis already; accepted: each column once")
    return tuple(outputs)


def _axis(name: str, values: Any) -> Axis:
    """An axis from a list, or from {from, to, steps, scale}."""
    called, known = f"grid.{name}", FIELDS[choice("grid key", name, FIELDS)]
    if not known.numeric and name not in WORDS:
        raise ParameterProblem(f"{called}: cannot be an axis; accepted: numbers, {', '.join(WORDS)}")
    accepted = known.accepted and replace(known.accepted, ranged=False)
    if accepted and isinstance(values, Mapping):
        return Axis(name, _steps(called, values, accepted))
    listed = values if isinstance(values, list) else [values]
    if not listed:
        raise ParameterProblem(f"{called}: the list is empty; accepted: {accepted or 'names'}")
    read = [number(called, v, accepted) if accepted else checked(name, v, called) for v in listed]
    if len(set(read)) < len(read):
        raise ParameterProblem(f"{called}: a value stands twice; accepted: each once")
    return Axis(name, tuple(read))  # type: ignore[arg-type]


def _steps(called: str, spec: Mapping[str, Any], accepted: Range) -> tuple[float, ...]:
    for key in spec:
        choice(f"{called} key", key, (*STEPPED, "scale"))
    for key in (key for key in STEPPED if key not in spec):
        raise ParameterProblem(f"{called}: {key} is missing; accepted: {{from, to, steps}} and scale")
    wanted = {"from": accepted, "to": accepted, "steps": RANGES["steps"]}
    low, high, steps = (number(f"{called}.{key}", spec[key], wanted[key]) for key in STEPPED)
    scale = choice(f"{called}.scale", spec.get("scale", "log"), ("log", "linear"))
    if low == high or (scale == "log" and min(low, high) <= 0):
        ends = 'two different ends, above 0 unless scale = "linear"'
        raise ParameterProblem(f"{called}: no steps lead from {low:g} to {high:g}; accepted: {ends}")
    values = (np.geomspace if scale == "log" else np.linspace)(low, high, int(steps))
    return tuple((np.unique(np.round(values)) if accepted.whole else values).tolist())


def _draw(name: str, values: Any) -> Draw:
    called, known = f"sample.{name}", FIELDS[choice("sample key", name, FIELDS)]
    if not known.accepted or (known.accepted.whole and not known.accepted.ranged):
        raise ParameterProblem(f"{called}: cannot be drawn; accepted: fields that take a range")
    if not isinstance(values, list):
        raise ParameterProblem(f"{called}: {values!r} is not a range; accepted: [low, high]")
    ends = range_of(called, values, replace(known.accepted, ranged=True))
    low, high = ends if isinstance(ends, tuple) else (ends, ends)
    return Draw(name, float(low), float(high))
