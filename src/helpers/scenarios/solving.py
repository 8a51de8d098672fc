"""Solving a scenario for its unknown: days, parameters, tokens, accelerators or money.

`evaluate` is the only way from a scenario's numbers to its figures: the answer, the comparison, the sweep and
the sliders all call it. It is plain arithmetic without branches on values, so that it takes floats, NumPy arrays and
sympy symbols alike; what is done depends only on which quantities are given.

A price that is not known is NaN, and so is what follows from it.
"""

import math
from collections.abc import Collection, Mapping
from typing import NamedTuple

from helpers.constants import SECOND_PER_DAY
from helpers.errors import ParameterProblem
from helpers.formulas import accounting, footprint
from helpers.formulas.accounting import Value
from helpers.formulas.architecture import compute_optimal_params, compute_optimal_tokens, tokens_per_param
from helpers.formulas.validation import RANGES, choice

UNKNOWN_PRICE = math.nan
Numbers = Mapping[str, Value]

# The figure that answers for each unknown.
SOLVED = {"days": "days", "params": "active_params", "tokens": "tokens", "count": "count", "budget_usd": "cost_usd"}
# What a file may not say where it is the unknown; the other unknowns may be given as limits.
NOT_GIVEN = {"params": ("params", "active_params"), "tokens": ("tokens",)}

# What every solver takes besides the quantities it relates.
CIRCUMSTANCES: dict[str, float | None] = {
    "peak_flop_per_s": None,  # of one accelerator
    "utilisation": None,
    "device_power_w": None,
    "power_factor": footprint.DEFAULT_POWER_FACTOR,
    "pue": footprint.DEFAULT_PUE,
    "carbon_kg_per_kwh": footprint.DEFAULT_CARBON_KG_PER_KWH,
    "price_per_chip_hour_usd": UNKNOWN_PRICE,
    "purchase_price_usd": UNKNOWN_PRICE,
}


def figures(active_params: Value, tokens: Value, count: Value, c: Numbers) -> dict[str, Value]:
    """Everything that follows once parameters, tokens, accelerators and circumstances (`CIRCUMSTANCES`) are known."""
    flop = accounting.training_flop(active_params, tokens)
    seconds = accounting.duration_s(flop, count, c["peak_flop_per_s"] * c["utilisation"])
    kwh = footprint.energy_kwh(footprint.energy_j(count, seconds, c["device_power_w"], c["power_factor"], c["pue"]))
    recomputed = accounting.training_flop(active_params, tokens, accounting.FLOP_PER_PARAM_TOKEN_RECOMPUTE)
    return {
        "active_params": active_params,
        "tokens": tokens,
        "count": count,
        "training_flop": flop,
        "training_flop_8nd": recomputed,
        "petaflop_s_day_6nd": accounting.petaflop_s_day(flop),
        "petaflop_s_day_8nd": accounting.petaflop_s_day(recomputed),
        "duration_s": seconds,
        "days": seconds / SECOND_PER_DAY,
        "chip_hours": footprint.chip_hours(count, seconds),
        "energy_kwh": kwh,
        "carbon_kg": footprint.carbon_kg(kwh, c["carbon_kg_per_kwh"]),
        "cost_usd": footprint.rent(count, seconds, c["price_per_chip_hour_usd"]),
        "purchase_usd": footprint.amortised_purchase(count, seconds, c["purchase_price_usd"]),
        "tokens_per_param": tokens_per_param(tokens, active_params),
        "optimal_params": compute_optimal_params(flop),
        "optimal_tokens": compute_optimal_tokens(flop),
    }


class Way(NamedTuple):
    """A way to an unknown: the quantities that decide it.

    A way with a rival counts where its rival is given and what that stands `instead` of is not; else the first.
    """

    names: tuple[str, ...]
    rival: str = ""
    instead: str = ""


# What decides each unknown: read by the solver, by the inputs of a scenario and by the page's script.
WAYS: dict[str, tuple[Way, ...]] = {
    "days": (Way(("active_params", "tokens", "count")),),
    "budget_usd": (
        Way(("active_params", "tokens", "count")),
        Way(("active_params", "tokens", "days"), "days", "count"),
    ),
    "count": (Way(("active_params", "tokens", "days")),),
    "tokens": (
        Way(("active_params", "count", "days")),
        Way(("active_params", "count", "budget_usd"), "budget_usd", "days"),
    ),
    "params": (Way(("tokens", "count", "days")), Way(("tokens", "count", "budget_usd"), "budget_usd", "days")),
}


def solved(known: Numbers, c: Numbers) -> dict[str, Value]:
    """Parameters in use, tokens and accelerators, the one that is not known from the days or the money that are.

    The model's FLOP, 6·N·D, are what the accelerators do in that time; read either way, N may take the place of D.
    What is `known` are the quantities of a `Way`, `c` the circumstances, see `CIRCUMSTANCES`.
    """
    if {"active_params", "tokens", "count"} <= known.keys():
        return dict(known)
    days, rate = known.get("days"), c["peak_flop_per_s"] * c["utilisation"]
    if days is None:
        days = known["budget_usd"] / footprint.rent(known["count"], SECOND_PER_DAY, c["price_per_chip_hour_usd"])
    if "count" not in known:
        flop = accounting.training_flop(known["active_params"], known["tokens"])
        return {**known, "count": accounting.chip_count(flop, days * SECOND_PER_DAY, rate)}
    unknown, other = ("tokens", "active_params") if "active_params" in known else ("active_params", "tokens")
    flop = accounting.hardware_flop(known["count"], days * SECOND_PER_DAY, rate)
    found = accounting.tokens_trained(flop, known[other], accounting.FLOP_PER_PARAM_TOKEN_MODEL)
    return {**known, unknown: found}


def way_of(solve_for: str, given: Collection[str]) -> Way:
    """The way to the unknown of a scenario in which these fields are given."""
    usual, *others = WAYS[choice("solve_for", solve_for, WAYS)]
    return next((w for w in others if w.rival in given and w.instead not in given), usual)


def evaluate(solve_for: str = "days", /, **numbers: Value) -> dict[str, Value]:
    """All figures of a scenario by name, see `figures`, solved for the one that `SOLVED` names.

    Given are quantities (parameters as `active_params`; `params` stands for it where that is absent) and circumstances,
    see `CIRCUMSTANCES`. None counts as absent; the unknown and quantities that are not needed are left aside; days goes
    before budget_usd. A ParameterProblem where too little is given.
    """
    given = {name: value for name, value in numbers.items() if value is not None}
    if "active_params" not in given and "params" in given:
        given["active_params"] = given["params"]
    ways = WAYS[choice("solve_for", solve_for, WAYS)]
    way = next((way for way in ways if given.keys() >= {*way.names}), None)  # the first whose quantities are all there
    if way is None:
        wanted = " or ".join(", ".join(way.names) for way in ways)
        raise ParameterProblem(f"solve_for: {solve_for} needs {wanted}; given: {', '.join(sorted(given)) or 'nothing'}")
    circumstances = {name: given.get(name, default) for name, default in CIRCUMSTANCES.items()}
    missing = [name for name, value in circumstances.items() if value is None]
    if missing:
        raise ParameterProblem(f"{missing[0]}: needed to evaluate a scenario; accepted: {RANGES[missing[0]]}")
    known = solved({name: given[name] for name in way.names}, circumstances)
    return figures(known["active_params"], known["tokens"], known["count"], circumstances)
