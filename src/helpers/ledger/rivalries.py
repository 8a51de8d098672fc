"""Contradictions of size and date: a record or a class that another claim's system outgrows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from helpers.language import tr
from helpers.ledger.evidence import known
from helpers.ledger.intervals import Interval, date_interval
from helpers.ledger.tables import Tables

SCOPED = {"language", "multimodal"}  # domains of models that the scope of a record may name

Row = Mapping[str, Any]
Pairs = Iterator[dict[str, Any]]


def pair(a: Row, b: Row, why: str) -> dict[str, Any]:
    """Two claims as a row of the table of contradictions."""
    return {
        "system_id": a["system_id"] or b["system_id"],
        "kind": a["kind"],
        "first": a["claim_id"],
        "second": b["claim_id"],
        "first_printed": a["as_printed"],
        "second_printed": b["as_printed"],
        "same_article": a["article_id"] == b["article_id"],
        "why": why,
    }


def disjoint(a: Row, b: Row) -> bool:
    """Whether two printed figures have no value in common; a statement has none.

    Figures that touch only where both are rounded, such as two and three, are apart; two dates that share a day are not.
    """
    if any(x != x for x in (a["low"], b["low"])):
        return False
    one, other = (Interval(c["low"], c["high"]) for c in (a, b))
    rounded = a["unit"] != "date" and one.low < one.high and other.low < other.high
    return not one.overlaps(other) or (rounded and (one.low == other.high or other.low == one.high))


def records_out_of_order(claims: list[Row], tables: Tables) -> Pairs:
    """A record is said to have passed from one system to another, while the same article dates a larger system
    between the two."""
    for claim in claims:
        if claim["kind"] != "superlative" or not (claim["reference_id"] and claim["system_id"]):
            continue
        mine = [c for c in claims if c["article_id"] == claim["article_id"]]
        dates = [_of(mine, claim[k], "date") for k in ("system_id", "reference_id")]
        if None in dates:
            continue
        holder, taker = sorted((d for d in dates if d), key=lambda d: d["low"])
        record = _of(mine, holder["system_id"], "parameters")
        for rival in mine if record else ():
            dated = _of(mine, rival["system_id"], "date") if rival["kind"] == "parameters" else None
            between = dated and holder["high"] < dated["low"] and dated["high"] < taker["low"]
            if dated and record and between and rival["low"] > record["high"]:
                why = tr(
                    "{rival} with {size} parameters is dated {day}: it was larger before {taker} came",
                    rival=tables.name_of(rival["system_id"]), taker=tables.name_of(taker["system_id"]),
                    size=rival["as_printed"], day=dated["value"],
                )  # fmt: skip
                yield pair(claim, dated, why)


def outgrown_records(claims: list[Row], tables: Tables) -> Pairs:
    """The largest of its day, while a claim of an article of that day or before gives another system more."""
    for record in claims:
        scope = set(str(record["counts"]).split())
        of_size = record["formula"] == "largest" or "size" in scope
        if record["kind"] != "superlative" or not of_size or "at_announcement" in scope:
            continue
        size = known(tables, str(record["system_id"]), "parameters")
        field = [c for c in claims if scope & SCOPED <= _domains(tables, c["system_id"])]
        for rival in _above(field, tables, record, size[0]["high"] if size else float("nan")):
            yield pair(record, rival, tr("the largest here, and a larger one there"))


def outgrown_classes(claims: list[Row], tables: Tables) -> Pairs:
    """All of a country have at most so much, while a claim gives one of them more; `counts` names the country."""
    for claim in claims:
        if claim["system_id"] or "china" not in str(claim["counts"]).split() or claim["low"] != claim["low"]:
            continue
        for other in _above(claims, tables, claim, claim["high"]):
            if "China" in _model(tables, other["system_id"])["country"]:
                yield pair(claim, other, tr("all of them at most so much, and one of them more"))


def _above(claims: list[Row], tables: Tables, claim: Row, size: float) -> list[Row]:
    """Claims of a larger figure for another system, public by the claim's day: of each article the largest."""
    day, kind = tables.published[claim["article_id"]], "parameters" if claim["kind"] == "superlative" else claim["kind"]
    found: dict[str, Row] = {}
    if not day:
        return []
    for other in sorted(claims, key=lambda c: -c["low"] if c["low"] == c["low"] else 0.0):
        alike = other["kind"] == kind and claim["unit"] in (other["unit"], "none")
        named = other["system_id"] not in ("", claim["system_id"]) and _public(tables, other["system_id"], day)
        if alike and named and other["low"] > size and tables.published[other["article_id"]] <= day:
            found.setdefault(other["article_id"], other)
    return list(found.values())


def _public(tables: Tables, system_id: str, day: str) -> bool:
    dates = [*known(tables, system_id, "announced"), *known(tables, system_id, "paper")]
    return min((row["low"] for row in dates), default=float("inf")) <= date_interval(day).high


def _domains(tables: Tables, system_id: str) -> set[str]:
    model = _model(tables, system_id)
    return {name for name in SCOPED if name in str(model["domain"]).lower()}


def _model(tables: Tables, system_id: str) -> Row:
    return tables.model_rows.get(system_id, {"country": "", "domain": ""})


def _of(claims: list[Row], system_id: str, kind: str) -> Row | None:
    return next((c for c in claims if c["system_id"] == system_id and c["kind"] == kind and c["low"] == c["low"]), None)
