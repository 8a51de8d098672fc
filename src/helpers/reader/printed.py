"""One figure as printed: 1750亿, 28。5万个, 4095PD, 八成, 2~3, 1.6 trillion, 百分之八十, 1024*1024."""

import re
from dataclasses import dataclass
from decimal import Decimal

from helpers.reader.fold import fold
from helpers.reader.number import UnreadableFigure, more_than, spelled
from helpers.reader.parsing import parse_figure


@dataclass(frozen=True)
class PrintedFigure:
    """A figure in base units with the half-open interval [low, high) of its printed precision.

    Counts are plain, bytes SI, work in FLOP, rates in FLOP/s, durations in s, energy in J, percent and 成 fractions, money in
    the printed currency. `unit` is the base unit, empty where the token names none. `bound` is exact, at_least or
    "range low-high" (the value is then the midpoint and low, high are as printed). `last` is the unit of the last
    non-zero printed digit: what 多 after the figure may add at most.
    """

    value: float
    low: float
    high: float
    unit: str
    bound: str
    text: str
    last: float = 0.0


_RANK = re.compile(r"第 ?([一二三四五六七八九十]{1,3}|\d{1,3}) ?(?:名|位|梯队)?")
_TAIL = re.compile(r"(?:级别|量级|数量级|级|规模|多|余|电)")
_DATE_LIKE = re.compile(
    r"(?:19|20)\d\d(?: ?年|[-/]\d{1,2}(?!\d)|\.\d{1,2}\.\d)|\d{1,2} ?月(?! ?[内间])|\d{1,2} ?[日号](?![夜元])"
)


def read_figure(printed: str, scale: float = 1.0) -> PrintedFigure:
    """Read one figure token; `scale` multiplies it (a table head such as 亿).

    Raises UnreadableFigure where the token is not, whole, one figure (dates are for read_date).
    """
    folded = fold(printed.strip()).text
    if not folded:
        raise UnreadableFigure("an empty token is not a figure")
    if _DATE_LIKE.match(folded):
        raise UnreadableFigure(f"{printed!r} is a date, not a figure: use read_date")
    rank = _RANK.fullmatch(folded)
    folded = rank.group(1) if rank else folded
    try:
        parsed = parse_figure(folded, 0)
    except UnreadableFigure as error:
        raise UnreadableFigure(f"cannot read {printed!r}: {error}") from None
    if parsed is None:
        raise UnreadableFigure(f"cannot read {printed!r}: no figure in it")
    number, tail = parsed.number, _TAIL.match(folded, parsed.end)
    end = tail.end() if tail else parsed.end
    if end != len(folded):
        raise UnreadableFigure(f"cannot read {printed!r}: {folded[end:]!r} is left over")
    if tail and tail.group() in ("多", "余") and number.bound == "exact":
        number = more_than(number, end)
    by = Decimal(1) if rank else Decimal(repr(float(scale)))
    value, low, high, last = (x * by for x in (number.value, number.low, number.high, number.last))
    bound = f"range {spelled(low)}-{spelled(high)}" if number.bound == "range" else number.bound
    base = "rank" if rank else parsed.base
    return PrintedFigure(float(value), float(low), float(high), base, bound, printed, float(last))
