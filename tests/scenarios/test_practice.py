"""Published whole runs against the time model: each predicted without its own source."""

from datetime import date

import numpy as np
import pytest

from helpers.rows import read_rows
from helpers.scenarios.whole_run import PUBLISHED, practice, published_scenario, read_practice, steps_of

ROWS = {row["run_id"]: row for row in read_rows(PUBLISHED)}


def test_every_row_is_a_scenario_and_is_kept():
    assert [run.run_id for run in read_practice()] == list(ROWS)
    assert all(published_scenario(row).given for row in ROWS.values())


@pytest.mark.parametrize("name", ["llama-2-70b", "deepseek-v3", "phi-4"])
def test_kept_hours_are_those_of_the_time_model(name):
    scenario = published_scenario(ROWS[name])
    kept = next(run for run in read_practice() if run.run_id == name)
    assert steps_of(scenario).middle == pytest.approx(kept.steps_chip_hours, rel=1e-3)


def test_left_out_runs_lie_within_their_intervals_nine_times_in_ten():
    runs = read_practice()
    error = np.array([run.predicted.middle / run.chip_hours - 1 for run in runs])
    inside = [run.predicted.low_90 <= run.chip_hours <= run.predicted.high_90 for run in runs]
    assert 0.85 <= np.mean(inside) <= 0.95
    assert np.median(np.abs(error)) < 0.2


def test_runs_of_today_lose_less_than_those_before_2023():
    assert 1 < practice().middle < practice(date(2022, 6, 1)).middle
    assert practice(date(2026, 1, 1)) == practice()
