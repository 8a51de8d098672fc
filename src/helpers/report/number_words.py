"""What the page's scripts need to write numbers and figures as the package does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from helpers import numbers
from helpers.language import is_source, translated


def number_words(units: Iterable[str] = ()) -> dict[str, Any]:
    """What `numbers.js` needs to write numbers as `helpers.numbers` and `helpers.scenarios.wording` do.

    Args:
        units: base units that will be asked for, besides those of `helpers.numbers`.
    """
    known = {*units, *numbers.PLURALS} - numbers.BARE - {"fraction"}
    return {
        "readable": {
            unit: [[least, divisor, translated(name)] for least, divisor, name in steps]
            for unit, steps in numbers.READABLE.items()
        },
        "scales": numbers.scales(),
        "spoken": [] if is_source() else numbers.CHINESE_SCALES,
        "units": {form: translated(form) for unit in sorted(known) for form in _forms(unit)},
        "plurals": sorted(numbers.PLURALS),
        "bare": sorted(numbers.BARE),
        "percent": numbers.percent(0.01)[1:],
        "amounts": amount_words(),
        "range": translated("{low} to {high}"),
        "unknown": translated("unknown"),
    }


def _forms(unit: str) -> tuple[str, ...]:
    return (unit, f"{unit}s") if unit in numbers.PLURALS else (unit,)


def amount_words() -> dict[str, str]:
    """Figures with their units as `helpers.scenarios.wording` writes them, the number left open."""
    return {
        "parameters": translated("{n} parameters"),
        "tokens": translated("{n} tokens"),
        "accelerator": translated("{n} accelerator"),
        "accelerators": translated("{n} accelerators"),
        "hours": translated("{n} hours"),
        "days": translated("{n} days"),
        "years": translated("{n} years"),
        "chip_hours": translated("{n} accelerator-hours"),
        "carbon": translated("{mass} CO2e"),
        "dollars": translated("{n} US dollars"),
    }
