"""What looks like a figure and is none: page furniture, addresses, codes, list numbers, versions, clock times.

`furniture` marks whole lines; `skipped` knows tokens that are no figures, with the reason.
"""

import re
from pathlib import Path

from helpers.reader.vocabulary import phrase
from helpers.rows import read_rows

Span = tuple[int, int]

MAX_BYLINE = 60
MAX_FURNITURE = 120
MIN_PROSE = 50

SKIPPED = re.compile(
    "|".join(
        f"(?P<{row['reason']}_{i}>{row['pattern']})"
        for i, row in enumerate(read_rows(Path(__file__).with_name("no_figures.csv"), ("reason", "pattern")))
    ),
    re.I,
)
LIST_NUMBER = re.compile(r"(?:\(\d{1,2}\)|\d{1,2}(?:[、)]|[.．](?![\d])))(?!\d)")
HAN_LIST_NUMBER = re.compile(r"\(?[一二三四五六七八九十]{1,3}(?:[、)]|是(?!否|不是)|、)")
REFERENCE_MARK = re.compile(r"\[\d{1,3}(?:[,-] ?\d{1,3}){0,9}\]")
_BEFORE_LIST = re.compile(r"(?:^|[\n。;:!?.，,)”\"…]|  |[\u4e00-\u9fff] )[ \t]{0,4}[(]?$")


def furniture(text: str) -> list[Span]:
    """Spans of lines of folded text that are page furniture, in order: bylines, footers, and what follows an end mark.

    After an end mark (相关阅读, Related stories) all is furniture up to the next paragraph of prose, where another text begins.
    """
    spans: list[Span] = []
    start, ended = 0, False
    while start < len(text):
        stop = text.find("\n", start)
        stop = len(text) if stop < 0 else stop
        if phrase("furniture end_lines").fullmatch(text, start, stop):
            ended = True
        elif ended and _is_prose(text, start, stop):
            ended = False
        if ended or _is_furniture(text, start, stop):
            spans.append((start, stop))
        start = stop + 1
    return spans


def _is_prose(text: str, start: int, stop: int) -> bool:
    """Whether a line is a paragraph and not a headline: long, and closed like a sentence."""
    return stop - start >= MIN_PROSE and text[start:stop].rstrip().endswith(("。", ".", "!", "?", '"', "”"))


def _is_furniture(text: str, start: int, stop: int) -> bool:
    length = stop - start
    if length <= 0 or length > MAX_FURNITURE or text.count("|", start, stop) > 1:
        return False
    if length <= MAX_BYLINE and phrase("furniture dateline").match(text[start:stop]):
        return True
    if text[start:stop].rstrip().endswith(("。", ".", "!", "?")):
        return False
    byline = length <= MAX_BYLINE and phrase("furniture byline").search(text, start, stop)
    return bool(byline or phrase("furniture line").search(text, start, stop))


def skipped(text: str, start: int) -> tuple[int, str] | None:
    """End and reason of a token at `start` that is no figure, or None."""
    found = SKIPPED.match(text, start)
    if found:
        return found.end(), str(found.lastgroup).rsplit("_", 1)[0]
    mark = REFERENCE_MARK.match(text, start - 1) if text[max(0, start - 1) : start] == "[" else None
    return (mark.end(), "list_number") if mark else None


def list_number(text: str, start: int) -> int | None:
    """End of a list number (1、 (2) 3. 一、) at `start`, or None."""
    found = LIST_NUMBER.match(text, start) or HAN_LIST_NUMBER.match(text, start)
    if found and _BEFORE_LIST.search(text, max(0, start - 8), start):
        return found.end()
    return None
