"""Charts of things by two quantities, on log axes, some of them named."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import LogLocator, NullFormatter

from helpers.language import tr
from helpers.numbers import plain, words
from helpers.report.figures import C1, C2, C3, C4, INK, MUTED, PAGE, SMALL, drawing, mark_words, told
from helpers.scenarios.wording import amount

COLOURS, MARKERS = (C1, C2, C3), ("o", "D", "s")
GROUPS = {"sharded": (C3, "o", 3.2), "megatron": (C1, "s", 4.2), "other": (C2, "D", 4.2), "modern": (C4, "^", 3.2)}
TICKS = (0.5, 1, 2, 5, 10, 20, 50, 100, 200)
Place = tuple[tuple[float, float], str, str]
# Where a name may stand beside its mark, the best first: offset in points, and what of the text is there.
BESIDE = (
    ((5, 3), "left", "bottom"), ((-5, 3), "right", "bottom"), ((5, -3), "left", "top"), ((-5, -3), "right", "top"),
    ((0, 6), "center", "bottom"), ((0, -6), "center", "top"), ((7, 0), "left", "center"), ((-7, 0), "right", "center"),
    ((0, 16), "center", "bottom"), ((0, -16), "center", "top"),
)  # fmt: skip
# In a crowd, at the end of a line that leads to the mark.
AWAY = (
    ((30, -20), "left", "top"),
    ((-30, 20), "right", "bottom"),
    ((60, -30), "left", "top"),
    ((-60, 30), "right", "bottom"),
)
NAMED_FROM, NAMED_TO = 3, 12  # powers of ten of dollars that the map's lines are labelled with
Label = tuple[str, float, float]  # a name and the place of its mark


def name_marks(axes: Axes, labels: Sequence[Label], around: Any, places: Sequence[Place] = BESIDE) -> None:
    """Names beside marks, where each covers no mark, no other name and no line, as far as there is such a place.

    Args:
        around: places to keep clear, of the data: marks, those named among them, and points along lines.
    """
    axes.figure.canvas.draw()  # so that boxes of labels are known
    clear, frame = axes.transData.transform(around), axes.get_window_extent()
    marks = axes.transData.transform([place for _, *place in labels])
    taken: dict[int, tuple[Any, Any]] = {}  # labels and their boxes
    for index, (name, *place) in [*enumerate(labels)] * 2:  # once more, now that the later ones are known
        if index in taken:
            taken.pop(index)[0].remove()
        others = clear[np.abs(clear - axes.transData.transform(place)).max(axis=1) > 1]
        tried: list[tuple[float, int, Any, Any]] = []
        for number, (offset, ha, va) in enumerate(places):
            label = _beside(axes, name, place, offset, ha, va)
            label.get_window_extent()  # which places it
            box = Text.get_window_extent(label).padded(2)  # without its line
            inside = frame.x0 <= box.x0 and box.x1 <= frame.x1
            names = box.count_overlaps([other for _, other in taken.values()])
            covered = box.count_contains(others) + 5 * box.count_contains(marks) + 20 * names + 100 * (not inside)
            tried.append((covered, number, label, box))
        best = min(tried, key=lambda one: one[:2])
        taken[index] = best[2:]
        for one in tried:
            if one is not best:
                one[2].remove()


def _beside(axes: Axes, text: str, place: Sequence[float], offset: tuple[float, float], ha: str, va: str) -> Any:
    given: dict[str, Any] = {"xytext": offset, "textcoords": "offset points", "ha": ha, "va": va}
    if (offset, ha, va) in AWAY:
        given["arrowprops"] = {"arrowstyle": "-", "linewidth": 0.6, "color": MUTED, "shrinkA": 0, "shrinkB": 3}
    return axes.annotate(text, (place[0], place[1]), fontsize=SMALL, **given)


def race_chart(models: pd.DataFrame, dense: pd.DataFrame, sparse: pd.DataFrame, named: dict[str, str]) -> Figure:
    """Parameters over time on a log axis, dense and sparse apart, the records joined as steps.

    Args:
        models, dense, sparse: `year`, `parameters`, `sparse`, `name`, `model_id`; the last two are the records.
        named: labels by model id.
    """
    with drawing(height=4.2) as figure:
        axes = figure.subplots()
        for flag, colour, marker in ((False, C1, "o"), (True, C2, "D")):
            part = models[models["sparse"] == flag]
            faint: dict[str, Any] = {"markersize": 3, "alpha": 0.45, "linestyle": "none"}
            (dots,) = axes.plot(part["year"], part["parameters"], marker, color=colour, **faint)
            said = part["parameters"].map(lambda n: amount("active_params", n))
            told(dots, [*map(mark_words, part["name"], said)])
        corners = []
        for record, colour, label in ((dense, C1, tr("dense")), (sparse, C2, tr("mixture of experts"))):
            axes.step(record["year"], record["parameters"], where="post", color=colour, linewidth=1.6, label=label)
            corners.append(record[["year", "parameters"]].assign(parameters=record["parameters"].shift()).dropna())
        axes.set(yscale="log", ylabel=tr("parameters"), xlabel=tr("year of publication"))
        figure.legend(loc="outside upper left", ncols=2)
        axes.tick_params(which="minor", color=MUTED)
        rows = pd.concat([dense, sparse]).drop_duplicates("model_id")
        rows = rows[rows["model_id"].isin(named)].to_dict("records")
        labels = [(named[row["model_id"]], row["year"], row["parameters"]) for row in rows]
        name_marks(axes, labels, np.vstack([models[["year", "parameters"]], *corners]))
    return figure


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
        for group, (colour, marker, size) in GROUPS.items():
            part = runs[runs["group"] == group]
            axes.vlines(part["published_s"], part["low_90"], part["high_90"], color=colour, linewidth=1, alpha=0.5)
            style: dict[str, Any] = {"color": colour, "markersize": size, "mec": PAGE, "mew": 0.4, "linestyle": "none"}
            label = f"{tr(names[group])} ({len(part)})"
            (dots,) = axes.plot(part["published_s"], part["predicted_s"], marker, label=label, **style)
            pairs = part[["published_s", "predicted_s"]].to_numpy().tolist()
            said = [f"{plain(published)} s → {plain(predicted)} s" for published, predicted in pairs]
            told(dots, [mark_words(run, one) for run, one in zip(part["run_id"], said, strict=True)])
        axes.set(xscale="log", yscale="log", xlim=ends, ylim=ends)
        for set_ticks in (axes.set_xticks, axes.set_yticks):
            set_ticks(TICKS, [f"{tick:g}" for tick in TICKS])
        axes.minorticks_off()
        axes.set(xlabel=tr("published seconds per step"), ylabel=tr("predicted seconds per step"))
        axes.legend(loc="upper left", fontsize=SMALL)
        places = runs.set_index("run_id")[["published_s", "predicted_s"]]
        around = [runs[["published_s", end]] for end in ("predicted_s", "low_90", "high_90")]
        name_marks(
            axes, [(label, *places.loc[run]) for run, label in labelled.items()], np.vstack(around), (*BESIDE, *AWAY)
        )
    return figure


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
        line = np.column_stack([optimal, optimal * tokens_per_param])
        axes.plot(*line.T, "--", color=C2, label=tr("{n:.0f} tokens per parameter", n=tokens_per_param))
        (dots,) = axes.plot(systems["params"], systems["tokens"], "o", color=INK, markersize=3)
        rows = [
            (re.split(r" ?[(（]", row["title"])[0], row["params"], row["tokens"]) for row in systems.to_dict("records")
        ]
        told(dots, [mark_words(name, amount("active_params", n), amount("tokens", d)) for name, n, d in rows])
        axes.set(xscale="log", yscale="log", xlabel=tr("parameters"), ylabel=tr("training tokens"))
        axes.set(xlim=(x.min(), x.max()), ylim=(y.min(), y.max()))
        figure.legend(loc="outside upper left")
        name_marks(axes, rows, np.vstack([systems[["params", "tokens"]], line]))
    return figure


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
                rows = part[part["best"] == best]
                paint: dict[str, Any] = {"color": colour, "mfc": face, "linestyle": "none", "label": label}
                (dots,) = axes.plot(rows["days"], rows["cost_usd"], marker, **paint)
                said = ((amount(n, row[n]) for n in ("count", "days", "cost_usd")) for row in rows.to_dict("records"))
                told(dots, [mark_words(names[str(key)], *offer) for offer in said])
            for row in part.iloc[[0, -1]].to_dict("records"):
                _beside(axes, f"{row['count']:,}", (row["days"], row["cost_usd"]), (0, 6), "center", "baseline")
        axes.set(xscale="log", yscale="log", xlabel=tr("days"), ylabel=tr("rent, US dollars"))
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(lambda value, _: words(value))
        axes.yaxis.set_minor_formatter(NullFormatter())
        figure.legend(loc="outside upper left", ncols=3)
    return figure
