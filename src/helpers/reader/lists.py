"""Lists that name their unit or noun once, at the end: 60.1, 50.2 and 44.4 seconds; 80亿与700亿参数."""

from __future__ import annotations

from dataclasses import replace

from helpers.reader.number import UnreadableFigure
from helpers.reader.parsing import Parsed, parse_figure
from helpers.reader.vocabulary import phrase

_AND = phrase("lists and")
_MOST = 6


def last_of_list(text: str, parsed: Parsed) -> Parsed | None:
    """The last figure of the list that a figure without unit stands in, or None where it stands in none."""
    if parsed.unit is not None:
        return None
    last: Parsed | None = None
    end = parsed.end
    for _ in range(_MOST):
        mark = _AND.match(text, end)
        try:
            following = parse_figure(text, mark.end()) if mark else None
        except UnreadableFigure:
            return None
        if following is None:
            break
        last, end = following, following.end
        if following.unit is not None:
            break
    return last


def with_unit_of(parsed: Parsed, last: Parsed) -> Parsed:
    """A bare number with the unit of the last figure of its list."""
    if last.unit is None or last.hint == "classifier" or not parsed.printed.bare or last.number.bound == "range":
        return parsed
    number = parsed.number.times(last.unit.factor)
    return replace(parsed, number=number, unit=last.unit, base=last.base)
