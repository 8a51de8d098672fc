"""Coverage of the articles: every number-like token is a claim or dismissed with a reason."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from helpers.errors import DataProblem

_DIGITS = r"[0-9０-９]+(?:[.,．，。·*×][0-9０-９]+)*"
_NUMERAL = "〇零一二两兩三四五六七八九十百千万萬亿億几幾数數"
_COUNTED = "年月天日個个块塊卡張张台項项種种層层倍成份页頁位名家股條条次款代大步轮輪余餘多半分"
NUMBER_TOKEN = re.compile(
    _DIGITS
    + rf"|(?:[百千万萬亿億十]|[几幾数數两兩][十百千万萬亿億]|[二三四五六七八九][十百千万萬亿億])[{_NUMERAL}]*(?=[{_COUNTED}级級参參])"
    + r"|[二两兩三四五六七八九几幾数數十]+(?=[年月天日个個块塊项項種种層层倍成份页頁位名股次款])"
)

Span = tuple[int, int]


@dataclass(frozen=True)
class Count:
    """Number-like tokens of one body: in claims, in dismissals only, in neither."""

    claimed: int
    dismissed: int
    open: tuple[Span, ...]

    @property
    def total(self) -> int:
        """All number-like tokens."""
        return self.claimed + self.dismissed + len(self.open)


def number_tokens(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Spans of the number-like tokens of a text, in code points: figures in digits, and Chinese numerals
    that count something. Single 一 is left out: it is an article ("a") far more often than a number."""
    return [m.span() for m in NUMBER_TOKEN.finditer(text, start, len(text) if end is None else end)]


def count(text: str, body: Span, claimed: Iterable[Span], dismissed: Iterable[Span]) -> Count:
    """Sort the number-like tokens of a body by what covers them."""
    tokens = number_tokens(text, *body)
    in_claims, in_dismissals = (
        {(s, e) for s, e in tokens if any(a < e and s < b for a, b in spans)}
        for spans in map(list, (claimed, dismissed))
    )
    neither = tuple(token for token in tokens if token not in in_claims | in_dismissals)
    return Count(len(in_claims), len(in_dismissals - in_claims), neither)


def find_texts(folder: Path, articles: pd.DataFrame) -> dict[str, str]:
    """The articles' texts in a folder by article_id, found by their SHA-256 whatever the files are called."""
    wanted = dict(zip(articles["sha256"], articles["article_id"], strict=True))
    found = {hashlib.sha256(data).hexdigest(): data for data in map(Path.read_bytes, sorted(folder.glob("*.txt")))}
    return {wanted[digest]: data.decode("utf-8") for digest, data in found.items() if digest in wanted}


def spans_of(frame: pd.DataFrame, article_id: str) -> list[Span]:
    """Spans of an article's rows."""
    mine = frame[frame["article_id"] == article_id]
    return list(zip(mine["char_start"].astype(int), mine["char_end"].astype(int), strict=True))


def check_spans(texts: dict[str, str], frame: pd.DataFrame, file: str) -> None:
    """Every printed token stands where its row says.

    Raises:
        DataProblem: names the first row that does not.
    """
    for index, row in enumerate(frame.to_dict("records"), start=2):
        text = texts.get(row["article_id"])
        there = row["as_printed"] if text is None else text[row["char_start"] : row["char_end"]]
        if there != row["as_printed"]:
            what = f"the text has {there[:40]!r} at {row['char_start']}-{row['char_end']}, not {row['as_printed']!r}"
            raise DataProblem(file, f"row {index}", what, "correct char_start, char_end or as_printed")


def check_counts(
    texts: dict[str, str], articles: pd.DataFrame, claims: pd.DataFrame, dismissals: pd.DataFrame, file: str
) -> None:
    """Nothing number-like is left unaccounted for, and the recorded counts are true.

    Raises:
        DataProblem: names the article and its first open token, or the counts to record.
    """
    for article in articles.to_dict("records"):
        number = article["article_id"]
        if number not in texts:
            continue
        text, body = texts[number], (article["body_start"], article["body_end"])
        counted = count(text, body, spans_of(claims, number), spans_of(dismissals, number))
        if counted.open:
            start, end = counted.open[0]
            what = f"{len(counted.open)} number-like tokens in neither table, the first {text[start:end]!r} at {start}-{end}"
            raise DataProblem(file, f"article {number}", what, "add a row to claims.csv or to dismissals.csv")
        true = (counted.total, counted.claimed, counted.dismissed)
        if (article["number_tokens"], article["tokens_claimed"], article["tokens_dismissed"]) != true:
            what = f"the text has {true[0]} number-like tokens, {true[1]} claimed, {true[2]} dismissed"
            mend = "write these into number_tokens, tokens_claimed, tokens_dismissed"
            raise DataProblem(file, f"article {number}", what, mend)
