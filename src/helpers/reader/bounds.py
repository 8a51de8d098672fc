"""What a hedge does to the interval of a figure: 约, 近, 超, 多, 不到, about, over, up to."""

from __future__ import annotations

import re

from helpers.reader.fold import fold
from helpers.reader.printed import PrintedFigure
from helpers.reader.vocabulary import phrase

ABOUT = phrase("bounds about")
NEARLY = re.compile(r"将近|接近|近|快要|临近|nearly|almost|close to|approaching|just under", re.I)
MORE = re.compile(r"多|余|好几|来")
AT_LEAST = phrase("bounds at_least")
AT_MOST = phrase("bounds at_most")


def _folded(hedge: str) -> str:
    """A hedge in the spelling of the lists above: 約 is 约, 餘 is 余."""
    return fold(hedge).text.strip()


def bound_of(hedge: str) -> str:
    """exact, about, at_least or at_most for a printed hedge (empty and emphatic ones such as 高达 are exact)."""
    for pattern, bound in (
        (AT_MOST, "at_most"),
        (NEARLY, "about"),
        (ABOUT, "about"),
        (MORE, "at_least"),
        (AT_LEAST, "at_least"),
    ):
        if pattern.fullmatch(_folded(hedge)):
            return bound
    return "exact"


def interval(figure: PrintedFigure, bound: str, hedge: str = "") -> tuple[float, float]:
    """The half-open interval [low, high) that a figure with its bound and hedge admits, in the figure's base unit.

    exact: the printed precision. about (约, about): that, and at least 10 % either way. 近, nearly: from 90 % to the printed
    precision above. at_least with 多, 余: from the figure to the next unit of its last non-zero printed digit (300多: 400,
    5300多亿: 5400亿). Other at_least (超, 以上, over): from the value to twice the value. at_most:
    from 0 to the printed precision above. range: as printed. Raises ValueError for another bound.
    """
    value, low, high = figure.value, figure.low, figure.high
    if figure.bound.startswith("range") or bound.startswith("range") or (bound == "exact" and figure.bound == "exact"):
        return low, high
    if bound == "about":
        return (
            (0.9 * value, high) if NEARLY.fullmatch(_folded(hedge)) else (min(low, 0.9 * value), max(high, 1.1 * value))
        )
    if bound == "at_most":
        return 0.0, high
    if bound == "at_least" or figure.bound == "at_least":
        return _at_least(figure, hedge)
    raise ValueError(f"unknown bound {bound!r}: exact, about, at_least, at_most or range")


def _at_least(figure: PrintedFigure, hedge: str) -> tuple[float, float]:
    if figure.bound == "at_least":
        return figure.low, figure.high
    if MORE.fullmatch(_folded(hedge)):
        return figure.value, figure.value + figure.last
    return figure.value, 2 * figure.value
