"""One article on one offline page: what fails on top, each figure with its sentence, the evidence beside it, and a way to correct.

The sentences stand on this page only. A changed row is judged again in the page by the functions of `ledger.verdicts`,
translated by `branches`; what is saved is a ledger that `check` and `verdicts` take.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from helpers.ledger import intervals, verdicts
from helpers.ledger.additions import Names, article_row, claim_row
from helpers.ledger.claimed import claimed_interval
from helpers.ledger.verdicts import CONTRADICTS
from helpers.ledger.intervals import Interval
from helpers.ledger.knowledge import Knowledge, Row
from helpers.ledger.matching import EVIDENCE
from helpers.ledger.own_figures import all_relations, related
from helpers.ledger.scan import Candidate, Scan, scan
from helpers.ledger.scan_wording import evidence_line, how_far, in_words, spoken, statement
from helpers.ledger.bibliography import read_references
from helpers.ledger.tables import read_package
from helpers.report.branches import translated
from helpers.report.chapter_html import Heading, RenderedChapter
from helpers.report.claim_review import RATINGS
from helpers.report.claims import scale_list
from helpers.report.scanned import grade_badge, marked, sentence, source_link, sources
from helpers.report.text import Html, escape, with_language

TITLE = "The figures of one article"
DESCRIPTION = (
    "Read by machine and held against published evidence; made for the reader of the article, not for publication."
)
ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_JUDGED = frozenset(quantity for quantities in EVIDENCE.values() for quantity in quantities)


def as_data(interval: Interval, is_date: bool) -> dict[str, Any]:
    """An interval for the page; of a date also what only a calendar knows."""
    data: dict[str, Any] = {"low": interval.low, "high": min(interval.high, 1e300)}
    if is_date:
        length = intervals.date_precision(interval)
        data |= {
            "precision": length,
            "first": {name: intervals._first_day(interval, name) for name in ("month", "year")},
        }
    return data


def article_page(name: str, text: str, data_dir: Path, *, editable: bool = True, own: Path | None = None) -> str:
    """The page of one article.

    Args:
        name: the file's name, as the article's title.
        editable: with drop-downs and buttons; without them a page to read.
        own: a ledger of the user's own, with its systems and evidence.
    """
    from helpers.report.page import page

    knowledge = Knowledge(data_dir, own)
    found = scan(text, knowledge)
    references = read_references(data_dir / "raw" / "references.bib")
    body = [top(found), figure_list(found, knowledge, editable=editable), _unread(found)]
    body.append(Html(f'<h3 id="scale">What the verdicts mean</h3>{scale_list()}'))
    body.append(Html(f'<h3 id="sources">Sources</h3>{sources(found, references)}'))
    if editable:
        body.insert(0, _tools())
        body.append(_data(name, text, found, knowledge, data_dir))
    head = f'<h2 id="article-figures">{with_language(name)}</h2><p>{_summary(text, found)}</p>'
    attributes = ' id="article" data-editable="yes"' if editable else ""
    html = Html(f"{head}<div{attributes}>{''.join(body)}</div>")
    sections = tuple(
        Heading(a, t) for a, t in (("fails", "What fails"), ("figures", "All figures"), ("sources", "Sources"))
    )
    return page([RenderedChapter("article-figures", name, sections, html)], TITLE, DESCRIPTION)


def _summary(text: str, found: Scan) -> str:
    judged = sum(c.first is not None for c in found.candidates)
    return (
        f"{len(text):,} characters, {len(found.candidates)} figures, {judged} with a first verdict, {len(found.unread)} not "
        "read. A first verdict is a hint where to look; read it before you use it."
    )


def top(found: Scan, linked: bool = True) -> Html:
    """What fails, then what the article contradicts itself in; `linked`: the figures stand on the same page."""
    chosen = {"fails": [c for c in found.candidates if c.first and c.first.fails]}
    chosen["contradicts"] = [c for c in found.candidates if c.first and c.first.contradicts]
    titles = {"fails": "What fails", "contradicts": "Where the article does not fit itself"}
    none = {"fails": "No figure fails.", "contradicts": "No figures contradict each other."}
    parts = []
    for key, title in titles.items():
        items = "".join(f"<li>{_line(c, linked)}</li>" for c in chosen[key])
        empty = f'<p class="none"{" hidden" if items else ""}>{none[key]}</p>'
        parts.append(f'<h3 id="{key}">{title}</h3>{empty}<ul class="list-{key}">{items}</ul>')
    return Html("".join(parts))


def _line(candidate: Candidate, linked: bool) -> str:
    first, said = candidate.first, with_language(statement(candidate))
    why = "" if first is None else " ".join(t for t in (how_far(first), f"({evidence_line(first)})") if t)
    link = f'<a href="#{_anchor(candidate)}">{said}</a>' if linked else f"<strong>{said}</strong>"
    return f'{grade_badge(first.grade) if first else ""} {link} <span class="why">{with_language(why)}</span>'


def _anchor(candidate: Candidate) -> str:
    return f"figure-{candidate.quantity.char_start}"


def figure_list(found: Scan, knowledge: Knowledge, *, editable: bool) -> Html:
    """Each figure with its sentence, how it was read, its verdict and the evidence on its system."""
    entries = "".join(_entry(c, knowledge, editable) for c in found.candidates)
    shown = entries or "<p>No figure was found.</p>"
    return Html(f'<h3 id="figures">All figures, in the order of the text</h3>{shown}')


def _entry(candidate: Candidate, knowledge: Knowledge, editable: bool) -> str:
    q, first = candidate.quantity, candidate.first
    grade = grade_badge(first.grade) if first else ""
    why = ""
    if first:
        why = " ".join(part for part in (how_far(first), evidence_line(first)) if part)
    controls = _controls(candidate, knowledge) if editable else ""
    about = escape(candidate.system) if candidate.system else "no name near"
    unknown = "" if candidate.known or not candidate.system else " (not in our tables)"
    return (
        f'<article class="figure" id="{_anchor(candidate)}" aria-label="{escape(q.as_printed)}">'
        f'<p class="sentence" data-private="yes">{marked(sentence(candidate))}</p>'
        f'<p class="read"><strong class="statement">{with_language(statement(candidate))}</strong> '
        f'<span class="about">[{with_language(about)}{unknown}]</span> <span class="grade">{grade}</span> '
        f'<span class="why">{with_language(why)}</span> {_source(candidate)}</p>{controls}</article>'
    )


def _source(candidate: Candidate) -> str:
    row = candidate.first.decided_by if candidate.first else None
    return f'<span class="from">{source_link(row["source_id"])}</span>' if row and row.get("source_id") else ""


def _controls(candidate: Candidate, knowledge: Knowledge) -> str:
    place = candidate.quantity.char_start
    return (
        f'<div class="controls" data-private="yes"><label>System <input list="systems" class="system" name="s{place}" '
        f'value="{escape(candidate.system)}" autocomplete="off"></label>'
        f'<label>Kind <select class="kind" name="k{place}"></select></label>'
        f'<label>Evidence counts <select class="same" name="e{place}"><option value="yes">the same thing</option>'
        '<option value="no">something else</option></select></label>'
        '<fieldset class="offered"><legend>Evidence on this system</legend></fieldset></div>'
    )


def _tools() -> Html:
    names = ("claims", "articles", "systems", "reviews", "share")
    labels = ("Save claims.csv", "Save articles.csv", "Save systems.csv", "Save ClaimReview", "Save page to share")
    buttons = "".join(f'<button type="button" data-save="{n}">{t}</button>' for n, t in zip(names, labels, strict=True))
    hint = (
        "Correct a row and it is judged again at once. The three tables make a ledger: put them into one folder, then "
        "python -m helpers verdicts --ledger FOLDER. The page to share holds no sentence of the article."
    )
    status = '<p role="status" class="saved"></p>'
    return Html(
        f'<div class="tools" data-private="yes"><p>{hint}</p>{buttons}{status}<datalist id="systems"></datalist></div>'
    )


def _unread(found: Scan) -> Html:
    items = "".join(
        f'<li data-private="yes">{with_language(t.as_printed[:60])}: {escape(t.reason)} ({t.char_start}-{t.char_end})</li>'
        for t in found.unread
    )
    return Html(f'<h3 id="unread">Not read</h3><ul>{items}</ul>' if items else "")


def _data(name: str, text: str, found: Scan, knowledge: Knowledge, data_dir: Path) -> Html:
    """What the script needs: the rows as the ledger has them, and the evidence on every system."""
    columns = {r["name"]: [f["name"] for f in r["schema"]["fields"]] for r in read_package(data_dir)["resources"]}
    names = Names([])
    article = article_row("000", name, text, found)
    data = {
        "article": article,
        "figures": [_figure(c, names) for c in found.candidates],
        "kinds": {kind: list(quantities) for kind, quantities in EVIDENCE.items()},
        "systems": knowledge.titles,
        "relations": [
            {"figures": r.figures, "holds": r.holds, "chain": r.chain, "any": r.name in ("ratio", "sum"), "rates": rates}
            for r, rates in all_relations(text, [c.quantity for c in found.candidates])
        ],
        "families": sorted(knowledge.families),
        "newSystems": names.added,
        "evidence": {i: rows for i in knowledge.names if (rows := list(_offered(i, knowledge)))},
        "ratings": {grade.value: value for grade, value in RATINGS.items()},
        "columns": {table: columns[table] for table in ("claims", "articles", "systems")},
    }
    script = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for sign, code in ESCAPES.items():
        script = script.replace(sign, code)
    badges = "".join(
        f'<template data-grade="{g}">{grade_badge(g)}</template>'
        for g in (*(grade.value for grade in verdicts.Grade), CONTRADICTS)
    )
    return Html(f'{badges}<script type="application/json" id="article-data" data-private="yes">{script}</script>')


def _figure(candidate: Candidate, names: Names) -> dict[str, Any]:
    q = candidate.quantity
    claimed, first = claimed_interval(q), candidate.first
    return {
        "place": q.char_start,
        "row": claim_row("000", candidate, names),
        "kind": q.kind,
        "unit": q.unit.replace(".", " "),
        "claimed": as_data(claimed, q.unit == "date") if claimed else None,
        "isDate": q.unit == "date",
        "spoken": spoken(candidate),
        "grade": first.grade if first else "",
        "related": related(first),
        "used": list(first.evidence_ids) if first and first.decided_by else [],
    }


def _offered(system_id: str, knowledge: Knowledge) -> Iterator[Mapping[str, Any]]:
    for row in knowledge.all_on(system_id):
        if system_id in knowledge.families or row["unit"] == "text" or row["quantity"] not in _JUDGED:
            continue
        yield _evidence(row, knowledge)


def _evidence(row: Row, knowledge: Knowledge) -> dict[str, Any]:
    estimate = knowledge.estimate(row)
    return {
        "id": row["evidence_id"],
        "quantity": row["quantity"],
        "unit": row["unit"],
        "says": f"{in_words(row)}{' [' + row['counts'] + ']' if row['counts'] else ''}",
        "interval": as_data(estimate.interval, row["unit"] == "date"),
        "strength": int(estimate.strength),
        "standing": row["standing"],
        "source": f"{row.get('source_id', '')}, {row.get('locator', '')}",
    }
