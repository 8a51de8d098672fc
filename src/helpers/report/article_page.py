"""One article on one offline page: what fails on top, each figure with its sentence, the evidence beside it, and a way to correct.

The sentences stand on this page only. A changed row is judged again in the page by the functions of `ledger.verdicts`,
translated by `branches`; what is saved is a ledger that `check` and `verdicts` take.
"""

from pathlib import Path
from typing import Any

from helpers.constants import SECOND_PER_DAY
from helpers.ledger import intervals, verdicts
from helpers.ledger.additions import Names, article_row, claim_row
from helpers.ledger.bibliography import read_references
from helpers.ledger.claimed import claimed_interval
from helpers.ledger.evidence import unit_on_file
from helpers.ledger.intervals import Interval
from helpers.ledger.knowledge import Knowledge, Row
from helpers.ledger.matching import EVIDENCE
from helpers.ledger.own_figures import OWN, all_relations
from helpers.ledger.scan import Candidate, Scan, scan
from helpers.ledger.scan_wording import evidence_line, how_far, in_words, spoken, statement
from helpers.ledger.tables import read_package
from helpers.ledger.verdicts import CONTRADICTS, FirstVerdict
from helpers.report.chapter_html import RenderedChapter
from helpers.report.claim_review import RATINGS, data_block
from helpers.report.claims import scale_list
from helpers.report.run_strip import run_strip
from helpers.report.scanned import grade_badge, marked, sentence, source_link, sources
from helpers.report.text import Html, escape, fill

RELATION = ("figures", "holds", "chain")
GRADES = (*(grade.value for grade in verdicts.Grade), CONTRADICTS)
_JUDGED = frozenset(quantity for quantities in EVIDENCE.values() for quantity in quantities)


def as_data(interval: Interval, is_date: bool) -> dict[str, Any]:
    """An interval for the page; of a date also what only a calendar knows."""
    first = {name: intervals._first_day(interval, name) for name in ("month", "year")} if is_date else {}
    calendar = {"precision": intervals.date_precision(interval), "first": first} if is_date else {}
    return {"low": interval.low, "high": min(interval.high, 1e300), **calendar}


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
    html = fill(
        "article", name=name, text=text, found=found, editable=editable, top=top(found), grades=GRADES,
        marked=marked, sentence=sentence, source_link=source_link, scale=scale_list(),
        sources=sources(found, read_references(data_dir / "raw" / "references.bib")),
        durations=_durations(found), data=_data(name, text, found, knowledge, data_dir) if editable else "", **WORDS,
    )  # fmt: skip
    sections = [("fails", Html("What fails")), ("figures", Html("All figures")), ("sources", Html("Sources"))]
    description = (
        "Read by machine and held against published evidence; made for the reader of the article, not for publication."
    )
    return page(
        [RenderedChapter("article-figures", escape(name), sections, html)], "The figures of one article", description
    )


def top(found: Scan, linked: bool = True) -> Html:
    """What fails, then what the article contradicts itself in; `linked`: the figures stand on the same page."""
    return fill("article_top", candidates=found.candidates, linked=linked, **WORDS)


def _durations(found: Scan) -> Html:
    """The days of training that the article tells, on the strip of published runs; nothing where it tells none."""
    told = [c for c in found.candidates if c.quantity.kind == "duration" and c.quantity.unit == "s" and c.system]
    lines = [(c.system, (0.0, 0.0, 0.0, float(c.quantity.value) / SECOND_PER_DAY)) for c in told]
    return run_strip(lines) if lines else Html("")


def _anchor(candidate: Candidate) -> str:
    return f"figure-{candidate.quantity.char_start}"


def _why(first: FirstVerdict | None, brackets: bool = False) -> str:
    """How far a figure is off, and by what evidence."""
    if first is None:
        return ""
    shown = "({})" if brackets else "{}"
    return " ".join(part for part in (how_far(first), shown.format(evidence_line(first))) if part)


WORDS: dict[str, Any] = {"badge": grade_badge, "anchor": _anchor, "statement": statement, "why": _why}


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
            {**{name: getattr(r, name) for name in RELATION}, "any": r.name in ("ratio", "sum"), "rates": rates}
            for r, rates in all_relations(text, [c.quantity for c in found.candidates])
        ],
        "families": sorted(knowledge.families),
        "newSystems": names.added,
        "evidence": {i: rows for i in knowledge.names if (rows := _offered(i, knowledge))},
        "ratings": {grade.value: value for grade, value in RATINGS.items()},
        "columns": {table: columns[table] for table in ("claims", "articles", "systems")},
    }
    return data_block("article-data", data, private=True)


def _figure(candidate: Candidate, names: Names) -> dict[str, Any]:
    q = candidate.quantity
    claimed, first = claimed_interval(q), candidate.first
    return {
        "place": q.char_start,
        "row": claim_row("000", candidate, names),
        "kind": q.kind,
        "unit": unit_on_file(q.unit),
        "claimed": as_data(claimed, q.unit == "date") if claimed else None,
        "isDate": q.unit == "date",
        "spoken": spoken(candidate),
        "grade": first.grade if first else "",
        "related": first is not None and OWN in first.why,  # the article's own figures alone made it
        "used": list(first.evidence_ids) if first and first.decided_by else [],
    }


def _offered(system_id: str, knowledge: Knowledge) -> list[dict[str, Any]]:
    if system_id in knowledge.families:
        return []
    rows = (row for row in knowledge.all_on(system_id) if row["unit"] != "text" and row["quantity"] in _JUDGED)
    return [_evidence(row, knowledge) for row in rows]


def _evidence(row: Row, knowledge: Knowledge) -> dict[str, Any]:
    estimate = knowledge.estimate(row)
    return {
        **{name: row[name] for name in ("quantity", "unit", "standing")},
        "id": row["evidence_id"],
        "says": f"{in_words(row)}{' [' + row['counts'] + ']' if row['counts'] else ''}",
        "interval": as_data(estimate.interval, row["unit"] == "date"),
        "strength": int(estimate.strength),
        "source": f"{row.get('source_id', '')}, {row.get('locator', '')}",
    }
