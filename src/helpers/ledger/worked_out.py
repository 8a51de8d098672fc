"""Figures that no evidence states but that follow from evidence: 6 N D, chips x days, a plausible cost.

Each is held against what the evidence's own figures give, with the slack of the relation; a cost against hours x rent, where only
an amount that no rent explains is doubted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from helpers.constants import SECOND_PER_HOUR
from helpers.ledger.intervals import Interval
from helpers.ledger.knowledge import Knowledge, Row
from helpers.ledger.matching import part_of_it
from helpers.ledger.relations import Node, Relation, readings_of, relations
from helpers.ledger.verdicts import FAR, Flaw, Grade, Strength, Verdict
from helpers.numbers import plain
from helpers.reader import Quantity
from helpers.reader.vocabulary import said

Outcome = tuple[Verdict, tuple[str, ...], str]

_KINDS = {
    "training_tokens": "tokens", "parameters": "parameters", "active_parameters": "active_parameters", "chip_count": "chip_count",
    "training_duration": "duration", "chip_time": "duration", "training_flop": "compute", "energy": "energy",
    "server_count": "server_count", "power_per_chip": "other",
}  # fmt: skip
_WORKED = frozenset({"6ND", "chip_time", "energy", "utilisation"})
_TO_TRAIN = said("training")
_WHOLE_PURSE = re.compile(
    r"投资|融资|估值|营收|采购|建设|数据中心|硬件|集群|薪|研发|invest|revenue|valu|rais|hardware|data ?cent|cluster|salar|R&D|research|purchase|bought|build",
    re.I,
)
USE = (0.15, 0.65)  # shares of the peak that runs have reached
RENT_USD = (0.4, 12.0)  # a chip and hour where the table has no price for it
IMPLAUSIBLE = 3.0  # beyond this factor outside the range a cost is doubted


def from_evidence(target: Node, knowledge: Knowledge) -> Outcome | None:
    """A figure against what evidence on its system gives by formula; None where nothing does."""
    if target.per or target.system_id in knowledge.families:
        return None
    rows = [row for row in knowledge.numbers(target.system_id) if row["quantity"] in _KINDS and not part_of_it(row)]
    nodes = [_node(i, row, target, knowledge) for i, row in enumerate(rows, start=1)]
    found = [
        r
        for r in relations([_moved(target), *nodes], {})
        if r.figures[0] == 0 and 0 not in r.figures[1:] and r.name in _WORKED
    ]
    held = [r for r in found if r.holds]
    best = (held or found)[:1]
    return _outcome(best[0], [rows[i - 1] for i in best[0].figures[1:]]) if best else None


def _outcome(relation: Relation, rows: Sequence[Row]) -> Outcome | None:
    ids = tuple(row["evidence_id"] for row in rows)
    why = f"worked out from {', '.join(row['quantity'].replace('_', ' ') for row in rows)}"
    if relation.holds:
        return Verdict(Grade.ACCURATE, ratio=1.0), ids, why
    far = max(relation.ratio, 1 / relation.ratio) if relation.ratio else FAR
    if far < FAR or relation.name == "energy":
        return None
    return Verdict(Grade.WRONG, Flaw.VALUE, relation.ratio), ids, why


def _moved(target: Node) -> Node:
    return Node(0, target.kind, target.unit, target.interval, target.readings, "it", 0, 0, 0, target.printed)


def _node(index: int, row: Row, target: Node, knowledge: Knowledge) -> Node:
    unit = row["unit"].replace(" ", ".")
    per = "chip" if row["quantity"] == "power_per_chip" else ""
    interval, (readings, divisor) = knowledge.estimate(row).interval, readings_of(unit, per)
    kind = _KINDS[row["quantity"]]
    return Node(index, kind, unit, interval.scaled(1 / divisor), readings, "it", 0, 0, 0, row["value"], per)


def plausible_cost(
    q: Quantity, claimed: Interval, said: str, chips: Iterable[str], knowledge: Knowledge
) -> Outcome | None:
    """A cost of training against chip-hours x rent; doubted only where no rent explains it."""
    if q.unit != "USD" or q.per or not _TO_TRAIN.search(said) or _WHOLE_PURSE.search(said):
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
    work = [
        row for row in rows if row["quantity"] == "training_flop" and knowledge.estimate(row).strength >= Strength.FAIR
    ]
    peaks = [
        float(row["peak_fp16_flop_per_s"])
        for chip in chips
        for row in knowledge.chips(chip)
        if row["peak_fp16_flop_per_s"]
    ]
    if not work or not peaks:
        return None, ()
    flop = knowledge.estimate(work[0]).interval
    slow, fast = min(peaks) * USE[0], max(peaks) * USE[1]
    per_hour = 1 / SECOND_PER_HOUR
    return Interval(flop.low / fast * per_hour, flop.high / slow * per_hour), (work[0]["evidence_id"],)


def chips_of(system: str, knowledge: Knowledge, named: Sequence[str]) -> tuple[str, ...]:
    """The accelerators of a system's training: those on file, else those that the article names."""
    return tuple(row["value"] for row in knowledge.texts(system, "chip")) or tuple(named)
