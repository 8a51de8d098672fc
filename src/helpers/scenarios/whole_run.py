"""The share of peak that a whole run reaches: steps by the time model, and what a run loses beside its steps.

The same share goes into every figure of a scenario, so that there is one duration. It counts 6·N·D over the 16-bit
peak: attention, recomputation and waiting are in the seconds of a step, and a long context is never priced as a short one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from helpers.constants import SECOND_PER_DAY, SECOND_PER_HOUR
from helpers.formulas.accounting import training_flop, utilisation
from helpers.language import tr
from helpers.numbers import percent, plain, round_significant
from helpers.scenarios import operations, solving
from helpers.scenarios.fit import Fit, fit_of
from helpers.scenarios.inputs import Inputs, inputs_of
from helpers.scenarios.practice import practice
from helpers.scenarios.scenario import Scenario
from helpers.timing.planning import RangeEstimate

ROUNDS = 5  # of looking for layouts anew where the number of accelerators follows from them
SETTLED = 0.01  # relative change of the quantities at which they count as found
ASSUMED_SHAPE = 0.25  # log time, 90 % of cases: other depths and widths of the same size
MOST_SHARE = 0.999  # of the 16-bit peak; only narrower formats go beyond


@dataclass(frozen=True)
class WholeRun:
    """Inputs with the share of peak that follows from the layouts, and the layouts."""

    inputs: Inputs
    fit: Fit


def whole_run(scenario: Scenario, inputs: Inputs, layouts: int) -> WholeRun:
    """Layouts for a scenario, and its share of peak by the best one unless it was given."""
    fit = _fit(scenario, inputs, layouts)
    if "utilisation" in scenario.given or not fit.step_days:
        return WholeRun(inputs, fit)
    for _ in range(ROUNDS):
        before = _quantities(inputs)
        inputs = with_share(inputs, fit, before["count"], scenario.day)
        after = _quantities(inputs)
        if all(abs(after[name] / before[name] - 1) < SETTLED for name in before):
            break
        fit = _fit(scenario, inputs, layouts)
        if not fit.step_days:
            break
    return WholeRun(inputs, fit)


def settled(scenario: Scenario) -> Scenario:
    """The scenario with its share of peak found: from here the page comes to the figures of the answer."""
    inputs = inputs_of(scenario)
    if "utilisation" in scenario.given or not math.isfinite(_quantities(inputs)["tokens"]):
        return scenario
    found = whole_run(scenario, inputs, 1)
    if not found.fit.step_days:
        return scenario
    fields: dict[str, Any] = {"utilisation": list(found.inputs.ranges["utilisation"])}
    active = inputs.numbers.get("active_params", math.nan)
    if inputs.params > active and "active_params" not in scenario.given:  # as the architecture has it
        fields["active_params"] = active
    return scenario.changed(fields, "utilisation")


def with_share(inputs: Inputs, fit: Fit, count: float, day: date | None = None) -> Inputs:
    """Inputs with the share of peak that the best layout of `fit` reaches over a whole run."""
    lost = practice(day)
    seconds = steps_s(fit).times(lost.middle)
    flop = training_flop(fit.active, fit.tokens)
    share = utilisation(flop / (count * seconds.middle), inputs.numbers["peak_flop_per_s"])
    whole = max(_half(seconds), _half(lost))  # what runs lose was seen with the errors of the steps in it
    width = math.hypot(whole, fit.batch_width, ASSUMED_SHAPE * fit.assumed_shape)
    width = min(width, math.log(MOST_SHARE / share)) if share < MOST_SHARE else 0.0  # no share beyond the whole
    low, high = (round_significant(end, 4) for end in (share / math.exp(width), share * math.exp(width)))
    origin = tr(
        "by the time model: the best layout's steps reach {steps}, and published whole runs took {lost} times their steps",
        steps=percent(share * lost.middle, 3),
        lost=plain(lost.middle, 3),
    )
    numbers = {**inputs.numbers, "utilisation": math.sqrt(low * high)}
    ranges = {**inputs.ranges, "utilisation": (low, high)}
    return replace(inputs, numbers=numbers, ranges=ranges, origins={**inputs.origins, "utilisation": origin})


def steps_s(fit: Fit) -> RangeEstimate:
    """Seconds of the best layout's steps, with the interruptions that its accelerators bring."""
    assert fit.step_days
    assert fit.best
    return fit.step_days.times(SECOND_PER_DAY * operations.interrupted(fit.best.chips))


def steps_of(scenario: Scenario, inputs: Inputs) -> RangeEstimate:
    """Accelerator-hours of the best layout's steps of a scenario that has one."""
    fit = _fit(scenario, inputs, 1)
    assert fit.best, fit.reason
    return steps_s(fit).times(fit.best.chips / SECOND_PER_HOUR)


def _fit(scenario: Scenario, inputs: Inputs, layouts: int) -> Fit:
    found = _quantities(inputs)
    active, tokens, count = found["active_params"], found["tokens"], found["count"]
    params = active if math.isnan(inputs.params) else inputs.params
    return fit_of(scenario, inputs.accelerator, params, active, tokens, count, layouts)


def _quantities(inputs: Inputs) -> dict[str, float]:
    """Parameters in use, tokens and accelerators as they are known by now."""
    figures = solving.evaluate(inputs.solve_for, **inputs.numbers)
    return {name: float(figures[name]) for name in ("active_params", "tokens", "count")}


def _half(estimate: RangeEstimate) -> float:
    """Half of a range on the log scale."""
    return math.log(estimate.high_90 / estimate.low_90) / 2
