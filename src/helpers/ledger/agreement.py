"""Figures that agree with what is on file though the sentence does not say all that a judgement needs: they hold, of second rank.

Agreement accuses nobody, so it may look further than `matching`: at parts of a run that the text names, at all members of a
family, at dates without a word of release. A figure agrees only if it tells something: no bare magnitude, no vague bound.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from helpers.ledger.evidence import strength
from helpers.ledger.intervals import Interval, slip_of
from helpers.ledger.knowledge import Knowledge, Row
from helpers.ledger.matching import EVIDENCE, all_evidence, another_release, contrary, part_of_it
from helpers.ledger.verdicts import FAR, Strength
from helpers.reader import Quantity
from helpers.reader.vocabulary import patterns, said

TELLING = 1.5  # the ends of what a figure admits lie no further apart, or it agrees with too much
LEAST_COUNT = 3
KIBI = 1.05
BEYOND = 1.3  # how far above "more than" or below "less than" a value still agrees
_CLAUSE_END = re.compile(r"[,，、;；:：()（）]|(?<!\d)\.|\.(?!\d)")
_ALIKE = ("announced", "first_announced", "context_length", "training_tokens", "layers", "experts", "vocabulary")
_DATES = ("announced", "first_announced", "paper")
_YEAR = 300  # days: a bare year agrees with a lot, so the name has to stand beside it
# What a row counts a part of, and the nouns of what is counted, each with the words by which a text says so.
_PARTS = [(tuple(kind.split("|")), words) for kind, words in patterns("part").items()]
_COUNTED = {quantity: words for kind, words in patterns("noun").items() for quantity in kind.split("|")}
_BESIDE = re.compile(r"[ ,，的(（《「“\"]{0,3}(?:from|in|of|于|於|of early|of late)?[ ]?$", re.I)


def agreeing(
    q: Quantity, claimed: Interval | None, before: str, after: str, context: str, knowledge: Knowledge
) -> list[Row]:
    """Rows of fair standing or better that the figure agrees with, by what the text says of it."""
    sentence = f"{before}{q.as_printed}{after}"
    left, right = _CLAUSE_END.split(before)[-1], _CLAUSE_END.split(after)[0]
    if q.per or contrary(q, f"{left}{q.as_printed}{right}", before, after):
        return []
    if q.unit == "date":
        return _same_date(q, claimed, before, after, knowledge)
    if claimed is None:
        return []
    claimed = _near_its_end(q, claimed)
    if q.kind == "context_length":
        claimed = Interval(claimed.low, claimed.high * KIBI)  # 128K of 1,024 or of 1,000
    if claimed.low <= 0 or claimed.high > TELLING * claimed.low or (q.unit == "count" and claimed.low < LEAST_COUNT):
        return []
    return [
        row
        for row in _rows(q, knowledge)
        if strength(row) >= Strength.FAIR
        and claimed.overlaps(knowledge.estimate(row).interval)
        and (part_of_it(row) or not _disputed(row, knowledge))
        and _is_said(q, row, sentence, context)
    ]


def _disputed(row: Row, knowledge: Knowledge) -> bool:
    """Whether evidence as strong puts the same quantity of the system at less than half or more than double."""
    known = knowledge.estimate(row).interval
    rows = [
        r for r in knowledge.all_on(row["system_id"]) if r["quantity"] == row["quantity"] and r["unit"] == row["unit"]
    ]
    others = [knowledge.estimate(r).interval for r in rows if not part_of_it(r) and strength(r) >= strength(row)]
    return any(not 1 / FAR < known.gap_ratio(other) < FAR for other in others)


def _near_its_end(q: Quantity, claimed: Interval) -> Interval:
    """More than a thousand agrees with what lies a little above it, less than a thousand with what lies a little below."""
    if q.bound not in ("at_least", "at_most"):
        return claimed
    least = q.bound == "at_least"
    return Interval(claimed.low, claimed.low * BEYOND) if least else Interval(claimed.high / BEYOND, claimed.high)


def _rows(q: Quantity, knowledge: Knowledge) -> Iterator[Row]:
    """Evidence in the figure's unit on its system; of a family its own rows and those in which all its members agree."""
    unit = q.unit.replace(".", " ")
    own = [row for row in knowledge.all_on(q.system_id) if row["unit"] == unit]
    yield from own
    for quantity in _ALIKE if q.system_id in knowledge.families else ():
        members = [row for row in knowledge.of_members(q.system_id, quantity) if row["unit"] == unit]
        if members and len({float(row["value"]) for row in members}) == 1:
            yield from members


def of_a_relative(q: Quantity, claimed: Interval, knowledge: Knowledge) -> list[Row]:
    """Rows on the same quantity of the family or of other members of it that the figure agrees with."""
    quantities = EVIDENCE.get(q.kind, ())
    rows = [
        row for r in knowledge.relatives(q.system_id) for row in knowledge.all_on(r) if row["quantity"] in quantities
    ]
    return [
        row
        for row in rows
        if row["unit"] == q.unit.replace(".", " ")
        and strength(row) >= Strength.FAIR
        and claimed.overlaps(knowledge.estimate(row).interval)
    ]


def slipped(q: Quantity, claimed: Interval, before: str, after: str, knowledge: Knowledge) -> list[Row]:
    """Rows whose digits the figure has with another power of ten, where it agrees with none of its kind."""
    if q.per or q.unit == "date" or contrary(q, f"{before}{q.as_printed}{after}", before, after):
        return []
    rows = [row for row in all_evidence(q, knowledge) if strength(row) >= Strength.WEAK]
    if any(claimed.overlaps(knowledge.estimate(row).interval) for row in rows) or of_a_relative(q, claimed, knowledge):
        return []
    return [row for row in rows if slip_of(claimed, knowledge.estimate(row).interval)]


def _is_said(q: Quantity, row: Row, sentence: str, context: str) -> bool:
    """Whether the text says of the figure what the row counts: its kind or noun, and the part if it is one."""
    noun = _COUNTED.get(row["quantity"])
    if row["quantity"] not in EVIDENCE.get(q.kind, ()) and not (noun and q.kind == "count" and noun.search(sentence)):
        return False
    words = [words for parts, words in _PARTS if any(part in row["counts"] for part in parts)]
    if not words:
        return not part_of_it(row) or "leaked" in row["counts"]
    return any(word.search(sentence) or word.search(context) for word in words)


def _same_date(q: Quantity, claimed: Interval | None, before: str, after: str, knowledge: Knowledge) -> list[Row]:
    """The day or month of an announcement; a year only where the name stands beside it."""
    if another_release(before, after) or q.bound.startswith("range"):
        return []
    vague = claimed is not None and claimed.high - claimed.low > _YEAR
    if vague and not (said("released").search(before + after) or _BESIDE.search(before)):
        return []
    rows = knowledge.all_on(q.system_id)
    for quantity in _DATES if q.system_id in knowledge.families else ():
        rows += knowledge.of_members(q.system_id, quantity)
    dates = [row for row in rows if row["quantity"] in _DATES and row["unit"] == "date"]
    dates += knowledge.releases(q.system_id)
    if claimed is None:
        return [row for row in dates if row["value"][5:] == str(q.value)[2:]]  # a day without its year
    return [row for row in dates if claimed.overlaps(knowledge.estimate(row).interval)]
