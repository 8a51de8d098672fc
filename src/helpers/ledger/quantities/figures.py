"""One figure as printed: 1750亿, 28。5万个, 4095PD, 八成, 2~3, 1.6 trillion, 百分之八十, 1024*1024.

`read_figure` reads a token that is a figure and nothing else. `parse_figure` finds the longest figure that starts at a
position of folded text; the text reader builds on it. Both refuse (UnreadableFigure) rather than guess.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from helpers.ledger.quantities.fold import fold
from helpers.ledger.quantities.numerals import Number, UnreadableFigure, match_number, more_than
from helpers.ledger.quantities.units import Unit, match_currency, match_unit


@dataclass(frozen=True)
class Figure:
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


_TAIL = re.compile(r"(?:级别|量级|数量级|级|规模|多|余|电)")
_SEPARATOR = re.compile(r" ?(?:~|-|到|至|或|—| to |-to-| and (?=\d)) ?(?!\d{4}年)")
_PRODUCT = re.compile(r"(\d{2,6}) ?[*×xX] ?(\d{2,6})(?![\d.]| ?[*×xX] ?\d)")
_HAN_FRACTION = re.compile(r"(百|千|万|[零一二两三四五六七八九十百千]{1,8}|\d{1,4})分之")
_SLASH_FRACTION = re.compile(r"(\d{1,3})/(\d{1,4})(?![\d/])")
_WORD_FRACTION = re.compile(
    r"(?:(one|a|two|three|four|five|\d)[ -])?(half|third|quarter|fourth|fifth|sixth|eighth|tenth|hundredth|thousandth)s?(?![A-Za-z])",
    re.I,
)
_PARTS = {
    "half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10, "hundredth": 100,
    "thousandth": 1000, "one": 1, "a": 1, "two": 2, "three": 3, "four": 4, "five": 5,
}  # fmt: skip
_DATE_LIKE = re.compile(r"(?:19|20)\d\d ?(?:年|[-/.])|\d{1,2} ?月(?! ?[内间])|\d{1,2} ?[日号](?![夜元])")
_HALF = re.compile(r"一半|半(?=个?(?:年|天|月|小时|季度))")
_HALF_MORE = re.compile(r"半(?!数|径|导)")


def read_figure(printed: str, scale: float = 1.0) -> Figure:
    """Read one figure token; `scale` multiplies it (a table head such as 亿).

    Raises UnreadableFigure where the token is not, whole, one figure (dates are for read_date).
    """
    folded = fold(printed.strip()).text
    if not folded:
        raise UnreadableFigure("an empty token is not a figure")
    if _DATE_LIKE.match(folded):
        raise UnreadableFigure(f"{printed!r} is a date, not a figure: use read_date")
    try:
        parsed = parse_figure(folded, 0)
    except UnreadableFigure as error:
        raise UnreadableFigure(f"cannot read {printed!r}: {error}") from None
    if parsed is None:
        raise UnreadableFigure(f"cannot read {printed!r}: no figure in it")
    end = parsed.end
    tail = _TAIL.match(folded, end)
    if tail:
        end = tail.end()
        if tail.group() in ("多", "余") and parsed.number.bound == "exact":
            parsed = replace(parsed, number=more_than(parsed.number, end))
    if end != len(folded):
        raise UnreadableFigure(f"cannot read {printed!r}: {folded[end:]!r} is left over")
    return to_figure(parsed, printed, Decimal(repr(float(scale))))


def to_figure(parsed: Parsed, printed: str, scale: Decimal = Decimal(1)) -> Figure:
    """The figure of a parse, times `scale`."""
    number = parsed.number
    value, low, high = (x * scale for x in (number.value, number.low, number.high))
    bound = f"range {plain(low)}-{plain(number.high * scale)}" if number.bound == "range" else number.bound
    return Figure(float(value), float(low), float(high), parsed.base, bound, printed, float(number.last * scale))


def plain(value: Decimal) -> str:
    """A decimal without exponent: 1E+10 -> 10000000000."""
    return format(value.normalize(), "f")


def parse_figure(text: str, start: int) -> Parsed | None:
    """The longest figure at `start` of folded text, None where there is none; raises UnreadableFigure if malformed."""
    for reader in (_fraction, _product):
        parsed = reader(text, start)
        if parsed:
            return parsed
    currency = match_currency(text, start)
    at = currency[1] if currency else start
    number = match_number(text, at)
    if number is None:
        return None
    parsed = _with_range(text, start, number, currency)
    return _half_more(text, parsed)


def _fraction(text: str, start: int) -> Parsed | None:
    """三分之一, 百分之八十, 1/3, two thirds."""
    han = _HAN_FRACTION.match(text, start)
    if han:
        whole = {"百": 100, "千": 1000, "万": 10000}.get(han.group(1))
        below = Decimal(whole) if whole else _needed(han.group(1)).value
        above = match_number(text, han.end())
        if above is None or not below:
            raise UnreadableFigure("a fraction without its upper part")
        if not whole:
            return _share(start, above.end, above.value / below)
        return _part(start, above, below)
    slash = _SLASH_FRACTION.match(text, start)
    if slash and 0 < int(slash.group(1)) < int(slash.group(2)):
        value = Decimal(slash.group(1)) / Decimal(slash.group(2))
        return _share(start, slash.end(), value)
    word = _WORD_FRACTION.match(text, start)
    if word and (word.group(1) or word.group(2).lower() == "half"):
        top = word.group(1) or "one"
        above_int = int(top) if top.isdigit() else _PARTS[top.lower()]
        return _share(start, word.end(), Decimal(above_int) / _PARTS[word.group(2).lower()])
    half = _HALF.match(text, start)
    if half is None:
        return None
    unit = match_unit(text, half.end())
    number = Number(Decimal("0.5"), Decimal("0.45"), Decimal("0.55"), half.end())
    if half.group() == "一半" or unit is None:
        return _share(start, half.end(), Decimal("0.5")) if half.group() == "一半" else None
    return _finish(text, start, number, None)


def _needed(text: str) -> Number:
    number = match_number(text, 0)
    if number is None or number.end != len(text):
        raise UnreadableFigure("a fraction whose lower part is no numeral")
    return number


def _part(start: int, above: Number, below: Decimal) -> Parsed:
    number = replace(above, value=above.value / below, low=above.low / below, high=above.high / below)
    return Parsed(
        start,
        above.end,
        number,
        Unit("fraction", 1 / below, "percent", above.end, ""),
        above,
        base="fraction",
    )


def _share(start: int, end: int, value: Decimal) -> Parsed:
    number = Number(value, value * Decimal("0.95"), value * Decimal("1.05"), end)
    return Parsed(start, end, number, Unit("fraction", Decimal(1), "percent", end, ""), number, base="fraction")


def _product(text: str, start: int) -> Parsed | None:
    """1024*1024: pixels, read as their product."""
    found = _PRODUCT.match(text, start)
    if not found:
        return None
    value = Decimal(found.group(1)) * Decimal(found.group(2))
    number = Number(value, value, value, found.end())
    return Parsed(start, found.end(), number, None, number, pixels=True)


def _with_range(text: str, start: int, first: Number, currency: tuple[str, int] | None) -> Parsed:
    """A figure, or a range of two with one separator between them (10亿~100亿, 2-3万亿, 10%-20%)."""
    left = _finish(text, start, first, currency)
    separator = _SEPARATOR.match(text, left.end)
    if not separator or separator.end() == separator.start():
        return left
    second_at = separator.end()
    again = match_currency(text, second_at)
    try:
        second = match_number(text, again[1] if again else second_at)
    except UnreadableFigure:
        return left
    if second is None or (second.style == "english") != (first.style == "english"):
        return left
    right = _finish(text, second_at, second, again or currency)
    return _joined(left, right) or left


def _joined(left: Parsed, right: Parsed) -> Parsed | None:
    """The range from left to right; a left side without magnitude or unit takes those of the right."""
    if left.unit and right.unit and left.unit.base != right.unit.base:
        return None
    if (left.unit and not right.unit) or (
        left.number.power is None and "range" in (left.number.bound, right.number.bound)
    ):
        if not right.number.power and not left.number.power:
            return None
    factor = right.unit.factor if right.unit and not left.unit else Decimal(1)
    low = left.number.low if left.number.bound == "range" else left.number.value * factor
    high = right.number.power if right.number.power and not right.unit else right.number.value
    if left.printed.bare and not right.printed.bare and not left.unit:
        scaled = low * right.printed.scale
        low = scaled if scaled < high else low
    if not low < high:
        return None
    number = Number((low + high) / 2, low, high, right.end, "range")
    return replace(right, start=left.start, number=number)


def _finish(text: str, start: int, number: Number, currency: tuple[str, int] | None) -> Parsed:
    """Attach the unit after (or the currency before) a numeral and convert to base units."""
    if currency:
        unit: Unit | None = Unit(currency[0], Decimal(1), "money", number.end, text[start : currency[1]])
        after = match_unit(text, number.end)
        if after and after.hint == "money":
            unit = after
        return Parsed(start, unit.end if unit else number.end, number, unit, number, base=currency[0])
    vague = text[number.end : number.end + 1] in ("多", "余") and number.bound == "exact"
    at = number.end + vague
    unit = match_unit(text, at)
    if vague and unit:
        number = more_than(number, at)
    if unit is None:
        return Parsed(start, number.end, number, None, number)
    factor = unit.factor
    scaled = replace(
        number,
        value=number.value * factor,
        low=number.low * factor,
        high=number.high * factor,
        last=number.last * factor,
    )
    return Parsed(start, unit.end, scaled, unit, number, base=unit.base)


def _half_more(text: str, parsed: Parsed) -> Parsed:
    """两年半, 三个半月: half a unit more."""
    if (
        not parsed.unit
        or parsed.hint != "duration"
        or not _HALF_MORE.match(text, parsed.end)
        or parsed.number.bound != "exact"
    ):
        return parsed
    half = parsed.unit.factor / 2
    number = parsed.number
    more = replace(
        number,
        value=number.value + half,
        low=number.value + half / 2,
        high=number.value + half * Decimal("1.5"),
    )
    return replace(parsed, end=parsed.end + 1, number=more)
