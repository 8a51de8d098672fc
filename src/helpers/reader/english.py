"""English worded numerals: two, twenty-five, three hundred thousand, a million, dozens, hundreds of billions."""

import re
from decimal import Decimal
from math import prod

from helpers.reader.number import ENGLISH_POWERS, Number, printed, spelled
from helpers.reader.vocabulary import listed, phrase

_SMALL = {word: i for i, word in enumerate(listed("numeral", "ones"))}
_SMALL |= {word: 10 * i for i, word in enumerate(listed("numeral", "tens"), 2)}
_TIMES = {"hundred": 100, "dozen": 12}
_NAMES = "|".join(sorted({*_SMALL, *_TIMES, *ENGLISH_POWERS, "and"}, key=len, reverse=True))
_WORD = re.compile(rf"(?:{_NAMES})(?=fold(?![A-Za-z])|(?![A-Za-z]))", re.I)
_RUN = re.compile(rf"{_WORD.pattern}(?:[ -]{_WORD.pattern}){{0,11}}", re.I)
_ARTICLE = re.compile(r"an? (?=(?:hundred|thousand|million|billion|trillion|dozen)(?![A-Za-z]))", re.I)
_PARTS = {"half": "0.5", "quarter": "0.25", "quarters": "0.75"}
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
    run = _RUN.match(text, article.end() if article else start)
    words = [(word.group().lower(), word.end()) for word in _WORD.finditer(text, run.start(), run.end())] if run else []
    value, used = _sum([word for word, _ in words], Decimal(1 if article else 0))
    if not used:
        return None
    unit = next((unit for unit in _UNITS if value >= unit and value % unit == 0), Decimal(1))
    return printed(spelled(value / unit), unit, words[used - 1][1], "english")


def _sum(words: list[str], section: Decimal) -> tuple[Decimal, int]:
    """Value of the longest numeral that the words begin with, and how many words it has."""
    total, used, fresh = Decimal(0), 0, Decimal(0)
    for count, word in enumerate(words, 1):
        if word in _SMALL:
            step = Decimal(_SMALL[word])
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
