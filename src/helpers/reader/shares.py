"""Shares as printed: 三分之一, 百分之八十, 1/3, two thirds, one in three, 一半, 半年."""

import re
from decimal import Decimal

from helpers.reader.number import HAN_DIGITS, POWERS, Number, UnreadableFigure
from helpers.reader.numerals import match_number
from helpers.reader.vocabulary import meanings, phrase

_HAN_FRACTION = re.compile(r"(百|千|万|[零一二两三四五六七八九十百千]{1,8}|\d{1,4}) ?分之 ?")
_SLASH_FRACTION = re.compile(r"(\d{1,3})/(\d{1,4})(?:th|rd|nd|st)?(?![\d/A-Za-z])")
_PARTS = {word: Decimal(part) for word, part in meanings("fraction").items()}
_TOLERANCE = Decimal("0.05")


def match_share(text: str, start: int) -> Number | None:
    """The share at `start` as a fraction of one, or None; a plain share is good to 5 %.

    Raises UnreadableFigure where 分之 lacks one of its parts.
    """
    for reader in (_han, _one_in, _slash, _words):
        share = reader(text, start)
        if share:
            return share
    return _plain(Decimal(1), Decimal(2), start + 2) if text.startswith("一半", start) else None


def match_half(text: str, start: int) -> Number | None:
    """The 半 of 半年, 半个月, half a day: half of the unit that follows."""
    found = phrase("shares half").match(text, start)
    return _plain(Decimal(1), Decimal(2), found.end()) if found else None


def _plain(above: Decimal, below: Decimal, end: int) -> Number:
    value = above / below
    return Number(value, value * (1 - _TOLERANCE), value * (1 + _TOLERANCE), end)


def _han(text: str, start: int) -> Number | None:
    short = phrase("shares short_fraction").match(text, start)
    if short:
        bottom, top = (HAN_DIGITS.get(part, Decimal(10)) for part in short.groups())
        return _plain(top, bottom, short.end()) if top < bottom else None
    found = _HAN_FRACTION.match(text, start)
    if not found:
        return None
    above = match_number(text, found.end())
    if above is None:
        raise UnreadableFigure("a fraction without its upper part")
    if found.group(1) in ("百", "千", "万"):
        return above.times(1 / POWERS[found.group(1)])
    below = match_number(found.group(1), 0)
    if below is None or below.end != len(found.group(1)) or not below.value:
        raise UnreadableFigure("a fraction whose lower part is no numeral")
    return _plain(above.value, below.value, above.end)


def _one_in(text: str, start: int) -> Number | None:
    found = phrase("shares one_in").match(text, start)
    below = match_number(text, found.end()) if found else None
    return _plain(Decimal(1), below.value, below.end) if below and below.value > 1 else None


def _slash(text: str, start: int) -> Number | None:
    found = _SLASH_FRACTION.match(text, start)
    if not found or not 0 < int(found.group(1)) < int(found.group(2)):
        return None
    return _plain(Decimal(found.group(1)), Decimal(found.group(2)), found.end())


def _words(text: str, start: int) -> Number | None:
    found = phrase("shares word_fraction").match(text, start)
    if found and phrase("shares of_a").match(text, found.end()):
        return None
    if not found or not (found.group(1) or found.group(2).lower() == "half"):
        return None
    above = (found.group(1) or "one").lower()
    top = Decimal(above) if above.isdigit() else _PARTS[above]
    return _plain(top, _PARTS[found.group(2).lower()], found.end())
