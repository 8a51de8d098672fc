"""Every claim as one square, grouped by what it is about and coloured by its grade.

To a keyboard and a screen reader it is one control: arrows move from claim to claim, Enter opens the card.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from helpers.chapters.verdicts_tables import FAIL, GROUPS, HOLD
from helpers.language import tr
from helpers.ledger.tables import Tables
from helpers.ledger.verdicts import Grade
from helpers.report.claims import SHAPES
from helpers.report.palette import grade_name
from helpers.report.text import Html, fill

# Failing claims first, as they would be looked for.
ORDER = (
    Grade.MISLEADING, Grade.WRONG, Grade.INACCURATE, Grade.UNSUPPORTED, Grade.UNSURE, Grade.CLOSE, Grade.ACCURATE,
    Grade.UNRATED,
)  # fmt: skip


def squares(tables: Tables, verdicts: pd.DataFrame) -> Html:
    """The chart, with its legend: groups by the share of their rated claims that hold, the largest share first."""
    joined = tables["claims"].merge(verdicts, on="claim_id")
    groups = [_group(tr(name), joined[joined["kind"].isin(kinds)]) for name, kinds in GROUPS.items()]
    shown = sorted((g for g in groups if g[3]), key=lambda group: -group[1] / max(group[1] + group[2], 1))
    counts = joined["grade"].value_counts()
    legend = [(grade, counts[grade.value]) for grade in Grade if grade.value in counts]
    return fill("squares", legend=legend, groups=shown, total=len(joined), tone=grade_name, shapes=SHAPES)


def _group(name: str, claims: pd.DataFrame) -> tuple[str, int, int, list[dict[str, Any]]]:
    """Name, claims that hold and that fail, and all of them in the order of their grades."""
    held, failed = (int(claims["grade"].isin(grades).sum()) for grades in (HOLD, FAIL))
    place = {grade.value: n for n, grade in enumerate(ORDER)}
    return name, held, failed, claims.sort_values("grade", key=lambda g: g.map(place), kind="stable").to_dict("records")
