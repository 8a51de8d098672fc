"""The chain behind one verdict: precision, formula with its values, evidence with its sources, estimates, flip point."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from helpers.language import term, told, tr
from helpers.ledger.cases import case_of
from helpers.ledger.checks import routes
from helpers.ledger.derivations import DERIVATIONS, evaluate
from helpers.ledger.evidence import strength
from helpers.ledger.tables import Tables
from helpers.numbers import latex, percent, plain
from helpers.report.claims import permalink, quantity, span
from helpers.report.sources import cited, with_sources
from helpers.report.text import Html, displayed, fill, foreign, phrase, with_language

Row = Mapping[str, Any]


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
        value=foreign(told(row["value"])) if printed_as_is else quantity(float(row["value"]), str(row["unit"])),
        counts=phrase(" ({counts})", counts=foreign(told(row["counts"]))) if row["counts"] else "",
        source=cited(str(row["source_id"]), tables.references),
        place=foreign(told(row["locator"])),
        strength=tr(strength(row).name.lower()),
    )
