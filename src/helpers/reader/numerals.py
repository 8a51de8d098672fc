"""Numerals in three spellings: Arabic, Chinese and English. `match_number` reads the longest at a position of folded text."""

from helpers.reader.arabic import match_arabic
from helpers.reader.english import match_english
from helpers.reader.han import match_han
from helpers.reader.number import HAN_DIGITS, POWERS, Number


def match_number(text: str, start: int) -> Number | None:
    """The numeral at `start`, or None where there is none; raises UnreadableFigure where one is malformed."""
    char = text[start : start + 1]
    if not char:
        return None
    if char.isdecimal() and char.isascii():
        return match_arabic(text, start)
    if char in HAN_DIGITS or char in POWERS or char in "数几":
        return match_han(text, start)
    return match_english(text, start) if char.isalpha() and char.isascii() else None
