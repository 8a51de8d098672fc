"""The list of claims: a section for each article, a block for each claim, and the filter above them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from helpers.language import is_source, later, named, term, tr
from helpers.ledger.tables import Tables
from helpers.report.claim_chain import chain
from helpers.report.claims import badge, printed, quantity, span
from helpers.report.sources import with_sources
from helpers.report.text import Html, escape, with_language

CLAIMS_SHOWN = later("[shown] of [all] claims")  # the page's script puts the numbers in
FILTER_FIELDS = ("article_id", "system_id", "kind", "grade")

Row = Mapping[str, Any]


def claim_list(tables: Tables, verdicts: pd.DataFrame) -> Html:
    """All claims, article by article, in the order of the texts."""
    by_id = {row["claim_id"]: row for row in verdicts.to_dict("records")}
    claims = tables["claims"]
    sections = []
    for article in tables["articles"].to_dict("records"):
        rows = claims[claims["article_id"] == article["article_id"]].to_dict("records")
        blocks = [claim_block(tables, row, by_id[row["claim_id"]]) for row in rows]
        sections.append(_section(article, blocks))
    return Html("\n".join(sections))


def _section(article: Row, blocks: list[Html]) -> str:
    """The claims of one article under a heading with the id `article-<article_id>`."""
    anchor = f"article-{escape(article['article_id'])}"
    heading = tr("Article {id}: {title}", id=escape(article["article_id"]), title=article_title(article))
    count = tr("{n} claim", n=1) if len(blocks) == 1 else tr("{n} claims", n=len(blocks))
    about = " · ".join((str(with_language(named(article["outlet"]))), escape(article["published"]), count))
    return (
        f'<section class="of-article" aria-labelledby="{anchor}">\n<h4 id="{anchor}">{heading}'
        f'<a class="anchor" href="#{anchor}" aria-label="{tr("Link to this section")}">#</a></h4>\n'
        f'<p class="meta">{about}</p>\n' + "\n".join(blocks) + "\n</section>"
    )


def article_title(article: Row) -> Html:
    """The title as printed, with what it means for readers of English."""
    title = with_language(article["title"])
    meaning = article["title_en"] if is_source() else ""
    return Html(f"{title} ({escape(meaning)})" if meaning else title)


def claim_block(tables: Tables, claim: Row, verdict: Row) -> Html:
    """One claim with its verdict and the whole chain behind it; id `claim-<claim_id>`."""
    data = {**claim, **verdict}
    fields = " ".join(f'data-{f.removesuffix("_id")}="{escape(data[f])}"' for f in FILTER_FIELDS)
    place = tr(
        "article {article}, characters {start} to {end}",
        article=escape(claim["article_id"]), start=claim["char_start"], end=claim["char_end"],
    )  # fmt: skip
    return Html(
        f'<article class="claim" id="claim-{escape(claim["claim_id"])}" {fields}>\n'
        f"<h5>{badge(verdict['grade'])} {with_language(claim['statement'])}"
        f'<a class="anchor" href="#claim-{escape(claim["claim_id"])}" aria-label="{tr("Link to this claim")}">#</a></h5>\n'
        f'<p class="meta">{printed(claim["as_printed"])}{_means(claim)} · <span class="place">{place}</span>{_system(tables, claim)}</p>\n'
        f'<p class="why">{with_sources(verdict["why"], tables.references)}</p>\n{chain(tables, claim, verdict)}</article>'
    )


def _system(tables: Tables, claim: Row) -> Html:
    """The system that a claim is about, with a link to its entry."""
    key = str(claim["system_id"])
    return Html(f' · <a href="#system-{escape(key)}">{with_language(tables.name_of(key))}</a>' if key else "")


def _means(claim: Row) -> Html:
    if claim["value"] == "":
        return Html("")
    if claim["unit"] == "date":
        text = claim["value"]
    elif claim["bound"] == "range":
        text = span(float(claim["value_low"]), float(claim["value_high"]), str(claim["unit"]))
    else:
        text = quantity(float(claim["value"]), str(claim["unit"]))
    hedge = tr(", hedged {words}", words=with_language(claim["hedge"])) if claim["hedge"] else ""
    return Html(f" = {escape(text)}{hedge}")


def filter_form(tables: Tables, verdicts: pd.DataFrame) -> Html:
    """Controls that narrow the list of claims; hidden until the page's script runs, since all is shown without it."""
    joined = tables["claims"].merge(verdicts, on="claim_id")
    controls = "".join(_control(tables, joined, field) for field in FILTER_FIELDS)
    return Html(
        f'<form class="filter" id="claim-filter" hidden aria-label="{tr("Filter the claims")}" '
        f'data-shown="{escape(tr(CLAIMS_SHOWN))}">{controls}'
        f'<button type="reset">{tr("Show all")}</button><output aria-live="polite"></output></form>'
    )


def _control(tables: Tables, joined: pd.DataFrame, field: str) -> str:
    name = field.removesuffix("_id")
    counts = joined[joined[field] != ""][field].value_counts().sort_index()
    options = "".join(
        f'<option value="{escape(v)}">{escape(_option(tables, field, str(v)))} ({n})</option>'
        for v, n in counts.items()
    )
    return f'<label>{tr(name.capitalize())} <select name="{name}"><option value="">{tr("any")}</option>{options}</select></label>'


def _option(tables: Tables, field: str, value: str) -> str:
    return tables.name_of(value) if field == "system_id" else term(value)
