"""Intervals: a printed figure says no more than its digits and its hedge do."""

from __future__ import annotations

import calendar
import math
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

DAY_PER_MONTH = 31
POWERS = (1, -1, 2, -2, 3, -3)
FEW_DIGITS = 1.25  # a figure that admits more than this has too few digits to be known again
SAME = 1.03
SIGNIFICANT_DIGITS = 3  # a published figure such as 3e11 is taken to be known to three digits


@dataclass(frozen=True)
class Interval:
    """Real numbers from `low` to `high`, in a base unit; dates as days (`date.toordinal`)."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(f"interval from {self.low} to {self.high}: its ends are in the wrong order")

    def overlaps(self, other: Interval) -> bool:
        """Whether both could be the same number."""
        return self.low <= other.high and other.low <= self.high

    def scaled(self, factor: float) -> Interval:
        """The same interval in another unit."""
        return Interval(*sorted((self.low * factor, self.high * factor)))

    @property
    def middle(self) -> float:
        """Its midpoint; the lower end where there is no upper one."""
        return (self.low + self.high) / 2 if math.isfinite(self.high) else self.low

    def gap_ratio(self, other: Interval) -> float:
        """How many times too large (> 1) or too small (< 1) this is at the very least; 1 where they overlap."""
        if self.overlaps(other):
            return 1.0
        near, far = (self.low, other.high) if self.low > other.high else (self.high, other.low)
        return near / far if far else math.inf

    def gap(self, other: Interval) -> float:
        """Distance between the nearest ends; 0 where they overlap."""
        return max(0.0, self.low - other.high, other.low - self.high)


def slip_of(claimed: Interval, known: Interval) -> int:
    """By how many powers of ten a figure is off from a value of the same digits; 0 where it is not just that."""
    wide = Interval(known.low / SAME, known.high * SAME)
    if not 0 < claimed.low <= claimed.high <= FEW_DIGITS * claimed.low or known.low <= 0 or claimed.overlaps(wide):
        return 0
    return next((power for power in POWERS if claimed.scaled(10.0**-power).overlaps(wide)), 0)


def number_interval(text: str) -> Interval:
    """The interval of a published number: half a unit of its last digit either way, whole counts exact.

    Trailing zeros beyond the third digit are not taken as measured: 3e11 is [2.995e11, 3.005e11].

    Raises:
        ValueError: the text is not a number.
    """
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"{text!r} is not a number") from None
    if not value.is_finite():
        raise ValueError(f"{text!r} is not a finite number")
    if value == 0 or (value == value.to_integral_value() and abs(value) < 10**6):
        return Interval(float(value), float(value))
    last_digit = value.normalize().as_tuple().exponent
    place = min(int(last_digit), value.adjusted() - SIGNIFICANT_DIGITS + 1)
    half = Decimal(5).scaleb(place - 1)
    return Interval(float(value - half), float(value + half))


def date_interval(text: str) -> Interval:
    """The days that an ISO date, month or year covers, as ordinals.

    Raises:
        ValueError: the text is not an ISO date.
    """
    if not re.fullmatch(r"\d{4}(-\d{2}){0,2}", text):
        raise ValueError(f"{text!r} is not an ISO date, month or year")
    year, *rest = (int(part) for part in text.split("-"))
    months = rest[:1] or (1, 12)
    days = rest[1:] or (1, calendar.monthrange(year, months[-1])[1])
    return Interval(date(year, months[0], days[0]).toordinal(), date(year, months[-1], days[-1]).toordinal())


def like_days(one: Interval, other: Interval) -> float:
    """Days between two dates that do not overlap, like with like: a day that is held against a month or a year is
    read as its month or its year, so that a printed month twelve months early is a year early.

    Near ends count where they are nearer than a month: 31 December against the next year is a day.
    """
    gap = one.gap(other)
    length = max(date_precision(one), date_precision(other), key=("day", "month", "year", "").index)
    if gap <= DAY_PER_MONTH or length not in ("month", "year"):
        return gap
    return abs(_first_day(one, length) - _first_day(other, length))


def date_precision(days: Interval) -> str:
    """Whether days are one day, one month or one year; empty for another span."""
    first, last = (date.fromordinal(int(day)) for day in (days.low, days.high))
    spans = {"day": first.isoformat(), "month": f"{first:%Y-%m}", "year": f"{first:%Y}"}
    covered = Interval(first.toordinal(), last.toordinal())
    return next((name for name, text in spans.items() if date_interval(text) == covered), "")


def _first_day(days: Interval, length: str) -> int:
    first = date.fromordinal(int(days.low))
    return first.replace(day=1, month=first.month if length == "month" else 1).toordinal()


def published_interval(value: str, unit: str) -> Interval:
    """The interval of an evidence value."""
    return date_interval(value) if unit == "date" else number_interval(value)
