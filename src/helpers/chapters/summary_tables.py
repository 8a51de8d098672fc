"""The headline: the answer to 4095 against 3640, computed once for the page, the README and the tests."""

from pathlib import Path
from typing import NamedTuple

import pandas as pd

from helpers.chapters.compute_tables import ASSUMED_CHIP, like_for_like
from helpers.constants import SECOND_PER_YEAR
from helpers.formulas import accounting
from helpers.formulas.hardware import lookup
from helpers.language import tr
from helpers.ledger.evidence import best_number
from helpers.ledger.system_runs import PublishedRun, find_run
from helpers.ledger.tables import Tables
from helpers.numbers import words
from helpers.structured import read_toml

ANSWER: str = read_toml(Path(__file__).with_name("summary.toml"))["answer"]


def headline(tables: Tables) -> dict[str, object]:
    """The values that `ANSWER` takes, compute in petaFLOP/s-days: `a...` of Yuan 1.0, `b...` of GPT-3."""
    runs = find_run(tables, "yuan-1-0"), find_run(tables, "gpt-3")
    same = like_for_like(*runs).set_index("convention")[["first_pfday", "second_pfday"]]
    values: dict[str, object] = {
        "again": runs[0].implied_middle - runs[1].implied_middle,
        "less": 1 - same.loc["6ND", "first_pfday"] / same.loc["6ND", "second_pfday"],
    }
    for letter, run, column in zip("ab", runs, same, strict=True):
        values |= {
            letter: run.name,
            f"{letter}_printed": accounting.petaflop_s_day(run.flop.middle),
            f"{letter}6": same.loc["6ND", column],
            f"{letter}8": same.loc["8ND", column],
            f"k{letter}": run.implied_middle,
            f"p{letter}": words(run.params.middle),
            f"t{letter}": words(run.tokens.middle),
        }
    return values


class PrintedRate(NamedTuple):
    """The rate of one chip (FLOP/s) that an article prints, beside what the chip reaches, and what it would mean."""

    printed: float
    estimated: float
    peak: float
    chips: float
    years: float

    @property
    def rates(self) -> pd.DataFrame:
        """Columns: what, flop_per_s."""
        rows = [("at most", self.peak), ("estimated for GPT-3's run", self.estimated), ("as printed", self.printed)]
        return pd.DataFrame(rows, columns=["what", "flop_per_s"])


def printed_rate(tables: Tables, run: PublishedRun) -> PrintedRate:
    """The rate of GPT-3's chips as printed, and the years that the run would have taken at it."""
    rate, chips = (float(tables.claim_rows[f"002-gpt3-{name}"]["number"]) for name in ("throughput", "gpus"))
    estimate = best_number(tables, "gpt-3", "throughput_per_chip", "patterson2021")
    years = float(accounting.duration_s(run.flop.middle, chips, rate)) / SECOND_PER_YEAR
    return PrintedRate(rate, estimate, lookup(ASSUMED_CHIP).peak_flop_per_s, chips, years)


def press_pair(first: PublishedRun, second: PublishedRun) -> pd.DataFrame:
    """Both runs as the press sets them side by side, then in 6·N·D, then in 8·N·D.

    Columns: label, first_pfday, second_pfday.
    """
    same = like_for_like(first, second).set_index("convention").loc[["6ND", "8ND"], ["first_pfday", "second_pfday"]]
    label = tr("as printed\n({a:.0f} and {b:.0f} operations)", a=first.implied_middle, b=second.implied_middle)
    printed = [(label, *(accounting.petaflop_s_day(run.flop.middle) for run in (first, second)))]
    alike = [(tr("both at\n{k} operations", k=k[0]), *pair) for k, *pair in same.itertuples()]
    return pd.DataFrame(printed + alike, columns=["label", *same.columns])
