"""Cross-reading: where the articles contradict each other or themselves, found from the rows alone.

Figures are compared where system, kind, unit and `counts` are the same; statements where `counts` holds the same
attribute with another value (`openness: open`, `openness: paper only`); a record or a class against the sizes and dates of its rivals.
"""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd

from helpers.language import later, tr
from helpers.ledger.cases import row_interval
from helpers.ledger.evidence import known
from helpers.ledger.intervals import Interval, date_interval
from helpers.ledger.tables import Row, Tables
from helpers.numbers import words
from helpers.rows import grouped

# Kinds of which a system has one value, so that two disjoint figures cannot both be right.
SINGLE_VALUED = {
    "parameters", "active_parameters", "tokens", "compute", "chip_count", "layers", "context_length", "energy", "dataset_size",
}  # fmt: skip
NAMED = {"count", "duration"}  # kinds of which a system has one value for each thing that `counts` names
TOKENS_PER = {"token": 1.0, "word": 4 / 3}  # OpenAI's rule of thumb for English
FAR_APART = 2.0  # a rule of thumb tells no finer difference
RECENTLY = {"近日", "日前", "最近"}
LATELY_DAYS = 92  # what an article calls recent happened at most so long before it
PLANNED, UNDER_WAY = "planned", "under way"
SCOPED = {"language", "multimodal"}  # domains of models that the scope of a record may name

Pairs = Iterator[dict[str, Any]]


def contradictions(tables: Tables) -> pd.DataFrame:
    """Pairs of claims that cannot both be right, as rows of `pair`; `first` and `second` are claim ids.

    Of several pairs that say the same of the same two articles, the first stands for all.
    """
    claims = tables["claims"].to_dict("records")
    rules = (_not_so_recent, _other_assertions, records_out_of_order, outgrown_records, outgrown_classes)
    found = [*_two_by_two(claims), *(two for rule in rules for two in rule(claims, tables))]
    pairs = pd.DataFrame(found, columns=list(pair(claims[0], claims[0], "")))
    articles = pairs.assign(one=pairs["first"].str[:3], other=pairs["second"].str[:3])
    return pairs[~articles.duplicated(["system_id", "kind", "one", "other", "why"])].reset_index(drop=True)


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


def _two_by_two(claims: list[Row]) -> Pairs:
    """Claims that are alike in some columns and cannot both be right: the same quantity of the same system, counted
    alike; dates of one event; one corpus in tokens and in words; makers of one system."""
    singles = [
        c for c in claims if c["counts" if c["kind"] in NAMED else "system_id"] and c["kind"] in SINGLE_VALUED | NAMED
    ]
    of_systems = [c for c in claims if c["system_id"]]
    rules: list[tuple[list[Row], tuple[str, ...], Callable[[Row, Row], bool], str]] = [
        (singles, ("system_id", "reference_id", "kind", "unit", "counts"), disjoint, tr("no value fits both")),
        (
            [c for c in of_systems if c["unit"] == "date"], ("system_id",),
            lambda a, b: _share_evidence(a, b) and disjoint(a, b), tr("two dates for the same event"),
        ),
        (
            [c for c in of_systems if c["unit"] in TOKENS_PER and "corpus" in str(c["counts"]).split()], ("system_id",),
            _unlike_texts, tr("in tokens and in words, and too far apart for any text"),
        ),
        (
            [c for c in of_systems if c["kind"] == "attribution"], ("system_id",),
            lambda a, b: _share_evidence(a, b) and {a["formula"], b["formula"]} == {"supported", "contradicted"},
            tr("two makers, by the same source one of them"),
        ),
    ]  # fmt: skip
    for chosen, alike, opposed_to, why in rules:
        for a, b in itertools.combinations(chosen, 2):
            if all(a[column] == b[column] for column in alike) and opposed_to(a, b):
                yield pair(a, b, why)


def disjoint(a: Row, b: Row) -> bool:
    """Whether two printed figures have no value in common; a statement has none.

    Figures that touch only where both are rounded, such as two and three, are apart; two dates that share a day are not.
    """
    one, other = row_interval(a), row_interval(b)
    if one is None or other is None:
        return False
    rounded = a["unit"] != "date" and one.low < one.high and other.low < other.high
    return not one.overlaps(other) or (rounded and (one.low == other.high or other.low == one.high))


def _share_evidence(a: Row, b: Row) -> bool:
    return bool(set(a["evidence_ids"].split()) & set(b["evidence_ids"].split()))


def _unlike_texts(a: Row, b: Row) -> bool:
    """Whether a corpus in tokens here and in words there is too far apart for any language."""
    one, other = (Interval(c["low"], c["high"]).scaled(TOKENS_PER[c["unit"]]) for c in (a, b))
    return a["unit"] != b["unit"] and not 1 / FAR_APART <= one.gap_ratio(other) <= FAR_APART


def _not_so_recent(claims: list[Row], tables: Tables) -> Pairs:
    """One calls recent what another dates far from the first one's day."""
    dates = [c for c in claims if c["kind"] == "date" and c["low"] == c["low"]]
    for recent in (c for c in claims if c["as_printed"] in RECENTLY and c["system_id"]):
        if published := tables.published[recent["article_id"]]:
            written = date_interval(published)
            lately = Interval(written.low - LATELY_DAYS, written.high)
            for dated in (d for d in dates if d["system_id"] == recent["system_id"]):
                if lately.gap(Interval(dated["low"], dated["high"])) > LATELY_DAYS:
                    yield pair(dated, recent, tr("dated, and called recent by an article of another time"))


def _other_assertions(claims: list[Row], tables: Tables) -> Pairs:
    """The same attribute of the same system, with another value; a plan is none once it is under way."""
    for a, b in itertools.combinations([c for c in claims if ": " in str(c["counts"])], 2):
        (one, first), (other, second) = (str(c["counts"]).split(": ", 1) for c in (a, b))
        subjects = [{str(c["system_id"]), str(c["reference_id"])} for c in (a, b)]
        if one != other or first == second or not subjects[0] & subjects[1] - {""}:
            continue
        if {first, second} == {PLANNED, UNDER_WAY}:
            plan, work = (a, b) if first == PLANNED else (b, a)
            if tables.published[plan["article_id"]] >= tables.published[work["article_id"]]:
                yield pair(plan, work, tr("planned in one, already under way in an earlier one"))
        else:
            yield pair(a, b, tr("one says one thing of it, one another"))


def opposed(pairs: pd.DataFrame) -> dict[str, list[str]]:
    """For each claim of `contradictions`, the claims that it stands against."""
    both = zip(pairs["first"], pairs["second"], strict=True)
    return grouped(way for one, other in both for way in ((one, other), (other, one)))


def records_out_of_order(claims: list[Row], tables: Tables) -> Pairs:
    """A record is said to have passed from one system to another, while the same article dates a larger system
    between the two."""
    for claim in (c for c in claims if c["kind"] == "superlative"):
        mine = [c for c in claims if c["article_id"] == claim["article_id"] and c["system_id"] and c["low"] == c["low"]]
        dates, sizes = ({c["system_id"]: c for c in mine[::-1] if c["kind"] == k} for k in ("date", "parameters"))
        ends = [dates[claim[k]] for k in ("system_id", "reference_id") if claim[k] in dates]
        if len(ends) < 2:
            continue
        holder, taker = sorted(ends, key=lambda d: d["low"])
        record = sizes.get(holder["system_id"])
        for rival in mine if record else ():
            dated = dates.get(rival["system_id"]) if rival["kind"] == "parameters" else None
            between = dated and holder["high"] < dated["low"] and dated["high"] < taker["low"]
            if dated and record and between and rival["low"] > record["high"]:
                why = later("{rival} with {size} parameters is dated {day}: it was larger before {taker} came")
                names = {"rival": tables.name_of(rival["system_id"]), "taker": tables.name_of(taker["system_id"])}
                yield pair(claim, dated, tr(why, size=words(float(rival["value"])), day=dated["value"], **names))


def outgrown_records(claims: list[Row], tables: Tables) -> Pairs:
    """The largest of its day, while a claim of an article of that day or before gives another system more."""
    domains = {key: str(row["domain"]).lower() for key, row in tables.model_rows.items()}
    for record in (c for c in claims if c["kind"] == "superlative"):
        scope, size = set(str(record["counts"]).split()), known(tables, str(record["system_id"]), "parameters")
        if size and "at_announcement" not in scope and (record["formula"] == "largest" or "size" in scope):
            field = [c for c in claims if all(d in domains.get(c["system_id"], "") for d in scope & SCOPED)]
            for rival in _above(field, tables, record, size[0]["high"]):
                yield pair(record, rival, tr("the largest here, and a larger one there"))


def outgrown_classes(claims: list[Row], tables: Tables) -> Pairs:
    """All of a country have at most so much, while a claim gives one of them more; `counts` names the country."""
    chinese = {key for key, row in tables.model_rows.items() if "China" in row["country"]}
    for claim in (c for c in claims if not c["system_id"] and "china" in str(c["counts"]).split()):
        for other in _above(claims, tables, claim, claim["high"]):
            if other["system_id"] in chinese:
                yield pair(claim, other, tr("all of them at most so much, and one of them more"))


def _above(claims: list[Row], tables: Tables, claim: Row, size: float) -> list[Row]:
    """Claims of a larger figure for another system, public by the claim's day: of each article the largest."""
    day, kind = tables.published[claim["article_id"]], "parameters" if claim["kind"] == "superlative" else claim["kind"]
    found: dict[str, Row] = {}
    larger = (c for c in claims if c["kind"] == kind and c["low"] > size and claim["unit"] in (c["unit"], "none"))
    for other in sorted(larger, key=lambda c: -c["low"]) if day else ():
        rival = other["system_id"]
        if rival not in ("", claim["system_id"]) and tables.published[other["article_id"]] <= day:
            dates = [*known(tables, rival, "announced"), *known(tables, rival, "paper")]
            if any(row["low"] <= date_interval(day).high for row in dates):
                found.setdefault(other["article_id"], other)
    return list(found.values())
