"""The grade as a function of an assumption is what `judge` says, wherever the assumption is moved to."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from helpers.ledger import checks
from helpers.ledger.flips import Assumption, assumptions, grades_of, turns
from helpers.ledger.intervals import Interval
from helpers.ledger.judgement import judge_claim, row_interval
from helpers.ledger.system_runs import physical_limits
from helpers.ledger.tables import Tables
from helpers.ledger.verdicts import Grade, judge


@pytest.fixture(scope="module")
def found(real_tables: Tables) -> list[Assumption]:
    return assumptions(real_tables)


def claim_of(tables: Tables, claim_id: str) -> dict[str, Any]:
    claims = tables["claims"]
    return dict(claims[claims["claim_id"] == claim_id].iloc[0])


def moved(tables: Tables, name: str, factor: float) -> Tables:
    """The dataset as it would be if one figure were `factor` times as large."""
    evidence = tables["evidence"].copy()
    evidence.loc[evidence["evidence_id"] == name, ["low", "high"]] *= factor
    return Tables({**tables.frames, "evidence": evidence}, tables.references)


def test_power_of_gpt3s_chips_and_the_peak_of_the_v100_turn_verdicts(found: list[Assumption]) -> None:
    by_quantity = {(a.system, a.quantity): a for a in found}
    power = by_quantity["GPT-3", "power per chip"].dependences[0]
    assert power.claim_id == "004-m6-energy"
    assert power.at(330) is Grade.MISLEADING
    assert power.at(1100) is Grade.WRONG
    peak = by_quantity["V100", "peak flop per s"].dependences[0]
    assert peak.at(125e12) is Grade.INACCURATE
    assert peak.at(140e12) is Grade.WRONG


def test_efficiency_rests_on_no_number_of_tokens(found: list[Assumption], real_tables: Tables) -> None:
    """From a twentieth of the tokens to the most that the published compute could be spent on, it stays misleading."""
    assert "training tokens" not in {a.quantity for a in found}
    claims = ("000-yuan-efficiency-gain", "002-yuan-efficiency-up", "002-heading-efficiency-up")
    row = real_tables.evidence_rows["yuan-1-0.training_tokens.wu2021yuan"]
    most = physical_limits(real_tables, row).high
    assert most == pytest.approx(3.53808e23 / (6 * 2.4573e11))
    for tokens in (9e9, 180e9, 225e9, 240e9, most):
        changed = real_tables["evidence"].copy()
        changed.loc[changed["evidence_id"] == row["evidence_id"], "value"] = f"{tokens:.6e}"
        tables = Tables({**real_tables.frames, "evidence": changed}, real_tables.references)
        for name in claims:
            assert judge_claim(tables, claim_of(tables, name))["grade"] == "misleading"


def test_sliders_stop_where_physics_does(found: list[Assumption], real_tables: Tables) -> None:
    for assumption in found:
        limits = physical_limits(real_tables, real_tables.evidence_rows[assumption.evidence_id])
        assert limits.low <= assumption.low < assumption.high <= limits.high


def test_where_nothing_is_moved_the_grade_is_the_verdict(found: list[Assumption], real_tables: Tables) -> None:
    for assumption in found:
        for dependence in assumption.dependences:
            verdict = judge_claim(real_tables, claim_of(real_tables, dependence.claim_id))
            assert dependence.at(assumption.value).value == verdict["grade"]


def test_grade_is_that_of_judge_on_a_dense_grid(found: list[Assumption], real_tables: Tables) -> None:
    """Thousands of points and both sides of each turn, so that no band of grades is passed over."""
    for assumption in found:
        for dependence in assumption.dependences:
            grade = grades_of(real_tables, claim_of(real_tables, dependence.claim_id))[assumption.evidence_id]
            grid = np.geomspace(assumption.low, assumption.high, 4001)[1:-1]
            beside = [t * nudge for t in dependence.turns for nudge in (1 - 1e-12, 1 + 1e-12)]
            for value in (*map(float, grid), *beside):
                assert dependence.at(value) is grade(value), (dependence.claim_id, value)


@pytest.mark.slow
def test_grade_is_that_of_a_dataset_in_which_the_figure_is_otherwise(
    found: list[Assumption], real_tables: Tables
) -> None:
    """The long way round, through the tables: for derived claims, since runs are read from the printed value."""
    checked = 0
    for assumption in found:
        for dependence in assumption.dependences:
            claim = claim_of(real_tables, dependence.claim_id)
            for value in np.geomspace(assumption.low * 1.001, assumption.high * 0.999, 25):
                tables = moved(real_tables, assumption.evidence_id, float(value) / assumption.value)
                finding = checks.examine(tables, claim)
                assert dependence.at(float(value)) is judge(claim["check"], row_interval(claim), finding).grade
                checked += 1
    assert checked >= 75, checked


def test_assumption_reaches_beyond_every_turn(found: list[Assumption]) -> None:
    assert found
    for assumption in found:
        assert assumption.low < assumption.value < assumption.high
        for dependence in assumption.dependences:
            assert dependence.turns
            assert list(dependence.turns) == sorted(dependence.turns)
            assert all(assumption.low < turn < assumption.high for turn in dependence.turns)
            assert len(dependence.grades) == len(dependence.turns) + 1


def test_a_turn_is_found_to_the_last_bit() -> None:
    def grade(value: float) -> Grade:
        return Grade.WRONG if value >= math.pi else Grade.CLOSE

    (turn,) = turns(grade, 1.0, Interval(0.1, 10.0))
    assert turn == math.pi


def test_claims_that_rest_on_the_makers_own_words_have_no_assumption(real_tables: Tables) -> None:
    claim: Mapping[str, Any] = claim_of(real_tables, "000-yuan-efficiency-gain")
    assert grades_of(real_tables, claim) == {}
    compute = claim_of(real_tables, "000-yuan-compute")
    assert grades_of(real_tables, compute) == {}  # parameters and tokens, though read in a quotation, are the makers'
