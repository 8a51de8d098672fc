"""Derivations: figures worked out from other figures, by formula.

Each is an ordinary function with its formula in print; `evaluate` runs it over intervals.
"""

from __future__ import annotations

import inspect
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

    @property
    def arity(self) -> int | None:
        """How many inputs the formula takes; None for sums and products of any number."""
        parameters = inspect.signature(self.compute).parameters.values()
        return None if any(p.kind is p.VAR_POSITIONAL for p in parameters) else len(parameters)


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
    """The formula over intervals: exact for formulas that rise or fall in each input whatever the others are, as all do.

    Takes as many steps as there are inputs, so that long columns add up in a moment.
    """

    def compute(values: Sequence[float]) -> float:
        return float(derivation.compute(*values))

    middles = [(i.low + i.high) / 2 for i in inputs]
    rises = [
        compute([*middles[:k], i.low, *middles[k + 1 :]]) <= compute([*middles[:k], i.high, *middles[k + 1 :]])
        for k, i in enumerate(inputs)
    ]
    ends = [(i.low, i.high) if up else (i.high, i.low) for i, up in zip(inputs, rises, strict=True)]
    return Interval(compute([low for low, _ in ends]), compute([high for _, high in ends]))
