"""Energy, carbon, money and uncertainty."""

import numpy as np
import pint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.formulas import footprint
from helpers.formulas.uncertainty import log_parameters, sample, summarise


def test_gpt3_of_patterson():
    """arXiv:2104.10350, table 4: 10,000 V100, 14.8 days, 330 W, PUE 1.10: 1287 MWh; 0.429 kg/kWh: 552 t."""
    joule = footprint.energy_j(10_000, 14.8 * 86_400, 330, pue=1.10)
    kwh = footprint.energy_kwh(joule)
    assert kwh / 1e3 == pytest.approx(1287, rel=0.005)
    assert footprint.carbon_kg(kwh, 0.429) / 1e3 == pytest.approx(552, rel=0.005)


def test_dimensions():
    units = pint.UnitRegistry()
    joule = footprint.energy_j(8, 3600 * units.s, 400 * units.W, 1.1, 1.1)
    assert joule.to("J").magnitude == pytest.approx(8 * 3600 * 400 * 1.21)


def test_money():
    assert footprint.rent(1024, 3600, 2.0) == 2048.0
    assert footprint.amortised_purchase(10, footprint.DEFAULT_LIFETIME_S, 30_000) == 300_000


def test_lognormal_from_a_range():
    drawn = sample({"x": (2.0, 8.0)}, 200_000, seed=1)
    low, median, high = np.quantile(drawn["x"], [0.05, 0.5, 0.95])
    assert (low, median, high) == pytest.approx((2, 4, 8), rel=0.02)
    assert log_parameters(1.0, 1.0) == (0.0, 0.0)


def test_propagation_of_a_product_is_exact():
    """ln(x·y) has the sum of the variances: shares 1/5 and 4/5 for spreads 1 and 2."""
    drawn = sample({"x": (0.5, 2.0), "y": (0.25, 4.0)}, 200_000, seed=3)
    result = summarise(drawn["x"] * drawn["y"], drawn)
    assert result.shares["x"] == pytest.approx(0.2, abs=0.01)
    assert result.shares["y"] == pytest.approx(0.8, abs=0.01)
    assert result.middle == pytest.approx(1.0, rel=0.02)
    assert np.log(result.high_90) == pytest.approx(np.hypot(np.log(2), np.log(4)), rel=0.02)


def test_seeded_and_independent_of_other_inputs():
    one = sample({"x": (1.0, 2.0)}, 10, seed=5)["x"]
    two = sample({"a": (1.0, 9.0), "x": (1.0, 2.0)}, 10, seed=5)["x"]
    assert np.array_equal(one, two)
    assert not np.array_equal(one, sample({"x": (1.0, 2.0)}, 10, seed=6)["x"])


@given(st.floats(1, 1e5), st.floats(1, 1e8), st.floats(1, 1e4), st.floats(1, 3))
def test_energy_is_linear(chips, seconds, watt, pue):
    base = footprint.energy_j(chips, seconds, watt, pue=pue)
    assert footprint.energy_j(2 * chips, seconds, watt, pue=pue) == pytest.approx(2 * base)
    assert footprint.energy_j(chips, 2 * seconds, watt, pue=pue) == pytest.approx(2 * base)
    assert base >= chips * seconds * watt * 0.999999
