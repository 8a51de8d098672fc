"""A scenario in numbers: what `evaluate` is called with, the range and origin of each, and the figures that follow.

The middle of a figure is `evaluate` at the middles; its range comes from a seeded Monte Carlo.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np

from helpers.formulas.hardware import Accelerator
from helpers.formulas.uncertainty import Array, SolvedFigure, sample, summarise
from helpers.language import named, tr
from helpers.scenarios import operations, prices
from helpers.scenarios.checking import accelerator_of, architecture_of, middle_of
from helpers.scenarios.fields import FIELDS
from helpers.scenarios.prices import PURCHASE, Unknown
from helpers.scenarios.scenario import Scenario
from helpers.scenarios.solving import UNKNOWN_PRICE, evaluate, way_of
from helpers.timing import reduced

UNKNOWN_POWER_W = 400.0  # where no data sheet gives a rated power: between a V100's 300 W and an H100's 700 W
USUAL_SEQ_LEN = 4096  # of published whole runs, about
SAMPLES = 20_000
SEED = 0
ROUNDING = 1e-9  # a spread below this share is arithmetic, not doubt
MATTERS = 0.01  # share of the variance from which an input is named
LIMITS = ("count", "days", "budget_usd")


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
            grid = operations.find_grid(str(scenario["grid"]), scenario.day)
            origin = tr("{grid}, {year}", grid=named(grid.name), year=grid.year)
            self.known("carbon_kg_per_kwh", grid.carbon_kg_per_kwh, origin)


def inputs_of(scenario: Scenario) -> Inputs:
    """Look up what a scenario leaves open; an InputError where the accelerator or the grid is unknown."""
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
    names = [name for name in LIMITS if name in scenario.given and name not in decisive(scenario)]
    return {name: middle_of(scenario.given[name]) for name in names}


def figures_of(inputs: Inputs, samples: int = SAMPLES, seed: int = SEED) -> dict[str, SolvedFigure]:
    """Every figure of a scenario; the middle is `evaluate` at the middle of the inputs, exactly."""
    middle = evaluate(inputs.solve_for, **inputs.numbers)
    drawn = _drawn(inputs, samples, seed)
    spread = evaluate(inputs.solve_for, **{**inputs.numbers, **drawn})
    return {name: _figure(float(value), spread[name], drawn) for name, value in middle.items()}


def _drawn(inputs: Inputs, samples: int, seed: int) -> dict[str, Array]:
    """Samples within what the fields accept: no utilisation above one."""
    drawn = sample(inputs.ranges, samples, seed)
    accepted = {name: FIELDS["params" if name == "active_params" else name].accepted for name in drawn}
    return {name: np.clip(drawn[name], known.low, known.high) for name, known in accepted.items() if known}


def _figure(middle: float, samples: float | Array, drawn: dict[str, Array]) -> SolvedFigure:
    if not np.ndim(samples) or not math.isfinite(middle) or np.ptp(samples) <= ROUNDING * middle:
        return SolvedFigure(middle, middle, middle)
    found = summarise(np.asarray(samples, float), drawn)
    shares = {name: share for name, share in found.shares.items() if share >= MATTERS}
    return replace(found, middle=middle, shares=shares)


def probability(inputs: Inputs, name: str, most: float, samples: int = SAMPLES, seed: int = SEED) -> float:
    """How often a figure stays within a limit."""
    values = evaluate(inputs.solve_for, **{**inputs.numbers, **_drawn(inputs, samples, seed)})[name]
    return float(np.mean(np.asarray(values) <= most))
