"""Derivations: figures worked out from other figures, by formula.

Each is an ordinary function, with its formula in print in `derivations.csv`; `evaluate` runs it over intervals.
"""

import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add, mul
from pathlib import Path
from typing import Any

from helpers.constants import SECOND_PER_DAY
from helpers.formulas import accounting, footprint
from helpers.ledger.intervals import Interval
from helpers.rows import read_rows

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


_COMPUTE: dict[str, Callable[..., Any]] = {
    "compute_6nd": lambda n, d: accounting.training_flop(n, d, 6),
    "compute_8nd": lambda n, d: accounting.training_flop(n, d, 8),
    "rate_per_chip": accounting.flop_per_s_per_chip,
    "duration_of": accounting.duration_s,
    "energy_of": lambda n, p, t, pue: footprint.energy_j(n, t, p, pue=pue),
    "energy_share": lambda n, p, t, pue, e: footprint.energy_j(n, t, p, pue=pue) / e,
    "share_saved": lambda a, b: 1 - a / b,
    "ratio_of": lambda a, b: a / b,
    "share_of": lambda a, b: a / b,
    "scaled_ratio": lambda a, b, f: b * f / a,
    "total_of": lambda *x: reduce(add, x),
    "product_of": lambda *x: reduce(mul, x),
    "words_of_text": lambda b, other_c, other_b: b * other_c / (other_b * CHARACTER_PER_WORD),
    "difference_of": lambda a, b: a - b,
    "years_between": lambda start, end: (end - start) * SECOND_PER_DAY,
}
DERIVATIONS = {
    row["name"]: Derivation(row["words"], row["latex"], row["values"], _COMPUTE[row["name"]], row["compares"] == "yes")
    for row in read_rows(Path(__file__).with_name("derivations.csv"), ("name", "words", "latex", "values", "compares"))
}


def evaluate(derivation: Derivation, inputs: Sequence[Interval]) -> Interval:
    """The formula over intervals: exact for formulas that rise or fall in each input whatever the others are, as all do.

    Takes as many steps as there are inputs, so that long columns add up in a moment.
    """
    middles, ends = [i.middle for i in inputs], list[tuple[float, float]]()
    for k, i in enumerate(inputs):
        at_low, at_high = (derivation.compute(*middles[:k], end, *middles[k + 1 :]) for end in (i.low, i.high))
        ends.append((i.low, i.high) if at_low <= at_high else (i.high, i.low))
    return Interval(*(float(derivation.compute(*values)) for values in zip(*ends, strict=True)))
