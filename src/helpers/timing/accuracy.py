"""How well the time model predicts runs it was not fitted to: half splits, leave one source out, coverage.

The trivial baseline is beside it: 6·N·D at 40 % of peak.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from helpers.formulas.accounting import training_flop
from helpers.formulas.job import Array
from helpers.timing.calibration import expected_log_s, fit
from helpers.timing.prediction_intervals import (
    FEW_GROUPS,
    KINDS,
    OLDER,
    Spreads,
    kind_index,
    open_half_width,
    well_known,
    width_needed,
)
from helpers.timing.published_runs import Observation, fitted
from helpers.timing.runs import job_of

BASELINE_MFU = 0.4
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


def relative(log_error: Array) -> Array:
    """Relative error from a log error."""
    result: Array = np.expm1(log_error)
    return result


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
        return Summary.of(relative(self.log_error))

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
    """Matrix units, precisions and kinds of model that at least two groups have published on."""
    return well_known(job_of([o.run for o in found]), [o.group for o in found])


def kinds_of(found: Sequence[Observation]) -> NDArray[np.intp]:
    """Index into KINDS of each run."""
    return kind_index(job_of([o.run for o in found]))


def half_splits(found: Sequence[Observation], known: Spreads, splits: int = 10, alone: bool = False) -> list[HeldOut]:
    """The held-out half of the Megatron-class runs, by split.

    The other half is fitted together with the other sources, or `alone`.
    """
    tested = [o for o in found if is_megatron_class(o)]
    sources = {o.source for o in tested}
    others = [o for o in fitted(found) if o.source not in sources and not is_megatron_class(o)]
    return _splits(tested, [] if alone else others, known, splits)


def half_of_source(found: Sequence[Observation], source: str, known: Spreads, splits: int = 10) -> list[HeldOut]:
    """The held-out half of one source's runs, fitted with its other half and all the rest."""
    inside = [o for o in found if source in o.source]
    return _splits(inside, [o for o in fitted(found) if source not in o.source], known, splits)


def _splits(tested: list[Observation], others: list[Observation], known: Spreads, splits: int) -> list[HeldOut]:
    rng, half, result = np.random.default_rng(0), len(tested) // 2, []
    for _ in range(splits):
        order = rng.permutation(len(tested))
        unseen = [tested[i] for i in order[half:]]
        error, open_part = left_out([tested[i] for i in order[:half]] + others, unseen)
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
    return HeldOut(error, widths_of_others(found, error, open_part), open_part)


def widths_of_others(found: Sequence[Observation], error: Array, open_part: Array) -> Array:
    """Half widths of left-out runs, as wide as runs of their kind by other groups were off."""
    groups, kinds, width = np.array([o.group for o in found]), kinds_of(found), np.empty(len(found))
    for group in dict.fromkeys(groups):
        inside = groups == group
        others = kind_widths(error[~inside], open_part[~inside], kinds[~inside], groups[~inside])
        width[inside] = np.array([others[name] for name in KINDS])[kinds[inside]]
    result: Array = np.sqrt(width**2 + open_part**2)
    return result


def kind_widths(error: Array, open_part: Array, kinds: NDArray[np.intp], groups: NDArray[np.str_]) -> dict[str, float]:
    """Half width by kind; a kind of few groups takes that of all but the oldest."""
    widths = {}
    for index, name in enumerate(KINDS):
        own = kinds == index
        chosen = own if len(set(groups[own])) >= FEW_GROUPS else kinds != KINDS.index(OLDER)
        widths[name] = max(width_needed(error[chosen], open_part[chosen], groups[chosen]), RELEASE_WIDTH)
    return widths
