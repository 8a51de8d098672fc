"""Checks of a scenario's fields: each by itself, then those that only make sense together.

Whatever is wrong is one line: where, which key, what was given, what is accepted.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any

from helpers.errors import Problem
from helpers.formulas.architecture import Architecture
from helpers.formulas.hardware import DATA_SHEET, Accelerator, described, lookup
from helpers.formulas.precisions import precision_of
from helpers.formulas.validation import InputError
from helpers.scenarios import grids
from helpers.scenarios.fields import FIELDS, Field
from helpers.scenarios.solving import NOT_GIVEN
from helpers.timing.planning import read_architecture
from helpers.written_numbers import read_number

ARCHITECTURE = ("layers", "hidden", "heads")  # given together
DIMENSIONS = tuple(f.name for f in fields(Architecture) if f.name in FIELDS)
MIXTURE = ("experts", "active_experts", "shared_experts", "expert_layer_share", "first_dense_layers")
GATED = 3  # matrices of the MLP in models since LLaMA, which have neither biases nor learned positions
SHAPE_TOLERANCE = 1.5  # between stated parameters and those of a stated architecture
YEARS = range(1950, 2101)  # of prices
Given = float | str | tuple[float, float]


class ScenarioProblem(Problem):
    """A scenario that cannot be read; the message is one line for its author."""


def typed(name: str, text: str, where: str = "scenario") -> Given:
    """A field as typed on a command line: a number, a range such as [0.3,0.5], or text.

    Raises:
        ScenarioProblem: it is not accepted.
    """
    known = FIELDS.get(name)
    if known is None or not known.numeric:
        return _checked(name, text, where)
    ends = re.fullmatch(r"\[(.*?)(?:, |,(?!\d{3}(?!\d))|;|\.\.)(.*)\]", text.strip())
    return _checked(name, [part.strip() for part in ends.groups()] if ends else text, where)


def check_fields(values: Mapping[str, Any], where: str) -> dict[str, Given]:
    """Each field by itself.

    Raises:
        ScenarioProblem: names the first that is not accepted.
    """
    return {name: _checked(name, value, where) for name, value in values.items()}


def _checked(name: str, value: Any, where: str) -> Given:
    if name not in FIELDS:
        near = difflib.get_close_matches(name, FIELDS, n=1)
        hint = f"did you mean {near[0]}?" if near else f"accepted: {', '.join(FIELDS)}"
        what = "a section" if isinstance(value, dict) else "a field"
        raise ScenarioProblem(f"{where}: {name} is not {what} of a scenario; {hint}")
    known = FIELDS[name]
    if known.numeric:
        return _range(known, value, where) if isinstance(value, list | tuple) else _number(known, value, where)
    return _text(known, value, where)


def _number(known: Field, value: Any, where: str) -> float:
    if isinstance(value, str):
        try:
            value = read_number(value, known.unit.split(",")[0].replace("watts", "W"))
        except ValueError as error:
            raise ScenarioProblem(f"{where}: {known.name}: {error}; accepted: {known.accepts}") from None
    good = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    accepted = known.accepted
    if good and accepted and accepted.low <= value <= accepted.high and (not accepted.whole or value == int(value)):
        return float(value)
    shown_value = f"{value:g}" if isinstance(value, float) else repr(value)
    raise ScenarioProblem(f"{where}: {known.name}: {shown_value[:60]} is not accepted; accepted: {known.accepts}")


def _range(known: Field, value: Any, where: str) -> Given:
    if not known.ranged or len(value) != 2:
        what = "two numbers make a range" if known.ranged else "this field takes one number"
        raise ScenarioProblem(
            f"{where}: {known.name}: {list(value)!r} is not accepted ({what}); accepted: {known.accepts}"
        )
    low, high = (_number(known, end, where) for end in value)
    if low > high:
        raise ScenarioProblem(f"{where}: {known.name}: [{low:g}, {high:g}] is reversed; write [{high:g}, {low:g}]")
    if low <= 0 and high > 0:
        raise ScenarioProblem(f"{where}: {known.name}: a range is accepted from above 0, not from {low:g}")
    return low if low == high else (low, high)


def _text(known: Field, value: Any, where: str) -> str:
    if known.kind == "date" and isinstance(value, date):
        value = value.isoformat()[:10]
    if not isinstance(value, str):
        raise ScenarioProblem(f"{where}: {known.name}: {value!r} is not text; accepted: {known.accepts}, in quotes")
    if known.name == "precision":
        return _precision(value, where)
    if known.choices and value not in known.choices:
        near = difflib.get_close_matches(value, known.choices, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise ScenarioProblem(f"{where}: {known.name}: {value!r} is unknown; {hint}accepted: {known.accepts}")
    if known.kind == "date" and not _is_date(value):
        raise ScenarioProblem(f"{where}: {known.name}: {value!r} is not a date; accepted: {known.accepts}")
    return value


def _precision(value: str, where: str) -> str:
    try:
        return precision_of(value)
    except InputError as error:
        raise ScenarioProblem(f"{where}: {error}") from None


def _is_date(value: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)) and date.fromisoformat(value).year in YEARS
    except ValueError:
        return False


def check_together(given: dict[str, Given], where: str) -> dict[str, Given]:
    """Fields that only make sense together.

    Raises:
        ScenarioProblem: names the fields that are at odds.
    """
    solve_for = str(given.get("solve_for", FIELDS["solve_for"].default))
    if solve_for in NOT_GIVEN and solve_for in given:
        raise ScenarioProblem(
            f'{where}: {solve_for}: given, and the unknown (solve_for = "{solve_for}"); leave one out'
        )
    if solve_for in NOT_GIVEN and {"days", "budget_usd"} <= given.keys():
        raise ScenarioProblem(f"{where}: days and budget_usd: both decide how long the accelerators run; give one")
    if given.get("price_per_chip_hour_usd") == 0 and "budget_usd" in given:
        raise ScenarioProblem(f"{where}: price_per_chip_hour_usd: 0 with a budget allows any time; leave one out")
    if solve_for == "params" and "active_params" in given:
        raise ScenarioProblem(f"{where}: active_params: cannot be given when params is the unknown; leave it out")
    some = [name for name in ARCHITECTURE if name in given]
    lacking = [name for name in ARCHITECTURE if name not in given]
    if some and lacking:
        raise ScenarioProblem(
            f"{where}: {lacking[0]}: needed when the architecture is given; accepted: {FIELDS[lacking[0]].accepts}"
        )
    _check_mixture(given, where)
    _check_active(given, where)
    _check_precision(given, where)
    _check_tables(given, where)
    _check_architecture(given, where)
    return given


def accelerator_of(given: Mapping[str, Given]) -> Accelerator:
    """The accelerator named, with what is given of its data sheet.

    Raises:
        InputError: it is unknown, and too little is given to describe it.
    """
    name = str(given.get("accelerator", FIELDS["accelerator"].default))
    sheet = {field: _one(given[field]) for field in DATA_SHEET if field in given}
    if not sheet or set(sheet) == {"device_power_w"}:  # power does not enter the time model
        return lookup(name)
    return described(name, sheet)


def architecture_of(given: Mapping[str, Given]) -> Architecture | None:
    """The architecture given, if there is one.

    Raises:
        InputError: its dimensions do not go together.
    """
    if "layers" not in given:
        return None
    stated: dict[str, float | None] = {n: _one(given[n]) for n in DIMENSIONS if n in given}
    if "first_dense_layers" in given and "experts" in given:
        stated.setdefault("expert_layer_share", 1 - _one(given["first_dense_layers"]) / _one(given["layers"]))
    if "window" in given:
        stated.setdefault("window_layer_share", 1)
    shape = read_architecture(stated)
    if shape is not None and stated.get("ffn_matrices") == GATED:
        return replace(shape, linear_bias=0, norm_vectors=1, position_params=0)
    return shape


def _one(value: Given) -> float:
    """A number, of a range its geometric mean."""
    return math.sqrt(value[0] * value[1]) if isinstance(value, tuple) else float(value)


def _check_mixture(given: Mapping[str, Given], where: str) -> None:
    """Experts say nothing of what a token uses unless the architecture or the active parameters are known."""
    stated = [name for name in MIXTURE if name in given]
    if stated and not {"layers", "active_params"} & given.keys():
        raise ScenarioProblem(
            f"{where}: {stated[0]}: needs active_params, or layers, hidden and heads; give them or leave it out"
        )


def _check_precision(given: Mapping[str, Given], where: str) -> None:
    """A share of the 16-bit peak beyond 1 is for narrower formats only."""
    share = given.get("utilisation", 0.0)
    most = max(share) if isinstance(share, tuple) else float(share)
    if most > 1 and given.get("precision", FIELDS["precision"].default) == "bf16":
        raise ScenarioProblem(f"{where}: utilisation: {most:g} is not accepted; accepted: a share of the peak, up to 1")


def _check_active(given: Mapping[str, Given], where: str) -> None:
    """No more parameters are active than there are."""
    if "active_params" in given:
        total = given.get("params", FIELDS["params"].default)
        active = given["active_params"]
        ends = [max(v) if isinstance(v, tuple) else float(v or 0) for v in (active, total)]
        if ends[0] > ends[1]:
            raise ScenarioProblem(
                f"{where}: active_params: {ends[0]:g} is more than the {ends[1]:g} parameters; accepted: up to params"
            )


def _check_tables(given: Mapping[str, Given], where: str) -> None:
    """The accelerator and the grid are in their tables."""
    try:
        accelerator_of(given)
        if "carbon_kg_per_kwh" not in given:
            grids.find_grid(str(given.get("grid", FIELDS["grid"].default)))
    except InputError as error:
        raise ScenarioProblem(f"{where}: {error}") from None


def _check_architecture(given: Mapping[str, Given], where: str) -> None:
    """The architecture is that of a model with so many parameters."""
    try:
        shape = architecture_of(given)
    except InputError as error:
        raise ScenarioProblem(f"{where}: {error}") from None
    params = given.get("params")
    if shape is None or not isinstance(params, float) or "active_params" in given:
        return
    counted = float(shape.params)
    if not 1 / SHAPE_TOLERANCE < counted / params < SHAPE_TOLERANCE:
        accepted = f"{counted / SHAPE_TOLERANCE:.3g} to {counted * SHAPE_TOLERANCE:.3g}"
        raise ScenarioProblem(
            f"{where}: params: {params:g}, but the architecture has {counted:.3g}; accepted with it: {accepted}"
        )
