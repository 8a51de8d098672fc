"""Ranks as printed: 第3名, 排名第一, 第一梯队, ranked third, No. 1; other ordinals (第一代, 第三方) are no figures."""

import re
from dataclasses import dataclass

from helpers.reader.number import UnreadableFigure
from helpers.reader.numerals import match_number
from helpers.reader.vocabulary import listed, phrase

_HAN = re.compile(r"第 ?(?P<n>[一二三四五六七八九十]{1,3}|\d{1,3}) ?(?P<unit>名|位|梯队)?")
_HAN_NOT = re.compile(r"[代个次步方期章节天年季人批轮届集条种类波台款颗张块版部层阶大部性线时手季站届]")
_ORDINALS = {word: i for i, word in enumerate(listed("numeral", "ordinals"), 1)}
_WORD = re.compile(
    rf"(?:(?P<no>No\. ?|number |#)(?P<n1>\d{{1,3}})|(?P<n2>\d{{1,3}})(?:st|nd|rd|th)|(?P<word>{'|'.join(_ORDINALS)}))(?![A-Za-z0-9])(?P<place> (?:place|spot|position))?",
    re.I,
)


_NUMBER_BEFORE = re.compile(r"(?:now|at|is|was|to|still|the|world's|its|as|became|spot) $", re.I)
_STANDING = re.compile(r"[.,;]?(?: place)?(?:[.,;\n]|$)")


@dataclass(frozen=True)
class Rank:
    """A rank found in folded text."""

    value: int
    end: int


def match_rank(text: str, start: int) -> Rank | None:
    """The rank at `start` of folded text, or None where the ordinal is no rank."""
    if text.startswith("第", start):
        return _han(text, start)
    found = _WORD.match(text, start)
    if not found or not (
        found.group("place")
        or phrase("ranks word_before").search(text, max(0, start - 24), start)
        or (found.group("no") and _NUMBER_BEFORE.search(text, max(0, start - 12), start))
        or (found.group("word") and _STANDING.match(text, found.end()) and text.endswith("in ", 0, start))
    ):
        return None
    digits = found.group("n1") or found.group("n2")
    value = int(digits) if digits else _ORDINALS[found.group("word").lower()]
    return Rank(value, found.end())


def ordinal_end(text: str, start: int) -> int:
    """End of the ordinal 第… at `start`."""
    found = _HAN.match(text, start)
    return found.end() if found else start + 1


def _han(text: str, start: int) -> Rank | None:
    found = _HAN.match(text, start)
    if not found or _HAN_NOT.match(text, found.end()):
        return None
    if not found.group("unit") and not phrase("ranks han_before").search(text, max(0, start - 14), start):
        return None
    try:
        number = match_number(found.group("n"), 0)
    except UnreadableFigure:
        return None
    return Rank(int(number.value), found.end()) if number and number.end == len(found.group("n")) else None
