"""Bars as lines of the page, those of the summary among them: words beside them stay text, of the page's size on a phone and in any language."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers.chapters.summary_tables import PrintedRate
from helpers.language import named, tr, translated
from helpers.numbers import grouped, percent, times, words
from helpers.report.palette import grade_name, role
from helpers.report.text import Html, fill, say
from helpers.scenarios.wording import amount

ROOM = 3.3  # per cent of a bar's width that a letter takes on a phone
# Where the seconds of a step go, from the model's own arithmetic outwards.
PART_COLOURS = {
    "model at peak": "c1", "below peak": "c3", "recomputation": "c2", "bubble": "c4", "memory traffic": "c5",
    "network": "c7", "waits and software": "muted",
}  # fmt: skip


@dataclass(frozen=True)
class Piece:
    """A piece of a bar: its length, the name of a colour, its own name and its value in words; filled or only outlined."""

    length: float
    colour: str
    name: str = ""
    said: str = ""
    filled: bool = True


@dataclass(frozen=True)
class Bar:
    """One line: what it is of, its parts from the left, and the figure in words."""

    label: str
    parts: Sequence[Piece]
    said: str
    reach: tuple[float, float] | None = None  # ends of a range, drawn as a line


def bar(label: str, length: float, colour: str, said: str) -> Bar:
    """A line of one piece."""
    return Bar(label, [Piece(length, colour)], said)


def bar_list(bars: Sequence[Bar], longest: float = 0.0, keys: Mapping[str, str] | None = None) -> Html:
    """Bars from zero on one scale, longest first or in the order given.

    Args:
        longest: length that fills the width; that of the longest bar, if not given.
        keys: what colours stand for, below the bars.

    Raises:
        ValueError: no bars, or none with a length.
    """
    full = longest or max((sum(part.length for part in bar.parts) for bar in bars), default=0.0)
    if not full > 0:
        raise ValueError("bar list: nothing to draw")
    scale = 100 / full
    return fill("bars", bars=[(bar, [*_placed(bar, scale)]) for bar in bars], scale=scale, role=role, keys=keys or {})


def _placed(bar: Bar, scale: float) -> Iterator[dict[str, Any]]:
    """Each part with its place and its width in per cent, and where its value stands, if there is room."""
    left = 0.0
    for part in bar.parts:
        width = scale * part.length
        middle = f"{left + width / 2:.2f}" if width > ROOM * len(part.said) else ""
        yield {"part": part, "left": f"{left:.2f}", "width": f"{max(width, 0.15):.2f}", "middle": middle}
        left += width


def pass_bars(work: pd.DataFrame) -> Html:
    """Runs cut into passes, of which some are not in the published figure; from `passes`."""
    colours, bars = dict(zip(dict.fromkeys(work["step"]), ("c1", "c3", "c2"), strict=True)), []
    for system, rows in work.groupby("system", sort=False):
        parts = [
            Piece(row["pfday"], colours[row["step"]], row["step"], grouped(row["pfday"]), row["counted"])
            for row in rows.to_dict("records")
        ]  # fmt: skip
        bars.append(Bar(str(system), parts, tr("{n} PD counted", n=grouped(rows["pfday"][rows["counted"]].sum()))))
    return bar_list(bars, keys=colours)


def cut_bars(frame: pd.DataFrame, colours: Mapping[str, str], form: str, said: Sequence[str]) -> Html:
    """A bar for each row, cut into its columns.

    Args:
        frame: lengths; a row for each bar, the index its label, a column for each part.
        colours: of the columns, in their order.
        form: how a length is written.
        said: what stands beside each bar.
    """
    bars = [
        Bar(str(label), [Piece(row[c], colour, tr(c), form.format(row[c])) for c, colour in colours.items() if row[c]], words)
        for (label, row), words in zip(frame.iterrows(), said, strict=True)
    ]  # fmt: skip
    return bar_list(bars, keys={tr(column): colour for column, colour in colours.items()})


def seconds_bars(frame: pd.DataFrame) -> Html:
    """The share of a step's seconds that each obstacle takes, by run; from `seconds_table`."""
    shares = 100 * frame.set_index(["label", "part"])["share"].unstack(sort=False)[list(PART_COLOURS)]
    return cut_bars(shares, PART_COLOURS, "{:.0f}", [""] * len(shares))


def grade_bars(counts: pd.DataFrame, articles: pd.DataFrame) -> Html:
    """Claims of each article by grade; from `graded_by` and the table of articles, which has their months."""
    labels = {
        row["article_id"]: f"{tr('Article {id}', id=row['article_id'])} · {row['published'][:7]}"
        for row in articles.to_dict("records")
    }
    colours = {str(grade): grade_name(str(grade)) for grade in counts.columns}
    said = [tr("{n} claims", n=n) for n in counts.sum(axis=1)]
    return cut_bars(counts.rename(index=labels), colours, "{}", said)


def comparison_bars(numbers: pd.DataFrame, quantities: Sequence[str]) -> Html:
    """A bar and its 90 % range for each scenario, a list for each figure, each from zero.

    Args:
        numbers: `scenario`, `quantity`, `figure`, `middle`, `low_90`, `high_90`.
        quantities: which; those that are unknown for every scenario are left out.
    """
    told = []
    for quantity in quantities:
        rows = numbers[numbers["quantity"] == quantity].to_dict("records")
        if any(row["middle"] == row["middle"] for row in rows):
            longest = max(max(row["middle"], row["high_90"]) for row in rows if row["middle"] == row["middle"])
            told += [say(rows[0]["figure"]), bar_list([_compared(quantity, row) for row in rows], longest)]
    return Html("".join(told))


def _compared(quantity: str, row: Mapping[str, Any]) -> Bar:
    middle, low, high = (row[name] for name in ("middle", "low_90", "high_90"))
    if middle != middle:
        return Bar(row["scenario"], [], tr("not known"))
    return Bar(row["scenario"], [Piece(middle, "c1")], amount(quantity, middle), (low, high) if low < high else None)


def saving_bars(savings: pd.DataFrame, energy: pd.DataFrame) -> Html:
    """Chips of M6 beside its rivals', then energy as a share of GPT-3's; from `chip_savings` and `energy_table`."""
    own = int(savings["own"].max())
    chips = [bar(tr("M6 (V100)"), own, "c1", grouped(own))]
    for row in savings.to_dict("records"):
        said = tr("{n}, {share} as many", n=grouped(row["other"]), share=times(row["other"] / own))
        counted = tr(
            "{rival}: {chip}, {counted}", rival=named(row["rival"]), chip=row["chip"], counted=tr(row["counted"])
        )
        chips.append(bar(counted, row["other"], "c8", said))
    mwh = [bar(tr("GPT-3, an estimate"), 1, "c8", percent(1))]
    mwh += [bar(row["name"], row["share"], "c1", percent(row["share"])) for row in energy.to_dict("records")]
    heads = say("Chips used"), say("Energy, GPT-3 = 100 %")
    return Html(heads[0] + bar_list(chips) + heads[1] + bar_list(mwh))


def mixture_bars(mix: pd.DataFrame) -> Html:
    """Tokens of each part, as printed within what the paper has; from `mixture_table`."""
    bars = []
    for row in mix.to_dict("records"):
        part, printed, paper = translated(row["part"]), row["printed_tokens"], row["paper_tokens"]
        pieces = Piece(printed, "wrong"), Piece(paper - printed, "c8")
        said = tr("{printed}, not {paper}", printed=words(printed), paper=words(paper))
        bars.append(Bar(part[0].upper() + part[1:], pieces, said))
    return bar_list(bars, keys={tr("as printed"): "wrong", tr("what the paper has besides"): "c8"})


def rate_bars(rate: PrintedRate) -> Html:
    """What a chip does at most, what was estimated, and what is printed."""
    return bar_list(
        [
            bar(tr("V100, at most"), rate.peak, "c8", f"{rate.peak / 1e12:.0f} TFLOP/s"),
            bar(tr("estimated for GPT-3's run"), rate.estimated, "c1", f"{rate.estimated / 1e12:.1f} TFLOP/s"),
            bar(tr("as printed"), rate.printed, "wrong", f"{rate.printed / 1e12:.2f} TFLOP/s"),
        ]
    )
