"""The headline on the page and in the README."""

from __future__ import annotations

from pathlib import Path

from helpers.chapters.summary_tables import ANSWER, Headline, answer_values, headline
from helpers.language import tr
from helpers.ledger.processed import read_processed
from helpers.report.text import Html, say


def headline_answer(h: Headline) -> Html:
    """The answer as a box."""
    return Html(f'<div class="answer">{say(ANSWER, **answer_values(h))}</div>')


def readme_answer(h: Headline) -> str:
    """The answer as lines of the README."""
    return tr(ANSWER, **answer_values(h))


def write_answer(folder: Path) -> None:
    """Write the README's answer, from the dataset in a folder, to its `answer.md`."""
    (folder / "answer.md").write_text(readme_answer(headline(read_processed(folder / "data"))), encoding="utf-8")
