"""Flip points: the value of an assumption at which a verdict changes, and the grade on either side of it.

The grade is constant between such points, which are found with `judge`, as finely as its arithmetic rounds. Whoever
shows it (a slider, a chart) looks it up and judges nothing.
"""

import bisect
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from helpers.language import later, term, tr
from helpers.ledger.cases import Case, case_of, row_interval
from helpers.ledger.checks import against_evidence, derived, routes
from helpers.ledger.derivations import DERIVATIONS, evaluate
from helpers.ledger.evidence import known
from helpers.ledger.intervals import Interval
from helpers.ledger.system_runs import physical_limits
from helpers.ledger.tables import Row, Tables
from helpers.ledger.verdicts import HOLDING, Grade, Verdict, judge
from helpers.numbers import readable
from helpers.rows import grouped

# Between the points that are tried: a band of grades is at least ten per cent wide in the figure, and no figure
# grows faster than with the third power of an assumption.
STEP = 1.03
FLIP_REACH = 100.0  # how far an assumption is moved, as a factor
ASSUMPTION_REACH = 4.0  # how far at least it is shown, either way
MARGIN = 1.3  # room beyond the last turn
PARTS = {"chips_per_server", "cores_per_chip"}
UNDECIDED = (Grade.UNSURE, Grade.UNRATED)
# What a published figure is of, and what else it could be of: what the press may have counted when it fails ...
COUNTED_AS = {"chip_count": "core_count"}
# ... and what a reader may take it for when it holds.
TAKEN_FOR = {
    "parameters": "active_parameters", "corpus_tokens": "training_tokens", "training_tokens": "corpus_tokens",
    "announced": "paper", "paper": "announced",
}  # fmt: skip
OPERATIONS = {"compute_6nd": 6, "compute_8nd": 8}  # for each parameter and token, by formula
FAILING = (Grade.INACCURATE, Grade.WRONG)

GradeOf = Callable[[float], Grade]  # of a claim, by the value of an assumption
Reading = tuple[Case, str, dict[str, Any]]  # another reading of a claim, and how its grade is said


def flip_point(tables: Tables, claim: Row, verdict: Verdict) -> str:
    """In words: the assumption whose change turns the verdict soonest; empty where none does.

    Every numeric input of a derivation that is not read in the makers' own words is moved, alone, by up to a
    factor of 100 either way but no further than physics goes; what else speaks for or against the claim stays.
    Where none turns it, what the press may have counted instead is tried.
    """
    if math.isnan(claim["low"]) or verdict.grade in UNDECIDED:
        return ""
    assumed = [(tables.evidence_rows[name], grade) for name, grade in grades_of(tables, claim).items()]
    flips = [(row, turn, grade) for row, grade in assumed for turn in turns(grade, value_of(row), reach(tables, row))]
    if not flips:
        return _read_otherwise(tables, claim, holds=verdict.grade in HOLDING)
    row, turn, grade = min(flips, key=lambda flip: round(abs(math.log(flip[1] / value_of(flip[0]))), 6))
    now = value_of(row)
    text = later("{would} instead of {was} for {what} ({source}) would make it {grade}.")
    if verdict.grade is Grade.MISLEADING:  # the figure itself turns, and not the conclusion drawn from it
        text = later("{would} instead of {was} for {what} ({source}) would make the figure itself {grade}.")
    would, was = (readable(value, str(row["unit"]), 3) for value in (turn, now))
    beyond = tr(grade(turn if turn > now else math.nextafter(turn, 0.0)).value)
    return tr(text, would=would, was=was, what=term(row["quantity"]), source=row["source_id"], grade=beyond)


def _read_otherwise(tables: Tables, claim: Row, *, holds: bool) -> str:
    """What else the figure may be of: a figure that fails would hold with it, or one that holds would fail."""
    if claim["formula"] not in DERIVATIONS and claim["formula"]:
        return ""
    case, wanted = case_of(tables, claim), FAILING if holds else HOLDING
    for other, text, values in _readings(case, holds=holds):  # of the figure by itself, whatever it is set beside
        name = other.claim["formula"]
        found = replace(derived(other, DERIVATIONS[name]) if name else against_evidence(other), comparable=True)
        grade = judge(claim["check"], row_interval(other.claim), found, is_date=claim["unit"] == "date").grade
        if grade in wanted:
            return tr(text, grade=tr(grade.value), **values)
    return ""


def _readings(case: Case, *, holds: bool) -> Iterator[Reading]:
    """What else may be meant: another published count of the same system in the place of the one that the verdict rests
    on; a magnitude word as the number that it begins with, to one digit, and not as its class up to ten times as much;
    the other convention's operations for each parameter and token."""
    claim, name = case.claim, case.claim["formula"]
    for place, item in enumerate(case.inputs):
        quantity = (TAKEN_FOR if holds else COUNTED_AS).get(str(item.row.get("quantity")), "")
        rows = known(case.tables, item.row["system_id"], quantity) if item.interval else []
        for row in (row for row in rows if row["standing"] == "primary" or not holds):
            text = later("Counted as {would} ({source}) instead of {was}, the figure would be {grade}.")
            if row["unit"] == "date":
                text = later("Dated by {would} ({source}) and not by {was}, it would be {grade}.")
            elif row["unit"] == item.row["unit"]:
                text = later("Taken for {what}, {would} ({source}) instead of {was}, the figure would be {grade}.")
            both = (row, item.row)
            would, was = (r["value"] if r["unit"] == "date" else readable(r["number"], r["unit"]) for r in both)
            values = {"what": term(row["quantity"]), "would": would, "was": was, "source": row["source_id"]}
            rest = case.inputs if name or not holds else ()
            instead = replace(item, row={**row, "unit": item.row["unit"]})
            yield replace(case, inputs=(*rest[:place], instead, *rest[place + 1 :])), text, values
    if holds and claim["bound"] == "range" and claim["kind"] == "parameters":
        text = later("Read as the number itself, and not as the class that begins with it, it would be {grade}.")
        yield replace(case, claim={**claim, "low": 0.5 * claim["low"], "high": 1.5 * claim["low"]}), text, {}
    if name in OPERATIONS:
        other = next(formula for formula in OPERATIONS if formula != name)
        _, inputs = routes(case, DERIVATIONS[other])
        text = later("Counted with {k} operations for each parameter and token instead of {was}, it would be {grade}.")
        counted = replace(case, claim={**claim, "formula": other}, inputs=tuple(inputs))
        yield counted, text, {"k": OPERATIONS[other], "was": OPERATIONS[name]}


def value_of(row: Row) -> float:
    """The middle of a processed row."""
    return float(Interval(row["low"], row["high"]).middle)


def reach(tables: Tables, row: Row) -> Interval:
    """How far an assumption is moved: by `FLIP_REACH` either way, and no further than physics goes."""
    value, limits = value_of(row), physical_limits(tables, row)
    return Interval(max(value / FLIP_REACH, limits.low), min(value * FLIP_REACH, limits.high))


def turns(grade: GradeOf, value: float, within: Interval) -> list[float]:
    """The values from which on another grade holds, in order."""
    factor = within.high / within.low
    steps = math.ceil(math.log(factor) / math.log(STEP))
    points = sorted({value, *(within.low * factor ** (n / steps) for n in range(steps + 1))})
    graded = [grade(point) for point in points]
    return [turning_point(grade, *points[n : n + 2]) for n in range(len(points) - 1) if graded[n] != graded[n + 1]]


def turning_point(grade: GradeOf, left: float, right: float) -> float:
    """The first number whose grade is no longer that of `left`, by bisection down to neighbouring numbers."""
    was = grade(left)
    while (middle := left + (right - left) / 2) not in (left, right):
        left, right = (middle, right) if grade(middle) == was else (left, middle)
    return right


def grades_of(tables: Tables, claim: Row) -> dict[str, GradeOf]:
    """For each assumption behind a claim, by evidence identifier: its grade as a function of the assumption.

    Assumptions are the inputs of its formula that are not read in the makers' own words, nor plain counts of parts.
    """
    if claim["formula"] not in DERIVATIONS:
        return {}
    case, derivation, claimed = case_of(tables, claim), DERIVATIONS[claim["formula"]], row_interval(claim)
    _, inputs = routes(case, derivation)
    if claimed is None or any("source_id" not in i.row for i in inputs):
        return {}
    finding = derived(case, derivation)
    intervals = [i.interval for i in inputs if i.interval is not None]

    def grade(place: int, value: float) -> Grade:
        own = intervals[place]
        moved = [*intervals[:place], own.scaled(value / own.middle), *intervals[place + 1 :]]
        estimate = replace(finding.estimates[0], interval=evaluate(derivation, moved))
        return judge(claim["check"], claimed, replace(finding, estimates=(estimate, *finding.estimates[1:]))).grade

    found: dict[str, GradeOf] = {}
    for place, row in enumerate(i.row for i in inputs):
        others = row["standing"] != "primary" and row["quantity"] not in PARTS
        if others and row["unit"] != "date" and intervals[place].middle > 0:
            found[str(row["evidence_id"])] = partial(grade, place)
    return found


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
    """Every assumption that turns a verdict within `FLIP_REACH` and within physics, in the order of the claims.

    A claim that is unsure anyway has none.
    """
    found = grouped(
        (name, (claim, grade))
        for claim in tables["claims"].to_dict("records")
        for name, grade in grades_of(tables, claim).items()
        if grade(value_of(tables.evidence_rows[name])) is not Grade.UNSURE
    )
    return list(filter(None, (_assumption(tables, name, claims) for name, claims in found.items())))


def _assumption(tables: Tables, name: str, claims: list[tuple[Row, GradeOf]]) -> Assumption | None:
    row = tables.evidence_rows[name]
    value, limits = value_of(row), physical_limits(tables, row)
    turned = [(claim, grade, turns(grade, value, reach(tables, row))) for claim, grade in claims]
    places = [place for *_, found in turned for place in found]
    if not places:
        return None
    low = min(value / ASSUMPTION_REACH, max((p for p in places if p < value), default=value) / MARGIN)
    high = max(value * ASSUMPTION_REACH, min((p for p in places if p > value), default=value) * MARGIN)
    low, high = max(low, limits.low), min(high, limits.high)
    depend = tuple(
        Dependence(claim["claim_id"], claim["statement"], kept, (grade(low), *map(grade, kept)))
        for claim, grade, found in turned
        if (kept := tuple(place for place in found if low < place < high))
    )
    what, system = str(row["quantity"]).replace("_", " "), tables.name_of(row["system_id"])
    return Assumption(name, what, system, str(row["unit"]), str(row["source_id"]), value, low, high, depend)
