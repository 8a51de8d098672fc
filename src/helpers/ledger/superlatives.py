"""Superlatives at their date: "largest" and "first", tested against every published model in the dataset."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from helpers.errors import DataProblem
from helpers.ledger.evidence import best
from helpers.ledger.intervals import date_interval
from helpers.ledger.tables import Tables
from helpers.ledger.verdicts import Finding, Problem, Strength
from helpers.report.numbers import words

SCOPES = ("dense", "mixture_of_experts", "language", "multimodal", "china")
TIE = 1.005  # sizes closer than this are equal at printed precision


def largest(tables: Tables, claim: Mapping[str, Any]) -> Finding:
    """Whether nothing larger was public when it was said.

    `counts` holds the scope: any of `dense`, `mixture_of_experts`, `language`, `multimodal`, `china`, and
    `at_announcement` where the statement is about the day the system appeared instead of the article's.
    """
    day, size = _day(tables, claim), _size(tables, claim)
    field = _field(tables, claim)
    rivals = field[(field["day"] <= day) & (field["parameters"] > size * TIE)].sort_values(
        "parameters", ascending=False
    )
    if rivals.empty:
        return Finding(
            holds=True,
            strength=Strength.FAIR,
            why=f"None of {int((field['day'] <= day).sum())} models in the field was larger by then.",
        )
    rival = rivals.iloc[0]
    return Finding(
        holds=False,
        strength=Strength.FAIR,
        problem=Problem.SCOPE,
        why=f"{rival['name']} ({words(rival['parameters'])} parameters, {rival['published']}) was larger.",
    )


def first_to_reach(tables: Tables, claim: Mapping[str, Any]) -> Finding:
    """Whether no model of the scope had reached the power of ten before the system appeared."""
    threshold = 10.0 ** (len(f"{_size(tables, claim):.0f}") - 1)
    day = date_interval(str(best(tables, claim["system_id"], "announced")["value"])).low
    field = _field(tables, claim)
    earlier = field[(field["day"] < day) & (field["parameters"] >= threshold)].sort_values("day")
    if earlier.empty:
        return Finding(
            holds=True,
            strength=Strength.FAIR,
            why=f"No model in the field had {words(threshold)} parameters before.",
        )
    rival = earlier.iloc[0]
    return Finding(
        holds=False,
        strength=Strength.FAIR,
        problem=Problem.DATE,
        why=f"{rival['name']} ({words(rival['parameters'])} parameters) appeared on {rival['published']}.",
    )


def _field(tables: Tables, claim: Mapping[str, Any]) -> pd.DataFrame:
    """The models that the statement's scope covers, without the system itself."""
    scope = set(str(claim["counts"]).split())
    unknown = scope - set(SCOPES) - {"at_announcement"}
    if unknown:
        raise DataProblem(
            "data/raw/claims.csv",
            f"claim {claim['claim_id']}, column counts",
            f"no scope {min(unknown)}",
            f"use {', '.join(SCOPES)}, at_announcement",
        )
    models = tables["models"]
    models = models[models["model_id"] != claim["system_id"]]
    if "dense" in scope:
        models = models[models["kind"] != "mixture_of_experts"]
    if "mixture_of_experts" in scope:
        models = models[models["kind"] == "mixture_of_experts"]
    for domain in scope & {"language", "multimodal"}:
        models = models[models["domain"].str.contains(domain, case=False)]
    if "china" in scope:
        models = models[models["country"].str.contains("China")]
    return models.assign(day=[date_interval(d).low for d in models["published"]])


def _day(tables: Tables, claim: Mapping[str, Any]) -> float:
    if "at_announcement" in str(claim["counts"]):
        return date_interval(str(best(tables, claim["system_id"], "announced")["value"])).high
    articles = tables["articles"]
    return date_interval(articles.loc[articles["article_id"] == claim["article_id"], "published"].iloc[0]).high


def _size(tables: Tables, claim: Mapping[str, Any]) -> float:
    return float(best(tables, claim["system_id"], "parameters")["value"])
