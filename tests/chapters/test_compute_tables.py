"""Two runs side by side: the same accounting for both, and the published numbers of the headline."""

import pytest

from helpers.chapters.compute_tables import (
    ShareOfPeak,
    efficiency_readings,
    implied_table,
    like_for_like,
    pace,
    tokens_for_equal_compute,
)
from helpers.chapters.summary_tables import press_pair
from helpers.ledger.intervals import Interval, number_interval
from helpers.ledger.system_runs import PublishedRun, find_run
from helpers.ledger.tables import Tables
from helpers.ledger.verdicts import Strength

PFDAY = 8.64e19


def run(name: str, params: float, tokens: float, flop: float, *shape: float) -> PublishedRun:
    numbers: list[Interval] = [number_interval(f"{value:.6e}") for value in (params, tokens, flop)]
    return PublishedRun(name, name.capitalize(), *numbers, Strength.STRONG, "", *shape)


# In petaFLOP/s-days: alpha 100 on 6ND; beta has twice the parameters, half the tokens, and prints 8ND.
ALPHA = run("alpha", 1e11, 100 * PFDAY / 6e11, 100 * PFDAY)
BETA = run("beta", 2e11, 50 * PFDAY / 6e11, 100 * PFDAY * 8 / 6)


def test_both_runs_in_every_convention_with_the_published_figures_marked() -> None:
    rows = like_for_like(ALPHA, BETA).set_index("convention")
    assert list(rows.index) == ["6ND", "8ND"]
    for convention, days, published in (("6ND", 100, "Alpha"), ("8ND", 400 / 3, "Beta")):
        row = rows.loc[convention]
        assert row["first_pfday"] == pytest.approx(days)
        assert row["second_pfday"] == pytest.approx(days)
        assert row["ratio"] == pytest.approx(1)
        assert row["published"] == published


def test_convention_that_one_run_cannot_be_computed_in_is_left_out() -> None:
    shaped = run("gamma", 1e11, 1e11, 6e22, 10, 1000, 2000)
    assert len(like_for_like(shaped, shaped)) == 4
    assert len(like_for_like(shaped, ALPHA)) == 2


def test_press_pair_shows_what_was_printed_then_both_conventions() -> None:
    rows = press_pair(ALPHA, BETA)
    assert list(rows["label"]) == [
        "as printed\n(6 and 8 operations)",
        "both at\n6 operations",
        "both at\n8 operations",
    ]
    assert list(rows["first_pfday"]) == pytest.approx([100, 100, 400 / 3])
    assert list(rows["second_pfday"]) == pytest.approx([400 / 3, 100, 400 / 3])


def test_implied_table_names_a_convention_only_where_one_fits() -> None:
    odd = run("odd", 1e11, 1e11, 7e22)
    rows = implied_table([ALPHA, BETA, odd]).set_index("system_id")
    assert list(rows["fits"]) == ["6ND", "8ND", "none"]
    assert list(rows["k"]) == pytest.approx([6, 8, 7], rel=1e-5)
    assert (rows["k_low"] < rows["k"]).all()
    assert (rows["k"] < rows["k_high"]).all()


def test_readings_of_efficiency_disagree_when_conventions_do() -> None:
    """Beta reads half the tokens of alpha, prints 8ND, and uses its chips as well as alpha does on 6ND."""
    readings = efficiency_readings(BETA, ALPHA, ShareOfPeak(0.4, 0.3), ShareOfPeak(0.3, 0.3)).set_index("reading")
    gains = {
        "Parameters per PD, as printed": 1.5,  # 2 / (8/6)
        "Parameters per PD, both on 6ND": 2.0,
        "FLOP per parameter and token": 0.75,  # more of them is worse
        "Share of peak used, as printed": 4 / 3,
        "Share of peak used, both on 6ND": 1.0,
    }
    assert {reading: readings.loc[reading, "gain"] for reading in gains} == pytest.approx(gains, rel=1e-5)
    assert set(readings.index) == set(gains)


def test_tokens_that_would_make_the_compute_equal() -> None:
    """Beta has twice the parameters, so it takes half of alpha's tokens."""
    assert tokens_for_equal_compute(BETA, ALPHA) == pytest.approx(ALPHA.tokens.middle / 2)


def test_pace_asks_no_more_of_a_chip_than_its_peak(real_tables: Tables) -> None:
    """The table has no memory bandwidth of this one."""
    yuan = find_run(real_tables, "yuan-1-0")
    found = pace(real_tables, yuan, 16.0, "kunlun-p800")
    assert found.flop_per_s_per_chip == pytest.approx(4095 * PFDAY / (2128 * 16 * 86400), rel=1e-3)
    assert found.share_of_peak == found.flop_per_s_per_chip / found.peak_flop_per_s


def test_headline_of_the_projects_own_tables(real_tables: Tables) -> None:
    """3072 against 3640 petaFLOP/s-days on 6ND, 4095 against 4850 on 8ND."""
    rows = like_for_like(find_run(real_tables, "yuan-1-0"), find_run(real_tables, "gpt-3")).set_index("convention")
    days = rows[["first_pfday", "second_pfday"]].round(0)
    assert tuple(days.loc["6ND"]) == (3072, 3640)
    assert tuple(days.loc["8ND"]) == (4095, 4850)  # 8 * 1.746e11 * 3e11: with the 174.6 billion of Table D.1
