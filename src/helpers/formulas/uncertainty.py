"""Figures with ranges, and seeded Monte Carlo over them with the share of each input in the result's variance."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from helpers.constants import NINETY_PERCENT
from helpers.formulas.job import Array
from helpers.formulas.validation import InputError, number

Input = float | tuple[float, float]  # a number, or the ends of a 90 % range


@dataclass(frozen=True)
class RangeEstimate:
    """A figure and its 90 % interval."""

    middle: float
    low_90: float
    high_90: float

    @classmethod
    def about(cls, middle: float, half_width: float) -> RangeEstimate:
        """An estimate whose range is symmetric on the log scale."""
        return cls(middle, middle / math.exp(half_width), middle * math.exp(half_width))

    @property
    def half_width(self) -> float:
        """Half of the range on the log scale."""
        return math.log(self.high_90 / self.low_90) / 2

    def times(self, factor: float) -> RangeEstimate:
        """The same in another unit, or of something proportional."""
        return RangeEstimate(self.middle * factor, self.low_90 * factor, self.high_90 * factor)


@dataclass(frozen=True)
class SolvedFigure(RangeEstimate):
    """A figure, its 90 % range, and the share of each uncertain input in the variance of its logarithm."""

    shares: dict[str, float] = field(default_factory=dict)

    @property
    def known(self) -> bool:
        """False where something it takes is not known."""
        return math.isfinite(self.middle)

    @property
    def driver(self) -> str:
        """The input that the range is most due to; empty for a figure without a range."""
        return max(self.shares, key=lambda name: self.shares[name], default="")


def log_parameters(low: float, high: float) -> tuple[float, float]:
    """Mean and standard deviation of the logarithm, from the ends of a 90 % range."""
    return 0.5 * float(np.log(low) + np.log(high)), float(np.log(high / low)) / (2 * NINETY_PERCENT)


def check_range(name: str, value: Input) -> tuple[float, float]:
    """Both ends of an input; a number has two equal ends."""
    low, high = value if isinstance(value, tuple) else (value, value)
    if not (np.isfinite(low) and np.isfinite(high) and 0 < low <= high):
        raise InputError(f"{name}: {value!r} is not accepted; accepted: 0 < low <= high")
    return float(low), float(high)


def generator(seed: int, name: str) -> np.random.Generator:
    """A generator of its own for each input, so that adding one leaves the others' samples alone."""
    digest = hashlib.sha256(f"{seed}/{name}".encode()).digest()
    return np.random.Generator(np.random.SFC64(int.from_bytes(digest[:16], "little")))


def sample(inputs: Mapping[str, Input], samples: int = 100_000, seed: int = 0) -> dict[str, Any]:
    """Lognormal samples of the ranges; plain numbers stay numbers."""
    drawn, samples = dict[str, Any](), int(number("samples", samples))
    for name, value in inputs.items():
        low, high = check_range(name, value)
        if low == high:
            drawn[name] = low
            continue
        mean, spread = log_parameters(low, high)
        normal = generator(seed, name).standard_normal(samples, dtype=np.float32)
        drawn[name] = np.exp(mean + spread * normal.astype(np.float64))
    return drawn


def quantile(values: Array, share: float) -> float:
    """A quantile, straight between neighbours, as `numpy.quantile` has it, which takes longer to import than to use."""
    place = share * (len(values) - 1)
    below = int(place)
    near = np.partition(values, [below, min(below + 1, len(values) - 1)])
    return float(near[below] + (place - below) * (near[min(below + 1, len(values) - 1)] - near[below]))


def summarise(result: Array, drawn: Mapping[str, Any]) -> SolvedFigure:
    """Quantiles of positive samples, and each input's share: the squared correlation of the logarithms.

    Sums of products are NumPy's, not those of its linear algebra, whose last digit depends on the processor.
    """
    low, median, high = (quantile(result, share) for share in (0.05, 0.5, 0.95))
    logarithm = np.log(result)
    deviation = logarithm - logarithm.mean()
    square = float(np.sum(deviation * deviation)) or 1.0
    shares = {}
    for name, values in drawn.items():
        if np.ndim(values):
            own = np.log(values)
            own -= own.mean()
            shares[name] = float(np.sum(own * deviation) ** 2 / (np.sum(own * own) * square))
    return SolvedFigure(median, low, high, shares)
