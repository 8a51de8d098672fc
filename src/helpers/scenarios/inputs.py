"""A scenario in numbers: what `evaluate` is called with, the range of each, and where each comes from."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from helpers.formulas.hardware import Accelerator
from helpers.language import later, named, tr
from helpers.scenarios import grids, operations, prices
from helpers.scenarios.checking import accelerator_of, architecture_of
from helpers.scenarios.prices import PURCHASE, Price, Unknown
from helpers.scenarios.scenario import Scenario
from helpers.scenarios.solving import UNKNOWN_PRICE, way_of
from helpers.timing import reduced

UNKNOWN_POWER_W = 400.0  # where no data sheet gives a rated power: between a V100's 300 W and an H100's 700 W
USUAL_SEQ_LEN = 4096  # of published whole runs, about
QUANTITIES = ("tokens", "count", "days", "budget_usd")
LABELS = {  # inputs of `evaluate` in words
    "active_params": later("parameters"),
    "tokens": later("tokens"),
    "count": later("accelerators"),
    "days": later("days"),
    "budget_usd": later("budget"),
    "peak_flop_per_s": later("peak rate"),
    "utilisation": later("utilisation"),
    "device_power_w": later("power of the accelerator"),
    "power_factor": later("power of its server"),
    "pue": later("overhead of the data centre"),
    "carbon_kg_per_kwh": later("carbon of the grid"),
    "price_per_chip_hour_usd": later("rent by the hour"),
    "purchase_price_usd": later("purchase price"),
}
UNITS = {  # of those that are not counts of what they are called
    "budget_usd": later("US dollars"),
    "peak_flop_per_s": later("FLOP/s"),
    "utilisation": later("of the peak rate"),
    "device_power_w": later("W"),
    "power_factor": later("times the accelerators'"),
    "pue": later("times what the servers use"),
    "carbon_kg_per_kwh": later("kg CO2e per kWh"),
    "price_per_chip_hour_usd": later("US dollars"),
    "purchase_price_usd": later("US dollars"),
}
PLAIN = ("pue",)  # numbers with a default, as they stand


@dataclass(frozen=True)
class Inputs:
    """What a scenario stands for."""

    solve_for: str
    numbers: dict[str, float]  # the middle of each input of `evaluate`
    ranges: dict[str, tuple[float, float]]  # 90 % ranges of those that are uncertain
    origins: dict[str, str]  # where each circumstance comes from
    accelerator: Accelerator
    params: float  # in all; of a mixture more than the active ones that `numbers` holds
    unknown_rent: str  # why there is no rent; empty where there is one


@dataclass
class _Gathering:
    """Inputs while they are collected."""

    numbers: dict[str, float]
    ranges: dict[str, tuple[float, float]]
    origins: dict[str, str]
    unknown_rent: str = ""

    def given(self, scenario: Scenario, field: str, name: str = "") -> bool:
        """Take a field as it was given; False if it was not."""
        value = scenario.number(field)
        if value is None:
            return False
        name, raw = name or field, scenario[field]
        self.numbers[name] = value
        if isinstance(raw, tuple):
            self.ranges[name] = raw
        self.origins[name] = tr("as given" if field in scenario.given else "default")
        return True

    def known(self, name: str, value: float, origin: str, ends: tuple[float, float] | None = None) -> None:
        """Take what a table or a model says."""
        self.numbers[name], self.origins[name] = value, origin
        if ends and ends[0] < ends[1]:
            self.ranges[name] = ends


def inputs_of(scenario: Scenario) -> Inputs:
    """Look up what a scenario leaves open.

    Raises:
        InputError: the accelerator or the grid is unknown.
    """
    gathering = _Gathering({}, {}, {})
    solve_for = str(scenario["solve_for"])
    chip = accelerator_of(scenario.given)
    _take_quantities(gathering, scenario, solve_for)
    _take_machine(gathering, scenario, chip)
    _take_prices(gathering, scenario, chip)
    for name in PLAIN:
        gathering.given(scenario, name)
    if not gathering.given(scenario, "carbon_kg_per_kwh"):
        grid = grids.find_grid(str(scenario["grid"]), scenario.day)
        gathering.known(
            "carbon_kg_per_kwh", grid.carbon_kg_per_kwh, tr("{grid}, {year}", grid=named(grid.name), year=grid.year)
        )
    params = gathering.numbers.get("active_params", math.nan)
    if solve_for != "params":
        params = scenario.number("params") or params
    g = gathering
    return Inputs(solve_for, g.numbers, g.ranges, g.origins, chip, params, g.unknown_rent)


def decisive(scenario: Scenario) -> list[str]:
    """Quantities that decide the unknown; the others are limits to be kept, where they were given."""
    names = way_of(str(scenario["solve_for"]), scenario.given).names
    return ["params" if name == "active_params" else name for name in names]


def _take_quantities(gathering: _Gathering, scenario: Scenario, solve_for: str) -> None:
    for name in decisive(scenario):
        if name != "params":
            gathering.given(scenario, name)
        elif not gathering.given(scenario, "active_params"):
            gathering.given(scenario, "params", "active_params")
            _take_active_share(gathering, scenario)


def _take_active_share(gathering: _Gathering, scenario: Scenario) -> None:
    """Of a mixture whose architecture is given, the parameters that a token uses follow from it."""
    shape = architecture_of(scenario.given)
    share = float(shape.active_params / shape.params) if shape else 1.0
    if share == 1.0:
        return
    g = gathering
    g.numbers["active_params"] *= share
    g.origins["active_params"] = tr("by the architecture")
    if "active_params" in g.ranges:
        low, high = g.ranges["active_params"]
        g.ranges["active_params"] = low * share, high * share


def _take_machine(gathering: _Gathering, scenario: Scenario, chip: Accelerator) -> None:
    gathering.known("peak_flop_per_s", chip.peak_flop_per_s, tr("{chip}, dense 16-bit", chip=chip.title))
    if not gathering.given(scenario, "utilisation"):
        share = reduced.expected_for("run", chip)
        like = tr("{n} sources", n=share.sources) if share.sources else tr("other accelerators")
        origin = tr("whole runs published for such accelerators ({like})", like=like)
        longer = _attention(gathering, scenario)  # published runs looked at some thousand tokens
        ends = (share.low_90 / longer, share.high_90 / longer)
        gathering.known("utilisation", math.sqrt(ends[0] * ends[1]), origin, ends)
    if not gathering.given(scenario, "device_power_w"):
        rated = math.isfinite(chip.device_power_w)
        power = chip.device_power_w if rated else UNKNOWN_POWER_W
        origin = tr("rated, {chip}", chip=chip.title) if rated else tr("assumed: no data sheet at hand")
        gathering.known("device_power_w", power, origin)
    if not gathering.given(scenario, "power_factor"):
        factor, origin = operations.power_factor(chip)
        gathering.known("power_factor", factor.middle, origin, (factor.low_90, factor.high_90))


def _attention(gathering: _Gathering, scenario: Scenario) -> float:
    """Model FLOP with attention at the context given, over those at the usual one."""
    seq_len, active = scenario.number("seq_len"), gathering.numbers.get("active_params")
    if not seq_len or not active or seq_len <= USUAL_SEQ_LEN:
        return 1.0
    return reduced.attention_factor(active, seq_len) / reduced.attention_factor(active, USUAL_SEQ_LEN)


def _take_prices(gathering: _Gathering, scenario: Scenario, chip: Accelerator) -> None:
    for name, commitment in (
        ("price_per_chip_hour_usd", str(scenario["commitment"])),
        ("purchase_price_usd", PURCHASE),
    ):
        if gathering.given(scenario, name):
            continue
        vendor = str(scenario["vendor"] or "") if commitment != PURCHASE else ""
        found = prices.find_price(chip.name, commitment, scenario.day, vendor)
        _take_price(gathering, name, found)


def _take_price(gathering: _Gathering, name: str, found: Price | Unknown) -> None:
    if isinstance(found, Unknown):
        gathering.known(name, UNKNOWN_PRICE, found.reason)
        if name == "price_per_chip_hour_usd":
            gathering.unknown_rent = found.reason
    else:
        gathering.known(name, found.usd, found.text, (found.low, found.high))


def limits(scenario: Scenario) -> dict[str, float]:
    """Quantities that were given though they do not decide the unknown: a deadline, a budget, a cluster."""
    decided = decisive(scenario)
    values: Mapping[str, float | None] = {name: scenario.number(name) for name in QUANTITIES if name in scenario.given}
    return {n: v for n, v in values.items() if v is not None and n not in decided and n != "tokens"}
