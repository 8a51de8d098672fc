"""How well the time model predicts runs it was not fitted to: half splits, leave one source out, coverage.

The trivial baseline is beside it: 6·N·D at 40 % of peak. The many refits take minutes, so chapters read
`held_out.json`; `python -m helpers.timing.held_out` writes it.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.errors import DataProblem
from helpers.formulas.accounting import training_flop
from helpers.formulas.job import Array
from helpers.paths import shown
from helpers.structured import json_lines, read_json
from helpers.timing import prediction_intervals as intervals
from helpers.timing.calibration import expected_log_s, fit
from helpers.timing.published_runs import Observation, fitted, observations
from helpers.timing.runs import job_of

BASELINE_MFU = 0.4
DIGITS = 4  # decimals of log time that are kept: a hundredth of a per cent
RELEASE_WIDTH = 0.1  # log time, 90 % of cases: releases of one software on one configuration differ so much
# Log errors, and half widths of the 90 % intervals; of these, what open inputs and accelerators beyond the fit bring.
FIGURES = ["log_error", "half_width", "open_half_width"]
SHARDED_SOURCE = "llm-foundry"  # the repository whose runs are fully sharded


def summary(errors: Array | pd.Series) -> dict[str, float]:
    """Of signed relative errors of time the sizes' `median`, `mean`, `p90` and `worst`, and the middle error, `bias`."""
    size = np.abs(np.asarray(errors))
    figures = {"median": np.median(size), "mean": np.mean(size), "p90": np.quantile(size, 0.9), "worst": np.max(size)}
    return {name: float(figure) for name, figure in {**figures, "bias": np.median(errors)}.items()}


def baseline_log_errors(found: Sequence[Observation]) -> Array:
    """Log error of 6·N·D at 40 % of peak."""
    job = job_of([o.run for o in found])
    flop = training_flop(job.architecture.active_params, job.layout.global_batch * job.architecture.seq_len)
    rate = job.layout.chips * job.cluster.peak_flop_per_s * BASELINE_MFU
    return np.asarray(np.log(flop / rate / [o.step_s for o in found]))


def is_megatron_class(o: Observation) -> bool:
    """One of the published Megatron-class runs with their whole layout (`data/raw/megatron_runs.csv`)."""
    return "source_group" in o.run.row and not o.is_modern and o.run.stack != "fsdp"


def coverage(part: pd.DataFrame) -> float:
    """Share of runs whose published time lies within the interval."""
    return float((part["log_error"].abs() <= part["half_width"]).mean())


def left_out(seen: Sequence[Observation], unseen: Sequence[Observation]) -> tuple[Array, Array]:
    """Fit on `seen`, predict `unseen`: log errors, and the open part of their half widths."""
    constants, _ = fit(seen, refit=True)
    runs = [o.run for o in unseen]
    middle, variance = expected_log_s(runs, constants)
    error = np.asarray(middle - np.log([o.step_s for o in unseen]))
    return error, intervals.open_half_width(job_of(runs), variance, cells_of(seen))


def cells_of(found: Sequence[Observation]) -> frozenset[int]:
    """Matrix units, precisions and kinds of model that enough groups have published on."""
    cells = intervals.cell_index(job_of([o.run for o in found])).tolist()
    counted = Counter(cell for cell, _ in set(zip(cells, (o.group for o in found), strict=True)))
    return frozenset(cell for cell, count in counted.items() if count >= intervals.FEW_GROUPS)


def half_splits(
    tested: Sequence[Observation], others: Sequence[Observation], known: intervals.Spreads, splits: int
) -> dict[str, float]:
    """The held-out halves of some runs, the other half fitted together with `others`: errors, and how intervals did."""
    rng, half, parts = np.random.default_rng(0), len(tested) // 2, []
    for _ in range(splits):
        order = rng.permutation(len(tested))
        unseen = [tested[i] for i in order[half:]]
        error, open_part = left_out([*(tested[i] for i in order[:half]), *others], unseen)
        width = np.sqrt(known.of(job_of([o.run for o in unseen])) ** 2 + open_part**2)
        parts.append(pd.DataFrame({"log_error": error, "half_width": width}))
    together = pd.concat(parts)
    figures = summary(np.expm1(together["log_error"])) | {"coverage": coverage(together)}
    figures["half_width"] = float(np.expm1(together["half_width"]).median())
    counts = {"runs": len(parts[0]), "splits": splits}
    return {**counts, **{name: round(value, DIGITS) for name, value in figures.items() if name != "mean"}}


def leave_groups_out(found: Sequence[Observation]) -> pd.DataFrame:
    """Each group's runs under constants fitted to all others, in the order of `found`.

    Their intervals are as wide as runs of their kind by *other* groups were off when those were left out.
    """
    groups = np.array([o.group for o in found])
    error, open_part = np.empty((2, len(found)))
    for group in dict.fromkeys(groups):
        inside = groups == group
        seen = [o for o in fitted(found) if o.group != group]
        error[inside], open_part[inside] = left_out(seen, [o for o, i in zip(found, inside, strict=True) if i])
    kinds = intervals.kind_index(job_of([o.run for o in found]))
    width = np.empty(len(found))
    for group in dict.fromkeys(groups):
        inside = groups == group
        others = kind_widths(error[~inside], open_part[~inside], kinds[~inside], groups[~inside])
        width[inside] = np.array([others[name] for name in intervals.KINDS])[kinds[inside]]
    return pd.DataFrame(dict(zip(FIGURES, (error, np.sqrt(width**2 + open_part**2), open_part), strict=True)))


def kind_widths(error: Array, open_part: Array, kinds: NDArray[np.intp], groups: NDArray[np.str_]) -> dict[str, float]:
    """Half width by kind; a kind of few groups takes that of all but the oldest."""
    widths = {}
    for index, name in enumerate(intervals.KINDS):
        own = kinds == index
        few = len(set(groups[own])) < intervals.FEW_GROUPS
        chosen = kinds != intervals.KINDS.index(intervals.OLDER) if few else own
        widths[name] = max(intervals.width_needed(error[chosen], open_part[chosen], groups[chosen]), RELEASE_WIDTH)
    return widths


class Kept(NamedTuple):
    """What the file holds: the runs under constants fitted without their group, and the half splits by name."""

    sources: pd.DataFrame  # columns FIGURES, in the order of the observations
    splits: dict[str, dict[str, Any]]  # runs, splits, median, p90, worst, bias, coverage, half_width; fractions


def compute(found: Sequence[Observation], splits: int = 10) -> dict[str, Any]:
    """Everything that the file holds, as plain values."""
    apart = leave_groups_out(found)
    kinds, groups = intervals.kind_index(job_of([o.run for o in found])), np.array([o.group for o in found])
    widths = kind_widths(apart["log_error"].to_numpy(), apart["open_half_width"].to_numpy(), kinds, groups)
    figures = apart.round(DIGITS).to_numpy().tolist()
    runs = [[*run_key(o), *row] for o, row in zip(found, figures, strict=True)]
    known = intervals.Spreads(widths, cells_of(found))
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
        "splits": halves,
    }


def run_key(o: Observation) -> list[str | float]:
    """What tells a run from others, and from itself before its row was changed."""
    return [o.source, o.run.run_id, float(f"{o.step_s:.6g}")]


def read_held_out(found: Sequence[Observation]) -> Kept:
    """The kept predictions, in the order of `found`; a DataProblem where the runs are not those of the tables."""
    kept, file = read_json(intervals.HELD_OUT_FILE), shown(intervals.HELD_OUT_FILE)
    mend = "run python -m helpers.timing.held_out"
    for o, row in zip(found, kept["runs"], strict=False):
        if run_key(o) != row[:3]:
            raise DataProblem(file, f"run {row[1]}", f"the tables have {o.run.run_id} there", mend)
    if len(found) != len(kept["runs"]):
        raise DataProblem(file, "whole file", f"it has {len(kept['runs'])} runs, the tables {len(found)}", mend)
    return Kept(pd.DataFrame([row[3:] for row in kept["runs"]], columns=FIGURES), kept["splits"])


if __name__ == "__main__":  # refit without each source and in random halves, and keep the result
    intervals.HELD_OUT_FILE.write_text(json_lines(compute(observations())) + "\n", encoding="utf-8")
