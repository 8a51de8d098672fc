"""Answers: known runs, ranges, obstacles, comparisons, and one set of numbers whichever way the scenario came in."""

import math
import re

import pytest

from helpers.chapters.scenario_tables import figure_table, input_table, layout_table, rival_table, share_table
from helpers.errors import Problem
from helpers.language import using
from helpers.scenarios.answer import answer
from helpers.scenarios.fit import fit_of, whole
from helpers.scenarios.inputs import figures_of, inputs_of
from helpers.scenarios.operations import interrupted
from helpers.scenarios.scenario import from_mapping, from_parameters, read_scenario, scenario_names
from helpers.scenarios.solving import SOLVED, evaluate
from helpers.scenarios.telling import lines, paragraph
from helpers.scenarios.whole_run import practice, settled
from helpers.scenarios.wording import amount, spread


def middle(result, name):
    return result.figures[name].middle


def test_gpt3_as_published():
    """3640 PF-days (arXiv:2005.14165, table D.1); 14.8 days, 1287 MWh, 552 t (arXiv:2104.10350, table 4)."""
    result = answer(read_scenario("gpt-3").changed({"utilisation": 24.6 / 125}, "test"))
    assert middle(result, "petaflop_s_day_6nd") == pytest.approx(3640, abs=5)
    assert middle(result, "days") == pytest.approx(14.8, abs=0.05)
    assert middle(result, "energy_kwh") == pytest.approx(1.287e6, rel=2e-3)
    assert middle(result, "carbon_kg") == pytest.approx(552_100, rel=2e-3)
    assert result.possible


def test_yuan_as_published():
    """4095 PF-days with recomputation (arXiv:2110.04725, table 9), on the accounting of GPT-3 a quarter less."""
    result = answer(read_scenario("yuan-1-0"))
    assert middle(result, "petaflop_s_day_8nd") == pytest.approx(4095, abs=1)
    assert middle(result, "petaflop_s_day_6nd") == pytest.approx(4095 * 3 / 4, abs=1)
    reference = next(rival for rival in result.rivals if rival.name == "gpt-3")
    assert reference.ratio == pytest.approx(4095 * 0.75 / 3640, rel=2e-3)


def test_other_published_runs():
    """Megatron 1T: 84 days (arXiv:2104.04473, 5.1). T5-11B: 20 days, 85.7 MWh; GLaM: 456 MWh (arXiv:2112.06905)."""
    assert middle(answer(read_scenario("megatron-1t")), "days") == pytest.approx(84, abs=0.5)
    t5 = answer(read_scenario("t5-11b"))
    assert t5.figures["days"].low_90 < 20 < t5.figures["days"].high_90
    assert t5.figures["energy_kwh"].low_90 < 85_700 < t5.figures["energy_kwh"].high_90
    glam = answer(read_scenario("glam")).figures["energy_kwh"]
    assert glam.low_90 < 456_000 < glam.high_90


@pytest.mark.parametrize("name", scenario_names())
def test_every_shipped_scenario_is_answered(name):
    result = answer(read_scenario(name))
    assert result.solved.known
    assert result.solved.low_90 <= result.solved.middle <= result.solved.high_90
    assert middle(result, "days") > 0
    assert all("\n" not in line for line in lines(result))
    assert result.scenario.title in paragraph(result)
    assert len(figure_table(result)) > 10
    assert set(input_table(result)["input"]) >= {"utilisation", "peak rate"}


@pytest.mark.parametrize("name", scenario_names())
def test_middle_is_evaluate_at_the_middle_of_the_inputs(name):
    inputs = inputs_of(read_scenario(name))
    wanted = evaluate(inputs.solve_for, **inputs.numbers)
    for key, figure in figures_of(inputs).items():
        assert figure.middle == pytest.approx(wanted[key], rel=0, abs=0, nan_ok=True)


def test_three_ways_in_give_the_same_numbers(tmp_path):
    """A file, parameters of the notebook, and fields as the sliders hold them."""
    path = tmp_path / "new.toml"
    path.write_text(
        'params = 13e9\ntokens = 2e12\naccelerator = "H200"\ncount = 256\npue = 1.2\nutilisation = [0.3, 0.5]\n'
    )
    by_file = answer(read_scenario(path))
    changes = {"scenario": str(path), "params": 13e9, "ranges": "utilisation = [0.3, 0.5]"}
    by_parameters = answer(from_parameters(changes))
    inputs = inputs_of(read_scenario(path))
    by_sliders = evaluate("days", **inputs.numbers)
    assert by_file.figures == by_parameters.figures
    assert {name: figure.middle for name, figure in by_file.figures.items()} == pytest.approx(
        by_sliders, rel=0, nan_ok=True
    )


def test_ranges_are_carried_through_and_blamed():
    base = {
        "params": 7e9,
        "tokens": 2e11,
        "count": 64,
        "price_per_chip_hour_usd": 2,
        "utilisation": 0.4,
        "power_factor": 1,
    }
    still = answer(from_mapping(base))
    assert not still.figures["days"].shares
    assert share_table(still).empty
    result = answer(from_mapping({**base, "utilisation": [0.3, 0.5], "price_per_chip_hour_usd": [1, 4]}))
    days, cost = result.figures["days"], result.figures["cost_usd"]
    assert days.low_90 == pytest.approx(still.figures["days"].middle * 0.4 / 0.5, rel=0.02)
    assert days.high_90 == pytest.approx(still.figures["days"].middle * 0.4 / 0.3, rel=0.02)
    assert days.driver == "utilisation"
    assert cost.driver == "price_per_chip_hour_usd"
    assert cost.shares["price_per_chip_hour_usd"] + cost.shares["utilisation"] == pytest.approx(1, abs=0.02)
    assert result.figures["training_flop"].shares == {}
    assert figures_of(result.inputs) == result.figures


def test_share_of_peak_left_open_is_that_of_the_best_layout_over_a_whole_run():
    result = answer(from_mapping({"accelerator": "A100"}))
    assert 0.3 < result.inputs.numbers["utilisation"] < 0.6
    assert result.figures["days"].low_90 < middle(result, "days") < result.figures["days"].high_90
    assert middle(result, "days") > result.fit.step_days.middle  # restarts, evaluation, checkpoints


def test_share_of_peak_without_an_architecture_is_that_of_published_whole_runs():
    mixture = {"params": 671e9, "active_params": 37e9, "accelerator": "A100", "count": 1024}
    result = answer(from_mapping(mixture))
    assert result.fit.step_days is None
    assert result.inputs.numbers["utilisation"] == pytest.approx(0.35, abs=0.1)
    assert "published" in result.inputs.origins["utilisation"]


def test_there_is_one_duration():
    """The days of the answer are those of the best layout's steps and what a run loses beside them."""
    result = answer(
        from_mapping({"params": 7e10, "tokens": 2e12, "accelerator": "H100", "count": 1024, "seq_len": 8192})
    )
    lost = interrupted(result.fit.best.chips) * practice().middle
    assert middle(result, "days") == pytest.approx(result.fit.step_days.middle * lost, rel=1e-3)
    assert answer(settled(result.scenario)).figures["days"] == result.figures["days"]
    for unknown, given in (("count", {"days": 30}), ("tokens", {"days": 30, "count": 1024})):
        known = {"params": 7e10, "accelerator": "H100", "solve_for": unknown, "seq_len": 8192, **given}
        found = answer(from_mapping({**known, **({"tokens": 2e12} if unknown == "count" else {})}))
        lost = interrupted(found.fit.best.chips) * practice().middle
        assert found.fit.step_days.middle * lost == pytest.approx(30, rel=0.1)  # accelerators are whole, sizes divide


def test_a_long_context_is_never_priced_as_a_short_one():
    base = {"params": 7e9, "tokens": 1e12, "accelerator": "H100", "count": 256, "price_per_chip_hour_usd": 2}
    mixture = {**base, "params": 6e10, "active_params": 7e9}
    for case in (base, mixture):
        short, long = (answer(from_mapping({**case, "seq_len": n})) for n in (4096, 131072))
        for name in ("days", "energy_kwh", "cost_usd", "carbon_kg"):
            assert middle(long, name) > 1.5 * middle(short, name), (case, name)


def test_the_published_run_is_shown_beside_its_prediction():
    shape = {"layers": 80, "hidden": 8192, "heads": 64, "kv_heads": 8, "ffn_hidden": 28672, "ffn_matrices": 3}
    known = {**shape, "vocab": 128256, "untied_logits": 1, "seq_len": 8192, "params": 70.6e9, "tokens": 15e12}
    result = answer(from_mapping({**known, "accelerator": "H100", "count": 8192}))
    assert result.published[0].title == "Llama 3.1 70B"
    assert "7 million accelerator-hours" in result.published[0].text
    assert result.figures["chip_hours"].low_90 < 7.0e6 < result.figures["chip_hours"].high_90


def test_what_was_assumed_is_said():
    result = answer(from_mapping({"params": 1e9}))
    assert result.notes[0] == "assumed, since not given: tokens 3e+11, count 1024, accelerator A100"
    shaped = answer(from_mapping({"layers": 32, "hidden": 4096, "heads": 32, "seq_len": 4096, "tokens": 1e12}))
    assert "vocab 51200, kv_heads 32, ffn_hidden 16384, ffn_matrices 2" in shaped.notes[0]
    assert not {"params", "seq_len"} & set(re.findall(r"\w+", shaped.notes[0]))


def test_parameters_that_are_not_given_are_those_of_the_architecture():
    """GPT-3 6.7B (arXiv:2005.14165, table D.1: 6,660 million parameters)."""
    shape = {"layers": 32, "hidden": 4096, "heads": 32, "vocab": 50257, "seq_len": 2048}
    assert middle(answer(from_mapping(shape)), "active_params") == pytest.approx(6.66e9, rel=0.005)


def test_a_precision_that_the_accelerator_has_no_rate_of_is_refused():
    with pytest.raises(Problem, match="precision: Ascend 910C has no rate of fp8 in the table"):
        from_mapping({"accelerator": "昇腾910C", "precision": "fp8"})


def test_does_not_fit():
    result = answer(from_mapping({"params": 175e9, "accelerator": "V100", "count": 8}))
    assert not result.possible
    assert "does not fit: the leanest layout needs" in result.obstacles[0]
    assert "(above all optimiser of layers " in result.obstacles[0]
    assert "fills 99 x V100 SXM2 32GB" in result.obstacles[0]
    assert middle(result, "days") > 0  # what it would take is still said
    assert "As it stands it cannot be done" in paragraph(result)


def test_no_sizes_multiply_out():
    found = answer(from_mapping({"params": 7e9, "accelerator": "A100", "count": 7001, "global_batch": 1}))
    assert "uses more than half of 7001 accelerators" in found.obstacles[0]


def test_fits_only_with_recomputation():
    tight = {"params": 13e9, "accelerator": "V100", "count": 16, "seq_len": 8192, "global_batch": 16}
    assert answer(from_mapping({**tight, "recompute": "full"})).possible
    result = answer(from_mapping({**tight, "recompute": "none"}))
    assert result.obstacles == ["does not fit with recompute = none; it does with selective"]
    assert {layout.recompute for layout in answer(from_mapping({**tight, "recompute": "full"})).fit.layouts} == {"full"}


def test_mixture_of_experts():
    result = answer(from_mapping({"params": 1.2e12, "active_params": 96.6e9, "accelerator": "TPU v4", "count": 1024}))
    assert result.possible
    assert layout_table(result).empty
    assert any("mixture of experts" in note for note in result.notes)
    assert middle(result, "training_flop") == pytest.approx(6 * 96.6e9 * 3e11)
    assert "1.2 trillion parameters, of which each token uses 96.6 billion" in paragraph(result)


def test_deadline_that_cannot_be_met():
    result = answer(from_mapping({"params": 70e9, "tokens": 2e12, "count": 64, "days": 30, "utilisation": 0.4}))
    fewest = 6 * 70e9 * 2e12 / (0.4 * 312e12 * 30 * 86_400)
    assert result.obstacles[0].startswith("the deadline of 30 days cannot be met with fewer than 2597 accelerators")
    assert whole(fewest) == 2597
    met = answer(from_mapping({"params": 70e9, "tokens": 2e12, "count": 2597, "days": 30, "utilisation": 0.4}))
    assert not any("deadline" in obstacle for obstacle in met.obstacles)


def test_budget_and_cluster_as_limits():
    base = {"params": 7e9, "tokens": 2e11, "utilisation": 0.4, "price_per_chip_hour_usd": 2}
    poor = answer(from_mapping({**base, "count": 64, "budget_usd": 100}))
    assert poor.obstacles[0].startswith("the budget of 100 US dollars is not enough: rent comes to 37,400 US dollars")
    small = answer(from_mapping({**base, "solve_for": "count", "days": 1, "count": 8}))
    assert small.obstacles[0].startswith("too few accelerators: 780 accelerators are needed, the scenario has 8")


def test_a_price_that_nobody_quotes_is_unknown():
    known = {"accelerator": "Gaudi 3", "date": "2025-01-01"}
    result = answer(from_mapping(known))
    assert result.possible
    assert math.isnan(middle(result, "cost_usd"))
    assert result.notes[0].startswith("no rent (on_demand) of gaudi3 is known")
    assert "what it costs to rent is not known" in paragraph(result)
    for unknown in ("tokens", "budget_usd"):
        asked = answer(from_mapping({**known, "solve_for": unknown, "budget_usd": 1e6}))
        assert asked.fit is None
        assert "no rent (on_demand) of gaudi3 is known" in asked.obstacles[0]


@pytest.mark.parametrize("unknown", SOLVED)
def test_each_unknown_is_solved_and_said(unknown):
    values = {"solve_for": unknown, "days": 30, "accelerator": "H100", "count": 64}
    values |= {name: v for name, v in {"params": 7e9, "tokens": 2e11}.items() if name != unknown}
    result = answer(from_mapping(values))
    assert amount(SOLVED[unknown], result.solved.middle) in paragraph(result)
    assert result.solved.high_90 > result.solved.low_90


def test_whole_cluster_is_searched_for_layouts():
    scenario = from_mapping({"params": 7e9, "accelerator": "A100"})
    fit = fit_of(scenario, inputs_of(scenario).accelerator, 7e9, 7e9, 2e11, 63.0000000001)
    assert all(layout.chips <= 63 for layout in fit.layouts)
    assert fit.step_days.low_90 < fit.step_days.middle < fit.step_days.high_90


SMALL = {"layers": 12, "hidden": 768, "heads": 12}


def test_architecture_of_another_model_is_refused():
    with pytest.raises(Problem, match=r"params: 7e[+]10, but the architecture has 1\.26e[+]08; accepted with it"):
        from_mapping({"params": 70e9, **SMALL, "count": 256})


def test_architecture_that_does_not_go_with_the_solution_is_left_aside():
    result = answer(from_mapping({"solve_for": "params", "tokens": 1e12, "days": 30, "count": 256, **SMALL}))
    assert any(
        note.startswith("the architecture given is left aside: its params come to 126 million, ")
        for note in result.notes
    )


def test_a_mixture_whose_architecture_does_not_add_up_says_which_number_differs():
    """DeepSeek-V3 without latent attention: the active parameters are counted a third too large."""
    shape = {"layers": 61, "hidden": 7168, "heads": 128, "head_dim": 128, "ffn_hidden": 2048, "ffn_matrices": 3}
    mixture = {"experts": 256, "active_experts": 9, "expert_layer_share": 0.95, "params": 671e9, "active_params": 37e9}
    result = answer(from_mapping({**shape, **mixture, "accelerator": "H800", "count": 2048}))
    assert any("its active_params come to" in note and "times the 37 billion stated" in note for note in result.notes)


def test_parameters_of_a_mixture_that_a_token_uses_follow_from_its_architecture():
    """Mixtral 8x7B: 46.7 billion parameters, 12.9 billion of them active (arXiv:2401.04088)."""
    shape = {"layers": 32, "hidden": 4096, "heads": 32, "kv_heads": 8, "ffn_hidden": 14336, "ffn_matrices": 3}
    mixture = {**shape, "vocab": 32000, "experts": 8, "active_experts": 2}
    result = answer(from_mapping({"params": 46.7e9, "tokens": 1e12, "accelerator": "H100", "count": 256, **mixture}))
    assert result.figures["active_params"].middle == pytest.approx(12.9e9, rel=0.01)
    assert result.fit.best is not None


def test_an_accelerator_described_by_its_data_sheet():
    sheet = {"peak_flop_per_s": 5e14, "memory_bytes": 96e9, "memory_bytes_per_s": 3e12}
    result = answer(from_mapping({"params": 7e9, "tokens": 140e9, "accelerator": "MyChip", "count": 64, **sheet}))
    assert result.inputs.numbers["peak_flop_per_s"] == 5e14
    assert result.fit.best is not None
    with pytest.raises(Problem, match="memory_bytes: needed for an accelerator that is not in the table"):
        from_mapping({"accelerator": "MyChip", "peak_flop_per_s": 5e14})


def test_comparison_with_the_systems_of_the_articles():
    result = answer(read_scenario("mt-nlg"))
    table = rival_table(result)
    assert table["training_flop"].is_monotonic_decreasing
    assert list(table.loc[table["own"], "name"]) == ["mt-nlg"]
    gpt3 = table[table["name"] == "gpt-3"].iloc[0]
    assert gpt3["ratio"] == pytest.approx(5.3e11 * 2.7e11 / (1.746e11 * 3e11))
    assert "2.7 times GPT-3" in paragraph(result)


def test_compute_optimal_share():
    """Chinchilla: 20 tokens for each parameter (arXiv:2203.15556, table 3)."""
    result = answer(from_mapping({"params": 70e9, "tokens": 1.4e12}))
    assert middle(result, "optimal_params") == pytest.approx(70e9)
    assert middle(result, "optimal_tokens") == pytest.approx(1.4e12)


@pytest.mark.parametrize(
    ("name", "low", "high", "text"),
    [
        ("days", 3.0, 9.5, "3 to 9.5 days"),
        ("days", 0.5, 9.5, "12 hours to 9.5 days"),
        ("tokens", 1e11, 2e12, "100 billion to 2 trillion tokens"),
        ("days", 3.0, 3.0, ""),
        ("cost_usd", math.nan, math.nan, ""),
    ],
)
def test_ranges_in_words(name, low, high, text):
    assert spread(name, low, high) == text


HALF_WIDTH = re.compile(r"[一-鿿] ?[,;:?!(]|\) ?[一-鿿]")


@pytest.mark.parametrize("fields", [{}, {"layers": 32, "hidden": 4096, "heads": 32, "params": 7e9, "count": 8}])
def test_an_answer_in_chinese_has_chinese_punctuation_and_heads(fields):
    with using("zh"):
        text = lines(answer(from_mapping({"accelerator": "H100", **fields})))
    assert not [line for line in text if HALF_WIDTH.search(line)]
    assert [line for line in text if line.split()[:3] == ["张量", "流水线", "上下文"]]


def test_a_narrow_format_may_go_beyond_the_16_bit_peak():
    """The range of 8-bit runs ended at the 16-bit peak, and was half as wide as the errors of the steps ask."""
    fields = {"params": 7e10, "tokens": 1.5e13, "accelerator": "H100", "count": 1024}
    wide, narrow = (
        answer(from_mapping({**fields, "precision": p})).inputs.ranges["utilisation"] for p in ("bf16", "fp8")
    )
    assert wide[1] < 1 < narrow[1] < 2
    assert narrow[1] / narrow[0] >= 0.95 * wide[1] / wide[0]
