"""Claims on the page: badge, block with the whole chain, and tables that lead there."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from helpers.language import later, named, term, tr, translated
from helpers.ledger.checks import case_of, routes
from helpers.ledger.derivations import DERIVATIONS, evaluate
from helpers.ledger.evidence import strength
from helpers.ledger.tables import Tables
from helpers.ledger.verdicts import DEFINITIONS, Grade
from helpers.numbers import latex, percent, plain, readable
from helpers.report.text import Html, escape, foreign, mathml, with_language

# A shape for each grade, so that it does not lean on colour alone.
SHAPES = {
    Grade.ACCURATE: "●",
    Grade.CLOSE: "◕",
    Grade.INACCURATE: "◐",
    Grade.WRONG: "○",
    Grade.MISLEADING: "◆",
    Grade.UNSUPPORTED: "□",
    Grade.UNSURE: "?",
    Grade.UNRATED: "–",
}
TONES = {
    Grade.ACCURATE: "good",
    Grade.CLOSE: "good",
    Grade.INACCURATE: "fair",
    Grade.WRONG: "bad",
    Grade.MISLEADING: "bad",
    Grade.UNSUPPORTED: "fair",
    Grade.UNSURE: "unsure",
    Grade.UNRATED: "unsure",
}
# The same in drawings: colour roles of helpers.report.figures.
GRADE_COLOURS = {
    "accurate": "#110003",
    "close": "#120001",
    "inaccurate": "#110005",
    "wrong": "#120002",
    "misleading": "#110004",
    "unsupported": "#110002",
    "unsure": "#020202",
    "not rated": "#120003",
}
SHOWN = later("[shown] of [all] claims")  # the page's script puts the numbers in
FIELDS = ("article_id", "system_id", "kind", "grade")

Row = Mapping[str, Any]


def badge(grade: str) -> Html:
    """The grade as a badge that links to its definition."""
    known = Grade(grade)
    return Html(
        f'<a class="badge {TONES[known]}" href="#grade-{escape(known.name.lower())}" title="{escape(tr(DEFINITIONS[known]))}">'
        f'<span aria-hidden="true">{SHAPES[known]}</span> {escape(tr(known.value))}</a>'
    )


def scale_list() -> Html:
    """The scale: every grade with its definition, each with the id `grade-<name>`."""
    items = "\n".join(
        f'<dt id="grade-{g.name.lower()}"><span class="badge {TONES[g]}"><span aria-hidden="true">{SHAPES[g]}</span> {escape(tr(g.value))}</span></dt>'
        f"<dd>{escape(tr(text))}</dd>"
        for g, text in DEFINITIONS.items()
    )
    return Html(f'<dl class="scale">\n{items}\n</dl>')


def permalink(claim_id: str) -> Html:
    """A link to a claim's block."""
    return Html(f'<a href="#claim-{escape(claim_id)}">{escape(claim_id)}</a>')


def claim_rows(tables: Tables, verdicts: pd.DataFrame, chosen: pd.Series) -> pd.DataFrame:
    """Chosen claims joined with their verdicts, for a table with `CLAIM_FORMATS`.

    Args:
        chosen: truth value for each row of `tables["claims"]`.
    """
    return tables["claims"][chosen].merge(verdicts, on="claim_id")


def printed(token: str) -> Html:
    """The figure as printed, marked as Chinese where it is."""
    return Html(f'<span class="printed">{with_language(token)}</span>')


# How the columns of `claim_rows` are shown.
CLAIM_COLUMNS = {
    "claim_id": later("Claim"),
    "as_printed": later("Printed"),
    "statement": later("What it says"),
    "grade": later("Verdict"),
    "why": later("Why"),
}
CLAIM_FORMATS = {"claim_id": permalink, "as_printed": printed, "grade": badge}


def quantity(value: float, unit: str) -> str:
    """A value in its base unit for readers."""
    if unit == "date":
        return date.fromordinal(int(value)).isoformat()
    return readable(value, unit)


def span(low: float, high: float, unit: str) -> str:
    """An interval for readers, with as many digits as tell its ends apart."""
    if low == high or not math.isfinite(high):
        return quantity(low, unit)
    ends = [quantity(low, unit), quantity(high, unit)]
    if ends[0] == ends[1] and unit != "date":
        ends = [readable(low, unit, 6), readable(high, unit, 6)]
    return tr("{low} to {high}", low=ends[0], high=ends[1])


def claim_block(tables: Tables, claim: Row, verdict: Row) -> Html:
    """One claim with its verdict and the whole chain behind it; id `claim-<claim_id>`."""
    data = {**claim, **verdict}
    fields = " ".join(f'data-{f.removesuffix("_id")}="{escape(data[f])}"' for f in FIELDS)
    system = tables.name_of(str(claim["system_id"])) if claim["system_id"] else ""
    place = tr(
        "article {article}, characters {start} to {end}",
        article=escape(claim["article_id"]), start=claim["char_start"], end=claim["char_end"],
    )  # fmt: skip
    return Html(
        f'<article class="claim" id="claim-{escape(claim["claim_id"])}" {fields}>\n'
        f"<h4>{badge(verdict['grade'])} {with_language(claim['statement'])}"
        f'<a class="anchor" href="#claim-{escape(claim["claim_id"])}" aria-label="{tr("Link to this claim")}">#</a></h4>\n'
        f'<p class="meta">{printed(claim["as_printed"])}{_means(claim)} · {place}{" · " + with_language(system) if system else ""}</p>\n'
        f"<p>{with_language(verdict['why'])}</p>\n{_chain(tables, claim, verdict)}</article>"
    )


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


def _chain(tables: Tables, claim: Row, verdict: Row) -> Html:
    rows: list[tuple[str, str]] = []
    if claim["value"] != "":
        rows.append((tr("Printed precision"), escape(span(claim["low"], claim["high"], str(claim["unit"])))))
    if claim["formula"] in DERIVATIONS:
        rows.append((tr("Formula"), _formula(tables, claim)))
    rows += [(tr("Evidence"), _evidence(tables, name)) for name in str(claim["evidence_ids"]).split()]
    for number in (1, 2):
        if verdict[f"estimate_{number}"]:
            rows.append((tr("Estimate {number}", number=number), with_language(verdict[f"estimate_{number}"])))
    if not math.isnan(verdict["estimates_differ_by"]):
        rows.append((tr("The two differ by"), escape(percent(verdict["estimates_differ_by"], 2))))
    if verdict["problem"]:
        rows.append((tr("What is wrong"), escape(tr(verdict["problem"]))))
    if not math.isnan(verdict["ratio"]) and verdict["ratio"] != 1:
        rows.append((tr("Printed over evidence, at the least"), escape(plain(verdict["ratio"], 3))))
    if verdict["flip_point"]:
        rows.append((tr("Where it flips"), with_language(verdict["flip_point"])))
    if not rows:
        return Html("")
    items = "".join(f"<dt>{escape(k)}</dt><dd>{v}</dd>" for k, v in rows)
    return Html(
        f'<details class="chain"><summary>{tr("Evidence and how it was weighed")}</summary><dl>{items}</dl></details>'
    )


def _formula(tables: Tables, claim: Row) -> Html:
    """The formula of a derived claim with its values, in base units."""
    derivation = DERIVATIONS[str(claim["formula"])]
    _, inputs = routes(case_of(tables, claim), derivation)
    intervals = [i.interval for i in inputs if i.interval is not None]
    result = latex(evaluate(derivation, intervals).middle, 4)
    filled = derivation.filled([latex(i.middle, 5) for i in intervals], result)
    return Html(
        f'<div class="formula" role="group" aria-label="{tr("Formula")}" tabindex="0">{mathml(filled)}</div>{escape(tr("{formula}; base units", formula=tr(derivation.words)))}'
    )


def _evidence(tables: Tables, name: str) -> Html:
    if name.startswith("claim:"):
        return Html(tr("printed in the same article: {claim}", claim=permalink(name.removeprefix("claim:"))))
    row = tables.evidence.loc[name]
    printed_as_is = row["unit"] in ("date", "text")
    link = f'<a href="#ref-{escape(row["source_id"])}">{escape(row["source_id"])}</a>'
    return Html(
        tr(
            "{quantity} of {system}: {value}{counts}. {source}, {place}; {strength} evidence",
            quantity=escape(term(row["quantity"])),
            system=with_language(tables.name_of(row["system_id"])),
            value=foreign(row["value"]) if printed_as_is else escape(quantity(float(row["value"]), str(row["unit"]))),
            counts=Html(tr(" ({counts})", counts=foreign(row["counts"]))) if row["counts"] else "",
            source=link,
            place=foreign(row["locator"]),
            strength=escape(tr(strength(row.to_dict()).name.lower())),
        )
    )


def claim_list(tables: Tables, verdicts: pd.DataFrame, article_id: str) -> Html:
    """All claims of an article in the order of its text."""
    by_id = {row["claim_id"]: row for row in verdicts.to_dict("records")}
    claims = tables["claims"]
    rows = claims[claims["article_id"] == article_id].to_dict("records")
    return Html("\n".join(claim_block(tables, row, by_id[row["claim_id"]]) for row in rows))


def filter_form(tables: Tables, verdicts: pd.DataFrame) -> Html:
    """Controls that narrow the list of claims; hidden until the page's script runs, since all is shown without it."""
    joined = tables["claims"].merge(verdicts, on="claim_id")
    controls = "".join(_control(tables, joined, field) for field in FIELDS)
    return Html(
        f'<form class="filter" id="claim-filter" hidden aria-label="{tr("Filter the claims")}" '
        f'data-shown="{escape(tr(SHOWN))}">{controls}'
        f'<label>{tr("Text")} <input type="search" name="text" autocomplete="off"></label>'
        f'<button type="reset">{tr("Show all")}</button><output aria-live="polite"></output></form>'
    )


def _control(tables: Tables, joined: pd.DataFrame, field: str) -> str:
    name = field.removesuffix("_id")
    counts = joined[joined[field] != ""][field].value_counts().sort_index()
    options = "".join(
        f'<option value="{escape(v)}">{escape(_option(tables, field, str(v)))} ({n})</option>'
        for v, n in counts.items()
    )
    return f'<label>{tr(name.capitalize())} <select name="{name}"><option value="">{tr("all")}</option>{options}</select></label>'


def _option(tables: Tables, field: str, value: str) -> str:
    return tables.name_of(value) if field == "system_id" else term(value)


def system_list(tables: Tables, verdicts: pd.DataFrame, systems: pd.DataFrame) -> Html:
    """An entry per system with the id `system-<system_id>`: its names, and its claims with their badges."""
    joined = tables["claims"].merge(verdicts, on="claim_id")
    return Html(
        "\n".join(
            _system_entry(row, joined[joined["system_id"] == row["system_id"]]) for row in systems.to_dict("records")
        )
    )


def _system_entry(system: Row, claims: pd.DataFrame) -> str:
    names = ", ".join(str(with_language(n)) for n in (system["name_zh"], *str(system["aliases"]).split("|")) if n)
    about = " · ".join(
        str(with_language(x))
        for x in (named(system["organisation"]), term(system["kind"]), translated(system["note"]))
        if x
    )
    items = "".join(
        f"<li>{badge(c['grade'])} {with_language(c['statement'])} ({permalink(c['claim_id'])})</li>"
        for c in claims.to_dict("records")
    )
    listed = f"<ul>{items}</ul>" if items else f"<p>{tr('Named only in comparisons.')}</p>"
    count = tr("{n} claim", n=1) if len(claims) == 1 else tr("{n} claims", n=len(claims))
    return (
        f'<details class="system" id="system-{escape(system["system_id"])}"><summary>{with_language(named(system["name"]))} '
        f'<span class="meta">{count}</span></summary><p class="meta">{names}{". " if names else ""}{about}</p>{listed}</details>'
    )


def score_list(counts: pd.Series) -> Html:
    """How many claims got each grade, as badges in the order of the scale."""
    items = "".join(f"<li>{badge(str(grade))} <b>{number}</b></li>" for grade, number in counts.items() if number)
    return Html(f'<ul class="score">{items}</ul>')
