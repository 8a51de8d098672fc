"""Charts of the accuracy chapter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from helpers.language import tr
from helpers.report.charts.row_charts import beside, cut_bar, key, row_axes
from helpers.report.figures import C1, C2, C3, C4, C5, C7, GRID, MUTED, PAGE, SMALL, drawing

MARKERS = {"sharded": (C3, "o", 3.2), "megatron": (C1, "s", 4.2), "other": (C2, "D", 4.2), "modern": (C4, "^", 3.2)}
TICKS = (0.5, 1, 2, 5, 10, 20, 50, 100, 200)
# From the model's own arithmetic outwards.
PART_COLOURS = {
    "model at peak": C1, "below peak": C3, "recomputation": C2, "bubble": C4, "memory traffic": C5, "network": C7,
    "waits and software": MUTED,
}  # fmt: skip


def predicted_chart(runs: pd.DataFrame, names: Mapping[str, str], labelled: Mapping[str, str]) -> Figure:
    """Predicted against published seconds per step, both on log axes, with 90 % intervals.

    Args:
        runs: `run_id`, `group`, `published_s`, `predicted_s`, `low_90`, `high_90`.
        names: label of each group.
        labelled: run ids to name in the drawing, and how.
    """
    with drawing(height=4.6) as figure:
        axes = figure.subplots()
        ends = [0.7 * float(runs["published_s"].min()), 1.4 * float(runs["published_s"].max())]
        axes.plot(ends, ends, color=MUTED, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
        for group, (colour, marker, size) in MARKERS.items():
            part = runs[runs["group"] == group]
            style: dict[str, Any] = {"color": colour, "markersize": size, "mec": PAGE, "mew": 0.4}
            label = f"{tr(names[group])} ({len(part)})"
            axes.vlines(part["published_s"], part["low_90"], part["high_90"], color=colour, linewidth=1, alpha=0.5)
            axes.plot(part["published_s"], part["predicted_s"], marker, linestyle="none", label=label, **style)
        _name_runs(axes, runs[runs["run_id"].isin(labelled)], labelled, ends[1])
        axes.set(xscale="log", yscale="log", xlim=ends, ylim=ends)
        axes.set_xticks(TICKS, [f"{tick:g}" for tick in TICKS])
        axes.set_yticks(TICKS, [f"{tick:g}" for tick in TICKS])
        axes.minorticks_off()
        axes.set(xlabel=tr("published seconds per step"), ylabel=tr("predicted seconds per step"))
        axes.legend(loc="upper left", fontsize=SMALL)
    return figure


def _name_runs(axes: Axes, runs: pd.DataFrame, labelled: Mapping[str, str], end: float) -> None:
    """Names beside some runs, where there is room."""
    for row in runs.to_dict("records"):
        x, y = row["published_s"], row["predicted_s"]
        place = (-6, -2), "left", "top"
        if x > 0.5 * end or x < 0.2 * end:  # no room for another label, or beside the frame
            place = (14, -2), "right", "top"
        if y < x:
            y = row["low_90"]
        elif y > x:
            place = (-7, 1), "right", "center"
        beside(axes, labelled[row["run_id"]], (x, y), *place)


def source_chart(runs: pd.DataFrame, order: Mapping[str, str]) -> Figure:
    """Errors of the runs of each source, in a row for each; the trivial baseline's as strokes.

    Args:
        runs: `source_id`, `group`, `error`, `inside`, `baseline_error` (fractions).
        order: source ids in the order of the rows, and their labels.
    """
    counts = runs.groupby("source_id")["source_id"].transform("size")
    row = runs["source_id"].map({source: place for place, (source, _) in enumerate(order.items())})
    # Dots of a crowded row are spread over its height, so that each can be seen.
    spread = row - 0.09 * (runs.groupby("source_id").cumcount() % 7 - 3).where(counts > 30, 0)
    with drawing(height=1.1 + 0.27 * len(order)) as figure:
        axes = figure.subplots()
        axes.axvline(0, color=MUTED, linewidth=1)
        for place in range(len(order)):
            axes.axhline(place, color=GRID, linewidth=0.6, zorder=0)
        for inside, said in ((True, tr("within its 90 % interval")), (False, tr("outside"))):
            part = runs["inside"] == inside
            style: dict[str, Any] = {
                "color": C1 if inside else PAGE,
                "markeredgecolor": C1 if inside else C2,
                "markersize": 4.5,
            }
            edge = 0.5 if inside else 1.4
            axes.plot(
                runs["error"][part], spread[part], "o", linestyle="none", label=said, markeredgewidth=edge, **style
            )
        stroke: dict[str, Any] = {"color": MUTED, "markersize": 8, "alpha": 0.6, "linestyle": "none", "zorder": 1.5}
        axes.plot(runs["baseline_error"], row, "|", label=tr("6·N·D at 40 % of peak"), **stroke)
        figure.legend(loc="outside upper left", ncols=2, fontsize=SMALL, handletextpad=0.2)
        labels = [f"{label} ({(runs['source_id'] == source).sum()})" for source, label in order.items()]
        row_axes(axes, labels)
        axes.set_xlabel(tr("error of the predicted time (%)"), loc="right")  # longer than the axis on a phone
        axes.xaxis.set_major_formatter(PercentFormatter(1, symbol=""))
    return figure


def seconds_chart(frame: pd.DataFrame) -> Figure:
    """Stacked bars: the share of a step's seconds that each obstacle takes, by run.

    Args:
        frame: `label`, `part`, `share`, one row per run and part.
    """
    labels = list(dict.fromkeys(frame["label"]))
    with drawing(height=1.2 + 0.36 * len(labels)) as figure:
        axes = figure.subplots()
        for row, label in enumerate(labels):
            shares = frame[frame["label"] == label].set_index("part")["share"]
            widths = {part: float(shares[part]) for part in PART_COLOURS}
            parts = ((tr(part), n, PART_COLOURS[part], f"{100 * n:.0f}") for part, n in widths.items())
            cut_bar(axes, row, parts, 0.055, 0.66)
        row_axes(axes, labels, xlim=(0, 1), xlabel=tr("share of the seconds of a step, per cent"))
        axes.xaxis.set_major_formatter(PercentFormatter(1, symbol=""))
        key(figure, {tr(part): colour for part, colour in PART_COLOURS.items()})
    return figure
