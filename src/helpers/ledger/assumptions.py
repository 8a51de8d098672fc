"""What would have to be otherwise: the grade of a claim as a function of one figure that its verdict rests on.

The grade is constant between breakpoints, which are found here, with `judge`, as finely as its arithmetic rounds. Whoever shows it
(a slider, a chart) looks it up and judges nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helpers.ledger.flips import GradeOf, grades_of, reach, turns, value_of
from helpers.ledger.system_runs import physical_limits
from helpers.ledger.tables import Tables
from helpers.ledger.verdicts import Grade

Row = Mapping[str, Any]

ASSUMPTION_REACH = 4.0  # an assumption is moved by up to this factor either way
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
    found: dict[str, list[tuple[Row, GradeOf]]] = defaultdict(list)
    for claim in tables["claims"].to_dict("records"):
        for name, grade in grades_of(tables, claim).items():
            if grade(value_of(tables.evidence_rows[name])) is not Grade.UNSURE:
                found[name].append((claim, grade))
    built = (_assumption(tables, name, claims) for name, claims in found.items())
    return [assumption for assumption in built if assumption]


def _assumption(tables: Tables, name: str, claims: list[tuple[Row, GradeOf]]) -> Assumption | None:
    row = tables.evidence_rows[name]
    value, limits = value_of(row), physical_limits(tables, row)
    if value <= 0:
        return None
    all_turns = [turns(grade, value, reach(tables, row)) for _, grade in claims]
    places = [place for found in all_turns for place in found]
    if not places:
        return None
    low = min(value / ASSUMPTION_REACH, max((p for p in places if p < value), default=value) / MARGIN)
    high = max(value * ASSUMPTION_REACH, min((p for p in places if p > value), default=value) * MARGIN)
    low, high = max(low, limits.low), min(high, limits.high)
    depend = []
    for (claim, grade), found in zip(claims, all_turns, strict=True):
        kept = tuple(place for place in found if low < place < high)
        grades = (grade(low), *(grade(place) for place in kept))
        depend.append(Dependence(claim["claim_id"], claim["statement"], kept, grades))
    what, system = str(row["quantity"]).replace("_", " "), tables.name_of(row["system_id"])
    dependences = tuple(d for d in depend if d.turns)
    return Assumption(name, what, system, str(row["unit"]), str(row["source_id"]), value, low, high, dependences)
