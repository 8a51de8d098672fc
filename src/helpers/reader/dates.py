"""Dates as printed, to ISO: 2021年10月 -> 2021-10, October 12, 2021 -> 2021-10-12, 2018-2020年 -> 2019.

Of a range of years the middle is taken, with the range itself, 2018/2020, as bound.

A day or month without its year takes the year of its context; without one it is written with dashes for what is missing
(--10, --10-12, ---12), as in the truncated forms of ISO 8601. `Calendar` keeps that context: the date just before, else that of the byline.
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from helpers.reader.fold import fold
from helpers.reader.number import UnreadableFigure
from helpers.reader.numerals import match_number
from helpers.reader.vocabulary import filled, listed, meanings, phrase
from helpers.rows import read_rows

LEAP_YEAR = 2000  # for the length of a month whose year is not known
_HAN_DIGITS = {c: str(i) for i, c in enumerate("零一二三四五六七八九")} | {"〇": "0", "○": "0"}
_MONTHS = {name: i for i, name in enumerate(listed("numeral", "months"), 1)}
_PARTS = meanings("part of year")
_PARTS_OF_FORMS = {
    "YEAR": r"(?:(?P<y>(?:19|20)\d\d)|(?P<hy>[一二][九零〇○][零〇○一二三四五六七八九]{2}))",
    "MONTH": r"(?P<m>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])",
    "DAY": r"(?P<d>3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])",
    "NAME": r"(?P<M>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)",
    "ARABIC_YEAR": r"(?P<y>(?:19|20)\d\d)",
    "ARABIC_MONTH": r"(?P<m>1[0-2]|0?[1-9])",
    "ARABIC_DAY": r"(?P<d>3[01]|[12]\d|0?[1-9])",
}
# What a date may be, and what must stand before it; the first that makes one wins.
_FORMS = [
    (re.compile(filled(row["form"], **_PARTS_OF_FORMS)), phrase(row["before"]) if row["before"] else None)
    for row in read_rows(Path(__file__).with_name("date_forms.csv"), ("before", "form"))
]
_BARE_YEAR = _FORMS[-1][0]
NEAR = 400
_FULL = re.compile(r"(?:19|20)\d\d[-/.年] ?\d{1,2}[-/.月] ?\d{1,2}")


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
    for pattern, before in _FORMS:
        found = pattern.match(text, start)
        if not found or (before and not before.search(text, max(0, start - 12), start)):
            continue
        if found.groupdict().keys() == {"d"} and counts_days(
            text[max(0, start - 10) : start], text[found.end() : found.end() + 4]
        ):
            return None
        date = _date(found, (context_year, context_month))
        if date:
            return date
    return None


def counts_days(before: str, after: str) -> bool:
    """Whether the words before a number and behind its 日 say that days are counted (縮短至不足十日), not dated."""
    return (
        phrase("dates counted_before").search(before) is not None
        or phrase("dates counted_after").match(after) is not None
    )


def _date(found: re.Match[str], context: Context) -> PrintedDate | None:
    parts = found.groupdict()
    year = _year(parts)
    if parts.keys() & {"y_end", "m_end", "part"}:
        return _span(parts, year, context[0], found.end())
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
    number = match_number(printed, 0) if printed else None
    return int(number.value) if number else None


def _span(parts: dict[str, str | None], year: int | None, context_year: int | None, end: int) -> PrintedDate | None:
    """2018-2020年: middle 2019, range 2018/2020; 3-5月, 2019年初, 2020年上半年: middle month, range of months; None where it ends before it begins."""
    if "y_end" in parts:
        first, last = int(str(parts["y"])), int(str(parts["y_end"]))
        return PrintedDate(str((first + last) // 2), last, end, f"range {first}/{last}") if first < last else None
    part = str(parts.get("part")).lower().removeprefix("第").removesuffix("度")
    first, last = map(int, _PARTS[part].split("-") if part in _PARTS else (str(parts["m"]), str(parts["m_end"])))
    if first >= last:
        return None
    stem = f"{year or context_year:04d}" if year or context_year else "-"
    bound = f"range {stem}-{first:02d}/{stem}-{last:02d}"
    return PrintedDate(f"{stem}-{(first + last) // 2:02d}", year, end, bound, (first + last) // 2)


class Calendar:
    """Keeps the last date read and the date of the byline."""

    def __init__(self, text: str, bylines: Sequence[tuple[int, int]]) -> None:
        self._byline = next((date for start, end in bylines if (date := _full_date(text, start, end))), None)
        self._last: PrintedDate | None = None

    def match(self, text: str, at: int) -> PrintedDate | None:
        """The date at `at`, completed from its context; the reading goes on from it."""
        near = self._last if self._last and at - self._last.end <= NEAR else None
        year = next((date.year for date in (near, self._byline or self._last) if date and date.year), None)
        month = self._byline.month if self._byline else near.month if near else None
        found = match_date(text, at, year, month)
        if found and not phrase("calendar ahead").search(text, max(0, at - 16), at):
            month = found.month if found.bound == "exact" else None
            self._last = replace(found, year=found.year or year, month=month)
        return found


def _full_date(text: str, start: int, end: int) -> PrintedDate | None:
    found = _FULL.search(text, start, min(end, start + 200))
    return match_date(text, found.start()) if found else None
