"""What the page's scripts need to speak and to write numbers as the package does."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from helpers import numbers
from helpers.language import is_source, translated
from helpers.structured import read_toml

WORDS = read_toml(Path(__file__).with_name("page_words.toml"))


def words_for(part: str) -> dict[str, str]:
    """The texts of a part of the page in the current language, their {places} left for its script."""
    return {name: translated(text) for name, text in WORDS[part].items()}


def number_words(units: Iterable[str] = ()) -> dict[str, Any]:
    """What `numbers.js` needs to write as `helpers.numbers` and `helpers.scenarios.wording` do, and `units` besides."""
    known = {*units, *numbers.PLURALS} - numbers.BARE - {"fraction"}
    forms = known | {f"{unit}s" for unit in known & set(numbers.PLURALS)}
    return {
        "readable": {
            unit: [[least, divisor, translated(name)] for least, divisor, name in steps]
            for unit, steps in numbers.READABLE.items()
        },
        "scales": numbers.scales(),
        "spoken": [] if is_source() else numbers.CHINESE_SCALES,
        "units": {form: translated(form) for form in sorted(forms)},
        "plurals": sorted(numbers.PLURALS),
        "bare": sorted(numbers.BARE),
        "percent": numbers.percent(0.01)[1:],
        "amounts": words_for("amounts"),
        "range": translated("{low} to {high}"),
        "unknown": translated("unknown"),
    }
