"""What the explorer's script needs: the formulas, the fields, accelerators, prices, grids, scenarios to start from."""

import math
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from typing import Any

from helpers import numbers
from helpers.formulas.accounting import Value
from helpers.formulas.hardware import DATA_SHEET, read_sheets, read_table
from helpers.formulas.memory import state_bytes_per_chip
from helpers.formulas.validation import Range
from helpers.language import later, named, term, tr
from helpers.report import javascript
from helpers.report.number_words import number_words
from helpers.scenarios import operations
from helpers.scenarios.answer import rivals
from helpers.scenarios.checking import ARCHITECTURE, MIXTURE, accelerator_of
from helpers.scenarios.fields import FIELDS, SOLVABLE, Field
from helpers.scenarios.inputs import inputs_of
from helpers.scenarios.scenario import Scenario
from helpers.scenarios.solving import CIRCUMSTANCES, NOT_GIVEN, SOLVED, WAYS, Way, evaluate
from helpers.scenarios.whole_run import MOVED_WIDTH, read_shares
from helpers.written_numbers import COUNTS

REFERENCES = {"gpt-3": "GPT-3", "yuan-1-0": "Yuan 1.0"}  # systems whose compute a scenario is held against
TRIPLE = ("active_params", "tokens", "count")  # all figures follow from these and the circumstances
MARKET = ("date", "vendor", "commitment")  # decide which prices count
# What goes with an accelerator: given anew when another is chosen.
OWN = ("utilisation", "power_factor", "price_per_chip_hour_usd", "purchase_price_usd", *DATA_SHEET)
UNSHARED = ("title", "note")  # in a file, not in an address


def reference_flop() -> dict[str, float]:
    """6·N·D of the systems that a scenario is held against."""
    return {rival.name: rival.training_flop for rival in rivals(1.0) if rival.name in REFERENCES}


def beside(
    training_flop: Value, params: Value, count: Value, memory_bytes: Value, **reference_flop: Value
) -> dict[str, Value]:
    """What is shown besides the figures of `evaluate`: the share of memory, multiples of the references' compute."""
    times = {f"times_{name}": training_flop / flop for name, flop in reference_flop.items()}
    return {"state_share": state_bytes_per_chip(params, count) / memory_bytes, **times}


@cache
def formulas_script() -> str:
    """`const formulas`: the functions of the package as JavaScript."""
    flop = {identifier(name): value for name, value in reference_flop().items()}
    circumstances = [*CIRCUMSTANCES]
    figures = _function(partial(evaluate, "days"), [*TRIPLE, *circumstances])
    extra = _function(partial(beside, **flop), ["training_flop", "params", "count", "memory_bytes"])
    solved = ",\n".join(
        f'"{_key(unknown, way)}": {_function(partial(evaluate, unknown), [*way.names, *circumstances], TRIPLE)}'
        for unknown, ways in WAYS.items()
        for way in ways
    )
    return f"const formulas = {{\nfigures: {figures},\nbeside: {extra},\nways: {{\n{solved},\n}},\n}};"


def _function(formula: Callable[..., Mapping[str, Any]], inputs: Iterable[str], outputs: Iterable[str] = ()) -> str:
    return javascript.function("f", formula, inputs, outputs).removeprefix("const f = ").removesuffix(";")


def identifier(name: str) -> str:
    """A name that can stand in a script."""
    return name.replace("-", "_")


def _key(unknown: str, way: Way) -> str:
    """Name of a way to solve for an unknown: `tokens`, `tokens from budget_usd`."""
    return f"{unknown} from {way.rival}" if way.rival else unknown


def embedded(scenarios: Mapping[str, Scenario]) -> dict[str, Any]:
    """The data of the page, ready for JSON; "" among the scenarios is the base case."""
    table = {name: {"accelerator": name} for name in read_table()}
    named_chips = {str(s["accelerator"]): accelerator_of(s.given).name for s in (*scenarios.values(), Scenario(""))}
    own = {  # what is given of the data sheet of one that is in no table
        str(s["accelerator"]): {name: s[name] for name in ("accelerator", *DATA_SHEET) if name in s.given}
        for s in scenarios.values() if named_chips[str(s["accelerator"])] not in table
    }  # fmt: skip
    return {
        "numbers": number_words(),
        "counts": COUNTS,
        "fields": {name: _field(field) for name, field in FIELDS.items()},
        "unshared": UNSHARED,
        "own": OWN,
        "architecture": ARCHITECTURE,
        "mixture": MIXTURE,
        "circumstances": list(CIRCUMSTANCES),
        "ways": {unknown: _ways(unknown) for unknown in SOLVABLE},
        "solved": SOLVED,
        "left_out": {unknown: list(NOT_GIVEN.get(unknown, ())) for unknown in SOLVABLE},
        "shares": read_shares(),
        "moved_width": MOVED_WIDTH,
        "accelerators": {name: _accelerator(given) for name, given in {**table, **own}.items()},
        "names": dict(sorted(named_chips.items())),
        "grids": {name: grid.carbon_kg_per_kwh for name, grid in operations.read_grids().items()},
        "markets": _markets(scenarios.values(), table),
        "scenarios": {name: {"title": named(s.title), "given": s.given} for name, s in scenarios.items()},
    }


def _field(field: Field) -> dict[str, Any]:
    """One field; bounds of numbers, the slider's ends, or what may be chosen."""
    known: dict[str, Any] = {"default": field.default}
    if field.accepted:
        known |= {name: getattr(field.accepted, name) for name in ("low", "high", "whole")}
    if field.slider and field.accepted:
        slider = {"from": field.slider.low, "to": field.slider.high, "log": field.slider.log}
        known |= {"accepts": _accepts(field.accepted), "slider": slider}
    return known | ({"choices": field.choices} if field.choices else {})


def _accepts(accepted: Range) -> str:
    """What a control takes, in words."""
    whole, number = later("a whole number from {low:g} to {high:g}"), later("a number from {low:g} to {high:g}")
    text = tr(whole if accepted.whole else number, low=accepted.low, high=accepted.high)
    return tr("{range} {unit}", range=text, unit=term(accepted.unit)) if accepted.unit else text


def _ways(unknown: str) -> list[dict[str, Any]]:
    """The ways to an unknown; `given` is what must be given for one to count, where there are two."""
    ways = WAYS[unknown]
    last = {"rival": ways[-1].rival, "instead": ways[-1].instead}
    known = [{"key": _key(unknown, way), "names": way.names, "given": way.rival or last["instead"]} for way in ways]
    return [{**way, **last} for way in known]


def _accelerator(given: Mapping[str, Any]) -> dict[str, Any]:
    """What an accelerator brings, as a scenario that says nothing else takes it."""
    inputs = inputs_of(Scenario("", dict(given)))
    (low, high), (factor_low, factor_high) = inputs.ranges["utilisation"], inputs.ranges["power_factor"]
    return {
        "peak": inputs.numbers["peak_flop_per_s"],
        "memory": inputs.accelerator.memory_bytes,
        "power": inputs.numbers["device_power_w"],
        "power_factor": [factor_low, inputs.numbers["power_factor"], factor_high],
        "utilisation": [low, inputs.numbers["utilisation"], high],
    }


def _markets(scenarios: Iterable[Scenario], table: Iterable[str]) -> dict[str, Any]:
    """Prices of every accelerator, and grids by the names that scenarios use, by date, vendor and commitment."""
    chosen = {market_key(s): {n: s.given[n] for n in MARKET if n in s.given} for s in (*scenarios, Scenario(""))}
    named = sorted({str(s["grid"]) for s in (*scenarios, Scenario(""))})
    return {key: _market(given, table, named) for key, given in chosen.items()}


def market_key(scenario: Scenario) -> str:
    """Date, vendor and commitment as one word."""
    return "|".join(str(scenario[name] or "") for name in MARKET)


def _market(given: Mapping[str, Any], table: Iterable[str], named: Iterable[str]) -> dict[str, Any]:
    day = Scenario("", dict(given)).day
    rent: dict[str, Any] = {}
    purchase: dict[str, Any] = {}
    for name in table:
        inputs = inputs_of(Scenario("", {**given, "accelerator": name}))
        for prices, key in ((rent, "price_per_chip_hour_usd"), (purchase, "purchase_price_usd")):
            if math.isfinite(inputs.numbers[key]):
                low, high = inputs.ranges.get(key, (0, 0))
                prices[name] = [low, inputs.numbers[key], high] if high else inputs.numbers[key]
    return {
        "rent": rent,
        "purchase": purchase,
        "grids": {name: operations.find_grid(name, day).grid_id for name in named},
    }


def accelerator_names(base: Scenario | None = None) -> dict[str, dict[str, str]]:
    """Identifier to name of the accelerators that can be chosen, by maker; the base case's own under its title."""
    table, found = read_table(), dict[str, dict[str, str]]()
    chip = accelerator_of(base.given).name if base else ""
    if base and chip not in table:
        found[base.title] = {chip: chip}
    for chip, row in read_sheets().items():
        if chip in table:
            found.setdefault(named(row["vendor"]), {})[chip] = row["name"]
    return found


def grid_names() -> dict[str, str]:
    """Identifier to name, year and intensity of the grids that can be chosen."""
    found = sorted(operations.read_grids().items(), key=lambda item: (item[1].name, item[1].year))
    mass = {name: numbers.plain(grid.carbon_kg_per_kwh) for name, grid in found}
    return {n: tr("{grid}, {year}: {mass} kg", grid=named(g.name), year=g.year, mass=mass[n]) for n, g in found}
