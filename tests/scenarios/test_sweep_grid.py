"""Grids: every row is the scenario that its place says, whatever stretch it is asked for in."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.scenarios.solving import evaluate
from tests.scenarios.sweeps import CHIPS, COMMON, small_grid


def test_rows_are_every_combination_in_order_and_equal_evaluate() -> None:
    grid = small_grid()
    columns = grid.columns(0, grid.rows)
    expected = [(c, p, n) for c in range(2) for p in (1e9, 1e11) for n in (8.0, 16.0, 24.0)]
    assert list(zip(columns["accelerator"], columns["params"], columns["count"], strict=True)) == expected
    for row, (chip, params, count) in enumerate(expected):
        own = evaluate("days", **COMMON, **CHIPS["AB"[chip]], active_params=params, count=count)
        assert columns["days"][row] == own["days"]
        assert columns["cost_usd"][row] == own["cost_usd"]


@given(st.data())
def test_any_stretch_is_a_slice_of_the_whole(data: st.DataObject) -> None:
    grid = small_grid(samples=7, seed=3)
    start = data.draw(st.integers(0, grid.rows))
    stop = data.draw(st.integers(start, grid.rows))
    whole, part = grid.columns(0, grid.rows), grid.columns(start, stop)
    for name in grid.names:
        assert np.array_equal(part[name], whole[name][start:stop])


def test_draws_have_the_stated_range_and_are_the_same_for_every_combination() -> None:
    grid = small_grid(samples=100_000)  # more than one stream of random numbers
    columns = grid.columns(0, 200_000)
    first, second = columns["pue"][:100_000], columns["pue"][100_000:]
    assert np.array_equal(first, second)
    assert np.quantile(first, [0.05, 0.95]) == pytest.approx([1.1, 1.5], rel=0.003)
    assert not np.array_equal(first[:30_000], first[65_536:95_536])


def test_key_changes_with_whatever_changes_a_row() -> None:
    grid = small_grid(samples=7)
    assert grid.key == small_grid(samples=7).key
    assert len({grid.key, small_grid(samples=8).key, small_grid(samples=7, seed=1).key, small_grid().key}) == 4
