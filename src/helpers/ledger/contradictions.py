"""Cross-reading: where the articles contradict each other or themselves, found from the rows alone."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from helpers.language import tr
from helpers.ledger.intervals import Interval
from helpers.ledger.tables import Tables

# Kinds of which a system has one value, so that two disjoint figures cannot both be right.
SINGLE_VALUED = {
    "parameters",
    "active_parameters",
    "tokens",
    "compute",
    "chip_count",
    "layers",
    "context_length",
    "energy",
    "dataset_size",
}
CONTRADICTION_COLUMNS = [
    "system_id",
    "kind",
    "first",
    "second",
    "first_printed",
    "second_printed",
    "same_article",
    "why",
]

Row = Mapping[str, Any]


def contradictions(tables: Tables) -> pd.DataFrame:
    """Pairs of claims that cannot both be right, as rows of `CONTRADICTION_COLUMNS`; `first` and `second` are claim ids.

    Of several pairs that say the same of the same two articles, the first stands for all.
    """
    claims = tables["claims"].to_dict("records")
    found = [*_disjoint_figures(claims), *_disjoint_dates(claims), *_records_out_of_order(claims, tables)]
    pairs = pd.DataFrame(found, columns=CONTRADICTION_COLUMNS)
    articles = pairs.assign(one=pairs["first"].str[:3], other=pairs["second"].str[:3])
    return pairs[~articles.duplicated(["system_id", "kind", "one", "other", "why"])].reset_index(drop=True)


def _disjoint_figures(claims: list[Row]) -> Iterator[dict[str, Any]]:
    """The same quantity of the same system, counted alike, with no value in common."""
    for a, b in itertools.combinations([c for c in claims if c["kind"] in SINGLE_VALUED and c["system_id"]], 2):
        same = all(a[k] == b[k] for k in ("system_id", "kind", "unit", "counts"))
        if same and _disjoint(a, b):
            yield _pair(a, b, tr("no value fits both"))


def _disjoint_dates(claims: list[Row]) -> Iterator[dict[str, Any]]:
    """Two dates that lean on the same evidence, so of the same event, with no day in common."""
    dates = [c for c in claims if c["unit"] == "date" and c["system_id"]]
    for a, b in itertools.combinations(dates, 2):
        shared = set(a["evidence_ids"].split()) & set(b["evidence_ids"].split())
        if a["system_id"] == b["system_id"] and shared and _disjoint(a, b):
            yield _pair(a, b, tr("two dates for the same event"))


def _records_out_of_order(claims: list[Row], tables: Tables) -> Iterator[dict[str, Any]]:
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
            if (
                dated
                and record
                and rival["low"] > record["high"]
                and holder["high"] < dated["low"]
                and dated["high"] < taker["low"]
            ):
                yield _pair(
                    claim,
                    dated,
                    tr(
                        "{rival} with {size} parameters is dated {day}: it was larger before {taker} came",
                        rival=tables.name_of(rival["system_id"]),
                        taker=tables.name_of(taker["system_id"]),
                        size=rival["as_printed"],
                        day=dated["value"],
                    ),
                )


def _of(claims: list[Row], system_id: str, kind: str) -> Row | None:
    return next((c for c in claims if c["system_id"] == system_id and c["kind"] == kind and c["low"] == c["low"]), None)


def _disjoint(a: Row, b: Row) -> bool:
    if any(x != x for x in (a["low"], b["low"])):
        return False
    return not Interval(a["low"], a["high"]).overlaps(Interval(b["low"], b["high"]))


def _pair(a: Row, b: Row, why: str) -> dict[str, Any]:
    return {
        "system_id": a["system_id"],
        "kind": a["kind"],
        "first": a["claim_id"],
        "second": b["claim_id"],
        "first_printed": a["as_printed"],
        "second_printed": b["as_printed"],
        "same_article": a["article_id"] == b["article_id"],
        "why": why,
    }
