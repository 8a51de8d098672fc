"""Scan an article: the figures of its text as candidates for claims, each with its sentence and a first verdict.

Sentences are shown and never stored.
"""

from dataclasses import dataclass, replace

from helpers.ledger.claimed import around
from helpers.ledger.first_verdicts import first_verdicts
from helpers.ledger.knowledge import Knowledge
from helpers.ledger.verdicts import FirstVerdict
from helpers.reader import Quantity, Token, read_text
from helpers.reader.names import canonical


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
    candidates = []
    for q, first in zip(owned, first_verdicts(text, reading, knowledge), strict=True):
        name = knowledge.titles.get(q.system_id, q.system_id)
        around_it = around(text, q.char_start, q.char_end)
        candidates.append(Candidate(q, name, *around_it, first, q.system_id in knowledge.names))
    return Scan(tuple(candidates), reading.unread, reading.dismissed)
