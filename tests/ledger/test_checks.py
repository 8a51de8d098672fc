"""Checks: from one claim and its evidence to a finding, and one clear line where the two do not fit."""

import pytest

from helpers.errors import DataProblem
from helpers.ledger.checks import CHECKS, examine
from helpers.ledger.derivations import DERIVATIONS
from helpers.ledger.intervals import Interval
from helpers.ledger.judgement import judge_claim
from helpers.ledger.tables import Tables
from helpers.ledger.verdicts import Finding, Flaw, Strength
from tests import samples
from tests.samples import claim, evidence, system

FACTS = [
    evidence("alpha.size", "alpha", "parameters", "1.75e11", "parameter"),
    evidence("alpha.size-2", "alpha", "parameters", "1.746e11", "parameter", standing="secondary", locator="page 3"),
    evidence("alpha.tokens", "alpha", "training_tokens", "3e11", "token"),
    evidence("alpha.guess", "alpha", "training_tokens", "4e11", "token", standing="estimate"),
    evidence("alpha.recalled", "alpha", "training_tokens", "5e11", "token", confidence="memory"),
    evidence("alpha.who", "alpha", "organisation", "Alpha Labs", "text"),
    evidence("alpha.chips", "alpha", "chip_count", "2048", "chip", counts="GPUs"),
    evidence("beta.chips", "beta", "chip_count", "480", "chip", counts="GPUs"),
    evidence("sparse.chips", "sparse", "chip_count", "512", "chip", counts="TPU cores"),
    evidence("alpha.none", "alpha", "chip_count", "0", "chip"),
]
SYSTEMS = [system("alpha"), system("beta"), system("sparse", "mixture_of_experts")]
SIZE = claim("000-size", "1750亿", "1.75e11", "parameter", kind="parameters")
STATEMENT = claim("000-who", "甲模型", "", "none", kind="attribution")


def found(row: samples.Row, *others: samples.Row, **more: str) -> Finding:
    """What the check of a claim finds."""
    tables: Tables = samples.tables(claims=[row | more, *others], evidence=FACTS, systems=SYSTEMS)
    return examine(tables, tables["claims"].to_dict("records")[0])


# A figure against the same figure ---------------------------------------------------------------------------------


def test_every_piece_of_evidence_becomes_an_estimate_with_its_strength_and_place() -> None:
    finding = found(SIZE, evidence_ids="alpha.size alpha.size-2")
    assert [(e.strength, e.label) for e in finding.estimates] == [
        (Strength.STRONG, "paper, Table 1"),
        (Strength.FAIR, "paper, page 3"),
    ]
    assert finding.estimates[0].interval == Interval(1.745e11, 1.755e11)
    assert finding.strength is Strength.STRONG


def test_strength_of_a_finding_is_that_of_its_best_evidence() -> None:
    tokens = claim("000-words", "3000亿", "3e11", "token")
    assert found(tokens, evidence_ids="alpha.recalled").strength is Strength.HINT
    assert found(tokens, evidence_ids="alpha.recalled alpha.guess").strength is Strength.WEAK


@pytest.mark.parametrize(("ids", "unit"), [("alpha.tokens", "token"), ("alpha.who", "text"), ("alpha.chips", "chip")])
def test_evidence_in_another_unit_is_refused(ids: str, unit: str) -> None:
    with pytest.raises(
        DataProblem, match=rf"claims.csv, claim 000-size: evidence {ids} is in {unit}, the claim in par"
    ):
        found(SIZE, evidence_ids=ids)


# By formula -----------------------------------------------------------------------------------------------------------

WORK = claim("000-work", "3646PD", "3.15e23", "FLOP", check="derives", formula="compute_6nd")


def test_formula_gives_an_estimate_as_strong_as_its_weakest_input() -> None:
    finding = found(WORK, evidence_ids="alpha.size alpha.guess")
    assert finding.strength is Strength.WEAK
    assert finding.estimates[0].interval.low == pytest.approx(6 * 1.745e11 * 3.995e11)
    assert finding.estimates[0].label == DERIVATIONS["compute_6nd"].words


def test_figures_printed_in_the_same_article_can_be_added_up() -> None:
    cells = [claim(f"000-cell-{n}", f"{n}个", str(n), "count") for n in (3, 4, 5)]
    total = claim("000-total", "12个", "12", "count", check="sums", formula="total_of")
    finding = found(total, *cells, evidence_ids="claim:000-cell-3 claim:000-cell-4 claim:000-cell-5")
    assert finding.estimates[0].interval == Interval(10.5, 13.5)  # each cell is rounded


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"formula": "compute_7nd"}, "no check compute_7nd"),
        ({"evidence_ids": "alpha.size"}, "1 inputs do not fit compute_6nd"),
        ({"evidence_ids": "alpha.size alpha.who"}, "an input of the formula is not a number"),
        ({"evidence_ids": ""}, "an input of the formula is not a number"),
        ({"formula": "ratio_of", "evidence_ids": "alpha.chips alpha.none"}, "ratio_of"),
    ],
)
def test_formula_that_cannot_be_worked_out_names_the_claim(changed: dict[str, str], message: str) -> None:
    with pytest.raises(DataProblem, match=rf"claims.csv, claim 000-work: .*{message}.*Mend: "):
        found(WORK | {"evidence_ids": "alpha.size alpha.tokens"} | changed)


SAVED = claim("000-saved", "80%", "0.8", "fraction", check="compares", formula="share_saved")


def test_two_systems_of_one_kind_can_be_compared_by_their_chips() -> None:
    assert found(SAVED, evidence_ids="beta.chips alpha.chips").comparable


def test_dense_and_sparse_cannot_and_the_finding_names_both_kinds() -> None:
    finding = found(SAVED, evidence_ids="sparse.chips alpha.chips")
    assert not finding.comparable
    assert all(words in finding.why for words in ("Sparse uses a small part", "Alpha all of them"))


# Statements -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "holds", "partly"),
    [("supported", True, False), ("contradicted", False, False), ("partly", False, True)],
)
def test_statement_that_sources_decide(formula: str, holds: bool, partly: bool) -> None:
    finding = found(STATEMENT, formula=formula, evidence_ids="alpha.who")
    assert (finding.holds, finding.partly, finding.strength) == (holds, partly, Strength.STRONG)


@pytest.mark.parametrize(
    ("kind", "problem"),
    [("attribution", Flaw.ATTRIBUTION), ("comparison", Flaw.COMPARABILITY), ("other", Flaw.VALUE)],
)
def test_what_is_wrong_with_a_contradicted_statement_follows_from_its_kind(kind: str, problem: Flaw) -> None:
    assert found(STATEMENT, kind=kind, formula="contradicted", evidence_ids="alpha.who").problem is problem


def test_silence_counts_only_where_a_source_was_seen() -> None:
    assert found(STATEMENT, formula="silent", evidence_ids="alpha.who").silent
    assert not found(STATEMENT, formula="silent", evidence_ids="alpha.recalled").silent


def test_figures_that_do_not_count_the_same_are_right_and_not_comparable() -> None:
    finding = found(STATEMENT, formula="unlike", evidence_ids="alpha.who")
    assert (finding.holds, finding.comparable) == (True, False)


# More parameters per petaFLOP/s-day -----------------------------------------------------------------------------------


def gain(beta_flop: str, *more: samples.Row) -> Finding:
    """Alpha: 1e11 parameters, 1e11 tokens, 6e22 FLOP. Beta: twice the parameters, half the tokens."""
    facts = [
        evidence(f"{name}.{quantity}", name, quantity, value, unit)
        for name, values in (("alpha", ("1e11", "1e11", "6e22")), ("beta", ("2e11", "5e10", beta_flop)))
        for (quantity, unit), value in zip(
            (("parameters", "parameter"), ("training_tokens", "token"), ("training_flop", "FLOP")), values, strict=True
        )
    ]
    row = claim("000-gain", "提升", "", "none", check="compares", formula="efficiency_gain", system_id="beta")
    tables = samples.tables(claims=[row | {"reference_id": "alpha"}], evidence=[*facts, *more], systems=SYSTEMS)
    return examine(tables, tables["claims"].to_dict("records")[0])


@pytest.mark.parametrize(("beta_flop", "counted"), [("6e22", "Both figures count 6.00"), ("8e22", "counts 8.00")])
def test_more_parameters_per_petaflop_day_are_no_gain_in_efficiency_on_one_convention_or_two(
    beta_flop: str, counted: str
) -> None:
    finding = gain(beta_flop)
    assert finding.holds  # 2e11 / 6e22 or 8e22 against 1e11 / 6e22
    assert not finding.comparable
    assert counted in finding.why
    assert "no measure of efficiency" in finding.why


def test_flip_of_a_gain_names_a_world_in_which_it_would_be_true() -> None:
    """What the chips did of what they could, on 6·N·D: alpha 50 of 100, beta 80 of 100 by 6/8."""
    more = [evidence(f"{name}.chip", name, "chip", "Maker C1", "text") for name in ("alpha", "beta")]
    more += [
        evidence(f"{name}.rate", name, "throughput_per_chip", rate, "FLOP/s", standing="estimate")
        for name, rate in (("alpha", "5e13"), ("beta", "8e13"))
    ]
    more += [evidence("c1.peak", "c1", "peak_flop_per_s", "1e14", "FLOP/s")]
    text = gain("8e22", *more).flip
    assert "No number of tokens" in text
    assert "60 % for Beta, 50 % for Alpha" in text
    assert gain("8e22").flip == ""  # nothing is known of the chips


# Statements that are weighed --------------------------------------------------------------------------------------


def test_makers_word_on_its_own_rank_and_later_press_support_nothing() -> None:
    rank = evidence("alpha.rank", "alpha", "claimed_rank", "the largest", "text")
    late = evidence("alpha.late", "alpha", "organisation", "Alpha Labs", "text", standing="secondary", published="2023")

    def verdict(kind: str, *facts: samples.Row) -> str:
        row = STATEMENT | {
            "kind": kind,
            "formula": "supported",
            "evidence_ids": " ".join(f["evidence_id"] for f in facts),
        }
        tables = samples.tables(claims=[row], evidence=list(facts), systems=SYSTEMS)
        return str(judge_claim(tables, tables["claims"].to_dict("records")[0])["grade"])

    assert verdict("superlative", rank) == "unsure"
    assert verdict("attribution", rank) == "accurate"  # that the maker claims so is what the claim says
    assert verdict("attribution", late) == "unsure"
    assert verdict("attribution", late, FACTS[5]) == "accurate"


def test_makers_claim_on_itself_is_no_second_route_to_its_number() -> None:
    facts = [*FACTS, evidence("beta.saved", "beta", "claimed_saving", "0.9", "fraction")]
    row = SAVED | {"as_printed": "90%", "value": "0.9", "evidence_ids": "beta.chips alpha.chips beta.saved"}
    tables = samples.tables(claims=[row], evidence=facts, systems=SYSTEMS)
    finding = examine(tables, tables["claims"].to_dict("records")[0])
    assert len(finding.estimates) == 1


@pytest.mark.parametrize(("published", "grade"), [("2019-01-21", "misleading"), ("2021-01-21", "accurate")])
def test_old_survey_told_as_the_present_is_misleading_by_its_date(published: str, grade: str) -> None:
    """The article is of 2021-11-01."""
    survey = evidence("survey.share", "survey", "share", "0.37", "fraction", published=published)
    row = claim("000-share", "37%", "0.37", "fraction", kind="percent", formula="outdated", evidence_ids="survey.share")
    tables = samples.tables(claims=[row], evidence=[survey], systems=SYSTEMS)
    verdict = judge_claim(tables, tables["claims"].to_dict("records")[0])
    assert (verdict["grade"], verdict["problem"]) == (grade, "date" if grade == "misleading" else "")


@pytest.mark.parametrize(("names", "grade"), [("A|B|C|D", "accurate"), ("A|B|C", "wrong")])
def test_count_of_what_the_article_lists(names: str, grade: str) -> None:
    row = claim("000-four", "4家", "4", "count", kind="count", check="sums", formula="listed", counts=names)
    tables = samples.tables(claims=[row], systems=SYSTEMS)
    assert judge_claim(tables, tables["claims"].to_dict("records")[0])["grade"] == grade


def test_names_of_checks_and_formulas_do_not_clash() -> None:
    assert not set(CHECKS) & set(DERIVATIONS)
