"""Bars as lines of the page: words beside them stay text, of the page's size on a phone and in any language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from helpers.report.text import Html, with_language

UNITS = 1000  # of a drawing's width


@dataclass(frozen=True)
class Bar:
    """One line: what it is of, its parts from the left, and the figure in words.

    Args:
        parts: (length, name of a colour); a name that ends in `-open` is outlined only.
        low, high: ends of a range, drawn as a line over the bar.
    """

    label: str
    parts: Sequence[tuple[float, str]]
    text: str
    low: float = 0.0
    high: float = 0.0


def bar_list(bars: Sequence[Bar], longest: float = 0.0) -> Html:
    """Bars from zero on one scale, longest first or in the order given.

    Args:
        longest: length that fills the width; that of the longest bar, if not given.

    Raises:
        ValueError: no bars, or none with a length.
    """
    full = longest or max((max(sum(n for n, _ in bar.parts), bar.high) for bar in bars), default=0.0)
    if not full > 0:
        raise ValueError("bar list: nothing to draw")
    return Html(f'<dl class="bars">{"".join(_line(bar, full) for bar in bars)}</dl>')


def _line(bar: Bar, full: float) -> str:
    left, drawn = 0.0, []
    for length, colour in bar.parts:
        width = UNITS * length / full
        drawn.append(f'<rect class="{colour}" x="{left:.1f}" width="{max(width, 1.5):.1f}" height="20"/>')
        left += width
    if bar.high > bar.low:
        ends = f'x="{UNITS * bar.low / full:.1f}" width="{UNITS * (bar.high - bar.low) / full:.1f}"'
        drawn.append(f'<rect class="range" {ends} y="8" height="4"/>')
    line = f'<svg viewBox="0 0 {UNITS} 20" preserveAspectRatio="none" aria-hidden="true">{"".join(drawn)}</svg>'
    return f"<div><dt>{with_language(bar.label)}</dt><dd>{line}<span>{with_language(bar.text)}</span></dd></div>"
