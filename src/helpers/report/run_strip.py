"""The strip under the calculator: published runs with their reported and predicted days, and room for the reader's own."""

import math
from collections.abc import Iterable, Iterator
from typing import Any

from helpers.constants import SECOND_PER_DAY
from helpers.language import later, named, tr
from helpers.numbers import plain
from helpers.paths import RAW
from helpers.report.text import Html, fill
from helpers.rows import read_rows
from helpers.scenarios.inputs import figures_of, inputs_of
from helpers.scenarios.scenario import Scenario, read_scenario, scenario_names

LEAST, MOST = 0.1, 10_000.0  # days at the ends of the strip, a logarithmic scale
FAR = 2  # times the end of the range
TAKEN = ("utilisation", "days", "budget_usd", "solve_for")  # a prediction is not told what it predicts
Days = tuple[float, float, float, float]  # predicted (low, middle, high) and reported; 0 for what there is not


def run_strip(own: Iterable[tuple[str, Days]] = ()) -> Html:
    """A line for each run whose days are reported and can be predicted, the reader's own before them.

    Args:
        own: names and days of lines; without any the calculator's script fills one.
    """
    lines = [(title, tr("{n} days", n=plain(days[1] or days[3], 3)), days) for title, days in own]
    ticks = [plain(n) for n in (LEAST, 1, 10, 100, 1000, MOST)]
    return fill("strip", own=lines, runs=published(), ticks=ticks, least=LEAST, most=MOST, places=_places)


def published() -> Iterator[tuple[str, str, Days]]:
    """Runs as name, what is said of them, and days: predicted (low, middle, high) and reported."""
    # What counts the whole run as it was made: no estimate, no part of one, no upper bound.
    reported = {
        row["system_id"]: float(row["value"]) / SECOND_PER_DAY
        for row in read_rows(RAW / "evidence.csv")
        if row["quantity"] == "training_duration" and row["counts"] == "training" and row["standing"] != "estimate"
    }
    names = {row["system_id"]: row["name"] for row in read_rows(RAW / "systems.csv")}
    for name in sorted(reported.keys() & set(scenario_names())):
        scenario = read_scenario(name)
        given: dict[str, Any] = {key: value for key, value in scenario.given.items() if key not in TAKEN}
        if {"params", "tokens", "count"} <= given.keys():
            days = figures_of(inputs_of(Scenario(name, given)))["days"]
            if math.isfinite(days.middle):
                ends = (days.low_90, days.middle, days.high_90, reported[name])
                yield named(names.get(name, name)), _said(*ends[1:], "experts" in given), ends


def _said(middle: float, high: float, reported: float, is_mixture: bool) -> str:
    said = tr("{a} days, predicted {b}", a=plain(reported), b=plain(middle))
    sparse = later("{said}: sending tokens to its experts, this sparse model used far less of the peak than dense ones")
    return tr(sparse, said=said) if is_mixture and reported > FAR * high else said


def _places(low: float, middle: float, high: float, reported: float) -> list[float]:
    """Where the ends of the range, the middle and what was reported stand; 0 for what there is not."""
    return [round(place(days), 1) if days else 0.0 for days in (low, high, middle, reported)]


def place(days: float) -> float:
    """Where a number of days stands, from 0 to 500."""
    share = math.log(min(MOST, max(LEAST, days)) / LEAST) / math.log(MOST / LEAST)
    return 500 * share
