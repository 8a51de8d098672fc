"""Figures with ranges, and seeded Monte Carlo over them with the share of each input in the result's variance."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from helpers.constants import NINETY_PERCENT
from helpers.formulas.job import Array


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


def generator(seed: int, name: str) -> np.random.Generator:
    """A generator of its own for each input, so that adding one leaves the others' samples alone."""
    digest = hashlib.sha256(f"{seed}/{name}".encode()).digest()
    return np.random.Generator(np.random.SFC64(int.from_bytes(digest[:16], "little")))


def sample(ranges: Mapping[str, tuple[float, float]], samples: int, seed: int = 0) -> dict[str, Array]:
    """Lognormal samples of 90 % ranges, 0 < low < high."""
    drawn = dict[str, Array]()
    for name, ends in ranges.items():
        mean, spread = log_parameters(*ends)
        normal = generator(seed, name).standard_normal(samples, dtype=np.float32)
        drawn[name] = np.exp(mean + spread * normal.astype(np.float64))
    return drawn


def quantile(values: Array, share: float) -> float:
    """A quantile, straight between neighbours, as `numpy.quantile` has it, which takes longer to import than to use."""
    place = share * (len(values) - 1)
    below = int(place)
    near = np.partition(values, [below, min(below + 1, len(values) - 1)])
    return float(near[below] + (place - below) * (near[min(below + 1, len(values) - 1)] - near[below]))


def summarise(result: Array, drawn: Mapping[str, Array]) -> SolvedFigure:
    """Quantiles of positive samples, and each input's share: the squared correlation of the logarithms.

    Sums of products are NumPy's, not those of its linear algebra, whose last digit depends on the processor.
    """
    low, median, high = (quantile(result, share) for share in (0.05, 0.5, 0.95))
    logarithm = np.log(result)
    deviation = logarithm - logarithm.mean()
    square = float(np.sum(deviation * deviation)) or 1.0
    shares = {}
    for name, values in drawn.items():
        own = np.log(values)
        own -= own.mean()
        shares[name] = float(np.sum(own * deviation) ** 2 / (np.sum(own * own) * square))
    return SolvedFigure(median, low, high, shares)
