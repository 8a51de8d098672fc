"""Hedges around a figure in folded text (约, 超过, about; 左右, 以上, 级别), and what they do to its interval."""

import re
from dataclasses import dataclass

from helpers.reader.fold import fold
from helpers.reader.parsing import Parsed
from helpers.reader.printed import PrintedFigure
from helpers.reader.vocabulary import phrase

_VERB = r"(?:只有|仅有|仅|只需|仅需|仅用|只用|只要|只|的|了|有|是|为|达到了?|达|到|过|需要?|要|花费?|耗时|用了?|使用|相当于)?"
_BEFORE = phrase("hedges before", VERB=_VERB)
_NOUN = r"(?:的?(?:参数量?|个?参数|tokens?|词|字|元|美元|人民币))?"
_AFTER = phrase("hedges after", NOUN=_NOUN)
_MORE = re.compile(r"多|余|好几|来")
_LEVELS = ("级", "级别", "量级", "规模")
WINDOW = 24


@dataclass(frozen=True)
class Hedge:
    """A printed hedge: its words and the bound they make (exact where there is none)."""

    words: str
    bound: str
    after_end: int

    @property
    def level(self) -> bool:
        """Whether the hedge is an order-of-magnitude mark such as 级 or 量级."""
        return self.words.endswith(_LEVELS)


def hedge_around(text: str, parsed: Parsed) -> Hedge:
    """The hedge before or after a figure; the one before wins. A span of time that only passes has none."""
    hedge = _printed(text, parsed.start, parsed.end)
    passes = parsed.hint == "duration" and _passes(hedge.words.lower(), text[max(0, parsed.start - 20) : parsed.start])
    return Hedge("", "exact", hedge.after_end) if passes else hedge


def _passes(words: str, before: str) -> bool:
    """Trained over three months, 近三年: during them, the last ones; not so in took over three months, 训练了近三年."""
    if words == "over":
        return phrase("hedges took").search(before) is None
    return words == "近" and phrase("hedges spent").search(before) is None


def _printed(text: str, start: int, end: int) -> Hedge:
    before = _BEFORE.search(text, max(0, start - WINDOW), start)
    after = _AFTER.match(text, end)
    after_end = after.end() if after else end
    if before and _blocked(before, text, start):
        before = None
    if not before and phrase("hedges share").match(text, start):
        before = phrase("hedges far_before").search(text, max(0, start - WINDOW), start)
    found = before or after or phrase("hedges more").match(text, end)
    if not found:
        return Hedge("", "exact", end)
    words, bound = _said(found)
    return Hedge(words, bound, max(after_end, found.end() if found.start() >= end else end))


def _said(found: re.Match[str]) -> tuple[str, str]:
    """The words of a hedge and their bound: nearly is about, 多 at least."""
    sort = found.lastgroup or "more"
    return found.group(found.lastgroup or 0), {"nearly": "about", "more": "at_least"}.get(sort, sort)


def _blocked(before: re.Match[str], text: str, start: int) -> bool:
    """上, 过 and 破 are hedges only straight before an order word or digits (上百, 过万, 破10万亿)."""
    words, previous = _said(before)[0], text[before.start() - 1 : before.start()]
    if words.lower() == "over" and phrase("hedges across").search(text, max(0, before.start() - 14), before.start()):
        return True  # spread over 560 servers
    if words.isascii() and words[0].isalpha():
        return previous.isalnum() and previous.isascii()
    if words in ("上", "过"):
        return text[start : start + 1] not in "百千万亿" or (words == "过" and previous == "超")
    return False


def _alone(hedge: str) -> re.Match[str] | None:
    """A hedge that is printed apart from its figure, in the spelling of the phrases: 約 is 约, 餘 is 余."""
    words = fold(hedge).text.strip()
    return _BEFORE.search(words) or _AFTER.fullmatch(words) or _MORE.fullmatch(words)


def bound_of(hedge: str) -> str:
    """exact, about, at_least or at_most for a printed hedge (empty, emphatic and levelling ones, 高达 or 级, are exact)."""
    found = _alone(hedge)
    return "exact" if not found or found.group().endswith(_LEVELS) else _said(found)[1]


def interval(figure: PrintedFigure, bound: str, hedge: str = "") -> tuple[float, float]:
    """The half-open interval [low, high) that a figure with its bound and hedge admits, in the figure's base unit.

    exact: the printed precision. about (约, about): that, and at least 10 % either way. 近, nearly: from 90 % to the printed
    precision above. at_least with 多, 余: from the figure to the next unit of its last non-zero printed digit (300多: 400,
    5300多亿: 5400亿). Other at_least (超, 以上, over): from the value to twice the value. at_most:
    from 0 to the printed precision above. range: as printed. Raises ValueError for another bound.
    """
    value, low, high = figure.value, figure.low, figure.high
    if figure.bound.startswith("range") or bound.startswith("range") or (bound == "exact" and figure.bound == "exact"):
        return low, high
    if bound == "about":
        found = _alone(hedge)
        nearly = found is not None and found.lastgroup == "nearly"
        return (0.9 * value, high) if nearly else (min(low, 0.9 * value), max(high, 1.1 * value))
    if bound == "at_most":
        return 0.0, high
    if figure.bound == "at_least":
        return low, high
    if bound == "at_least":
        return value, value + figure.last if _MORE.fullmatch(fold(hedge).text.strip()) else 2 * value
    raise ValueError(f"unknown bound {bound!r}: exact, about, at_least, at_most or range")
