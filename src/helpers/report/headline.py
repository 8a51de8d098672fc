"""The headline: a short answer on the page, and the answer for the README."""

from collections.abc import Mapping
from pathlib import Path

from helpers.chapters.summary_tables import ANSWER, headline
from helpers.language import later, tr
from helpers.ledger.processed import read_processed
from helpers.report.text import Html, answer_box, say_of

SHORT = later(
    "**No: the two numbers count different things, and neither counts efficiency.** Counted alike it is {a6:.0f} against "
    "{b6:.0f} instead of {a_printed:.0f} against {b_printed:.0f} (or {a8:.0f} against {b8:.0f}): {a} took {less:.0%} less "
    "work because it read less, {ta} tokens instead of {tb}."
)


def short_answer(values: Mapping[str, object]) -> Html:
    """The answer in a few lines, from the values of `headline`, as a box above the steps that lead to it."""
    return answer_box(say_of(SHORT, values))


def write_answer(folder: Path) -> None:
    """Write the README's answer, from the dataset in a folder, to its `answer.md`."""
    (folder / "answer.md").write_text(tr(ANSWER, **headline(read_processed(folder / "data"))), encoding="utf-8")
