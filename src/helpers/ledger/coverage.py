"""Coverage of the articles: every number-like token is a claim or dismissed with a reason."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from helpers.errors import Problem
from helpers.files import sha256
from helpers.reader.vocabulary import phrase

Span = tuple[int, int]
Faults = Iterator[tuple[str, str, str]]  # of a row: where in it, what is wrong, how to mend it


class Count(NamedTuple):
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
    return [m.span() for m in phrase("coverage number").finditer(text, start, len(text) if end is None else end)]


def count(text: str, body: Span, claimed: Sequence[Span], dismissed: Sequence[Span]) -> Count:
    """Sort the number-like tokens of a body by what covers them."""
    tokens = number_tokens(text, *body)
    in_claims, in_dismissals = (
        {(s, e) for s, e in tokens if any(a < e and s < b for a, b in spans)} for spans in (claimed, dismissed)
    )
    neither = tuple(token for token in tokens if token not in in_claims | in_dismissals)
    return Count(len(in_claims), len(in_dismissals - in_claims), neither)


def find_texts(texts_dir: str, articles: pd.DataFrame) -> dict[str, str]:
    """The articles' texts in a folder by article_id, found by their SHA-256 whatever the files are called; none for "",
    and a Problem for a folder that is not there."""
    folder = Path(texts_dir)
    if texts_dir and not folder.is_dir():
        raise Problem(f"texts: no folder {texts_dir}. Mend: name the folder that holds the articles as .txt files.")
    wanted = dict(zip(articles["sha256"], articles["article_id"], strict=True))
    files = map(Path.read_bytes, sorted(folder.glob("*.txt")) if texts_dir else ())
    found = {sha256(data): data for data in files}
    return {wanted[digest]: data.decode("utf-8") for digest, data in found.items() if digest in wanted}


def spans_of(frame: pd.DataFrame, article_id: str) -> list[Span]:
    """Spans of an article's rows."""
    mine = frame[frame["article_id"] == article_id]
    return list(zip(mine["char_start"].astype(int), mine["char_end"].astype(int), strict=True))


def count_faults(texts: dict[str, str], claims: pd.DataFrame, others: pd.DataFrame, article: dict[str, Any]) -> Faults:
    """What neither claims nor dismissals account for in an article whose text is at hand, or counts that its row has wrong."""
    number = article["article_id"]
    if number not in texts:
        return
    text, body = texts[number], (article["body_start"], article["body_end"])
    counted = count(text, body, spans_of(claims, number), spans_of(others, number))
    if counted.open:
        start, end = counted.open[0]
        what = (
            f"{len(counted.open)} number-like tokens in neither table, the first {text[start:end]!r} at {start}-{end}"
        )
        yield f" ({number})", what, "add a row to claims.csv or to dismissals.csv"
    true = (counted.total, counted.claimed, counted.dismissed)
    if (article["number_tokens"], article["tokens_claimed"], article["tokens_dismissed"]) != true:
        what = f"the text has {true[0]} number-like tokens, {true[1]} claimed, {true[2]} dismissed"
        yield f" ({number})", what, "write these into number_tokens, tokens_claimed, tokens_dismissed"
