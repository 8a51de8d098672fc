"""Numbers as people write them in options, files and boxes: 70B, 15T, 700亿, 1e10, 1,000,000, 80 GiB, 0.7 kW, 45 %."""

from __future__ import annotations

import math
import re
import unicodedata

NUMBER = re.compile(
    r"(?P<digits>[+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d{1,3}(?:_\d{3})+|\d+)?(?:\.\d*)?(?:e[+-]?\d+)?)"
    r" ?(?P<scale>[^\d\s.,+-][^\d]*)?"
)
COUNTS = {
    "": 1.0,
    "k": 1e3,
    "thousand": 1e3,
    "m": 1e6,
    "mn": 1e6,
    "million": 1e6,
    "b": 1e9,
    "bn": 1e9,
    "billion": 1e9,
    "t": 1e12,
    "tn": 1e12,
    "trillion": 1e12,
    "千": 1e3,
    "万": 1e4,
    "十万": 1e5,
    "百万": 1e6,
    "千万": 1e7,
    "亿": 1e8,
    "十亿": 1e9,
    "百亿": 1e10,
    "千亿": 1e11,
    "万亿": 1e12,
    "%": 1e-2,
}
PREFIXES = {"": 1.0, "k": 1e3, "m": 1e6, "g": 1e9, "t": 1e12, "p": 1e15, "e": 1e18}
UNITS = {  # of fields, with the spellings accepted after a prefix
    "bytes": ("b", "byte", "bytes"),
    "bytes/s": ("b/s", "byte/s", "bytes/s", "bps"),
    "FLOP/s": ("flop/s", "flops", "flops/s"),
    "W": ("w", "watt", "watts"),
    "days": ("d", "day", "days"),
    "US dollars": ("$", "usd", "dollars"),
}


def read_number(text: str, unit: str = "") -> float:
    """A number with a scale word, or with a prefix of its unit.

    Args:
        text: one number; a dollar sign before it is passed over.
        unit: what the number counts, one of `UNITS`; anything else is a plain count.

    Raises:
        ValueError: it is not one number, a comma or a point does not stand where thousands or decimals do, or its unit
            is another one.
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
    """The factor that a scale word or a unit with its prefix stands for.

    Raises:
        ValueError: there is none.
    """
    known = {**scales_of(unit), **(COUNTS if unit not in ("bytes", "bytes/s", "FLOP/s", "W", "days") else {"": 1.0})}
    if word.strip() not in known:
        accepted = ", ".join(word for word in known if word)
        raise ValueError(f"{text[:40]!r} is not a number with a unit that is known here (accepted: {accepted})")
    return known[word.strip()]


def scales_of(unit: str) -> dict[str, float]:
    """Spellings of a unit with its prefixes; of bytes also the binary ones."""
    if unit not in UNITS:
        return {}
    decimal = {f"{prefix}{spelling}": size for prefix, size in PREFIXES.items() for spelling in UNITS[unit]}
    if unit in ("days", "US dollars"):
        return dict.fromkeys(UNITS[unit], 1.0)
    if not unit.startswith("bytes"):
        return decimal
    binary = {f"{p}i{s}": 1024.0**n for n, p in enumerate(PREFIXES) if p for s in UNITS[unit]}
    return {**decimal, **binary}
