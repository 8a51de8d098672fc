"""Figures whose noun is left out because the figure before them, the verb or a bracket says it: has 141 billion, saw 2T, (178B).

Only large round magnitudes behind a name in their clause can be sizes or tokens; figures of other kinds repeat the unit of the one
before them only in the same sentence and the same place: 539 tonnes for one, 2,290 for another. A list names its unit or noun at its end.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from helpers.reader.nouns import KINDS, Around, Kind
from helpers.reader.number import UnreadableFigure
from helpers.reader.parsing import Parsed, parse_figure
from helpers.reader.vocabulary import phrase

SMALLEST = Decimal(10**9)
MOST_PARAMETERS = Decimal("1.7e12")  # from here a bare figure behind a name counts tokens
LIKE = 300  # how many times larger or smaller a figure of the same list is at the most
_BRACKET = re.compile(r"[A-Za-z0-9\u4e00-\u9fff] ?[(（]$")
FEWEST_HOURS = 5000  # of chips, where the word is left out
_REPEATABLE = ("mass", "chip_time", "energy", "money", "throughput")
_OF_THEM = phrase("elided of_them")
_MOST = 6  # figures of a list


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
    if not few and _OF_THEM.match(around.after) and phrase("elided tokens").search(around.context):
        return parsed, KINDS["tokens"]
    if last and few and _OF_THEM.match(around.after) and phrase("elided chips").search(around.context):
        return parsed, KINDS["servers"] if last.kind is KINDS["servers"] else KINDS["chips"]
    if not phrase("elided ends").match(around.after):
        return None
    if parsed.number.value >= SMALLEST:
        kind = _size_or_tokens(parsed, around, last)
        return (parsed, kind) if kind else None
    if of_hours and parsed.number.value >= FEWEST_HOURS and phrase("elided took").search(around.clause_before):
        return parsed, KINDS["chip_hours"]
    return _repeated(parsed, around, last) if last and same_sentence else None


def _size_or_tokens(parsed: Parsed, around: Around, last: Said | None) -> Kind | None:
    before = around.clause_before or around.sentence_before[-24:]
    known = last.kind if last and last.kind in (KINDS["parameters"], KINDS["active"], KINDS["tokens"]) else None
    if known == KINDS["parameters"] and phrase("elided active_first").search(before):
        return KINDS["active"]
    if phrase("elided is").search(before):
        return KINDS["parameters"]
    if phrase("elided read").search(before) or around.after.startswith("读"):
        return KINDS["tokens"]
    if (
        phrase("elided active_next").match(around.beyond)
        or phrase("elided has").search(before)
        or _BRACKET.search(around.sentence_before[-40:])
    ):
        return KINDS["parameters"]
    like = known and last and parsed.number.value < LIKE * last.parsed.number.value < LIKE**2 * parsed.number.value
    if not like or not phrase("elided after_name").search(before):
        return None
    if parsed.number.value >= MOST_PARAMETERS:
        return KINDS["tokens"]
    return KINDS["parameters"] if known == KINDS["active"] else known


def _repeated(parsed: Parsed, around: Around, last: Said) -> tuple[Parsed, Kind] | None:
    """2,290 after 539 tonnes: the unit of the figure before, in a list of one sentence."""
    unit, before = last.parsed.unit, around.clause_before or around.sentence_before[-8:]
    if unit is None or unit.hint not in _REPEATABLE or not phrase("elided parallel").search(before):
        return None
    found = _in_unit_of(parsed, last.parsed)
    like = last.parsed.number.value / LIKE < found.number.value < last.parsed.number.value * LIKE
    return (found, last.kind) if like else None


def last_of_list(text: str, parsed: Parsed) -> Parsed | None:
    """The last figure of the list that a figure without unit stands in, or None where it stands in none."""
    if parsed.unit is not None:
        return None
    last = parsed
    for _ in range(_MOST):
        mark = phrase("lists and").match(text, last.end)
        try:
            following = parse_figure(text, mark.end()) if mark and last.unit is None else None
        except UnreadableFigure:
            return None
        if following is None:
            break
        last = following
    return None if last is parsed else last


def with_unit_of(parsed: Parsed, last: Parsed) -> Parsed:
    """A bare number with the unit of the last figure of its list."""
    if last.unit is None or last.hint == "classifier" or not parsed.printed.bare or last.number.bound == "range":
        return parsed
    return _in_unit_of(parsed, last)


def _in_unit_of(parsed: Parsed, other: Parsed) -> Parsed:
    number = parsed.number.times(other.unit.factor) if other.unit else parsed.number
    return replace(parsed, number=number, unit=other.unit, base=other.base)
