"""Numerals of the press: Arabic with Chinese or English magnitudes, Chinese, and English words.

`match_number` reads the longest numeral that starts at a position of *folded* text (see `fold`). Values are kept as
decimals so that 1.6万亿 is 1.6e12 exactly. The interval is the printed precision: half a unit of the last
significant digit, where trailing zeros of an integer beyond its second digit count as rounding.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

MAX_DIGITS = 30


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


LARGE = {"万": Decimal(10**4), "亿": Decimal(10**8), "兆": Decimal(10**12)}
SMALL = {"十": Decimal(10), "百": Decimal(100), "千": Decimal(1000)}
_POWERS = {**SMALL, **LARGE}
_DIGITS = {c: Decimal(i) for i, c in enumerate("零一二三四五六七八九")} | {"〇": Decimal(0), "两": Decimal(2)}
_ENGLISH_POWER = {
    "thousand": 3, "million": 6, "billion": 9, "trillion": 12, "quadrillion": 15, "quintillion": 18,
    "bn": 9, "mn": 6, "tn": 12,
}  # fmt: skip
_LETTERS = {"K": 3, "k": 3, "M": 6, "B": 9, "b": 9, "T": 12, "m": 6}
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")

_ARABIC = re.compile(r"\d{1,3}(?:[,，]\d{3})+(?![\d])(?:[.。]\d+)?|\d+(?:[.。]\d+)?")
_SPACED = re.compile(r"\d{1,3}(?: \d{3})+(?!\d)(?= ?[十百千万亿兆个张块台卡])")
_EXPONENT = re.compile(
    r"[eE]([+-]?\d{1,3})(?![\dA-Za-z])"
    r"| ?[×xX*·] ?10 ?(?:(?:\^|\*\*) ?[({]? ?([+-]?\d{1,3})[)}]?(?!\d)|([⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})|的 ?(\d{1,3}) ?次(?:方|幂))"
)
_POWER_OF_TEN = re.compile(
    r"10 ?(?:(?:\^|\*\*) ?[({]?([+-]?\d{1,3})[)}]?(?!\d)|([⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})|的 ?(\d{1,3}) ?次(?:方|幂))"
)
_LOST_POWER = re.compile(r" ?[×xX*] ?10\d")
_MORE_DIGITS = re.compile(r"[.。,]\d")
_SEGMENT = re.compile(r"\d{1,4}(?:\.\d+)?")
_PREFIXED_UNIT = re.compile(
    r"千瓦|千克|千米|千兆|千赫|千焦|千卡路|千字节|千禧|千篇|兆瓦|兆字节|兆赫|兆焦|兆比特|兆位|百分|百科|百度|百川|百图|万一|万维|亿欧|十分|千问|千帆|万向|千寻"
)
_CHAIN = re.compile(r"[十百千万亿兆]+")
_ENGLISH_MAGNITUDE = re.compile(
    r"[ -]?(thousand|million|billion|trillion|quadrillion|quintillion)s?(?![A-Za-z])|[ -]?(bn|mn|tn)(?![A-Za-z])",
    re.I,
)
_LETTER = re.compile(r" ?([KkMBT])(?![A-Za-z0-9])|([b])(?![A-Za-z0-9])")
_SPACE = re.compile(r" ?")


def match_number(text: str, start: int) -> Number | None:
    """The numeral at `start`, or None where there is none; raises UnreadableFigure where one is malformed."""
    char = text[start : start + 1]
    if char.isdecimal() and char.isascii():
        return _arabic(text, start)
    if char in _DIGITS or char in _POWERS or char in "数几":
        return _chinese(text, start)
    if char.isalpha() and char.isascii():
        return _english(text, start)
    return None


def _spelled(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _quantum(digits: str) -> Decimal:
    """Unit of the last significant digit: the last decimal, or the last non-zero digit at or after the second."""
    whole, point, decimals = digits.partition(".")
    if point:
        return Decimal(1).scaleb(-len(decimals))
    whole = whole.lstrip("0") or "0"
    significant = max(len(whole.rstrip("0")), min(2, len(whole)))
    return Decimal(1).scaleb(len(whole) - significant)


def _last_unit(digits: str) -> Decimal:
    """Unit of the last non-zero digit: what 多 after the numeral may add at most."""
    whole, point, decimals = digits.partition(".")
    if point:
        return Decimal(1).scaleb(-len(decimals))
    return Decimal(1).scaleb(len(whole) - len(whole.rstrip("0") or "0"))


def _printed(
    digits: str, scale: Decimal, end: int, style: str = "arabic", letter: str = "", bare: bool = False
) -> Number:
    """The number printed as `digits` times `scale`."""
    value, half, last = Decimal(digits) * scale, _quantum(digits) * scale / 2, _last_unit(digits) * scale
    return Number(value, value - half, value + half, end, "exact", None, letter, style, bare, scale, last)


def more_than(number: Number, end: int) -> Number:
    """300多: at least the number, less than the next unit of its last non-zero digit."""
    return replace(number, low=number.value, high=number.value + number.last, end=end, bound="at_least", bare=False)


def _arabic(text: str, start: int) -> Number:
    power = _POWER_OF_TEN.match(text, start)
    if power:
        return _printed("1", Decimal(1).scaleb(_exponent(power)), power.end())
    found = _SPACED.match(text, start) or _ARABIC.match(text, start)
    assert found is not None
    digits, end = re.sub(r"[,， ]", "", found.group()).replace("。", "."), found.end()
    if len(digits) > MAX_DIGITS:
        raise UnreadableFigure(f"a run of {len(digits)} digits is not a figure")
    if _MORE_DIGITS.match(text, end):
        raise UnreadableFigure("digits with several points or misplaced commas")
    exponent = _EXPONENT.match(text, end)
    if exponent:
        return _printed(digits, Decimal(1).scaleb(_exponent(exponent)), exponent.end())
    if "." in digits and _LOST_POWER.match(text, end):
        raise UnreadableFigure("a power of ten that lost its superscript")
    return _arabic_tail(text, end, digits)


def _exponent(found: re.Match[str]) -> int:
    printed = next(group for group in found.groups() if group)
    return int(printed.translate(_SUPERSCRIPT))


def _arabic_tail(text: str, end: int, digits: str) -> Number:
    """Vague mark, Chinese magnitude and further segments, or an English magnitude, after Arabic digits."""
    vague = text[end : end + 1] in ("多", "余", "几") and _chain(text, end + 1)[0] != 1
    power, after = _chain(text, end + vague)
    if power != 1:
        number = _printed(digits, power, after)
        return more_than(number, after) if vague else _with_segments(text, number)
    word = _ENGLISH_MAGNITUDE.match(text, end)
    if word:
        return _printed(digits, Decimal(1).scaleb(_ENGLISH_POWER[(word.group(1) or word.group(2)).lower()]), word.end())
    letter = _LETTER.match(text, end)
    if letter:
        name = letter.group(1) or letter.group(2)
        return _printed(digits, Decimal(1).scaleb(_LETTERS[name]), letter.end(), letter=name)
    return _printed(digits, Decimal(1), end, bare=True)


def _chain(text: str, start: int) -> tuple[Decimal, int]:
    """Product of the magnitude characters at `start` (千万 -> 1e7) and their end; (1, start) where there are none."""
    begin = _SPACE.match(text, start).end()  # type: ignore[union-attr]
    if _PREFIXED_UNIT.match(text, begin):
        return Decimal(1), start
    product, end = Decimal(1), begin
    while end < len(text) and end - begin < 6 and text[end] in _POWERS:
        if end > begin and _PREFIXED_UNIT.match(text, end):
            break
        product, end = product * _POWERS[text[end]], end + 1
    return (product, end) if end > begin else (Decimal(1), start)


def _with_segments(text: str, number: Number) -> Number:
    """Add decreasing segments: 1亿5000万, 3万5千."""
    while True:
        found = _SEGMENT.match(text, number.end)
        if not found:
            return number
        power, end = _chain(text, found.end())
        if power == 1 or Decimal(found.group()) * power >= number.scale:
            return number
        total = number.value + Decimal(found.group()) * power
        number = _printed(_spelled(total / power), power, end)


# --- Chinese numerals -------------------------------------------------------------------------------------------

_RUN = re.compile(r"[零〇一二两三四五六七八九十百千万亿兆]+")
_POSITIONAL = re.compile(r"[零〇一二三四五六七八九]{3,12}(?![十百千万亿兆])")
_VAGUE_PREFIX = re.compile(r"[数几](?=[十百千万亿兆])")
_FEW = re.compile(r"[几数](?=年|天|周|个月|个?小时|分钟|秒|倍|百分|层)")
_TEEN = re.compile(r"([二三四五六七八九]?)十几")
_APPROXIMATE = re.compile(
    r"([十百]?)((?:一[两二]|[二两]三|三[四五]|四五|五六|六七|七八|八九))(?=[^零〇一二三四五六七八九])"
)
_POINT = re.compile(r"([零〇一二三四五六七八九十]{1,3})点([零〇一二三四五六七八九]{1,6})")
_PLAIN_WORD = re.compile(
    r"百分之?|百分|万一|千万别|千万不要|万维|万物|万能|百科|百姓|百年|百货|千家|千篇|千禧|千方|百花|百图|百度|百川|千问|千帆|十分|十足|万无|千差|千变|亿欧|亿铸|一一|万事|千里|百里|万达|万科|万国|万得|百花|万众|百业|千行|百态|千人千面|千丝"
)


def _chinese(text: str, start: int) -> Number | None:
    if _PLAIN_WORD.match(text, start):
        return None
    for reader in (_vague, _teens, _approximate, _pointed):
        number = reader(text, start)
        if number:
            return number
    if _POSITIONAL.match(text, start):
        raise UnreadableFigure("digits written one by one")
    if text[start] in "几数":
        return None
    if text[start] in _POWERS and text[start] != "十":
        return _power_word(text, start)
    return _plain(text, start)


def _power_word(text: str, start: int) -> Number | None:
    """百亿, 千亿, 万: between one and ten of that unit; a following 多/余 makes it at least one."""
    power, end = _chain(text, start)
    if power == 1:
        return None
    if text[end : end + 1] in ("多", "余"):
        return Number(power, power, 2 * power, end + 1, "at_least", style="chinese")
    return Number(power * Decimal("5.5"), power, power * 10, end, "range", power, style="chinese")


def _vague(text: str, start: int) -> Number | None:
    """数百亿 (one to ten of the unit), 几十 (from 20 to below 100), 几年 (from 2 to below 10)."""
    if _FEW.match(text, start):
        return _ranged(Decimal(2), Decimal(10), start + 1)
    if not _VAGUE_PREFIX.match(text, start):
        return None
    power, end = _chain(text, start + 1)
    if power == 1:
        return None
    if text[start] == "几":
        return _ranged(2 * power, 10 * power, end)
    return _ranged(power, 10 * power, end)


def _ranged(low: Decimal, high: Decimal, end: int) -> Number:
    return Number((low + high) / 2, low, high, end, "range", style="chinese")


def _teens(text: str, start: int) -> Number | None:
    """十几, 二十几亿: more than the tens, less than the next tens."""
    found = _TEEN.match(text, start)
    if not found:
        return None
    power, end = _chain(text, found.end())
    tens = _DIGITS[found.group(1) or "一"] * 10
    return _ranged((tens + 1) * power, (tens + 10) * power, end)


def _approximate(text: str, start: int) -> Number | None:
    """七八, 二三十亿, 十七八: two neighbouring digits."""
    found = _APPROXIMATE.match(text, start)
    if not found:
        return None
    base = _POWERS[found.group(1)] if found.group(1) else Decimal(0)
    power, end = _chain(text, found.end())
    low, high = ((base + _DIGITS[digit]) * power for digit in found.group(2))
    return _ranged(low, high, end)


def _pointed(text: str, start: int) -> Number | None:
    """一点五亿: a Chinese decimal."""
    found = _POINT.match(text, start)
    if not found:
        return None
    whole, _ = _section(found.group(1), 0)
    decimals = "".join(str(int(_DIGITS[char])) for char in found.group(2))
    power, end = _chain(text, found.end())
    return _printed(f"{whole}.{decimals}", power, end, "chinese")


def _section(text: str, start: int) -> tuple[Decimal, int]:
    """A Chinese numeral below 万 (一千七百五十, 十二, 三千五 = 3500) and its end; stops where order is broken."""
    total, last, i, zero = Decimal(0), Decimal(10000), start, False
    while i < len(text):
        if text[i] in "零〇" and i > start and not zero:
            zero, i = True, i + 1
            continue
        digit = _DIGITS.get(text[i])
        unit = SMALL.get(text[i] if digit is None else text[i + 1 : i + 2])
        if (digit is None and (unit is None or text[i] != "十")) or (unit is not None and unit >= last):
            break
        if unit is None:
            assert digit is not None
            spoken = not zero and Decimal(100) <= last < Decimal(10000)
            return total + (digit * last / 10 if spoken else digit), i + 1
        total, last, zero = total + (Decimal(1) if digit is None else digit) * unit, unit, False
        i += 1 if digit is None else 2
    return total, i - zero


def _plain(text: str, start: int) -> Number | None:
    """一亿五千万, 三千多, 二十: segments of a section and its magnitudes, in decreasing order."""
    found = _RUN.match(text, start)
    if not found or len(found.group()) > MAX_DIGITS:
        raise UnreadableFigure("a Chinese numeral that is too long")
    total, last, end, unit = Decimal(0), Decimal("1e30"), start, Decimal(1)
    while end < found.end():
        section, after = _section(text, end)
        if after == end:
            break
        vague = text[after : after + 1] in ("多", "余") and text[after + 1 : after + 2] in LARGE
        power, after_power = _chain(text, after + vague)
        if section * power >= last:
            raise UnreadableFigure("a Chinese numeral out of order")
        if after - end == 1 and power == 1 and last < Decimal("1e30") and text[end] in _DIGITS:
            power, after_power = last / 10, after  # 一万二 = 12,000
        total, last, end, unit = total + section * power, power, after_power, power
        if vague:
            return more_than(_printed(_spelled(total / power), power, end, "chinese"), end)
        if power == 1:
            break
    return _plain_end(text, found.end(), total, unit, end)


def _plain_end(text: str, run_end: int, total: Decimal, unit: Decimal, end: int) -> Number | None:
    if end < run_end and not _PREFIXED_UNIT.match(text, end):
        raise UnreadableFigure("a Chinese numeral out of order")
    number = _printed(_spelled(total / unit), unit, end, "chinese")
    if text[end : end + 1] in ("多", "余") and total >= 10:
        return more_than(number, end + 1)
    return number


# --- English words ----------------------------------------------------------------------------------------------

_ONES = {
    word: Decimal(i)
    for i, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS = {
    word: Decimal(10 * i)
    for i, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
_WORD = re.compile(r"[A-Za-z]{1,12}")
_WORD_UNITS = tuple(Decimal(1).scaleb(exponent) for exponent in (18, 15, 12, 9, 6, 3))
_PLURAL = re.compile(
    r"(?:(tens|dozens|hundreds|thousands|millions|billions|trillions)(?: of (thousands|millions|billions|trillions))?"
    r"|several (hundred|thousand|million|billion|trillion)s?(?: (thousand|million|billion|trillion))?)(?![A-Za-z])",
    re.I,
)
_PLURAL_POWER = {
    "ten": 1,
    "dozen": 1,
    "hundred": 2,
    "thousand": 3,
    "million": 6,
    "billion": 9,
    "trillion": 12,
}


def _english(text: str, start: int) -> Number | None:
    plural = _PLURAL.match(text, start)
    if plural:
        return _plural(plural)
    total, section, end, i, seen = Decimal(0), Decimal(0), start, start, False
    for _ in range(12):
        word = _WORD.match(text, i)
        name = word.group().lower() if word else ""
        if name in ("a", "an") and not seen:
            after = _WORD.match(text, word.end() + 1) if word else None
            if not after or after.group().lower() not in (
                "hundred",
                "thousand",
                "million",
                "billion",
                "trillion",
                "dozen",
            ):
                return None
            i = after.start()
            section = Decimal(1)
            continue
        if name in _ONES or name in _TENS:
            section += _ONES.get(name, _TENS.get(name, Decimal(0)))
        elif name == "hundred" and (seen or section):
            section *= 100
        elif name == "dozen" and (seen or section):
            section *= 12
        elif name in _ENGLISH_POWER and (seen or section):
            total, section = total + section * Decimal(1).scaleb(_ENGLISH_POWER[name]), Decimal(0)
        elif not (name == "and" and seen):
            break
        assert word is not None
        if name != "and":
            seen, end = True, word.end()
        i = word.end() + 1 if text[word.end() : word.end() + 1] in (" ", "-") else word.end()
        if i == word.end():
            break
    if not seen:
        return None
    value = total + section
    unit = next((u for u in _WORD_UNITS if value >= u and value % u == 0), Decimal(1))
    return _printed(_spelled(value / unit), unit, end, "english")


def _plural(found: re.Match[str]) -> Number:
    power = Decimal(1)
    for word in found.groups():
        if word:
            power = power.scaleb(_PLURAL_POWER[word.lower().rstrip("s")])
    return Number(power * Decimal("5.5"), power, power * 10, found.end(), "range", style="english")
