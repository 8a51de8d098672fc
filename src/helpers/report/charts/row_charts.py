"""What charts share: names beside marks, a label for each row, bars cut into parts, the key to their colours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from helpers.report.figures import C2, INK, PAGE, SMALL, told

Part = tuple[str, float, str, str]  # name, length, colour (without one only outlined), value in words


def beside(
    axes: Axes, text: str, place: Sequence[float], offset: Sequence[float], ha: str, va: str = "baseline"
) -> Any:
    """A name beside a place of the data, at an offset in points."""
    given: dict[str, Any] = {"xytext": offset, "textcoords": "offset points", "ha": ha, "va": va}
    return axes.annotate(text, (place[0], place[1]), fontsize=SMALL, **given)


def row_axes(axes: Axes, labels: Sequence[str], size: float = SMALL, room: float = 0.0, **settings: Any) -> None:
    """A row for each label from the top down, at the heights 0, 1, ...; `room` is left above the first, in rows."""
    axes.set(yticks=[], ylim=(len(labels) - 0.4, -0.6 - room), **settings)
    axes.spines["left"].set_visible(False)
    axes.grid(visible=False, axis="y")
    beside: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points"}
    for place, label in enumerate(labels):
        axes.annotate(label, (0, place), xytext=(-6, 0), ha="right", va="center", color=INK, fontsize=size, **beside)


def cut_bar(axes: Axes, place: float, parts: Iterable[Part], least: float, height: float = 0.62) -> None:
    """A bar from zero, cut into parts; their values stand in them from the length `least` on, and below the pointer."""
    left = 0.0
    for name, length, colour, value in parts:
        told(axes.barh(place, length, height, left, **_paint(colour))[0], f"{name}: {value}")
        if length >= least:
            middle, ink = left + length / 2, PAGE if colour else INK
            axes.text(middle, place, value, ha="center", va="center", fontsize=SMALL, color=ink)
        left += length


def _paint(colour: str) -> dict[str, Any]:
    return {"facecolor": colour or "none", "edgecolor": PAGE if colour else C2, "linewidth": 0.8 if colour else 1.2}


def key(figure: Figure, colours: Mapping[str, str], ncols: int = 3) -> None:
    """What the colours of parts stand for, above the chart."""
    handles = [Patch(label=label, **_paint(colour)) for label, colour in colours.items()]
    figure.legend(
        handles=handles, loc="outside upper left", ncols=ncols, fontsize=SMALL, columnspacing=1.2, handlelength=1.2
    )
