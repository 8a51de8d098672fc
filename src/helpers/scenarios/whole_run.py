"""The share of peak that a whole run reaches: steps by the time model, and what a run loses beside its steps.

The same share, of 6·N·D over the 16-bit peak, goes into every figure of a scenario, so that there is one duration:
attention, recomputation and waiting are in the seconds of a step.

What a run loses is how much longer published whole runs (`data/raw/whole_runs.csv`) took than the steps of their best
layout: restarts, evaluation, layouts and software that were not the best, and hours that count more than one run. Runs
since 2023 lose half as much as those before, whose software neither fused attention nor sharded activations.
`python -m helpers.scenarios.whole_run` keeps what follows from them in `practice.json`, and in `shares.json` what two
models reach on every accelerator in every precision, by which the page moves a share that was found for another.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from helpers.constants import SECOND_PER_DAY, SECOND_PER_HOUR
from helpers.formulas.accounting import training_flop, utilisation
from helpers.formulas.hardware import Accelerator, read_table
from helpers.formulas.uncertainty import RangeEstimate
from helpers.language import tr
from helpers.numbers import percent, plain, round_significant
from helpers.paths import RAW
from helpers.rows import read_rows
from helpers.scenarios import operations, solving
from helpers.scenarios.fields import FIELDS
from helpers.scenarios.fit import Fit, fit_of
from helpers.scenarios.inputs import Inputs, inputs_of
from helpers.scenarios.scenario import Scenario, from_mapping, read_scenario
from helpers.structured import json_lines, read_json
from helpers.timing.prediction_intervals import width_needed

PUBLISHED = RAW / "whole_runs.csv"
PRACTICE_FILE = Path(__file__).with_name("practice.json")
SHARES_FILE = Path(__file__).with_name("shares.json")
LIKE = {"dense": "today-70b", "mixture": "deepseek-v3"}  # scenarios that stand for others on another accelerator
MOVED_WIDTH = 0.35  # log share, 90 % of cases: how far theirs is off, so moved; a test measures it on three others
RECENT_YEAR = 2023  # from here on whole runs are alike
ROUNDS = 5  # of looking for layouts anew where the number of accelerators follows from them
SETTLED = 0.01  # relative change of the quantities at which they count as found
ASSUMED_SHAPE = 0.25  # log time, 90 % of cases: other depths and widths of the same size
MOST_SHARE = 0.999  # of the peak of the precision


def whole_run(scenario: Scenario, inputs: Inputs, layouts: int) -> tuple[Inputs, Fit]:
    """Inputs with the share of peak that follows from the best layout, unless it was given; and the layouts."""
    fit = _fit(scenario, inputs, layouts)
    if "utilisation" in scenario.given or not fit.step_days:
        return inputs, fit
    for _ in range(ROUNDS):
        before = _known_quantities(inputs)
        inputs = with_share(scenario, inputs, fit, before["count"])
        after = _known_quantities(inputs)
        if all(abs(after[name] / before[name] - 1) < SETTLED for name in before):
            break
        fit = _fit(scenario, inputs, layouts)
        if not fit.step_days:
            break
    return inputs, fit


def settled(scenario: Scenario) -> Scenario:
    """The scenario with its share of peak found: from here the page comes to the figures of the answer."""
    inputs = inputs_of(scenario)
    if "utilisation" in scenario.given or not math.isfinite(_known_quantities(inputs)["tokens"]):
        return scenario
    timed, fit = whole_run(scenario, inputs, 1)
    if not fit.step_days:
        return scenario
    fields: dict[str, Any] = {"utilisation": list(timed.ranges["utilisation"])}
    active = inputs.numbers.get("active_params", math.nan)
    if inputs.params > active and "active_params" not in scenario.given:  # as the architecture has it
        fields["active_params"] = float(f"{active:.12g}")  # the last digits are those of a processor and a version
    return scenario.changed(fields, "utilisation")


def with_share(scenario: Scenario, inputs: Inputs, fit: Fit, count: float) -> Inputs:
    """Inputs with the share of peak that the best layout of `fit` reaches over a whole run."""
    lost = practice(scenario.day)
    seconds = steps_s(fit).times(lost.middle)
    flop = training_flop(fit.active, fit.tokens)
    share = utilisation(flop / (count * seconds.middle), inputs.numbers["peak_flop_per_s"])
    whole = max(seconds.half_width, lost.half_width)  # what runs lose was seen with the errors of the steps in it
    width = math.hypot(whole, fit.batch_width, ASSUMED_SHAPE * fit.assumed_shape)
    most = MOST_SHARE * inputs.accelerator.rate(str(scenario["precision"])) / inputs.accelerator.peak_flop_per_s
    width = min(width, math.log(most / share)) if share < most else 0.0  # no share beyond the whole
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


def _fit(scenario: Scenario, inputs: Inputs, layouts: int) -> Fit:
    found = _known_quantities(inputs)
    active, tokens, count = found["active_params"], found["tokens"], found["count"]
    params = active if math.isnan(inputs.params) else inputs.params
    return fit_of(scenario, inputs.accelerator, params, active, tokens, count, layouts)


def _known_quantities(inputs: Inputs) -> dict[str, float]:
    """Parameters in use, tokens and accelerators as they are known by now."""
    figures = solving.evaluate(inputs.solve_for, **inputs.numbers)
    return {name: float(figures[name]) for name in ("active_params", "tokens", "count")}


@dataclass(frozen=True)
class WholeRunRow:
    """A published run: hours by its source, and by the steps of its best layout."""

    run_id: str
    title: str
    source_id: str
    recent: bool
    chip_hours: float
    steps_chip_hours: float
    half_width: float  # of the steps, log

    @property
    def predicted(self) -> RangeEstimate:
        """Hours predicted without the run's source, with their 90 % interval."""
        lost = practice(None if self.recent else date(RECENT_YEAR - 1, 1, 1), self.source_id)
        return RangeEstimate.about(self.steps_chip_hours * lost.middle, max(self.half_width, lost.half_width))


def practice(day: date | None = None, without: str = "") -> RangeEstimate:
    """Hours of whole runs over those of their steps: the median over sources but one, and a 90 % interval.

    Runs are those of the time of `day`; None is today.
    """
    recent = day is None or day.year >= RECENT_YEAR
    rows = [row for row in read_practice() if row.recent == recent and row.source_id != without]
    sources = [row.source_id for row in rows]
    ratio = np.array([math.log(row.chip_hours / row.steps_chip_hours) for row in rows])
    middle = median(median(r for r, s in zip(ratio, sources, strict=True) if s == source) for source in set(sources))
    width = width_needed(ratio - middle, np.zeros(len(rows)), sources)
    return RangeEstimate(*(math.exp(x) for x in (middle, middle - width, middle + width)))


@cache
def read_practice() -> tuple[WholeRunRow, ...]:
    """The published runs with what was worked out of each."""
    return tuple(WholeRunRow(*row) for row in read_json(PRACTICE_FILE))


def published_scenario(row: dict[str, str]) -> Scenario:
    """The scenario that a row of the table of published whole runs tells of."""
    cells = {name: text for name, text in row.items() if text and name in FIELDS and name not in ("title", "note")}
    return from_mapping(cells, row["run_id"], f"whole_runs.csv, {row['run_id']}")


def steps_of(scenario: Scenario) -> RangeEstimate:
    """Accelerator-hours of the best layout's steps of a scenario that has one."""
    fit = _fit(scenario, inputs_of(scenario), 1)
    assert fit.best, fit.reason
    return steps_s(fit).times(fit.best.chips / SECOND_PER_HOUR)


def practice_rows() -> Iterator[list[object]]:
    """Every published run, worked out anew, as `WholeRunRow` takes it."""
    for row in read_rows(PUBLISHED, ("run_id", "chip_hours")):
        steps = steps_of(published_scenario(row))
        recent = date.fromisoformat(row["date"]).year >= RECENT_YEAR
        figures = [float(f"{x:.5g}") for x in (float(row["chip_hours"]), steps.middle, steps.half_width)]
        yield [row["run_id"], row["title"], row["source_id"], recent, *figures]


@cache
def read_shares() -> dict[str, dict[str, dict[str, float]]]:
    """Share of the 16-bit peak by kind of model (`LIKE`), accelerator and precision, where there is a layout."""
    return dict(read_json(SHARES_FILE))


def shares_of(scenario: Scenario, chip: Accelerator) -> dict[str, float]:
    """The share of the 16-bit peak that a scenario's model reaches on an accelerator, by precision."""
    rates = {"bf16": chip.peak_flop_per_s, "fp8": chip.peak_fp8_flop_per_s}
    rates |= dict.fromkeys(("mxfp8", "nvfp4"), chip.peak_fp4_flop_per_s)  # scales by block come with 4 bits
    found = {}
    for precision in (name for name, rate in rates.items() if math.isfinite(rate)):
        given = {key: value for key, value in scenario.given.items() if key != "utilisation"}
        timed = settled(replace(scenario, given={**given, "accelerator": chip.name, "precision": precision}))
        if isinstance(ends := timed.given.get("utilisation"), tuple | list):
            found[precision] = round_significant(math.sqrt(ends[0] * ends[1]), 4)
    return found


if __name__ == "__main__":  # work out every published run and every share anew
    PRACTICE_FILE.write_text(json_lines([*practice_rows()]) + "\n", encoding="utf-8")
    like = {kind: read_scenario(name) for kind, name in LIKE.items()}
    shares = {kind: {n: shares_of(one, chip) for n, chip in read_table().items()} for kind, one in like.items()}
    SHARES_FILE.write_text(json_lines(shares) + "\n", encoding="utf-8")
