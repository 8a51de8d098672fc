"""How well the time model predicts runs it was not fitted to: half splits, leave one source out, coverage.

The trivial baseline is beside it: 6·N·D at 40 % of peak.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from helpers.formulas.accounting import FLOP_PER_PARAM_TOKEN_MODEL
from helpers.formulas.architecture import Architecture
from helpers.formulas.calibration import Array, Observation, fit, fitted, log_errors, run_spread
from helpers.formulas.intervals import Spreads, half_width
from helpers.formulas.job import STACKS
from helpers.formulas.runs import job_of

BASELINE_MFU = 0.4


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
        errors = np.concatenate([part.log_error for part in listed])
        return cls(errors, np.concatenate([part.half_width for part in listed]))


def told_twice(one: Observation, other: Observation) -> bool:
    """Whether two sources tell of the same run: one model, accelerator and software, one layout."""
    return one.source != other.source and _identity(one) == _identity(other)


def _identity(o: Observation) -> tuple[object, ...]:
    shape = (o.run.shape[name] for name in ("layers", "hidden", "seq_len"))
    layout = (o.run.layout[name] for name in ("tensor", "pipeline", "data", "global_batch", "full_recompute"))
    return (o.run.accelerator.name, o.run.stack, *shape, *layout)


def held_out(seen: Sequence[Observation], unseen: Sequence[Observation], new_group: bool) -> HeldOut:
    """Fit on `seen`, predict `unseen`; a run that another source tells again is not seen either."""
    seen = [o for o in seen if not any(told_twice(o, hidden) for hidden in unseen)]
    constants, covariance = fit(seen)
    by_stack = run_spread(seen, constants)
    known = Spreads(covariance, np.array([by_stack[name] for name in STACKS]))
    assumed = np.array([len([a for a in o.run.assumed if a != "stack"]) for o in unseen])
    width = half_width(job_of([o.run for o in unseen]), constants, known, new_group, assumed)
    return HeldOut(log_errors(unseen, constants), width)


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
    """Each source's runs under constants fitted to all other sources."""
    return {
        source: held_out(
            [o for o in fitted(found) if o.source != source],
            [o for o in found if o.source == source],
            new_group=True,
        )
        for source in dict.fromkeys(o.source for o in found)
    }
