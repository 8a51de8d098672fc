"""Units of the press and their base units: bytes SI, FLOP, FLOP/s, s, J, kg, W, m, fractions and currencies.

A unit is a spelling (regular expression on folded text), a base unit, a factor and a hint at the kind of quantity.
Petaflop/s-days come before flop/s, and those before flop: the first spelling that matches wins.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

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
    "": Decimal(1), "千": Decimal(10**3), "兆": Decimal(10**6), "百万": Decimal(10**6), "吉": Decimal(10**9),
    "十亿": Decimal(10**9), "太": Decimal(10**12),
}  # fmt: skip
_Maker = Callable[[re.Match[str]], tuple[str, Decimal]]
_P = r"(?P<p>(?i:kilo|mega|giga|tera|peta|exa|zetta|yotta)|[KMGTPEZYk])?"
_END = r"(?![A-Za-z])"


def _prefix(found: re.Match[str]) -> Decimal:
    name = (found.group("p") or "").lower()
    return Decimal(1).scaleb(_SI_WORD[name] if name in _SI_WORD else _SI[name])


def _han_prefixed(base: str, factor: int = 1) -> _Maker:
    return lambda found: (base, _HAN_PREFIX[found.group("h") or ""] * factor)


def _fixed(base: str, factor: Decimal | int | str = 1) -> _Maker:
    return lambda found: (base, Decimal(factor))


def _prefixed(base: str, factor: Decimal | int = 1) -> _Maker:
    return lambda found: (base, _prefix(found) * factor)


def _bytes(found: re.Match[str]) -> tuple[str, Decimal]:
    name = found.group("p").lower()
    if found.group("i"):
        return "byte", Decimal(1024) ** (_SI[name] // 3)
    return "byte", Decimal(1).scaleb(_SI[name])


def _time(found: re.Match[str]) -> tuple[str, Decimal]:
    name = found.group("t").lower()
    return "s", _TIME.get(name) or _TIME[name.rstrip("s")]


def _chip_time(found: re.Match[str]) -> tuple[str, Decimal]:
    return "chip.s", _time(found)[1]


def _money(found: re.Match[str]) -> tuple[str, Decimal]:
    name = found.group("c").lower()
    return _CURRENCY.get(name) or _CURRENCY[name.rstrip("s")], Decimal(1)


_HAN_TIME = r"(?P<t>毫秒|微秒|秒|分钟|小时|钟头|天|周|星期|礼拜|季度|年|月)"
_WORD_TIME = (
    r"(?P<t>milliseconds?|ms|seconds?|secs?|minutes?|mins?|hours?|hrs?|h|days?|weeks?|months?|years?|yrs?|decades?)"
)
_TABLE: tuple[tuple[str, str, _Maker], ...] = (
    # work: petaflop/s-days in all their spellings, then rates, then operations
    (
        rf"{_P}[ -]?(?:flop|FLOP|Flop|F)(?:s|S)?(?:/s(?:ec)?|ps|PS)?[ ]?[-·*•/ ]?[ ]?(?:s-)?(?:days?|Days?|天|日){_END}",
        "compute",
        _prefixed("FLOP", 86400),
    ),
    (rf"(?P<p>P)(?:D|Ds|F-?D|FD|fs-?days?|·天|天){_END}", "compute", _prefixed("FLOP", 86400)),
    (rf"{_P}[ -]?(?:FLOP|flop|Flop|OP)s?(?:/s|S)?(?:/| per )(?:[Ww]att|W){_END}", "other", _prefixed("FLOP/J")),
    (
        rf"{_P}(?:[ -]?(?:FLOP|flop|Flop|OP)s?(?:/s(?:ec)?|/秒|ps|PS|S|s?[ -]per[ -]second|s每秒|每秒)|(?:FLOPs|flops|FLOPS|Flops)(?:/s|/秒))(?:ec)?{_END}",
        "throughput",
        _prefixed("FLOP/s"),
    ),
    (rf"(?P<p>kilo|mega|giga|tera|peta|exa|zetta)[ -]?flops{_END}", "flops", _prefixed("FLOP/s")),
    (rf"{_P}[ -]?(?:FLOP|flop|Flop)s?{_END}", "flop", _prefixed("FLOP")),
    (r"次(?: ?/ ?秒|每秒|/s)", "throughput", _fixed("FLOP/s")),
    (r"次(?=的?(?:双精度|单精度|半精度|混合精度)?(?:的)?(?:浮点|运算|计算))", "operations", _fixed("FLOP")),
    (r"(?:TOPS|Tops)", "throughput", _fixed("FLOP/s", 10**12)),
    # money
    (
        r"(?P<c>元人民币|人民币|美元|美金|美刀|港元|港币|新台币|元台币|台币|欧元|英镑|日元|韩元|新元|卢比|块钱|元(?!年|素|宇|组|数|件|学|老|旦|首|件|祖|语|认|气|启|的?老|的?宇))",
        "money",
        _money,
    ),
    (
        rf"(?:US |U\.S\. |Hong Kong )?(?P<c>USD|RMB|CNY|HKD|TWD|EUR|GBP|JPY|KRW|dollars?|yuan|renminbi|euros?|美刀){_END}",
        "money",
        _money,
    ),
    (rf"(?:US )?cents?{_END}|美分", "money", _fixed("USD", "0.01")),
    # data
    (
        rf"(?P<p>[KMGTPEkg])(?P<i>i)?(?:B|b)(?:ps|/s|/秒|每秒){_END}",
        "bandwidth",
        lambda f: ("byte/s", _bytes(f)[1] / (1 if "B" in f.group() else 8)),
    ),
    (rf"(?P<p>[KMGTPEZk])(?P<i>i)?[Bb]{_END}", "bytes", _bytes),
    (rf"(?P<p>kilo|mega|giga|tera|peta|exa)bytes?{_END}", "bytes", _prefixed("byte")),
    (r"(?:千字节)", "bytes", _fixed("byte", 10**3)),
    (r"(?:兆字节|百万字节)", "bytes", _fixed("byte", 10**6)),
    (r"(?:吉字节|千兆字节)", "bytes", _fixed("byte", 10**9)),
    (r"(?:太字节)", "bytes", _fixed("byte", 10**12)),
    (rf"字节|位元组|bytes?{_END}", "bytes", _fixed("byte")),
    (r"G(?![A-Za-z0-9]|时代|网络|通信|手机|技术|基站|商用|应用|标准|信号)", "bytes", _fixed("byte", 10**9)),
    (r"P(?![A-Za-z0-9])", "P", _fixed("FLOP/s", 10**15)),
    # energy, power, mass, length, others
    (rf"(?P<p>[kKMGT])?[Ww][·-]?h{_END}", "energy", _prefixed("J", 3600)),
    (rf"(?P<p>kilo|mega|giga|tera)?watt[- ]hours?{_END}", "energy", _prefixed("J", 3600)),
    (r"(?P<h>[千兆吉太]|百万|十亿)?瓦(?:时|小时)", "energy", _han_prefixed("J", 3600)),
    (r"瓩(?:时|小时)", "energy", _fixed("J", 3600 * 10**3)),
    (r"瓩", "power", _fixed("W", 10**3)),
    (r"度(?=的?电|用电)", "energy", _fixed("J", 3600 * 10**3)),
    (rf"(?P<p>[kMGTP])?J{_END}", "energy", _prefixed("J")),
    (rf"(?P<p>kilo|mega|giga|tera)?joules?{_END}", "energy", _prefixed("J")),
    (r"(?P<h>[千兆吉太])?焦耳?", "energy", _han_prefixed("J")),
    (rf"(?P<p>[kKMGT])?W{_END}", "power", _prefixed("W")),
    (rf"(?P<p>kilo|mega|giga|tera)?watts?{_END}", "power", _prefixed("W")),
    (r"(?P<h>[千兆吉太]|百万|十亿)?瓦特?", "power", _han_prefixed("W")),
    (
        rf"公吨|吨|(?:metric )?tonn?e?s?{_END}|t[ -]?CO2(?:[ -]?eq?)?{_END}|t(?= (?:of )?(?:CO2|carbon))",
        "mass",
        _fixed("kg", 1000),
    ),
    (rf"(?P<p>[kMG])t[ -]?CO2(?:[ -]?eq?)?{_END}", "mass", _prefixed("kg", 1000)),
    (rf"公斤|千克|[kK][gG]{_END}|kilograms?{_END}", "mass", _fixed("kg")),
    (rf"公克|克(?![服隆拉里林])|g{_END}|grams?{_END}", "mass", _fixed("kg", "0.001")),
    (rf"磅|pounds?{_END}|lbs?{_END}", "pound", _fixed("kg", "0.45359237")),
    (rf"[纳奈]米|nm{_END}|nanomet(?:er|re)s?{_END}", "length", _fixed("m", "1e-9")),
    (rf"毫米|mm{_END}", "length", _fixed("m", "1e-3")),
    (rf"公里|千米|km{_END}|kilomet(?:er|re)s?{_END}", "length", _fixed("m", 1000)),
    (rf"平方米|平米|square met(?:er|re)s?{_END}", "other", _fixed("m2")),
    (r"亩", "other", _fixed("m2", Decimal(2000) / 3)),
    (rf"公顷|hectares?{_END}", "other", _fixed("m2", 10**4)),
    (rf"毫升|m[lL]{_END}|millilit(?:er|re)s?{_END}", "other", _fixed("L", "0.001")),
    (rf"公升|升(?![级至到降温任])|lit(?:er|re)s?{_END}", "other", _fixed("L")),
    (rf"平方公里|square kilomet(?:er|re)s?{_END}", "other", _fixed("m2", 10**6)),
    (rf"英里|miles?{_END}", "length", _fixed("m", "1609.344")),
    (r"米(?!其)", "length", _fixed("m")),
    (rf"(?P<p>[KkMG])?Hz{_END}|赫兹", "other", lambda f: ("Hz", _prefix(f))),
    (r"℃|°C|摄氏度", "other", _fixed("degC")),
    (rf"TPS{_END}|[Tt]okens?(?:/s|/秒|每秒| per second){_END}", "other", _fixed("token/s")),
    (r"度(?![过假量数身])", "degree", _fixed("")),
    # parts and multiples
    (
        rf"%|个?百分点|per ?cent{_END}|percent(?:age points?)?{_END}|pct{_END}",
        "percent",
        _fixed("fraction", "0.01"),
    ),
    (r"‰", "percent", _fixed("fraction", "0.001")),
    (r"成(?![为立功员本果长熟绩都就套型品交语千人对员])", "tenth", _fixed("fraction", "0.1")),
    (rf"倍|[ -]?times{_END}|[ -]?fold{_END}|[xX×](?![A-Za-z0-9*])", "ratio", _fixed("ratio")),
    # chip-hours before hours
    (
        rf"(?:块|张|个)? ?(?:(?:{CHIP_NAMES}[ ·*-]?){{1,2}}|TPU core|chip|accelerator|core|核)[ ·*-]?{_HAN_TIME}",
        "chip_time",
        _chip_time,
    ),
    (
        rf"(?:{CHIP_NAMES}(?:[ -]{CHIP_NAMES})?|TPU core|chip|card|accelerator|core)s?[ ·*-]{_WORD_TIME}{_END}",
        "chip_time",
        _chip_time,
    ),
    (rf"个? ?(?:{CHIP_NAMES}[ ·*-]?)?卡(?P<t>时|天|年)(?!代|候|间)", "chip_time", _chip_time),
    (rf"(?:个|整)?{_HAN_TIME}(?!前后|级|代(?!表))", "duration", _time),
    (r"(?P<t>日)(?!期|元|本|韩|均|常|报|前[^,，。]|后[^,，。])", "days", _time),
    (rf"[ -]?{_WORD_TIME}{_END}(?!-old)", "duration", _time),
)
_FIRST = frozenset("%‰℃°×-")
_SPELLINGS = tuple((re.compile(pattern), hint, maker) for pattern, hint, maker in _TABLE)
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
        for spelling, hint, maker in _SPELLINGS:
            found = spelling.match(text, at)
            if found:
                base, factor = maker(found)
                return Unit(base, factor, hint, found.end(), found.group())
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
