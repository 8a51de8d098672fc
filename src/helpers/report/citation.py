"""How to cite the project, CITATION.cff as text and as BibTeX; and the lines at the top of the page that say so."""

from datetime import date
from pathlib import Path
from typing import Any

import yaml

import helpers
from helpers.chapters.verdicts_tables import reading_table
from helpers.language import named, tr
from helpers.ledger.tables import Tables
from helpers.paths import PROJECT
from helpers.report.text import Html, fill, say, source_language

UNKNOWN = {"title": "Report", "message": "Made of notebooks.", "date-released": "1970-01-01", "version": ""}


def citation(path: Path = PROJECT / "CITATION.cff") -> dict[str, Any]:
    """Title, authors (names), date-released (ISO), version and message of CITATION.cff, all as text."""
    read = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
    names = [author["name"] for author in read.get("authors", ())]
    return {**UNKNOWN, **{name: str(value) for name, value in read.items()}, "authors": names}


def as_text(cited: dict[str, Any]) -> str:
    """Authors (year). Title. Version."""
    return (
        f"{', '.join(cited['authors'])} ({cited['date-released'][:4]}). {cited['title']}. Version {cited['version']}."
    )


def as_bibtex(cited: dict[str, Any]) -> str:
    """An entry for LaTeX; names of groups are kept whole by a second pair of braces."""
    year, month, _ = cited["date-released"].split("-")
    return (
        f"@software{{compute_claims_{year},\n"
        f"  author = {{{' and '.join(f'{{{name}}}' for name in cited['authors'])}}},\n"
        f"  title = {{{{{cited['title']}}}}},\n"
        f"  year = {{{year}}},\n  month = {{{int(month)}}},\n  version = {{{cited['version']}}},\n}}"
    )


def citation_block(cited: dict[str, Any]) -> Html:
    """Both forms, each with a button that copies it; the buttons show once the page's script runs."""
    forms = ((tr("Text"), "text", as_text(cited)), ("BibTeX", "bibtex", as_bibtex(cited)))
    return fill("citation", forms=forms, source_language=source_language())


def byline(tables: Tables) -> Html:
    """Authors, date and version; the readings, of what kind and how often they differed; the corrections."""
    cited, readings = citation(), reading_table(tables)
    authors, day = ", ".join(named(name) for name in cited["authors"]), date.fromisoformat(cited["date-released"])
    by = {"authors": authors, "day": day.isoformat(), "version": helpers.__version__}
    lines = [say("By {authors} · {day} · version {version}", **by)]
    blind = readings[readings["reader"].str.contains("without sight of grades")]
    if len(blind):
        told = say(
            "Read {n} times after the first; independent readings without sight of the grades differed in {differing} "
            "of {rows} rows. [All readings](#verdicts-corrections-and-changes)",
            n=len(readings), differing=int(blind["differing"].sum()), rows=int(blind["rows_read"].sum()),
        )  # fmt: skip
        lines.append(told)
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
