"""What the check of a sentence looks things up in: figures as values, names of systems, words in both languages.

Worked out once, from the claims and their statements; the page's script reads only the few words that are typed.
Offsets, identifiers and sources are not in it, since nobody would type them.
"""

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from helpers.ledger.tables import Tables
from helpers.ledger.verdicts import Grade
from helpers.reader.fold import TO_SIMPLIFIED
from helpers.reader.reader import read_text
from helpers.reader.reading import Quantity
from helpers.report.claim_review import data_block
from helpers.report.text import Html
from helpers.structured import read_json

STEM = 5  # letters that forms of one word share: train, trained, training
WORDS = tomllib.loads(Path(__file__).with_name("search_words.toml").read_text(encoding="utf-8"))
WEIGHTS = read_json(Path(__file__).with_name("search_weights.json"))  # of what a claim shares with what was typed
FILLER = frozenset(WORDS["filler"].split())
WORD = re.compile(r"[a-z]{2,}")
HAN = re.compile(r"[\u3400-\u9fff]+")
SCALES = {1e12: "万亿", 1e11: "千亿", 1e10: "百亿", 1e9: "十亿"}  # said without a digit: of the class of
FAILED = (Grade.MISLEADING, Grade.WRONG, Grade.INACCURATE, Grade.UNSUPPORTED)
Row = Mapping[str, Any]
Named = tuple[set[str], set[str], bool]  # systems that a name can mean, its spellings, whether it is a maker


def search_index(tables: Tables, verdicts: pd.DataFrame) -> Html:
    """The index as data for the page's script.

    Args:
        tables: with the statements in all languages, not localised.
    """
    rows = tables["claims"].merge(verdicts[["claim_id", "grade"]], on="claim_id").to_dict("records")
    meanings = {stem(word): words[0] for words in (m.split() for m in WORDS["meanings"]) for word in words}
    return data_block(
        "check-index",
        {
            "ids": [row["claim_id"] for row in rows],
            "failed": postings(n for n, row in enumerate(rows) if row["grade"] in FAILED),
            "figures": [[n, *figure] for n, row in enumerate(rows) for figure in _figures(row)],
            "names": _names(tables, rows),
            "terms": _postings_by((meanings.get(word, word), n) for n, row in enumerate(rows) for word in _words(row)),
            "meanings": meanings,
            "phrases": WORDS["phrases"],
            "units": _postings_by((row["unit"], n) for n, row in enumerate(rows) if row["unit"] != "none"),
            "kinds": {
                kind: [words.split(), postings(n for n, row in enumerate(rows) if row["kind"] == kind)]
                for kind, words in WORDS["kinds"].items()
            },
            "weights": WEIGHTS,
            "stem": STEM,
            "fold": _fold(rows),
        },
    )


@cache
def normal(text: str) -> str:
    """One spelling: small letters, ordinary width and blanks, simplified characters; the script does the same."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().translate(TO_SIMPLIFIED).split())


def stem(word: str) -> str:
    """What the forms of a word share."""
    return word[:STEM] if WORD.fullmatch(word) else word


def words_of(text: str) -> Iterator[str]:
    """Stems of Latin words, and every two Chinese characters that stand side by side."""
    plain = normal(text)
    for phrase, word in WORDS["phrases"].items():
        plain = plain.replace(phrase, f" {word} ")
    yield from (stem(word) for word in WORD.findall(plain) if word not in FILLER)
    for run in HAN.findall(plain):
        yield from (run[n : n + 2] for n in range(len(run) - 1)) if len(run) > 1 else (run,)


def postings(numbers: Iterable[int]) -> str:
    """Rising numbers as their steps in base 36, a blank between."""
    last, steps = -1, []
    for n in sorted(set(numbers)):
        steps.append(np.base_repr(n - last - 1, 36).lower())
        last = n
    return " ".join(steps)


@cache
def _quantities(text: str) -> tuple[Quantity, ...]:
    return read_text(text).quantities


def _texts(row: Row) -> tuple[str, str, str]:
    return str(row["statement"]), str(row["statement_zh"]), str(row["as_printed"])


def _postings_by(found: Iterable[tuple[str, int]]) -> dict[str, str]:
    """Postings of each word."""
    held: dict[str, set[int]] = defaultdict(set)
    for word, n in found:
        held[word].add(n)
    return {word: postings(numbers) for word, numbers in sorted(held.items())}


def _words(row: Row) -> Iterator[str]:
    yield from (word for text in _texts(row) for word in words_of(text))
    yield from _dates(row)


def _dates(row: Row) -> set[str]:
    """Dates as `@2021-11-08`, `@2021-11`, `@2021`, and the month alone as `@11`."""
    quantities = [q.value for text in _texts(row)[:2] for q in _quantities(text) if q.unit == "date"]
    whole = {str(value) for value in (row["value"] if row["unit"] == "date" else "", *quantities)}
    found = set()
    for parts in (value.split("-") for value in whole if re.fullmatch(r"\d{4}(-\d{2}){0,2}", value)):
        found |= {"@" + "-".join(parts[: n + 1]) for n in range(len(parts))}
        found |= {f"@{parts[1]}"} if len(parts) > 1 else set()
    return found


def _figures(row: Row) -> list[tuple[str, float, float, float, int]]:
    """Figures of a claim as unit, value, interval, and 1 for its own, 0 for what its statement says besides."""
    found: dict[tuple[str, float], tuple[float, float, int]] = {}
    if row["unit"] not in ("none", "date") and row["low"] == row["low"]:
        found[str(row["unit"]), float(row["number"])] = (float(row["low"]), float(row["high"]), 1)
    for text in _texts(row)[:2]:
        for q in _quantities(text):
            if q.unit != "date" and isinstance(q.value, float):
                found.setdefault((q.unit, q.value), (q.low, q.high, 0))
        for scale, word in SCALES.items():
            if re.search(rf"(?<![\d.十百千万]){word}", text):
                found.setdefault(("parameter", scale), (scale, scale, 0))
    return [
        (unit, value, min(low, value), max(value, min(high, 2 * value)), own)
        for (unit, value), (low, high, own) in found.items()
    ]


def _names(tables: Tables, rows: list[Row]) -> dict[str, tuple[str, str]]:
    """Every name of a system or of a maker, to the claims that it weighs most for, and those that it weighs less for.

    A system's name asks for the claims about it, then for those that only say it; a maker's the other way round.
    """
    texts = [" ".join(normal(text) for text in _texts(row)) for row in rows]

    @cache
    def saying_one(spelling: str) -> set[int]:
        return {n for n, text in enumerate(texts) if spelling in text and _says(spelling).search(text)}

    found = {}
    for name, (systems, spellings, is_maker) in {**_makers(tables), **_models(tables)}.items():
        about = {n for n, row in enumerate(rows) if row["system_id"] in systems}
        saying: set[int] = set().union(*map(saying_one, spellings))
        first, second = (saying, about) if is_maker else (about, saying)
        if first | second:
            found[name] = postings(first), postings(second - first)
    return found


def _models(tables: Tables) -> dict[str, Named]:
    named: dict[str, Named] = {}
    for row in tables["systems"].to_dict("records"):
        written = (row["name"], row["name_zh"], *str(row["aliases"]).split("|"))
        names = {plain for name in written if len(plain := normal(str(name))) > 1}
        for name in sorted(names):  # the same order whatever the hash seed
            systems, spellings, _ = named.setdefault(name, (set(), set(), False))
            systems.add(row["system_id"])
            spellings.update(names)
    return named


def _makers(tables: Tables) -> dict[str, Named]:
    """As the systems name them; those of search_words.toml by each of their names."""
    named: dict[str, Named] = {}
    for row in tables["systems"].to_dict("records"):
        for maker in re.split(r"[,;/()]| and ", str(row["organisation"])):
            if len(plain := normal(maker)) > 1:
                named.setdefault(plain, (set(), {plain}, True))[0].add(row["system_id"])
    for group in ({name.replace("-", " ") for name in names.split()} for names in WORDS["makers"]):
        of_any = [systems for maker, (systems, *_) in named.items() if any(name in maker for name in group)]
        named |= dict.fromkeys(sorted(group), (set().union(*of_any), group, True))
    return named


@cache
def _says(name: str) -> re.Pattern[str]:
    """The name as a word of its own."""
    return re.compile(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])" if name.isascii() else re.escape(name))


def _fold(rows: list[Row]) -> list[str]:
    """Traditional characters of the words that the claims use, above their simplified forms."""
    used = {sign for row in rows for text in _texts(row) for sign in normal(text)}
    pairs = [(chr(old), new) for old, new in TO_SIMPLIFIED.items() if new in used]
    return ["".join(old for old, _ in pairs), "".join(new for _, new in pairs)]
