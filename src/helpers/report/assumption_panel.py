"""Which assumption turns which verdict: a slider for each, and the badges that follow it.

The grades are worked out in `helpers.ledger.assumptions`; the script looks them up.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from helpers.language import joined, later, named, term, tr, translated
from helpers.ledger.assumptions import Assumption, Dependence, assumptions
from helpers.ledger.tables import Tables
from helpers.ledger.verdicts import DEFINITIONS, Grade
from helpers.numbers import readable
from helpers.report.claims import SHAPES, badge, permalink
from helpers.report.number_words import number_words
from helpers.report.palette import grade_name
from helpers.report.sources import References, in_short
from helpers.report.text import Html, escape, with_language

DIGITS = 3
TEXTS = {
    "slider": later("{what}: move it"),
    "moved": later("At {value} instead of {now}: {outcomes}."),
    "turned": later("{claim} would be {grade} instead of {was}"),
    "stays": later("{claim} stays {grade}"),
    "under": later("under your assumption"),
    "reset": later("Back to {now}"),
    "and": later("; "),
}


def assumption_panel(tables: Tables) -> Html:
    """Every assumption that turns a verdict, with its claims; sliders appear where the page's script runs.

    Raises:
        ValueError: no assumption turns any verdict.
    """
    found = assumptions(tables)
    if not found:
        raise ValueError("assumption panel: no assumption turns a verdict; take the panel out of the notebook")
    data = json.dumps(_data(found), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    body = "\n".join(_block(assumption, tables.references) for assumption in found)
    return Html(f'<div class="assumptions" id="assumptions" data-assumptions="{escape(data)}">\n{body}\n</div>')


def _data(found: Sequence[Assumption]) -> dict[str, Any]:
    return {
        "numbers": number_words({a.unit for a in found}),
        "digits": DIGITS,
        "texts": {name: translated(text) for name, text in TEXTS.items()},
        "grades": {
            g.value: {
                "tone": f"g-{grade_name(g)}",
                "shape": SHAPES[g],
                "anchor": f"#grade-{g.name.lower()}",
                "word": tr(g.value),
                "title": tr(DEFINITIONS[g]),
            }
            for g in Grade
        },
        "assumptions": {
            a.evidence_id: {
                "value": a.value,
                "low": a.low,
                "high": a.high,
                "unit": a.unit,
                "claims": {d.claim_id: {"turns": d.turns, "grades": d.grades} for d in a.dependences},
            }
            for a in found
        },
    }


def _block(assumption: Assumption, references: References) -> Html:
    """One assumption: what it is, its slider, and its claims."""
    quantity = _sentence(term(assumption.quantity).replace("flop per s", "FLOP/s"))
    what = tr("{quantity} of {system}", quantity=quantity, system=named(assumption.system))
    now = readable(assumption.value, assumption.unit, DIGITS)
    claims = "\n".join(_claim(assumption, dependence) for dependence in assumption.dependences)
    return Html(
        f'<div class="assumption" data-evidence="{escape(assumption.evidence_id)}">\n'
        f"<p><strong>{escape(what)}</strong>: {escape(now)} ({in_short(assumption.source_id, references)})</p>\n"
        f'<p class="mover" hidden><input type="range" min="0" max="1000" aria-label="{escape(tr(TEXTS["slider"], what=what))}">'
        f'<output></output> <button type="button" hidden>{escape(tr(TEXTS["reset"], now=now))}</button></p>\n'
        f"<ul>\n{claims}\n</ul>\n"
        f'<p class="outcome" role="status"></p>\n</div>'
    )


def _claim(assumption: Assumption, dependence: Dependence) -> Html:
    now = dependence.at(assumption.value)
    return Html(
        f'<li data-claim="{escape(dependence.claim_id)}">{badge(now)} {permalink(dependence.claim_id)}: '
        f"{with_language(dependence.statement)} "
        f'<span class="turns">{escape(_turns(assumption, dependence))}</span></li>'
    )


def _turns(assumption: Assumption, dependence: Dependence) -> str:
    """Where the grade changes, in words."""
    places = [readable(turn, assumption.unit, DIGITS) for turn in dependence.turns]
    first, *others = (tr(grade) for grade in dependence.grades)
    parts = [tr("{grade} up to {place}", grade=first, place=places[0])]
    parts += [tr("{grade} from {place}", grade=grade, place=place) for grade, place in zip(others, places, strict=True)]
    return joined([_sentence(tr("; ").join(parts))])


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
