"""The longest figure at a position of folded text: numeral, range, currency and unit, in base units.

The text reader and `read_figure` build on it. A malformed numeral is refused (UnreadableFigure) rather than guessed.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from helpers.reader.number import HAN_DIGITS, Number, UnreadableFigure, more_than, printed
from helpers.reader.numerals import match_number
from helpers.reader.shares import match_half, match_share
from helpers.reader.units import Unit, match_currency, match_unit
from helpers.reader.vocabulary import matched, phrase

Currency = tuple[str, int]


@dataclass(frozen=True)
class Parsed:
    """A figure found in folded text: numeral in base units, unit, and span; `power` as in Number."""

    start: int
    end: int
    number: Number
    unit: Unit | None
    printed: Number
    pixels: bool = False
    base: str = ""

    @property
    def hint(self) -> str:
        return self.unit.hint if self.unit else ""


_PRODUCT = re.compile(r"(\d{2,6}) ?[*×xX] ?(\d{2,6})(?![\d.]| ?[*×xX] ?\d)")
_MONEY_MILLION = re.compile(r"[mM](?![A-Za-z0-9])")
_MARKS = frozenset("多余+")
_HALF = Decimal("0.5")
_PERCENT = Decimal("0.01")
_MILLION = Decimal(10**6)


def parse_figure(text: str, start: int) -> Parsed | None:
    """The longest figure at `start` of folded text, None where there is none; raises UnreadableFigure if malformed."""
    if half := match_half(text, start):
        return _with_unit(text, start, half)
    if share := match_share(text, start):
        unit = Unit("fraction", Decimal(1), "percent", share.end, "")
        return Parsed(start, share.end, share, unit, share, base="fraction")
    if multiple := phrase("parsing multiple").match(text, start):
        return _multiple(multiple)
    pixels = _pixels(text, start)
    if pixels:
        return pixels
    currency = match_currency(text, start)
    number = match_number(text, currency[1] if currency else start)
    return _with_range(text, start, number, currency) if number else None


def _multiple(found: re.Match[str]) -> Parsed:
    """Twice, thrice, doubled, 翻倍."""
    times = {"th": "3", "tr": "3", "qu": "4"}.get(found.group()[:2].lower(), "2")
    number = printed(times, Decimal(1), found.end(), "english")
    unit = Unit("ratio", Decimal(1), "ratio", found.end(), "")
    return Parsed(found.start(), found.end(), number, unit, number, base="ratio")


def _pixels(text: str, start: int) -> Parsed | None:
    """1024*1024: pixels, read as their product."""
    found = _PRODUCT.match(text, start)
    if not found:
        return None
    value = Decimal(found.group(1)) * Decimal(found.group(2))
    number = Number(value, value, value, found.end())
    return Parsed(start, found.end(), number, None, number, pixels=True)


def _with_range(text: str, start: int, first: Number, currency: Currency | None) -> Parsed:
    """A figure, or a range of two with one separator between them (10亿~100亿, 2-3万亿, 10%-20%)."""
    left = _with_currency(text, start, first, currency) if currency else _with_unit(text, start, first)
    separator = phrase("parsing separator").match(text, left.end)
    whole = left.unit is not None or not left.printed.bare
    if not separator or (whole and phrase("parsing from").search(text, max(0, start - 14), start)):
        return left
    again = match_currency(text, separator.end())
    try:
        second = match_number(text, again[1] if again else separator.end())
    except UnreadableFigure:
        return left
    if second is None or (second.style == "english") != (first.style == "english"):
        return left
    money = again or currency
    right = _with_currency(text, separator.end(), second, money) if money else _with_unit(text, separator.end(), second)
    return _joined(left, right) or left


def _joined(left: Parsed, right: Parsed) -> Parsed | None:
    """The range from left to right; a left side without magnitude or unit takes those of the right."""
    words = left.number.power is not None or right.number.power is not None
    if left.unit and right.unit and left.unit.base != right.unit.base:
        return None
    if not words and ((left.unit and not right.unit) or "range" in (left.number.bound, right.number.bound)):
        return None
    factor = right.unit.factor if right.unit and not left.unit else Decimal(1)
    low = left.number.low if left.number.bound == "range" else left.number.value * factor
    high = right.number.power if right.number.power and not right.unit else right.number.value
    plain = left.unit is None or left.hint == "money"
    if left.printed.bare and not right.printed.bare and plain and low * right.printed.scale < high:
        low *= right.printed.scale
    if not low < high:
        return None
    return replace(right, start=left.start, number=Number((low + high) / 2, low, high, right.end, "range"))


def _with_currency(text: str, start: int, number: Number, currency: Currency) -> Parsed:
    """An amount with its currency before it ($4.6m, 新台币30亿元)."""
    if number.bare and _MONEY_MILLION.match(text, number.end):
        number = replace(number.times(_MILLION), end=number.end + 1, bare=False)
    unit = Unit(currency[0], Decimal(1), "money", number.end, text[start : currency[1]])
    after = match_unit(text, number.end)
    if after and after.hint == "money":
        unit = replace(after, base=currency[0]) if after.printed == "元" else after
    return Parsed(start, max(number.end, unit.end), number, unit, number, base=unit.base)


def _with_unit(text: str, start: int, number: Number) -> Parsed:
    """A numeral with the unit behind it, in base units; 多, + or 个半 may stand between them."""
    mark = text[number.end : number.end + 1]
    at = number.end + (number.bound == "exact" and mark in _MARKS)
    more = phrase("parsing more_unit").match(text, at)
    at = more.end() if more else at
    half = matched(text, at, "parsing half_unit", "parsing and_a_half")
    unit = match_unit(text, half.end() if half else at)
    if unit is None:
        return Parsed(start, number.end, number, None, number)
    if at > number.end:
        number = replace(number, bound="at_least", high=2 * number.value) if mark == "+" else more_than(number, at)
    if half:
        number = number.plus(_HALF)
    return _more(text, Parsed(start, unit.end, number.times(unit.factor), unit, number, base=unit.base))


def _more(text: str, parsed: Parsed) -> Parsed:
    """六成五: five hundredths more; 六成半, 两年半: half a unit more."""
    if not parsed.unit or parsed.number.bound != "exact":
        return parsed
    if parsed.hint == "duration" and phrase("parsing half_more").match(text, parsed.end):
        number = parsed.number.plus(parsed.unit.factor / 2)
    elif parsed.hint == "tenth" and phrase("parsing tenth_more").match(text, parsed.end):
        value = parsed.number.value + (HAN_DIGITS.get(text[parsed.end]) or Decimal(5)) * _PERCENT
        number = replace(parsed.number, value=value, low=value - _PERCENT / 2, high=value + _PERCENT / 2)
    else:
        return parsed
    return replace(parsed, end=parsed.end + 1, number=number)
