"""The verdicts on the page are what the function gives, and rest on evidence."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from helpers.ledger.dataset import read_dataset
from helpers.ledger.evidence import strength
from helpers.ledger.judgement import judge_claims
from helpers.ledger.processed import process
from helpers.ledger.verdicts import DEFINITIONS, Grade, Strength
from helpers.paths import DATA, REPORT

OPEN = {Grade.UNSURE, Grade.UNRATED}


@pytest.fixture(scope="module")
def tables():
    return process(read_dataset(DATA).tables)


@pytest.fixture(scope="module")
def verdicts(tables):
    return judge_claims(tables)


def blocks() -> dict[str, str]:
    """The badge of every claim's block on the page."""
    page = Path(REPORT / "reference.html").read_text(encoding="utf-8")
    found = re.findall(
        r'<article class="claim" id="claim-([^"]+)"[^>]*data-grade="([^"]+)">\n<h5><a class="badge [^"]*"[^>]*>.*?</span> ([^<]+)</a>',
        page,
    )
    assert all(grade == badge for _, grade, badge in found), "a block's data-grade and its badge differ"
    return {claim_id: badge for claim_id, _, badge in found}


def test_every_badge_on_the_page_is_the_functions_output(verdicts):
    assert blocks() == dict(zip(verdicts["claim_id"], verdicts["grade"], strict=True))


@pytest.mark.parametrize("edition", ["", ".zh"])
def test_every_review_for_machines_has_the_rating_of_its_badge(edition):
    page = (REPORT / f"index{edition}.html").read_text(encoding="utf-8")
    (text,) = re.findall(r'<script type="application/ld\+json" id="claim-reviews">(.*?)</script>', page, flags=re.S)
    reviews = [node for node in json.loads(text)["@graph"] if node["@type"] == "ClaimReview"]
    shown = re.findall(
        r'<article class="claim" id="([^"]+)"[^>]*data-grade="([^"]+)">\n<h5><a class="badge [^"]*"[^>]*>.*?</span> ([^<]+)</a>',
        (REPORT / f"reference{edition}.html").read_text(encoding="utf-8"),
    )
    ranks = [*Grade][:5]
    numbers = {grade.value: 5 - ranks.index(grade) if grade in ranks else None for grade in Grade}
    assert [(r["url"], r["reviewRating"].get("ratingValue"), r["reviewRating"]["alternateName"]) for r in reviews] == [
        (f"#{anchor}", numbers[grade], badge) for anchor, grade, badge in shown if grade != Grade.UNRATED.value
    ]
    assert len(shown) == len(pd.read_csv(DATA / "processed" / "claims.csv"))


def test_the_table_for_others_has_one_row_per_claim_and_the_same_grades(tables, verdicts):
    written = pd.read_csv(DATA / "processed" / "verdicts.csv", keep_default_na=False)
    assert list(written.columns[:7]) == [
        "claim_id",
        "grade",
        "problem",
        "ratio",
        "estimate_1",
        "estimate_2",
        "flip_point",
    ]
    assert written["claim_id"].tolist() == tables["claims"]["claim_id"].tolist()
    assert written["grade"].tolist() == verdicts["grade"].tolist()
    assert (written["why"] != "").all()


def test_no_verdict_rests_on_recalled_rows_alone(tables, verdicts):
    graded = tables["claims"].merge(verdicts, on="claim_id")
    graded = graded[~graded["grade"].isin(OPEN) & (graded["formula"] != "listed")]  # the article is its own evidence
    for row in graded.to_dict("records"):
        names = [n for n in row["evidence_ids"].split() if not n.startswith("claim:")]
        strengths = [strength(tables.evidence_rows[n]) for n in names]
        assert max(strengths, default=Strength.HINT) > Strength.HINT, row["claim_id"]


def test_every_claim_has_a_decision(tables, verdicts):
    """Linked to evidence, or not rated with a reason, or open with a note on what was looked for."""
    joined = tables["claims"].merge(verdicts, on="claim_id")
    bare = joined[(joined["evidence_ids"] == "") & (joined["note"] == "")]
    assert bare["claim_id"].tolist() == []


def test_the_scale_on_the_page_defines_every_grade():
    page = Path(REPORT / "reference.html").read_text(encoding="utf-8")
    for grade, text in DEFINITIONS.items():
        assert f'id="grade-{grade.name.lower()}"' in page
        assert text in page


def test_known_answers(verdicts):
    """The claims that named the project, and the slips that a reader of the papers finds at once."""
    graded = verdicts.set_index("claim_id")[["grade", "problem"]].apply(tuple, axis=1)
    assert graded["002-yuan-efficiency-up"] == ("misleading", "comparability")
    assert graded["000-yuan-efficiency-gain"] == ("misleading", "comparability")
    assert graded["002-yuan-compute"] == ("accurate", "")
    assert graded["000-gpt3-compute"] == ("accurate", "")
    assert graded["002-gpt3-mix-crawl-tokens"] == ("wrong", "unit")
    assert graded["002-gpt3-mix-crawl-effective"] == ("wrong", "unit")
    assert graded["002-gpt3-throughput"][0] == "wrong"
    assert graded["000-mt-nlg-date"] == ("wrong", "date")
    assert graded["002-mtnlg-throughput"] == ("inaccurate", "scope")
    assert graded["004-gartner-adoption"] == ("misleading", "date")
    assert graded["002-yuan-duration"][0] == "unsure"
    assert graded["004-m6-first-trillion"][0] == "unsure"
