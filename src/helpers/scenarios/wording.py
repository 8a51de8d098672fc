"""Figures of a scenario in words: labels, units and numbers as a reader knows them."""

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from helpers.constants import DAY_PER_YEAR, JOULE_PER_KWH
from helpers.formulas.uncertainty import RangeEstimate
from helpers.language import tr
from helpers.numbers import grouped, plain, readable, scientific, words
from helpers.scenarios.fit import whole
from helpers.structured import read_toml

# Both ends of a range keep their magnitude in Chinese.
NUMBER = re.compile(r"^[\d.,]+(?:×10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?(?:万亿|亿|万)?")
MAGNITUDE = re.compile(r"^ (?:million|billion|trillion|quadrillion)(?= )")
WORDS = read_toml(Path(__file__).with_name("wording.toml"))
LABELS: dict[str, str] = WORDS["inputs"]
UNITS: dict[str, str] = WORDS["units"]
FIGURE_WORDS: dict[str, dict[str, Any]] = WORDS["figures"]  # how each is called: label, unit; how written: said, digits
COMPARED_FIGURES: list[str] = WORDS["compared"]["figures"]


def _accelerators(value: float) -> str:
    """Accelerators are counted whole, rounded up."""
    chips = whole(value)
    return tr("{n} accelerator" if chips == 1 else "{n} accelerators", n=grouped(chips))


def _duration(value: float) -> str:
    if value < 1:
        return tr("{n} hours", n=plain(24 * value))
    return tr("{n} days", n=plain(value)) if value < 1461 else tr("{n} years", n=plain(value / DAY_PER_YEAR))


OWN_WAYS: dict[str, Callable[[float], str]] = {
    "training_flop": lambda v: f"{scientific(v)} FLOP",
    "petaflop_s_day_6nd": lambda v: f"{plain(v, 4)} PD",
    "petaflop_s_day_8nd": lambda v: f"{plain(v, 4)} PD",
    "count": _accelerators,
    "days": _duration,
    "energy_kwh": lambda v: readable(v * JOULE_PER_KWH, "J", 3),
    "carbon_kg": lambda v: tr("{mass} CO2e", mass=readable(v, "kg", 3)),
    "tokens_per_param": plain,
}


def amount(name: str, value: float) -> str:
    """A figure with its unit."""
    if not math.isfinite(value):
        return tr("unknown")
    known = FIGURE_WORDS[name]
    return OWN_WAYS[name](value) if name in OWN_WAYS else tr(known["said"], n=words(value, known.get("digits", 3)))


def padded(text: str, width: int) -> str:
    """A text filled up with blanks; a Chinese character is two wide."""
    return text + " " * (width - wide(text))


def table(rows: Sequence[Sequence[str]], right: bool = False) -> list[str]:
    """Rows as lines with columns, which stand to the left, two blanks apart, or to the right."""
    widths = [max(map(wide, column)) for column in zip(*rows, strict=True)]
    if right:
        return [" ".join(" " * (width - wide(c)) + c for c, width in zip(row, widths, strict=True)) for row in rows]
    return ["  ".join(map(padded, row, widths)).rstrip() for row in rows]


def wide(text: str) -> int:
    """Columns that a text takes on the screen."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def label(name: str) -> str:
    """What a figure is called in the current language."""
    return tr(FIGURE_WORDS[name]["label"])


def with_range(name: str, figure: RangeEstimate) -> str:
    """A figure with its range: 14.8 days (10 to 20)."""
    ends, value = spread(name, figure.low_90, figure.high_90), amount(name, figure.middle)
    unit = MAGNITUDE.sub("", NUMBER.sub("", value))
    return tr("{value} ({ends})", value=value, ends=ends.removesuffix(unit)) if ends else value


def spread(name: str, low: float, high: float) -> str:
    """A range with its unit once; empty where there is none."""
    if not (math.isfinite(low) and low < high):
        return ""
    first, last = amount(name, low), amount(name, high)
    unit = NUMBER.sub("", last)
    shared = next((end for end in (unit, MAGNITUDE.sub("", unit)) if first.endswith(end)), "")
    return tr("{low} to {high}", low=first.removesuffix(shared), high=last)
