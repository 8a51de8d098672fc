"""The answer to a scenario: figures with ranges, the layouts that fit, what stands in the way, and comparisons."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cache

from helpers.formulas.accounting import training_flop
from helpers.formulas.footprint import DEFAULT_LIFETIME_S
from helpers.language import named, tr
from helpers.numbers import percent
from helpers.paths import RAW
from helpers.rows import read_rows
from helpers.scenarios import operations, solving
from helpers.scenarios.fields import FIELDS
from helpers.scenarios.fit import Fit
from helpers.scenarios.inputs import Inputs, decisive, inputs_of, limits
from helpers.scenarios.published import NearRun, nearest
from helpers.scenarios.ranges import SolvedFigure, figures_of, probability
from helpers.scenarios.scenario import SCENARIOS, Scenario, scenario_names
from helpers.scenarios.whole_run import whole_run
from helpers.scenarios.wording import amount
from helpers.structured import read_toml
from helpers.timing.planning import RangeEstimate

REFERENCE = "gpt-3"  # always named in a comparison


@dataclass(frozen=True)
class Rival:
    """A system of the articles, and how many times its compute the scenario takes, both on 6·N·D."""

    name: str
    title: str
    params: float
    tokens: float
    training_flop: float
    ratio: float


@dataclass(frozen=True)
class Answer:
    """Everything that is said of a scenario."""

    scenario: Scenario
    inputs: Inputs
    figures: dict[str, SolvedFigure]
    fit: Fit | None  # None where not even the figures are known
    obstacles: list[str]  # why it is impossible as it stands; empty if it is not
    notes: list[str]
    rivals: list[Rival]  # nearest first
    published: list[NearRun] = field(default_factory=list)  # the runs nearest to it, nearest first
    embodied: RangeEstimate | None = None  # kg CO2e of making what the run wears out, beside `carbon_kg`

    @property
    def solved(self) -> SolvedFigure:
        """The unknown."""
        return self.figures[solving.SOLVED[self.inputs.solve_for]]

    @property
    def possible(self) -> bool:
        """False if something stands in the way."""
        return not self.obstacles


def answer(scenario: Scenario, layouts: int = 5) -> Answer:
    """Solve a scenario; an impossible one is answered with its reasons.

    Raises:
        InputError: the accelerator or the grid is unknown.
    """
    inputs = inputs_of(scenario)
    notes = [reason for reason in [inputs.unknown_rent] if reason]
    if not math.isfinite(float(solving.evaluate(inputs.solve_for, **inputs.numbers)[solving.SOLVED[inputs.solve_for]])):
        return Answer(scenario, inputs, figures_of(inputs), None, [_no_price(inputs)], notes, [])
    found = whole_run(scenario, inputs, layouts)
    inputs, fit = found.inputs, found.fit
    figures = figures_of(inputs)
    obstacles = _obstacles(scenario, inputs, figures, fit)
    flop = figures["training_flop"].middle
    notes += [*assumed(scenario), *fit.notes, *_remarks(figures, fit)]
    active, count, seconds = (figures[name].middle for name in ("active_params", "count", "duration_s"))
    params = active if math.isnan(inputs.params) else inputs.params
    near = nearest(active, params, count, inputs.accelerator)
    embodied = operations.embodied_kg(inputs.accelerator).times(count * seconds / DEFAULT_LIFETIME_S)
    return Answer(scenario, inputs, figures, fit, obstacles, notes, rivals(flop, scenario.name), near, embodied)


def assumed(scenario: Scenario) -> list[str]:
    """The main inputs that were not given, as one note; none where all were."""
    names = [*decisive(scenario), "accelerator"]
    left = [name for name in names if name not in scenario.given and FIELDS[name].default is not None]
    said = [
        f"{name.replace('_', ' ')} {scenario[name]:g}" if FIELDS[name].numeric else f"{name} {scenario[name]}"
        for name in left
    ]
    return [tr("assumed, since not given: {what}", what=tr(", ").join(said))] if said else []


def _no_price(inputs: Inputs) -> str:
    reason = inputs.origins["price_per_chip_hour_usd"]
    return tr(
        "{reason}; without a price, money says nothing: give price_per_chip_hour_usd, or another date or accelerator",
        reason=reason,
    )


def _obstacles(scenario: Scenario, inputs: Inputs, figures: dict[str, SolvedFigure], fit: Fit) -> list[str]:
    """What stands in the way."""
    found = [_no_room(fit, figures, inputs)] if fit.reason else []
    kept = limits(scenario)
    if "days" in kept and figures["days"].middle > kept["days"]:
        found.append(_late(inputs, figures, kept["days"]))
    if "count" in kept and figures["count"].middle > kept["count"]:
        need, has = amount("count", figures["count"].middle), amount("count", kept["count"])
        found.append(tr("too few accelerators: {need} are needed, the scenario has {has}", need=need, has=has))
    if "budget_usd" in kept and figures["cost_usd"].middle > kept["budget_usd"]:
        cost, chance = figures["cost_usd"], probability(inputs, "cost_usd", kept["budget_usd"])
        found.append(
            tr(
                "the budget of {budget} is not enough: rent comes to {cost} (within the budget in {chance} of cases)",
                budget=amount("cost_usd", kept["budget_usd"]),
                cost=amount("cost_usd", cost.middle),
                chance=percent(chance),
            )
        )
    return found


def _no_room(fit: Fit, figures: dict[str, SolvedFigure], inputs: Inputs) -> str:
    if fit.least <= figures["count"].middle:
        return fit.reason
    return tr(
        "{reason}; what the optimiser keeps alone fills {least:,} x {chip}",
        reason=fit.reason,
        least=fit.least,
        chip=inputs.accelerator.title,
    )


def _late(inputs: Inputs, figures: dict[str, SolvedFigure], deadline: float) -> str:
    """A deadline that cannot be met, and the accelerators that would meet it."""
    numbers = {**inputs.numbers, "days": deadline}
    fewest = solving.evaluate("count", **numbers)["count"]
    chance = probability(inputs, "days", deadline)
    return tr(
        "the deadline of {deadline} cannot be met with fewer than {fewest}: {chips} take {days} (in time in {chance} of cases)",
        deadline=amount("days", deadline),
        fewest=amount("count", fewest),
        chips=amount("count", figures["count"].middle),
        days=amount("days", figures["days"].middle),
        chance=percent(chance),
    )


def _remarks(figures: dict[str, SolvedFigure], fit: Fit) -> list[str]:
    """Notes on the fit, and a warning where the utilisation is beyond the best layout."""
    notes: list[str] = []
    if fit.best and fit.step_days:
        steps = fit.step_days.middle * fit.best.chips / figures["count"].middle
        if steps > figures["days"].middle:
            notes.append(
                tr(
                    "the steps of the best layout found would take {days} on all accelerators: "
                    "the utilisation assumed is more than the time model thinks this one reaches",
                    days=amount("days", steps),
                )
            )
    return notes


def rivals(flop: float, without: str = "") -> list[Rival]:
    """Systems of the articles by how near their compute is, on 6·N·D with active parameters."""
    systems = [
        Rival(name, named(title), params, tokens, own, flop / own)
        for name, title, params, tokens, own in _systems()
        if name != without
    ]
    return sorted(systems, key=lambda rival: abs(math.log(rival.ratio)))


@cache
def article_systems() -> tuple[str, ...]:
    """Scenarios that come with the project and are about a system of the articles."""
    rows = read_rows(RAW / "systems.csv", ("system_id", "in_articles"))
    known = {row["system_id"] for row in rows if row["in_articles"]}
    return tuple(name for name in scenario_names() if name in known)


@cache
def _systems() -> tuple[tuple[str, str, float, float, float], ...]:
    """Name, title, active parameters, tokens and FLOP of the systems whose tokens are published."""
    found = []
    for name in article_systems():
        own = read_toml(SCENARIOS / f"{name}.toml")
        params, tokens = _middle(own.get("active_params", own.get("params", 0))), _middle(own.get("tokens", 0))
        if params and tokens:
            found.append((name, str(own["title"]), params, tokens, float(training_flop(params, tokens))))
    return tuple(found)


def _middle(value: float | list[float]) -> float:
    return math.sqrt(value[0] * value[1]) if isinstance(value, list) else float(value)
