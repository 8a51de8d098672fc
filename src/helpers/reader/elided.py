"""Figures whose noun is left out because the figure before them, the verb or a bracket says it: has 141 billion, saw 2T, (178B).

Only large round magnitudes behind a name in their clause can be sizes or tokens; figures of other kinds repeat the unit of the one
before them only in the same sentence and the same place: 539 tonnes for one, 2,290 for another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from helpers.reader.nouns import ACTIVE, CHIP_HOURS, CHIPS, PARAMETERS, SERVERS, TOKENS, Around, Kind
from helpers.reader.parsing import Parsed
from helpers.reader.vocabulary import phrase

SMALLEST = Decimal(10**9)
MOST_PARAMETERS = Decimal("1.7e12")  # from here a bare figure behind a name counts tokens
LIKE = 300  # how many times larger or smaller a figure of the same list is at the most
_ENDS = phrase("elided ends")
_ACTIVE_NEXT = phrase("elided active_next")
_IS = re.compile(r"(?:(?<![A-Za-z])[A-Z][A-Za-z0-9.-]* is|^ ?Really) $")
_ACTIVE_FIRST = phrase("elided active_first")
_HAS = phrase("elided has")
_READ = phrase("elided read")
_BRACKET = re.compile(r"[A-Za-z0-9\u4e00-\u9fff] ?[(（]$")
_AFTER_NAME = phrase("elided after_name")
_PARALLEL = phrase("elided parallel")
FEWEST_HOURS = 5000  # of chips, where the word is left out
_TOOK = phrase("elided took")
_REPEATABLE = ("mass", "chip_time", "energy", "money", "throughput")
_OF_THEM = re.compile(r" of (?:them|these|those)(?![a-z])")
_CHIPS = re.compile(r"GPU|TPU|chip|[AHV]\d00|accelerator|card")


@dataclass(frozen=True)
class Said:
    """The figure read before: where it ends, its kind, unit and value."""

    end: int
    kind: Kind
    parsed: Parsed


def elided(
    parsed: Parsed, around: Around, last: Said | None, same_sentence: bool, of_hours: bool
) -> tuple[Parsed, Kind] | None:
    """The figure with its unit and kind, where what stands before it says them (`of_hours`: hours of chips do); None where nothing does."""
    if parsed.unit is not None:
        return None
    few = parsed.number.value < SMALLEST and parsed.number.bound != "range"
    if last and last.kind is TOKENS and _OF_THEM.match(around.after) and not few:
        return parsed, TOKENS
    if last and few and _OF_THEM.match(around.after) and _CHIPS.search(around.context):
        return parsed, SERVERS if last.kind is SERVERS else CHIPS
    if not _ENDS.match(around.after):
        return None
    if parsed.number.value >= SMALLEST:
        kind = _size_or_tokens(parsed, around, last)
        return (parsed, kind) if kind else None
    if of_hours and parsed.number.value >= FEWEST_HOURS and _TOOK.search(around.clause_before):
        return parsed, CHIP_HOURS
    return _repeated(parsed, around, last) if last and same_sentence else None


def _size_or_tokens(parsed: Parsed, around: Around, last: Said | None) -> Kind | None:
    before = around.clause_before or around.sentence_before[-24:]
    known = last.kind if last and last.kind in (PARAMETERS, ACTIVE, TOKENS) else None
    if known == PARAMETERS and _ACTIVE_FIRST.search(before):
        return ACTIVE
    if _IS.search(before):
        return PARAMETERS
    if _READ.search(before) or around.after.startswith("读"):
        return TOKENS
    if _ACTIVE_NEXT.match(around.beyond) or _HAS.search(before) or _BRACKET.search(around.sentence_before[-40:]):
        return PARAMETERS
    like = known and last and parsed.number.value < LIKE * last.parsed.number.value < LIKE**2 * parsed.number.value
    if not like or not _AFTER_NAME.search(before):
        return None
    return TOKENS if parsed.number.value >= MOST_PARAMETERS else PARAMETERS if known == ACTIVE else known


def _repeated(parsed: Parsed, around: Around, last: Said) -> tuple[Parsed, Kind] | None:
    """2,290 after 539 tonnes: the unit of the figure before, in a list of one sentence."""
    unit = last.parsed.unit
    if (
        unit is None
        or unit.hint not in _REPEATABLE
        or not _PARALLEL.search(around.clause_before or around.sentence_before[-8:])
    ):
        return None
    number = parsed.number.times(unit.factor)
    if not last.parsed.number.value / LIKE < number.value < last.parsed.number.value * LIKE:
        return None
    return replace(parsed, number=number, unit=unit, base=last.parsed.base), last.kind
