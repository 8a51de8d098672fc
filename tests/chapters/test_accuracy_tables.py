"""Summaries of the accuracy chapter: held-out figures, sources, splits, peers, misses, where the seconds go."""

import json
from dataclasses import replace

import numpy as np
import pytest

from helpers.chapters.accuracy_record import modern_table, predictor_table
from helpers.chapters.accuracy_seconds import (
    EXAMPLES,
    MEANINGS,
    SECONDS_PARTS,
    by_hand_table,
    constant_table,
    run_label,
    seconds_table,
    software_by,
)
from helpers.chapters.accuracy_tables import (
    SUBJECTS,
    WORDS,
    far_off,
    miss_table,
    offset_table,
    peer_table,
    reduced_table,
    run_table,
    source_names,
    source_table,
    split_table,
)
from helpers.errors import DataProblem, Problem
from helpers.paths import RAW
from helpers.timing import held_out
from helpers.timing.calibration import DEVIATIONS, PRIORS, constants
from helpers.timing.performance import step_s
from helpers.timing.prediction_intervals import HELD_OUT_FILE
from helpers.timing.published_runs import observations, traits
from helpers.timing.runs import job_of


@pytest.fixture(scope="module")
def found():
    return observations()


@pytest.fixture(scope="module")
def kept(found):
    return held_out.read_held_out(found)


@pytest.fixture(scope="module")
def runs(found, kept):
    return run_table(found, kept)


@pytest.mark.slow
def test_kept_predictions_are_what_the_code_produces(found):
    """`python -m helpers.timing.held_out` writes what is shipped."""
    fresh, shipped = held_out.compute(found), json.loads(HELD_OUT_FILE.read_text(encoding="utf-8"))
    assert [row[:3] for row in fresh["runs"]] == [row[:3] for row in shipped["runs"]]
    for one, other in zip(fresh["runs"], shipped["runs"], strict=True):
        assert one[3:] == pytest.approx(other[3:], abs=2e-3), one[1]
    for name, figures in shipped["splits"].items():
        assert fresh["splits"][name] == pytest.approx(figures, abs=2e-3), name


def test_kept_predictions_belong_to_the_tables(found):
    changed = [*found[:-1], replace(found[-1], step_s=2 * found[-1].step_s)]
    with pytest.raises(DataProblem, match=r"held_out\.json, run .*python -m helpers\.timing\.held_out"):
        held_out.read_held_out(changed)
    with pytest.raises(DataProblem, match=f"it has {len(found)} runs, the tables {len(found) - 1}"):
        held_out.read_held_out(found[:-1])


def test_a_run_that_two_sources_tell_counts_once(found):
    """BLOOM stands in both tables, and PaLM's paper restates MT-NLG: neither may be on both sides of a split."""
    sources: dict[object, set[str]] = {}
    for one in found:
        sources.setdefault(traits(one.run), set()).add(one.source)
    assert {len(told_by) for told_by in sources.values()} == {1}
    assert [o.run.run_id for o in found].count("bloom-176B") == 1
    assert "mtnlg-2240-palm" not in [o.run.run_id for o in found]


def test_every_run_has_its_source_prediction_and_interval(found, runs):
    assert list(runs["run_id"]) == [o.run.run_id for o in found]
    assert not runs.isna().any().any()
    assert (runs["low_90"] < runs["predicted_s"]).all()
    assert (runs["predicted_s"] < runs["high_90"]).all()
    assert list(runs["inside"]) == list(
        (runs["low_90"] <= runs["published_s"]) & (runs["published_s"] <= runs["high_90"])
    )
    assert np.allclose(runs["predicted_s"] / runs["published_s"] - 1, runs["error"], atol=1e-5)
    assert runs["fitted_error"].abs().median() < runs["error"].abs().median() < runs["baseline_error"].abs().median()


def test_sources_add_up(runs):
    table = source_table(runs, {"narayanan2021": "Narayanan 2021"})
    assert table["runs"].iloc[:-1].sum() == table["runs"].iloc[-1] == len(runs)
    assert table["runs"].iloc[:-1].is_monotonic_decreasing
    assert "Narayanan 2021" in set(table["source"])
    assert (table["median"] <= table["p90"]).all()
    assert (table["p90"] <= table["worst"]).all()
    assert table["covered"].iloc[-1] == pytest.approx(runs["inside"].mean(), abs=1e-5)


def test_what_was_held_out(runs, kept):
    table = split_table(runs, kept)
    assert list(table["runs"]) == [32, 108, 32, 108, 303, 24]
    half = table.loc["megatron_half"]
    assert (half["median"], half["p90"], half["worst"]) < (0.038, 0.085, 0.115)
    assert (table.loc[["megatron_half", "sharded_half"], "covered"] >= 0.85).all()
    assert half["half_width"] < 0.25


def test_better_than_every_peer(runs, kept):
    table = peer_table(runs, kept)
    own, others = table.iloc[0], table.iloc[2:]
    for figure in ("median", "p90", "worst"):
        assert own[figure] < others[figure].min()
    rule = table[table["method"].str.startswith("6·N·D")].iloc[0]
    assert rule["median"] == pytest.approx(0.178, abs=0.005)  # as measured by others on the same runs
    assert rule["worst"] == pytest.approx(0.388, abs=0.005)
    assert set(table["how"]) == {"fitted, held out", "nothing fitted", "as shipped"}


def test_misses_are_named_with_reasons(found, runs):
    table = miss_table(found, runs, {}, 0.4)
    assert table["error"].abs().is_monotonic_decreasing
    assert (table["error"].abs() > 0.4).all()
    assert (table["why"] == "Not known.").mean() < 0.5
    assert not table["why"].str.contains("{", regex=False).any()
    assert miss_table(found, runs, {}, 10.0).empty


def test_a_reason_that_names_an_input_explains_most_of_the_miss(found, runs):
    from helpers.chapters.accuracy_tables import changed_error

    named = [(run, reason) for reason in WORDS["reasons"] if "changed" in reason for run in reason["runs"]]
    assert named
    for run, reason in named:
        o = next(o for o in found if o.run.run_id == run)
        before = runs.loc[runs["run_id"] == o.run.run_id, "fitted_error"].iloc[0]
        assert abs(changed_error(o, reason["changed"])) < abs(before) / 2


def test_each_constant_is_shown_with_its_spread():
    table = constant_table()
    assert set(MEANINGS) == set(PRIORS)
    assert len(table) == len(PRIORS) + len(DEVIATIONS)
    factors = table["fitted"] / table["prior"]  # a factor's spread goes with its size
    assert (table["fitted_spread"] <= 1.05 * table["prior_spread"] * np.maximum(factors, 1)).all()
    assert software_by()["deepspeed"] > 0 > software_by()["megascale"]


def test_the_seconds_add_up(found):
    names = list(dict.fromkeys(o.run.run_id for o in found))
    table = seconds_table(found, names)
    shares = table.pivot(index="run_id", columns="part", values="share")
    assert list(table["part"].unique()) == list(SECONDS_PARTS)
    assert np.allclose(shares.sum(axis=1), 1, atol=1e-4)
    whole = shares.drop(index=[o.run.run_id for o in found if o.run.layout["adapters"]])
    faster = whole.pop("waits and software")  # where software beats the formula, it gives time back
    assert (whole > -1e-9).all().all()
    assert (faster > -0.15).all()
    one = next(o for o in found if o.run.run_id == "readme-175B-1024")
    seconds = table[table["run_id"] == "readme-175B-1024"]["seconds"].sum()
    assert seconds == pytest.approx(step_s(job_of([one.run]), constants())[0], rel=1e-4)
    assert shares.loc["readme-175B-1024", "bubble"] > 0
    assert shares.loc["mosaic-a100_80gb-bf16-70b-s2048-n32", "bubble"] == 0
    assert run_label(one) == "175B on 1024 A100"


def test_one_run_by_hand(found):
    """Items of a step add up, and with the factor of the software they are what the model predicts."""
    for name in EXAMPLES:
        one = next(o for o in found if o.run.run_id == name)
        table = by_hand_table(one)
        items = table.drop(index=["sum", "predicted"])
        assert items["seconds"].sum() == pytest.approx(table.loc["sum", "seconds"], rel=1e-4)
        assert table.loc["predicted", "seconds"] == pytest.approx(step_s(job_of([one.run]), constants())[0], rel=1e-4)
        assert (items["how"] != "").all()
    readme = by_hand_table(next(o for o in found if o.run.run_id == "readme-175B-1024"))
    assert readme.loc["backward", "seconds"] == pytest.approx(2 * readme.loc["forward", "seconds"], rel=0.15)
    assert "192 micro-batches through the 6 layers" in readme.loc["forward", "how"]  # 1536 / 8 copies; 96 / 16 stages


def test_groups_shift_and_runs_far_off(runs):
    """What an oracle takes away is the middle of a group; nothing is left of a group whose runs are all off alike."""
    offsets = offset_table(runs)
    assert list(offsets.index) == ["all", "a100", "megatron", "sharded a100", "sharded h100"]
    assert (offsets["told_median"] < offsets["median"]).all()
    alike = runs.assign(error=0.25)
    assert offset_table(alike)["told_p90"].max() == pytest.approx(0, abs=1e-9)
    assert offset_table(alike)["shift"].tolist() == pytest.approx([0.25] * 5)
    assert far_off(runs).loc["bloomberggpt-50B", "words"].startswith("BloombergGPT (−")


def test_an_unknown_run_is_refused(found):
    with pytest.raises(Problem, match="mtnlg-280dgx"):
        seconds_table(found, ["mtnlg-280dgy"])


def test_the_reduced_model_by_sources_it_has_not_seen():
    whole = reduced_table(RAW).loc["run"]
    assert whole["sources"] >= 10
    assert whole["median"] < 0.3
    assert whole["covered"] > 0.8


def test_names_of_sources():
    references = {
        "touvron2023": {"author": "Touvron, Hugo and others", "year": "2023"},
        "mosaicml2025llm-foundry": {"author": "MosaicML", "year": "2025"},
        "silent": {"title": "Untitled"},
    }
    assert source_names(references) == {
        "touvron2023": "Touvron 2023, LLaMA",
        "mosaicml2025llm-foundry": "MosaicML 2025, llm-foundry",
        "silent": "silent",
    }


def test_every_source_of_a_run_has_a_subject(runs):
    assert set(runs["source_id"]) == set(SUBJECTS)


def test_runs_of_today_by_chips_precision_and_kind(found, runs):
    """Every modern run in one row, and in one of the sums; the goals missed are missed in the open."""
    table = modern_table(found, runs)
    total = sum(o.is_modern for o in found)
    assert table.loc["all", "runs"] == total
    assert table.drop(index=["all", "dense", "mixture", "tpu"])["runs"].sum() == total
    assert table.loc["all", "covered"] == pytest.approx(0.9, abs=0.05)
    assert table.loc[["dense", "mixture", "tpu"], "covered"].min() > 0.8
    assert table.loc["dense", "fitted_median"] < 0.07
    assert table.loc["mixture", "fitted_median"] < 0.15
    assert table.loc["tpu", "fitted_median"] < 0.11
    assert {"blackwell 8 mixture", "hopper 8 dense", "blackwell 4 dense", "tpu 16 dense"} <= set(table.index)


def test_what_others_publish():
    table = predictor_table()
    assert list(table.columns) == ["name", "accuracy", "runs", "measured"]
    assert "Charon (arXiv:2605.17164)" in set(table["name"])
