"""What the check of a sentence looks things up in: figures as values, names of systems, words in both languages.

Worked out once, from the claims and their statements; the page's script reads only the few words that are typed.
Offsets, identifiers and sources are not in it, since nobody would type them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import pandas as pd

from helpers.ledger.tables import Tables
from helpers.ledger.verdicts import Grade
from helpers.reader.fold import TO_SIMPLIFIED
from helpers.reader.reader import read_text
from helpers.reader.reading import Quantity
from helpers.report.claim_review import data_block
from helpers.report.text import Html

STEM = 5  # letters that forms of one word share: train, trained, training
COMMON = 0.12  # a word in more of the claims than this says nothing
FILLER = frozenset(
    [
        "the",
        "and",
        "was",
        "were",
        "are",
        "is",
        "has",
        "have",
        "had",
        "its",
        "it",
        "of",
        "in",
        "on",
        "at",
        "to",
        "by",
        "with",
        "for",
        "from",
        "that",
        "this",
        "which",
        "than",
        "as",
        "an",
        "be",
        "been",
        "not",
        "but",
        "more",
        "most",
        "some",
        "all",
        "also",
        "can",
        "will",
        "would",
        "their",
        "they",
        "he",
        "she",
        "his",
        "her",
        "said",
        "says",
        "according",
        "about",
        "over",
        "under",
        "into",
        "out",
        "up",
    ]
)
WORD = re.compile(r"[a-z]{2,}")
HAN = re.compile(r"[\u3400-\u9fff]+")
FAILED = (Grade.MISLEADING, Grade.WRONG, Grade.INACCURATE, Grade.UNSUPPORTED)
# Words of one meaning that readers exchange for one another; the first stands for all.
MEANINGS = (
    "chip gpu gpus card cards accelerator accelerators processor 显卡 芯片 加速卡",
    "energy electricity power 能耗 耗电 电力 能源 用电",
    "save saved saving cut reduce reduced less fewer 节省 节约 减少 降低",
    "largest biggest 最大",
    "first 首个 首次 第一",
    "release released launched announced unveiled published made developed built 发布 推出 公布 研发 开发",
    "efficiency efficient 效率 高效",
    "compute computing computation 算力 计算",
    "surpass surpassed exceed exceeded beat outperform 超越 超过",
    "best strongest top leading 最强 最好",
    "fast faster speed quick 速度 快",
)

Row = Mapping[str, Any]


def search_index(tables: Tables, verdicts: pd.DataFrame) -> Html:
    """The index as data for the page's script.

    Args:
        tables: with the statements in all languages, not localised.
    """
    rows = tables["claims"].merge(verdicts[["claim_id", "grade"]], on="claim_id").to_dict("records")
    meanings = {stem(word): words[0] for words in (m.split() for m in MEANINGS) for word in words}
    said = ["\n".join(normal(text) for text in _texts(row)) for row in rows]
    named = {name: _claims_of(name, ids, rows, said) for name, ids in _names(tables).items()}
    return data_block(
        "check-index",
        {
            "ids": [row["claim_id"] for row in rows],
            "failed": postings(n for n, row in enumerate(rows) if row["grade"] in FAILED),
            "figures": [[n, *figure] for n, row in enumerate(rows) for figure in _figures(row)],
            "names": {name: postings(found) for name, found in named.items() if found},
            "terms": {term: postings(found) for term, found in _terms(rows, meanings).items()},
            "meanings": meanings,
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
    yield from (stem(word) for word in WORD.findall(plain) if word not in FILLER)
    for run in HAN.findall(plain):
        yield from (run[n : n + 2] for n in range(len(run) - 1)) if len(run) > 1 else (run,)


def postings(numbers: Iterable[int]) -> str:
    """Rising numbers as their steps in base 36, a blank between."""
    last, steps = -1, []
    for n in sorted(set(numbers)):
        steps.append(_base36(n - last - 1))
        last = n
    return " ".join(steps)


def _base36(number: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    return digits[number] if number < 36 else _base36(number // 36) + digits[number % 36]


@cache
def _quantities(text: str) -> tuple[Quantity, ...]:
    return read_text(text).quantities


def _texts(row: Row) -> tuple[str, str, str]:
    return str(row["statement"]), str(row["statement_zh"]), str(row["as_printed"])


def _terms(rows: list[Row], meanings: Mapping[str, str]) -> dict[str, list[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for n, row in enumerate(rows):
        for text in _texts(row):
            for word in words_of(text):
                found[meanings.get(word, word)].add(n)
        for date in _dates(row):
            found[date].add(n)
    return {word: sorted(held) for word, held in sorted(found.items()) if len(held) <= COMMON * len(rows)}


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
    return [
        (unit, value, min(low, value), max(value, min(high, 2 * value)), own)
        for (unit, value), (low, high, own) in found.items()
    ]


def _names(tables: Tables) -> dict[str, set[str]]:
    """Every name of a system or of its makers, to the systems that it can mean."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in tables["systems"].to_dict("records"):
        makers = re.split(r"[,;/()]| and ", str(row["organisation"]))
        for name in (row["name"], row["name_zh"], *str(row["aliases"]).split("|"), *makers):
            if len(plain := normal(str(name))) > 1:
                found[plain].add(str(row["system_id"]))
    return found


def _claims_of(name: str, systems: set[str], rows: list[Row], said: list[str]) -> list[int]:
    """Claims about these systems, and those whose texts, `said`, hold the name."""
    whole = rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])" if name.isascii() else re.escape(name)
    return [
        n
        for n, (row, text) in enumerate(zip(rows, said, strict=True))
        if row["system_id"] in systems or (name in text and re.search(whole, text))
    ]


def _fold(rows: list[Row]) -> list[str]:
    """Traditional characters of the words that the claims use, above their simplified forms."""
    used = {sign for row in rows for text in _texts(row) for sign in normal(text)}
    pairs = [(chr(old), chr(int(new))) for old, new in TO_SIMPLIFIED.items() if chr(int(new)) in used]
    return ["".join(old for old, _ in pairs), "".join(new for _, new in pairs)]
