"""Predictions of runs that the constants had not seen, kept in `held_out.json`.

The many refits take minutes, so chapters read the file. `python -m helpers.timing.held_out` writes it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from helpers.errors import DataProblem
from helpers.formulas.job import Array
from helpers.paths import shown
from helpers.structured import read_json
from helpers.timing import accuracy
from helpers.timing.prediction_intervals import HELD_OUT_FILE, Spreads
from helpers.timing.published_runs import Observation, observations

DIGITS = 4  # decimals of log time: a hundredth of a per cent


@dataclass(frozen=True)
class Split:
    """Many random halves: errors of the half that was not fitted, and how its intervals did; fractions."""

    runs: int
    splits: int
    median: float
    p90: float
    worst: float
    bias: float
    coverage: float
    half_width: float


@dataclass(frozen=True)
class Kept:
    """What the file holds: the runs of each source under constants fitted without it, and the half splits."""

    sources: accuracy.HeldOut
    splits: dict[str, Split]


def compute(found: Sequence[Observation], splits: int = 10) -> dict[str, Any]:
    """Everything that the file holds, as plain values."""
    apart = accuracy.leave_groups_out(found)
    groups = np.array([o.group for o in found])
    widths = accuracy.kind_widths(apart.log_error, apart.open_half_width, accuracy.kinds_of(found), groups)
    figures = zip(apart.log_error, apart.half_width, apart.open_half_width, strict=True)
    runs = [[*identity(o), *(round(float(x), DIGITS) for x in row)] for o, row in zip(found, figures, strict=True)]
    known = Spreads(widths, accuracy.cells_of(found))
    halves = {
        "megatron": accuracy.half_splits(found, known, splits),
        "megatron_alone": accuracy.half_splits(found, known, splits, alone=True),
        "sharded": accuracy.half_of_source(found, accuracy.SHARDED_SOURCE, known, max(1, splits // 2)),
    }
    return {
        "half_width": {name: round(width, DIGITS) for name, width in widths.items()},
        "cells": sorted(known.cells),
        "runs": runs,
        "splits": {name: _split(parts) for name, parts in halves.items()},
    }


def identity(o: Observation) -> list[str | float]:
    """What tells a run from others, and from itself before its row was changed."""
    return [o.source, o.run.run_id, float(f"{o.step_s:.6g}")]


def _split(parts: list[accuracy.HeldOut]) -> dict[str, float]:
    together = accuracy.HeldOut.join(parts)
    summary = together.summary
    figures = {name: getattr(summary, name) for name in ("median", "p90", "worst", "bias")}
    figures["coverage"] = together.coverage
    figures["half_width"] = float(np.median(np.expm1(together.half_width)))
    counts = {"runs": len(parts[0].log_error), "splits": len(parts)}
    return {**counts, **{name: round(value, DIGITS) for name, value in figures.items()}}


def read_held_out(found: Sequence[Observation], path: Path = HELD_OUT_FILE) -> Kept:
    """The kept predictions, in the order of `found`.

    Raises:
        DataProblem: the file is missing, or its runs are not those of the tables.
    """
    kept, mend = read_json(path), "run python -m helpers.timing.held_out"
    for o, row in zip(found, kept["runs"], strict=False):
        if identity(o) != row[:3]:
            raise DataProblem(shown(path), f"run {row[1]}", f"the tables have {o.run.run_id} there", mend)
    if len(found) != len(kept["runs"]):
        what = f"it has {len(kept['runs'])} runs, the tables {len(found)}"
        raise DataProblem(shown(path), "whole file", what, mend)
    columns: list[Array] = [np.array([row[place] for row in kept["runs"]], float) for place in (3, 4, 5)]
    return Kept(accuracy.HeldOut(*columns), {name: Split(**values) for name, values in kept["splits"].items()})


def write_held_out(path: Path = HELD_OUT_FILE) -> None:
    """Refit without each source and in random halves, and keep the result."""
    kept = compute(observations())
    runs = ",\n".join(f"  {json.dumps(row)}" for row in kept["runs"])
    splits = ",\n".join(f"  {json.dumps(name)}: {json.dumps(values)}" for name, values in kept["splits"].items())
    widths = f' "half_width": {json.dumps(kept["half_width"])},\n "cells": {json.dumps(kept["cells"])},'
    path.write_text(f'{{\n{widths}\n "runs": [\n{runs}\n ],\n "splits": {{\n{splits}\n }}\n}}\n', encoding="utf-8")


if __name__ == "__main__":
    write_held_out()
