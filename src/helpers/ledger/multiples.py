"""Multiples and shares of two systems or accelerators: 3.8 times the parameters of GPT-3, half the power of an H100.

The sentence says of which quantity; what each has is evidence or its data sheet. A multiple that is right in one of its usual
senses holds; one that is far off in all of them contradicts, where the sentence leaves no choice of systems and quantity.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

from helpers.ledger.intervals import Interval, slip_of
from helpers.ledger.knowledge import Knowledge
from helpers.ledger.matching import part_of_it
from helpers.ledger.nodes import Node, over
from helpers.ledger.quotients import ways_of_quotient
from helpers.numbers import plain
from helpers.reader.vocabulary import patterns

NEAR = 1.05
VAGUE, A_LITTLE = 1.5, 1.15
FAR = 1.5  # a multiple that is further off in every sense is no rounding
MOST_ROWS = 3
_CLAUSE = re.compile(r"[,，、;；:：()（）]")

Known = tuple[Interval, str]  # what a system has of a quantity, and the row that says so


class Multiple(NamedTuple):
    """Whether a figure holds, what it rests on, and why."""

    holds: bool
    ids: tuple[str, str]
    why: str
    of: str  # which quantity of the two
    in_clause: bool  # whether the clause of the figure says so
    ratio: float = 1.0


def multiple_of(target: Node, others: Sequence[str], named: Sequence[str], knowledge: Knowledge) -> Multiple | None:
    """A multiple against its two systems; `others` may be what it is of, `named` are those of the sentence itself.

    Contradicts only if the sentence names one other system and says one quantity.
    """
    found = [(other, m) for other in others for m in _tried(target, other, knowledge)]
    one = len({m.of for _, m in found}) == 1
    held = next((m for _, m in found if m.holds and (m.in_clause or one)), None)
    if held is not None:
        return held
    off = [m for other, m in found if [other] == list(named) and m.in_clause]
    return off[0] if len({m.of for m in off}) == 1 and all(m.ratio > FAR for m in off) else None


def _tried(target: Node, other: str, knowledge: Knowledge) -> list[Multiple]:
    """Every quantity that the sentence says and both systems have."""
    clause = next((c for c in _CLAUSE.split(target.said) if target.printed in c), "")
    tried = []
    for of, words in patterns("multiple").items():
        sentence, part = target.said, clause
        if of == "chip_count":  # which chip-hours do not count
            sentence, part = (patterns("multiple")["chip_time"].sub("", text) for text in (sentence, part))
        if words.search(sentence):
            mine, its = (_values(system, of, knowledge) for system in (target.system_id, other))
            in_clause = words.search(part) is not None
            tried += [_held(target, pair, of, in_clause) for pair in product(mine, its)]
    return tried


def _values(system: str, quantity: str, knowledge: Knowledge) -> list[Known]:
    """What an accelerator has by its sheets, or a system by evidence, strongest first."""
    sheets = [row for row in knowledge.chips(system) if row.get(quantity)]
    if sheets:
        return [(Interval(float(row[quantity]), float(row[quantity])), row["accelerator_id"]) for row in sheets]
    rows = [row for row in knowledge.numbers(system) if row["quantity"] == quantity and not part_of_it(row)]
    strongest = sorted(rows, key=lambda row: knowledge.estimate(row).strength, reverse=True)[:MOST_ROWS]
    return [(knowledge.estimate(row).interval, row["evidence_id"]) for row in strongest]


def _held(target: Node, pair: tuple[Known, Known], of: str, in_clause: bool) -> Multiple:
    (a, first), (b, second) = pair
    small, large = sorted((over(a, b), over(b, a)), key=lambda way: way.middle)
    ways = ways_of_quotient(target, large, small)
    why = f"{of.replace('_', ' ')} of the two, {plain(over(a, b).middle)} to 1"
    low, high = target.interval.low, target.interval.high
    if high > VAGUE * low:  # more than, or less than: what lies a little beyond
        low, high = (low, low * A_LITTLE) if low > 0 else (high / A_LITTLE, high)
    if any(Interval(low, high).overlaps(Interval(way.low / NEAR, way.high * NEAR)) for way in ways):
        return Multiple(True, (first, second), why, of, in_clause)
    gaps = [target.interval.gap_ratio(way) for way in ways if way.low > 0]
    off = min((max(gap, 1 / gap) for gap in gaps if gap > 0), default=1.0)
    slipped = " (a power of ten off)" if slip_of(target.interval, ways[0]) else ""
    return Multiple(False, (first, second), why + slipped, of, in_clause, off)
