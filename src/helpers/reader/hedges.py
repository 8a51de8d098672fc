"""Hedges around a figure in folded text: what stands before it (约, 超过, about) and after it (左右, 以上, 级别)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from helpers.reader.parsing import Parsed
from helpers.reader.vocabulary import phrase

_VERB = r"(?:只有|仅有|仅|只需|仅需|仅用|只用|只要|只|的|了|有|是|为|达到了?|达|到|过|需要?|要|花费?|耗时|用了?|使用|相当于)?"
_BEFORE = re.compile(
    r"(?P<at_most>不超过|不多于|不大于|不高于|不会超过|没有超过|未超过|不到|不足|未到|未满|少于|小于|低于|至多(?:[^,，。\d]{0,5})|最多(?:[^,，。\d]{0,5})|顶多|还不到|最高(?:可|可达|可达到|达)?"
    r"|no more than|not more than|less than|fewer than|under|below|at most|up to|as many as|as much as|within|a maximum of|<=?|≤)"
    + _VERB
    + r" ?(?:the |a |an )?$"
    r"|(?P<at_least>不低于|不少于|不小于|不止|不亚于|至少|最少|起码|高于|超过|超出|超越|远超|超|逾|突破|冲破|跨过|迈过|多于|大于|大过|(?<![通经不超度])过(?=$)|(?<![打突冲攻爆看点说侦])破(?=$)"
    r"|(?<![以之加同早晚赶跟爬站])上(?=$)|more than|over|above|exceed(?:s|ed|ing)?|at least|no less than|not less than|no fewer than|upwards of|greater than|in excess of"
    r"|surpass(?:es|ed|ing)?|topp(?:ed|ing)|(?:to|will|would|could|may|might) top|a minimum of|>=?|≥)"
    + _VERB
    + r" ?(?:the |a |an |its |about )?$"
    r"|(?P<nearly>(?<![最附邻])将近|接近|(?<![最附邻靠贴])近|快要|临近|逼近|直逼|nearly|almost|close to|approaching|just under|just shy of) ?(?:了)? ?(?:the |a |an )?$"
    r"|(?P<about>大约|约为|(?<![节制签条预])(?<!(?<!折)合)约(?:合|占|需|等于|用掉|用去|耗去|花掉|花费|消耗)?|大概|大致|差不多|(?:估计|估算)(?:[^,，。;:\d的]{0,2})|around|about|approximately|approx\.?|roughly|circa|some|(?:an )?estimated(?: to be| at)?|in the region of|on the order of|order of|≈|~)"
    + _VERB
    + r" ?(?:the |a |an )?$",
    re.I,
)
_SHARE = re.compile(r"[\d.一二两三四五六七八九十百千]{1,12}(?:成|分之|倍|%)|一半")
_FAR_BEFORE = phrase("hedges far_before")
_NOUN = r"(?:的?(?:参数量?|个?参数|tokens?|词|字|元|美元|人民币))?"
_AFTER = re.compile(
    rf"\s?{_NOUN}(?:的)?(?:(?P<about>左右|上下(?!文|游|层|班)|前后(?!端)|级别|级(?!联|数)|量级|数量级|or so|or thereabouts)"
    r"|(?P<at_least>(?:或|及|乃至|甚至)?以上|往上|开外|有余|起步|起(?![来点源初步到])|\+|or more|or above|and up|plus(?! ))"
    r"|(?P<at_most>(?:或|及)?以内|之内|以下|内(?![容部存置地核在层])|不到|or less|or fewer|or below))",
    re.I,
)
_SCALE = re.compile(r"(?<=[百千万亿兆])(?P<about>规模)(?!化)")
_MORE = re.compile(r"(?P<more>[多余])(?![出于加花用付达下])(?!\w{0,2}样|模态|元化|语言|任务|轮|机|卡|种)")
_TOOK = phrase("hedges took")
_ACROSS = re.compile(r"(?:spread|distributed|split|averaged|divided|all) $", re.I)
_SPENT = re.compile(r"(?:了|时|费|用|需|要|达|长|历|花|练|续|间隔|相隔|晚|早|超) ?近$")
WINDOW = 24


@dataclass(frozen=True)
class Hedge:
    """A printed hedge: its words and the bound they make (exact where there is none)."""

    words: str
    bound: str
    after_end: int

    @property
    def level(self) -> bool:
        """Whether the hedge is an order-of-magnitude mark such as 级 or 量级."""
        return self.words.endswith(("级", "级别", "量级", "规模"))


def hedge_around(text: str, start: int, end: int) -> Hedge:
    """The hedge before or after the figure text[start:end]; the one before wins."""
    before = _BEFORE.search(text, max(0, start - WINDOW), start)
    after = _AFTER.match(text, end) or _SCALE.match(text, end)
    after_end = after.end() if after else end
    if before and not _blocked(before, text, start):
        words = next(word for word in before.groups() if word)
        bound = "about" if before.lastgroup == "nearly" else str(before.lastgroup)
        return Hedge(words, bound, after_end)
    far = _FAR_BEFORE.search(text, max(0, start - WINDOW), start) if _SHARE.match(text, start) else None
    if far:
        return Hedge(far.group(str(far.lastgroup)), str(far.lastgroup), after_end)
    if after:
        return Hedge(after.group(str(after.lastgroup)), str(after.lastgroup), after_end)
    more = _MORE.match(text, end)
    if more:
        return Hedge(more.group(), "at_least", more.end())
    return Hedge("", "exact", end)


def _blocked(before: re.Match[str], text: str, start: int) -> bool:
    """上, 过 and 破 are hedges only straight before an order word or digits (上百, 过万, 破10万亿)."""
    words = next(word for word in before.groups() if word)
    if words.lower() == "over" and _ACROSS.search(text, max(0, before.start() - 14), before.start()):
        return True  # spread over 560 servers
    if words.isascii() and words[0].isalpha():
        previous = text[before.start() - 1 : before.start()]
        return previous.isalnum() and previous.isascii()
    if words in ("上", "过"):
        return text[start : start + 1] not in "百千万亿" or (
            words == "过" and text[before.start() - 1 : before.start()] == "超"
        )
    return False


def is_during(text: str, parsed: Parsed, hedge: Hedge) -> bool:
    """Trained over three months: during them, not more than that many (took over three months)."""
    if hedge.words.lower() != "over" or parsed.hint != "duration":
        return False
    return _TOOK.search(text, max(0, parsed.start - 20), parsed.start) is None


def is_recent(text: str, parsed: Parsed, hedge: Hedge) -> bool:
    """近三年, 近五年来: the last years, not nearly that many (训练了近三年)."""
    if hedge.words != "近" or parsed.hint != "duration":
        return False
    return _SPENT.search(text, max(0, parsed.start - 8), parsed.start) is None
