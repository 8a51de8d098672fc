"""Charts of the accuracy chapter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import PercentFormatter

from helpers.language import tr
from helpers.report.figures import C1, C2, C3, C4, C5, C7, GRID, MUTED, PAGE, SMALL, drawing, label_row

MARKERS = {"sharded": (C3, "o", 3.2), "megatron": (C1, "s", 4.2), "other": (C2, "D", 4.2), "modern": (C4, "^", 3.2)}
# From the model's own arithmetic outwards.
PART_COLOURS = {
    "model at peak": C1,
    "below peak": C3,
    "recomputation": C2,
    "bubble": C4,
    "memory traffic": C5,
    "network": C7,
    "waits and software": MUTED,
}


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
            axes.vlines(part["published_s"], part["low_90"], part["high_90"], color=colour, linewidth=1, alpha=0.5)
            axes.plot(
                part["published_s"],
                part["predicted_s"],
                marker,
                color=colour,
                markersize=size,
                markeredgecolor=PAGE,
                markeredgewidth=0.4,
                linestyle="none",
                label=f"{tr(names[group])} ({len(part)})",
            )
        _name_runs(axes, runs[runs["run_id"].isin(labelled)], labelled, ends[1])
        ticks = [0.5, 1, 2, 5, 10, 20, 50, 100, 200]
        labels = [f"{tick:g}" for tick in ticks]
        axes.set(xscale="log", yscale="log", xlim=ends, ylim=ends)
        axes.set_xticks(ticks, labels)
        axes.set_yticks(ticks, labels)
        axes.minorticks_off()
        axes.set(xlabel=tr("published seconds per step"), ylabel=tr("predicted seconds per step"))
        axes.legend(loc="upper left", fontsize=SMALL)
    return figure


def _name_runs(axes: Axes, runs: pd.DataFrame, labelled: Mapping[str, str], end: float) -> None:
    """Names beside some runs, where there is room."""
    for row in runs.to_dict("records"):
        x, y = row["published_s"], row["predicted_s"]
        beside: dict[str, Any] = {"xytext": (-6, -2), "ha": "left", "va": "top"}
        if x > 0.5 * end or x < 0.2 * end:  # no room for another label, or beside the frame
            beside = {"xytext": (14, -2), "ha": "right", "va": "top"}
        if y < x:
            y = row["low_90"]
        elif y > x:
            beside = {"xytext": (-7, 1), "ha": "right", "va": "center"}
        axes.annotate(labelled[row["run_id"]], (x, y), textcoords="offset points", fontsize=SMALL, **beside)


def source_chart(runs: pd.DataFrame, order: Mapping[str, str]) -> Figure:
    """Errors of the runs of each source, in a row for each; the trivial baseline's as strokes.

    Args:
        runs: `source_id`, `group`, `error`, `inside`, `baseline_error` (fractions).
        order: source ids in the order of the rows, and their labels.
    """
    with drawing(height=1.1 + 0.27 * len(order)) as figure:
        axes = figure.subplots()
        axes.axvline(0, color=MUTED, linewidth=1)
        for row, (source, label) in enumerate(order.items()):
            part, place = runs[runs["source_id"] == source], len(order) - 1 - row
            heights = pd.Series([place + _offset(i, len(part)) for i in range(len(part))], index=part.index)
            axes.axhline(place, color=GRID, linewidth=0.6, zorder=0)
            axes.plot(
                part["baseline_error"], [place] * len(part), "|", color=MUTED, markersize=8, alpha=0.6, linestyle="none"
            )
            for inside in (True, False):
                chosen = part[part["inside"] == inside]
                axes.plot(chosen["error"], heights[chosen.index], "o", **_dot(inside), alpha=0.7 if inside else 1)
            label_row(axes, place, f"{label} ({len(part)})", SMALL)
        plain: dict[str, Any] = {"color": C1, "markersize": 4.5, "linestyle": "none"}
        stroke: dict[str, Any] = {"marker": "|", "color": MUTED, "markersize": 8, "linestyle": "none"}
        handles = [
            Line2D([], [], marker="o", **plain, label=tr("within its 90 % interval")),
            Line2D([], [], marker="o", **_dot(False), label=tr("outside")),
            Line2D([], [], **stroke, label=tr("6·N·D at 40 % of peak")),
        ]
        figure.legend(handles=handles, loc="outside upper left", ncols=2, fontsize=SMALL, handletextpad=0.2)
        axes.set(yticks=[], ylim=(-0.7, len(order) - 0.3), xlabel=tr("error of the predicted time (%)"))
        axes.xaxis.set_major_formatter(PercentFormatter(1, symbol=""))
        axes.spines["left"].set_visible(False)
        axes.grid(visible=False, axis="y")
    return figure


def _dot(inside: bool) -> dict[str, Any]:
    """How a run is drawn, by whether it lies within its interval."""
    style: dict[str, Any] = {"color": C1 if inside else PAGE, "markersize": 4.5, "linestyle": "none"}
    return {**style, "markeredgecolor": C1 if inside else C2, "markeredgewidth": 0.5 if inside else 1.4}


def _offset(index: int, count: int) -> float:
    """Dots of a crowded row spread over its height, so that each can be seen."""
    return 0.09 * (index % 7 - 3) if count > 30 else 0.0


def seconds_chart(frame: pd.DataFrame) -> Figure:
    """Stacked bars: the share of a step's seconds that each obstacle takes, by run.

    Args:
        frame: `label`, `part`, `share`, one row per run and part.
    """
    labels = list(dict.fromkeys(frame["label"]))
    with drawing(height=1.2 + 0.36 * len(labels)) as figure:
        axes = figure.subplots()
        for row, label in enumerate(labels):
            left, place = 0.0, len(labels) - 1 - row
            shares = frame[frame["label"] == label].set_index("part")["share"]
            for part, colour in PART_COLOURS.items():
                width = float(shares[part])
                named = tr(part) if row == 0 else None
                axes.barh(place, width, 0.66, left, color=colour, edgecolor=PAGE, linewidth=0.8, label=named)
                if width > 0.055:
                    middle: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": SMALL, "color": PAGE}
                    axes.text(left + width / 2, place, f"{100 * width:.0f}", **middle)
                left += width
            axes.annotate(
                label, (0, place), xytext=(-5, 0), textcoords="offset points", ha="right", va="center", fontsize=SMALL
            )
        axes.set(yticks=[], xlim=(0, 1), xlabel=tr("share of the seconds of a step, per cent"))
        axes.xaxis.set_major_formatter(PercentFormatter(1, symbol=""))
        axes.spines["left"].set_visible(False)
        axes.grid(visible=False, axis="y")
        figure.legend(loc="outside upper left", ncols=3, fontsize=SMALL, columnspacing=1.2, handlelength=1.2)
    return figure
