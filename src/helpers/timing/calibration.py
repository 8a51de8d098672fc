"""Fit of the time model's constants, and how well it predicts runs it was not fitted to.

Fitted on `data/raw/megatron_runs.csv` and `data/raw/runs.csv`; the result is kept in `calibration.csv`.
Priors are what data sheets and micro-benchmarks suggest; a stack that was not seen keeps its prior.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from statistics import median

import numpy as np

from helpers.formulas.hardware import GENERATIONS
from helpers.formulas.job import PRECISIONS, STACKS, Array, Constants
from helpers.rows import csv_text, read_rows
from helpers.timing.open_inputs import alternatives, open_effect
from helpers.timing.performance import MOST, step_s
from helpers.timing.published_runs import Observation, fitted, observations
from helpers.timing.runs import Run, job_of

CONSTANTS_FILE = Path(__file__).with_name("calibration.csv")


@dataclass(frozen=True)
class Prior:
    """What is known of a constant before any run: mean, spread, bounds."""

    mean: float
    spread: float
    low: float
    high: float


PRIOR_ROWS = read_rows(Path(__file__).with_name("priors.csv"))
# Plain ones; deviations, logarithms by kind of matrix unit and precision; slowdowns by stack.
PRIORS, DEVIATIONS, SLOWDOWN_PRIORS = (
    {r["name"]: Prior(*(float(r[f.name]) for f in fields(Prior))) for r in PRIOR_ROWS if r["kind"] == kind}
    for kind in ("plain", "deviation", "slowdown")
)
ALL_PRIORS = {**PRIORS, **DEVIATIONS, **{f"slowdown {name}": prior for name, prior in SLOWDOWN_PRIORS.items()}}
ERROR_SPREAD = 0.04  # log error of a single run, against which the priors are weighed
OUTLIER_SCALE = 0.06  # log error beyond which a run's pull fades
MIXTURE_SCALE = 0.15  # the same of mixtures, whose software became half as fast again within a year
ROUNDS, EVALUATIONS = 3, 8
ARRAYS = ("matmul", "attention", "traffic_factor", "cast_bytes", "narrow_width")  # by generation or precision


def constants_of(values: Sequence[float] | Array) -> Constants:
    """Constants from the fitted vector, in the order of `ALL_PRIORS`."""
    fitted = dict(zip(ALL_PRIORS, map(float, values), strict=True))
    stacks = {name: fitted[f"slowdown {name}"] for name in SLOWDOWN_PRIORS}
    stacks["unknown"] = median(stacks[name] for name in SLOWDOWN_PRIORS if name not in ("fsdp", "maxtext"))
    plain = {name: fitted[name] for name in PRIORS if name not in ARRAYS}
    return Constants(
        fitted=fitted,
        matmul_efficiency=np.minimum(
            [[fitted["matmul"] * _factor(fitted, "matmul", g, p) for p in PRECISIONS] for g in GENERATIONS], MOST
        ),
        traffic_factor=np.array([fitted["traffic_factor"] * _factor(fitted, "traffic", g) for g in GENERATIONS]),
        attention_efficiency=np.array([fitted["attention"] * _factor(fitted, "attention", g) for g in GENERATIONS]),
        cast_bytes=np.array([0.0, *(fitted["cast_bytes"] * _factor(fitted, "cast", "", p) for p in PRECISIONS[1:])]),
        narrow_width=np.array([fitted["narrow_width"] * _factor(fitted, "narrow", "", p) for p in PRECISIONS]),
        log_slowdown=np.array([stacks[name] for name in STACKS]),
        **plain,
    )


def _factor(fitted: dict[str, float], what: str, generation: str, precision: str = "bf16") -> float:
    """What a kind of matrix unit, a precision, and the two together bring; 4 bits and blocks as 8 bits where unknown."""
    both = fitted.get(f"{what} {generation} {precision}")
    if both is None and precision != "bf16":
        both = fitted.get(f"{what} {generation} fp8")
    alone = (fitted.get(f"{what} {name}", 0.0) for name in (generation, precision))
    return float(np.exp(sum(alone) + (both or 0.0)))


def fit(found: Sequence[Observation], refit: bool = False) -> tuple[Constants, Array]:
    """Constants that explain the observations best, and their covariance.

    Least squares on log time with Cauchy's loss, so that a run far off (a slow network, a slip in a paper)
    hardly pulls, and with the priors as further observations. What open inputs do to a run's middle is worked
    out anew in each round. A `refit` begins with what the package ships, and is done sooner.
    """
    from scipy.optimize import least_squares

    priors = [*ALL_PRIORS.values()]
    mean, spread, low, high = (np.array([getattr(p, f.name) for p in priors]) for f in fields(Prior))
    runs = [o.run for o in found]
    job, weight = job_of(runs), np.array([o.weight for o in found])
    others, published = alternatives(runs, job), np.log([o.step_s for o in found])
    scale = np.where(job.architecture.expert_layer_share > 0, MIXTURE_SCALE, OUTLIER_SCALE)
    bounds = ((low - mean) / spread, (high - mean) / spread)
    start = (vector_of(constants()) - mean) / spread if refit else np.zeros(len(mean))
    z = np.clip(start, bounds[0] + 1e-9, bounds[1] - 1e-9)

    def residuals(z: Array, target: Array) -> Array:
        error = np.log(step_s(job, constants_of(mean + spread * z))) - target
        damped = np.sign(error) * scale * np.sqrt(np.log1p((error / scale) ** 2))  # squares are Cauchy's loss
        return np.concatenate([weight * damped, ERROR_SPREAD * z])

    for _ in range(2 if refit else ROUNDS):
        best = constants_of(mean + spread * z)
        target = published - open_effect(others, np.log(step_s(job, best)), best)[0]
        most = EVALUATIONS // 2 if refit else EVALUATIONS
        result = least_squares(residuals, z, bounds=bounds, max_nfev=most, args=(target,))
        z = result.x
    covariance = np.linalg.pinv(result.jac.T @ result.jac) * ERROR_SPREAD**2
    return constants_of(mean + spread * z), covariance * np.outer(spread, spread)


def vector_of(constants: Constants) -> Array:
    """The fitted vector that constants were made of."""
    return np.array([constants.fitted[name] for name in ALL_PRIORS])


def log_errors(found: Sequence[Observation], constants: Constants) -> Array:
    """Log of predicted over published time."""
    middle, _ = expected_log_s([o.run for o in found], constants)
    return np.asarray(middle - np.log([o.step_s for o in found]))


def expected_log_s(runs: Sequence[Run], constants: Constants) -> tuple[Array, Array]:
    """Log seconds of each run's step, what its row leaves open weighed; and the variance that it brings."""
    job = job_of(runs)
    usual = np.log(step_s(job, constants))
    mean, variance = open_effect(alternatives(runs, job), usual, constants)
    return usual + mean, variance


@cache
def constants() -> Constants:
    """The fitted constants that the package ships."""
    kept = {row["constant"]: float(row["value"]) for row in read_rows(CONSTANTS_FILE)}
    return constants_of([kept[name] for name in ALL_PRIORS])


if __name__ == "__main__":  # fit on every run and keep the result
    best, covariance = fit(fitted(observations()))
    kept = zip(ALL_PRIORS, vector_of(best), np.sqrt(np.diag(covariance)), strict=True)
    rows = [(name, float(f"{value:.5g}"), float(f"{spread:.3g}")) for name, value, spread in kept]
    CONSTANTS_FILE.write_text(csv_text([("constant", "value", "spread"), *rows]), encoding="utf-8")
