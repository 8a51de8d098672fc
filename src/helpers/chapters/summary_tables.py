"""The headline: the answer to 4095 against 3640, computed once for the page, the README and the tests."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from helpers.chapters.compute_tables import like_for_like
from helpers.constants import SECOND_PER_YEAR
from helpers.formulas import accounting
from helpers.formulas.accounting import petaflop_s_day
from helpers.language import later, tr
from helpers.ledger.system_runs import PublishedRun, find_run
from helpers.ledger.tables import Tables
from helpers.numbers import words


@dataclass(frozen=True)
class Headline:
    """What the first screen says; compute in petaFLOP/s-days."""

    first: str
    second: str
    first_printed: float
    second_printed: float
    first_k: float
    second_k: float
    first_6nd: float
    second_6nd: float
    first_8nd: float
    second_8nd: float
    first_params: float
    second_params: float
    first_tokens: float
    second_tokens: float

    @property
    def less_compute(self) -> float:
        """By which share the first run took less compute than the second, on 6·N·D."""
        return 1 - self.first_6nd / self.second_6nd


def headline(tables: Tables, system: str = "yuan-1-0", reference: str = "gpt-3") -> Headline:
    """The facts of the headline.

    Raises:
        KeyError: parameters, tokens and compute of a system are not all published.
    """
    first, second = find_run(tables, system), find_run(tables, reference)
    same = like_for_like(first, second).set_index("convention")
    (a6, b6), (a8, b8) = same.loc[["6ND", "8ND"], ["first_pfday", "second_pfday"]].to_numpy().tolist()
    return Headline(
        first=first.name,
        second=second.name,
        first_printed=float(petaflop_s_day(first.flop.middle)),
        second_printed=float(petaflop_s_day(second.flop.middle)),
        first_k=first.implied_middle,
        second_k=second.implied_middle,
        first_6nd=a6,
        second_6nd=b6,
        first_8nd=a8,
        second_8nd=b8,
        first_params=first.params.middle,
        second_params=second.params.middle,
        first_tokens=first.tokens.middle,
        second_tokens=second.tokens.middle,
    )


ANSWER = later(
    "Two Chinese press articles, of October 2021 and January 2022, set the training work of the language model "
    "{a}, {a_printed:.0f} petaFLOP/s-days, beside {b}'s {b_printed:.0f} and conclude that computing efficiency "
    "improved greatly.\n\n"
    "**These two numbers cannot show that: they count different things.** Both are right as printed. But the "
    "first works out to {ka:.0f} operations for each parameter and token, the second to {kb:.0f}: the first fits "
    "a count that includes {again:.0f} done a second time to save memory. Counted alike, {a} took {a6:.0f} "
    "against {b6:.0f} (or {a8:.0f} against {b8:.0f}): {less:.0%} less, although the model is larger, {pa} "
    "parameters against {pb}, because it read fewer tokens, pieces of words, {ta} against {tb}. And less work "
    "would not mean that machines did it more efficiently."
)


def answer_values(h: Headline) -> dict[str, object]:
    """The values that `ANSWER` takes."""
    return {
        "a": h.first,
        "b": h.second,
        "a_printed": h.first_printed,
        "b_printed": h.second_printed,
        "ka": h.first_k,
        "kb": h.second_k,
        "again": h.first_k - h.second_k,
        "a6": h.first_6nd,
        "b6": h.second_6nd,
        "a8": h.first_8nd,
        "b8": h.second_8nd,
        "less": h.less_compute,
        "pa": words(h.first_params),
        "pb": words(h.second_params),
        "ta": words(h.first_tokens),
        "tb": words(h.second_tokens),
    }


@dataclass(frozen=True)
class PrintedRate:
    """The rate of one chip (FLOP/s) that an article prints, beside what the chip reaches, and what it would mean."""

    printed: float
    estimated: float
    peak: float
    chips: float
    years: float

    @property
    def share_of_peak(self) -> float:
        """The printed rate as a fraction of the peak."""
        return self.printed / self.peak

    @property
    def times_slower(self) -> float:
        """The estimated rate over the printed."""
        return self.estimated / self.printed

    @property
    def rates(self) -> pd.DataFrame:
        """Columns: what, flop_per_s."""
        rows = [("at most", self.peak), ("estimated for GPT-3's run", self.estimated), ("as printed", self.printed)]
        return pd.DataFrame(rows, columns=["what", "flop_per_s"])


def printed_rate(tables: Tables, run: PublishedRun, chip_id: str = "v100-sxm2-32gb") -> PrintedRate:
    """The rate of GPT-3's chips as printed, and the years that the run would have taken at it."""
    claims = tables["claims"].set_index("claim_id")["number"]
    rate, chips = float(claims["002-gpt3-throughput"]), float(claims["002-gpt3-gpus"])
    peak = float(tables["hardware"].set_index("accelerator_id").loc[chip_id, "peak_fp16_flop_per_s"])
    estimate = float(tables.evidence.loc["gpt-3.throughput_per_chip.patterson2021", "number"])
    years = float(accounting.duration_s(run.flop.middle, chips, rate)) / SECOND_PER_YEAR
    return PrintedRate(rate, estimate, peak, chips, years)


def press_pair(first: PublishedRun, second: PublishedRun) -> pd.DataFrame:
    """Both runs as the press sets them side by side, then in 6·N·D, then in 8·N·D.

    Columns: label, first_pfday, second_pfday.
    """
    printed = [float(accounting.petaflop_s_day(run.flop.middle)) for run in (first, second)]
    same = like_for_like(first, second).set_index("convention")
    label = tr("as printed\n({a:.0f} and {b:.0f} operations)", a=first.implied_middle, b=second.implied_middle)
    rows = [(label, *printed)]
    rows += [
        (tr("both at\n{k} operations", k=k[0]), same.loc[k, "first_pfday"], same.loc[k, "second_pfday"])
        for k in ("6ND", "8ND")
    ]
    return pd.DataFrame(rows, columns=["label", "first_pfday", "second_pfday"])
