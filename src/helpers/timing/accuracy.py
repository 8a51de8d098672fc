"""How well the time model predicts runs it was not fitted to: half splits, leave one source out, coverage.

The trivial baseline is beside it: 6·N·D at 40 % of peak.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from helpers.formulas.accounting import FLOP_PER_PARAM_TOKEN_MODEL
from helpers.formulas.architecture import Architecture
from helpers.formulas.job import STACKS
from helpers.timing.calibration import Array, fit, log_errors, run_spread
from helpers.timing.open_inputs import input_variance
from helpers.timing.prediction_intervals import Spreads, half_width, open_half_width
from helpers.timing.published_runs import Observation, fitted
from helpers.timing.runs import job_of

BASELINE_MFU = 0.4
SHARDED_SOURCE = "llm-foundry"  # the repository whose runs are fully sharded
COVERAGE = 0.9  # what intervals are meant to hold


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
        return cls(
            len(errors),
            float(np.median(size)),
            float(np.mean(size)),
            float(np.quantile(size, 0.9)),
            float(np.max(size)),
            float(np.median(errors)),
        )


def relative(log_error: Array) -> Array:
    """Relative error from a log error."""
    result: Array = np.expm1(log_error)
    return result


def baseline_log_errors(found: Sequence[Observation]) -> Array:
    """Log error of 6·N·D at 40 % of peak."""
    errors = []
    for o in found:
        run, layout = o.run, o.run.layout
        chips = layout["tensor"] * layout["pipeline"] * layout["data"] * layout["context"]
        tokens = layout["global_batch"] * run.shape["seq_len"]
        flop = FLOP_PER_PARAM_TOKEN_MODEL * Architecture(**run.shape).active_params * tokens
        errors.append(np.log(flop / (chips * run.accelerator.peak_flop_per_s * BASELINE_MFU) / o.step_s))
    return np.array(errors)


def is_megatron_class(o: Observation) -> bool:
    """One of the published Megatron-class runs with their whole layout (`data/raw/megatron_runs.csv`)."""
    return "source_group" in o.run.row and o.run.stack != "fsdp"


@dataclass(frozen=True)
class HeldOut:
    """Runs that a fit had not seen: log errors, and half widths of their 90 % intervals."""

    log_error: Array
    half_width: Array
    open_half_width: Array  # the part that comes from open inputs and from accelerators beyond the fit

    def scaled(self, scale: float) -> HeldOut:
        """The same with another scale on what the fit left unexplained."""
        explained = scale**2 * (self.half_width**2 - self.open_half_width**2)
        return HeldOut(self.log_error, np.sqrt(explained + self.open_half_width**2), self.open_half_width)

    def part(self, chosen: Sequence[bool]) -> HeldOut:
        """Some of the runs."""
        rows = np.asarray(chosen)
        return HeldOut(self.log_error[rows], self.half_width[rows], self.open_half_width[rows])

    @property
    def scale_needed(self) -> Array:
        """The scale at which each run's interval would just hold its published time."""
        left = np.maximum(self.log_error**2 - self.open_half_width**2, 0)
        result: Array = np.sqrt(left / (self.half_width**2 - self.open_half_width**2))
        return result

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
        listed = list(parts)
        names = ("log_error", "half_width", "open_half_width")
        return cls(*(np.concatenate([getattr(part, name) for part in listed]) for name in names))


def held_out(seen: Sequence[Observation], unseen: Sequence[Observation], new_group: bool) -> HeldOut:
    """Fit on `seen`, predict `unseen`."""
    constants, covariance = fit(seen)
    by_stack = run_spread(seen, constants)
    known = Spreads(covariance, np.array([by_stack[name] for name in STACKS]))
    runs = [o.run for o in unseen]
    job, inputs = job_of(runs), input_variance(runs, constants)
    width = half_width(job, constants, known, new_group, inputs)
    return HeldOut(log_errors(unseen, constants), width, open_half_width(job, inputs))


def half_splits(found: Sequence[Observation], splits: int = 50, seed: int = 0, alone: bool = False) -> list[HeldOut]:
    """The held-out half of the Megatron-class runs, by split.

    The other half is fitted together with the other sources, or `alone`.
    """
    tested = [o for o in found if is_megatron_class(o)]
    sources = {o.source for o in tested}
    others = [o for o in fitted(found) if o.source not in sources and not is_megatron_class(o)]
    return _splits(tested, [] if alone else others, splits, seed)


def half_of_source(found: Sequence[Observation], source: str, splits: int = 10, seed: int = 0) -> list[HeldOut]:
    """The held-out half of one source's runs, fitted with its other half and all the rest."""
    inside = [o for o in found if source in o.source]
    return _splits(inside, [o for o in fitted(found) if source not in o.source], splits, seed)


def _splits(tested: list[Observation], others: list[Observation], splits: int, seed: int) -> list[HeldOut]:
    rng, half, result = np.random.default_rng(seed), len(tested) // 2, []
    for _ in range(splits):
        order = rng.permutation(len(tested))
        seen = [tested[i] for i in order[:half]] + others
        result.append(held_out(seen, [tested[i] for i in order[half:]], new_group=False))
    return result


def leave_one_source_out(found: Sequence[Observation]) -> dict[str, HeldOut]:
    """Each source's runs under constants fitted to all other sources.

    Their intervals are scaled by how far the other sources were off when they were left out, never by
    the source's own errors.
    """
    unscaled = _unscaled(found)
    return {source: part.scaled(new_group_scale(unscaled, without=source)) for source, part in unscaled.items()}


def _unscaled(found: Sequence[Observation]) -> dict[str, HeldOut]:
    return {
        source: held_out(
            [o for o in fitted(found) if o.source != source],
            [o for o in found if o.source == source],
            new_group=True,
        )
        for source in dict.fromkeys(o.source for o in found)
    }


def shipped_scale(found: Sequence[Observation]) -> float:
    """The scale for groups that nobody has seen, from all sources."""
    return new_group_scale(_unscaled(found))


def new_group_scale(parts: Mapping[str, HeldOut], without: str = "") -> float:
    """By how much intervals have to be scaled to hold nine in ten of left-out runs.

    A source of n runs counts as the square root of n: its runs are kin, but not one. As in
    conformal prediction (arXiv:2107.07511, section 1).
    """
    others = [part for source, part in parts.items() if source != without]
    ratio = np.concatenate([part.scale_needed for part in others])
    weight = np.concatenate([np.full(len(part.log_error), len(part.log_error) ** -0.5) for part in others])
    order = np.argsort(ratio)
    share = np.cumsum(weight[order]) / weight.sum()
    level = COVERAGE * (1 + (weight**2).sum() / weight.sum() ** 2)  # one more run than were seen
    return float(ratio[order][min(np.searchsorted(share, level), len(ratio) - 1)])
