"""Flip points: the value of an assumption at which a verdict changes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from helpers.ledger.derivations import DERIVATIONS, evaluate
from helpers.ledger.evidence import strength
from helpers.ledger.intervals import Interval
from helpers.ledger.tables import Tables
from helpers.ledger.verdicts import Estimate, Finding, Strength, Verdict, judge
from helpers.report.numbers import plain, scientific

STEP, REACH = 1.01, 100.0


def flip_point(tables: Tables, claim: Mapping[str, Any], verdict: Verdict) -> str:
    """In words: the input of a derivation whose change turns the verdict soonest; empty where none does.

    Every input that is not read in the makers' own words is moved, alone, by up to a factor of 100 either way.
    """
    derivation = DERIVATIONS.get(claim["formula"])
    if derivation is None or math.isnan(claim["low"]):
        return ""
    names = [n for n in claim["evidence_ids"].split() if not n.startswith("claim:")]
    if len(names) != len(claim["evidence_ids"].split()):
        return ""
    rows = [tables.evidence.loc[n].to_dict() for n in names[: _arity(derivation.compute) or len(names)]]
    claimed = Interval(claim["low"], claim["high"])
    options = [
        _soonest(rows, k, claim, claimed, verdict) for k, row in enumerate(rows) if strength(row) < Strength.STRONG
    ]
    found = [o for o in options if o is not None]
    if not found:
        return ""
    factor, index, grade = min(found, key=lambda o: abs(math.log(o[0])))
    row = rows[index]
    value = (row["low"] + row["high"]) / 2
    return f"{_number(value * factor)} instead of {_number(value)} {row['unit']} for {row['quantity'].replace('_', ' ')} ({row['source_id']}) would make it {grade}."


def _soonest(
    rows: list[dict[str, Any]], index: int, claim: Mapping[str, Any], claimed: Interval, verdict: Verdict
) -> tuple[float, int, str] | None:
    derivation = DERIVATIONS[claim["formula"]]
    weakest = min(strength(row) for row in rows)
    factor = STEP
    while factor <= REACH:
        for f in (factor, 1 / factor):
            inputs = [Interval(r["low"], r["high"]).scaled(f if k == index else 1.0) for k, r in enumerate(rows)]
            finding = Finding((Estimate(evaluate(derivation, inputs), weakest),), strength=weakest)
            moved = judge(claim["check"], claimed, finding)
            if (
                moved.grade != verdict.grade
                and verdict.grade == judge(claim["check"], claimed, _at_rest(rows, claim, weakest)).grade
            ):
                return f, index, moved.grade.value
        factor *= STEP
    return None


def _at_rest(rows: list[dict[str, Any]], claim: Mapping[str, Any], weakest: Strength) -> Finding:
    inputs = [Interval(r["low"], r["high"]) for r in rows]
    return Finding((Estimate(evaluate(DERIVATIONS[claim["formula"]], inputs), weakest),), strength=weakest)


def _arity(function: Any) -> int | None:
    import inspect

    parameters = inspect.signature(function).parameters.values()
    return None if any(p.kind is p.VAR_POSITIONAL for p in parameters) else len(parameters)


def _number(value: float) -> str:
    return plain(value, 3) if 1e-3 <= abs(value) < 1e7 else scientific(value, 3)
