"""The README's place for the computed answer, between its two markers."""

from __future__ import annotations

from pathlib import Path

from helpers.errors import Problem
from helpers.files import write_whole

START, END = "<!-- answer -->", "<!-- /answer -->"


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
