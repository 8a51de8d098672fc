"""Figures of a scenario in words: labels, units and numbers as a reader knows them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from helpers.constants import DAY_PER_YEAR, JOULE_PER_KWH
from helpers.language import later, tr
from helpers.numbers import grouped, plain, readable, scientific, words
from helpers.scenarios.fit import whole

NUMBER = re.compile(
    r"^[\d.,]+(?:×10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?(?:万亿|亿|万)?"
)  # both ends of a range keep their magnitude in Chinese


@dataclass(frozen=True)
class Wording:
    """How a figure is called, in English, and how it is written."""

    label: str
    unit: str
    text: Callable[[float], str]


def _chips(value: float) -> str:
    """Accelerators are counted whole, rounded up."""
    chips = whole(value)
    return tr("{n} accelerator" if chips == 1 else "{n} accelerators", n=grouped(chips))


def _money(value: float) -> str:
    return tr("{n} US dollars", n=words(value, 3))


def _days(value: float) -> str:
    if value < 1:
        return tr("{n} hours", n=plain(24 * value))
    return tr("{n} days", n=plain(value)) if value < 1461 else tr("{n} years", n=plain(value / DAY_PER_YEAR))


def _energy(value: float) -> str:
    return readable(value * JOULE_PER_KWH, "J", 3)


def _chip_hours(value: float) -> str:
    return tr("{n} accelerator-hours", n=words(value))


def _parameters(value: float, digits: int = 4) -> str:
    return tr("{n} parameters", n=words(value, digits))


def _tokens(value: float, digits: int = 4) -> str:
    return tr("{n} tokens", n=words(value, digits))


FIGURE_WORDS: dict[str, Wording] = {
    "training_flop": Wording(later("Compute, FLOP"), later("FLOP"), lambda v: f"{scientific(v)} FLOP"),
    "petaflop_s_day_6nd": Wording(later("Compute, 6·N·D"), later("petaFLOP/s-days"), lambda v: f"{plain(v, 4)} PD"),
    "petaflop_s_day_8nd": Wording(later("Compute, 8·N·D"), later("petaFLOP/s-days"), lambda v: f"{plain(v, 4)} PD"),
    "active_params": Wording(later("Parameters in use"), later("parameters"), _parameters),
    "tokens": Wording(later("Tokens"), later("tokens"), _tokens),
    "count": Wording(later("Accelerators"), later("accelerators"), _chips),
    "days": Wording(later("Days"), later("days"), _days),
    "chip_hours": Wording(later("Accelerator-hours"), later("hours"), _chip_hours),
    "energy_kwh": Wording(later("Energy"), later("kWh"), _energy),
    "carbon_kg": Wording(later("Carbon"), later("kg CO2e"), lambda v: tr("{mass} CO2e", mass=readable(v, "kg", 3))),
    "cost_usd": Wording(later("Rent"), later("US dollars"), _money),
    "purchase_usd": Wording(later("Share of the purchase"), later("US dollars"), _money),
    "tokens_per_param": Wording(later("Tokens per parameter"), later("ratio"), lambda v: plain(v, 3)),
    "optimal_params": Wording(later("Compute-optimal parameters"), later("parameters"), lambda v: _parameters(v, 3)),
    "optimal_tokens": Wording(later("Compute-optimal tokens"), later("tokens"), lambda v: _tokens(v, 3)),
}


def amount(name: str, value: float) -> str:
    """A figure with its unit."""
    return FIGURE_WORDS[name].text(value) if math.isfinite(value) else tr("unknown")


def label(name: str) -> str:
    """What a figure is called in the current language."""
    return tr(FIGURE_WORDS[name].label)


def told(name: str, middle: float, low: float, high: float) -> str:
    """A figure with its range: 14.8 days (10 to 20 days)."""
    ends, value = spread(name, low, high), amount(name, middle)
    return tr("{value} ({ends})", value=value, ends=ends) if ends else value


def spread(name: str, low: float, high: float) -> str:
    """A range with its unit once; empty where there is none."""
    if not (math.isfinite(low) and low < high):
        return ""
    first, last = amount(name, low), amount(name, high)
    unit = NUMBER.sub("", last)
    bare = first.removesuffix(unit) if unit and first.endswith(unit) else first
    return tr("{low} to {high}", low=bare, high=last)
