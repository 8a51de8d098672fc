"""How to cite the project: CITATION.cff, as text and as BibTeX."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from helpers.language import tr
from helpers.paths import PROJECT
from helpers.report.text import Html, fill, source_language


def citation(path: Path = PROJECT / "CITATION.cff") -> dict[str, Any]:
    """Title, authors, date, version and message of CITATION.cff, which keeps to one line for each."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    found = dict(re.findall(r'^([\w-]+): "?(.*?)"?$', text, flags=re.M))
    return {
        "title": found.get("title", "Report"),
        "message": found.get("message", "A report made of notebooks."),
        "date-released": found.get("date-released", "1970-01-01"),
        "version": found.get("version", ""),
        "authors": re.findall(r'^\s+- name: "?(.*?)"?$', text, flags=re.M),
    }


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
