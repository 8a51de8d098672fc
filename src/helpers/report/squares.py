"""Every claim as one square, grouped by what it is about and coloured by its grade.

To a keyboard and a screen reader it is one control: arrows move from claim to claim, Enter opens the card.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from helpers.chapters.verdicts_tables import FAIL, GROUPS, HOLD
from helpers.language import tr
from helpers.ledger.tables import Tables
from helpers.ledger.verdicts import Grade
from helpers.report.claims import SHAPES
from helpers.report.palette import grade_name
from helpers.report.text import Html, escape

# Failing claims first, as they would be looked for.
ORDER = [Grade.MISLEADING, Grade.WRONG, Grade.INACCURATE, Grade.UNSUPPORTED, Grade.UNSURE, Grade.CLOSE, Grade.ACCURATE]
ORDER = [*ORDER, Grade.UNRATED]


def squares(tables: Tables, verdicts: pd.DataFrame) -> Html:
    """The chart, with its legend: groups by the share of their rated claims that hold, the largest share first."""
    joined = tables["claims"].merge(verdicts, on="claim_id")
    groups = [(tr(group["name"]), joined[joined["kind"].isin(group["kinds"])]) for group in GROUPS.values()]
    shown = sorted((g for g in groups if len(g[1])), key=lambda group: -_share(group[1]))
    drawn = "\n".join(_group(name, claims) for name, claims in shown)
    label = tr("All claims, one square each: arrow keys go from one to the next, Enter opens its card")
    total = len(joined)
    return Html(
        f"{_legend(joined['grade'])}\n"
        f'<div class="squares" id="squares" role="slider" tabindex="0" aria-label="{escape(label)}" aria-valuemin="1" '
        f'aria-valuemax="{total}" aria-valuenow="1" aria-valuetext="{escape(tr("none chosen"))}">\n{drawn}\n</div>\n'
        f'<p class="square-said" aria-hidden="true" hidden>{escape(tr("Point at a square, or tap it."))}</p>'
    )


def _share(claims: pd.DataFrame) -> float:
    held, failed = (claims["grade"].isin(grades).sum() for grades in (HOLD, FAIL))
    return float(held / max(held + failed, 1))


def _group(name: str, claims: pd.DataFrame) -> str:
    held, failed = (int(claims["grade"].isin(grades).sum()) for grades in (HOLD, FAIL))
    said = tr("{held} of {rated} hold", held=held, rated=held + failed)
    ordered = claims.sort_values(
        "grade", key=lambda g: g.map({str(x.value): n for n, x in enumerate(ORDER)}), kind="stable"
    )
    return f"<p><b>{escape(name)}</b> <span>{said}</span></p><div>{''.join(map(_square, ordered.to_dict('records')))}</div>"


def _square(claim: Mapping[str, Any]) -> str:
    return f'<i class="g-{grade_name(claim["grade"])}" data-n="{escape(claim["claim_id"])}"></i>'


def _legend(grades: Iterable[str]) -> str:
    counts = pd.Series(list(grades)).value_counts()
    items = "".join(
        f'<li><a class="badge g-{grade_name(g)}" href="#grade-{g.name.lower()}"><span aria-hidden="true">{SHAPES[g]}</span> '
        f"{escape(tr(g.value))}</a> {counts[g.value]}</li>"
        for g in Grade
        if g.value in counts
    )
    return f'<ul class="score">{items}</ul>'
