"""The answer to a scenario: figures with ranges, the layouts that fit, what stands in the way, and comparisons."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from helpers.formulas.accounting import training_flop
from helpers.formulas.footprint import DEFAULT_LIFETIME_S
from helpers.formulas.uncertainty import RangeEstimate, SolvedFigure
from helpers.language import named, tr
from helpers.numbers import percent
from helpers.paths import RAW
from helpers.rows import read_rows
from helpers.scenarios import operations, solving
from helpers.scenarios.checking import ScenarioProblem, architecture_of, middle_of
from helpers.scenarios.fields import FIELDS, SCENARIOS
from helpers.scenarios.fit import Fit
from helpers.scenarios.inputs import RENT, Inputs, deciding_fields, figures_of, inputs_of, limits, probability
from helpers.scenarios.published import NearRun, nearest_runs
from helpers.scenarios.scenario import Scenario, read_scenario, scenario_names
from helpers.scenarios.whole_run import whole_run
from helpers.scenarios.wording import WORDS, amount
from helpers.structured import read_toml

REFERENCE = "gpt-3"  # always named in a comparison
LEAST, MOST = 2, 6  # scenarios that are set side by side


@dataclass(frozen=True)
class Rival:
    """A system of the articles, and how many times its compute the scenario takes, both on 6·N·D."""

    name: str
    title: str
    params: float
    tokens: float
    training_flop: float
    ratio: float = 1.0


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
    """Solve a scenario; an impossible one is answered with its reasons, an unknown accelerator or grid is an InputError."""
    inputs = inputs_of(scenario)
    notes = [] if math.isfinite(inputs.numbers[RENT]) else [inputs.origins[RENT]]
    if not math.isfinite(float(solving.evaluate(inputs.solve_for, **inputs.numbers)[solving.SOLVED[inputs.solve_for]])):
        obstacle = tr(
            "{reason}; without a price, money says nothing: give price_per_chip_hour_usd, or another date or accelerator",
            reason=inputs.origins[RENT],
        )
        return Answer(scenario, inputs, figures_of(inputs), None, [obstacle], notes, [])
    inputs, fit = whole_run(scenario, inputs, layouts)
    figures = figures_of(inputs)
    obstacles = list(_obstacles(scenario, inputs, figures, fit))
    flop = figures["training_flop"].middle
    notes += [*assumed(scenario), *fit.notes, *_remarks(figures, fit)]
    active, count, seconds = (figures[name].middle for name in ("active_params", "count", "duration_s"))
    params = active if math.isnan(inputs.params) else inputs.params
    near = nearest_runs(active, params, count, inputs.accelerator)
    embodied = operations.embodied_kg(inputs.accelerator).times(count * seconds / DEFAULT_LIFETIME_S)
    return Answer(scenario, inputs, figures, fit, obstacles, notes, rivals(flop, scenario.name), near, embodied)


def read_all(scenarios: Sequence[str]) -> list[Answer]:
    """Answers to scenarios by name or path; a ScenarioProblem where they are too few, too many, or cannot be read."""
    if not LEAST <= len(scenarios) <= MOST:
        raise ScenarioProblem(f"compare: {len(scenarios)} scenarios given; accepted: {LEAST} to {MOST}")
    return [answer(read_scenario(name)) for name in scenarios]


def assumed(scenario: Scenario) -> list[str]:
    """The main inputs that were not given, as one note; none where all were."""
    names = [*deciding_fields(scenario), "accelerator"]
    left = [name for name in names if name not in scenario.given and FIELDS[name].default is not None]
    said = [
        f"{name.replace('_', ' ')} {scenario[name]:g}" if FIELDS[name].numeric else f"{name} {scenario[name]}"
        for name in left
    ]
    shape = architecture_of(scenario.given)
    usual = WORDS["shape"]["usual"] if shape else ()
    said += [f"{tr(name)} {getattr(shape, name):g}" for name in usual if name not in scenario.given]
    return [tr("assumed, since not given: {what}", what=tr(", ").join(said))] if said else []


def _obstacles(scenario: Scenario, inputs: Inputs, figures: dict[str, SolvedFigure], fit: Fit) -> Iterator[str]:
    """What stands in the way."""
    kept, middle = limits(scenario), {name: figure.middle for name, figure in figures.items()}
    if fit.reason:
        least = {"reason": fit.reason, "least": fit.least, "chip": inputs.accelerator.title}
        alone = tr("{reason}; what the optimiser keeps alone fills {least:,} x {chip}", **least)
        yield alone if fit.least > middle["count"] else fit.reason
    if middle["days"] > kept.get("days", math.inf):
        fewest = solving.evaluate("count", **{**inputs.numbers, "days": kept["days"]})["count"]
        yield tr(
            "the deadline of {deadline} cannot be met with fewer than {fewest}: {chips} take {days} (in time in {chance} of cases)",
            deadline=amount("days", kept["days"]),
            fewest=amount("count", fewest),
            chips=amount("count", middle["count"]),
            days=amount("days", middle["days"]),
            chance=percent(probability(inputs, "days", kept["days"])),
        )
    if middle["count"] > kept.get("count", math.inf):
        need, has = amount("count", middle["count"]), amount("count", kept["count"])
        yield tr("too few accelerators: {need} are needed, the scenario has {has}", need=need, has=has)
    if middle["cost_usd"] > kept.get("budget_usd", math.inf):
        most = kept["budget_usd"]
        yield tr(
            "the budget of {budget} is not enough: rent comes to {cost} (within the budget in {chance} of cases)",
            budget=amount("cost_usd", most),
            cost=amount("cost_usd", middle["cost_usd"]),
            chance=percent(probability(inputs, "cost_usd", most)),
        )


def _remarks(figures: dict[str, SolvedFigure], fit: Fit) -> Iterator[str]:
    """A warning where the utilisation is beyond the best layout."""
    steps = fit.step_days.middle * fit.best.chips / figures["count"].middle if fit.best and fit.step_days else 0.0
    if steps > figures["days"].middle:
        yield tr(
            "the steps of the best layout found would take {days} on all accelerators: "
            "the utilisation assumed is more than the time model thinks this one reaches",
            days=amount("days", steps),
        )


def rivals(flop: float, without: str = "") -> list[Rival]:
    """Systems of the articles by how near their compute is, on 6·N·D with active parameters."""
    others = (system for system in _systems() if system.name != without)
    found = [replace(one, title=named(one.title), ratio=flop / one.training_flop) for one in others]
    return sorted(found, key=lambda rival: abs(math.log(rival.ratio)))


@cache
def _systems() -> tuple[Rival, ...]:
    """The systems of the articles that have a scenario and whose tokens are published."""
    rows, found = read_rows(RAW / "systems.csv", ("system_id", "in_articles")), []
    for name in sorted({row["system_id"] for row in rows if row["in_articles"]} & {*scenario_names()}):
        own = read_toml(SCENARIOS / f"{name}.toml")
        params, tokens = middle_of(own.get("active_params", own.get("params", 0))), middle_of(own.get("tokens", 0))
        if params and tokens:
            found.append(Rival(name, str(own["title"]), params, tokens, float(training_flop(params, tokens))))
    return tuple(found)
