"""Charts of the compute chapter."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from helpers.language import later, tr
from helpers.numbers import grouped
from helpers.report.charts.row_charts import cut_bar, key, row_axes
from helpers.report.figures import C1, C2, C3, GRID, MUTED, PAGE, SMALL, drawing, told

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
        for row, system in enumerate(systems):
            parts = frame[frame["system"] == system].to_dict("records")
            counted = [
                (p["step"], p["pfday"], colours[p["step"]] if p["counted"] else "", grouped(p["pfday"])) for p in parts
            ]
            cut_bar(axes, row, counted, 0, 0.5)
        row_axes(axes, systems, 9, xlabel=tr("petaFLOP/s-days"))
        key(figure, {**colours, tr("not in the published figure"): ""}, ncols=2)
    return figure


def implied_convention_chart(frame: pd.DataFrame) -> Figure:
    """Points with their printed precision: FLOP per parameter and token of each published run.

    Args:
        frame: `system`, `k`, `k_low`, `k_high`.
    """
    with drawing(height=0.9 + 0.27 * len(frame)) as figure:
        axes = figure.subplots()
        ground = {"facecolor": PAGE, "edgecolor": "none", "pad": 1}
        for k, label in CONVENTION_LINES.items():
            axes.axvline(k, color=MUTED, linestyle=(0, (4, 3)), linewidth=1)
            axes.text(k, -0.7, tr(label), ha="center", va="bottom", fontsize=SMALL, bbox=ground)
        for row in range(len(frame)):
            axes.axhline(row, color=GRID, linewidth=0.6, zorder=0)
        axes.hlines(range(len(frame)), frame["k_low"], frame["k_high"], color=C1, linewidth=2.2)
        for row, run in enumerate(frame.to_dict("records")):
            (dot,) = axes.plot(run["k"], row, "o", color=C1, markersize=5)
            told(dot, f"{run['system']}: {run['k']:.2f} ({run['k_low']:.2f} … {run['k_high']:.2f})")
        row_axes(axes, list(frame["system"]), 9, 1.3, xlabel=tr("FLOP per parameter and token, k = C / (N·D)"))
        axes.grid(visible=False)
    return figure
