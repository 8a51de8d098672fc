"""What would have to be otherwise: the grade of a claim as a function of one figure that its verdict rests on.

The grade is constant between breakpoints, which are found here, with `judge`, as finely as its arithmetic rounds. Whoever shows it
(a slider, a chart) looks it up and judges nothing.
"""

from __future__ import annotations

import bisect
import math
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from helpers.ledger.checks import CHECKS, case_of, derived, efficiency_gain, gain, routes, runs_compared
from helpers.ledger.derivations import DERIVATIONS, evaluate
from helpers.ledger.flips import assumed
from helpers.ledger.intervals import Interval
from helpers.ledger.judgement import claimed_interval
from helpers.ledger.tables import Tables
from helpers.ledger.verdicts import Grade, judge

Row = Mapping[str, Any]

REACH = 4.0  # an assumption is moved by up to this factor either way
FURTHEST = 100.0  # further where a verdict turns only there
STEP = 1.01  # between the points that are tried; a band of grades is at least ten per cent wide in the figure
MARGIN = 1.3  # room on the slider beyond the last turn


@dataclass(frozen=True)
class Dependence:
    """The grade of one claim for every value of an assumption.

    `grades[k]` holds from `turns[k - 1]` (included) up to `turns[k]`.
    """

    claim_id: str
    statement: str
    turns: tuple[float, ...]
    grades: tuple[Grade, ...]

    def at(self, value: float) -> Grade:
        """The grade if the assumption had this value."""
        return self.grades[bisect.bisect_right(self.turns, value)]


@dataclass(frozen=True)
class Assumption:
    """A figure that is not certain, and the claims whose verdicts turn with it."""

    evidence_id: str
    quantity: str
    system: str
    unit: str
    source_id: str
    value: float
    low: float  # how far it is moved
    high: float
    dependences: tuple[Dependence, ...]


def assumptions(tables: Tables) -> list[Assumption]:
    """Every assumption that turns a verdict within `FURTHEST`, in the order of the claims."""
    found: dict[str, list[tuple[Row, Callable[[float], Grade]]]] = defaultdict(list)
    for claim in tables["claims"].to_dict("records"):
        for name, grade in grades_of(tables, claim).items():
            found[name].append((claim, grade))
    built = (_assumption(tables, name, claims) for name, claims in found.items())
    return [assumption for assumption in built if assumption]


def grades_of(tables: Tables, claim: Row) -> dict[str, Callable[[float], Grade]]:
    """For each assumption behind a claim, by evidence identifier: its grade as a function of the assumption."""
    if claim["formula"] in DERIVATIONS:
        return _derived(tables, claim)
    if CHECKS.get(claim["formula"]) is efficiency_gain:
        return _compared(tables, claim)
    return {}


def _derived(tables: Tables, claim: Row) -> dict[str, Callable[[float], Grade]]:
    """Inputs of the formula that are not read in the makers' own words."""
    case, derivation, claimed = case_of(tables, claim), DERIVATIONS[claim["formula"]], claimed_interval(claim)
    _, inputs = routes(case, derivation)
    if claimed is None or any("source_id" not in i.row for i in inputs):
        return {}
    finding = derived(case, derivation)
    intervals = [i.interval for i in inputs if i.interval is not None]

    def grade_with(place: int) -> Callable[[float], Grade]:
        def grade(value: float) -> Grade:
            own = intervals[place]
            moved = [*intervals[:place], own.scaled(value / own.middle), *intervals[place + 1 :]]
            estimate = replace(finding.estimates[0], interval=evaluate(derivation, moved))
            turned = replace(finding, estimates=(estimate, *finding.estimates[1:]))
            return judge(claim["check"], claimed, turned).grade

        return grade

    return {str(i.row["evidence_id"]): grade_with(n) for n, i in enumerate(inputs) if assumed(i.row)}


def _compared(tables: Tables, claim: Row) -> dict[str, Callable[[float], Grade]]:
    """The tokens of the first run: with its parameters and its compute they say what the compute counts."""
    first, second = runs_compared(case_of(tables, claim))
    tokens = first.tokens

    def grade(value: float) -> Grade:
        moved = replace(first, tokens=tokens.scaled(value / tokens.middle))
        return judge(claim["check"], claimed_interval(claim), gain(moved, second)).grade

    return {first.evidence_ids[1]: grade}


def _assumption(tables: Tables, name: str, claims: list[tuple[Row, Callable[[float], Grade]]]) -> Assumption | None:
    row = tables.evidence.loc[name]
    value = float(Interval(row["low"], row["high"]).middle)
    if value <= 0:
        return None
    low, high = value / FURTHEST, value * FURTHEST
    all_turns = {claim["claim_id"]: turns(grade, value, low, high) for claim, grade in claims}
    places = [place for found in all_turns.values() for place in found]
    if not places:
        return None
    low = min(value / REACH, max((p for p in places if p < value), default=value) / MARGIN)
    high = max(value * REACH, min((p for p in places if p > value), default=value) * MARGIN)
    return Assumption(
        name,
        str(row["quantity"]).replace("_", " "),
        tables.name_of(row["system_id"]),
        str(row["unit"]),
        str(row["source_id"]),
        value,
        low,
        high,
        tuple(
            d
            for claim, grade in claims
            if (d := _dependence(claim, grade, all_turns[claim["claim_id"]], low, high)).turns
        ),
    )


def _dependence(
    claim: Row, grade: Callable[[float], Grade], places: list[float], low: float, high: float
) -> Dependence:
    kept = tuple(place for place in places if low < place < high)
    return Dependence(claim["claim_id"], claim["statement"], kept, (grade(low), *(grade(place) for place in kept)))


def turns(grade: Callable[[float], Grade], value: float, low: float, high: float) -> list[float]:
    """The values from which on another grade holds, in order."""
    steps = math.ceil(math.log(high / low) / math.log(STEP))
    points = sorted({value, *(low * (high / low) ** (n / steps) for n in range(steps + 1))})
    graded = [grade(point) for point in points]
    return [_turn(grade, points[n], points[n + 1]) for n in range(len(points) - 1) if graded[n] != graded[n + 1]]


def _turn(grade: Callable[[float], Grade], left: float, right: float) -> float:
    """The first number whose grade is no longer that of `left`, by bisection down to neighbouring numbers."""
    was = grade(left)
    while (middle := left + (right - left) / 2) not in (left, right):
        left, right = (middle, right) if grade(middle) == was else (left, middle)
    return right
