"""Numerals that are no figures: articles (一个, 一种), idioms (千行百业), ordinals (第一代), small worded counts."""

import re
from decimal import Decimal

from helpers.reader.hedges import Hedge
from helpers.reader.nouns import VERBAL, Around, counted, kind_after
from helpers.reader.parsing import Parsed
from helpers.reader.vocabulary import listed, phrase

_UNITS = frozenset(listed("kind", "measured"))
_FOUR_WORDS = re.compile(r"[一二两三四五六七八九十百千万][\u4e00-\u9fff]$")
_PER = re.compile(r"每 ?$")
_CONCRETE = phrase("trifles concrete")
_FIRST_WORD = re.compile(r"(?:^|[,，。;；\n]) ?$")
_NAMED = re.compile(r"(?:的)?[\u4e00-\u9fffA-Za-z\"“《 ]")
_SORT = frozenset("个种家项款位座名支股篇部条类只辆台套颗枚块张片本场届轮批艘架笔所栋间")
_ENGLISH_SMALL = Decimal(11)


def is_trifle(text: str, parsed: Parsed, hedge: Hedge, around: Around) -> bool:
    """Whether a numeral is no figure: decided by its spelling, its unit and the words around it."""
    style = parsed.printed.style
    if style == "arabic":
        return False
    if phrase("trifles idiom").search(text, max(0, parsed.start - 3), parsed.end):
        return True
    if phrase("trifles ordinal").search(text, max(0, parsed.start - 4), parsed.start):
        return True
    if style == "english":
        return _english(text, parsed, around)
    if parsed.number.power is not None and _PER.search(text, max(0, parsed.start - 2), parsed.start):
        return True  # 每百万token
    if parsed.hint in _UNITS:
        return _one_unit(text, parsed)
    if parsed.number.power is not None:
        opened, closed = text[parsed.start - 1 : parsed.start], text[parsed.end : parsed.end + 1]
        return (opened in ("(", "（") and closed in (")", "）", "")) or _power_word(parsed, hedge, around)
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
    said_before = phrase("trifles said_before").search(text, max(0, parsed.start - 3), parsed.start) is not None
    if not parsed.unit:
        return said_before or not phrase("trifles groups").match(around.after)
    if _FIRST_WORD.search(text, max(0, parsed.start - 2), parsed.start) and parsed.unit.printed in "家位名人个":
        return True  # a bare numeral as subject points back: 两家企业领先
    if parsed.unit.printed == "卡" or _CONCRETE.match(around.after):
        return False
    if parsed.unit.printed not in _SORT or said_before:
        return True
    vague = phrase("trifles abstract").match(around.after) or VERBAL.match(around.after)
    return vague is not None or not _NAMED.match(around.after)


def _english(text: str, parsed: Parsed, around: Around) -> bool:
    if parsed.hint in _UNITS:
        return parsed.number.value == 1 and parsed.hint in ("duration", "ratio")
    if parsed.number.value >= _ENGLISH_SMALL or parsed.number.bound == "range":
        return False
    concrete = phrase("trifles concrete_english").match(around.after) or kind_after(around.after, around, few=True)
    if concrete or phrase("trifles factor_of").search(around.clause_before):
        return False
    if parsed.number.value < 2 or phrase("trifles the").search(text, max(0, parsed.start - 8), parsed.start):
        return True
    if phrase("trifles of_them").match(around.after):
        return False
    return counted(parsed, around, "") is None or bool(phrase("trifles english_abstract").match(around.after))


def _one_unit(text: str, parsed: Parsed) -> bool:
    """一年, 一天, 一度: an article unless the words before make it a measure."""
    article = parsed.printed.value == 1 and parsed.hint in ("duration", "chip_time", "length", "mass", "P")
    measured = phrase("trifles one_time").search(text, max(0, parsed.start - 6), parsed.start)
    if not article or measured or parsed.number.bound == "range":
        return False
    return parsed.hint != "duration" or phrase("trifles from_now").match(text, parsed.end) is None


def _power_word(parsed: Parsed, hedge: Hedge, around: Around) -> bool:
    """百, 千, 万 and their compounds without a digit: figures when large, hedged, graded or counting chips."""
    assert parsed.number.power is not None
    if hedge.words or (parsed.unit and parsed.unit.printed in ("卡", "块", "张", "台")):
        return False
    if parsed.number.power == Decimal(10**8) and parsed.end - parsed.start == 1:
        return True
    return parsed.number.power < 10**6 or bool(phrase("trifles idiom_after").match(around.after))
