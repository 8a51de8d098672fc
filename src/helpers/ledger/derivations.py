"""Derivations: figures worked out from other figures, by formula.

Each is an ordinary function with its formula in print; `evaluate` runs it over intervals.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add, mul
from typing import Any

from helpers.formulas import accounting
from helpers.ledger.intervals import Interval

DAYS_PER_YEAR = 365.25


@dataclass(frozen=True)
class Derivation:
    """A formula over evidence: `latex` for readers, `compute` for numbers, `compares` if it sets two systems side by side."""

    latex: str
    words: str
    compute: Callable[..., Any]
    compares: bool = False


DERIVATIONS: dict[str, Derivation] = {
    "compute_6nd": Derivation(
        r"C = 6 N D", "model FLOP from parameters and tokens", lambda n, d: accounting.training_flop(n, d, 6)
    ),
    "compute_8nd": Derivation(
        r"C = 8 N D",
        "FLOP with recomputation from parameters and tokens",
        lambda n, d: accounting.training_flop(n, d, 8),
    ),
    "rate_per_chip": Derivation(
        r"R = \frac{C}{n\,t}", "rate per chip from compute, chips and time", lambda c, n, t: c / (n * t)
    ),
    "duration_of": Derivation(r"t = \frac{C}{n\,R}", "time from compute, chips and rate", accounting.duration_s),
    "energy_of": Derivation(
        r"E = n\,P\,t\,\mathrm{PUE}",
        "energy from chips, power, time and overhead",
        lambda n, p, t, pue: n * p * t * pue,
    ),
    "energy_share": Derivation(
        r"s = \frac{n\,P\,t\,\mathrm{PUE}}{E_0}",
        "energy as a share of another run's",
        lambda n, p, t, pue, e: n * p * t * pue / e,
        compares=True,
    ),
    "share_saved": Derivation(
        r"s = 1 - \frac{a}{b}", "share saved against another", lambda a, b: 1 - a / b, compares=True
    ),
    "ratio_of": Derivation(r"r = \frac{a}{b}", "one over the other", lambda a, b: a / b, compares=True),
    "share_of": Derivation(r"s = \frac{a}{b}", "part of a whole", lambda a, b: a / b),
    "scaled_ratio": Derivation(
        r"r = \frac{b\,f}{a}",
        "units of the second, times units each stands for, over units of the first",
        lambda a, b, f: b * f / a,
        compares=True,
    ),
    "total_of": Derivation(r"T = \sum_i x_i", "sum of the cells", lambda *x: reduce(add, x)),
    "product_of": Derivation(r"P = \prod_i x_i", "product of the cells", lambda *x: reduce(mul, x)),
    "difference_of": Derivation(r"d = a - b", "difference", lambda a, b: a - b),
    "years_between": Derivation(
        r"t = t_1 - t_0",
        "time from one date to the other",
        lambda start, end: (end - start) * accounting.SECOND_PER_DAY,
    ),
}


def evaluate(derivation: Derivation, inputs: Sequence[Interval]) -> Interval:
    """The formula over intervals, by their corners: exact for formulas monotone in each input, as all are."""
    corners = [float(derivation.compute(*corner)) for corner in itertools.product(*((i.low, i.high) for i in inputs))]
    return Interval(min(corners), max(corners))
