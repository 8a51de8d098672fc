"""English worded numerals: two, twenty-five, three hundred thousand, a million, dozens, hundreds of billions."""

from __future__ import annotations

import re
from decimal import Decimal
from math import prod

from helpers.reader.number import ENGLISH_POWERS, Number, printed, spelled
from helpers.reader.vocabulary import listed, phrase

_ONES = {word: i for i, word in enumerate(listed("numeral", "ones"))}
_TENS = {word: 10 * i for i, word in enumerate(listed("numeral", "tens"), 2)}
_TIMES = {"hundred": 100, "dozen": 12}
_WORDS = {*_ONES, *_TENS, *_TIMES, *ENGLISH_POWERS, "and"}
_WORD = re.compile(r"[A-Za-z]{1,12}?(?=fold(?![A-Za-z])|(?![A-Za-z]))")
_ARTICLE = re.compile(r"an? (?=(?:hundred|thousand|million|billion|trillion|dozen)(?![A-Za-z]))", re.I)
_PARTS = {"half": "0.5", "quarter": "0.25", "quarters": "0.75"}
_MAX_WORDS = 12
_UNITS = [Decimal(1).scaleb(power) for power in (18, 15, 12, 9, 6, 3)]
_POWERS = {"ten": Decimal(10), "dozen": Decimal(10), "hundred": Decimal(100), **ENGLISH_POWERS}


def match_english(text: str, start: int) -> Number | None:
    """The worded numeral at `start`, or None."""
    plural = phrase("english plural").match(text, start)
    if plural:
        return _plural(plural)
    part = phrase("english part").match(text, start)
    if part:
        share = _PARTS[re.split("[ -]", part.group(1).lower())[-1]]
        return printed(share, _POWERS[part.group(2).lower()], part.end(), "english")
    article = _ARTICLE.match(text, start)
    words = list(_words(text, article.end() if article else start))
    value, used = _sum([word for word, _ in words], Decimal(1 if article else 0))
    if not used:
        return None
    unit = next((unit for unit in _UNITS if value >= unit and value % unit == 0), Decimal(1))
    return printed(spelled(value / unit), unit, words[used - 1][1], "english")


def _words(text: str, start: int) -> list[tuple[str, int]]:
    """The words from `start` that may belong to a numeral, with their ends."""
    words: list[tuple[str, int]] = []
    at = start
    while len(words) < _MAX_WORDS:
        found = _WORD.match(text, at)
        name = found.group().lower() if found else ""
        if not found or name not in _WORDS:
            break
        words.append((name, found.end()))
        if text[found.end() : found.end() + 1] not in (" ", "-"):
            break
        at = found.end() + 1
    return words


def _sum(words: list[str], section: Decimal) -> tuple[Decimal, int]:
    """Value of the longest numeral that the words begin with, and how many words it has."""
    total, used, fresh = Decimal(0), 0, Decimal(0)
    for count, word in enumerate(words, 1):
        if word in _ONES or word in _TENS:
            step = Decimal(_ONES.get(word, _TENS.get(word, 0)))
            if fresh and not (fresh >= 20 > fresh % 10 == 0 and step < 10):
                break
            section, fresh = section + step, step
        elif word in _TIMES and section:
            section, fresh = section * _TIMES[word], Decimal(0)
        elif word in ENGLISH_POWERS and section:
            total, section, fresh = total + section * ENGLISH_POWERS[word], Decimal(0), Decimal(0)
        elif word != "and" or not used or fresh:
            break
        used = count if word != "and" else used
    return total + section, used


def _plural(found: re.Match[str]) -> Number:
    """Dozens, hundreds of billions: between one and ten of the unit."""
    power = prod((_POWERS[word.lower().rstrip("s")] for word in found.groups() if word), start=Decimal(1))
    return Number(power * Decimal("5.5"), power, power * 10, found.end(), "range", style="english")
