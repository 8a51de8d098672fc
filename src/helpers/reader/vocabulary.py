"""The words of the press, as data: what each is used for, on which side of a figure it stands, and in which language.

`vocabulary.csv` holds one line for each use and kind; its words stand between bars, in folded spelling. A star at the end of a
Latin word stands for any ending, # for digits. Patterns are compiled once.
"""

import re
from decimal import Decimal
from functools import cache
from pathlib import Path

from helpers.rows import read_rows

TABLE = Path(__file__).with_name("vocabulary.csv")
PHRASES = TABLE.with_name("phrases.csv")


@cache
def _rows() -> list[dict[str, str]]:
    return read_rows(TABLE, ("use", "side", "kind", "language", "words"))


@cache
def listed(use: str, kind: str = "", language: str = "") -> tuple[str, ...]:
    """All words of a use (and kind, and language), in the order of the table.

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
    return tuple(dict.fromkeys(word for row in rows for word in row["words"].split("|")))


@cache
def meanings(use: str, language: str = "") -> dict[str, str]:
    """What each word of a use means: its kind in the table, such as the currency USD of 美元."""
    rows = [row for row in _rows() if row["use"] == use and row["language"].startswith(language)]
    return {word: row["kind"] for row in rows for word in row["words"].split("|")}


def powers(use: str, language: str = "") -> dict[str, Decimal]:
    """The power of ten that each word of a use stands for."""
    return {word: Decimal(1).scaleb(int(power)) for word, power in meanings(use, language).items()}


def words(use: str, kind: str = "", language: str = "") -> tuple[str, ...]:
    """All words of a use, longest first."""
    return tuple(sorted(listed(use, kind, language), key=len, reverse=True))


def alternation(use: str, kind: str = "", language: str = "") -> str:
    """The words of a use as one group of a regular expression; Latin words stand alone."""
    spelled = {word: re.escape(word).replace(r"\#", r"\d+") for word in words(use, kind, language)}
    latin = [word for word in spelled if word[:1].isascii() and (word[:1].isalnum() or word[:1] == "#")]
    others = [pattern for word, pattern in spelled.items() if word not in latin]
    open_ended = [re.sub(r"\\\*$", "[A-Za-z]*", spelled[word]) for word in latin]
    alone = [rf"(?<![A-Za-z])(?:{'|'.join(open_ended)})(?![A-Za-z]|(?<=\d)[.,]?\d)"] if latin else []
    return f"(?:{'|'.join(alone + others)})"


@cache
def patterns(use: str) -> dict[str, re.Pattern[str]]:
    """For each kind of a use, what finds any of its words."""
    kinds = dict.fromkeys(row["kind"] for row in _rows() if row["use"] == use)
    return {kind: re.compile(alternation(use, kind), re.I) for kind in kinds}


def said(kind: str) -> re.Pattern[str]:
    """Finds any word that says something of a figure: that it is of training, of a company, a comparison."""
    return patterns("said")[kind]


@cache
def _phrases() -> dict[str, tuple[str, re.RegexFlag | int]]:
    rows = read_rows(PHRASES, ("name", "flags", "pattern"))
    return {row["name"]: (row["pattern"], re.I if row["flags"] else 0) for row in rows}


def filled(pattern: str, **parts: str) -> str:
    """A pattern of a table with what stands for its {PARTS}."""
    for part, text in parts.items():
        pattern = pattern.replace("{" + part + "}", text)
    return pattern


@cache
def phrase(name: str, **parts: str) -> re.Pattern[str]:
    """A phrase of phrases.csv, by the module that reads it and its name ("hedges share"), with what stands for its {PARTS}."""
    pattern, flags = _phrases()[name]
    return re.compile(filled(pattern, **parts), flags)


def matched(text: str, at: int, *names: str) -> re.Match[str] | None:
    """The first of some phrases that stands at a place."""
    return next((found for name in names if (found := phrase(name).match(text, at))), None)


def phrases(use: str, **parts: str) -> tuple[re.Pattern[str], ...]:
    """All phrases of one use ("told"), in the order of the table."""
    return tuple(phrase(name, **parts) for name in _phrases() if name.startswith(f"{use} "))
