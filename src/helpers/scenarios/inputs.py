"""A scenario in numbers: what `evaluate` is called with, the range of each, and where each comes from."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from helpers.formulas.hardware import Accelerator
from helpers.language import later, named, tr
from helpers.scenarios import grids, operations, prices
from helpers.scenarios.checking import accelerator_of, architecture_of
from helpers.scenarios.prices import PURCHASE, Unknown
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

    scenario: Scenario
    chip: Accelerator
    numbers: dict[str, float] = field(default_factory=dict)
    ranges: dict[str, tuple[float, float]] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    unknown_rent: str = ""

    def given(self, name: str, as_name: str = "") -> bool:
        """Take a field as it was given; False if it was not."""
        value, raw = self.scenario.number(name), self.scenario[name]
        if value is not None:
            origin = tr("as given" if name in self.scenario.given else "default")
            self.known(as_name or name, value, origin, raw if isinstance(raw, tuple) else None)
        return value is not None

    def known(self, name: str, value: float, origin: str, ends: tuple[float, float] | None = None) -> None:
        """Take what a table or a model says."""
        self.numbers[name], self.origins[name] = value, origin
        if ends and ends[0] < ends[1]:
            self.ranges[name] = ends

    def quantities(self) -> None:
        """What decides the unknown."""
        for name in decisive(self.scenario):
            if name != "params":
                self.given(name)
            elif not self.given("active_params"):
                self.given("params", "active_params")
                self._active_share()

    def _active_share(self) -> None:
        """Of a mixture whose architecture is given, the parameters that a token uses follow from it."""
        shape = architecture_of(self.scenario.given)
        share = float(shape.active_params / shape.params) if shape else 1.0
        if share != 1.0:
            low, high = self.ranges.get("active_params", (0.0, 0.0))
            active = self.numbers["active_params"] * share
            self.known("active_params", active, tr("by the architecture"), (low * share, high * share))

    def machine(self) -> None:
        """The accelerator, what it reaches, and what it draws."""
        chip = self.chip
        self.known("peak_flop_per_s", chip.peak_flop_per_s, tr("{chip}, dense 16-bit", chip=chip.title))
        if not self.given("utilisation"):
            share = reduced.expected_for("run", chip)
            like = tr("{n} sources", n=share.sources) if share.sources else tr("other accelerators")
            origin = tr("whole runs published for such accelerators ({like})", like=like)
            longer = self._attention()  # published runs looked at some thousand tokens
            ends = (share.low_90 / longer, share.high_90 / longer)
            self.known("utilisation", math.sqrt(ends[0] * ends[1]), origin, ends)
        if not self.given("device_power_w"):
            rated = math.isfinite(chip.device_power_w)
            origin = tr("rated, {chip}", chip=chip.title) if rated else tr("assumed: no data sheet at hand")
            self.known("device_power_w", chip.device_power_w if rated else UNKNOWN_POWER_W, origin)
        if not self.given("power_factor"):
            factor, origin = operations.power_factor(chip)
            self.known("power_factor", factor.middle, origin, (factor.low_90, factor.high_90))

    def _attention(self) -> float:
        """Model FLOP with attention at the context given, over those at the usual one."""
        seq_len, active = self.scenario.number("seq_len"), self.numbers.get("active_params")
        if not seq_len or not active or seq_len <= USUAL_SEQ_LEN:
            return 1.0
        return reduced.attention_factor(active, seq_len) / reduced.attention_factor(active, USUAL_SEQ_LEN)

    def circumstances(self) -> None:
        """Prices, the data centre's overhead, and the carbon of its grid."""
        scenario, vendor = self.scenario, str(self.scenario["vendor"] or "")
        rent, purchase = "price_per_chip_hour_usd", "purchase_price_usd"
        for name, commitment, at in ((rent, str(scenario["commitment"]), vendor), (purchase, PURCHASE, "")):
            if self.given(name):
                continue
            found = prices.find_price(self.chip.name, commitment, scenario.day, at)
            if isinstance(found, Unknown):
                self.known(name, UNKNOWN_PRICE, found.reason)
                self.unknown_rent = found.reason if name == rent else self.unknown_rent
            else:
                self.known(name, found.usd, found.text, (found.low, found.high))
        self.given("pue")
        if not self.given("carbon_kg_per_kwh"):
            grid = grids.find_grid(str(scenario["grid"]), scenario.day)
            origin = tr("{grid}, {year}", grid=named(grid.name), year=grid.year)
            self.known("carbon_kg_per_kwh", grid.carbon_kg_per_kwh, origin)


def inputs_of(scenario: Scenario) -> Inputs:
    """Look up what a scenario leaves open.

    Raises:
        InputError: the accelerator or the grid is unknown.
    """
    g = _Gathering(scenario, accelerator_of(scenario.given))
    g.quantities()
    g.machine()
    g.circumstances()
    solve_for, params = str(scenario["solve_for"]), g.numbers.get("active_params", math.nan)
    if solve_for != "params":
        params = scenario.number("params") or params
    return Inputs(solve_for, g.numbers, g.ranges, g.origins, g.chip, params, g.unknown_rent)


def decisive(scenario: Scenario) -> list[str]:
    """Quantities that decide the unknown; the others are limits to be kept, where they were given."""
    names = way_of(str(scenario["solve_for"]), scenario.given).names
    return ["params" if name == "active_params" else name for name in names]


def limits(scenario: Scenario) -> dict[str, float]:
    """Quantities that were given though they do not decide the unknown: a deadline, a budget, a cluster."""
    decided = decisive(scenario)
    values: Mapping[str, float | None] = {name: scenario.number(name) for name in QUANTITIES if name in scenario.given}
    return {n: v for n, v in values.items() if v is not None and n not in decided and n != "tokens"}
