"""The verdicts for machines: a review for every claim, with the grade of its badge, and nothing that could end the script."""

import json
import re

import pytest

from helpers.ledger.judgement import judge_claims
from helpers.ledger.verdicts import Grade
from helpers.report.claim_review import ESCAPES, RANKS, claim_reviews, rating
from tests.report.hostile import HOSTILE, tables_with


def graph(html: str) -> list[dict]:
    """The nodes of the JSON-LD in a piece of HTML."""
    (text,) = re.findall(r'<script type="application/ld\+json" id="claim-reviews">(.*?)</script>', html, flags=re.S)
    return json.loads(text)["@graph"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_inside_the_script_and_comes_out_as_it_was(text: str) -> None:
    tables = tables_with(text)
    html = claim_reviews(tables, judge_claims(tables))
    inside = html[html.index(">") + 1 : html.rindex("</script>")]
    assert not set(inside) & set(ESCAPES)
    assert [node["claimReviewed"] for node in graph(html) if node["@type"] == "ClaimReview"] == [text]


def test_review_says_what_was_claimed_where_and_by_whom() -> None:
    tables = tables_with("The model has 175 billion parameters.")
    nodes = {node.get("@id") or node["url"]: node for node in graph(claim_reviews(tables, judge_claims(tables)))}
    review = nodes["#claim-000-size"]
    assert nodes[review["author"]["@id"]]["name"] == "The Compute Claims authors"
    outlet = nodes[review["itemReviewed"]["appearance"]["@id"]]["publisher"]
    assert outlet["@id"] == review["itemReviewed"]["author"]["@id"]
    assert outlet["name"] == "The model has 175 billion parameters."
    assert review["itemReviewed"]["datePublished"] == "2021-11-01"
    assert nodes[review["itemReviewed"]["appearance"]["@id"]]["headline"] == "The model has 175 billion parameters."
    assert review["reviewRating"] == {
        "@type": "Rating",
        "ratingValue": 5,
        "bestRating": 5,
        "worstRating": 1,
        "alternateName": "accurate",
    }


def test_numbers_follow_the_scale_and_what_is_no_rank_has_none() -> None:
    numbers = [rating(grade.value).get("ratingValue") for grade in Grade]
    assert numbers == [5, 4, 3, 2, 1, None, None, None]
    assert list(RANKS) == list(Grade)[:5]
