"""`evaluate`: solving for any unknown and back gives the start, for floats, arrays and symbols alike."""

import math

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.errors import ParameterProblem
from helpers.scenarios.solving import CIRCUMSTANCES, SOLVED, WAYS, evaluate, way_of


def between(low, high):
    """Numbers spread evenly over their logarithm."""
    return st.floats(math.log(low), math.log(high)).map(math.exp)


START = st.fixed_dictionaries(
    {
        "active_params": between(1e6, 1e14),
        "tokens": between(1e8, 1e15),
        "count": between(1, 1e6),
        "peak_flop_per_s": between(1e12, 1e16),
        "utilisation": between(0.01, 1),
        "device_power_w": between(50, 2000),
        "price_per_chip_hour_usd": between(0.1, 30),
        "purchase_price_usd": between(100, 1e5),
        "pue": between(1, 2),
        "carbon_kg_per_kwh": between(0.01, 1),
    }
)
BACK = [("count", "days"), ("tokens", "days"), ("params", "days"), ("tokens", "budget_usd"), ("params", "budget_usd")]


@settings(max_examples=60, deadline=None)
@given(start=START)
@pytest.mark.parametrize(("unknown", "by"), BACK)
def test_there_and_back(unknown, by, start):
    there = evaluate("days", **start)
    known = dict(start)
    del known["active_params" if unknown == "params" else unknown]
    known[by] = there["days"] if by == "days" else there["cost_usd"]
    back = evaluate(unknown, **known)
    assert back[SOLVED[unknown]] == pytest.approx(there[SOLVED[unknown]], rel=1e-9)
    for name, value in there.items():
        assert back[name] == pytest.approx(value, rel=1e-9)


@settings(max_examples=60, deadline=None)
@given(start=START)
def test_relations(start):
    got = evaluate("days", **start)
    assert got["training_flop"] == pytest.approx(6 * start["active_params"] * start["tokens"])
    assert got["petaflop_s_day_8nd"] / got["petaflop_s_day_6nd"] == pytest.approx(4 / 3)
    assert got["chip_hours"] == pytest.approx(24 * got["days"] * start["count"])
    assert got["cost_usd"] == pytest.approx(got["chip_hours"] * start["price_per_chip_hour_usd"])
    assert got["optimal_params"] * got["optimal_tokens"] * 6 == pytest.approx(got["training_flop"])
    assert got["optimal_tokens"] / got["optimal_params"] == pytest.approx(20)


def test_figures_worked_out_by_hand():
    run = {"tokens": 3e11, "peak_flop_per_s": 312e12, "utilisation": 0.4, "device_power_w": 400.0}
    got = evaluate("days", params=175e9, count=1024, price_per_chip_hour_usd=2.0, **run)
    seconds = 6 * 175e9 * 3e11 / (1024 * 0.4 * 312e12)
    kwh = 1024 * seconds * 400 * 1.1 * 1.1 / 3.6e6
    known = {"duration_s": seconds, "energy_kwh": kwh, "carbon_kg": 0.429 * kwh, "cost_usd": 1024 * seconds / 3600 * 2}
    assert {name: got[name] for name in known} == pytest.approx(known)


def test_rows_are_what_numbers_are():
    rows = {"tokens": np.array([1e11, 3e11]), "count": np.array([8.0, 1024.0])}
    rest = {"params": 7e9, "peak_flop_per_s": 1e15, "utilisation": 0.4, "device_power_w": 700.0}
    got = evaluate("days", **rows, **rest)
    for index in range(2):
        one = evaluate("days", **{name: float(column[index]) for name, column in rows.items()}, **rest)
        for name, value in one.items():
            assert np.broadcast_to(got[name], 2)[index] == pytest.approx(value, nan_ok=True, rel=1e-15)


@pytest.mark.parametrize(("unknown", "names"), [(u, way.names) for u, ways in WAYS.items() for way in ways])
def test_symbols_go_through_every_way(unknown, names):
    symbols = {name: sympy.Symbol(name, positive=True) for name in (*names, *CIRCUMSTANCES)}
    got = evaluate(unknown, **symbols)
    assert way_of(unknown, names).names == names
    numbers = {symbol: 2.0 + index for index, symbol in enumerate(symbols.values())}
    known = evaluate(unknown, **{symbol.name: value for symbol, value in numbers.items()})
    for name, formula in got.items():
        assert float(sympy.sympify(formula).subs(numbers)) == pytest.approx(known[name], rel=1e-12)


def test_unknown_price_leaves_the_rest_known():
    got = evaluate("days", params=1e9, tokens=1e10, count=8, peak_flop_per_s=1e15, utilisation=0.4, device_power_w=700)
    assert math.isnan(got["cost_usd"])
    assert got["days"] > 0


def test_what_is_missing_is_named():
    with pytest.raises(ParameterProblem, match="solve_for: tokens needs active_params, count, days or active_params"):
        evaluate("tokens", params=1e9, count=8)
    with pytest.raises(ParameterProblem, match="utilisation: needed"):
        evaluate("days", params=1e9, tokens=1e10, count=8, peak_flop_per_s=1e15)
    with pytest.raises(ParameterProblem, match="solve_for: 'dais' is unknown; did you mean days"):
        evaluate("dais", params=1e9)


def test_closed_form_of_columns():
    columns = {
        "params": np.linspace(1e9, 1e12, 1000),
        "tokens": np.full(1000, 3e11),
        "count": 1024.0,
        "peak_flop_per_s": 312e12,
        "utilisation": 0.4,
        "device_power_w": 400.0,
    }
    whole = evaluate(**columns)
    assert whole["duration_s"][-1] == evaluate(**{**columns, "params": 1e12, "tokens": 3e11})["duration_s"]
    assert whole["energy_kwh"][0] == pytest.approx(1024 * whole["duration_s"][0] * 400 * 1.21 / 3.6e6)
