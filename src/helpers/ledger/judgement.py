"""All claims judged: one row per claim, every grade the output of `verdicts.judge`."""

import math
from datetime import date
from typing import Any

import pandas as pd

from helpers.language import joined, tr
from helpers.ledger.cases import row_interval
from helpers.ledger.checks import examine
from helpers.ledger.contradictions import contradictions, opposed
from helpers.ledger.flips import flip_point
from helpers.ledger.intervals import Interval
from helpers.ledger.tables import Row, Tables
from helpers.ledger.verdicts import Estimate, Finding, Grade, Strength, Verdict, decisive, divided, is_rated, judge
from helpers.numbers import plain, readable


def judge_claims(tables: Tables, chosen: pd.Series | None = None) -> pd.DataFrame:
    """The verdict on every claim, in the order of the claims table; columns as of `judge_claim`, and `contradicted_by`.

    Args:
        chosen: truth value for each row of `tables["claims"]`, if only some are to be judged.

    Raises:
        DataProblem: a claim's check and its evidence do not fit each other.
    """
    claims = tables["claims"] if chosen is None else tables["claims"][chosen]
    rows = [judge_claim(tables, row) for row in claims.to_dict("records")]
    against = opposed(contradictions(tables)) if chosen is None else {}
    for row in rows:
        row["contradicted_by"] = " ".join(against.get(row["claim_id"], ()))
    return pd.DataFrame(rows)


def judge_claim(tables: Tables, claim: Row) -> dict[str, Any]:
    """The verdict on one claim as a row."""
    claimed, is_date = row_interval(claim), claim["unit"] == "date"
    given = is_rated(claim["check"]) and (claim["evidence_ids"] or claim["formula"])
    finding = examine(tables, claim) if given else Finding()
    verdict = judge(claim["check"], claimed, finding, is_date=is_date)
    first = _as_weighed(claimed, finding, is_date)
    shown = [_shown(e, claim["unit"]) for e in first] + ["", ""]
    middles = [e.interval.middle for e in first]
    comparable = len(middles) == 2 and middles[1] and not is_date
    found = finding.estimates or finding.holds is not None or finding.silent
    return {
        "claim_id": claim["claim_id"],
        "grade": verdict.grade.value,
        "problem": verdict.problem.value,
        "ratio": verdict.ratio,
        "estimate_1": shown[0],
        "estimate_2": shown[1],
        "flip_point": finding.flip or flip_point(tables, claim, verdict),
        "estimates_differ_by": abs(middles[0] / middles[1] - 1) if comparable else math.nan,
        "evidence_strength": finding.strength.name.lower() if found else "",
        "why": why(claim, finding, verdict),
    }


def _as_weighed(claimed: Interval | None, finding: Finding, is_date: bool) -> list[Estimate]:
    """The first two estimates, or the one that decides and the first, so that what decides is never unshown."""
    if claimed is None or not finding.estimates:
        return []
    best, two = decisive(claimed, finding.estimates, is_date=is_date), list(finding.estimates[:2])
    return two if best in two else [best, two[0]]


def _shown(estimate: Estimate, unit: str) -> str:
    return tr("{value} ({label})", value=_middle(estimate.interval, unit), label=estimate.label)


def _middle(interval: Interval, unit: str) -> str:
    if unit == "date":
        ends = [date.fromordinal(int(x)).isoformat() for x in (interval.low, interval.high)]
        return ends[0] if ends[0] == ends[1] else tr("{low} to {high}", low=ends[0], high=ends[1])
    return readable(interval.middle, unit)


def why(claim: Row, finding: Finding, verdict: Verdict) -> str:
    """One line in plain words: what the evidence says, and what that makes of the claim."""
    note = str(claim["note"])
    if verdict.grade is Grade.UNRATED:
        return note or tr("A forecast or an opinion.")
    if not finding.estimates and finding.holds is None and not finding.silent and not finding.why:
        return joined([tr("No published evidence at hand decides this"), note])
    return joined([finding.why or _evidence_line(claim, finding, verdict), note[:1].upper() + note[1:]])


def _evidence_line(claim: Row, finding: Finding, verdict: Verdict) -> str:
    claimed, unit = row_interval(claim), str(claim["unit"])
    if finding.silent:
        return tr("The sources that should say so were looked at and do not")
    if claimed is None or not finding.estimates:
        return _statement_line(finding)
    best = decisive(claimed, finding.estimates, is_date=unit == "date")
    values = {"value": _middle(best.interval, unit), "label": best.label}
    if verdict.grade is Grade.UNSURE and claimed.overlaps(best.interval):
        if best.later:
            return tr("Only press written after the article says so: {value} ({label})", **values)
        if best.standing == "leak":
            return tr("Agrees with the leak of {label}, {value}, which nobody has confirmed", **values)
        if best.strength is Strength.WEAK:
            return tr("Agrees with an estimate, {value} ({label}), which nobody has confirmed", **values)
        if others := divided(claimed, finding.estimates, is_date=unit == "date"):
            against = _shown(others[0], unit)
            return tr("The sources are divided: {value} ({label}), but {against}", against=against, **values)
    return tr("Evidence: {value} ({label})", **values) + _error_line(verdict.ratio)


def _statement_line(finding: Finding) -> str:
    if not finding.comparable:
        return tr("The two do not count the same thing")
    if finding.partly:
        return tr("The sources say so only in part")
    return tr("The sources say the same") if finding.holds else tr("The sources say otherwise")


def _error_line(ratio: float) -> str:
    if math.isnan(ratio) or ratio in (1, 0) or math.isinf(ratio):
        return ""
    if ratio > 1:
        return tr("; the printed figure is at least {n} times too large", n=plain(ratio, 3))
    return tr("; the printed figure is at least {n} times too small", n=plain(1 / ratio, 3))
