"""Charts with a row for each thing: its name on the left, its marks along one axis."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from helpers.language import later, tr
from helpers.numbers import scientific, signed_percent
from helpers.report.figures import C1, C2, GRID, INK, MUTED, PAGE, SMALL, drawing, mark_words, told

CONVENTION_LINES = {6: later("6ND\nmodel"), 8: later("8ND\nrecomputation")}


def row_axes(axes: Axes, labels: Sequence[str], size: float = SMALL, room: float = 0.0, **settings: Any) -> None:
    """A row with a line for each label from the top down, at the heights 0, 1, ...; `room` is left above the first, in rows."""
    axes.set(yticks=[], ylim=(len(labels) - 0.4, -0.6 - room), **settings)
    axes.spines["left"].set_visible(False)
    beside: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points"}
    for place, label in enumerate(labels):
        axes.axhline(place, color=GRID, linewidth=0.6, zorder=0)
        axes.annotate(label, (0, place), xytext=(-6, 0), ha="right", va="center", color=INK, fontsize=size, **beside)


def implied_convention_chart(frame: pd.DataFrame) -> Figure:
    """Points with their printed precision: FLOP per parameter and token of each published run.

    Args:
        frame: `system`, `k`, `k_low`, `k_high`.
    """
    with drawing(height=0.9 + 0.27 * len(frame)) as figure:
        axes, rows = figure.subplots(), range(len(frame))
        ground = {"facecolor": PAGE, "edgecolor": "none", "pad": 1}
        for k, label in CONVENTION_LINES.items():
            axes.axvline(k, color=MUTED, linestyle=(0, (4, 3)), linewidth=1)
            axes.text(k, -0.7, tr(label), ha="center", va="bottom", fontsize=SMALL, bbox=ground)
        axes.hlines(rows, frame["k_low"], frame["k_high"], color=C1, linewidth=2.2)
        (dots,) = axes.plot(frame["k"], rows, "o", color=C1, markersize=5)
        said = ["{k:.2f} ({k_low:.2f} … {k_high:.2f})".format(**run) for run in frame.to_dict("records")]
        told(dots, [*map(mark_words, frame["system"], said)])
        row_axes(axes, list(frame["system"]), 9, 1.3, xlabel=tr("FLOP per parameter and token, k = C / (N·D)"))
        axes.grid(visible=False)
    return figure


def rival_chart(systems: pd.DataFrame) -> Figure:
    """Compute on one accounting as points on a log axis; the scenario's own stands out.

    Args:
        systems: `system`, `training_flop`, `own`, largest first.
    """
    with drawing(height=0.7 + 0.24 * len(systems)) as figure:
        axes, flop = figure.subplots(), systems["training_flop"]
        for place, row in enumerate(systems.to_dict("records")):
            (dot,) = axes.plot(row["training_flop"], place, "o", color=C2 if row["own"] else C1, markersize=5.5)
            told(dot, [mark_words(row["system"], f"{scientific(row['training_flop'])} FLOP")])
        ends = 0.5 * float(flop.min()), 2 * float(flop.max())
        row_axes(axes, list(systems["system"]), xscale="log", xlim=ends, xlabel="FLOP, 6·N·D")
    return figure


def source_chart(runs: pd.DataFrame, order: Mapping[str, str]) -> Figure:
    """Errors of the runs of each source, in a row for each; the trivial baseline's as strokes.

    Args:
        runs: `run_id`, `source_id`, `error`, `inside`, `baseline_error` (fractions).
        order: source ids in the order of the rows, and their labels.
    """
    counts = runs.groupby("source_id")["source_id"].transform("size")
    row = runs["source_id"].map({source: place for place, (source, _) in enumerate(order.items())})
    # Dots of a crowded row are spread over its height, so that each can be seen.
    spread = row - 0.09 * (runs.groupby("source_id").cumcount() % 7 - 3).where(counts > 30, 0)
    with drawing(height=1.1 + 0.27 * len(order)) as figure:
        axes = figure.subplots()
        axes.axvline(0, color=MUTED, linewidth=1)
        for inside, said in ((True, tr("within its 90 % interval")), (False, tr("outside"))):
            part = runs["inside"] == inside
            paint = {"color": C1, "mec": C1, "mew": 0.5} if inside else {"color": PAGE, "mec": C2, "mew": 1.4}
            dots: dict[str, Any] = {"linestyle": "none", "markersize": 4.5, **paint}
            (drawn,) = axes.plot(runs["error"][part], spread[part], "o", label=said, **dots)
            told(drawn, [*map(mark_words, runs["run_id"][part], runs["error"][part].map(signed_percent))])
        stroke: dict[str, Any] = {"color": MUTED, "markersize": 8, "alpha": 0.6, "linestyle": "none", "zorder": 1.5}
        axes.plot(runs["baseline_error"], row, "|", label=tr("6·N·D at 40 % of peak"), **stroke)
        figure.legend(loc="outside upper left", ncols=2, fontsize=SMALL, handletextpad=0.2)
        row_axes(axes, [f"{label} ({(runs['source_id'] == source).sum()})" for source, label in order.items()])
        axes.set_xlabel(tr("error of the predicted time (%)"), loc="right")  # longer than the axis on a phone
        axes.xaxis.set_major_formatter(PercentFormatter(1, symbol=""))
    return figure
