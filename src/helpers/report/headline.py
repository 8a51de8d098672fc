"""The headline on the page, and in the README between its two markers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from helpers.chapters.summary_tables import ANSWER, headline
from helpers.errors import Problem
from helpers.files import write_whole
from helpers.language import later, tr
from helpers.ledger.processed import read_processed
from helpers.report.text import Html, answer_box, say_of

START, END = "<!-- answer -->", "<!-- /answer -->"
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


def around_answer(readme: Path) -> tuple[str, str]:
    """The README's text up to the answer's first marker, and from its last one on.

    Raises:
        Problem: the markers are missing.
    """
    before, opened, rest = readme.read_text(encoding="utf-8").partition(START)
    _, closed, after = rest.partition(END)
    if not (opened and closed):
        raise Problem(f"{readme.name}: no {START} ... {END}. Mend: restore the two markers around the answer.")
    return before + opened, closed + after


def update_answer(readme: Path, answer: str) -> None:
    """Write the computed answer between the README's markers; the file is replaced whole or not at all.

    Raises:
        Problem: the markers are missing.
    """
    before, after = around_answer(readme)
    new = f"{before}\n{answer}\n{after}"
    if new != readme.read_text(encoding="utf-8"):
        write_whole(readme, new.encode())
