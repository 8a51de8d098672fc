"""Strings that try to become markup or script, and how to see whether one has."""

from __future__ import annotations

from html.parser import HTMLParser

from helpers.ledger.judgement import judge_claims
from helpers.ledger.tables import Tables
from helpers.report.citation import citation_block
from helpers.report.claim_list import claim_list, filter_form, system_list
from helpers.report.claim_review import claim_reviews
from helpers.report.sources import source_list
from helpers.report.text import Html
from tests import samples

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    "</title></style></script><script>alert(1)</script>",
    "javascript:alert(1)",
    "[a link](javascript:alert(1))",
    "**bold** _it_ `code` # no heading",
    "![x](x)",
    "$x^2$ and $$y$$",
    "a | b | c",
    "&lt;b&gt; &amp; <b>",
    "--><b>",
    "]]><b>",
    "甲<b>模型",
    "{name} {0} @n \\frac{1}{2}",
    "\ue0000\ue001",
]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(html: str) -> _Reader:
    """Text, tags and attributes of a piece of HTML, as a browser sees them."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader


def text_of(html: str) -> str:
    """What a reader sees."""
    return "".join(read(html).text)


def assert_harmless(html: str, allowed: set[str]) -> None:
    """No tags but the allowed ones, no event handlers, no addresses that are script."""
    found = read(html)
    assert set(found.tags) <= allowed, set(found.tags) - allowed
    assert not [name for name, _ in found.attributes if name.startswith("on") or name == "style"]
    assert not [v for n, v in found.attributes if n in ("href", "src") and v.strip().lower().startswith("javascript")]


def tables_with(text: str = "plain") -> Tables:
    """One claim and one fact, with the same words in every column that is free text, and in the source's entry."""
    rows = samples.rows()
    words = {"statement": text, "note": text, "hedge": text, "counts": text}
    name = {"name": text, "name_zh": text, "aliases": text, "organisation": text, "note": text}
    tables = samples.tables(
        articles=[samples.article(title=text, title_en=text, outlet=text)],
        claims=[rows["claims"][0] | words],
        evidence=[rows["evidence"][0] | {"locator": text, "counts": text, "note": text}],
        systems=[samples.system("alpha") | name],
        models=rows["models"],
    )
    entry = {"ID": "paper", "title": text, "author": text, "year": text, "url": text, "eprint": text}
    return Tables(tables.frames, {**tables.references, "paper": entry})


def claims_with(text: str) -> list[Html]:
    """Everything that the page makes of such tables."""
    tables = tables_with(text)
    verdicts = judge_claims(tables)
    cited = dict.fromkeys(("title", "version", "message"), text) | {"authors": [text], "date-released": "2026-11-22"}
    return [
        claim_list(tables, verdicts),
        filter_form(tables, verdicts),
        system_list(tables, verdicts, tables["systems"]),
        source_list(tables),
        claim_reviews(tables, verdicts),
        citation_block(cited),
    ]
