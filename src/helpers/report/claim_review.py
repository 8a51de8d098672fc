"""The verdicts for machines: a schema.org ClaimReview for every claim, as JSON-LD inside the page."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from helpers.language import TAGS, current, named, tr
from helpers.ledger.tables import Tables
from helpers.ledger.verdicts import Grade
from helpers.report.citation import citation
from helpers.report.text import Html, as_json

# The grades that are ranks, from best to worst; the others say why there is no rank, and have no number.
RANKS = (Grade.ACCURATE, Grade.CLOSE, Grade.INACCURATE, Grade.WRONG, Grade.MISLEADING)
RATINGS = {grade: len(RANKS) - place for place, grade in enumerate(RANKS)}
# Inside a script element nothing but these could end it or open a comment.
ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
AUTHOR = "#authors"

Row = Mapping[str, Any]
Node = dict[str, Any]


def claim_reviews(tables: Tables, verdicts: pd.DataFrame) -> Html:
    """The reviews of all rated claims as one JSON-LD graph; data, which no browser runs."""
    cited = citation()
    articles = {row["article_id"]: row for row in tables["articles"].to_dict("records")}
    rated = verdicts[verdicts["grade"] != Grade.UNRATED.value]
    rows = tables["claims"].merge(rated, on="claim_id").to_dict("records")
    graph: list[Node] = [{"@id": AUTHOR, "@type": "Organization", "name": ", ".join(cited["authors"])}]
    graph += [_article(row) for row in articles.values()]
    graph += [review(row, articles[row["article_id"]], cited["date-released"]) for row in rows]
    return data_block("claim-reviews", {"@context": "https://schema.org", "@graph": graph}, "application/ld+json")


def data_block(name: str, value: Any, kind: str = "application/json", private: bool = False) -> Html:
    """Data as an element with this id that no browser runs; nothing in it can end the element.

    Args:
        private: what is left out of a page to share.
    """
    text = as_json(value).translate({ord(sign): code for sign, code in ESCAPES.items()})
    mark = ' data-private="yes"' if private else ""
    return Html(f'<script type="{kind}" id="{name}"{mark}>{text}</script>')


def review(claim: Row, article: Row, published: str) -> Node:
    """One claim with its grade; its address is the claim's place on the page.

    Args:
        claim: a row of claims joined with its verdict.
        published: date of this report.
    """
    return {
        "@type": "ClaimReview",
        "url": f"#claim-{claim['claim_id']}",
        "author": {"@id": AUTHOR},
        "datePublished": published,
        "inLanguage": TAGS[current()],
        "claimReviewed": claim["statement"],
        "itemReviewed": {
            "@type": "Claim",
            "author": {"@id": _outlet(article)},
            "datePublished": article["published"],
            "appearance": {"@id": _anchor(article)},
        },
        "reviewRating": rating(claim["grade"]),
    }


def rating(grade: str) -> Node:
    """The grade in the words of the badge, with a number from 5 to 1 where it is a rank."""
    known = Grade(grade)
    numbers = {"ratingValue": RATINGS[known], "bestRating": len(RANKS), "worstRating": 1} if known in RATINGS else {}
    return {"@type": "Rating", **numbers, "alternateName": tr(known.value)}


def _article(article: Row) -> Node:
    return {
        "@id": _anchor(article),
        "@type": "NewsArticle",
        "headline": article["title"],
        "datePublished": article["published"],
        "inLanguage": article["language"],
        "publisher": {"@id": _outlet(article), "@type": "Organization", "name": named(article["outlet"])},
    }


def _anchor(article: Row) -> str:
    return f"#article-{article['article_id']}"


def _outlet(article: Row) -> str:
    return f"#outlet-{article['article_id']}"
