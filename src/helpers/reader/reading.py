"""What the text reader returns: quantities, tokens it could not read, tokens that are no figures."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Quantity:
    """A figure of a text: span in code points (end exclusive), kind, value in base units, bound, interval and system.

    `value` is an ISO text for dates; `bound` is exact, about, at_least, at_most or "range low-high" (value: midpoint);
    low and high are the half-open interval of the printed figure (0 for dates); `hedge` is the printed hedge. `system_id` is the
    name as printed where the tables do not hold it; `how` says where the text names it (`subjects.Subject`), or
    inferred: another figure gave the kind. `per` is the
    denominator of a rate, such as chip.h or 1e12 token.
    """

    char_start: int
    char_end: int
    as_printed: str
    kind: str
    value: float | str
    unit: str
    bound: str
    low: float
    high: float
    system_id: str
    hedge: str = ""
    how: str = ""
    per: str = ""


@dataclass(frozen=True)
class Token:
    """A number-like token that is no quantity, and why."""

    char_start: int
    char_end: int
    as_printed: str
    reason: str


@dataclass(frozen=True)
class Named:
    """A name in the text: its span, the system (or the name as printed, where the tables lack it) and what sort it is."""

    char_start: int
    char_end: int
    as_printed: str
    system_id: str
    known: bool
    sort: str


@dataclass(frozen=True)
class Reading:
    """What was read of a text, what looks like a figure but could not be read whole, what is no figure, and the names."""

    quantities: tuple[Quantity, ...]
    unread: tuple[Token, ...]
    dismissed: tuple[Token, ...] = ()
    names: tuple[Named, ...] = ()
