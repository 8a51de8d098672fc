"""Intervals: what a printed or published number can mean, and how far two of them are apart."""

import math
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from helpers.ledger.intervals import Interval, date_interval, number_interval, published_interval

numbers = st.floats(-1e25, 1e25)
positive = st.floats(1e-9, 1e25)
intervals = st.tuples(numbers, numbers).map(lambda ends: Interval(min(ends), max(ends)))
amounts = st.tuples(positive, positive).map(lambda ends: Interval(min(ends), max(ends)))


@given(intervals, intervals)
def test_overlap_is_symmetric_and_means_no_gap(a: Interval, b: Interval) -> None:
    assert a.overlaps(b) == b.overlaps(a) == (a.gap(b) == 0)
    assert a.gap(b) == b.gap(a)


@given(intervals)
def test_everything_overlaps_itself(a: Interval) -> None:
    assert a.overlaps(a)
    assert a.gap_ratio(a) == 1


@given(amounts, amounts)
def test_gap_ratio_is_above_1_where_too_large_below_1_where_too_small(a: Interval, b: Interval) -> None:
    ratio = a.gap_ratio(b)
    if a.low > b.high:
        assert ratio == a.low / b.high > 1
    elif a.high < b.low:
        assert ratio == a.high / b.low < 1
    else:
        assert ratio == 1


@given(amounts, amounts)
def test_gap_ratio_the_other_way_round_is_its_inverse(a: Interval, b: Interval) -> None:
    assert math.isclose(a.gap_ratio(b) * b.gap_ratio(a), 1, rel_tol=1e-12)


def test_anything_is_infinitely_larger_than_nothing() -> None:
    assert Interval(1, 2).gap_ratio(Interval(0, 0)) == math.inf


@given(intervals, st.floats(-1e6, 1e6))
def test_scaling_keeps_the_ends_in_order(a: Interval, factor: float) -> None:
    scaled = a.scaled(factor)
    assert scaled.low <= scaled.high
    assert {scaled.low, scaled.high} == {a.low * factor, a.high * factor}


def test_middle_of_an_open_interval_is_its_lower_end() -> None:
    assert (Interval(2, 4).middle, Interval(2, math.inf).middle) == (3, 2)


@pytest.mark.parametrize("ends", [(2, 1), (math.nan, 1), (1, math.nan)])
def test_ends_in_the_wrong_order_are_refused(ends: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="wrong order"):
        Interval(*ends)


# Published numbers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("3.14e23", 3.135e23, 3.145e23),  # half a unit of the last digit
        ("3.14496e23", 3.144955e23, 3.144965e23),
        ("1.746e11", 1.7455e11, 1.7465e11),
        ("3e11", 2.995e11, 3.005e11),  # taken to be known to three digits
        ("0.45", 0.4495, 0.4505),  # the same
        ("0.213", 0.2125, 0.2135),
        ("175000000000", 1.745e11, 1.755e11),  # zeros are not measured
        ("-0.25", -0.2505, -0.2495),
    ],
)
def test_published_number_is_known_to_half_a_unit_of_its_last_digit(text: str, low: float, high: float) -> None:
    found = number_interval(text)
    assert (found.low, found.high) == (pytest.approx(low, rel=1e-12), pytest.approx(high, rel=1e-12))


@pytest.mark.parametrize("text", ["0", "96", "2128", "12288", "285000", "-3"])
def test_whole_counts_are_exact(text: str) -> None:
    assert number_interval(text) == Interval(float(text), float(text))


@given(st.decimals(min_value="1e-6", max_value="1e25", places=6))
def test_a_number_lies_in_its_own_interval(value: object) -> None:
    found = number_interval(str(value))
    assert found.low <= float(str(value)) <= found.high


@pytest.mark.parametrize("text", ["", "many", "1,000", "3 e11", "nan", "inf", "-Infinity"])
def test_what_is_not_a_finite_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a"):
        number_interval(text)


# Dates ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2021-10-12", date(2021, 10, 12), date(2021, 10, 12)),
        ("2021-10", date(2021, 10, 1), date(2021, 10, 31)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("2020", date(2020, 1, 1), date(2020, 12, 31)),
    ],
)
def test_date_covers_its_days(text: str, first: date, last: date) -> None:
    assert date_interval(text) == Interval(first.toordinal(), last.toordinal())


@pytest.mark.parametrize(
    "text", ["", "2021-13", "2021-00", "2021-02-29", "12 May", "2021-10-12-08", "2021-1-2", "0000"]
)
def test_what_is_not_a_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        date_interval(text)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_day_lies_in_its_month_and_its_year(day: date) -> None:
    inner, month, year = (date_interval(day.isoformat()[:length]) for length in (10, 7, 4))
    assert year.low <= month.low <= inner.low == inner.high <= month.high <= year.high


def test_unit_decides_whether_2021_is_a_year_or_a_number() -> None:
    assert published_interval("2021", "date") == date_interval("2021")
    assert published_interval("2021", "chip") == Interval(2021, 2021)


@given(amounts, amounts, st.floats(1e-6, 1e6))
def test_unit_does_not_change_how_far_apart_two_amounts_are(a: Interval, b: Interval, factor: float) -> None:
    assume(a.overlaps(b) == a.scaled(factor).overlaps(b.scaled(factor)))
    assert math.isclose(a.gap_ratio(b), a.scaled(factor).gap_ratio(b.scaled(factor)), rel_tol=1e-9)
