"""Figures of an article as relations see them, and what a relation says of them.

A figure has dimensions (chips, seconds, tokens, FLOP, joules, money, and what it is per), an interval, an owner and a place.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from helpers.constants import JOULE_PER_KWH, SECOND_PER_DAY, SECOND_PER_HOUR, SECOND_PER_YEAR
from helpers.ledger.intervals import Interval, slip_of
from helpers.rows import read_rows

Dims = tuple[tuple[str, int], ...]
MONEY = frozenset({"USD", "CNY", "EUR", "GBP", "JPY", "HKD", "TWD", "KRW"})
SIZES = frozenset({"parameters", "active_parameters"})  # one is easily misread for the other
FRACTIONS = frozenset({"percent", "ratio"})
# What a unit may be: watts and FLOP/s are of all chips, or of each.
_BASE = ("parameter", "token", "chip", "server", "s", "chip s", "FLOP", "J", "kg", "token/s", *MONEY)
_OF_ALL_OR_EACH = {"FLOP/s": "FLOP/s", "W": "J/s", "byte": "byte"}
_READINGS = {unit: (unit,) for unit in _BASE} | {u: (d, f"{d}/chip") for u, d in _OF_ALL_OR_EACH.items()}
# What a denominator is, and how many base units: money per chip.h, chip hours per 1e12 token.
PER = {
    "chip.h": ("chip s", SECOND_PER_HOUR), "chip": ("chip", 1.0), "server": ("server", 1.0), "h": ("s", SECOND_PER_HOUR), "day": ("s", SECOND_PER_DAY), "year": ("s", SECOND_PER_YEAR),
    "token": ("token", 1.0), "kWh": ("J", JOULE_PER_KWH),
}  # fmt: skip
# What relations say: the unit of the result, the factors that must give it (others only confirm), and how far printed over worked
# out may lie from 1 by what the relation itself leaves open (restarts, PUE, accounting).
RELATIONS = read_rows(Path(__file__).with_name("relations.csv"), ("name", "result", "least", "most", "factors"))
RATES = {  # of a currency in US dollars, as far as they ran in the years of which the press writes
    row["currency"]: Interval(float(row["least"]), float(row["most"]))
    for row in read_rows(Path(__file__).with_name("exchange_rates.csv"), ("currency", "least", "most", "source"))
}
_SLACK = {row["name"]: (float(row["least"]), float(row["most"])) for row in RELATIONS}


@dataclass(frozen=True)
class Node:
    """A figure: what it admits, all the dimensions that it may have, and where it stands (`start` -1: on file)."""

    index: int
    kind: str
    unit: str
    interval: Interval
    readings: tuple[Dims, ...]
    system_id: str
    start: int
    sentence: int
    paragraph: int
    printed: str
    per: str = ""
    said: str = ""


@dataclass(frozen=True)
class Relation:
    """Figures (the result first) that one relation ties, and whether it holds; `ratio`: printed over worked out."""

    name: str
    nodes: tuple[Node, ...]
    holds: bool
    ratio: float
    chain: str
    worked: float = 0.0  # the middle of what was worked out
    may_fail: bool = True  # whether a miss says anything: other products of figures only confirm
    slipped: bool = False  # off by a power of ten alone

    @property
    def figures(self) -> tuple[int, ...]:
        """The figures by index."""
        return tuple(node.index for node in self.nodes)

    def by_index(self, i: int) -> Node:
        """The figure of an index."""
        return next(node for node in self.nodes if node.index == i)

    @property
    def placed(self) -> list[Node]:
        """Those that the article prints."""
        return [node for node in self.nodes if node.start >= 0]

    @property
    def lines(self) -> int:
        """Lines between the first and the last."""
        lines = [node.paragraph for node in self.placed] or [0]
        return max(lines) - min(lines)

    @property
    def spread(self) -> int:
        """0 within one sentence, 1 within one paragraph, 2 further apart."""
        return 0 if len({node.sentence for node in self.placed}) == 1 else 2 if self.lines else 1


@cache
def dims_of(unit: str) -> Dims:
    """Dimensions of a unit: J/s/chip."""
    above, *below = unit.split("/")
    return over_dims(tuple((name, 1) for name in above.split()), *(((name, 1),) for name in below))


@cache
def over_dims(above: Dims, *below: Dims) -> Dims:
    """The dimensions of a quotient."""
    total = Counter(dict(above))
    for dims in below:
        total.subtract(dict(dims))
    return tuple(sorted((name, power) for name, power in total.items() if power))


def readings_of(unit: str, per: str) -> tuple[tuple[Dims, ...], float]:
    """What dimensions a figure may have, and by how much its value is divided; none where relations cannot use it."""
    readings = tuple(dims_of(reading) for reading in _READINGS.get(unit, ()))
    if not per:
        return readings, 1.0
    amount, _, base = per.rpartition(" ")
    base = "chip.h" if base == "h" and unit in MONEY else base  # an hour is billed for a chip
    if base not in PER or not 0 < float(amount or 1) < math.inf:  # a rate of nothing is none
        return (), 1.0
    denominator, factor = PER[base]
    return tuple(over_dims(dims, dims_of(denominator)) for dims in readings[:1]), factor * float(amount or 1)


def times(*intervals: Interval) -> Interval:
    """The product of positive intervals."""
    return Interval(math.prod(i.low for i in intervals), math.prod(i.high for i in intervals))


def over(above: Interval, below: Interval) -> Interval:
    """The quotient of positive intervals."""
    return Interval(above.low / below.high, above.high / below.low) if below.low > 0 else Interval(0, math.inf)


def held(name: str, target: Node, factors: Sequence[Node], worked: Interval, said: str) -> Relation:
    """A figure against what others of the article give, with the slack of the relation."""
    low, high = _SLACK[name]
    admitted, claimed = Interval(worked.low * low, worked.high * high), target.interval
    chain, slipped = f"{said} ~ {target.printed}", slip_of(claimed, worked) != 0
    holds, ratio = claimed.overlaps(admitted), claimed.gap_ratio(admitted)
    return Relation(name, (target, *factors), holds, ratio, chain, worked.middle, slipped=slipped)
