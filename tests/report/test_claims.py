"""Claims on the page: a block each with its whole chain, and data that stays text."""

import pytest

from helpers.ledger.judgement import judge_claims
from helpers.ledger.tables import Tables
from helpers.ledger.verdicts import DEFINITIONS
from helpers.report.claim_list import claim_list, filter_form, system_list
from helpers.report.claims import badge, scale_list
from helpers.report.sources import source_list
from tests.report.hostile import HOSTILE, assert_harmless, read, tables_with, text_of

TAGS = {
    "article",
    "section",
    "h4",
    "h5",
    "cite",
    "a",
    "p",
    "span",
    "details",
    "summary",
    "dl",
    "dt",
    "dd",
    "ul",
    "li",
    "form",
    "label",
    "select",
}
TAGS |= {"option", "input", "button", "output"}


def everything(tables: Tables) -> str:
    verdicts = judge_claims(tables)
    parts = (
        claim_list(tables, verdicts),
        filter_form(tables, verdicts),
        system_list(tables, verdicts, tables["systems"]),
    )
    return "".join(parts)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_any_column_stays_text(text: str) -> None:
    html = everything(tables_with(text))
    assert_harmless(html, TAGS)
    assert text_of(html).count(text) >= 8  # statement, note, locator, name, title twice, outlet, source


def test_every_claim_has_an_id_a_badge_and_what_it_rests_on() -> None:
    html = everything(tables_with())
    attributes = read(html).attributes
    assert ("id", "claim-000-size") in attributes
    assert ("href", "#grade-accurate") in attributes
    assert ("popovertarget", "cite-paper") in attributes
    assert ("data-grade", "accurate") in attributes
    assert "1750亿" in text_of(html)


def test_citation_names_its_source_and_opens_a_card_that_leads_to_it() -> None:
    entry = {
        "author": "Brown, Tom B. and Mann, Ben and others",
        "title": "Few-Shot",
        "year": "2020",
        "eprint": "2005.14165",
    }
    tables = tables_with()
    tables = Tables(tables.frames, {"paper": entry})
    line, card = claim_list(tables, judge_claims(tables)), source_list(tables)
    assert "Brown et al. 2020: Few-Shot" in text_of(line)
    assert ("href", "https://arxiv.org/abs/2005.14165") in read(line).attributes
    assert {("id", "cite-paper"), ("href", "#ref-paper"), ("id", "ref-paper")} <= set(read(card).attributes)


def test_heading_of_an_article_is_made_of_its_row() -> None:
    html = claim_list(tables_with("甲<模型>"), judge_claims(tables_with()))
    assert ("id", "article-000") in read(html).attributes
    assert "Article 000: 甲<模型> (甲<模型>)" in text_of(html)
    assert "甲<模型> · 2021-11-01 · 1 claim" in text_of(html)


def test_scale_defines_every_grade_under_the_id_that_its_badge_leads_to() -> None:
    targets = {f"#{value}" for name, value in read(scale_list()).attributes if name == "id"}
    for grade, definition in DEFINITIONS.items():
        (address,) = [value for name, value in read(badge(grade.value)).attributes if name == "href"]
        assert address in targets
        assert definition in text_of(scale_list())


def test_badges_are_told_apart_without_colour() -> None:
    assert len({text_of(badge(grade.value)) for grade in DEFINITIONS}) == len(DEFINITIONS)
