"""The words of the press, as data: what each is used for, on which side of a figure it stands, and in which language.

`vocabulary.csv` holds one line for each use and kind; its words stand between bars, in folded spelling. A star at the end of a
Latin word stands for any ending. Patterns are compiled once.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("vocabulary.csv")


@cache
def _rows() -> tuple[dict[str, str], ...]:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


@cache
def words(use: str, kind: str = "", language: str = "") -> tuple[str, ...]:
    """All words of a use (and kind, and language), longest first.

    Raises:
        KeyError: the table has no such words.
    """
    rows = [
        row
        for row in _rows()
        if row["use"] == use and kind in ("", row["kind"]) and row["language"].startswith(language)
    ]
    if not rows:
        raise KeyError(f"no words for {use} {kind} {language}")
    found = dict.fromkeys(word for row in rows for word in row["words"].split("|"))
    return tuple(sorted(found, key=len, reverse=True))


def alternation(use: str, kind: str = "", language: str = "") -> str:
    """The words of a use as one group of a regular expression; Latin words stand alone."""
    return "(?:" + "|".join(map(_pattern, words(use, kind, language))) + ")"


def _pattern(word: str) -> str:
    if not word[:1].isascii() or not word[:1].isalnum():
        return re.escape(word)
    body = re.escape(word.removesuffix("*")) + ("[A-Za-z]*" if word.endswith("*") else "")
    return rf"(?<![A-Za-z]){body}" + (r"(?![A-Za-z])" if word[-1:].isalnum() or word.endswith("*") else "")
