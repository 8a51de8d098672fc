"""Dates as printed, to ISO: 2021年10月 -> 2021-10, October 12, 2021 -> 2021-10-12, 2018-2020年 -> the middle,
2019, with the range 2018/2020 as bound.

A day or month without its year takes the year of its context; without one it is written with dashes for what is missing
(--10, --10-12, ---12), as in the truncated forms of ISO 8601. `Calendar` keeps that context: the date just before, else that of the byline.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass

from helpers.reader.fold import fold
from helpers.reader.numerals import UnreadableFigure, match_number
from helpers.reader.vocabulary import phrase

LEAP_YEAR = 2000  # for the length of a month whose year is not known
_HAN_DIGITS = {c: str(i) for i, c in enumerate("零一二三四五六七八九")} | {"〇": "0", "○": "0"}
_MONTHS = {
    name: i
    for i, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}  # fmt: skip
_YEAR = r"(?:(?P<y>(?:19|20)\d\d)|(?P<hy>[一二][九零〇○][零〇○一二三四五六七八九]{2}))"
_NUMERAL = r"(?:\d{1,2}|[一二三]?十?[一二三四五六七八九]?)"
_MONTH = r"(?P<m>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY = r"(?P<d>3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
_WORD_MONTH = r"(?P<M>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
_HAN = re.compile(rf"{_YEAR} ?年(?! ?代)(?: ?[,，]? ?{_MONTH} ?月(?!份?的?月)(?: ?{_DAY} ?[日号])?)?")
_HAN_SHORT = re.compile(rf"(?P<y2>\d\d)年 ?{_MONTH} ?月(?: ?{_DAY} ?[日号])?")
_HAN_MONTH = re.compile(
    rf"(?<![\d.个]){_MONTH} ?月(?!球|亮|饼|薪|租|活|均|入|供|度|老|嫂|子|台|光|色)(?: ?{_DAY} ?[日号](?!码))?"
)
_DAYS_BEFORE = re.compile(
    r"(?:耗时|历时|为期|连续|持续|长达|不足|不到|超过|仅用|只用|仅需|只需|需要?|用了|花了?|跑[了足]?|训练了?|共|缩短[至到为]|减[至到为]|延长[至到为]|增[至到]|降[至到])(?:了|约|近|大约)?$"
)
_DAYS_AFTER = re.compile(r"(?:缩短|缩减|减[至到少为]|延长|内(?!部)|之内|以内|左右)")
_HAN_DAY = re.compile(
    r"(?<![\d.第])(?P<d>3[01]|[12]\d|[1-9]) ?[日号](?!码|楼|线|机|馆|店|院|选|种|元|本|常|报|均|活|志|程|韩|立|前的)"
)
_ISO = re.compile(r"(?P<y>(?:19|20)\d\d)([-/.])(?P<m>1[0-2]|0?[1-9])(?:\2(?P<d>3[01]|[12]\d|0?[1-9]))(?!\d)")
_ISO_MONTH = re.compile(r"(?P<y>(?:19|20)\d\d)[-/](?P<m>1[0-2]|0[1-9])(?![\d.])")
_WORD_DATES = (
    re.compile(rf"{_WORD_MONTH} (?P<d>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?:, ?| )(?P<y>(?:19|20)\d\d)(?!\d)"),
    re.compile(rf"(?P<d>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)? (?:of )?{_WORD_MONTH},? (?P<y>(?:19|20)\d\d)(?!\d)"),
    re.compile(rf"{_WORD_MONTH},?(?: of)? (?P<y>(?:19|20)\d\d)(?!\d)"),
    re.compile(
        rf"{_WORD_MONTH} (?P<d>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?![\d.,]\d|\d| ?(?:GPU|million|billion|%))"
    ),
    re.compile(rf"(?P<d>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)? (?:of )?{_WORD_MONTH}(?![a-z])"),
)
_MONTH_ALONE = re.compile(_WORD_MONTH.removesuffix(r"\.?") + r"(?![a-z]| \d)")
_MONTH_BEFORE = re.compile(r"(?<![A-Za-z])(?:[Ii]n|[Bb]y|[Ss]ince|[Uu]ntil|(?:last|this|late|early|mid)[ -]?) ?$")
_YEARS = re.compile(r"(?P<y>(?:19|20)\d\d) ?年? ?(?:-|~|到|至) ?(?P<y_end>(?:19|20)\d\d) ?年?")
_MONTHS_RANGE = re.compile(
    rf"(?:{_YEAR} ?年 ?)?(?P<m>1[0-2]|0?[1-9]) ?月? ?(?:-|~|到|至) ?(?P<m_end>1[0-2]|0?[1-9]) ?月(?!球|亮|薪)"
)
_BARE_YEAR = re.compile(
    r"(?P<y>(?:19|20)\d\d)(?![\d/%:-]|[.,，]\d|s\b|[A-Za-z]| ?(?:[A-Z]{1,3}\d{2,3}|[GTN]PU|chips?|cards?|accelerat|servers?|nodes?|tokens?|layers?"
    r"|steps?|engineers?|people|hours?|days?|MWh|Nvidia|NVIDIA|AMD|Ascend|million|billion|昇腾|[张块卡枚颗个台片条款项]))"
)
_NEEDS_YEAR = re.compile(
    r"(?:^|\b)(?:in|since|by|until|till|from|during|before|after|of|late|early|mid|year|fiscal|FY|through|between|and|to|around|for|the|end of|into|back in|H[12]|spring|summer|autumn|fall|winter|Q[1-4])[ -]$",
    re.I,
)


Context = tuple[int | None, int | None]


@dataclass(frozen=True)
class PrintedDate:
    """A date found in folded text: ISO text of what is printed, its year if printed, and where it ends."""

    iso: str
    year: int | None
    end: int
    bound: str = "exact"
    month: int | None = None


def read_date(printed: str, context_year: int | None = None) -> str:
    """ISO text of a printed date; a missing year is taken from `context_year`.

    Raises UnreadableFigure where the token is not, whole, one date or where its year is missing.
    """
    folded = fold(printed.strip()).text
    found = match_date(folded, 0, context_year)
    if found is None or found.end != len(folded):
        bare = _BARE_YEAR.fullmatch(folded)
        if bare:
            return bare.group("y")
        raise UnreadableFigure(f"cannot read {printed!r} as a date")
    if found.iso.startswith("-"):
        raise UnreadableFigure(f"{printed!r} lacks its year")
    return found.iso


def match_date(
    text: str, start: int, context_year: int | None = None, context_month: int | None = None
) -> PrintedDate | None:
    """The date at `start` of folded text, or None."""
    if text[start : start + 1].isalpha() and text[start].isascii():
        named = _first((_WORD_DATES[0], *_WORD_DATES[2:4]), text, start, (context_year, context_month))
        alone = _MONTH_BEFORE.search(text, max(0, start - 8), start)
        return named or (_first((_MONTH_ALONE,), text, start, (context_year, None)) if alone else None)
    for pattern in (_YEARS, _MONTHS_RANGE):
        ranged = pattern.match(text, start)
        if ranged and (context := _interval(ranged, context_year)):
            return context
    part = _part_of_year(text, start)
    if part:
        return part
    day = _HAN_DAY.match(text, start)
    if day and counts_days(text[max(0, start - 10) : start], text[day.end() : day.end() + 4]):
        return None
    simple = _first(
        (_HAN, _ISO, _ISO_MONTH, _HAN_SHORT, _HAN_MONTH, _HAN_DAY, *_WORD_DATES),
        text,
        start,
        (context_year, context_month),
    )
    if simple:
        return simple
    bare = _BARE_YEAR.match(text, start)
    if bare and _NEEDS_YEAR.search(text, max(0, start - 12), start):
        return PrintedDate(bare.group("y"), int(bare.group("y")), bare.end())
    return None


def counts_days(before: str, after: str) -> bool:
    """Whether the words before a number and behind its 日 say that days are counted (縮短至不足十日), not dated."""
    return _DAYS_BEFORE.search(before) is not None or _DAYS_AFTER.match(after) is not None


def _first(patterns: tuple[re.Pattern[str], ...], text: str, start: int, context: Context) -> PrintedDate | None:
    for pattern in patterns:
        found = pattern.match(text, start)
        if found:
            return _date(found, context)
    return None


def _date(found: re.Match[str], context: Context) -> PrintedDate | None:
    parts = found.groupdict()
    year = _year(parts)
    month = _MONTHS[parts["M"][:3].lower()] if parts.get("M") else _small(parts.get("m"))
    day = _small(parts.get("d"))
    if (month or 0) > 12:
        return None
    if day and not month and all(context):
        month = context[1]
    known = year or context[0] if month or year else None
    if (day or 0) > monthrange(known or LEAP_YEAR, month or 1)[1]:
        day = None  # 31 February: the month is what can be read
    if not (known or month or day):
        return None
    iso = f"{known:04d}" if known else ("-" if month else "--")
    iso += f"-{month:02d}" if month else ""
    iso += f"-{day:02d}" if day else ""
    return PrintedDate(iso, year, found.end(), month=month)


def _year(parts: dict[str, str | None]) -> int | None:
    printed = parts.get("y") or "".join(_HAN_DIGITS.get(char, "") for char in parts.get("hy") or "")
    if not printed and parts.get("y2"):
        printed = "20" + str(parts["y2"])
    return int(printed) if printed else None


def _small(printed: str | None) -> int | None:
    if not printed:
        return None
    if printed.isdecimal():
        return int(printed)
    number = match_number(printed, 0)
    return int(number.value) if number else None


def _interval(found: re.Match[str], context_year: int | None) -> PrintedDate | None:
    """2018-2020年: middle 2019, range 2018/2020; 3-5月: middle month, range 03/05."""
    parts = found.groupdict()
    year = _year(parts)
    if "y_end" in parts:
        years = int(str(parts["y"])), int(str(parts["y_end"]))
        middle = str(sum(years) // 2)
        return (
            PrintedDate(middle, years[1], found.end(), f"range {years[0]}/{years[1]}") if years[0] < years[1] else None
        )
    months = int(found.group("m")), int(found.group("m_end"))
    if months[0] >= months[1]:
        return None
    return _months(year, context_year, *months, found.end())


def _months(year: int | None, context_year: int | None, first: int, last: int, end: int) -> PrintedDate:
    stem = f"{year or context_year:04d}" if year or context_year else "-"
    bound = f"range {stem}-{first:02d}/{stem}-{last:02d}"
    return PrintedDate(f"{stem}-{(first + last) // 2:02d}", year, end, bound, (first + last) // 2)


def _part_of_year(text: str, start: int) -> PrintedDate | None:
    """2019年初 (January to March), 2021年底, 2020年上半年, 2023年第三季度, Q3 2023, early 2019."""
    han = _YEAR_PART.match(text, start)
    if han:
        year, name = _year(han.groupdict()), han.group("part").removeprefix("第").removesuffix("度")
        return _months(year, None, *_PARTS[name], han.end()) if year else None
    return None


_PARTS = {
    "初": (1, 3), "年初": (1, 3), "中": (5, 8), "年中": (5, 8), "底": (10, 12), "末": (10, 12), "年底": (10, 12), "年末": (10, 12),
    "上半年": (1, 6), "下半年": (7, 12),
    "一季": (1, 3), "二季": (4, 6), "三季": (7, 9), "四季": (10, 12),
}  # fmt: skip
_YEAR_PART = re.compile(rf"{_YEAR} ?年(?P<part>(?:年?[初底末]|年中|中(?=[,，旬])|[上下]半年|第?[一二三四]季度?))")


NEAR = 400
_FULL = re.compile(r"(?:19|20)\d\d[-/.年] ?\d{1,2}[-/.月] ?\d{1,2}")


class Calendar:
    """Keeps the last date read and the date of the byline."""

    def __init__(self, text: str, bylines: Sequence[tuple[int, int]]) -> None:
        self._byline = next((date for start, end in bylines if (date := _full_date(text, start, end))), None)
        self._last: tuple[int, int | None, int | None] | None = None

    def match(self, text: str, at: int) -> PrintedDate | None:
        """The date at `at`, completed from its context; the reading goes on from it."""
        near = self._last is not None and at - self._last[0] <= NEAR
        year, month = (self._last[1], self._last[2]) if near and self._last else (None, None)
        if self._byline:
            year, month = year or self._byline.year, self._byline.month
        elif self._last:
            year = year or self._last[1]
        found = match_date(text, at, year, month)
        if found and not phrase("calendar ahead").search(text, max(0, at - 16), at):
            self._last = (found.end, found.year or year, found.month if found.bound == "exact" else None)
        return found


def _full_date(text: str, start: int, end: int) -> PrintedDate | None:
    found = _FULL.search(text, start, min(end, start + 200))
    return match_date(text, found.start()) if found else None
