"""How well the time model predicts runs it was not fitted to: half splits, leave one source out, coverage.

The trivial baseline is beside it: 6·N·D at 40 % of peak.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from helpers.formulas.accounting import FLOP_PER_PARAM_TOKEN_MODEL
from helpers.formulas.architecture import Architecture
from helpers.formulas.calibration import Array, Observation, fit, fitted, log_errors

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


def half_splits(found: Sequence[Observation], splits: int = 50, seed: int = 0, alone: bool = False) -> list[Array]:
    """Log errors of the held-out half of the Megatron-class runs, by split.

    The other half is fitted together with the other sources, or `alone`.
    """
    tested = [o for o in found if is_megatron_class(o)]
    sources = {o.source for o in tested}
    others = [] if alone else [o for o in fitted(found) if o.source not in sources and not is_megatron_class(o)]
    rng = np.random.default_rng(seed)
    errors = []
    for _ in range(splits):
        order = rng.permutation(len(tested))
        half = len(tested) // 2
        constants, _ = fit([tested[i] for i in order[:half]] + others)
        errors.append(log_errors([tested[i] for i in order[half:]], constants))
    return errors


def leave_one_source_out(found: Sequence[Observation]) -> dict[str, Array]:
    """Log errors of each source's runs under constants fitted to all other sources."""
    errors = {}
    for source in dict.fromkeys(o.source for o in found):
        constants, _ = fit([o for o in fitted(found) if o.source != source])
        errors[source] = log_errors([o for o in found if o.source == source], constants)
    return errors


def half_of_source(found: Sequence[Observation], source: str, splits: int = 10, seed: int = 0) -> list[Array]:
    """Log errors of the held-out half of one source's runs, fitted with its other half and all the rest."""
    inside = [o for o in found if source in o.source]
    others = [o for o in fitted(found) if source not in o.source]
    rng = np.random.default_rng(seed)
    errors = []
    for _ in range(splits):
        order = rng.permutation(len(inside))
        half = len(inside) // 2
        constants, _ = fit([inside[i] for i in order[:half]] + others)
        errors.append(log_errors([inside[i] for i in order[half:]], constants))
    return errors
