"""Figures of a scenario with their ranges: the middle by `evaluate`, the range by a seeded Monte Carlo."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from helpers.formulas.uncertainty import Array, SolvedFigure, sample, summarise
from helpers.scenarios.fields import FIELDS
from helpers.scenarios.inputs import Inputs
from helpers.scenarios.solving import evaluate

SAMPLES = 20_000
SEED = 0
ROUNDING = 1e-9  # a spread below this share is arithmetic, not doubt
MATTERS = 0.01  # share of the variance from which an input is named


def figures_of(inputs: Inputs, samples: int = SAMPLES, seed: int = SEED) -> dict[str, SolvedFigure]:
    """Every figure of a scenario; the middle is `evaluate` at the middle of the inputs, exactly."""
    middle = evaluate(inputs.solve_for, **inputs.numbers)
    drawn = _drawn(inputs, samples, seed)
    spread = evaluate(inputs.solve_for, **{**inputs.numbers, **drawn})
    return {name: _figure(float(value), spread[name], drawn) for name, value in middle.items()}


def _drawn(inputs: Inputs, samples: int, seed: int) -> dict[str, Array]:
    """Samples within what the fields accept: no utilisation above one."""
    drawn = sample(inputs.ranges, samples, seed)
    accepted = {name: FIELDS["params" if name == "active_params" else name].accepted for name in drawn}
    return {name: np.clip(drawn[name], known.low, known.high) for name, known in accepted.items() if known}


def _figure(middle: float, samples: float | Array, drawn: dict[str, Array]) -> SolvedFigure:
    if not np.ndim(samples) or not math.isfinite(middle) or np.ptp(samples) <= ROUNDING * middle:
        return SolvedFigure(middle, middle, middle)
    found = summarise(np.asarray(samples, float), drawn)
    shares = {name: share for name, share in found.shares.items() if share >= MATTERS}
    return replace(found, middle=middle, shares=shares)


def probability(inputs: Inputs, name: str, most: float, samples: int = SAMPLES, seed: int = SEED) -> float:
    """How often a figure stays within a limit."""
    values = evaluate(inputs.solve_for, **{**inputs.numbers, **_drawn(inputs, samples, seed)})[name]
    return float(np.mean(np.asarray(values) <= most))
