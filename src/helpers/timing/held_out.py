"""How well the time model predicts runs it was not fitted to: half splits, leave one source out, coverage.

The trivial baseline is beside it: 6·N·D at 40 % of peak. The many refits take minutes, so chapters read
`held_out.json`; `python -m helpers.timing.held_out` writes it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.errors import DataProblem
from helpers.formulas.accounting import training_flop
from helpers.formulas.job import Array
from helpers.paths import shown
from helpers.structured import read_json
from helpers.timing.calibration import expected_log_s, fit
from helpers.timing.prediction_intervals import (
    FEW_GROUPS,
    HELD_OUT_FILE,
    KINDS,
    OLDER,
    Spreads,
    kind_index,
    open_half_width,
    well_known,
    width_needed,
)
from helpers.timing.published_runs import Observation, fitted, observations
from helpers.timing.runs import job_of

BASELINE_MFU = 0.4
DIGITS = 4  # decimals of log time that are kept: a hundredth of a per cent
RELEASE_WIDTH = 0.1  # log time, 90 % of cases: releases of one software on one configuration differ so much
SHARDED_SOURCE = "llm-foundry"  # the repository whose runs are fully sharded


@dataclass(frozen=True)
class Summary:
    """Errors of predicted over published time, as fractions."""

    count: int
    median: float
    mean: float
    p90: float
    worst: float
    bias: float

    @classmethod
    def of(cls, errors: Array) -> Summary:
        """Summary of signed relative errors."""
        size = np.abs(errors)
        figures = (np.median(size), np.mean(size), np.quantile(size, 0.9), np.max(size), np.median(errors))
        return cls(len(errors), *map(float, figures))


def baseline_log_errors(found: Sequence[Observation]) -> Array:
    """Log error of 6·N·D at 40 % of peak."""
    job = job_of([o.run for o in found])
    flop = training_flop(job.architecture.active_params, job.layout.global_batch * job.architecture.seq_len)
    rate = job.layout.chips * job.cluster.peak_flop_per_s * BASELINE_MFU
    errors: Array = np.log(flop / rate / [o.step_s for o in found])
    return errors


def is_megatron_class(o: Observation) -> bool:
    """One of the published Megatron-class runs with their whole layout (`data/raw/megatron_runs.csv`)."""
    return "source_group" in o.run.row and not o.is_modern and o.run.stack != "fsdp"


@dataclass(frozen=True)
class HeldOut:
    """Runs that a fit had not seen: log errors, and half widths of their 90 % intervals."""

    log_error: Array
    half_width: Array
    open_half_width: Array  # the part that comes from open inputs and from accelerators beyond the fit

    def part(self, chosen: Sequence[bool] | Array) -> HeldOut:
        """Some of the runs."""
        return HeldOut(*(values[np.asarray(chosen)] for values in vars(self).values()))

    @property
    def coverage(self) -> float:
        """Share of runs whose published time lies within the interval."""
        return float(np.mean(np.abs(self.log_error) <= self.half_width))

    @property
    def summary(self) -> Summary:
        """Relative errors."""
        return Summary.of(np.expm1(self.log_error))

    @classmethod
    def join(cls, parts: Iterable[HeldOut]) -> HeldOut:
        """Several held-out sets as one."""
        return cls(*map(np.concatenate, zip(*(vars(part).values() for part in parts), strict=True)))


def left_out(seen: Sequence[Observation], unseen: Sequence[Observation]) -> tuple[Array, Array]:
    """Fit on `seen`, predict `unseen`: log errors, and the open part of their half widths."""
    constants, _ = fit(seen, refit=True)
    runs = [o.run for o in unseen]
    middle, variance = expected_log_s(runs, constants)
    error: Array = middle - np.log([o.step_s for o in unseen])
    return error, open_half_width(job_of(runs), variance, cells_of(seen))


def cells_of(found: Sequence[Observation]) -> frozenset[int]:
    """Matrix units, precisions and kinds of model that enough groups have published on."""
    return well_known(job_of([o.run for o in found]), [o.group for o in found])


def half_splits(
    tested: Sequence[Observation], others: Sequence[Observation], known: Spreads, splits: int
) -> list[HeldOut]:
    """The held-out half of some runs, by split; the other half is fitted together with `others`."""
    rng, half, result = np.random.default_rng(0), len(tested) // 2, []
    for _ in range(splits):
        order = rng.permutation(len(tested))
        unseen = [tested[i] for i in order[half:]]
        error, open_part = left_out([*(tested[i] for i in order[:half]), *others], unseen)
        width = np.sqrt(known.of(job_of([o.run for o in unseen])) ** 2 + open_part**2)
        result.append(HeldOut(error, width, open_part))
    return result


def leave_groups_out(found: Sequence[Observation]) -> HeldOut:
    """Each group's runs under constants fitted to all others, in the order of `found`.

    Their intervals are as wide as runs of their kind by *other* groups were off when those were left out.
    """
    groups = np.array([o.group for o in found])
    error, open_part = np.empty((2, len(found)))
    for group in dict.fromkeys(groups):
        inside = groups == group
        seen = [o for o in fitted(found) if o.group != group]
        error[inside], open_part[inside] = left_out(seen, [o for o, i in zip(found, inside, strict=True) if i])
    kinds = kind_index(job_of([o.run for o in found]))
    width = np.empty(len(found))
    for group in dict.fromkeys(groups):
        inside = groups == group
        others = kind_widths(error[~inside], open_part[~inside], kinds[~inside], groups[~inside])
        width[inside] = np.array([others[name] for name in KINDS])[kinds[inside]]
    return HeldOut(error, np.sqrt(width**2 + open_part**2), open_part)


def kind_widths(error: Array, open_part: Array, kinds: NDArray[np.intp], groups: NDArray[np.str_]) -> dict[str, float]:
    """Half width by kind; a kind of few groups takes that of all but the oldest."""
    widths = {}
    for index, name in enumerate(KINDS):
        own = kinds == index
        chosen = own if len(set(groups[own])) >= FEW_GROUPS else kinds != KINDS.index(OLDER)
        widths[name] = max(width_needed(error[chosen], open_part[chosen], groups[chosen]), RELEASE_WIDTH)
    return widths


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

    sources: HeldOut
    splits: dict[str, Split]


def compute(found: Sequence[Observation], splits: int = 10) -> dict[str, Any]:
    """Everything that the file holds, as plain values."""
    apart = leave_groups_out(found)
    kinds, groups = kind_index(job_of([o.run for o in found])), np.array([o.group for o in found])
    widths = kind_widths(apart.log_error, apart.open_half_width, kinds, groups)
    figures = zip(apart.log_error, apart.half_width, apart.open_half_width, strict=True)
    runs = [[*identity(o), *(round(float(x), DIGITS) for x in row)] for o, row in zip(found, figures, strict=True)]
    known = Spreads(widths, cells_of(found))
    papers = [o for o in found if is_megatron_class(o)]
    sources = {o.source for o in papers}
    beside = [o for o in fitted(found) if o.source not in sources]
    sharded = [o for o in found if SHARDED_SOURCE in o.source]
    rest = [o for o in fitted(found) if SHARDED_SOURCE not in o.source]
    halves = {
        "megatron": half_splits(papers, beside, known, splits),
        "megatron_alone": half_splits(papers, [], known, splits),
        "sharded": half_splits(sharded, rest, known, max(1, splits // 2)),
    }
    return {
        "half_width": {name: round(width, DIGITS) for name, width in widths.items()},
        "cells": sorted(known.cells),
        "runs": runs,
        "splits": {name: split_of(parts) for name, parts in halves.items()},
    }


def identity(o: Observation) -> list[str | float]:
    """What tells a run from others, and from itself before its row was changed."""
    return [o.source, o.run.run_id, float(f"{o.step_s:.6g}")]


def split_of(parts: list[HeldOut]) -> dict[str, float]:
    together = HeldOut.join(parts)
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
    return Kept(HeldOut(*columns), {name: Split(**values) for name, values in kept["splits"].items()})


def write_held_out(path: Path = HELD_OUT_FILE) -> None:
    """Refit without each source and in random halves, and keep the result."""
    kept = compute(observations())
    runs = ",\n".join(f"  {json.dumps(row)}" for row in kept["runs"])
    splits = ",\n".join(f"  {json.dumps(name)}: {json.dumps(values)}" for name, values in kept["splits"].items())
    widths = f' "half_width": {json.dumps(kept["half_width"])},\n "cells": {json.dumps(kept["cells"])},'
    path.write_text(f'{{\n{widths}\n "runs": [\n{runs}\n ],\n "splits": {{\n{splits}\n }}\n}}\n', encoding="utf-8")


if __name__ == "__main__":
    write_held_out()
