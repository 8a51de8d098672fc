"""The list of claims, a section for each article, a block with its chain for each claim, the filter; and by system."""

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd

from helpers.language import evidence_text, is_source, named, term, tr, translated
from helpers.ledger.cases import case_of
from helpers.ledger.checks import routes
from helpers.ledger.derivations import DERIVATIONS, evaluate
from helpers.ledger.evidence import strength
from helpers.ledger.tables import Tables
from helpers.numbers import latex, percent, plain
from helpers.report.claims import badge, permalink, printed, quantity, span
from helpers.report.sources import cited, with_sources
from helpers.report.text import Html, displayed, fill, foreign, phrase, with_language

FILTER_FIELDS = ("article_id", "system_id", "kind", "grade")

Row = Mapping[str, Any]


def claim_list(tables: Tables, verdicts: pd.DataFrame) -> Html:
    """All claims, article by article, in the order of the texts; each with its whole chain and the id `claim-<claim_id>`."""
    return fill(
        "claims",
        articles=_grouped(tables, verdicts, tables["articles"], "article_id"),
        fields=FILTER_FIELDS,
        title=article_title,
        counted=_counted,
        badge=badge,
        printed=printed,
        means=_means,
        name_of=tables.name_of,
        why=partial(with_sources, references=tables.references),
        chain=partial(chain, tables),
    )


def system_list(tables: Tables, verdicts: pd.DataFrame, systems: pd.DataFrame) -> Html:
    """An entry per system with the id `system-<system_id>`: its names, and its claims with their badges."""
    grouped = _grouped(tables, verdicts, systems, "system_id")
    words = {"names": _names, "abouts": _abouts, "counted": _counted, "badge": badge, "permalink": permalink}
    return fill("systems", systems=grouped, **words)


def _grouped(tables: Tables, verdicts: pd.DataFrame, heads: pd.DataFrame, key: str) -> list[tuple[Row, list[Row]]]:
    """Each head with its claims and their verdicts."""
    joined = tables["claims"].merge(verdicts, on="claim_id")
    return [(head, joined[joined[key] == head[key]].to_dict("records")) for head in heads.to_dict("records")]


def _counted(n: int) -> str:
    return tr("{n} claim", n=1) if n == 1 else tr("{n} claims", n=n)


def _names(system: Row) -> list[str]:
    return [name for name in (system["name_zh"], *str(system["aliases"]).split("|")) if name]


def _abouts(system: Row) -> list[str]:
    return [x for x in (named(system["organisation"]), term(system["kind"]), translated(system["note"])) if x]


def article_title(article: Row) -> Html:
    """The title as printed, with what it means for readers of English."""
    title, meaning = with_language(article["title"]), article["title_en"] if is_source() else ""
    return phrase("{title} ({meaning})", title=title, meaning=meaning) if meaning else title


def _means(claim: Row) -> Html:
    """What a figure was read as."""
    if claim["value"] == "":
        return Html("")
    if claim["unit"] == "date":
        text = claim["value"]
    elif claim["bound"] == "range":
        text = span(float(claim["value_low"]), float(claim["value_high"]), str(claim["unit"]))
    else:
        text = quantity(float(claim["value"]), str(claim["unit"]))
    hedge = phrase(", hedged {words}", words=with_language(claim["hedge"])) if claim["hedge"] else ""
    return phrase(" = {text}{hedge}", text=text, hedge=hedge)


def filter_form(tables: Tables, verdicts: pd.DataFrame) -> Html:
    """Controls that narrow the list of claims; hidden until the page's script runs, since all is shown without it."""
    joined = tables["claims"].merge(verdicts, on="claim_id")
    return fill("filter", controls=[_control(tables, joined[field]) for field in FILTER_FIELDS])


def _control(tables: Tables, column: pd.Series) -> tuple[str, str, list[tuple[str, str, int]]]:
    """Label and name of a filter, and its values with their words and counts."""
    name, counts = str(column.name).removesuffix("_id"), column[column != ""].value_counts().sort_index()
    words = tables.name_of if name == "system" else term
    return name.capitalize(), name, [(str(value), words(str(value)), int(n)) for value, n in counts.items()]


def chain(tables: Tables, claim: Row) -> Html:
    """Everything behind the verdict on one claim, folded; empty where there is nothing.

    Args:
        claim: a row of claims joined with its verdict.
    """
    estimates = {n: claim[f"estimate_{n}"] for n in (1, 2)}
    apart, ratio = claim["estimates_differ_by"], claim["ratio"]
    cite = partial(with_sources, references=tables.references)
    rows: list[tuple[str, Sequence[str]]] = [
        (tr("Printed precision"), [span(claim["low"], claim["high"], claim["unit"])] if claim["value"] else []),
        (tr("Formula"), [_formula(tables, claim)] if claim["formula"] in DERIVATIONS else []),
        (tr("Evidence"), [_evidence(tables, name) for name in claim["evidence_ids"].split()]),
        *((tr("Estimate {number}", number=n), [cite(said)] if said else []) for n, said in estimates.items()),
        (tr("The two differ by"), [] if math.isnan(apart) else [percent(apart, 2)]),
        (tr("What is wrong"), [tr(claim["problem"])] if claim["problem"] else []),
        (tr("Printed over evidence, at the least"), [] if math.isnan(ratio) or ratio == 1 else [plain(ratio, 3)]),
        (tr("Where it flips"), [cite(claim["flip_point"])] if claim["flip_point"] else []),
        (tr("The articles also say otherwise"), [permalink(n) for n in claim.get("contradicted_by", "").split()]),
    ]
    return fill("chain", items=[(heading, values) for heading, values in rows if values])


def _formula(tables: Tables, claim: Row) -> Html:
    """The formula of a derived claim with its values, in base units."""
    derivation = DERIVATIONS[str(claim["formula"])]
    _, inputs = routes(case_of(tables, claim), derivation)
    intervals = [i.interval for i in inputs if i.interval is not None]
    result = latex(evaluate(derivation, intervals).middle, 4)
    filled = derivation.filled([latex(i.middle, 5) for i in intervals], result)
    return Html(displayed(filled, block=False) + phrase("{formula}; base units", formula=tr(derivation.words)))


def _evidence(tables: Tables, name: str) -> Html:
    if name.startswith("claim:"):
        return phrase("printed in the same article: {claim}", claim=permalink(name.removeprefix("claim:")))
    row = tables.evidence_rows[name]
    printed_as_is = row["unit"] in ("date", "text")
    return phrase(
        "{quantity} of {system}: {value}{counts}. {source}, {place}; {strength} evidence",
        quantity=term(row["quantity"]),
        system=with_language(tables.name_of(row["system_id"])),
        value=foreign(evidence_text(row["value"]))
        if printed_as_is
        else quantity(float(row["value"]), str(row["unit"])),
        counts=phrase(" ({counts})", counts=foreign(evidence_text(row["counts"]))) if row["counts"] else "",
        source=cited(str(row["source_id"]), tables.references),
        place=foreign(evidence_text(row["locator"])),
        strength=tr(strength(row).name.lower()),
    )
