"""Bars as lines of the page, those of the summary among them: words beside them stay text, of the page's size on a phone and in any language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pandas as pd

from helpers.chapters.summary_tables import PrintedRate
from helpers.language import named, tr, translated
from helpers.numbers import grouped, percent, times, words
from helpers.report.text import Html, fill, say

UNITS = 1000  # of a drawing's width


class Bar(NamedTuple):
    """One line: what it is of, its parts from the left as length and name of a colour, and the figure in words.

    A name of a colour that ends in `-open` is outlined only.
    """

    label: str
    parts: Sequence[tuple[float, str]]
    text: str


def bar_list(bars: Sequence[Bar], longest: float = 0.0) -> Html:
    """Bars from zero on one scale, longest first or in the order given.

    Args:
        longest: length that fills the width; that of the longest bar, if not given.

    Raises:
        ValueError: no bars, or none with a length.
    """
    full = longest or max((sum(length for length, _ in bar.parts) for bar in bars), default=0.0)
    if not full > 0:
        raise ValueError("bar list: nothing to draw")
    return fill("bars", bars=[(bar.label, _drawn(bar, UNITS / full), bar.text) for bar in bars], units=UNITS)


def _drawn(bar: Bar, scale: float) -> Iterator[tuple[str, str, str]]:
    """Colour, place and width of each part."""
    left = 0.0
    for length, colour in bar.parts:
        yield colour, f"{left:.1f}", f"{max(scale * length, 1.5):.1f}"
        left += scale * length


def saving_bars(savings: pd.DataFrame, energy: pd.DataFrame) -> Html:
    """Chips of M6 beside its rivals', then energy as a share of GPT-3's; from `chip_savings` and `energy_table`."""
    own = int(savings["own"].max())
    chips = [Bar(tr("M6 (V100)"), [(own, "c1")], grouped(own))]
    for row in savings.to_dict("records"):
        said = tr("{n}, {share} as many", n=grouped(row["other"]), share=times(row["other"] / own))
        counted = tr(
            "{rival}: {chip}, {counted}", rival=named(row["rival"]), chip=row["chip"], counted=tr(row["counted"])
        )
        chips.append(Bar(counted, [(row["other"], "c8")], said))
    mwh = [Bar(tr("GPT-3, an estimate"), [(1, "c8")], "100 %")]
    mwh += [Bar(row["name"], [(row["share"], "c1")], percent(row["share"])) for row in energy.to_dict("records")]
    heads = say("Chips used"), say("Energy, GPT-3 = 100 %")
    return Html(heads[0] + bar_list(chips) + heads[1] + bar_list(mwh))


def mixture_bars(mix: pd.DataFrame) -> Html:
    """Tokens of each part, in the paper and as printed; from `mixture_table`."""
    bars = []
    for row in mix.to_dict("records"):
        part = translated(row["part"])
        bars.append(Bar(part[0].upper() + part[1:], [(row["paper_tokens"], "c8")], words(row["paper_tokens"])))
        bars.append(Bar(tr("as printed"), [(row["printed_tokens"], "wrong")], words(row["printed_tokens"])))
    return bar_list(bars)


def rate_bars(rate: PrintedRate) -> Html:
    """What a chip does at most, what was estimated, and what is printed."""
    return bar_list(
        [
            Bar(tr("V100, at most"), [(rate.peak, "c8")], f"{rate.peak / 1e12:.0f} TFLOP/s"),
            Bar(tr("estimated for GPT-3's run"), [(rate.estimated, "c1")], f"{rate.estimated / 1e12:.1f} TFLOP/s"),
            Bar(tr("as printed"), [(rate.printed, "wrong")], f"{rate.printed / 1e12:.2f} TFLOP/s"),
        ]
    )
