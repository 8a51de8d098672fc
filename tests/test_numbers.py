"""Numbers as a reader sees them: right to the digit, and never misread."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.numbers import grouped, latex, percent, plain, readable, round_significant, scientific, times, words

numbers = st.floats(1e-6, 1e15) | st.floats(-1e15, -1e-6)
digits = st.integers(1, 6)


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (4095, 0, "4095"),
        (9999, 0, "9999"),
        (9999.4, 0, "9999"),
        (9999.6, 0, "10,000"),
        (9999.6, 1, "9999.6"),
        (12345.678, 1, "12,345.7"),
        (-4095, 0, "-4095"),
        (0, 0, "0"),
    ],
)
def test_thousands_are_grouped_from_five_digits_on(value: float, places: int, text: str) -> None:
    assert grouped(value, places) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (4095, "4100"),  # three digits, if not asked for more
        (12345, "12,300"),
        (0.2134, "0.213"),
        (0.5, "0.5"),
        (1.0, "1"),
        (100, "100"),
        (999.6, "1000"),
        (0.00012345, "0.000123"),
        (-1.234, "-1.23"),
        (0, "0"),
        (-0.0, "0"),
        (float("inf"), "inf"),
    ],
)
def test_plain(value: float, text: str) -> None:
    assert plain(value) == text


@given(numbers, digits)
def test_plain_keeps_the_value_to_its_digits_without_an_exponent(value: float, count: int) -> None:
    text = plain(value, count)
    assert re.fullmatch(r"-?[\d,]+(\.\d+)?", text)
    assert float(text.replace(",", "")) == pytest.approx(value, rel=0.51 * 10.0 ** (1 - count))
    assert not ("." in text and text.endswith("0"))


@given(numbers, digits)
def test_rounding_twice_is_rounding_once(value: float, count: int) -> None:
    once = round_significant(value, count)
    assert round_significant(once, count) == once


@pytest.mark.parametrize(
    ("value", "text"),
    [(3.14159e23, "3.14×10²³"), (1e-9, "1.00×10⁻⁹"), (9.999e11, "1.00×10¹²"), (-2e6, "-2.00×10⁶"), (0, "0")],
)
def test_scientific(value: float, text: str) -> None:
    assert scientific(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(3.14e23, r"3.14 \times 10^{23}"), (4095, "4095"), (123456, r"123\,500"), (2e-5, r"2 \times 10^{-5}")],
)
def test_latex(value: float, text: str) -> None:
    assert latex(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2.457e11, "246 billion"),
        (1.6e12, "1.6 trillion"),
        (9.996e11, "1 trillion"),  # never 1000 billion
        (9.99e8, "999 million"),
        (1.5e6, "1.5 million"),
        (999_000, "999,000"),
        (12, "12"),
        (-2e9, "-2 billion"),
    ],
)
def test_words(value: float, text: str) -> None:
    assert words(value) == text


@given(st.floats(1, 1e14))
def test_words_keep_the_value_to_three_digits(value: float) -> None:
    number, _, scale = words(value).partition(" ")
    factor = {"": 1, "million": 1e6, "billion": 1e9, "trillion": 1e12}[scale]
    assert float(number.replace(",", "")) * factor == pytest.approx(value, rel=0.0051)


def test_percent_and_times() -> None:
    assert (percent(0.448), percent(0.01), percent(1.5)) == ("45 %", "1 %", "150 %")
    assert (times(4 / 3), times(11)) == ("1.33×", "11×")


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1382400, "s", "16 days"),
        (3.53808e23, "FLOP", "4095 PD"),
        (3.12e14, "FLOP/s", "312 TFLOP/s"),
        (2.4573e11, "parameter", "245.7 billion parameters"),
        (1, "chip", "1 chip"),
        (5e12, "byte", "5 TB"),
        (4.6332e12, "J", "1287 MWh"),
        (552100, "kg", "552.1 t"),
        (0.448, "fraction", "44.8 %"),
        (11, "ratio", "11"),
        (1000, "USD", "1000 USD"),
    ],
)
def test_value_in_a_base_unit_as_a_reader_would_say_it(value: float, unit: str, text: str) -> None:
    assert readable(value, unit) == text
