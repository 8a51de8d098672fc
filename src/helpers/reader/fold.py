"""One spelling for the readers: full-width, traditional and annotated text folded to plain simplified text.

Offsets are kept, so a span found in the folded text can be printed from the original.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from helpers.rows import read_rows

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) not in "，"}
_PUNCTUATION = str.maketrans(
    "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000—–−‐‑﹪〜∼⁓₀₁₂₃₄₅₆₇₈₉",
    "               -----%~~~0123456789",
)
# Traditional characters of the words the readers know.
_PAIRS = read_rows(Path(__file__).with_name("traditional.csv"), ("traditional", "simplified"))
TO_SIMPLIFIED = str.maketrans({row["traditional"]: row["simplified"] for row in _PAIRS})
_TABLE: dict[int, int | str] = {**_FULL_WIDTH, **_PUNCTUATION, **TO_SIMPLIFIED}
_TONES = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ"
# Signs that nobody sees: soft hyphens, joiners and breaks of no width, marks of direction, selectors, tags.
_UNSEEN = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef"
_LEFT_OUT = re.compile(rf"[{_UNSEEN}]+|(?<=[\u4e00-\u9fff])\((?=[a-zü]{{0,5}}[{_TONES}])[a-zü{_TONES}]{{1,6}}\)")


@dataclass(frozen=True)
class Folded:
    """Folded text and, for each of its positions (and its end), the code point offset in the original."""

    text: str
    offsets: Sequence[int]


def fold(text: str) -> Folded:
    """Fold full-width and traditional characters and drop unseen signs and pinyin such as 數(shù); linear in the length."""
    plain = text.translate(_TABLE)
    gone = {at for note in _LEFT_OUT.finditer(plain) for at in range(*note.span())}
    if not gone:
        return Folded(plain, range(len(plain) + 1))
    offsets = [at for at in range(len(plain) + 1) if at not in gone]
    return Folded("".join(plain[at] for at in offsets[:-1]), offsets)
