"""Cross-reading: where the articles contradict each other or themselves, found from the rows alone.

Figures are compared where system, kind, unit and `counts` are the same; statements where `counts` holds the same
attribute with another value (`openness: open`, `openness: paper only`). Rules on sizes and dates are in `rivalries`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from helpers.language import tr
from helpers.ledger.intervals import Interval, date_interval
from helpers.ledger.rivalries import disjoint, outgrown_classes, outgrown_records, pair, records_out_of_order
from helpers.ledger.tables import Tables

# Kinds of which a system has one value, so that two disjoint figures cannot both be right.
SINGLE_VALUED = {
    "parameters", "active_parameters", "tokens", "compute", "chip_count", "layers", "context_length", "energy", "dataset_size",
}  # fmt: skip
NAMED = {"count", "duration"}  # kinds of which a system has one value for each thing that `counts` names
TEXT = {"token", "word"}
TOKENS_PER_WORD = 4 / 3  # OpenAI's rule of thumb for English
FAR_APART = 2.0  # a rule of thumb tells no finer difference
RECENTLY = {"近日", "日前", "最近"}
LATELY_DAYS = 92  # what an article calls recent happened at most so long before it
PLANNED, UNDER_WAY = "planned", "under way"
CONTRADICTION_COLUMNS = [
    "system_id", "kind", "first", "second", "first_printed", "second_printed", "same_article", "why",
]  # fmt: skip

Row = Mapping[str, Any]
Pairs = Iterator[dict[str, Any]]


def contradictions(tables: Tables) -> pd.DataFrame:
    """Pairs of claims that cannot both be right, as rows of `CONTRADICTION_COLUMNS`; `first` and `second` are claim ids.

    Of several pairs that say the same of the same two articles, the first stands for all.
    """
    claims = tables["claims"].to_dict("records")
    found = [
        *_disjoint_figures(claims),
        *_disjoint_dates(claims),
        *_not_so_recent(claims, tables),
        *_tokens_and_words(claims),
        *_other_assertions(claims, tables),
        *_other_makers(claims),
        *records_out_of_order(claims, tables),
        *outgrown_records(claims, tables),
        *outgrown_classes(claims, tables),
    ]
    pairs = pd.DataFrame(found, columns=CONTRADICTION_COLUMNS)
    articles = pairs.assign(one=pairs["first"].str[:3], other=pairs["second"].str[:3])
    return pairs[~articles.duplicated(["system_id", "kind", "one", "other", "why"])].reset_index(drop=True)


def _disjoint_figures(claims: list[Row]) -> Pairs:
    """The same quantity of the same system, counted alike, with no value in common."""
    for a, b in itertools.combinations([c for c in claims if _one_valued(c)], 2):
        if all(a[k] == b[k] for k in ("system_id", "reference_id", "kind", "unit", "counts")) and disjoint(a, b):
            yield pair(a, b, tr("no value fits both"))


def _one_valued(claim: Row) -> bool:
    named = claim["kind"] in NAMED and bool(claim["counts"])
    return named or (claim["kind"] in SINGLE_VALUED and bool(claim["system_id"]))


def _disjoint_dates(claims: list[Row]) -> Pairs:
    """Two dates that lean on the same evidence, so of the same event, with no day in common."""
    dates = [c for c in claims if c["unit"] == "date" and c["system_id"]]
    for a, b in itertools.combinations(dates, 2):
        shared = set(a["evidence_ids"].split()) & set(b["evidence_ids"].split())
        if a["system_id"] == b["system_id"] and shared and disjoint(a, b):
            yield pair(a, b, tr("two dates for the same event"))


def _not_so_recent(claims: list[Row], tables: Tables) -> Pairs:
    """One calls recent what another dates far from the first one's day."""
    for recent in (c for c in claims if c["as_printed"] in RECENTLY and c["system_id"]):
        if not tables.published[recent["article_id"]]:
            continue
        written = date_interval(tables.published[recent["article_id"]])
        lately = Interval(written.low - LATELY_DAYS, written.high)
        for dated in claims:
            same = dated["kind"] == "date" and dated["system_id"] == recent["system_id"]
            if (
                same
                and dated["low"] == dated["low"]
                and lately.gap(Interval(dated["low"], dated["high"])) > LATELY_DAYS
            ):
                yield pair(dated, recent, tr("dated, and called recent by an article of another time"))


def _tokens_and_words(claims: list[Row]) -> Pairs:
    """A corpus of one system in tokens here and in words there, too far apart for any language."""
    texts = [c for c in claims if c["unit"] in TEXT and c["system_id"] and "corpus" in str(c["counts"]).split()]
    for a, b in itertools.combinations(texts, 2):
        if a["system_id"] == b["system_id"] and a["unit"] != b["unit"] and "corpus tokens " not in f"{a['counts']}":
            one, other = (_tokens(c) for c in (a, b))
            ratio = one.gap_ratio(other)
            if max(ratio, 1 / ratio) > FAR_APART:
                yield pair(a, b, tr("in tokens and in words, and too far apart for any text"))


def _tokens(claim: Row) -> Interval:
    return Interval(claim["low"], claim["high"]).scaled(TOKENS_PER_WORD if claim["unit"] == "word" else 1.0)


def _other_assertions(claims: list[Row], tables: Tables) -> Pairs:
    """The same attribute of the same system, with another value; a plan is none once it is under way."""
    said = [c for c in claims if ": " in str(c["counts"])]
    for a, b in itertools.combinations(said, 2):
        (one, first), (other, second) = (str(c["counts"]).split(": ", 1) for c in (a, b))
        if one != other or first == second or not _subjects(a) & _subjects(b):
            continue
        if {first, second} == {PLANNED, UNDER_WAY}:
            plan, work = (a, b) if first == PLANNED else (b, a)
            if tables.published[plan["article_id"]] >= tables.published[work["article_id"]]:
                yield pair(plan, work, tr("planned in one, already under way in an earlier one"))
        else:
            yield pair(a, b, tr("one says one thing of it, one another"))


def _other_makers(claims: list[Row]) -> Pairs:
    """Who made it: the same source bears one out and speaks against the other."""
    made = [c for c in claims if c["kind"] == "attribution" and c["system_id"]]
    for a, b in itertools.combinations(made, 2):
        shared = set(a["evidence_ids"].split()) & set(b["evidence_ids"].split())
        if (
            a["system_id"] == b["system_id"]
            and shared
            and {a["formula"], b["formula"]} == {"supported", "contradicted"}
        ):
            yield pair(a, b, tr("two makers, by the same source one of them"))


def opposed(pairs: pd.DataFrame) -> dict[str, list[str]]:
    """For each claim of `contradictions`, the claims that it stands against."""
    found: dict[str, list[str]] = {}
    for one, other in zip(pairs["first"], pairs["second"], strict=True):
        found.setdefault(one, []).append(other)
        found.setdefault(other, []).append(one)
    return found


def _subjects(claim: Row) -> set[str]:
    return {str(claim[k]) for k in ("system_id", "reference_id")} - {""}
