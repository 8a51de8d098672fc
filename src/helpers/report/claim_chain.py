"""The chain behind one verdict: precision, formula with its values, evidence with its sources, estimates, flip point."""

from __future__ import annotations

import math
from collections.abc import Mapping
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
from helpers.report.text import Html, escape, foreign, mathml, with_language

Row = Mapping[str, Any]


def chain(tables: Tables, claim: Row, verdict: Row) -> Html:
    """Everything behind the verdict on one claim, folded; empty where there is nothing."""
    rows: list[tuple[str, str]] = []
    if claim["value"] != "":
        rows.append((tr("Printed precision"), escape(span(claim["low"], claim["high"], str(claim["unit"])))))
    if claim["formula"] in DERIVATIONS:
        rows.append((tr("Formula"), _formula(tables, claim)))
    rows += [(tr("Evidence"), _evidence(tables, name)) for name in str(claim["evidence_ids"]).split()]
    for number in (1, 2):
        if verdict[f"estimate_{number}"]:
            rows.append(
                (tr("Estimate {number}", number=number), with_sources(verdict[f"estimate_{number}"], tables.references))
            )
    if not math.isnan(verdict["estimates_differ_by"]):
        rows.append((tr("The two differ by"), escape(percent(verdict["estimates_differ_by"], 2))))
    if verdict["problem"]:
        rows.append((tr("What is wrong"), escape(tr(verdict["problem"]))))
    if not math.isnan(verdict["ratio"]) and verdict["ratio"] != 1:
        rows.append((tr("Printed over evidence, at the least"), escape(plain(verdict["ratio"], 3))))
    if verdict["flip_point"]:
        rows.append((tr("Where it flips"), with_sources(verdict["flip_point"], tables.references)))
    against = str(verdict.get("contradicted_by", "")).split()
    rows += [(tr("The articles also say otherwise"), permalink(name)) for name in against]
    if not rows:
        return Html("")
    items = "".join(_item(name, [v for k, v in rows if k == name]) for name in dict.fromkeys(k for k, _ in rows))
    return Html(
        f'<details class="chain"><summary>{tr("Evidence and how it was weighed")}</summary><dl>{items}</dl></details>'
    )


def _item(heading: str, values: list[str]) -> str:
    """A heading with all that stands under it."""
    return f"<dt>{escape(heading)}</dt>" + "".join(f"<dd>{value}</dd>" for value in values)


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
    row = tables.evidence_rows[name]
    printed_as_is = row["unit"] in ("date", "text")
    return Html(
        tr(
            "{quantity} of {system}: {value}{counts}. {source}, {place}; {strength} evidence",
            quantity=escape(term(row["quantity"])),
            system=with_language(tables.name_of(row["system_id"])),
            value=foreign(told(row["value"])) if printed_as_is else escape(quantity(float(row["value"]), str(row["unit"]))),
            counts=Html(tr(" ({counts})", counts=foreign(told(row["counts"])))) if row["counts"] else "",
            source=cited(str(row["source_id"]), tables.references),
            place=foreign(told(row["locator"])),
            strength=escape(tr(strength(row).name.lower())),
        )
    )
