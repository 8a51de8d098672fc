"""Slips of a power of ten: a figure that has the digits of what is known, and the wrong magnitude word or unit before them."""

from __future__ import annotations

from helpers.ledger.intervals import Interval

POWERS = (1, -1, 2, -2, 3, -3)
DIGITS = 1.25  # a figure that admits more than this has too few digits to be known again
SAME = 1.03


def slip_of(claimed: Interval, known: Interval) -> int:
    """By how many powers of ten a figure is off from a value of the same digits; 0 where it is not just that."""
    if not 0 < claimed.low <= claimed.high <= DIGITS * claimed.low or known.low <= 0 or claimed.overlaps(known):
        return 0
    wide = Interval(known.low / SAME, known.high * SAME)
    if claimed.overlaps(wide):
        return 0
    return next((power for power in POWERS if claimed.scaled(10.0**-power).overlaps(wide)), 0)
