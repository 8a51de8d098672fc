"""Numerals that are no figures: articles (一个, 一种), idioms (千行百业), ordinals (第一代), small worded counts."""

from __future__ import annotations

import re
from decimal import Decimal

from helpers.reader.hedges import Hedge
from helpers.reader.nouns import VERBAL, Around, counted, kind_after
from helpers.reader.parsing import Parsed
from helpers.reader.vocabulary import listed

_UNITS = frozenset(listed("kind", "measured"))
_ORDINAL = re.compile(r"第$|(?:\bNo\.? ?|#)$")
_IDIOM = re.compile(r"成[百千]上[千万]|千千万|[一千百万]家[万]?户")
_FOUR_WORDS = re.compile(r"[一二两三四五六七八九十百千万][\u4e00-\u9fff]$")
_PER = re.compile(r"每 ?$")
_ONE_TIME = re.compile(
    r"(?:训练了?|跑了?|等了?|开|持续|连续|历经|缩短[至到为]|延长[至到]|用了?|只用|仅用|花了?|耗时|历时|为期|近|约|不到|超过?|至少|过去|未来|最近|满|足足|长达|在|需要?|短短|、)$"
)
_FROM_NOW = re.compile(r"[之以]?[前后内](?!所|来|面)")
_IDIOM_AFTER = re.compile(r"[行业家户众方般万变里古言语丝分态物事应]|花|姓|货|搭")
_CONCRETE = re.compile(
    r"(?:的)?(?:大型|不同|公开|开源|高质量|主流|权威|中文|英文)*(?:参数|[Tt]oken|词|GPU|TPU|显卡|卡|芯片|服务器|节点|数据集|任务|语言|层(?![面次级])|基准|榜单|数据中心|注意力头|专家)"
)
_ABSTRACT = re.compile(
    r"(?:的|大|主要|核心|重要|关键|突出|明显|不同|小|新)*(?:方面|层面|维度|困难|难题|问题|原因|挑战|难点|痛点|角度|特点|优势|亮点|缺陷|因素|阶段|步骤|境界|字|极端|极|端|目标"
    r"|方向|道理|理由|意思|环节|关键词|时代|世界|层次|部分原因)"
)
_SAID_BEFORE = re.compile(r"(?:[这那前后上下每第各哪其同另俩此该]|其他|另外|[左右]|最后|接连|双双|一[心分]) ?$")
_FIRST_WORD = re.compile(r"(?:^|[,，。;；\n]) ?$")
_GROUPS = re.compile(
    r"部分(?!的?人)|大(?=(?:技术|运营|云|巨头|厂商|公司|企业|平台|系列|机构|应用|业务|产品|数据|模型|阵营|流派|路线|电信|互联网|科技|实验室|银行|洲|行业|领域|板块|模块|中心|基地))"
)
_NAMED = re.compile(r"(?:的)?[\u4e00-\u9fffA-Za-z\"“《 ]")
_SORT = frozenset("个种家项款位座名支股篇部条类只辆台套颗枚块张片本场届轮批艘架笔所栋间")
_ENGLISH_SMALL = Decimal(11)
_THE = re.compile(
    r"(?:the|these|those|last|next|past|other|first|both|all|his|her|its|their|our|every|more|top|final) $", re.I
)
_ENGLISH_ABSTRACT = re.compile(
    r" (?:[a-z-]+ ){0,2}?(?:things?|ways?|reasons?|sides?|aspects?|issues?|problems?|questions?|points?|steps?|parts?|cases?|stages?|phases?|rounds?|fronts?|respects?|halves|sorts|kinds|words)(?![a-z])"
)


_CONCRETE_ENGLISH = re.compile(
    r" (?:[A-Za-z0-9-]+ ){0,2}?(?:GPUs?|TPUs?|servers?|nodes?|layers?|tokens?|datasets?|benchmarks?|tasks?|languages?|chips?)(?![a-z])"
)
_FACTOR_OF = re.compile(r"factor of $", re.I)
_OF_THEM = re.compile(r" of (?:these|those|the|its|their) (?:[a-z-]+ ){0,2}?[a-z-]{2,}s(?![a-z])")


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
        return _english(text, parsed, around)
    if parsed.number.power is not None and _PER.search(text, max(0, parsed.start - 2), parsed.start):
        return True  # 每百万token
    if parsed.hint in _UNITS:
        return _one_unit(text, parsed)
    if parsed.number.power is not None:
        alone = text[parsed.start - 1 : parsed.start] in ("(", "（") and text[parsed.end : parsed.end + 1] in (
            ")",
            "）",
            "",
        )
        return alone or _power_word(parsed, hedge, around)
    small = parsed.number.value < 10 and parsed.number.bound != "range"
    if small and _FOUR_WORDS.search(text, max(0, parsed.start - 2), parsed.start):
        return True  # 五花八门
    if small:
        return _small(text, parsed, around)
    return not parsed.unit and not hedge.words and parsed.number.value < 10000 and not _CONCRETE.match(around.after)


def _small(text: str, parsed: Parsed, around: Around) -> bool:
    """两 to 九: figures where a classifier and a noun say what is counted, unless it is abstract or was named before."""
    if parsed.number.value < 2:
        return True
    if not parsed.unit:
        return (
            not _GROUPS.match(around.after)
            or _SAID_BEFORE.search(text, max(0, parsed.start - 3), parsed.start) is not None
        )
    if _FIRST_WORD.search(text, max(0, parsed.start - 2), parsed.start) and parsed.unit.printed in "家位名人个":
        return True  # a bare numeral as subject points back: 两家企业领先
    if parsed.unit.printed == "卡" or _CONCRETE.match(around.after):
        return False
    if (
        parsed.unit.printed not in _SORT
        or parsed.unit.printed == "卡"
        or _SAID_BEFORE.search(text, max(0, parsed.start - 3), parsed.start)
    ):
        return True
    return bool(_ABSTRACT.match(around.after)) or bool(VERBAL.match(around.after)) or not _NAMED.match(around.after)


def _english(text: str, parsed: Parsed, around: Around) -> bool:
    if parsed.hint in _UNITS:
        return parsed.number.value == 1 and parsed.hint in ("duration", "ratio")
    if parsed.number.value >= _ENGLISH_SMALL or parsed.number.bound == "range" or _CONCRETE_ENGLISH.match(around.after):
        return False
    if kind_after(around.after, around, few=True) or _FACTOR_OF.search(around.clause_before):
        return False
    if parsed.number.value < 2 or _THE.search(text, max(0, parsed.start - 8), parsed.start):
        return True
    if _OF_THEM.match(around.after):
        return False
    return counted(parsed, around, "") is None or bool(_ENGLISH_ABSTRACT.match(around.after))


def _one_unit(text: str, parsed: Parsed) -> bool:
    """一年, 一天, 一度: an article unless the words before make it a measure."""
    if (
        parsed.number.bound == "range"
        or parsed.printed.value != 1
        or parsed.hint not in ("duration", "length", "mass", "P")
    ):
        return False
    if _ONE_TIME.search(text, max(0, parsed.start - 6), parsed.start):
        return False
    return parsed.hint != "duration" or _FROM_NOW.match(text, parsed.end) is None


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
