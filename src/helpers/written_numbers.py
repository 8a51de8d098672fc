"""Numbers and days as people write them in options, files and boxes: 70B, 15T, 700亿, 1e10, 1,000,000, 80 GiB, 0.7 kW, 45 %."""

import math
import re
import unicodedata
from datetime import date
from pathlib import Path

from helpers.structured import read_toml

NUMBER = re.compile(
    r"(?P<digits>[+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d{1,3}(?:_\d{3})+|\d+)?(?:\.\d*)?(?:e[+-]?\d+)?)"
    r" ?(?P<scale>[^\d\s.,+-][^\d]*)?"
)
WORDS = read_toml(Path(__file__).with_name("number_words.toml"))
COUNTS: dict[str, float] = {"": 1.0, **WORDS["counts"]}
PREFIXES: dict[str, float] = {"": 1.0, **WORDS["prefixes"]}
YEARS = range(1950, 2101)


def read_day(text: str) -> date:
    """A day of `YEARS` such as 2024-06-30; else a ValueError."""
    day = date.fromisoformat(text)
    if day.year not in YEARS or day.isoformat() != text:
        raise ValueError(f"{text[:40]!r} is not a day such as 2024-06-30")
    return day


def read_number(text: str, unit: str = "") -> float:
    """A number with a scale word, or with a prefix of its unit; a dollar sign before it is passed over.

    What is no unit of `number_words.toml` is a plain count. A ValueError: the text is not one number, a comma or a point
    does not stand where thousands or decimals do, or its unit is another one.
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).strip().lower().removeprefix("$").split())
    found = NUMBER.fullmatch(plain)
    if not found or not re.search(r"\d", found["digits"]):
        raise ValueError(f"{text[:40]!r} is not a number")
    value = float(re.sub("[, _]", "", found["digits"])) * scale(found["scale"] or "", unit, text)
    if not math.isfinite(value):
        raise ValueError(f"{text[:40]!r} is not a finite number")
    return value


def scale(word: str, unit: str, text: str) -> float:
    """The factor that a scale word or a unit with its prefix stands for; a ValueError, where there is none."""
    counted = unit not in WORDS["prefixed"] and unit != "days"
    known = {**scales_of(unit), **(COUNTS if counted else {"": 1.0})}
    if word.strip() not in known:
        accepted = ", ".join(word for word in known if word)
        raise ValueError(f"{text[:40]!r} is not a number with a unit that is known here (accepted: {accepted})")
    return known[word.strip()]


def scales_of(unit: str) -> dict[str, float]:
    """Spellings of a unit with its prefixes; of bytes also the binary ones."""
    spellings = WORDS["prefixed"].get(unit, [])
    decimal = {f"{prefix}{spelling}": size for prefix, size in PREFIXES.items() for spelling in spellings}
    binary = {f"{p}i{s}": 1024.0**n for n, p in enumerate(PREFIXES) if p for s in spellings}
    return {**dict.fromkeys(WORDS["plain"].get(unit, []), 1.0), **decimal, **(binary if "byte" in unit else {})}
