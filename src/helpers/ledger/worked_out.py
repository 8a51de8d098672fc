"""Figures that no evidence states but that follow from evidence: 6 N D, chips x days, a plausible cost.

Each is held against what the evidence's own figures give, with the slack of the relation; a cost against hours x rent, where only
an amount that no rent explains is doubted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from helpers.constants import SECOND_PER_HOUR
from helpers.ledger.intervals import Interval
from helpers.ledger.knowledge import Knowledge
from helpers.ledger.matching import part_of_it
from helpers.ledger.verdicts import Flaw, Grade, Strength, Verdict
from helpers.numbers import plain
from helpers.reader import Quantity
from helpers.reader.vocabulary import said

Outcome = tuple[Verdict, tuple[str, ...], str]

USE = (0.15, 0.65)  # shares of the peak that runs have reached
RENT_USD = (0.4, 12.0)  # a chip and hour where the table has no price for it
IMPLAUSIBLE = 3.0  # beyond this factor outside the range a cost is doubted


def plausible_cost(
    q: Quantity, claimed: Interval, sentence: str, chips: Iterable[str], knowledge: Knowledge
) -> Outcome | None:
    """A cost of training against chip-hours x rent; doubted only where no rent explains it."""
    if q.unit != "USD" or q.per or not said("training").search(sentence) or said("whole_purse").search(sentence):
        return None
    hours, ids = _chip_hours(q.system_id, chips, knowledge)
    if hours is None:
        return None
    low, high = knowledge.rent(chips) or RENT_USD
    cost = Interval(hours.low * low, hours.high * high)
    chain = f"{plain(hours.low)} to {plain(hours.high)} chip-hours x {plain(low)} to {plain(high)} USD"
    if claimed.low > cost.high * IMPLAUSIBLE or claimed.high < cost.low / IMPLAUSIBLE:
        ratio = claimed.gap_ratio(cost)
        return Verdict(Grade.INACCURATE, Flaw.VALUE, ratio), ids, f"not plausible as rent: {chain}"
    return Verdict(Grade.UNSURE), ids, f"plausible as rent: {chain}"


def _chip_hours(system: str, chips: Iterable[str], knowledge: Knowledge) -> tuple[Interval | None, tuple[str, ...]]:
    """Chip-hours on file, else FLOP over the peak of the only kind of chip at a share that runs have reached."""
    rows = [row for row in knowledge.numbers(system) if not part_of_it(row)]
    stated = [row for row in rows if row["quantity"] == "chip_time" and row["unit"] == "chip s"]
    if stated:
        return knowledge.estimate(stated[0]).interval.scaled(1 / SECOND_PER_HOUR), (stated[0]["evidence_id"],)
    work = [r for r in rows if r["quantity"] == "training_flop" and knowledge.estimate(r).strength >= Strength.FAIR]
    peaks = [peak for chip in chips for peak in knowledge.peaks(chip)]
    if not work or not peaks:
        return None, ()
    flop = knowledge.estimate(work[0]).interval
    slow, fast = (rate * SECOND_PER_HOUR for rate in (min(peaks) * USE[0], max(peaks) * USE[1]))
    return Interval(flop.low / fast, flop.high / slow), (work[0]["evidence_id"],)


def chips_of(system: str, knowledge: Knowledge, named: Sequence[str]) -> tuple[str, ...]:
    """The accelerators of a system's training: those on file, else those that the article names."""
    return tuple(row["value"] for row in knowledge.texts(system, "chip")) or tuple(named)
