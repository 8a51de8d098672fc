"""Units of the press and their base units: bytes SI, FLOP, FLOP/s, s, J, kg, W, m, fractions and currencies.

A unit is a spelling (regular expression on folded text), a base unit, a factor and a hint at the kind of quantity.
Petaflop/s-days come before flop/s, and those before flop: the first spelling that matches wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from helpers.rows import read_rows

UNITS = Path(__file__).with_name("units.csv")
DAY_S = Decimal(86400)
MONTH_S = Decimal("30.4375") * DAY_S
YEAR_S = Decimal("365.25") * DAY_S

_SI = {"": 0, "k": 3, "m": 6, "g": 9, "t": 12, "p": 15, "e": 18, "z": 21, "y": 24}
_SI_WORD = {"kilo": 3, "mega": 6, "giga": 9, "tera": 12, "peta": 15, "exa": 18, "zetta": 21, "yotta": 24}
_TIME = {
    "毫秒": Decimal("0.001"), "微秒": Decimal("1e-6"), "秒": Decimal(1), "分钟": Decimal(60), "小时": Decimal(3600),
    "钟头": Decimal(3600), "时": Decimal(3600), "天": DAY_S, "日": DAY_S, "周": 7 * DAY_S, "星期": 7 * DAY_S,
    "礼拜": 7 * DAY_S, "月": MONTH_S, "季度": 3 * MONTH_S, "年": YEAR_S,
    "ms": Decimal("0.001"), "millisecond": Decimal("0.001"), "second": Decimal(1), "sec": Decimal(1), "minute": Decimal(60),
    "min": Decimal(60), "hour": Decimal(3600), "hr": Decimal(3600), "h": Decimal(3600), "day": DAY_S,
    "week": 7 * DAY_S, "month": MONTH_S, "year": YEAR_S, "yr": YEAR_S, "decade": 10 * YEAR_S,
}  # fmt: skip
_CURRENCY = {
    "美元": "USD", "美金": "USD", "美刀": "USD", "usd": "USD", "dollar": "USD", "$": "USD", "us$": "USD", "刀": "USD",
    "人民币": "CNY", "元人民币": "CNY", "元": "CNY", "rmb": "CNY", "cny": "CNY", "yuan": "CNY", "renminbi": "CNY", "¥": "CNY",
    "￥": "CNY", "块钱": "CNY", "港元": "HKD", "港币": "HKD", "hk$": "HKD", "hkd": "HKD", "新台币": "TWD", "台币": "TWD",
    "元台币": "TWD", "nt$": "TWD", "twd": "TWD", "欧元": "EUR", "euro": "EUR", "eur": "EUR", "€": "EUR", "英镑": "GBP",
    "£": "GBP", "gbp": "GBP", "日元": "JPY", "jpy": "JPY", "韩元": "KRW", "krw": "KRW", "万美元": "USD", "新元": "SGD", "卢比": "INR",
}  # fmt: skip
CHIP_NAMES = (
    r"(?:NVIDIA ?|英伟达 ?|Nvidia ?|Tesla ?|DGX[- ]?)?(?:GPU|TPU ?v?\d?[a-z]?|NPU|XPU|IPU|DCU|A100|A800|A10G?|A30|A40|H100|H200|H800|H20|GH200|B[123]00|GB[23]00(?: ?NVL ?\d{1,3})?"
    r"|Ironwood|Trillium|Trainium ?\d|Gaudi ?\d|V100|P100|K80|T4|L4|L40S?|L20|MI\d{3}X?|RTX ?\d{4}(?: ?Ti)?|Ascend ?\d{3}[A-Z]?|昇腾 ?\d{3}[A-Z]?|显示?卡|加速卡|芯片|晶片|卡)"
)


@dataclass(frozen=True)
class Unit:
    """A unit as printed: base unit, factor to it, hint at the kind, and where it ends in the folded text."""

    base: str
    factor: Decimal
    hint: str
    end: int
    printed: str


_HAN_PREFIX = {
    "千": Decimal(10**3), "兆": Decimal(10**6), "百万": Decimal(10**6), "吉": Decimal(10**9), "十亿": Decimal(10**9), "太": Decimal(10**12),
}  # fmt: skip
_PARTS = {
    "{P}": r"(?P<p>(?i:kilo|mega|giga|tera|peta|exa|zetta|yotta)|[KMGTPEZYk])?",
    "{END}": r"(?![A-Za-z])",
    "{CHIP}": CHIP_NAMES,
    "{HAN_TIME}": r"(?P<t>毫秒|微秒|秒|分钟|小时|钟头|天|周|星期|礼拜|季度|年|月)",
    "{WORD_TIME}": r"(?P<t>milliseconds?|ms|seconds?|secs?|minutes?|mins?|hours?|hrs?|h|days?|weeks?|months?|years?|yrs?|decades?)",
}  # of the spellings in units.csv


def _spellings() -> Iterator[tuple[re.Pattern[str], str, str, Decimal]]:
    """Spelling, hint, base unit and factor of units.csv, in its order: the first that matches wins."""
    for row in read_rows(UNITS, ("hint", "base", "factor", "spelling")):
        spelling = row["spelling"]
        for name, part in _PARTS.items():
            spelling = spelling.replace(name, part)
        yield re.compile(spelling), row["hint"], row["base"], Decimal(row["factor"])


def _made(found: re.Match[str], base: str, factor: Decimal) -> tuple[str, Decimal]:
    """Base unit and factor of what was found: with its prefix (p, of powers of 1024 with i; h in Chinese), time (t) or currency (c)."""
    part = {name: (text or "").lower() for name, text in found.groupdict().items()}
    if part.get("i"):
        factor *= Decimal(1024) ** (_SI[part["p"]] // 3)
    elif part.get("p"):
        factor = factor.scaleb(_SI_WORD[part["p"]] if part["p"] in _SI_WORD else _SI[part["p"]])
    if part.get("h"):
        factor *= _HAN_PREFIX[part["h"]]
    if time := part.get("t"):
        factor *= _TIME.get(time) or _TIME[time.rstrip("s")]
    if money := part.get("c"):
        base = _CURRENCY.get(money) or _CURRENCY[money.rstrip("s")]
    return base, factor


_FIRST = frozenset("%‰℃°×-")
_SPELLINGS = tuple(_spellings())
_CLASSIFIERS = re.compile(
    r"[个颗枚片名款篇句份套座辆只批届卡例所栋间幅盘档岁元笔宗艘架尊株桩]|人次|亿次|起(?![来点源初步到因于码伏诉草动飞用])|块(?!钱)|张(?!量|力)|台(?!湾|式)|位(?!于|置|元|数)|人(?!工|类|口|脸|均)"
    r"|家(?!庭|族|园|具|电|长|乡|里)|项(?!目)|种(?!子|族)|类(?!似|型|别)|本(?!身|次|地|质)|部(?!署|门|落|分)|页(?!面)|条(?!件)|次(?!方|幂|数)|段|件"
    r"|支(?!持|付|撑)|头(?!部)|组(?!织|合|成)|轮(?!胎)|步(?!骤|伐)|场(?!景|合|地)|国(?!家|内|际|产)|门(?!槛|户)|行(?!业|动|为|情)|列(?!表)|维(?!护)"
    r"|层(?!面|次)|处(?!理|于|在|境|置)|核|节(?!点|省|约)|轴|首(?!次|个|席|批|款)|道(?!路)|股(?!价|票|份|东|权|市|本)"
    r"|分(?![之布类析辨割别成为支词发享配工钟子解开数段步离散流明层])"
)
_PREFIX_MONEY = re.compile(
    r"(?P<c>US ?\$|HK ?\$|NT ?\$|\$|¥|￥|€|£|RMB ?|USD ?|(?:人民币|新台币|台币|港币|港元|美元|美金|欧元|日元)(?=约? ?[\d一二两三四五六七八九十数几百千]))(?:约? )?"
)


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
    found = _CLASSIFIERS.match(text, begin)
    if not found:
        return None
    return Unit("chip" if found.group() == "卡" else "", Decimal(1), "classifier", found.end(), found.group())


def match_currency(text: str, start: int) -> tuple[str, int] | None:
    """The currency sign at `start` (before the digits) as ISO 4217 code, and its end."""
    found = _PREFIX_MONEY.match(text, start)
    if not found:
        return None
    return _CURRENCY[found.group("c").replace(" ", "").lower()], found.end()
