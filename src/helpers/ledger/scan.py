"""Scan an article: the figures of its text as candidates for claims, each with its sentence and a first verdict.

Sentences are shown and never stored.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from helpers.ledger.claimed import around, claimed_interval, number, range_ends
from helpers.ledger.first_verdicts import first_verdicts
from helpers.ledger.knowledge import Knowledge
from helpers.ledger.verdicts import FirstVerdict
from helpers.reader import Quantity, Token, read_text
from helpers.reader.names import canonical

__all__ = ["Candidate", "FirstVerdict", "Knowledge", "Scan", "claimed_interval", "number", "range_ends", "scan"]


@dataclass(frozen=True)
class Candidate:
    """A figure, the name of its system (known: the tables hold it), and what is said of it first.

    `before` and `after` are for the screen only.
    """

    quantity: Quantity
    system: str
    before: str
    after: str
    first: FirstVerdict | None
    known: bool = True


@dataclass(frozen=True)
class Scan:
    """What was found in a text, and what could not be read."""

    candidates: tuple[Candidate, ...]
    unread: tuple[Token, ...]
    dismissed: tuple[Token, ...]


def scan(text: str, knowledge: Knowledge) -> Scan:
    """Read the figures of a text and judge them; linear in its length."""
    reading = read_text(text, knowledge.index, knowledge.families)
    owned = []
    for q in reading.quantities:  # everyday words that the text uses as a name (Colossus, Falcon)
        system_id = knowledge.everyday.get(canonical(q.system_id), q.system_id)
        owned.append(q if q.system_id in knowledge.names else replace(q, system_id=system_id))
    reading = replace(reading, quantities=tuple(owned))
    firsts = first_verdicts(text, reading, knowledge)
    candidates = tuple(
        _candidate(text, q, first, knowledge) for q, first in zip(reading.quantities, firsts, strict=True)
    )
    return Scan(candidates, reading.unread, reading.dismissed)


def _candidate(text: str, quantity: Quantity, first: FirstVerdict | None, knowledge: Knowledge) -> Candidate:
    names = knowledge.names.get(quantity.system_id)
    before, after = around(text, quantity.char_start, quantity.char_end)
    name = knowledge.titles[quantity.system_id] if names else quantity.system_id
    return Candidate(quantity, name, before, after, first, bool(names))
