"""Units of the press and their base units: bytes SI, FLOP, FLOP/s, s, J, kg, W, m, fractions and currencies.

A unit is a spelling (regular expression on folded text), a base unit, a factor and a hint at the kind of quantity.
Petaflop/s-days come before flop/s, and those before flop: the first spelling that matches wins.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from helpers.reader.vocabulary import filled, meanings, phrase, powers
from helpers.rows import read_rows

_PREFIX = powers("unit prefix", "en")  # words and letters: kilo, k
_HAN_PREFIX = powers("unit prefix", "zh")
_SECONDS = {word: Decimal(seconds) for word, seconds in meanings("time").items()}
_CURRENCY = meanings("currency")
CHIP_NAMES = (
    r"(?:NVIDIA ?|英伟达 ?|Nvidia ?|Tesla ?|DGX[- ]?)?(?:GPU|gpu|tpu|TPU ?v?\d?[a-z]?|NPU|XPU|IPU|DCU|A100|A800|A10G?|A30|A40|H100|H200|H800|H20|GH200|B[123]00|GB[23]00(?: ?NVL ?\d{1,3})?"
    r"|Ironwood|Trillium|Trainium ?\d|Gaudi ?\d|V100|P100|K80|T4|L4|L40S?|L20|MI\d{3}X?|(?:RTX|rtx) ?(?:PRO ?)?\d{4}(?: ?Ti| Blackwell)?|Ascend ?\d{3}[A-Z]?|昇腾 ?\d{3}[A-Z]?|显示?卡|加速卡|芯片|晶片|卡)"
)


@dataclass(frozen=True)
class Unit:
    """A unit as printed: base unit, factor to it, hint at the kind, and where it ends in the folded text."""

    base: str
    factor: Decimal
    hint: str
    end: int
    printed: str


_PARTS = {
    "P": r"(?P<p>(?i:kilo|mega|giga|tera|peta|exa|zetta|yotta)|[KMGTPEZYk]|[gtpez](?=flop))?",
    "END": r"(?![A-Za-z])",
    "CHIP": CHIP_NAMES,
    "HAN_TIME": r"(?P<t>毫秒|微秒|秒|分钟|小时|钟头|天|周|星期|礼拜|季度|年|月)",
    "WORD_TIME": r"(?P<t>[Mm]illiseconds?|ms|[Ss]econds?|secs?|[Mm]inutes?|mins?|[Hh]ours?|hrs?|h|[Dd]ays?|[Ww]eeks?|[Mm]onths?|[Yy]ears?|yrs?|[Dd]ecades?)",
}  # of the spellings in units.csv


_SPELLINGS = [
    (re.compile(filled(row["spelling"], **_PARTS)), row["hint"], row["base"], Decimal(row["factor"]))
    for row in read_rows(Path(__file__).with_name("units.csv"), ("hint", "base", "factor", "spelling"))
]  # the first that matches wins
_FIRST = frozenset("%‰℃°×-")


def _made(found: re.Match[str], base: str, factor: Decimal) -> tuple[str, Decimal]:
    """Base unit and factor of what was found: with its prefix (p, of powers of 1024 with i; h in Chinese), time (t) or currency (c)."""
    part = {name: (text or "").lower() for name, text in found.groupdict().items()}
    if prefix := part.get("p"):
        factor *= Decimal(1024) ** (_PREFIX[prefix].adjusted() // 3) if part.get("i") else _PREFIX[prefix]
    if prefix := part.get("h"):
        factor *= _HAN_PREFIX[prefix]
    if time := part.get("t"):
        factor *= _SECONDS.get(time) or _SECONDS[time.rstrip("s")]
    if money := part.get("c"):
        base = _CURRENCY.get(money) or _CURRENCY[money.rstrip("s")]
    return base, factor


def match_unit(text: str, start: int) -> Unit | None:
    """The unit or Chinese classifier at `start` (one space or hyphen may come first), or None."""
    begin = start + (text[start : start + 1] == " ")
    for at in (begin, begin + 1) if text[begin : begin + 1] == "-" else (begin,):
        first = text[at : at + 1]
        if first not in _FIRST and not first.isalpha():
            continue
        for spelling, hint, base, factor in _SPELLINGS:
            found = spelling.match(text, at)
            if found:
                return Unit(*_made(found, base, factor), hint, found.end(), found.group())
    found = phrase("units classifier").match(text, begin)
    if not found:
        return None
    return Unit("chip" if found.group() == "卡" else "", Decimal(1), "classifier", found.end(), found.group())


def match_currency(text: str, start: int) -> tuple[str, int] | None:
    """The currency sign at `start` (before the digits) as ISO 4217 code, and its end."""
    found = phrase("units currency_before").match(text, start)
    if not found:
        return None
    return _CURRENCY[found.group("c").replace(" ", "").lower()], found.end()
