"""A scenario in numbers: what `evaluate` is called with, the range and origin of each, and the figures that follow.

The middle of a figure is `evaluate` at the middles; its range comes from a seeded Monte Carlo.
"""

import math
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from helpers.formulas.hardware import Accelerator
from helpers.formulas.job import Array
from helpers.formulas.uncertainty import SolvedFigure, sample, summarise
from helpers.language import named, tr
from helpers.scenarios import operations, prices
from helpers.scenarios.checking import accelerator_of, architecture_of, middle_of
from helpers.scenarios.fields import FIELDS
from helpers.scenarios.prices import PURCHASE
from helpers.scenarios.scenario import Scenario
from helpers.scenarios.solving import evaluate, way_of
from helpers.timing import reduced

UNKNOWN_POWER_W = 400.0  # where no data sheet gives a rated power: between a V100's 300 W and an H100's 700 W
USUAL_SEQ_LEN = 4096  # of published whole runs, about
SAMPLES = 20_000
SEED = 0
ROUNDING = 1e-9  # a spread below this share is arithmetic, not doubt
MATTERS = 0.01  # share of the variance from which an input is named
RENT = "price_per_chip_hour_usd"
LIMITS = ("count", "days", "budget_usd")


@dataclass(frozen=True)
class Inputs:
    """What a scenario stands for."""

    solve_for: str
    accelerator: Accelerator
    params: float  # in all; of a mixture more than the active ones that `numbers` holds
    numbers: dict[str, float] = field(default_factory=dict)  # the middle of each input of `evaluate`
    ranges: dict[str, tuple[float, float]] = field(default_factory=dict)  # 90 % ranges of those that are uncertain
    origins: dict[str, str] = field(default_factory=dict)  # where each circumstance comes from

    def take(self, name: str, value: float, origin: str, ends: Any = None) -> None:
        """Take what was given, or what a table or a model says."""
        self.numbers[name], self.origins[name] = value, origin
        if isinstance(ends, tuple) and ends[0] < ends[1]:
            self.ranges[name] = ends


def inputs_of(scenario: Scenario) -> Inputs:
    """Look up what a scenario leaves open; an InputError where the accelerator or the grid is unknown."""
    chip, solve_for = accelerator_of(scenario.given), str(scenario["solve_for"])
    params = None if solve_for == "params" else scenario.number("params") or scenario.number("active_params")
    found = Inputs(solve_for, chip, math.nan if params is None else params)
    for name in deciding_fields(scenario):
        if name != "params":
            _given(found, scenario, name)
        elif not _given(found, scenario, "active_params"):
            _take_active(found, scenario)
    _machine(found, scenario)
    _circumstances(found, scenario)
    return found


def _given(found: Inputs, scenario: Scenario, name: str) -> bool:
    """Take a field as it was given; False if it was not."""
    value = scenario.number(name)
    if value is not None:
        found.take(name, value, tr("as given" if name in scenario.given else "default"), scenario[name])
    return value is not None


def _take_active(found: Inputs, scenario: Scenario) -> None:
    """Parameters that a token uses: all of them, but in a mixture whose architecture is given."""
    shape = architecture_of(scenario.given)
    share, params = float(shape.active_params / shape.params) if shape else 1.0, scenario["params"]
    stated = tr("as given" if "params" in scenario.given else "default")
    origin = stated if share == 1.0 else tr("by the architecture")
    ends = tuple(end * share for end in params) if isinstance(params, tuple) else None
    found.take("active_params", found.params * share, origin, ends)


def _machine(found: Inputs, scenario: Scenario) -> None:
    """The accelerator, what it reaches, and what it draws."""
    chip = found.accelerator
    found.take("peak_flop_per_s", chip.peak_flop_per_s, tr("{chip}, dense 16-bit", chip=chip.title))
    if not _given(found, scenario, "utilisation"):
        share = reduced.expected("run", reduced.kind_of_chip(chip))
        like = tr("{n} sources", n=share.sources) if share.sources else tr("other accelerators")
        origin = tr("whole runs published for such accelerators ({like})", like=like)
        longer = _attention(scenario, found.numbers.get("active_params"))
        ends = (share.low_90 / longer, share.high_90 / longer)
        found.take("utilisation", math.sqrt(ends[0] * ends[1]), origin, ends)
    if not _given(found, scenario, "device_power_w"):
        rated = math.isfinite(chip.device_power_w)
        origin = tr("rated, {chip}", chip=chip.title) if rated else tr("assumed: no data sheet at hand")
        found.take("device_power_w", chip.device_power_w if rated else UNKNOWN_POWER_W, origin)
    if not _given(found, scenario, "power_factor"):
        factor, origin = operations.power_factor(chip)
        found.take("power_factor", factor.middle, origin, (factor.low_90, factor.high_90))


def _attention(scenario: Scenario, active: float | None) -> float:
    """Model FLOP with attention at the context given, over those at the usual one of published runs."""
    seq_len = scenario.number("seq_len")
    if not seq_len or not active or seq_len <= USUAL_SEQ_LEN:
        return 1.0
    return reduced.attention_factor(active, seq_len) / reduced.attention_factor(active, USUAL_SEQ_LEN)


def _circumstances(found: Inputs, scenario: Scenario) -> None:
    """Prices, the data centre's overhead, and the carbon of its grid."""
    asked = {RENT: (str(scenario["commitment"]), str(scenario["vendor"] or "")), "purchase_price_usd": (PURCHASE, "")}
    for name, (commitment, vendor) in asked.items():
        if not _given(found, scenario, name):
            price = prices.find_price(found.accelerator.name, commitment, scenario.day, vendor)
            found.take(name, price.usd, price.text, (price.low, price.high))
    _given(found, scenario, "pue")
    if not _given(found, scenario, "carbon_kg_per_kwh"):
        grid = operations.find_grid(str(scenario["grid"]), scenario.day)
        origin = tr("{grid}, {year}", grid=named(grid.name), year=grid.year)
        found.take("carbon_kg_per_kwh", grid.carbon_kg_per_kwh, origin)


def deciding_fields(scenario: Scenario) -> list[str]:
    """Quantities that decide the unknown; the others are limits to be kept, where they were given."""
    names = way_of(str(scenario["solve_for"]), scenario.given).names
    return ["params" if name == "active_params" else name for name in names]


def limits(scenario: Scenario) -> dict[str, float]:
    """Quantities that were given though they do not decide the unknown: a deadline, a budget, a cluster."""
    names = [name for name in LIMITS if name in scenario.given and name not in deciding_fields(scenario)]
    return {name: middle_of(scenario.given[name]) for name in names}


def figures_of(inputs: Inputs) -> dict[str, SolvedFigure]:
    """Every figure of a scenario; the middle is `evaluate` at the middle of the inputs, exactly."""
    middle = evaluate(inputs.solve_for, **inputs.numbers)
    drawn = _drawn(inputs)
    spread = evaluate(inputs.solve_for, **{**inputs.numbers, **drawn})
    return {name: _solved_figure(float(value), spread[name], drawn) for name, value in middle.items()}


def _drawn(inputs: Inputs) -> dict[str, Array]:
    """Samples within what the fields accept: no utilisation above one."""
    drawn = sample(inputs.ranges, SAMPLES, SEED)
    accepted = {name: FIELDS["params" if name == "active_params" else name].accepted for name in drawn}
    return {name: np.clip(drawn[name], known.low, known.high) for name, known in accepted.items() if known}


def _solved_figure(middle: float, samples: float | Array, drawn: dict[str, Array]) -> SolvedFigure:
    if not np.ndim(samples) or not math.isfinite(middle) or np.ptp(samples) <= ROUNDING * middle:
        return SolvedFigure(middle, middle, middle)
    found = summarise(np.asarray(samples, float), drawn)
    shares = {name: share for name, share in found.shares.items() if share >= MATTERS}
    return replace(found, middle=middle, shares=shares)


def probability(inputs: Inputs, name: str, most: float) -> float:
    """How often a figure stays within a limit."""
    values = evaluate(inputs.solve_for, **{**inputs.numbers, **_drawn(inputs)})[name]
    return float(np.mean(np.asarray(values) <= most))
