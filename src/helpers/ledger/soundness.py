"""Combinations of rows that cannot be meant: each was the cause of several wrong grades once, and is refused now."""

from collections.abc import Iterator

import pandas as pd

from helpers.errors import DataProblem
from helpers.ledger.coverage import Faults
from helpers.ledger.matching import EVIDENCE
from helpers.ledger.tables import Row, Tables
from helpers.ledger.verdicts import is_rated
from helpers.reader.fold import TO_SIMPLIFIED

MAGNITUDES = {"十亿": 1e9, "百亿": 1e10, "千亿": 1e11, "万亿": 1e12}  # each a class up to ten times as much
OF_MANY_EVENTS = {"date", "duration"}  # which of a system's days is meant, the unit does not tell
RECORDS = ("largest", "first_to_reach")
# A locator that finds no place within its source: the source is read from its beginning to its end.
NO_PLACE = {
    "text", "report", "release", "article", "paper", "blog", "page", "news text", "press article", "release coverage",
}  # fmt: skip
SAME_FACT = ["system_id", "reference_id", "kind", "value", "value_low", "value_high", "unit", "bound", "counts"]


def row_faults(tables: Tables, complete: bool, row: Row) -> Faults:
    """What cannot be meant in a row of claims: where in it, what, and the mend; `complete` for the project's own ledger,
    in which every claim is followed up."""
    where, attached = f" ({row['claim_id']})", _attached(tables, row)
    rated, formula = is_rated(row["check"]), row["formula"]
    if formula and not rated:
        what = f"check {row['check']} is never rated, and formula {formula} rates it"
        yield where, what, "use another check, or take the formula out"
    praise_only = attached and all(str(r["quantity"]).startswith("claimed_") for r in attached)
    if row["kind"] == "superlative" and formula == "supported" and praise_only:
        mend = "add other evidence, use the formula maker_only, or say that the makers claim it (kind attribution)"
        yield where, "nothing but the makers' own claim bears out a superlative", mend
    if complete and formula in RECORDS and len({r["system_id"] for r in attached}) < 2:
        yield where, "a record without a rival to hold it against", "name in evidence_ids the nearest or a larger one"
    low = MAGNITUDES.get(str(row["as_printed"]).translate(TO_SIMPLIFIED).removesuffix("级"))
    if low and row["bound"] == "range" and (float(row["value_low"]), float(row["value_high"])) != (low, 10 * low):
        what = f"{row['as_printed']} is a class from {low:g} to {10 * low:g} everywhere"
        yield where, what, "correct value_low and value_high"
    for found in attached if complete and rated else ():
        if found["locator"] in NO_PLACE:
            what = f"evidence {found['evidence_id']} names no place within its source"
            yield where, what, "name in its locator a section, table or paragraph, or lean on other evidence"
    if complete and rated and not row["evidence_ids"] and not formula:
        for name in _at_hand(tables, row):
            yield where, f"evidence {name} is on the same figure and not attached", "name it in evidence_ids"


def _attached(tables: Tables, row: Row) -> list[Row]:
    return [tables.evidence_rows[i] for i in row["evidence_ids"].split() if i in tables.evidence_rows]


def without_primary(tables: Tables) -> pd.Series:
    """Rated claims that lean on no row of the makers' own, as identifiers; what an article lists or adds up needs none."""
    claims = tables["claims"]
    rated = claims[claims["check"].map(is_rated) & (claims["evidence_ids"] != "")]
    none = [all(r["standing"] != "primary" for r in _attached(tables, row)) for row in rated.to_dict("records")]
    return rated.loc[none, "claim_id"]


def _at_hand(tables: Tables, row: Row) -> Iterator[str]:
    """Evidence on the same quantity of the same system in the same unit."""
    told = row["system_id"] and row["value"] and row["kind"] not in OF_MANY_EVENTS
    for quantity in EVIDENCE.get(row["kind"], ()) if told else ():
        for found in tables.evidence_of.get((row["system_id"], quantity), []):
            if found["unit"] == row["unit"] and found["confidence"] != "memory":
                yield str(found["evidence_id"])


def check_grades(tables: Tables, verdicts: pd.DataFrame, file: str) -> None:
    """Refuse one fact with two grades in one article: a DataProblem names both claims."""
    graded = tables["claims"].merge(verdicts[["claim_id", "grade"]], on="claim_id")
    graded = graded[(graded["system_id"] != "") & (graded["value"] != "")]
    for _, rows in graded.groupby(["article_id", *SAME_FACT]):
        if rows["grade"].nunique() > 1:
            said = ", ".join(f"{r.claim_id} {r.grade}" for r in rows.itertuples())
            where, what = f"claim {rows['claim_id'].iloc[0]}", f"the same fact has two grades: {said}"
            raise DataProblem(file, where, what, "give both the same evidence and check")
