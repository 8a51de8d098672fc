"""What a check sees: one claim, its article, and its evidence looked up."""

import math
from dataclasses import dataclass

from helpers.errors import DataProblem
from helpers.language import evidence_text, tr
from helpers.ledger.evidence import later_press, strength
from helpers.ledger.intervals import Interval, date_interval
from helpers.ledger.tables import Row, Tables
from helpers.ledger.verdicts import Estimate, Strength


@dataclass(frozen=True)
class Input:
    """One input of a check: an evidence row, or a figure printed in the same article."""

    row: Row
    strength: Strength
    later: bool = False  # press written after the article

    @property
    def interval(self) -> Interval | None:
        """Its figure; None where it has none."""
        return row_interval(self.row)

    @property
    def claimed(self) -> bool:
        """Whether it is what the makers claim of themselves, such as a record or a saving; a place on others' leaderboard is none."""
        return str(self.row.get("quantity", "")).startswith("claimed_")


@dataclass(frozen=True)
class Case:
    """What a check sees: the claim, its article, its inputs, and the tables."""

    tables: Tables
    claim: Row
    inputs: tuple[Input, ...]

    @property
    def strength(self) -> Strength:
        """The strongest of the inputs."""
        return max((i.strength for i in self.inputs), default=Strength.HINT)

    @property
    def written(self) -> float:
        """The last day on which its article may have been written."""
        return date_interval(self.tables.published[self.claim["article_id"]]).high


def case_of(tables: Tables, claim: Row) -> Case:
    """A claim with its evidence looked up."""
    return Case(tables, claim, tuple(_input(tables, claim, name) for name in claim["evidence_ids"].split()))


def misfit(claim: Row, what: str, mend: str, column: str = "") -> DataProblem:
    """A claim whose check and evidence do not fit each other."""
    where = f"claim {claim['claim_id']}" + (f", column {column}" if column else "")
    return DataProblem("data/raw/claims.csv", where, what, mend)


def _input(tables: Tables, claim: Row, name: str) -> Input:
    if name.removeprefix("claim:") in tables.claim_rows:
        return Input(tables.claim_rows[name.removeprefix("claim:")], Strength.FAIR)
    row = tables.evidence_rows[name]
    paper = "eprint" in tables.references.get(row["source_id"], {})  # who cites papers needs no article
    return Input(row, strength(row), not paper and later_press(row, tables.published[claim["article_id"]]))


def estimate_of(item: Input, interval: Interval) -> Estimate:
    """An input as an estimate of the claimed figure; a maker's claim on itself weighs no more than a guess."""
    weighed = min(item.strength, Strength.WEAK) if item.claimed else item.strength
    return Estimate(interval, weighed, input_label(item), item.later, str(item.row.get("standing", "")))


def row_interval(row: Row) -> Interval | None:
    """The figure of a processed row, as an interval."""
    return None if math.isnan(row["low"]) else Interval(row["low"], row["high"])


def input_label(item: Input) -> str:
    """An input in a few words."""
    if "source_id" not in item.row:
        return tr("printed in the same article: {claim}", claim=item.row["as_printed"])
    return tr("{source}, {place}", source=item.row["source_id"], place=evidence_text(item.row["locator"]))
