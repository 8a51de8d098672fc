"""Published whole runs against the time model: each predicted without its own source."""

from datetime import date

import numpy as np
import pytest

from helpers.formulas.hardware import lookup
from helpers.rows import read_rows
from helpers.scenarios.scenario import read_scenario
from helpers.scenarios.whole_run import (
    LIKE,
    MOVED_WIDTH,
    PUBLISHED,
    practice,
    published_scenario,
    read_practice,
    read_shares,
    shares_of,
    steps_of,
)  # fmt: skip

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


@pytest.fixture(scope="module")
def off():
    """Logarithms by which the page's way of moving a share to another accelerator or precision is off on other models."""
    found = {}
    for name, kind, at in (("llama-3-1-405b", "dense", "h100-sxm5-80gb"), ("gpt-oss-120b", "mixture", "h100-sxm5-80gb"),
                           ("qwen3-235b-a22b", "mixture", "h100-sxm5-80gb")):  # fmt: skip
        scenario, shares = read_scenario(name), read_shares()[kind]
        own = shares_of(scenario, lookup(at))["bf16"]
        for chip in ("a100-sxm4-80gb", "h200", "b200", "gb200-nvl72", "mi300x", "tpu-v5p"):
            for precision, share in shares_of(scenario, lookup(chip)).items():
                found[name, chip, precision] = np.log(
                    own * shares[lookup(chip).name][precision] / shares[at]["bf16"] / share
                )
    return found


def test_a_share_moved_by_a_like_model_is_as_sure_as_the_page_says(off):
    assert len(off) > 30
    assert np.quantile(np.abs(list(off.values())), 0.9) <= MOVED_WIDTH * 1.15


@pytest.mark.parametrize("kind", list(LIKE))
def test_kept_shares_are_those_of_the_time_model(kind):
    for chip in ("h100-sxm5-80gb", "b200"):
        assert read_shares()[kind][chip] == pytest.approx(shares_of(read_scenario(LIKE[kind]), lookup(chip)), rel=0.01)
