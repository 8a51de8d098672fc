"""A numeral and its printed precision: half a unit of the last significant digit.

Trailing zeros of an integer beyond its second digit count as rounding (1750 -> [1745, 1755), 1000 -> [950, 1050)). Values
are decimals, so that 1.6万亿 is 1.6e12 exactly.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from helpers.reader.vocabulary import powers

MAX_DIGITS = 30
LARGE = {"万": Decimal(10**4), "亿": Decimal(10**8), "兆": Decimal(10**12)}
SMALL = {"十": Decimal(10), "百": Decimal(100), "千": Decimal(1000)}
POWERS = {**SMALL, **LARGE}
HAN_DIGITS = {c: Decimal(i) for i, c in enumerate("零一二三四五六七八九")} | {"〇": Decimal(0), "两": Decimal(2)}
ENGLISH_POWERS = powers("power", "en")
PREFIXED_UNIT = re.compile(
    r"千瓦|千克|千米|千兆|千赫|千焦|千卡路|千字节|千禧|千篇|兆瓦|百万瓦|十亿瓦|兆字节|兆赫|兆焦|兆比特|兆位|百分|百科|百度|百川|百图|万一(?![零〇十百千])|万维|亿欧|十分|千问|千帆|万向|千寻"
)


class UnreadableFigure(ValueError):
    """The token is not a figure that can be read whole and without guessing."""


@dataclass(frozen=True)
class Number:
    """A numeral without unit: value, half-open interval [low, high) and where it ends in the folded text.

    `bound` is exact, at_least (三千多) or range; `power` is the word alone for an order-of-magnitude word (千亿 -> 1e11).
    `letter` is the Latin magnitude letter (K M B T), which may also stand for a unit; `scale` is the magnitude and
    `last` the unit of the last non-zero digit; `bare` says that Arabic digits stand alone.
    """

    value: Decimal
    low: Decimal
    high: Decimal
    end: int
    bound: str = "exact"
    power: Decimal | None = None
    letter: str = ""
    style: str = "arabic"
    bare: bool = False
    scale: Decimal = Decimal(1)
    last: Decimal = Decimal(1)

    def times(self, factor: Decimal) -> Number:
        """The number with value and interval times a factor."""
        value, low, high = (x * factor for x in (self.value, self.low, self.high))
        return replace(self, value=value, low=low, high=high, last=self.last * factor)

    def plus(self, half: Decimal) -> Number:
        """The number and a half (half a unit more, good to a quarter of the unit)."""
        value = self.value + half
        return replace(self, value=value, low=value - half / 2, high=value + half / 2)


def spelled(value: Decimal) -> str:
    """A decimal without exponent: 1E+10 -> 10000000000."""
    return format(value.normalize(), "f")


def _units(digits: str) -> tuple[Decimal, Decimal]:
    """Units of the last significant digit (the last decimal, or the last non-zero digit at or after the second) and of the last
    non-zero digit, which is what 多 after the numeral may add at most."""
    whole, point, decimals = digits.partition(".")
    if point:
        return (Decimal(1).scaleb(-len(decimals)),) * 2
    whole = whole.lstrip("0") or "0"
    nonzero = len(whole.rstrip("0")) or 1
    return Decimal(1).scaleb(len(whole) - max(nonzero, min(2, len(whole)))), Decimal(1).scaleb(len(whole) - nonzero)


def printed(
    digits: str, scale: Decimal, end: int, style: str = "arabic", letter: str = "", bare: bool = False
) -> Number:
    """The number printed as `digits` times `scale`."""
    value, (unit, last) = Decimal(digits) * scale, _units(digits)
    half = unit * scale / 2
    return Number(value, value - half, value + half, end, "exact", None, letter, style, bare, scale, last * scale)


def more_than(number: Number, end: int) -> Number:
    """300多: at least the number, less than the next unit of its last non-zero digit."""
    return replace(number, low=number.value, high=number.value + number.last, end=end, bound="at_least", bare=False)


def chain(text: str, start: int) -> tuple[Decimal, int]:
    """Product of the magnitude characters at `start` (千万 -> 1e7) and their end; (1, start) where there are none."""
    begin = start + (text[start : start + 1] == " ")
    if PREFIXED_UNIT.match(text, begin):
        return Decimal(1), start
    product, end, last = Decimal(1), begin, Decimal(0)
    while end < len(text) and text[end] in POWERS and not PREFIXED_UNIT.match(text, end):
        power = POWERS[text[end]]
        if power < max(last, Decimal(10**4) if last else last) or end - begin == 6:
            raise UnreadableFigure("magnitudes out of order")
        product, end, last = product * power, end + 1, power
    return (product, end) if end > begin else (Decimal(1), start)
