"""Checks: from one claim and its evidence to a finding.

A claim names its check (`formula`) and its evidence (`evidence_ids`). Without a formula, the claimed figure is
held against the evidence directly. `claim:ID` among the evidence points to another claim of the same article,
such as the cells that a total adds up.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from helpers.errors import DataProblem
from helpers.language import tr
from helpers.ledger import superlatives
from helpers.ledger.derivations import DERIVATIONS, Derivation, evaluate
from helpers.ledger.evidence import strength
from helpers.ledger.intervals import Interval
from helpers.ledger.system_runs import PublishedRun, find_run
from helpers.ledger.tables import Tables
from helpers.ledger.verdicts import Estimate, Finding, Flaw, Strength
from helpers.numbers import words

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Input:
    """One input of a check: an evidence row, or a figure printed in the same article."""

    row: Row
    interval: Interval | None
    strength: Strength
    unit: str

    @property
    def system_id(self) -> str:
        """The system that it is about."""
        return str(self.row["system_id"])


@dataclass(frozen=True)
class Case:
    """What a check sees: the claim, its article, its inputs, and the tables."""

    tables: Tables
    claim: Row
    inputs: tuple[Input, ...]

    @property
    def strength(self) -> Strength:
        """The strongest of the inputs."""
        return max((i.strength for i in self.inputs), default=Strength.HINT)

    @property
    def article(self) -> Row:
        """The article's row."""
        articles = self.tables["articles"]
        return dict(articles[articles["article_id"] == self.claim["article_id"]].iloc[0])


def examine(tables: Tables, claim: Row) -> Finding:
    """What the check of a claim finds.

    Raises:
        DataProblem: the check does not exist, or its evidence does not fit it.
    """
    case = case_of(tables, claim)
    name = claim["formula"]
    if name in DERIVATIONS:
        return derived(case, DERIVATIONS[name])
    if name not in CHECKS:
        raise _problem(claim, f"no check {name}", f"use one of {', '.join(sorted({**CHECKS, **DERIVATIONS}))}")
    return CHECKS[name](case)


def case_of(tables: Tables, claim: Row) -> Case:
    """A claim with its evidence looked up."""
    return Case(tables, claim, tuple(_input(tables, claim, name) for name in claim["evidence_ids"].split()))


def _problem(claim: Row, what: str, mend: str) -> DataProblem:
    return DataProblem("data/raw/claims.csv", f"claim {claim['claim_id']}", what, mend)


def _input(tables: Tables, claim: Row, name: str) -> Input:
    if name.removeprefix("claim:") in tables.claim_rows:
        row = tables.claim_rows[name.removeprefix("claim:")]
        return Input(row, _interval(row), Strength.FAIR, row["unit"])
    row = tables.evidence_rows[name]
    return Input(row, _interval(row), strength(row), row["unit"])


def _interval(row: Row) -> Interval | None:
    return None if math.isnan(row["low"]) else Interval(row["low"], row["high"])


# Without a formula -------------------------------------------------------------------------------------------


def restated(case: Case) -> Finding:
    """The claimed figure against the same figure in the sources."""
    estimates = []
    for item in case.inputs:
        if item.interval is None or item.unit != case.claim["unit"]:
            what = f"evidence {item.row.get('evidence_id')} is in {item.unit}, the claim in {case.claim['unit']}"
            raise _problem(case.claim, what, "point to evidence in the claim's unit, or name a formula")
        estimates.append(Estimate(item.interval, item.strength, label(item)))
    return Finding(tuple(estimates), strength=case.strength)


def label(item: Input) -> str:
    """An input in a few words."""
    if "source_id" not in item.row:
        return tr("printed in the same article: {claim}", claim=item.row["as_printed"])
    return f"{item.row['source_id']}, {item.row['locator']}"


# By formula --------------------------------------------------------------------------------------------------


def derived(case: Case, derivation: Derivation) -> Finding:
    """The claimed figure against one worked out; evidence in the claim's own unit that the formula does not
    take is a second route to it."""
    direct, inputs = routes(case, derivation)
    numbers = [i.interval for i in inputs if i.interval is not None]
    if len(numbers) != len(inputs) or not inputs:
        raise _problem(case.claim, "an input of the formula is not a number", "point to numeric evidence")
    name = case.claim["formula"]
    if derivation.arity is not None and derivation.arity != len(inputs):
        raise _problem(case.claim, f"{len(inputs)} inputs do not fit {name}", "give as many as the formula takes")
    try:
        value = evaluate(derivation, numbers)
    except ZeroDivisionError:
        raise _problem(case.claim, f"{name} divides by zero", "point to evidence that is not zero") from None
    weakest = min(i.strength for i in inputs)
    estimates = (
        Estimate(value, weakest, tr(derivation.words)),
        *(Estimate(i.interval, i.strength, label(i)) for i in direct if i.interval),
    )
    finding = Finding(estimates, strength=weakest)
    return replace(finding, **_comparability(case, inputs)) if derivation.compares else finding


def routes(case: Case, derivation: Derivation) -> tuple[list[Input], list[Input]]:
    """Direct evidence and inputs: a formula takes its first inputs; a sum or product, the printed cells."""
    if derivation.arity is None:
        cells = [i for i in case.inputs if "source_id" not in i.row]
        return [i for i in case.inputs if i not in cells] if cells else [], cells or list(case.inputs)
    return list(case.inputs[derivation.arity :]), list(case.inputs[: derivation.arity])


def _comparability(case: Case, inputs: Sequence[Input]) -> dict[str, Any]:
    """Two systems can be compared by a count of chips or of joules only if they did the same kind of work."""
    systems = list(dict.fromkeys(i.system_id for i in inputs if i.system_id))
    kinds = {s: kind for s in systems if (kind := case.tables.kind_of(s)) in ("dense", "mixture_of_experts")}
    if len(kinds) < 2 or len(set(kinds.values())) == 1:
        return {}
    both = tr(" and ")
    why = tr(
        "{sparse} uses a small part of its parameters for each token, {dense} all of them, and counts of chips or joules do not show what each learned",
        sparse=both.join(case.tables.name_of(s) for s, kind in kinds.items() if kind != "dense"),
        dense=both.join(case.tables.name_of(s) for s, kind in kinds.items() if kind == "dense"),
    )
    return {"comparable": False, "conclusion_survives": False, "why": why}


# Statements --------------------------------------------------------------------------------------------------


def supported(case: Case) -> Finding:
    """The sources say the same."""
    strongest = sorted(case.inputs, key=lambda i: -i.strength)[:2]
    said = tr("; ").join(dict.fromkeys(label(item) for item in strongest))
    return Finding(holds=True, strength=case.strength, why=tr("So say the sources: {places}", places=said))


def contradicted(case: Case) -> Finding:
    """The sources say otherwise."""
    return Finding(holds=False, strength=case.strength, problem=_wrong_in(case))


def partly(case: Case) -> Finding:
    """The sources say the same of a part only."""
    return Finding(holds=False, partly=True, strength=case.strength, problem=Flaw.SCOPE)


def silent(case: Case) -> Finding:
    """The sources that should say it were looked at and do not."""
    return Finding(silent=case.strength > Strength.HINT, strength=case.strength)


def divided(case: Case) -> Finding:
    """The sources disagree, or each decides a part only; they are listed and the verdict stays open."""
    return Finding(strength=case.strength, why=tr("The sources are divided"))


def wrong_unit(case: Case) -> Finding:
    """The number is right, the unit beside it is not."""
    return Finding(
        holds=False, strength=case.strength, problem=Flaw.UNIT, why=tr("The number is right, its unit is not")
    )


def unlike(case: Case) -> Finding:
    """The figures are right and do not count the same thing."""
    return Finding(holds=True, strength=case.strength, comparable=False, conclusion_survives=False)


def _wrong_in(case: Case) -> Flaw:
    return {
        "attribution": Flaw.ATTRIBUTION,
        "comparison": Flaw.COMPARABILITY,
        "date": Flaw.DATE,
    }.get(case.claim["kind"], Flaw.VALUE)


def efficiency_gain(case: Case) -> Finding:
    """More parameters per petaFLOP/s-day is a gain only if both count the same operations."""
    return gain(*runs_compared(case))


def runs_compared(case: Case) -> tuple[PublishedRun, PublishedRun]:
    """The two runs that a claim of efficiency sets side by side."""
    first, second = (find_run(case.tables, str(case.claim[c])) for c in ("system_id", "reference_id"))
    return first, second


def gain(first: PublishedRun, second: PublishedRun) -> Finding:
    """Whether the first run's parameters per petaFLOP/s-day are more, and whether that says anything."""
    conventions = [run.conventions()[:1] for run in (first, second)]
    same = conventions[0] == conventions[1]
    as_printed = (first.params.middle / first.flop.middle) / (second.params.middle / second.flop.middle)
    flip = first.flop.middle / (second.implied_middle * first.params.middle)
    return Finding(
        holds=as_printed > 1,
        strength=min(first.strength, second.strength),
        comparable=same,
        conclusion_survives=first.implied_middle < second.implied_middle,
        why=tr(
            "As printed, {a} has {gain:.2f} times the parameters per PD. But its figure counts "
            "{ka:.2f} FLOP per parameter and token, {b}'s {kb:.2f}.",
            a=first.name,
            b=second.name,
            gain=as_printed,
            ka=first.implied_middle,
            kb=second.implied_middle,
        ),
        flip=tr(
            "If the {a} figure counted {kb:.1f} FLOP per parameter and token, it would stand for "
            "{flip} tokens instead of {tokens}; only then could the two be set side by side.",
            a=first.name,
            kb=second.implied_middle,
            flip=words(flip),
            tokens=words(first.tokens.middle),
        ),
    )


CHECKS: dict[str, Callable[[Case], Finding]] = {
    "": restated,
    "supported": supported,
    "contradicted": contradicted,
    "partly": partly,
    "silent": silent,
    "unlike": unlike,
    "wrong_unit": wrong_unit,
    "divided": divided,
    "efficiency_gain": efficiency_gain,
    "largest": lambda case: superlatives.largest(case.tables, case.claim),
    "first_to_reach": lambda case: superlatives.first_to_reach(case.tables, case.claim),
}
