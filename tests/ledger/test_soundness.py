"""Combinations that `make check` refuses, each with the mend."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from helpers.errors import DataProblem
from helpers.ledger.judgement import judge_claims
from helpers.ledger.soundness import check_grades, row_faults, without_primary
from helpers.ledger.tables import Tables
from tests import samples
from tests.samples import claim, evidence, system

FACTS = [
    evidence("alpha.size", "alpha", "parameters", "1.75e11", "parameter"),
    evidence("alpha.rank", "alpha", "claimed_rank", "the largest", "text"),
    evidence("alpha.who", "alpha", "organisation", "Alpha Labs", "text"),
]
SIZE = claim("000-size", "1750亿", "1.75e11", "parameter", kind="parameters", evidence_ids="alpha.size")
MOST = claim("000-most", "最大", "", "none", kind="superlative", formula="supported", evidence_ids="alpha.rank")


def tables(*rows: samples.Row) -> Tables:
    return samples.tables(claims=list(rows), evidence=FACTS, systems=[system("alpha")])


def check_rows(ledger: Tables, file: str, *, complete: bool) -> None:
    for index, row in enumerate(ledger["claims"].to_dict("records"), start=2):
        for where, what, mend in row_faults(ledger, complete, row):
            raise DataProblem(file, f"row {index}{where}", what, mend)


def refused(row: samples.Row, complete: bool = True) -> str:
    with pytest.raises(DataProblem) as problem:
        check_rows(tables(row), "claims.csv", complete=complete)
    return str(problem.value)


def test_rows_without_a_fault_pass() -> None:
    whole = claim(
        "000-class", "千亿级", "1e11", "parameter", kind="parameters", bound="range", evidence_ids="alpha.size"
    )
    whole |= {"value_low": "1e11", "value_high": "1e12"}
    check_rows(
        tables(SIZE, whole, MOST | {"formula": "maker_only"}, MOST | {"kind": "attribution"}), "x", complete=True
    )


@pytest.mark.parametrize("check", ["opinion", "uncheckable"])
def test_what_is_never_rated_has_no_formula_that_rates_it(check: str) -> None:
    text = refused(MOST | {"check": check, "formula": "partly"})
    assert f"row 2 (000-most): check {check} is never rated, and formula partly rates it" in text
    assert "Mend: " in text


def test_superlative_that_only_its_maker_claims_is_not_supported() -> None:
    assert "nothing but the makers' own claim" in refused(MOST)
    check_rows(tables(MOST | {"evidence_ids": "alpha.rank alpha.who"}), "claims.csv", complete=True)


@pytest.mark.parametrize(
    ("printed", "ends"), [("千亿", ("1e10", "1e11")), ("萬億級", ("1e12", "1e12")), ("百亿", ("1e10", "5e10"))]
)
def test_magnitude_words_are_read_one_way(printed: str, ends: tuple[str, str]) -> None:
    row = SIZE | {
        "as_printed": printed,
        "bound": "range",
        "value": ends[0],
        "value_low": ends[0],
        "value_high": ends[1],
    }
    assert "is a class from" in refused(row)


def test_evidence_at_hand_is_attached_in_the_projects_own_ledger() -> None:
    assert "evidence alpha.size is on the same figure and not attached" in refused(SIZE | {"evidence_ids": ""})
    check_rows(tables(SIZE | {"evidence_ids": ""}), "claims.csv", complete=False)


@pytest.mark.parametrize("formula", ["largest", "first_to_reach"])
def test_record_is_held_against_a_rival_by_name(formula: str) -> None:
    record = MOST | {"formula": formula, "evidence_ids": "alpha.size"}
    assert "a record without a rival" in refused(record)
    ledger = samples.tables(
        claims=[record | {"evidence_ids": "alpha.size beta.size"}],
        evidence=[*FACTS, evidence("beta.size", "beta", "parameters", "1e10", "parameter")],
        systems=[system("alpha"), system("beta")],
    )
    check_rows(ledger, "claims.csv", complete=True)


@pytest.mark.parametrize("locator", ["text", "report", "Table 2.1", "third paragraph"])
def test_evidence_behind_a_rated_claim_names_its_place(locator: str) -> None:
    """A locator finds the place: a section, a table, a paragraph."""
    row = evidence("alpha.size", "alpha", "parameters", "1.75e11", "parameter", locator=locator)
    ledger = samples.tables(claims=[SIZE], evidence=[row], systems=[system("alpha")])
    said = [what for _, what, _ in row_faults(ledger, True, ledger["claims"].to_dict("records")[0])]
    assert said == (["evidence alpha.size names no place within its source"] if locator in ("text", "report") else [])
    assert not list(row_faults(ledger, True, ledger["claims"].to_dict("records")[0] | {"check": "opinion"}))


LOOKED_FOR = re.compile(
    r"\b(?:found|at hand|not checked|looked for|[Kk]nown from|[Ss]earched|state[sd]?|published|own report)\b|\bBy an? |such a|himself"
)


def test_rated_claims_without_a_source_of_the_makers_say_what_was_looked_for(real_tables: Tables) -> None:
    others = evidence("alpha.size", "alpha", "parameters", "1.75e11", "parameter", standing="secondary")
    assert list(without_primary(samples.tables(claims=[SIZE], evidence=[others], systems=[system("alpha")]))) == [
        "000-size"
    ]
    assert without_primary(tables(SIZE)).empty
    none = without_primary(real_tables)
    assert len(none) <= 43
    assert [name for name in none if not LOOKED_FOR.search(real_tables.claim_rows[name]["note"])] == []


def test_one_fact_has_one_grade_in_an_article() -> None:
    again = SIZE | {"claim_id": "000-again", "evidence_ids": ""}
    ledger = tables(SIZE, again)
    with pytest.raises(DataProblem, match="the same fact has two grades: 000-size accurate, 000-again unsure"):
        check_grades(ledger, judge_claims(ledger), "claims.csv")
    check_grades(ledger, judge_claims(tables(SIZE, again | {"evidence_ids": "alpha.size"})), "claims.csv")


def test_the_ledger_itself_is_sound(real_tables: Tables, real_verdicts: pd.DataFrame) -> None:
    check_rows(real_tables, "claims.csv", complete=True)
    check_grades(real_tables, real_verdicts, "claims.csv")


def test_source_says_only_what_was_read_of_it(real_tables: Tables) -> None:
    """A convention that was worked out from the figure itself is no word of the source: a quotation states none."""
    evidence = real_tables["evidence"]
    quoted = evidence[(evidence["quantity"] == "training_flop") & (evidence["confidence"] == "quoted")]
    stated = quoted[quoted["counts"].str.contains(r"\dND") & (quoted["standing"] == "primary")]
    assert stated["evidence_id"].tolist() == []
