"""Arabic numerals of the press: 1750亿, 1。75万亿, 285,000, 1亿5000万, 1.6 trillion, 540B, 3.14×10^23."""

import re
from decimal import Decimal

from helpers.reader.number import (
    ENGLISH_POWERS,
    MAX_DIGITS,
    Number,
    UnreadableFigure,
    chain,
    more_than,
    printed,
    spelled,
)
from helpers.reader.vocabulary import powers

_LETTERS = powers("power", "letter")
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")

_ARABIC = re.compile(r"\d{1,3}(?:[,，]\d{3})+(?![\d])(?:[.。]\d+)?|\d+(?:[.。]\d+)?")
_DECIMAL_COMMA = re.compile(r"\d{1,3},\d{1,2}(?=[ -]?(?:million|billion|trillion)(?![A-Za-z]))")
_SPACED = re.compile(r"[1-9]\d{0,2}(?:(?: \d{3})+|(?:['’]\d{3})+)(?![\d]|[ ,，'’]\d{3}(?!\d))(?:[.。]\d+(?!\d))?")
_LISTED = re.compile(r"\d{3}(?: (?!000)\d{3}){2,}")
_MARKS = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20f0\ufe20-\ufe2f]")
_SIGNED = re.compile(r"(?:^|[\s(（\[:：=~约为是])-$")
_BEYOND = 40  # no figure of the press has more digits before the point
_TEN_TO = r"10 ?(?:(?:\^|\*\*) ?[({]? ?([+-]?\d{1,3})[)}]?(?!\d)|([⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})|的 ?(\d{1,3}) ?次(?:方|幂))"
_POWER_OF_TEN = re.compile(_TEN_TO)
_EXPONENT = re.compile(rf"[eE]([+-]?\d{{1,3}})(?![\dA-Za-z])| ?(?:[×xX*·]|乘以?|times) ?{_TEN_TO}")
_LOST_POWER = re.compile(r" ?[×xX*] ?10\d")
_MORE_DIGITS = re.compile(r"[.。,]\d")
_SEGMENT = re.compile(r"\d{1,4}(?:\.\d+)?")
_ENGLISH_MAGNITUDE = re.compile(rf"[ -]?({'|'.join(ENGLISH_POWERS)})s?(?![A-Za-z])", re.I)
_LETTER = re.compile(r" ?([KkMBT])(?:(?![A-Za-z0-9])|(?=tokens?|[Pp]aram|words?|GPU|个))|([b])(?![A-Za-z0-9])")


def match_arabic(text: str, start: int) -> Number:
    """The Arabic numeral at `start`, where a digit stands; raises UnreadableFigure where it is malformed."""
    power = _POWER_OF_TEN.match(text, start)
    if power:
        _refuse(text, start, power)
        return printed("1", Decimal(1).scaleb(_exponent(power)), power.end())
    decimal = _DECIMAL_COMMA.match(text, start)
    found = decimal or _SPACED.match(text, start) or _ARABIC.match(text, start)
    assert found is not None
    _refuse(text, start, found)
    digits, end = re.sub(r"[,， '’]", "." if decimal else "", found.group()).replace("。", "."), found.end()
    if len(digits) > MAX_DIGITS:
        raise UnreadableFigure(f"a run of {len(digits)} digits is not a figure")
    if _MORE_DIGITS.match(text, end):
        raise UnreadableFigure("digits with several points or misplaced commas")
    exponent = _EXPONENT.match(text, end)
    if exponent:
        return printed(digits, Decimal(1).scaleb(_exponent(exponent)), exponent.end())
    if "." in digits and _LOST_POWER.match(text, end):
        raise UnreadableFigure("a power of ten that lost its superscript")
    return _arabic_tail(text, end, digits)


def _refuse(text: str, start: int, found: re.Match[str]) -> None:
    """Raise UnreadableFigure for a sign, a mark on a digit, or blanks that may separate a list as well as groups."""
    if _SIGNED.search(text, max(0, start - 2), start):
        raise UnreadableFigure("a negative sign before it")
    if _MARKS.match(text, found.end()):
        raise UnreadableFigure("marks on its digits")
    if _LISTED.fullmatch(found.group()):
        raise UnreadableFigure("groups of three digits that may be a list")


def _exponent(found: re.Match[str]) -> int:
    printed = next(group for group in found.groups() if group)
    power = int(printed.translate(_SUPERSCRIPT))
    if abs(power) > _BEYOND:
        raise UnreadableFigure("beyond any figure that something has")
    return power


def _arabic_tail(text: str, end: int, digits: str) -> Number:
    """Vague mark, Chinese magnitude and further segments, or an English magnitude, after Arabic digits."""
    vague = text[end : end + 1] in ("多", "余", "几") and chain(text, end + 1)[0] != 1
    power, after = chain(text, end + vague)
    if power != 1:
        number = printed(digits, power, after)
        return more_than(number, after) if vague else _with_segments(text, number)
    word = _ENGLISH_MAGNITUDE.match(text, end)
    if word:
        return printed(digits, ENGLISH_POWERS[word.group(1).lower()], word.end())
    letter = _LETTER.match(text, end)
    if letter:
        name = letter.group(1) or letter.group(2)
        return printed(digits, _LETTERS[name], letter.end(), letter=name)
    return printed(digits, Decimal(1), end, bare=True)


def _with_segments(text: str, number: Number) -> Number:
    """Add decreasing segments: 1亿5000万, 3万5千."""
    while True:
        found = _SEGMENT.match(text, number.end)
        if not found:
            return number
        power, end = chain(text, found.end())
        if power == 1 or Decimal(found.group()) * power >= number.scale:
            return number
        total = number.value + Decimal(found.group()) * power
        number = printed(spelled(total / power), power, end)
