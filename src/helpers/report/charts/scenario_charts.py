"""Charts of a scenario and of scenarios side by side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from helpers.language import tr
from helpers.numbers import scientific, words
from helpers.report.charts.row_charts import row_axes
from helpers.report.figures import C1, C2, INK, MUTED, SMALL, drawing, told


def rival_chart(systems: pd.DataFrame) -> Figure:
    """Compute on one accounting as points on a log axis; the scenario's own stands out.

    Args:
        systems: `system`, `training_flop`, `own`, largest first.
    """
    with drawing(height=0.7 + 0.24 * len(systems)) as figure:
        axes = figure.subplots()
        for place, row in enumerate(systems.to_dict("records")):
            (dot,) = axes.plot(row["training_flop"], place, "o", color=C2 if row["own"] else C1, markersize=5.5)
            told(dot, f"{row['system']}: {scientific(row['training_flop'])} FLOP")
        ends = 0.5 * float(systems["training_flop"].min()), 2 * float(systems["training_flop"].max())
        row_axes(axes, list(systems["system"]), xscale="log", xlim=ends, xlabel="FLOP, 6·N·D")
        return figure


LARGER = {"kWh": ("MWh", 1000)}  # for axes: the unit in which a training is told, and how many of the other it holds


def comparison_chart(numbers: pd.DataFrame, quantities: Sequence[str]) -> Figure:
    """One panel for each figure: a bar and its 90 % range for each scenario, each panel from zero.

    Args:
        numbers: `scenario`, `quantity`, `figure`, `unit`, `middle`, `low_90`, `high_90`.
        quantities: which; those that are unknown for every scenario are left out.
    """
    chosen = [q for q in quantities if numbers.loc[numbers["quantity"] == q, "middle"].notna().any()]
    names = list(dict.fromkeys(numbers["scenario"]))
    with drawing(height=(0.55 + 0.24 * len(names)) * len(chosen)) as drawn:
        panels = drawn.subplots(len(chosen), 1, squeeze=False)[:, 0]
        for axes, quantity in zip(panels, chosen, strict=True):
            part = numbers[numbers["quantity"] == quantity].set_index("scenario").reindex(names)
            label, unit = part["figure"].iloc[0], part["unit"].iloc[0]
            unit, smaller = LARGER.get(unit, (unit, 1))
            middle, low, high = (part[column] / smaller for column in ("middle", "low_90", "high_90"))
            bars = axes.barh(range(len(names)), middle, 0.6, color=C1)
            for bar, name, *ends in zip(bars, names, middle, low, high, strict=True):
                told(bar, "{}: {} ({} … {}) {}".format(name, *map(words, ends), unit) if ends[0] == ends[0] else name)
            axes.hlines(range(len(names)), low, high, color=INK, linewidth=1.2)
            row_axes(axes, names)
            for place in np.flatnonzero(middle.isna()):
                axes.text(0, place, f" {tr('not known')}", va="center", fontsize=SMALL, color=MUTED)
            axes.set_xlim(left=0)
            axes.xaxis.set_major_formatter(lambda value, _: words(value))
            axes.locator_params(axis="x", nbins=5)
            same = unit.casefold() == label.casefold()
            title = label if same else tr("{figure} ({unit})", figure=label, unit=unit)
            axes.set_title(title, fontsize=9, loc="left")
        return drawn
