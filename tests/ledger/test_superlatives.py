"""Superlatives at their date: "largest" and "first" against every model of the field that was public by then."""

import pytest

from helpers.errors import DataProblem
from helpers.ledger.checks import examine
from helpers.ledger.verdicts import Finding, Flaw, Grade, judge
from tests import samples
from tests.samples import claim, evidence, model

# The article is of 2021-11-01; alpha was announced on 2021-06-01 with 200 billion parameters.
FACTS = [
    evidence("alpha.size", "alpha", "parameters", "2e11", "parameter"),
    evidence("alpha.day", "alpha", "announced", "2021-06-01", "date"),
]
OWN = model("alpha", "2021-06-01", 2e11, country="China")
SMALL = model("small", "2020-05-28", 1.75e11, country="United States of America")
SPARSE = model("sparse", "2021-01-11", 1.6e12, kind="mixture_of_experts", country="United States of America")
LATER = model("later", "2021-10-11", 5.3e11, country="United States of America")  # after alpha, before the article
FUTURE = model("future", "2022-04-04", 5.4e11, country="United States of America")
PICTURES = model("pictures", "2021-03-01", 3e11, domain="Multimodal,Vision", country="China")


def found(formula: str, *field: samples.Row, scope: str = "", facts: list[samples.Row] | None = None) -> Finding:
    row = claim("000-most", "最大", "", "none", kind="superlative", check="superlative", formula=formula, counts=scope)
    tables = samples.tables(claims=[row], evidence=facts or FACTS, models=[OWN, *field])
    return examine(tables, tables["claims"].to_dict("records")[0])


def test_largest_where_nothing_larger_was_public() -> None:
    finding = found("largest", SMALL, FUTURE)
    assert finding.holds
    assert "None of 1 models" in finding.why  # the one of the future is not counted


def test_not_largest_where_a_larger_one_was_public_which_is_named_with_its_size_and_day() -> None:
    finding = found("largest", SMALL, SPARSE, LATER)
    assert finding.holds is False
    assert finding.problem is Flaw.SCOPE
    assert all(part in finding.why for part in ("Sparse", "1.6 trillion", "2021-01-11"))  # the largest of the rivals


def test_largest_of_its_kind_leaves_the_other_kind_out() -> None:
    assert found("largest", SMALL, SPARSE, scope="dense").holds
    assert found("largest", SMALL, SPARSE, scope="mixture_of_experts").holds is False


@pytest.mark.parametrize(("scope", "holds"), [("", False), ("language", True), ("multimodal", False), ("china", False)])
def test_largest_of_its_domain_or_country(scope: str, holds: bool) -> None:
    assert found("largest", SMALL, PICTURES, scope=scope).holds is holds


def test_scopes_add_up() -> None:
    assert found("largest", SPARSE, PICTURES, scope="dense language").holds


def test_day_of_the_announcement_counts_where_the_statement_is_about_it() -> None:
    assert found("largest", LATER).holds is False
    assert found("largest", LATER, scope="at_announcement").holds


def test_equal_size_at_printed_precision_is_no_larger() -> None:
    assert found("largest", model("twin", "2021-01-01", 2.009e11)).holds
    assert found("largest", model("twin", "2021-01-01", 2.02e11)).holds is False


def test_the_system_does_not_compete_with_itself() -> None:
    assert found("largest").holds


def test_first_to_reach_its_power_of_ten() -> None:
    assert found("first_to_reach", model("tiny", "2020-01-01", 9.9e10)).holds
    finding = found("first_to_reach", SMALL)
    assert finding.holds is False
    assert finding.problem is Flaw.DATE
    assert "Small" in finding.why
    assert "2020-05-28" in finding.why


@pytest.mark.parametrize(("day", "holds"), [("2021-06-01", None), ("2021-06-03", None), ("2021-06-05", True)])
def test_first_by_a_day_or_three_is_too_near_to_tell(day: str, holds: bool | None) -> None:
    """Papers are dated by the day they were handed in, in a time zone of their own."""
    finding = found("first_to_reach", model("rival", day, 3e11))
    assert finding.holds is holds
    assert judge("superlative", None, finding).grade is (Grade.ACCURATE if holds else Grade.UNSURE)
    assert holds or "Rival" in finding.why


def test_first_to_reach_is_not_undone_by_what_came_later() -> None:
    assert found("first_to_reach", LATER, FUTURE).holds


def test_first_of_its_kind_is_not_undone_by_the_other_kind() -> None:
    assert found("first_to_reach", SPARSE, scope="dense").holds
    assert found("first_to_reach", SPARSE).holds is False


def test_scope_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(
        DataProblem, match=r"claim 000-most, column counts: no scope galactic.*dense, mixture_of_experts"
    ):
        found("largest", scope="dense galactic")


@pytest.mark.parametrize(("formula", "missing"), [("largest", 0), ("first_to_reach", 0), ("first_to_reach", 1)])
def test_system_whose_size_or_day_is_not_known_names_the_claim(formula: str, missing: int) -> None:
    facts = [fact for n, fact in enumerate(FACTS) if n != missing]
    with pytest.raises(DataProblem, match="claim 000-most"):
        found(formula, SMALL, facts=facts)


def test_size_that_is_only_recalled_decides_nothing() -> None:
    recalled = [FACTS[0] | {"confidence": "memory"}, FACTS[1]]
    finding = found("largest", SMALL, facts=recalled)
    assert judge("superlative", None, finding).grade is Grade.UNSURE


def test_rival_that_is_only_recalled_decides_nothing() -> None:
    finding = found("largest", SPARSE | {"confidence": "memory"})
    assert judge("superlative", None, finding).grade is not Grade.WRONG
