"""Chains: a result with its formula, its values and its sources."""

from __future__ import annotations

from helpers.ledger.system_runs import PublishedRun
from helpers.numbers import latex
from helpers.report.text import Formula, equation


def implied_chain(run: PublishedRun) -> Formula:
    """k = C/(N·D) of a run with its published values, and the range that their rounding allows."""
    fits = [c.value for c in run.conventions()]
    sign = rf"\ \Rightarrow\ \mathrm{{{fits[0]}}}" if fits else ""
    return equation(
        r"k = \frac{C}{N\,D} = \frac{@c}{@n \times @d} = @k \quad (@low\ \ldots\ @high)@sign",
        c=latex(run.flop.middle, 5),
        n=latex(run.params.middle, 5),
        d=latex(run.tokens.middle, 3),
        k=f"{run.implied_middle:.3f}",
        low=f"{run.implied.low:.2f}",
        high=f"{run.implied.high:.2f}",
        sign=sign,
    )
