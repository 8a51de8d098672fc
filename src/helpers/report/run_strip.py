"""The strip under the calculator: published runs with their reported and predicted days, and room for the reader's own."""

from __future__ import annotations

import math
from typing import Any

from helpers.language import named, tr
from helpers.numbers import plain
from helpers.paths import RAW
from helpers.report.text import Html, escape
from helpers.rows import read_rows
from helpers.scenarios.inputs import inputs_of
from helpers.scenarios.inputs import figures_of
from helpers.scenarios.scenario import Scenario, read_scenario, scenario_names

LEAST, MOST = 0.1, 10_000.0  # days at the ends of the strip, a logarithmic scale
SECONDS = 86_400
FAR = 2  # times the end of the range
TAKEN = ("utilisation", "days", "budget_usd", "solve_for")  # a prediction is not told what it predicts


def run_strip(title: str = "", low: float = 0, middle: float = 0, high: float = 0) -> Html:
    """A line for each run whose days are reported and can be predicted, the reader's own before them.

    Args:
        title: of a scenario that is answered; without one the calculator's script fills the line.
        low, middle, high: its days.
    """
    lines = [_line(*run) for run in published()]
    said = tr("{n} days", n=plain(middle, 3)) if title else ""
    own = f"<dt>{escape(title or tr('Yours'))}</dt><dd>{_drawn(0, low, middle, high)}<span>{escape(said)}</span></dd>"
    own = f'<div class="own"{"" if title else " hidden"}>{own}</div>'
    known = "" if title else ' id="run-strip"'
    ticks = "".join(f"<i>{escape(plain(n))}</i>" for n in (LEAST, 1, 10, 100, 1000))
    ticks += f"<i>{escape(tr('{n} days', n=plain(MOST)))}</i>"
    keys = tr(
        "Line: predicted, 90 % range. Tick: predicted, from the model, its tokens and its chips alone: not told what share "
        "of the peak the run reached. Diamond: reported. The scale is logarithmic."
    )
    return Html(
        f'<dl class="strip"{known} data-least="{LEAST:g}" data-most="{MOST:g}">{own}{"".join(lines)}</dl>'
        f'<p class="ticks" aria-hidden="true">{ticks}</p><p class="notes">{escape(keys)}</p>'
    )


def published() -> list[tuple[str, float, float, float, float, bool]]:
    """Runs as name, reported days, predicted days (low, middle, high), and whether it is a mixture of experts."""
    # What counts the whole run as it was made: no estimate, no part of one, no upper bound.
    reported = {
        row["system_id"]: float(row["value"]) / SECONDS
        for row in read_rows(RAW / "evidence.csv")
        if row["quantity"] == "training_duration" and row["counts"] == "training" and row["standing"] != "estimate"
    }
    names = {row["system_id"]: row["name"] for row in read_rows(RAW / "systems.csv")}
    found = []
    for name in scenario_names():
        scenario = read_scenario(name)
        if name not in reported or not {"params", "tokens", "count"} <= scenario.given.keys():
            continue
        given: dict[str, Any] = {key: value for key, value in scenario.given.items() if key not in TAKEN}
        days = figures_of(inputs_of(Scenario(name, given)))["days"]
        if math.isfinite(days.middle):
            found.append((names.get(name, name), reported[name], days.low_90, days.middle, days.high_90, "experts" in given))
    return found


def _line(name: str, reported: float, low: float, middle: float, high: float, is_mixture: bool) -> str:
    said = tr("{a} days, predicted {b}", a=plain(reported), b=plain(middle))
    if is_mixture and reported > FAR * high:
        said = tr("{said}: sending tokens to its experts, this sparse model used far less of the peak than dense ones", said=said)
    return f"<div><dt>{escape(named(name))}</dt><dd>{_drawn(reported, low, middle, high)}<span>{escape(said)}</span></dd></div>"


def _drawn(reported: float, low: float, middle: float, high: float) -> str:
    """The range as a line, the middle as a tick, what was reported as a diamond; empty where a value is zero."""
    left, right, at, there = (place(days) if days else 0.0 for days in (low, high, middle, reported))
    mark = f'<path class="reported" d="M{there:.1f} 4l6 6-6 6-6-6z"/>' if reported else ""
    return (
        f'<svg viewBox="0 0 500 20" aria-hidden="true"><rect class="reach" x="{left:.1f}" width="{max(right - left, 0):.1f}" '
        f'y="8" height="4"/><rect class="middle" x="{at:.1f}" width="{3 if middle else 0}" y="2" height="16"/>{mark}</svg>'
    )


def place(days: float) -> float:
    """Where a number of days stands, from 0 to 500."""
    share = math.log(min(MOST, max(LEAST, days)) / LEAST) / math.log(MOST / LEAST)
    return 500 * share
