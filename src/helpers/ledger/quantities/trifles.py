"""Numerals that are no figures: articles (一个, 一种), idioms (千行百业), ordinals (第一代), small worded counts."""

from __future__ import annotations

import re
from decimal import Decimal

from helpers.ledger.quantities.hedges import Hedge
from helpers.ledger.quantities.nouns import Around
from helpers.ledger.quantities.parsing import Parsed

_UNITS = frozenset(
    [
        "percent",
        "tenth",
        "bytes",
        "mass",
        "pound",
        "money",
        "flop",
        "flops",
        "throughput",
        "operations",
        "P",
        "ratio",
        "compute",
        "duration",
        "chip_time",
        "energy",
        "power",
        "bandwidth",
        "length",
    ]
)
_ORDINAL = re.compile(r"第$|(?:\bNo\.? ?|#)$")
_IDIOM = re.compile(r"成[百千]上[千万]|千千万|[一千百万]家[万]?户")
_FOUR_WORDS = re.compile(r"[一二两三四五六七八九十百千万][\u4e00-\u9fff]$")
_PER = re.compile(r"每 ?$")
_ONE_TIME = re.compile(
    r"(?:用了?|只用|仅用|花了?|耗时|历时|为期|近|约|不到|超过?|至少|过去|未来|最近|满|足足|长达|在|需要?|短短)$"
)
_IDIOM_AFTER = re.compile(r"[行业家户众方般万变里古言语丝分态物事应]|花|姓|货|搭")
_CONCRETE = re.compile(
    r"(?:的)?(?:大型|不同|公开|开源|高质量|主流|权威|中文|英文)*(?:参数|[Tt]oken|词|GPU|TPU|显卡|卡|芯片|服务器|节点|数据集|任务|语言|层(?![面次级])|基准|榜单|数据中心|注意力头|专家)"
)
_ENGLISH_SMALL = Decimal(11)


def is_trifle(text: str, parsed: Parsed, hedge: Hedge, around: Around) -> bool:
    """Whether a numeral is no figure: decided by its spelling, its unit and the words around it."""
    style = parsed.printed.style
    if style == "arabic":
        return False
    if _IDIOM.search(text, max(0, parsed.start - 3), parsed.end):
        return True
    if _ORDINAL.search(text, max(0, parsed.start - 4), parsed.start):
        return True
    if style == "english":
        return _english(parsed, around)
    if parsed.number.power is not None and _PER.search(text, max(0, parsed.start - 2), parsed.start):
        return True  # 每百万token
    if parsed.hint in _UNITS:
        return _one_unit(text, parsed)
    if parsed.number.power is not None:
        return _power_word(parsed, hedge, around)
    small = parsed.number.value < 10 and parsed.number.bound != "range"
    if small and _FOUR_WORDS.search(text, max(0, parsed.start - 2), parsed.start):
        return True  # 五花八门
    if small:
        return parsed.number.value < 2 or not _CONCRETE.match(around.after) or not parsed.unit
    return not parsed.unit and not hedge.words and parsed.number.value < 10000 and not _CONCRETE.match(around.after)


def _english(parsed: Parsed, around: Around) -> bool:
    if parsed.hint in _UNITS:
        return parsed.number.value == 1 and parsed.hint in ("duration", "ratio")
    small = parsed.number.value < _ENGLISH_SMALL and parsed.number.bound != "range"
    return small and not re.match(
        r" (?:[A-Za-z0-9-]+ ){0,2}?(?:GPUs?|TPUs?|servers?|nodes?|layers?|tokens?|datasets?|benchmarks?|tasks?|languages?|chips?)(?![a-z])",
        around.after,
    )


def _one_unit(text: str, parsed: Parsed) -> bool:
    """一年, 一天, 一度: an article unless the words before make it a measure."""
    if (
        parsed.number.bound == "range"
        or parsed.printed.value != 1
        or parsed.hint not in ("duration", "length", "mass", "P")
    ):
        return False
    return not _ONE_TIME.search(text, max(0, parsed.start - 6), parsed.start)


def _power_word(parsed: Parsed, hedge: Hedge, around: Around) -> bool:
    """百, 千, 万 and their compounds without a digit: figures when large, hedged, graded or counting chips."""
    assert parsed.number.power is not None
    if parsed.unit and parsed.unit.printed in ("卡", "块", "张", "台"):
        return False
    if hedge.words:
        return False
    if parsed.number.power == Decimal(10**8) and parsed.end - parsed.start == 1:
        return True
    return parsed.number.power < 10**6 or bool(_IDIOM_AFTER.match(around.after))
