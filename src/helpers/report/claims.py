"""Claims in a word or a row: badge, scale, score, and tables that lead to each claim's block."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pandas as pd

from helpers.language import later, tr
from helpers.ledger.tables import Tables
from helpers.ledger.verdicts import DEFINITIONS, Grade
from helpers.numbers import readable
from helpers.report.palette import grade_name
from helpers.report.sources import with_sources
from helpers.report.text import Html, escape, with_language

# A shape for each grade, so that it does not lean on colour alone.
SHAPES = {
    Grade.ACCURATE: "●",
    Grade.CLOSE: "◕",
    Grade.INACCURATE: "◐",
    Grade.WRONG: "○",
    Grade.MISLEADING: "◆",
    Grade.UNSUPPORTED: "□",
    Grade.UNSURE: "?",
    Grade.UNRATED: "–",
}


def badge(grade: str) -> Html:
    """The grade as a badge that links to its definition."""
    known = Grade(grade)
    return Html(
        f'<a class="badge g-{grade_name(grade)}" href="#grade-{escape(known.name.lower())}">'
        f'<span aria-hidden="true">{SHAPES[known]}</span> {escape(tr(known.value))}</a>'
    )


def scale_list() -> Html:
    """The scale: every grade with its definition, each with the id `grade-<name>`."""
    items = "\n".join(
        f'<dt id="grade-{g.name.lower()}"><span class="badge g-{grade_name(g)}"><span aria-hidden="true">{SHAPES[g]}</span> {escape(tr(g.value))}</span></dt>'
        f"<dd>{escape(tr(text))}</dd>"
        for g, text in DEFINITIONS.items()
    )
    return Html(f'<dl class="scale">\n{items}\n</dl>')


def permalink(claim_id: str) -> Html:
    """A link to a claim's block."""
    return Html(f'<a href="#claim-{escape(claim_id)}">{escape(claim_id)}</a>')


def claim_link(claim_id: str) -> Html:
    """A link to a claim's block that says no more than where it stands."""
    return Html(f'<a href="#claim-{escape(claim_id)}">{escape(tr("article {id}", id=claim_id[:3]))}</a>')


def claim_rows(tables: Tables, verdicts: pd.DataFrame, chosen: pd.Series) -> pd.DataFrame:
    """Chosen claims joined with their verdicts, for a table with `CLAIM_COLUMNS` and `claim_formats`.

    Args:
        chosen: truth value for each row of `tables["claims"]`.
    """
    return tables["claims"][chosen].merge(verdicts, on="claim_id")


def printed(token: str) -> Html:
    """The figure as printed, marked as Chinese where it is."""
    return Html(f'<span class="printed">{with_language(token)}</span>')


# How the columns of `claim_rows` are shown; why stands at the claim, where the first column leads.
CLAIM_COLUMNS = {
    "claim_id": later("Claim"),
    "as_printed": later("Printed"),
    "statement": later("What it says"),
    "grade": later("Verdict"),
}


def claim_formats(tables: Tables) -> dict[str, Callable[[Any], str]]:
    """Formats of the same columns."""
    why = partial(with_sources, references=tables.references)
    return {"claim_id": permalink, "as_printed": printed, "grade": badge, "why": why, "flip_point": why}


def quantity(value: float, unit: str) -> str:
    """A value in its base unit for readers."""
    if unit == "date":
        return date.fromordinal(int(value)).isoformat()
    return readable(value, unit)


def span(low: float, high: float, unit: str) -> str:
    """An interval for readers, with as many digits as tell its ends apart."""
    if low == high or not math.isfinite(high):
        return quantity(low, unit)
    ends = [quantity(low, unit), quantity(high, unit)]
    if ends[0] == ends[1] and unit != "date":
        ends = [readable(low, unit, 6), readable(high, unit, 6)]
    return tr("{low} to {high}", low=ends[0], high=ends[1])
