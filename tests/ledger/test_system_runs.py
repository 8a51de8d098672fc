"""Published runs: which figures belong together, and which convention their compute implies."""

import pytest

from helpers.formulas.accounting import Convention
from helpers.ledger.system_runs import find_run, published_runs
from helpers.ledger.tables import Tables
from helpers.ledger.verdicts import Strength
from tests import samples
from tests.samples import evidence, system

UNITS = {
    "parameters": "parameter",
    "active_parameters": "parameter",
    "training_tokens": "token",
    "training_flop": "FLOP",
}


def facts(name: str, *, suffix: str = "", **more: str) -> list[samples.Row]:
    """Evidence rows of a system, one per quantity; what is not a quantity goes into every row."""
    values = {q: v for q, v in more.items() if q in UNITS or q in ("layers", "hidden", "context_length")}
    rest = {k: v for k, v in more.items() if k not in values}
    return [evidence(f"{name}.{q}{suffix}", name, q, v, UNITS.get(q, "count"), **rest) for q, v in values.items()]


# 1e11 parameters and 1e11 tokens: 6e22 FLOP without recomputation, 8e22 with it.
MODEL = {"parameters": "1e11", "training_tokens": "1e11", "training_flop": "6e22"}
MACHINE = MODEL | {"training_flop": "8e22"}


def tables(*rows: list[samples.Row], sparse: bool = False) -> Tables:
    systems = [system("alpha", "mixture_of_experts" if sparse else "dense"), system("beta"), system("gamma")]
    return samples.tables(evidence=[row for given in rows for row in given], systems=systems)


def test_run_holds_the_three_figures_and_the_weakest_strength() -> None:
    run = find_run(tables(facts("alpha", **MODEL, confidence="quoted")), "alpha")
    assert (run.name, run.params.middle, run.tokens.middle, run.flop.middle) == ("Alpha", 1e11, 1e11, 6e22)
    assert run.strength is Strength.FAIR


@pytest.mark.parametrize(("figures", "k", "convention"), [(MODEL, 6, "6ND"), (MACHINE, 8, "8ND")])
def test_compute_tells_its_convention(figures: dict[str, str], k: float, convention: str) -> None:
    run = find_run(tables(facts("alpha", **figures)), "alpha")
    assert run.implied_middle == pytest.approx(k)
    assert [c.value for c in run.conventions()] == [convention]


def test_implied_coefficient_is_as_wide_as_the_rounding_of_all_three() -> None:
    """Three digits each: 6 * 0.995 / 1.005**2 ... 6 * 1.005 / 0.995**2."""
    run = find_run(tables(facts("alpha", **MODEL)), "alpha")
    assert run.implied.low == pytest.approx(5.995 / 1.005**2)
    assert run.implied.high == pytest.approx(6.005 / 0.995**2)


@pytest.mark.parametrize("flop", ["7e22", "3e22", "2e23"])
def test_compute_that_fits_no_convention_is_given_none(flop: str) -> None:
    assert find_run(tables(facts("alpha", **MODEL | {"training_flop": flop})), "alpha").conventions() == []


def test_published_figure_stands_in_its_convention_and_is_rebuilt_in_the_others() -> None:
    run = find_run(tables(facts("alpha", **MODEL | {"training_flop": "6.01e22"})), "alpha")
    assert run.convention is Convention.MODEL_6ND
    assert run.flop_as(Convention.RECOMPUTE_8ND) == pytest.approx(8e22)


def test_attention_is_counted_where_layers_width_and_length_are_published() -> None:
    shape = {"layers": "10", "hidden": "1000", "context_length": "2000"}
    run = find_run(tables(facts("alpha", **MODEL, **shape)), "alpha")
    per_token = 6e11 + 12 * 10 * 1000 * 2000
    assert run.flop_as(Convention.MODEL_ATTENTION) == pytest.approx(per_token * 1e11)
    assert Convention.RECOMPUTE_ATTENTION in run.coefficients()


@pytest.mark.parametrize("missing", ["layers", "hidden", "context_length"])
def test_attention_is_refused_where_one_of_them_is_not(missing: str) -> None:
    shape = {"layers": "10", "hidden": "1000", "context_length": "2000"}
    del shape[missing]
    run = find_run(tables(facts("alpha", **MODEL, **shape)), "alpha")
    assert list(run.coefficients()) == [Convention.MODEL_6ND, Convention.RECOMPUTE_8ND]
    with pytest.raises(ValueError, match="alpha: layers, width or context not published"):
        run.flop_as(Convention.MODEL_ATTENTION)


@pytest.mark.parametrize("missing", MODEL)
def test_system_without_all_three_figures_is_no_run(missing: str) -> None:
    known = tables(facts("alpha", **{q: v for q, v in MODEL.items() if q != missing}))
    assert published_runs(known) == []
    with pytest.raises(KeyError, match="no run of alpha"):
        find_run(known, "alpha")


@pytest.mark.parametrize(
    "how", [{"confidence": "memory"}, {"standing": "estimate"}, {"standing": "secondary"}], ids=lambda how: str(how)
)
def test_what_is_recalled_or_said_by_others_makes_no_run(how: dict[str, str]) -> None:
    assert published_runs(tables(facts("alpha", **MODEL, **how))) == []


def test_mixture_of_experts_counts_only_the_parameters_that_a_token_uses() -> None:
    assert published_runs(tables(facts("alpha", **MODEL), sparse=True)) == []
    active = {"parameters": "1e12", "active_parameters": "1e11", "training_tokens": "1e11", "training_flop": "6e22"}
    assert find_run(tables(facts("alpha", **active), sparse=True), "alpha").params.middle == 1e11


def test_figures_of_one_source_go_together_before_more_digits() -> None:
    another = {"parameters": "1.02345e11", "training_tokens": "1.1e11", "training_flop": "6.7e22"}
    run = find_run(tables(facts("alpha", **MODEL), facts("alpha", suffix="-2", **another, source_id="other")), "alpha")
    assert (run.params.middle, run.tokens.middle, run.flop.middle) in ((1e11, 1e11, 6e22), (1.02345e11, 1.1e11, 6.7e22))


def test_of_two_compute_figures_of_one_source_the_more_precise_counts() -> None:
    precise = facts("alpha", suffix="-2", training_flop="6.0012e22")
    assert find_run(tables(facts("alpha", **MODEL), precise), "alpha").flop.middle == 6.0012e22


def test_runs_come_in_the_order_of_their_compute_one_for_each_system() -> None:
    known = tables(
        facts("gamma", **MACHINE), facts("alpha", **MODEL), facts("beta", **MODEL | {"training_flop": "7e22"})
    )
    assert [run.system_id for run in published_runs(known)] == ["alpha", "beta", "gamma"]


def test_gpt_3_counts_6_and_yuan_8_in_the_projects_own_tables(real_tables: Tables) -> None:
    gpt, yuan = find_run(real_tables, "gpt-3"), find_run(real_tables, "yuan-1-0")
    assert [c.value for c in gpt.conventions()] == ["6ND"]
    assert [c.value for c in yuan.conventions()] == ["8ND"]
    assert gpt.implied.low <= 6 <= gpt.implied.high < yuan.implied.low <= 8 <= yuan.implied.high
