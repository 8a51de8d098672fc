"""Claims in a word, a row or a square: badge, scale, chart, and tables that lead to each claim's block."""

import math
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pandas as pd

from helpers.chapters.verdicts_tables import FAIL, GROUPS, HOLD
from helpers.language import later, tr
from helpers.ledger.tables import Tables
from helpers.ledger.verdicts import DEFINITIONS, Grade
from helpers.numbers import readable
from helpers.report.palette import grade_name
from helpers.report.sources import with_sources
from helpers.report.text import Html, escape, fill, link, with_language

# A shape for each grade, so that it does not lean on colour alone.
SHAPES = dict(zip(Grade, "●◕◐○◆□?–", strict=True))
# Failing claims first, as they would be looked for.
ORDER = (
    Grade.MISLEADING, Grade.WRONG, Grade.INACCURATE, Grade.UNSUPPORTED, Grade.UNSURE, Grade.CLOSE, Grade.ACCURATE,
    Grade.UNRATED,
)  # fmt: skip


def badge(grade: str) -> Html:
    """The grade as a badge that links to its definition."""
    known = Grade(grade)
    return Html(f'<a class="badge g-{grade_name(grade)}" href="#grade-{known.name.lower()}">{_mark(known)}</a>')


def _mark(grade: Grade) -> Html:
    return Html(f'<span aria-hidden="true">{SHAPES[grade]}</span> {escape(tr(grade.value))}')


def scale_list() -> Html:
    """The scale: every grade with its definition, each with the id `grade-<name>`."""
    return fill("scale", definitions=DEFINITIONS, tone=grade_name, mark=_mark)


def permalink(claim_id: str) -> Html:
    """A link to a claim's block."""
    return link(f"#claim-{claim_id}", claim_id)


def claim_link(tables: Tables) -> Callable[[str], Html]:
    """Links to claims' blocks by where a claim stands and what it says."""
    said = dict(zip(tables["claims"]["claim_id"], tables["claims"]["statement"], strict=True))
    return lambda one: link(f"#claim-{one}", tr("article {id}: {said}", id=one[:3], said=said[one]))


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


def squares(tables: Tables, verdicts: pd.DataFrame) -> Html:
    """Every claim as one square, with a legend: groups by the share of their rated claims that hold, the largest share first.

    To a keyboard and a screen reader it is one control: arrows move from claim to claim, Enter opens the card.
    """
    joined = tables["claims"].merge(verdicts, on="claim_id")
    groups = [_group(tr(group["name"]), joined[joined["kind"].isin(group["kinds"])]) for group in GROUPS.values()]
    shown = sorted((g for g in groups if g[3]), key=lambda group: -group[1] / max(group[1] + group[2], 1))
    counts = joined["grade"].value_counts()
    legend = [(grade, counts[grade.value]) for grade in Grade if grade.value in counts]
    return fill("squares", legend=legend, groups=shown, total=len(joined), tone=grade_name, shapes=SHAPES)


def _group(name: str, claims: pd.DataFrame) -> tuple[str, int, int, list[dict[str, Any]]]:
    """Name, claims that hold and that fail, and all of them in the order of their grades."""
    held, failed = (int(claims["grade"].isin(grades).sum()) for grades in (HOLD, FAIL))
    place = {grade.value: n for n, grade in enumerate(ORDER)}
    return name, held, failed, claims.sort_values("grade", key=lambda g: g.map(place), kind="stable").to_dict("records")
