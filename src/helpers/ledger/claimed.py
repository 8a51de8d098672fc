"""What a figure of an article claims: its sentence, its interval with precision and hedge, the ends of a range."""

from typing import NamedTuple

from helpers.ledger.intervals import Interval, date_interval
from helpers.reader import PrintedFigure, Quantity, interval
from helpers.reader.vocabulary import phrase

SENTENCE_REACH = 160
CONTEXT, SHORT = 400, 80  # characters around a figure that may say that a training run is spoken of


class Printed(NamedTuple):
    """A figure as its article prints it: what it claims, and what stands before and after it in its sentence, and further around."""

    q: Quantity
    claimed: Interval | None
    before: str
    after: str
    context: str
    start: int  # of the sentence, as far as it is within reach
    end: int

    @property
    def sentence(self) -> str:
        """What stands between the two."""
        return f"{self.before}{self.q.as_printed}{self.after}"

    @property
    def clause(self) -> str:
        """As far as the next comma or bracket either way."""
        ends = phrase("figures clause_end")
        return f"{ends.split(self.before)[-1]}{self.q.as_printed}{ends.split(self.after)[0]}"


def printed(text: str, q: Quantity) -> Printed:
    """A figure with what is said around it."""
    context = text[max(0, q.char_start - CONTEXT) : q.char_end + SHORT]
    left, right = around(text, q.char_start, q.char_end)
    return Printed(q, claimed_interval(q), left, right, context, q.char_start - len(left), q.char_end + len(right))


def around(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and after a figure in its sentence, within reach."""
    before = text[max(0, start - SENTENCE_REACH) : start]
    begins = max((m.end() for m in phrase("figures sentence_end").finditer(before)), default=0)
    stop = phrase("figures sentence_end").search(text, end, end + SENTENCE_REACH)
    return before[begins:].lstrip(), text[end : stop.end() if stop else end + SENTENCE_REACH].rstrip()


def claimed_interval(q: Quantity) -> Interval | None:
    """What a figure says with its precision and its hedge; None for a date without a year."""
    try:
        if q.unit == "date":
            ends = [date_interval(end) for end in (range_ends(q) or (str(q.value),))]
            return Interval(ends[0].low, ends[-1].high)
        inherent = q.bound if q.hedge in ("", "多", "余") else "exact"  # 3000多 is an interval as printed
        figure = PrintedFigure(float(q.value), q.low, q.high, q.unit, inherent, q.as_printed)
        return Interval(*interval(figure, q.bound, q.hedge))
    except ValueError:
        return None


def range_ends(quantity: Quantity) -> tuple[str, str] | None:
    """The ends of a printed range, as text in the base unit; None where it is no range."""
    if not quantity.bound.startswith("range "):
        return None
    if quantity.unit == "date":
        low, _, high = quantity.bound.removeprefix("range ").partition("/")
        return low, high
    return number(quantity.low), number(quantity.high)


def number(value: float | str) -> str:
    """A value for a table: dates as they are, numbers without rounding that shows."""
    return value if isinstance(value, str) else f"{value:.15g}"
