"""Charts of the sweep chapter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from helpers.language import tr
from helpers.numbers import words
from helpers.report.charts.row_charts import beside
from helpers.report.figures import C1, C2, C3, INK, MUTED, PAGE, SMALL, drawing

COLOURS = (C1, C2, C3)
MARKERS = ("o", "D", "s")
# Where a name may stand beside its dot, the best first: offset in points, and what of the text is there.
BESIDE = (
    ((5, 3), "left", "bottom"), ((-5, 3), "right", "bottom"), ((5, -3), "left", "top"), ((-5, -3), "right", "top"),
    ((0, 6), "center", "bottom"), ((0, -6), "center", "top"),
)  # fmt: skip
NAMED_FROM, NAMED_TO = 3, 12  # powers of ten of dollars that the map's lines are labelled with


def cost_map(grid: pd.DataFrame, systems: pd.DataFrame, tokens_per_param: float) -> Figure:
    """Money over parameters and tokens: one shade a factor of ten, dots for known models.

    Args:
        grid: `params`, `tokens`, `cost_usd`: every combination.
        systems: `title`, `params`, `tokens` of models to mark.
        tokens_per_param: compute-optimal ratio, drawn as a line.
    """
    table = grid.pivot(index="tokens", columns="params", values="cost_usd")
    x, y, power = table.columns.to_numpy(), table.index.to_numpy(), np.log10(table.to_numpy())
    levels = np.arange(np.floor(power.min()), np.ceil(power.max()) + 1)
    with drawing(height=4.2) as figure:
        axes = figure.subplots()
        for number, level in enumerate(levels[:-1]):
            shade = 0.04 + 0.7 * number / max(1, len(levels) - 2)
            axes.contourf(x, y, power, levels=[level, level + 1], colors=[C1], alpha=shade)
        axes.contour(x, y, power, levels=levels[1:-1], colors=[MUTED], linewidths=0.6)
        for level, place in _label_places(x, y, power, levels[1:-1]).items():
            ground = {"facecolor": PAGE, "edgecolor": "none", "alpha": 0.7, "pad": 1}
            dollars = tr("${n}", n=words(10.0 ** round(level)))
            axes.text(*place, dollars, fontsize=SMALL, ha="center", va="center", bbox=ground)
        optimal = x[(x * tokens_per_param >= y.min()) & (x * tokens_per_param <= y.max())]
        ratio = tr("{n:.0f} tokens per parameter", n=tokens_per_param)
        axes.plot(optimal, optimal * tokens_per_param, "--", color=C2, label=ratio)
        axes.plot(systems["params"], systems["tokens"], "o", color=INK, markersize=3)
        axes.set(xscale="log", yscale="log", xlabel=tr("parameters"), ylabel=tr("training tokens"))
        axes.set(xlim=(x.min(), x.max()), ylim=(y.min(), y.max()))
        figure.legend(loc="outside upper left")
        figure.canvas.draw()  # so that boxes of labels are known
        line = np.column_stack([optimal, optimal * tokens_per_param])
        _name_dots(axes, systems, line)
    return figure


def _name_dots(axes: Axes, systems: pd.DataFrame, line: Any) -> None:
    """Each dot's name where it covers no dot, no other name and no piece of the line, as far as there is such a place."""
    dots = axes.transData.transform(systems[["params", "tokens"]].to_numpy())
    along = axes.transData.transform(line)
    taken: list[Any] = []
    for (_, row), own in zip(systems.iterrows(), dots, strict=True):
        kept = np.vstack([dots[(dots != own).any(axis=1)], along])
        tried: list[tuple[float, int, Any, Any]] = []
        for offset, ha, va in BESIDE:
            name, place = re.split(r" ?[(（]", row["title"])[0], (row["params"], row["tokens"])
            label = beside(axes, name, place, offset, ha, va)
            box = label.get_window_extent().padded(2)
            inside = axes.get_window_extent().x0 <= box.x0 and box.x1 <= axes.get_window_extent().x1
            covered = box.count_contains(kept) + 20 * box.count_overlaps(taken) + 100 * (not inside)
            tried.append((covered, len(tried), label, box))
        _, chosen, _, box = min(tried, key=lambda t: t[:2])
        taken.append(box)
        for _, number, label, _ in tried:
            if number != chosen:
                label.remove()


def _label_places(x: Any, y: Any, power: Any, levels: Any) -> dict[float, tuple[float, float]]:
    """Where each level crosses a row low in the map or, if it does not, one near the top, away from the models.

    Every other one stands a little lower, so that neighbours do not cover each other.
    """
    found: dict[float, tuple[float, float]] = {}
    for highest in (len(y) * 15 // 16, len(y) // 8):  # the second counts where both are crossed
        for number, level in enumerate(levels):
            row = highest - number % 2 * len(y) // 20
            if power[row].min() < level < power[row].max():
                found[level] = (10.0 ** np.interp(level, power[row], np.log10(x)), float(y[row]))
    return {level: place for level, place in found.items() if NAMED_FROM <= round(level) <= NAMED_TO}


def front_chart(offers: pd.DataFrame, names: Mapping[str, str]) -> Figure:
    """Days against money, one line for each accelerator, the number of them along it; the front filled.

    Args:
        offers: `accelerator`, `count`, `days`, `cost_usd`, `best`.
        names: labels of the accelerators.
    """
    with drawing(height=3.4) as figure:
        axes = figure.subplots()
        groups = offers.groupby("accelerator", sort=False)
        for (key, part), colour, marker in zip(groups, COLOURS, MARKERS, strict=False):
            axes.plot(part["days"], part["cost_usd"], color=colour, linewidth=1)
            for best, face, label in ((False, "none", None), (True, colour, names[str(key)])):
                days, usd = (part[part["best"] == best][column] for column in ("days", "cost_usd"))
                axes.plot(days, usd, marker, color=colour, mfc=face, linestyle="none", label=label)
            for row in part.iloc[[0, -1]].to_dict("records"):
                beside(axes, f"{row['count']:,}", (row["days"], row["cost_usd"]), (0, 6), "center")
        axes.set(xscale="log", yscale="log", xlabel=tr("days"), ylabel=tr("rent, US dollars"))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: words(value)))
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: words(value)))
        axes.yaxis.set_minor_formatter(NullFormatter())
        figure.legend(loc="outside upper left", ncols=3)
    return figure
