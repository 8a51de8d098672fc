"""Derivations: figures worked out from other figures, by formula.

Each is an ordinary function with its formula in print; `evaluate` runs it over intervals.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add, mul
from typing import Any

from helpers.constants import SECOND_PER_DAY
from helpers.formulas import accounting, footprint
from helpers.ledger.intervals import Interval

CHARACTER_PER_WORD = 1.6  # of Chinese text; an assumption that the verdict does not hang on


@dataclass(frozen=True)
class Derivation:
    """A formula over evidence.

    `latex` is the formula in symbols, `values` the same with its inputs as @1, @2 ... (the sign between them for
    sums and products); `compute` works it out; `compares` if it sets two systems side by side.
    """

    words: str
    latex: str
    values: str
    compute: Callable[..., Any]
    compares: bool = False

    def filled(self, numbers: Sequence[str], result: str) -> str:
        """The formula as LaTeX with numbers (LaTeX too) and result filled in; in symbols alone where that says more."""
        if not self.values:
            return self.latex
        if self.arity is None:
            return rf"{self.latex} = {f' {self.values} '.join(numbers)} = {result}"
        inputs = re.sub(r"@(\d)", lambda m: numbers[int(m[1]) - 1], self.values)
        return rf"{self.latex} = {inputs} = {result}"

    @property
    def arity(self) -> int | None:
        """How many inputs the formula takes; None for sums and products of any number."""
        parameters = inspect.signature(self.compute).parameters.values()
        return None if any(p.kind is p.VAR_POSITIONAL for p in parameters) else len(parameters)


def _energy_j(chip_count: Any, power_w: Any, duration_s: Any, pue: Any) -> Any:
    return footprint.energy_j(chip_count, duration_s, power_w, pue=pue)


DERIVATIONS: dict[str, Derivation] = {
    "compute_6nd": Derivation(
        "model FLOP from parameters and tokens",
        r"C = 6 N D",
        r"6 \times @1 \times @2",
        lambda n, d: accounting.training_flop(n, d, 6),
    ),
    "compute_8nd": Derivation(
        "FLOP with recomputation from parameters and tokens",
        r"C = 8 N D",
        r"8 \times @1 \times @2",
        lambda n, d: accounting.training_flop(n, d, 8),
    ),
    "rate_per_chip": Derivation(
        "rate per chip from compute, chips and time",
        r"R = \frac{C}{n\,t}",
        r"\frac{@1}{@2 \times @3}",
        accounting.flop_per_s_per_chip,
    ),
    "duration_of": Derivation(
        "time from compute, chips and rate",
        r"t = \frac{C}{n\,R}",
        r"\frac{@1}{@2 \times @3}",
        accounting.duration_s,
    ),
    "energy_of": Derivation(
        "energy from chips, power, time and overhead",
        r"E = n\,P\,t\,\mathrm{PUE}",
        r"@1 \times @2 \times @3 \times @4",
        _energy_j,
    ),
    "energy_share": Derivation(
        "energy as a share of another run's",
        r"s = \frac{n\,P\,t\,\mathrm{PUE}}{E_0}",
        r"\frac{@1 \times @2 \times @3 \times @4}{@5}",
        lambda n, p, t, pue, e: _energy_j(n, p, t, pue) / e,
        compares=True,
    ),
    "share_saved": Derivation(
        "share saved against another",
        r"s = 1 - \frac{a}{b}",
        r"1 - \frac{@1}{@2}",
        lambda a, b: 1 - a / b,
        compares=True,
    ),
    "ratio_of": Derivation(
        "one over the other", r"r = \frac{a}{b}", r"\frac{@1}{@2}", lambda a, b: a / b, compares=True
    ),
    "share_of": Derivation("part of a whole", r"s = \frac{a}{b}", r"\frac{@1}{@2}", lambda a, b: a / b),
    "scaled_ratio": Derivation(
        "units of the second, times what each stands for, over units of the first",
        r"r = \frac{b\,f}{a}",
        r"\frac{@2 \times @3}{@1}",
        lambda a, b, f: b * f / a,
        compares=True,
    ),
    "total_of": Derivation("sum of the cells", r"T = \sum_i x_i", "+", lambda *x: reduce(add, x)),
    "product_of": Derivation("product of the cells", r"P = \prod_i x_i", r"\times", lambda *x: reduce(mul, x)),
    "words_of_text": Derivation(
        "words from bytes, with the characters to a byte of another Chinese corpus and 1.6 characters to a word",
        r"W = \frac{B\,c}{b\,w}",
        r"\frac{@1 \times @2}{@3 \times 1.6}",
        lambda b, other_c, other_b: b * other_c / (other_b * CHARACTER_PER_WORD),
    ),
    "difference_of": Derivation("difference", r"d = a - b", "@1 - @2", lambda a, b: a - b),
    "years_between": Derivation(
        "time from one date to the other",
        r"t = t_1 - t_0",
        "",
        lambda start, end: (end - start) * SECOND_PER_DAY,
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
