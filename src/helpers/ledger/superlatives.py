"""Superlatives at their date: "largest" and "first", tested against every published model in the dataset."""

import math

import pandas as pd

from helpers.language import later, named, tr
from helpers.ledger.cases import Case, misfit
from helpers.ledger.evidence import best, strength
from helpers.ledger.intervals import date_interval
from helpers.ledger.tables import Row
from helpers.ledger.verdicts import Finding, Flaw, Strength
from helpers.numbers import words

SCOPES = ("dense", "mixture_of_experts", "language", "multimodal", "china")
TIE = 1.005  # sizes closer than this are equal at printed precision
TOO_NEAR = 3  # days between two announcements that nobody can order


def largest(case: Case) -> Finding:
    """Whether nothing larger was public when it was said.

    `counts` holds the scope: any of `dense`, `mixture_of_experts`, `language`, `multimodal`, `china`, and
    `at_announcement` where the statement is about the day the system appeared instead of the article's. A DataProblem,
    if the system's size, or the day, is not known.
    """
    size, day, surely = _stated(case, "parameters"), case.written, Strength.STRONG
    if "at_announcement" in str(case.claim["counts"]):
        announced = _stated(case, "announced")
        day, surely = date_interval(str(announced["value"])).high, strength(announced)
    field = _field(case)
    public = field[field["day"] <= day]
    rivals = public[public["parameters"] > float(size["value"]) * TIE].sort_values("parameters", ascending=False)
    known = min(strength(size), surely, Strength.FAIR)
    if rivals.empty:
        why = tr("None of {n} models in the field was larger by then.", n=len(public))
        return Finding(holds=True, strength=known, why=why)
    return _beaten(known, rivals, Flaw.SCOPE, later("{name} ({size} parameters, {day}) was larger."))


def first_to_reach(case: Case) -> Finding:
    """Whether no model of the scope had reached the power of ten before the system appeared.

    Open where another came within days: a paper is dated by the day on which it was handed in, in its own time zone.
    A DataProblem, if the system's size, or the day it appeared, is not known.
    """
    size, announced = (_stated(case, q) for q in ("parameters", "announced"))
    threshold = 10.0 ** math.floor(math.log10(float(size["value"])))
    field, day = _field(case), date_interval(str(announced["value"])).low
    reached = field[field["parameters"] >= threshold]
    rivals = reached[reached["day"] < day].sort_values("day")
    known = min(strength(size), strength(announced))
    near = reached[(reached["day"] >= day) & (reached["day"] <= day + TOO_NEAR)].sort_values("day")
    if rivals.empty and not near.empty:
        names = {"name": named(near["name"].iloc[0]), "day": near["published"].iloc[0], "n": TOO_NEAR}
        why = tr("{name} ({day}) came within {n} days: too near to tell which was first.", **names)
        return Finding(strength=known, why=why)
    if rivals.empty:
        why = tr("No model in the field had {size} parameters before.", size=words(threshold))
        return Finding(holds=True, strength=min(known, Strength.FAIR), why=why)
    return _beaten(known, rivals, Flaw.DATE, later("{name} ({size} parameters, {day}) was there before."))


def _beaten(known: Strength, rivals: pd.DataFrame, problem: Flaw, how: str) -> Finding:
    """The first rival that is more than recalled decides; if all are recalled, nothing is decided."""
    sure = rivals[rivals["strength"] > Strength.HINT]
    rival = (rivals if sure.empty else sure).iloc[0]
    why = tr(how, name=named(rival["name"]), size=words(rival["parameters"]), day=rival["published"])
    bears = min(known, Strength.FAIR, Strength(rival["strength"]))
    return Finding(holds=False, strength=bears, problem=problem, why=why)


def _stated(case: Case, quantity: str) -> Row:
    try:
        return best(case.tables, str(case.claim["system_id"]), quantity)
    except KeyError as error:
        raise misfit(case.claim, str(error.args[0]), "add the evidence, or use another check") from None


def _field(case: Case) -> pd.DataFrame:
    """The models that the statement's scope covers, without the system itself."""
    scope = set(str(case.claim["counts"]).split())
    if unknown := scope - set(SCOPES) - {"at_announcement"}:
        raise misfit(case.claim, f"no scope {min(unknown)}", f"use {', '.join(SCOPES)}, at_announcement", "counts")
    models = case.tables["models"]
    models = models[models["model_id"] != case.claim["system_id"]]
    sparse = models["kind"] == "mixture_of_experts"
    models = models[(~sparse | ("dense" not in scope)) & (sparse | ("mixture_of_experts" not in scope))]
    for domain in scope & {"language", "multimodal"}:
        models = models[models["domain"].str.contains(domain, case=False)]
    if "china" in scope:
        models = models[models["country"].str.contains("China")]
    strengths = [strength({"confidence": c, "standing": "secondary"}) for c in models["confidence"]]
    return models.assign(day=[date_interval(d).low for d in models["published"]], strength=strengths)
