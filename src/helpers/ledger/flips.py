"""Flip points: the value of an assumption at which a verdict changes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helpers.language import later, term, tr
from helpers.ledger.derivations import DERIVATIONS, Derivation, evaluate
from helpers.ledger.evidence import strength
from helpers.ledger.intervals import Interval
from helpers.ledger.tables import Tables
from helpers.ledger.verdicts import Estimate, Finding, Grade, Strength, Verdict, judge
from helpers.numbers import readable

STEP, REACH = 1.01, 100.0
PARTS = {"chips_per_server", "cores_per_chip"}

Row = Mapping[str, Any]


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
    """In words: the input of a derivation whose change turns the verdict soonest; empty where none does.

    Every numeric input that is not read in the makers' own words is moved, alone, by up to a factor of 100
    either way. Findings that also rest on direct evidence, or on printed cells, have no flip point.
    """
    derivation = DERIVATIONS.get(claim["formula"])
    names = claim["evidence_ids"].split()
    if derivation is None or math.isnan(claim["low"]) or any(n.startswith("claim:") for n in names):
        return ""
    rows = [tables.evidence.loc[name].to_dict() for name in names[: derivation.arity or len(names)]]
    now = _grade(derivation, rows, claim)
    misleading = verdict.grade is Grade.MISLEADING
    if now != verdict.grade and not misleading:
        return ""
    flips = [f for row in rows if assumed(row) and (f := _soonest(derivation, rows, row, claim, now))]
    if not flips:
        return ""
    return min(flips, key=lambda f: abs(math.log(f.factor))).said(of_figure=misleading)


def assumed(row: Row) -> bool:
    """Whether the row could be otherwise: not in the makers' own words, and not a plain count of parts."""
    return strength(row) < Strength.STRONG and row["unit"] != "date" and row["quantity"] not in PARTS


def _soonest(derivation: Derivation, rows: Sequence[Row], moved: Row, claim: Row, grade: Grade) -> Flip | None:
    factor = STEP
    while factor <= REACH:
        for f in (factor, 1 / factor):
            turned = _grade(derivation, rows, claim, moved, f)
            if turned != grade:
                return Flip(moved, f, turned)
        factor *= STEP
    return None


def _grade(
    derivation: Derivation, rows: Sequence[Row], claim: Row, moved: Row | None = None, factor: float = 1.0
) -> Grade:
    inputs = [Interval(row["low"], row["high"]).scaled(factor if row is moved else 1.0) for row in rows]
    weakest = min(strength(row) for row in rows)
    finding = Finding((Estimate(evaluate(derivation, inputs), weakest),), strength=weakest)
    return judge(claim["check"], Interval(claim["low"], claim["high"]), finding).grade
