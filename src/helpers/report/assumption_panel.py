"""Which assumption turns which verdict: a slider for each, and the badges that follow it.

The grades are worked out in `helpers.ledger.flips`; the script looks them up.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

from helpers.language import joined, tr
from helpers.ledger.flips import Assumption, Dependence, assumptions
from helpers.ledger.tables import Tables
from helpers.ledger.verdicts import DEFINITIONS, Grade
from helpers.numbers import readable
from helpers.report.claims import SHAPES, badge, permalink
from helpers.report.number_words import number_words, words_for
from helpers.report.palette import grade_name
from helpers.report.sources import in_short
from helpers.report.text import Html, as_json, fill

DIGITS = 3


def assumption_panel(tables: Tables) -> Html:
    """Every assumption that turns a verdict, with its claims; sliders appear where the page's script runs.

    Raises:
        ValueError: no assumption turns any verdict.
    """
    found = assumptions(tables)
    if not found:
        raise ValueError("assumption panel: no assumption turns a verdict; take the panel out of the notebook")
    return fill(
        "assumptions", found=found, data=as_json(_data(found)), badge=badge, permalink=permalink, turns=_turns, capital=_capital,
        read=partial(readable, digits=DIGITS), source=partial(in_short, references=tables.references),
    )  # fmt: skip


def _data(found: Sequence[Assumption]) -> dict[str, Any]:
    return {
        "numbers": number_words({a.unit for a in found}),
        "digits": DIGITS,
        "texts": words_for("assumptions"),
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
                **{name: getattr(a, name) for name in ("value", "low", "high", "unit")},
                "claims": {d.claim_id: {"turns": d.turns, "grades": d.grades} for d in a.dependences},
            }
            for a in found
        },
    }


def _turns(assumption: Assumption, dependence: Dependence) -> str:
    """Where the grade changes, in words."""
    places = [readable(turn, assumption.unit, DIGITS) for turn in dependence.turns]
    first, *others = (tr(grade) for grade in dependence.grades)
    parts = [tr("{grade} up to {place}", grade=first, place=places[0])]
    parts += [tr("{grade} from {place}", grade=grade, place=place) for grade, place in zip(others, places, strict=True)]
    return joined([_capital(tr("; ").join(parts))])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
