"""Charts of the compute chapter."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.language import later, tr
from helpers.numbers import grouped
from helpers.report.figures import C1, C2, C3, GRID, INK, MUTED, PAGE, SMALL, drawing, label_row

CONVENTION_LINES = {6: later("6ND\nmodel"), 8: later("8ND\nrecomputation")}


def pass_chart(frame: pd.DataFrame) -> Figure:
    """A bar for each run, cut into passes; what its published figure leaves out is only outlined.

    Args:
        frame: `system`, `step`, `pfday`, `counted`.
    """
    systems = list(dict.fromkeys(frame["system"]))
    colours = dict(zip(dict.fromkeys(frame["step"]), (C1, C3, C2), strict=False))
    with drawing(height=0.9 + 0.7 * len(systems)) as figure:
        axes = figure.subplots()
        for row, system in enumerate(reversed(systems)):
            _cut_bar(axes, row, frame[frame["system"] == system], colours)
            label_row(axes, row, system)
        axes.set(yticks=[], xlabel=tr("petaFLOP/s-days"), ylim=(-0.6, len(systems) - 0.4))
        axes.spines["left"].set_visible(False)
        axes.grid(visible=False, axis="y")
        handles = [axes.barh(-9, 0, color=colour, label=step) for step, colour in colours.items()]
        handles.append(axes.barh(-9, 0, facecolor="none", edgecolor=C2, label=tr("not in the published figure")))
        figure.legend(handles=handles, loc="outside upper left", ncols=2)
    return figure


def _cut_bar(axes: Axes, place: float, parts: pd.DataFrame, colours: Mapping[str, str]) -> None:
    start = 0.0
    for part in parts.to_dict("records"):
        colour, width = colours[part["step"]], part["pfday"]
        fill = colour if part["counted"] else "none"
        edge = PAGE if part["counted"] else colour
        axes.barh(place, width, left=start, height=0.5, facecolor=fill, edgecolor=edge, linewidth=1.2)
        ink = PAGE if part["counted"] else INK
        axes.text(start + width / 2, place, grouped(width), ha="center", va="center", color=ink, fontsize=SMALL)
        start += width


def implied_convention_chart(frame: pd.DataFrame) -> Figure:
    """Points with their printed precision: FLOP per parameter and token of each published run.

    Args:
        frame: `system`, `k`, `k_low`, `k_high`.
    """
    with drawing(height=0.9 + 0.27 * len(frame)) as figure:
        axes = figure.subplots()
        for k, label in CONVENTION_LINES.items():
            axes.axvline(k, color=MUTED, linestyle=(0, (4, 3)), linewidth=1)
            axes.text(
                k,
                len(frame) - 0.3,
                tr(label),
                ha="center",
                va="bottom",
                fontsize=SMALL,
                bbox={"facecolor": PAGE, "edgecolor": "none", "pad": 1},
            )
        for row, (name, k, low, high) in enumerate(
            zip(frame["system"], frame["k"], frame["k_low"], frame["k_high"], strict=True)
        ):
            place = len(frame) - 1 - row
            axes.plot([low, high], [place, place], color=C1, linewidth=2.2, solid_capstyle="butt")
            axes.plot(k, place, "o", color=C1, markersize=5)
            axes.axhline(place, color=GRID, linewidth=0.6, zorder=0)
            label_row(axes, place, str(name))
        axes.set(yticks=[], xlabel=tr("FLOP per parameter and token, k = C / (N·D)"), ylim=(-0.7, len(frame) + 0.9))
        axes.spines["left"].set_visible(False)
        axes.grid(visible=False)
    return figure
