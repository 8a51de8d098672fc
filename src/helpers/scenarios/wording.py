"""Figures of a scenario in words: labels, units and numbers as a reader knows them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from helpers.numbers import grouped, plain, readable, scientific, words
from helpers.scenarios.fit import whole


@dataclass(frozen=True)
class Wording:
    """How a figure is called and written."""

    label: str
    unit: str
    text: Callable[[float], str]


def _chips(value: float) -> str:
    """Accelerators are counted whole, rounded up."""
    chips = whole(value)
    return f"{grouped(chips)} accelerator{'' if chips == 1 else 's'}"


def _money(value: float) -> str:
    return f"{words(value, 3)} US dollars"


def _days(value: float) -> str:
    if value < 1:
        return f"{plain(24 * value)} hours"
    return f"{plain(value)} days" if value < 1461 else f"{plain(value / 365.25)} years"


def _energy(value: float) -> str:
    return readable(value * 3.6e6, "J", 3)


def _chip_hours(value: float) -> str:
    return f"{words(value)} accelerator-hours"


FIGURES: dict[str, Wording] = {
    "training_flop": Wording("Compute, FLOP", "FLOP", lambda v: f"{scientific(v)} FLOP"),
    "petaflop_s_day_6nd": Wording("Compute, 6·N·D", "petaFLOP/s-days", lambda v: f"{plain(v, 4)} PD"),
    "petaflop_s_day_8nd": Wording("Compute, 8·N·D", "petaFLOP/s-days", lambda v: f"{plain(v, 4)} PD"),
    "active_params": Wording("Parameters in use", "parameters", lambda v: f"{words(v, 4)} parameters"),
    "tokens": Wording("Tokens", "tokens", lambda v: f"{words(v, 4)} tokens"),
    "count": Wording("Accelerators", "accelerators", _chips),
    "days": Wording("Days", "days", _days),
    "chip_hours": Wording("Accelerator-hours", "hours", _chip_hours),
    "energy_kwh": Wording("Energy", "kWh", _energy),
    "carbon_kg": Wording("Carbon", "kg CO2e", lambda v: f"{readable(v, 'kg', 3)} CO2e"),
    "cost_usd": Wording("Rent", "US dollars", _money),
    "purchase_usd": Wording("Share of the purchase", "US dollars", _money),
    "tokens_per_param": Wording("Tokens per parameter", "ratio", lambda v: plain(v, 3)),
    "optimal_params": Wording("Compute-optimal parameters", "parameters", lambda v: f"{words(v)} parameters"),
    "optimal_tokens": Wording("Compute-optimal tokens", "tokens", lambda v: f"{words(v)} tokens"),
}


def amount(name: str, value: float) -> str:
    """A figure with its unit."""
    return FIGURES[name].text(value) if math.isfinite(value) else "unknown"


def spread(name: str, low: float, high: float) -> str:
    """A range with its unit once; empty where there is none."""
    if not (math.isfinite(low) and low < high):
        return ""
    first, last = amount(name, low), amount(name, high)
    unit = last.split(" ", 1)[1] if " " in last else ""
    bare = first.removesuffix(unit).strip() if unit and first.endswith(f" {unit}") else first
    return f"{bare} to {last}"
