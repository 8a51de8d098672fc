"""Fit of the time model's constants, and how well it predicts runs it was not fitted to.

Fitted on `data/raw/megatron_runs.csv` and `data/raw/runs.csv`; the result is kept in `calibration.json`.
Priors are what data sheets and micro-benchmarks suggest; a stack that was not seen keeps its prior.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.constants import NINETY_PERCENT
from helpers.formulas.hardware import GENERATIONS
from helpers.formulas.job import PRECISIONS, STACKS, Constants, Job
from helpers.timing.performance import step_s
from helpers.timing.published_runs import Observation, fitted, observations
from helpers.timing.runs import job_of

CONSTANTS_FILE = Path(__file__).with_name("calibration.json")
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Prior:
    """What is known of a constant before any run: mean, spread, bounds."""

    mean: float
    spread: float
    low: float
    high: float


PRIORS = {
    # Large products: a share of the peak, times what a kind of matrix unit and a precision bring.
    "matmul": Prior(0.70, 0.06, 0.4, 0.95),
    "attention": Prior(0.55, 0.1, 0.2, 1.2),
    "attention_speedup": Prior(2.0, 0.4, 1.0, 4.0),  # arXiv:2307.08691, abstract: about twice
    "grouped_efficiency": Prior(0.75, 0.15, 0.2, 1.1),
    "traffic_factor": Prior(1.2, 0.2, 0.5, 3.0),
    "cast_bytes": Prior(4.0, 2.0, 0.0, 16.0),
    "routing_bytes": Prior(12.0, 6.0, 0.0, 60.0),
    "link_efficiency": Prior(0.75, 0.1, 0.2, 1.0),
    "network_efficiency": Prior(0.7, 0.15, 0.1, 1.0),
    "reduction_efficiency": Prior(0.4, 0.15, 0.05, 1.0),
    "gather_efficiency": Prior(0.2, 0.15, 0.02, 1.0),
    "overlap": Prior(0.7, 0.2, 0.0, 1.0),
    "sharded_overlap": Prior(0.85, 0.1, 0.0, 1.0),
    "tensor_overlap": Prior(0.5, 0.25, 0.0, 1.0),
    "routing_overlap": Prior(0.2, 0.2, 0.0, 1.0),
    "layer_gap_s": Prior(2e-4, 1e-4, 0.0, 2e-3),
    "routing_gap_s": Prior(5e-4, 4e-4, 0.0, 1e-2),
    "expert_gap_s": Prior(3e-5, 3e-5, 0.0, 1e-3),
    "tail_flop": Prior(3.5e6, 2e6, 0.0, 2e7),
    # The last product, a third of a GPT layer's, is what no gradient needs.
    "recompute_share": Prior(0.68, 0.08, 0.4, 1.2),
    "straggle": Prior(0.007, 0.004, 0.0, 0.03),
}
# Logarithms, mean and spread: kinds of matrix unit and precisions differ, but not by much.
DEVIATIONS = {
    "matmul volta": (0.0, 0.12),
    "matmul ampere": (0.0, 0.12),
    "matmul hopper": (0.0, 0.12),
    "matmul blackwell": (0.0, 0.2),
    "matmul cdna": (-0.1, 0.12),
    "matmul tpu": (0.1, 0.12),
    "matmul fp8": (0.0, 0.15),
    "matmul mxfp8": (0.0, 0.15),
    "matmul nvfp4": (-0.1, 0.25),
    "matmul blackwell fp8": (0.0, 0.1),
    "matmul blackwell mxfp8": (0.0, 0.1),
    "matmul cdna fp8": (-0.5, 0.15),
    "matmul tpu fp8": (-0.5, 0.15),  # 1.3 times the 16-bit rate in training, where the peak is twice
    "attention hopper": (-0.4, 0.3),
    "attention blackwell": (-0.4, 0.3),
    "attention cdna": (-0.4, 0.3),
    "attention tpu": (0.0, 0.3),
    "grouped fp8": (-0.1, 0.2),  # narrow experts gain less from narrow numbers
    "grouped mxfp8": (-0.1, 0.2),
    "cast mxfp8": (0.2, 0.3),
    "cast nvfp4": (0.5, 0.3),
}
SLOWDOWN_PRIORS = {
    "megatron": Prior(0.0, 0.02, -0.5, 0.5),
    "megatron-2021": Prior(0.0, 0.05, -0.5, 0.5),
    "megatron-2022": Prior(0.0, 0.05, -0.5, 0.5),
    "megatron-core": Prior(0.0, 0.08, -0.5, 0.5),
    "megascale": Prior(0.0, 0.1, -0.5, 0.5),
    "deepspeed": Prior(0.1, 0.08, -0.5, 0.5),
    "fsdp": Prior(0.1, 0.08, -0.5, 0.5),
    "maxtext": Prior(0.0, 0.05, -0.5, 0.5),
}
ALL_PRIORS = {
    **PRIORS,
    **{name: Prior(mean, spread, -1.5, 1.5) for name, (mean, spread) in DEVIATIONS.items()},
    **{f"slowdown {name}": prior for name, prior in SLOWDOWN_PRIORS.items()},
}
ERROR_SPREAD = 0.04  # log error of a single run, against which the priors are weighed
FEW_RUNS = 5  # a stack with fewer takes its scatter from all
OUTLIER_SCALE = 0.06  # log error beyond which a run's pull fades


def constants_of(values: Sequence[float] | Array) -> Constants:
    """Constants from the fitted vector, in the order of `ALL_PRIORS`."""
    fitted = dict(zip(ALL_PRIORS, map(float, values), strict=True))
    stacks = {name: fitted[f"slowdown {name}"] for name in SLOWDOWN_PRIORS}
    stacks["unknown"] = float(np.median([stacks[name] for name in SLOWDOWN_PRIORS if name not in ("fsdp", "maxtext")]))
    plain = {name: fitted[name] for name in PRIORS if name not in ("matmul", "attention", "cast_bytes", "grouped_efficiency")}
    return Constants(
        matmul_efficiency=np.array([[fitted["matmul"] * _factor(fitted, "matmul", g, p) for p in PRECISIONS] for g in GENERATIONS]),
        attention_efficiency=np.array([fitted["attention"] * _factor(fitted, "attention", g) for g in GENERATIONS]),
        cast_bytes=np.array([0.0, *(fitted["cast_bytes"] * _factor(fitted, "cast", "", p) for p in PRECISIONS[1:])]),
        grouped_efficiency=np.array([fitted["grouped_efficiency"] * _factor(fitted, "grouped", "", p) for p in PRECISIONS]),
        log_slowdown=np.array([stacks[name] for name in STACKS]),
        **plain,
    )


def _factor(fitted: dict[str, float], what: str, generation: str, precision: str = "bf16") -> float:
    """What a kind of matrix unit, a precision, and the two together bring."""
    names = (generation, precision, f"{generation} {precision}")
    return float(np.exp(sum(fitted.get(f"{what} {name}", 0.0) for name in names)))


def fit(found: Sequence[Observation]) -> tuple[Constants, Array]:
    """Constants that explain the observations best, and their covariance.

    Least squares on log time with Cauchy's loss, so that a run far off (a slow network, a slip in a paper)
    hardly pulls, and with the priors as further observations.
    """
    from scipy.optimize import least_squares

    priors = [*ALL_PRIORS.values()]
    mean, spread, low, high = (
        np.array([getattr(p, name) for p in priors]) for name in ("mean", "spread", "low", "high")
    )
    job = job_of([o.run for o in found])
    seconds, weight = np.array([o.step_s for o in found]), np.array([o.weight for o in found])

    def residuals(z: Array) -> Array:
        predicted = step_s(job, constants_of(mean + spread * z))
        return np.concatenate([weight * damped(np.log(predicted / seconds)), ERROR_SPREAD * z])

    bounds = ((low - mean) / spread, (high - mean) / spread)
    result = least_squares(residuals, np.zeros(len(mean)), bounds=bounds)
    covariance = np.linalg.pinv(result.jac.T @ result.jac) * ERROR_SPREAD**2
    return constants_of(mean + spread * result.x), covariance * np.outer(spread, spread)


def vector_of(constants: Constants) -> Array:
    """The fitted vector that constants were made of."""
    stacks = [constants.log_slowdown[STACKS.index(name)] for name in SLOWDOWN_PRIORS]
    return np.array([getattr(constants, name) for name in PRIORS] + stacks)


def parameter_variance(job: Job, constants: Constants, covariance: Array) -> Array:
    """Variance of log time that the constants' own uncertainty brings, by linear propagation."""
    centre, spread = vector_of(constants), np.sqrt(np.diag(covariance))
    middle = np.log(step_s(job, constants))
    gradient = []
    for i, step in enumerate(0.1 * spread + 1e-12):
        moved = centre.copy()
        moved[i] += step
        gradient.append((np.log(step_s(job, constants_of(moved))) - middle) / step)
    slopes = np.array(gradient)
    variance: Array = np.einsum("i...,ij,j...->...", slopes, covariance, slopes)
    return variance


def damped(error: Array) -> Array:
    """Errors whose squares are Cauchy's loss."""
    scaled = error / OUTLIER_SCALE
    result: Array = np.sign(scaled) * OUTLIER_SCALE * np.sqrt(np.log1p(scaled**2))
    return result


def log_errors(found: Sequence[Observation], constants: Constants) -> Array:
    """Log of predicted over published time."""
    predicted = step_s(job_of([o.run for o in found]), constants)
    errors: Array = np.log(predicted / np.array([o.step_s for o in found]))
    return errors


@cache
def constants(path: Path = CONSTANTS_FILE) -> Constants:
    """The fitted constants that the package ships."""
    kept = json.loads(path.read_text(encoding="utf-8"))
    values = {name: entry["value"] for name, entry in kept["constants"].items()}
    slowdown = tuple(kept["log_slowdown"][name]["value"] for name in STACKS)
    return Constants(**values, log_slowdown=slowdown)


def part(job: Job, index: Any) -> Job:
    """Some rows of a job of arrays."""

    def rows(item: Any) -> Any:
        return replace(item, **{f.name: getattr(item, f.name)[index] for f in fields(item)})

    return Job(rows(job.architecture), rows(job.layout), rows(job.cluster))


def run_spread(found: Sequence[Observation], constants: Constants) -> dict[str, float]:
    """Log error from run to run by stack, from its 90 % quantile; the whole set's for stacks with few runs."""
    errors = np.abs(log_errors(found, constants))
    stacks = np.array([o.run.stack for o in found])
    families = {name: family(name) for name in STACKS}
    spread = {}
    for name, kin in families.items():
        chosen = np.isin(stacks, [other for other, its in families.items() if its == kin])
        spread[name] = float(np.quantile(errors[chosen] if chosen.sum() >= FEW_RUNS else errors, 0.9) / NINETY_PERCENT)
    return spread


def family(stack: str) -> str:
    """Stacks whose runs scatter alike: pipelines of 2021 and 2022, later ones, fully sharded ones."""
    if stack in ("megatron-core", "megascale"):
        return "late"
    return "sharded" if stack == "fsdp" else "pipeline"


def write_constants(path: Path = CONSTANTS_FILE) -> None:
    """Fit on every run and keep the result; run as `python -m helpers.timing.calibration`."""
    found = fitted(observations())
    best, covariance = fit(found)
    spread = np.sqrt(np.diag(covariance))
    stacks = dict(zip(SLOWDOWN_PRIORS, spread[len(PRIORS) :], strict=True))
    stacks["unknown"] = stacks["megatron"]

    def entry(value: float, its: float) -> dict[str, float]:
        return {"value": float(f"{value:.6g}"), "spread": float(f"{its:.3g}")}

    kept = {
        "runs": len(found),
        "sources": len({o.source for o in found}),
        "constants": {n: entry(getattr(best, n), s) for n, s in zip(PRIORS, spread, strict=False)},
        "log_slowdown": {name: entry(best.log_slowdown[i], stacks[name]) for i, name in enumerate(STACKS)},
        "run_spread": {name: float(f"{x:.3g}") for name, x in run_spread(found, best).items()},
        "covariance": [[float(f"{x:.4g}") for x in row] for row in covariance],
    }
    text = json.dumps(kept, indent=1).replace(",\n   ", ", ").replace("[\n   ", "[").replace("\n  ]", "]")
    path.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_constants()
