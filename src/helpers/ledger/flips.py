"""Flip points: the value of an assumption at which a verdict changes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from helpers.language import later, term, tr
from helpers.ledger.checks import CHECKS, case_of, derived, efficiency_gain, gain, routes, runs_compared
from helpers.ledger.derivations import DERIVATIONS, evaluate
from helpers.ledger.evidence import strength
from helpers.ledger.intervals import Interval
from helpers.ledger.tables import Tables
from helpers.ledger.verdicts import Grade, Strength, Verdict, judge
from helpers.numbers import readable

# Between the points that are tried: a band of grades is at least ten per cent wide in the figure, and no figure
# grows faster than with the third power of an assumption.
STEP = 1.03
FLIP_REACH = 100.0  # how far an assumption is moved, as a factor
PARTS = {"chips_per_server", "cores_per_chip"}

Row = Mapping[str, Any]
GradeOf = Callable[[float], Grade]  # of a claim, by the value of an assumption


@dataclass(frozen=True)
class Flip:
    """An input, the factor that turns the verdict, and the grade that it turns to."""

    row: Row
    factor: float
    grade: Grade

    def said(self, of_figure: bool) -> str:
        """In words; `of_figure` if it is the figure itself that turns, and not the conclusion drawn from it."""
        now = (self.row["low"] + self.row["high"]) / 2
        was, would = (readable(value, str(self.row["unit"]), 3) for value in (now, now * self.factor))
        values = {"would": would, "was": was, "what": term(self.row["quantity"]), "source": self.row["source_id"]}
        if of_figure:
            text = later("{would} instead of {was} for {what} ({source}) would make the figure itself {grade}.")
        else:
            text = later("{would} instead of {was} for {what} ({source}) would make it {grade}.")
        return tr(text, grade=tr(self.grade.value), **values)


def flip_point(tables: Tables, claim: Row, verdict: Verdict) -> str:
    """In words: the assumption whose change turns the verdict soonest; empty where none does.

    Every numeric input of a derivation that is not read in the makers' own words is moved, alone, by up to a
    factor of 100 either way; what else speaks for or against the claim stays.
    """
    if math.isnan(claim["low"]) or claim["formula"] not in DERIVATIONS:
        return ""
    flips = [
        f for name, grade in grades_of(tables, claim).items() if (f := _soonest(tables.evidence_rows[name], grade))
    ]
    if not flips:
        return ""
    soonest = min(flips, key=lambda flip: abs(math.log(flip.factor)))
    return soonest.said(of_figure=verdict.grade is Grade.MISLEADING)


def _soonest(row: Row, grade: GradeOf) -> Flip | None:
    """The nearest value at which another grade holds, looked for outwards and then pinned down."""
    value = Interval(row["low"], row["high"]).middle
    if value <= 0:
        return None
    now, factor = grade(value), STEP
    while factor <= FLIP_REACH:
        for outer, inner in ((factor, factor / STEP), (1 / factor, STEP / factor)):
            if grade(value * outer) != now:
                turn = turning_point(grade, *sorted((value * inner, value * outer)))
                return Flip(row, turn / value, grade(value * outer))
        factor *= STEP
    return None


def turning_point(grade: GradeOf, left: float, right: float) -> float:
    """The first number whose grade is no longer that of `left`, by bisection down to neighbouring numbers."""
    was = grade(left)
    while (middle := left + (right - left) / 2) not in (left, right):
        left, right = (middle, right) if grade(middle) == was else (left, middle)
    return right


def assumed(row: Row) -> bool:
    """Whether the row could be otherwise: not in the makers' own words, and not a plain count of parts."""
    return strength(row) < Strength.STRONG and row["unit"] != "date" and row["quantity"] not in PARTS


def grades_of(tables: Tables, claim: Row) -> dict[str, GradeOf]:
    """For each assumption behind a claim, by evidence identifier: its grade as a function of the assumption."""
    if claim["formula"] in DERIVATIONS:
        return _derived(tables, claim)
    if CHECKS.get(claim["formula"]) is efficiency_gain:
        return _compared(tables, claim)
    return {}


def _derived(tables: Tables, claim: Row) -> dict[str, GradeOf]:
    """Inputs of the formula that are not read in the makers' own words."""
    case, derivation, claimed = case_of(tables, claim), DERIVATIONS[claim["formula"]], claimed_interval(claim)
    _, inputs = routes(case, derivation)
    if claimed is None or any("source_id" not in i.row for i in inputs):
        return {}
    finding = derived(case, derivation)
    intervals = [i.interval for i in inputs if i.interval is not None]

    def grade_with(place: int) -> GradeOf:
        def grade(value: float) -> Grade:
            own = intervals[place]
            moved = [*intervals[:place], own.scaled(value / own.middle), *intervals[place + 1 :]]
            estimate = replace(finding.estimates[0], interval=evaluate(derivation, moved))
            turned = replace(finding, estimates=(estimate, *finding.estimates[1:]))
            return judge(claim["check"], claimed, turned).grade

        return grade

    return {str(i.row["evidence_id"]): grade_with(n) for n, i in enumerate(inputs) if assumed(i.row)}


def _compared(tables: Tables, claim: Row) -> dict[str, GradeOf]:
    """The tokens of the first run: with its parameters and its compute they say what the compute counts."""
    first, second = runs_compared(case_of(tables, claim))
    tokens = first.tokens

    def grade(value: float) -> Grade:
        moved = replace(first, tokens=tokens.scaled(value / tokens.middle))
        return judge(claim["check"], claimed_interval(claim), gain(moved, second)).grade

    return {first.evidence_ids[1]: grade}


def claimed_interval(claim: Row) -> Interval | None:
    """The printed figure of a processed claim, as an interval."""
    return None if math.isnan(claim["low"]) else Interval(claim["low"], claim["high"])
