"""Checks: from one claim and its evidence to a finding.

A claim names its check (`formula`) and its evidence (`evidence_ids`). Without a formula, the claimed figure is
held against the evidence directly. `claim:ID` among the evidence points to another claim of the same article,
such as the cells that a total adds up.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from helpers.language import later, tr
from helpers.ledger import statements, superlatives
from helpers.ledger.cases import Case, Input, case_of, estimate_of, misfit
from helpers.ledger.derivations import DERIVATIONS, Derivation, evaluate
from helpers.ledger.tables import Row, Tables
from helpers.ledger.verdicts import Estimate, Finding


def examine(tables: Tables, claim: Row) -> Finding:
    """What the check of a claim finds; a DataProblem, if there is no such check, or its evidence does not fit it."""
    case, name = case_of(tables, claim), claim["formula"]
    if name in DERIVATIONS:
        return derived(case, DERIVATIONS[name])
    if name not in CHECKS:
        raise misfit(claim, f"no check {name}", f"use one of {', '.join(sorted({**CHECKS, **DERIVATIONS}))}")
    return CHECKS[name](case)


def against_evidence(case: Case) -> Finding:
    """The claimed figure against the same figure in the sources."""
    for item in case.inputs:
        if item.interval is None or item.row["unit"] != case.claim["unit"]:
            what = f"evidence {item.row.get('evidence_id')} is in {item.row['unit']}, the claim in {case.claim['unit']}"
            raise misfit(case.claim, what, "point to evidence in the claim's unit, or name a formula")
    return Finding(tuple(estimate_of(i, i.interval) for i in case.inputs if i.interval), strength=case.strength)


def derived(case: Case, derivation: Derivation) -> Finding:
    """The claimed figure against one worked out; evidence in the claim's own unit that the formula does not
    take is a second route to it."""
    direct, inputs = routes(case, derivation)
    numbers = [i.interval for i in inputs if i.interval is not None]
    if len(numbers) != len(inputs) or not inputs:
        raise misfit(case.claim, "an input of the formula is not a number", "point to numeric evidence")
    name = case.claim["formula"]
    if derivation.arity is not None and derivation.arity != len(inputs):
        raise misfit(case.claim, f"{len(inputs)} inputs do not fit {name}", "give as many as the formula takes")
    try:
        value = evaluate(derivation, numbers)
    except ZeroDivisionError:
        raise misfit(case.claim, f"{name} divides by zero", "point to evidence that is not zero") from None
    weakest = min(i.strength for i in inputs)
    worked_out = Estimate(value, weakest, tr(derivation.words), any(i.later for i in inputs))
    others = (estimate_of(i, i.interval) for i in direct if i.interval and not i.claimed)
    finding = Finding((worked_out, *others), strength=weakest)
    return _comparable(finding, case, inputs) if derivation.compares else finding


def routes(case: Case, derivation: Derivation) -> tuple[list[Input], list[Input]]:
    """Direct evidence and inputs: a formula takes its first inputs; a sum or product, the printed cells."""
    if derivation.arity is None:
        cells = [i for i in case.inputs if "source_id" not in i.row]
        return [i for i in case.inputs if i not in cells] if cells else [], cells or list(case.inputs)
    return list(case.inputs[derivation.arity :]), list(case.inputs[: derivation.arity])


def _comparable(finding: Finding, case: Case, inputs: Sequence[Input]) -> Finding:
    """Two systems can be compared by a count of chips or of joules only if they did the same kind of work."""
    systems, tables = dict.fromkeys(str(i.row["system_id"]) for i in inputs), case.tables
    dense, sparse = (
        tr(" and ").join(tables.name_of(s) for s in systems if tables.kind_of(s) == kind)
        for kind in ("dense", "mixture_of_experts")
    )
    if not (dense and sparse):
        return finding
    why = later(
        "{sparse} uses a small part of its parameters for each token, {dense} all of them, and counts of chips or joules do not show what each learned"
    )
    return replace(finding, comparable=False, why=tr(why, sparse=sparse, dense=dense))


CHECKS: dict[str, Callable[[Case], Finding]] = {
    "": against_evidence,
    **dict.fromkeys(statements.READ, statements.read_in_sources),
    "supported": statements.supported,
    "outdated": statements.outdated,
    "listed": statements.listed,
    "efficiency_gain": statements.efficiency_gain,
    "largest": superlatives.largest,
    "first_to_reach": superlatives.first_to_reach,
}
