"""The year and month that a date without them takes: those of a date just before it, else those of the byline."""

from __future__ import annotations

import re
from collections.abc import Sequence

from helpers.reader.dates import PrintedDate, match_date
from helpers.reader.vocabulary import phrase

NEAR = 400
_FULL = re.compile(r"(?:19|20)\d\d[-/.年] ?\d{1,2}[-/.月] ?\d{1,2}")


_AHEAD = phrase("calendar ahead")


class Calendar:
    """Keeps the last date read and the date of the byline."""

    def __init__(self, text: str, bylines: Sequence[tuple[int, int]]) -> None:
        self._byline = next((date for start, end in bylines if (date := _full_date(text, start, end))), None)
        self._last: tuple[int, int | None, int | None] | None = None

    def match(self, text: str, at: int) -> PrintedDate | None:
        """The date at `at`, completed from its context; the reading goes on from it."""
        near = self._last is not None and at - self._last[0] <= NEAR
        year, month = (self._last[1], self._last[2]) if near and self._last else (None, None)
        if self._byline:
            year, month = year or self._byline.year, self._byline.month
        elif self._last:
            year = year or self._last[1]
        found = match_date(text, at, year, month)
        if found and not _AHEAD.search(text, max(0, at - 16), at):
            self._last = (found.end, found.year or year, found.month if found.bound == "exact" else None)
        return found


def _full_date(text: str, start: int, end: int) -> PrintedDate | None:
    found = _FULL.search(text, start, min(end, start + 200))
    return match_date(text, found.start()) if found else None
