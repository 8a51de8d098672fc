"""Who says so, when, and who has read it again: the lines at the top of the page."""

from __future__ import annotations

from datetime import date

import helpers
from helpers.chapters.verdicts_tables import reading_table
from helpers.language import named
from helpers.ledger.tables import Tables
from helpers.report.citation import citation
from helpers.report.text import Html, say


def byline(tables: Tables) -> Html:
    """Authors, date and version; the readings, of what kind and how often they differed; the corrections."""
    cited = citation()
    day = date.fromisoformat(cited["date-released"])
    lines = [
        say(
            "By {authors} · {day} · version {version}",
            authors=", ".join(named(name) for name in cited["authors"]),
            day=day.isoformat(),
            version=helpers.__version__,
        )
    ]
    readings = reading_table(tables)
    blind = readings[readings["reader"].str.contains("without sight of grades")]
    if len(blind):
        lines.append(
            say(
                "Read {n} times after the first; independent readings without sight of the grades differed in {differing} "
                "of {rows} rows. [All readings](#verdicts-corrections-and-changes)",
                n=len(readings),
                differing=int(blind["differing"].sum()),
                rows=int(blind["rows_read"].sum()),
            )
        )
    lines.append(
        say(
            "Corrections: {n} changes of rows so far, [each with its reason](#verdicts-corrections-and-changes).",
            n=len(tables["changes"]),
        )
    )
    return Html(f'<div class="byline">{"".join(lines)}</div>')


def lede(tables: Tables, finding: Html) -> Html:
    """What the page opens with: the finding, and who says so."""
    return Html(f'<div class="lede">{finding}{byline(tables)}</div>')
