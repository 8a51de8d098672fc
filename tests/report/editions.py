"""How to compare two editions of the page: pieces by anchor, and the numbers in them whatever the language."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from math import isclose

SCALES = {"trillion": 1e12, "billion": 1e9, "million": 1e6, "万亿": 1e12, "亿": 1e8, "万": 1e4}
SCALES |= {"T": 1e12, "B": 1e9, "M": 1e6}
MONTHS = {
    month: number
    for number, month in enumerate(
        [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
        start=1,
    )
}
NUMBER = re.compile(
    r"(?<![A-Za-z\d])(?<![A-Za-z][-.])(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<more>(?:\.\d+)+)?"
    r"(?: ?[-多余]?(?P<scale>trillion|billion|million|万亿|亿|万|T(?=FLOP)|[BTM](?![A-Za-z])))?"
)
# Numbers in words: they may stand for figures of the other edition.
ONES = dict(
    zip(
        [
            "a",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ],
        [1, *range(1, 20)],
        strict=True,
    )
)
TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100, "thousand": 1000, "dozen": 12}
WORDS = re.compile(
    rf"\b({'|'.join(ONES)}|{'|'.join(TENS)})(?:[ -]({'|'.join([*TENS, *ONES])}))?"
    rf"(?:[ -](thousand))?(?:[ -](trillion|billion|million))?s?\b",
    re.I,
)
NAMES = re.compile(r"(?:源|悟道|Yuan|Wu ?Dao) ?\d\.0|\b1e8\b")  # "Yuan" alone is 源1.0 in Chinese; 1e8 is 亿
# Dates in words, as ISO.
ENGLISH_DATE = re.compile(rf"(?:(\d{{1,2}}) )?({'|'.join(MONTHS)})(?: (?:of )?(\d{{4}}))?")
CHINESE_DATE = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(?:(\d{1,2})日)?")
ISO = re.compile(r"(?<![\d-])(\d{4})-(\d{2})(?:-(\d{2}))?(?![\d-])")
SKIPPED = {"script", "style", "code", "math", "annotation"}
PIECES = {"article", "section", "h2", "h3", "h4", "figure", "details", "figcaption"}


@dataclass
class Piece:
    """What stands under one anchor: its texts with whether they are marked as English."""

    texts: list[tuple[str, bool]] = field(default_factory=list)
    badges: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All its text."""
        return " ".join(text for text, _ in self.texts)


VOID = {"meta", "link", "br", "img", "input", "hr", "use", "path"}


class _Splitter(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: dict[str, Piece] = {"": Piece()}
        self.now = ""
        self.stack: list[tuple[str, str, bool, bool]] = []  # tag, anchor before, English before, skipped before
        self.english = self.skipped = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if "badge" in str(given.get("class", "")).split() and given.get("href"):
            self.pieces[self.now].badges.append(str(given["href"]))
        if tag in VOID:
            return
        self.stack.append((tag, self.now, self.english, self.skipped))
        if given.get("id") and tag in ("article", "figure", "details", "dt"):
            self.now = str(given["id"])
        elif given.get("id") and tag in ("h2", "h3", "h4"):
            self.now = str(given["id"])
            self.stack = [(t, self.now if t in ("section", "main", "div") else a, e, s) for t, a, e, s in self.stack]
        self.pieces.setdefault(self.now, Piece())
        if given.get("lang"):
            self.english = given["lang"] == "en"
        if tag in SKIPPED or "printed" in str(given.get("class", "")).split():
            self.skipped = True

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Nothing inside, nothing to close."""

    def handle_endtag(self, tag: str) -> None:
        while self.stack:
            opened, anchor, self.english, self.skipped = self.stack.pop()
            if opened not in ("h2", "h3", "h4"):
                self.now = anchor
            if opened == tag:
                break

    def handle_data(self, data: str) -> None:
        if data.strip() and not self.skipped:
            self.pieces[self.now].texts.append((" ".join(data.split()), self.english))


def pieces(html: str) -> dict[str, Piece]:
    """The page cut at its anchors: claims, figures, systems, and what stands under each heading."""
    splitter = _Splitter()
    splitter.feed(html)
    splitter.close()
    return splitter.pieces


def numbers(text: str) -> Counter[str]:
    """The numbers of a text as values, with their dates as ISO: the same for 1.8 billion and 18亿."""
    found: Counter[str] = Counter()

    def date(year: str | None, month: int, day: str | None) -> str:
        parts = [year or "", f"{month:02d}", f"{int(day):02d}" if day else ""]
        found["-".join(p for p in parts if p)] += 1
        return " "

    text = ISO.sub(lambda m: date(m[1], int(m[2]), m[3]), text)
    text = ENGLISH_DATE.sub(lambda m: date(m[3], MONTHS[m[2]], m[1]) if m[1] or m[3] or m[2] != "May" else m[0], text)
    text = CHINESE_DATE.sub(lambda m: date(m[1], int(m[2]), m[3]), text)
    text = NAMES.sub(" ", text)
    text = re.sub(r"(?<![\d.])1/(?=\d)", "", text)  # ten times too small is 1/10 in Chinese
    for match in NUMBER.finditer(text):
        if match["more"]:  # a version or a commit
            found[match["number"] + match["more"]] += 1
            continue
        scale = SCALES.get(match["scale"] or "", 1)
        found[f"{float(match['number'].replace(',', '')) * scale:.6g}"] += 1
    return found


def differences(english: str, other: str) -> tuple[list[str], list[str]]:
    """Numbers that only one of two texts has, spelled-out ones and shared magnitudes ("207 and 260 billion") allowed for."""
    there, here = numbers(english), numbers(other)
    left = list((there - here).elements())
    right = list((here - there).elements())
    for n in list(left):
        same = next((m for m in right if _shared(n, m)), None)
        if same:
            left.remove(n)
            right.remove(same)
    return left, [n for n in right if n not in in_words(english)]


def _shared(n: str, m: str) -> bool:
    """Whether one is the other with the magnitude or the year that stands at the next number."""
    if "-" in n + m or n[0] == "0" or m[0] == "0":
        return n.endswith(m) or m.endswith(n)
    return float(n) != 0 and any(isclose(float(m), float(n) * scale) for scale in SCALES.values())


def in_words(text: str) -> set[str]:
    """Numbers that an English text spells out, as values."""
    found = set()
    for first, second, thousand, scale in WORDS.findall(text.lower()):
        one, other = (ONES.get(w) or TENS.get(w) or 0 for w in (first, second))
        value = one * other if other >= 100 else one + other
        value *= 1000 if thousand else 1
        found |= {f"{v * SCALES.get(scale, 1):.6g}" for v in (value, one, other)}
    return found
