"""Checks of a scenario's fields: each by itself, then those that only make sense together.

Whatever is wrong is one line: where, which key, what was given, what is accepted.
"""

import math
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from datetime import date
from typing import Any

from helpers.errors import Problem, nearest
from helpers.formulas.architecture import Architecture
from helpers.formulas.hardware import DATA_SHEET, Accelerator, described, lookup
from helpers.formulas.job import precision_of
from helpers.formulas.shape import with_usual
from helpers.formulas.validation import InputError, Range, choice, number
from helpers.scenarios.fields import FIELDS, Field
from helpers.scenarios.operations import find_grid
from helpers.scenarios.solving import NOT_GIVEN
from helpers.written_numbers import read_day

ARCHITECTURE = ("layers", "hidden", "heads")  # given together
DIMENSIONS = tuple(f.name for f in fields(Architecture) if f.name in FIELDS)
MIXTURE = ("experts", "active_experts", "shared_experts", "expert_layer_share", "first_dense_layers")
GATED = 3  # matrices of the MLP in models since LLaMA, which have neither biases nor learned positions
SHAPE_TOLERANCE = 1.5  # between stated parameters and those of a stated architecture
Given = float | str | tuple[float, float]


class ScenarioProblem(Problem):
    """A scenario that cannot be read; the message is one line for its author."""


def middle_of(value: Any) -> Any:
    """A number as it is, of a range its geometric mean; None stays None."""
    return math.sqrt(value[0] * value[1]) if isinstance(value, tuple | list) else value


@contextmanager
def placed(where: str) -> Iterator[None]:
    """Refusals of what is done within say where the fields stand."""
    try:
        yield
    except InputError as error:
        raise ScenarioProblem(f"{where}: {error}") from None


def typed(name: str, text: str, where: str = "scenario") -> Given:
    """A field as typed on a command line, a number, a range such as [0.3,0.5] or text; else a ScenarioProblem."""
    ends = re.fullmatch(r"\[(.*?)(?:, |,(?!\d{3}(?!\d))|;|\.\.)(.*)\]", text.strip())
    ranged = ends and name in FIELDS and FIELDS[name].numeric
    return check_fields({name: [end.strip() for end in ends.groups()] if ends and ranged else text}, where)[name]


def check_fields(values: Mapping[str, Any], where: str) -> dict[str, Given]:
    """Each field by itself; a ScenarioProblem names the first that is not accepted."""
    with placed(where):
        return {name: checked(name, value) for name, value in values.items()}


def checked(name: str, value: Any, called: str = "") -> Given:
    """One field by itself; an InputError says what is wrong with it, by its name or what it is `called`."""
    if name not in FIELDS:
        hint = nearest(name, FIELDS) or f"; accepted: {', '.join(FIELDS)}"
        what = "a section" if isinstance(value, dict) else "a field"
        raise InputError(f"{called or name} is not {what} of a scenario{hint}")
    known, called = FIELDS[name], called or name
    if known.accepted is None:
        return _checked_text(called, known, value)
    read: Any = range_of if isinstance(value, list | tuple) else number
    found: Given = read(called, value, known.accepted)
    return found


def range_of(called: str, value: Any, accepted: Range) -> float | tuple[float, float]:
    """A 90 % range from its two ends, where one is accepted; else an InputError."""
    if not accepted.ranged or len(value) != 2:
        what = "two numbers make a range" if accepted.ranged else "this field takes one number"
        raise InputError(f"{called}: {list(value)!r} is not accepted ({what}); accepted: {accepted}")
    low, high = (number(called, end, accepted) for end in value)
    if low > high:
        raise InputError(f"{called}: [{low:g}, {high:g}] is reversed; write [{high:g}, {low:g}]")
    if low <= 0 and high > 0:
        raise InputError(f"{called}: a range is accepted from above 0, not from {low:g}")
    return low if low == high else (low, high)


def _checked_text(called: str, known: Field, value: Any) -> str:
    if known.kind == "date" and isinstance(value, date):
        value = value.isoformat()[:10]
    if not isinstance(value, str):
        raise InputError(f"{called}: {value!r} is not text; accepted: {known.accepts}, in quotes")
    if known.name == "precision":
        return precision_of(value)
    if known.kind == "date":
        try:
            read_day(value)
        except ValueError:
            raise InputError(f"{called}: {value!r} is not a date; accepted: {known.accepts}") from None
    return choice(called, value, known.choices) if known.choices else value


def check_together(given: dict[str, Given], where: str) -> dict[str, Given]:
    """Fields that only make sense together, and names of tables; a ScenarioProblem says what is at odds or in no table."""
    with placed(where):
        for problem in _at_odds(given):
            raise InputError(problem)
        accelerator_of(given).rate(str(given.get("precision", FIELDS["precision"].default)))
        if "carbon_kg_per_kwh" not in given:
            find_grid(str(given.get("grid", FIELDS["grid"].default)))
        return {**_params_counted(given), **given}


def _at_odds(given: Mapping[str, Given]) -> Iterator[str]:
    """Fields that contradict each other, or one that says nothing without another."""
    solve_for = str(given.get("solve_for", FIELDS["solve_for"].default))
    if solve_for in NOT_GIVEN and solve_for in given:
        yield f'{solve_for}: given, and the unknown (solve_for = "{solve_for}"); leave one out'
    if solve_for in NOT_GIVEN and {"days", "budget_usd"} <= given.keys():
        yield "days and budget_usd: both decide how long the accelerators run; give one"
    if given.get("price_per_chip_hour_usd") == 0 and "budget_usd" in given:
        yield "price_per_chip_hour_usd: 0 with a budget allows any time; leave one out"
    if solve_for == "params" and "active_params" in given:
        yield "active_params: cannot be given when params is the unknown; leave it out"
    lacking = [name for name in ARCHITECTURE if name not in given]
    if 0 < len(lacking) < len(ARCHITECTURE):
        yield f"{lacking[0]}: needed when the architecture is given; accepted: {FIELDS[lacking[0]].accepts}"
    mixture = [name for name in MIXTURE if name in given]
    if mixture and not {"layers", "active_params"} & given.keys():
        yield f"{mixture[0]}: needs active_params, or layers, hidden and heads; give them or leave it out"
    total, active, share = (_most(given, name) for name in ("params", "active_params", "utilisation"))
    if active > total:
        yield f"active_params: {active:g} is more than the {total:g} parameters; accepted: up to params"
    if share > 1 and given.get("precision", FIELDS["precision"].default) == "bf16":  # beyond 1 in narrower formats only
        yield f"utilisation: {share:g} is not accepted; accepted: a share of the peak, up to 1"


def _most(given: Mapping[str, Given], name: str) -> float:
    """The upper end of a field; 0 where nothing is known."""
    value = given.get(name, FIELDS[name].default)
    return max(value) if isinstance(value, tuple) else float(value or 0)


def _params_counted(given: Mapping[str, Given]) -> dict[str, Given]:
    """Parameters counted from the architecture where they are not given; where they are, it is one of so many."""
    shape, params = architecture_of(given), given.get("params")
    counted = float(shape.params) if shape else 0.0
    if shape and params is None and given.get("solve_for") != "params":
        return {"params": float(round(counted))}
    if shape is None or not isinstance(params, float) or "active_params" in given:
        return {}
    if not 1 / SHAPE_TOLERANCE < counted / params < SHAPE_TOLERANCE:
        accepted = f"{counted / SHAPE_TOLERANCE:.3g} to {counted * SHAPE_TOLERANCE:.3g}"
        raise InputError(f"params: {params:g}, but the architecture has {counted:.3g}; accepted with it: {accepted}")
    return {}


def accelerator_of(given: Mapping[str, Given]) -> Accelerator:
    """The accelerator named, with what is given of its data sheet; an InputError where that is too little."""
    name = str(given.get("accelerator", FIELDS["accelerator"].default))
    sheet = {field: middle_of(given[field]) for field in DATA_SHEET if field in given}
    if not sheet or set(sheet) == {"device_power_w"}:  # power does not enter the time model
        return lookup(name)
    return described(name, sheet)


def architecture_of(given: Mapping[str, Given]) -> Architecture | None:
    """The architecture given, if there is one; an InputError where its dimensions do not go together."""
    if "layers" not in given:
        return None
    stated = {name: middle_of(given[name]) for name in DIMENSIONS if name in given}
    shape = with_usual(stated, dense_layers=middle_of(given.get("first_dense_layers")))
    plain = {"linear_bias": 0, "norm_vectors": 1, "position_params": 0} if stated.get("ffn_matrices") == GATED else {}
    return Architecture(**shape, **plain)
