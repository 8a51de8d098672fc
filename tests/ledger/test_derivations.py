"""Derivations: figures worked out from other figures, with the interval that their rounding leaves."""

import inspect
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.ledger.derivations import DERIVATIONS, evaluate
from helpers.ledger.intervals import Interval, date_interval
from helpers.report.text import mathml

amounts = st.floats(0.01, 1e6)
DAY = 86_400


def arity(name: str) -> int:
    parameters = inspect.signature(DERIVATIONS[name].compute).parameters.values()
    return 3 if any(p.kind is p.VAR_POSITIONAL for p in parameters) else len(parameters)


def exact(*values: float) -> list[Interval]:
    return [Interval(v, v) for v in values]


@pytest.mark.parametrize(
    ("name", "inputs", "expected"),
    [
        ("compute_6nd", (175e9, 300e9), 3.15e23),
        ("compute_8nd", (245.73e9, 180e9), 3.538512e23),
        ("rate_per_chip", (8.64e19, 10, DAY), 1e14),  # a petaFLOP/s-day on ten chips in a day
        ("duration_of", (8.64e19, 10, 1e14), DAY),
        ("energy_of", (512, 300, DAY, 1.1), 512 * 300 * DAY * 1.1),
        ("energy_share", (512, 300, DAY, 1, 512 * 300 * DAY * 100), 0.01),
        ("share_saved", (480, 2048), 0.765625),
        ("ratio_of", (480, 2048), 0.234375),
        ("share_of", (3, 4), 0.75),
        ("scaled_ratio", (512, 1024, 11), 22),
        ("total_of", (1, 2, 3), 6),
        ("product_of", (2, 3, 4), 24),
        ("difference_of", (4095, 3640), 455),
    ],
)
def test_known_answers(name: str, inputs: tuple[float, ...], expected: float) -> None:
    found = evaluate(DERIVATIONS[name], exact(*inputs))
    assert found.low == found.high == pytest.approx(expected, rel=1e-12)


def test_time_between_two_dates_is_in_seconds_with_the_days_they_leave_open() -> None:
    found = evaluate(DERIVATIONS["years_between"], [date_interval("2018-06"), date_interval("2019-06-30")])
    assert (found.low / DAY, found.high / DAY) == (365, 394)


@pytest.mark.parametrize("name", DERIVATIONS)
@given(st.data())
def test_interval_holds_every_value_that_its_inputs_allow(name: str, data: st.DataObject) -> None:
    derivation = DERIVATIONS[name]
    ends = [sorted(data.draw(st.tuples(amounts, amounts))) for _ in range(arity(name))]
    inside = [low + data.draw(st.floats(0, 1)) * (high - low) for low, high in ends]
    found = evaluate(derivation, [Interval(*e) for e in ends])
    value = float(derivation.compute(*inside))
    slack = 1e-9 * max(abs(found.low), abs(found.high))
    assert found.low - slack <= value <= found.high + slack


@pytest.mark.parametrize("name", DERIVATIONS)
def test_interval_of_exact_inputs_is_the_value_itself(name: str) -> None:
    values = [2.0, 3.0, 5.0, 7.0, 11.0][: arity(name)]
    assert evaluate(DERIVATIONS[name], exact(*values)) == Interval(*2 * (float(DERIVATIONS[name].compute(*values)),))


def test_a_long_column_adds_up_in_a_moment() -> None:
    begun = time.perf_counter()
    assert evaluate(DERIVATIONS["total_of"], exact(*range(1, 41))) == Interval(820, 820)
    assert time.perf_counter() - begun < 1


def test_a_column_of_rounded_cells_adds_up_in_a_moment() -> None:
    begun = time.perf_counter()
    found = evaluate(DERIVATIONS["total_of"], [Interval(1, 2)] * 30)
    assert (found.low, found.high) == (30, 60)
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize("name", DERIVATIONS)
def test_formula_is_shown_to_readers_as_mathml_with_a_few_words(name: str) -> None:
    assert "<mi>" in mathml(DERIVATIONS[name].latex)
    assert DERIVATIONS[name].words


@pytest.mark.parametrize("name", ["share_saved", "ratio_of", "energy_share", "scaled_ratio"])
def test_formulas_that_set_two_systems_side_by_side_say_so(name: str) -> None:
    assert DERIVATIONS[name].compares


@pytest.mark.parametrize("name", ["total_of", "share_of", "compute_6nd", "years_between"])
def test_formulas_about_one_system_compare_nothing(name: str) -> None:
    assert not DERIVATIONS[name].compares
