"""Which system a figure is about: the name that its wording ties to it, else the nearest of its clause and sentence.

Order: a name right behind the figure (1750亿参数的GPT-3), the nearest name before it in its clause, a name after it in its clause,
the nearest name before it in its sentence that is not only a yardstick (相比GPT-3, 超过GPT-3), a name after it, then the subject
of the two sentences before.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from helpers.reader.names import Mention
from helpers.reader.vocabulary import said

Span = tuple[int, int]

_TIED = re.compile(
    r"(?:级别?|规模|量级|个|亿|[^,，。、;:!?]{0,6}?参数(?:量|规模)?)?(?:的|版)?[\u4e00-\u9fff\"“”「」《》·\- ]{0,22}[\"“(（]?"
    r"|[ -](?:[a-z-]+ ){0,2}?(?:parameters?|params?)?[- ]?(?:[A-Za-z-]+ ){0,3}?[\"“(]?"
)
_FOR = re.compile(r" (?:(?:used|spent|needed|required|consumed) (?:for|by|on|in)|for) (?:training )?(?:the |its )?")
_SORT_OF = re.compile(
    r"(?:-based)? (?:layers?|models?|blocks?|architecture|language|decoder|encoder)|(?:的)?(?:层|架构|结构|网络|语言|模型)"
)
_BROKEN = re.compile(
    r"超过|超越|远超|大于|高于|低于|相比|比|是|为|而|和|与|用|训练|推出|发布|打破|在|被|给|等|约等于|[ -](?:in|for|on|as|than|and|with|while|to|of|from|by|the|was|were|is|are|has|using)\b"
)
_YARDSTICK = re.compile(
    r"(?:沿用|承袭|延续|底座[是为]|基座[是为]|前身[是为]|相比|相较|相对|对比|比|超过|超越|远超|高于|低于|不及|优于|胜过|打破|击败|媲美|不足|(?<=[a-z] )over|than|compared (?:to|with)|versus|vs\.?|surpass\w*|beat\w*|exceed\w*|(?:size|cost|scale|number|weight|power|that|amount|energy) of|as (?:large|big|much|many|fast|powerful|heavy) as|what|unlike|like|类似|基于|(?<![可所])以|based on|built on|相当于|动辄|较|较之|不如|赢过|(?:spent|used|needed|consumed|required) (?:on|by|for|to train)|ahead of|behind)(?:于|之下|起|[^,，。;\n]{0,14}?|\s(?:the|its)?\s?(?:\w+\s){0,2})$",
    re.I,
)
_DATASET = re.compile(r"crawl|corpus|wiki|book|pile|webtext|dataset|(?:^|-)c4|news|clue|sogou|lambada|piqa")
_GENERAL = frozenset({"transformer", "cnn", "rnn", "attention"})
_SIZE = re.compile(r"-(\d+)(b|t|m)$")  # of an id
_SIZE_POWER = {"m": 6, "b": 9, "t": 12}
_SCORED = frozenset({"score", "rank"})
_DATASET_KINDS = frozenset({"tokens", "words", "dataset_size", "count"})
_ANAPHOR = re.compile(
    r"[^,，。]{0,10}?(?:该模型|该系统|该|这款|这一|这个|此模型|它|其(?!中|他|实|次))|\s*(?:The|This) (?:model|run|system|training)|\s*(?:It|Its|That|This|They|Their) "
)
_SUBORDINATE = re.compile(
    r"(?:由|从|自|比|较)$|(?<![A-Za-z])(?:of|to|against|over|from|like|for|with) (?:the |its )?$", re.I
)
_POSSESSED = re.compile(r"(?:的|'s |’s )(?:约|近|大约)?")
_OF_THE_COMPANY = re.compile(
    r"该公司|这家公司|公司(?:手里|手上|账上|自有)|该企业|(?<![A-Za-z])(?:the (?:company|firm|lab|start-?up) (?:owns?|has|holds?|bought|plans?))"
)
_CHANGED_TO = re.compile(r"(?:砍|拉|降|减|加|增|升|提|扩|缩|长|大|少|高|涨|跌)[到至为] ?约?$|(?<![A-Za-z])(?<!up )to $")
_AGAINST = re.compile(
    r"(?<![A-Za-z])(?:against|versus|vs\.?|up from|down from|rather than|instead of) (?:about |some |the )?[$€£]?$",
    re.I,
)
_ITS = re.compile(r"(?<![A-Za-z])(?:its?|the (?:model|company|team|final run|run))(?![A-Za-z])", re.I)
_GENERAL_SUBJECT = re.compile(
    r"(?<![A-Za-z])(?:Epoch AI (?:puts|counts)|long-run|notable models|[Aa]nalysts)(?![A-Za-z])|下一代|某[\u4e00-\u9fff]{1,4}(?:称|表示|说)|超算|智算中心|数据中心|政府|协会|国际|厂商|供应链|法人|(?<![A-Za-z])(?:data cent(?:er|re)s?|governments?|utilities|power demand)(?![A-Za-z])|国内|我国|业内|行业|业界|全球(?=[^,，。]{0,6}(?:市场|数据中心|出货|用电|AI|资本))|市场|据测算|投资者|分析师|创业公司|分析人士|(?<![A-Za-z])(?:analysts?|investors|startups?|industry|worldwide|forthcoming|upcoming)(?![A-Za-z])",
    re.I,
)
_OWN_PARAGRAPH = frozenset({"date", "money", "percent", "count"})
_REACHES = {"count": 1, "money": 3, "percent": 3}  # sentences back to the subject; 6 for what only a system can have
_OWN_SHARE = re.compile(r" ?的[\d.]{1,6}%")
_OF_IT = re.compile(r" ?(?:的|'s|’s)(?:约|近|不到|大约| )*")
_LISTED = re.compile(r"(?:'s|’s)? (?:leaderboard|list|ranking)|的?(?:开源)?(?:排行榜|榜单|榜)")
_PART_OF = re.compile(
    r" ?的(?:约|近|不到|大约)?(?:[一二三四五六七八九十百]{1,3}分之|[\d.一二两三四五六七八九十几数百千]{1,6}倍)"
)
_COMPANY = said("company_news")
_COMPANY_KINDS = frozenset({"money", "percent", "count", "ratio", "date"})
_MORE_THAN_IT = re.compile(r" ?(?:还|要|略|足足|整整)*[多高少低快慢大小长短贵](?:了|出|约|近|整整|了近)*")
_MULTIPLE_OF = re.compile(r"(?:是|为|仅为|只有|约为|相当于|可?达到?|等于|of) ?(?:the )?$")
_SHARE_AFTER = re.compile(r" ?的(?:约|近|不到|大约)?[\d一二两三四五六七八九十几数百千%.]{1,8}(?:倍|%|成|分之)")
SUBJECT_REACH = 30
REACH = 400
LEAD = 240  # characters of title and lead
NEAR = 40
ONE_CHIP = Decimal("2e16")  # FLOP/s that no single accelerator has
_NOBODY = frozenset({"market"})
_CHIP_KINDS = frozenset({"throughput", "other", "money", "dataset_size"})
_MODELS_ALONE = frozenset(
    {"parameters", "active_parameters", "tokens", "words", "context_length", "layers", "compute", "score"}
)  # what no site or cluster has
_OF_A_CHIP = frozenset({("other", "chip"), ("money", "chip.h"), ("money", "chip")})
_TOTAL = re.compile(r"总|合计|整机|(?<![A-Za-z])(?:total|aggregate|combined|cluster|together|in all)(?![A-Za-z])", re.I)
_PER_CHIP = re.compile(
    r"每[张块颗枚片个]|单[卡颗张]|(?<![A-Za-z])(?:each|per|apiece|a single|one)(?![A-Za-z])|的(?:峰值|算力|显存|功耗|带宽|售价|单价|价格)|(?<![A-Za-z])(?:peak|memory|bandwidth|TDP|price[ds]?|sells?|sold|delivers?|rated|offers?)(?![A-Za-z])",
    re.I,
)
_RUN_KINDS = frozenset(
    {
        "parameters",
        "active_parameters",
        "tokens",
        "words",
        "dataset_size",
        "compute",
        "throughput",
        "utilisation",
        "chip_count",
        "server_count",
        "core_count",
        "duration",
        "energy",
        "emissions",
        "layers",
        "context_length",
        "money",
    }
)
_ASIDE = re.compile(
    r"(?:沿用|承袭|延续|底座[是为]|基座[是为]|前身[是为]|底座[^,，。;]{0,12}的|类似|相当于|基于|以|比|超过|超越|不及|相比|相较)[于之]?$|(?<![A-Za-z])(?:than|like|against|over|behind|beat|based on|built on|unlike) (?:the |its )?$",
    re.I,
)


@dataclass(frozen=True)
class Subject:
    """The owner of a figure: its id or name, and how the text names it (here, aside, before, far, title, or not at all)."""

    system_id: str
    how: str


NOBODY = Subject("", "")


class Attribution:
    """Finds the system of a figure among the mentions of a folded text."""

    def __init__(self, text: str, mentions: Sequence[Mention], sentences: Sequence[int], ids: Sequence[str]) -> None:
        self._text = text
        self._mentions = [m for m in mentions if m.sort in ("system", "place")]
        self._chips = [m for m in mentions if m.sort == "hardware"]
        self._owners = [m for m in mentions if m.sort == "company"]
        self._starts = [m.start for m in self._mentions]
        self._chip_starts = [m.start for m in self._chips]
        self._sentences = sentences
        self._members = sizes_of(ids)

    def system_of(self, figure: Span, clause: Span, kind: str, sizes: Sequence[Decimal] = (), per: str = "") -> Subject:
        """The owner of the figure at `figure` within its clause, and how the text names it."""
        if kind in _NOBODY:
            return NOBODY
        whole = kind == "throughput" and max(sizes, default=Decimal(0)) > ONE_CHIP
        owner = (None if whole else self._owner(figure, clause, kind)) or (
            self._last_chip(figure) if (kind, per) in _OF_A_CHIP else None
        )
        if owner or (kind in _COMPANY_KINDS and _COMPANY.search(self._text, *clause)):
            return owner or NOBODY
        company = self._company(figure)
        mention = None if company else self._mention(figure, clause, kind)
        if mention is None:
            return company or self._fallback(figure, clause, kind)
        how = self._how(mention, figure)
        against = _AGAINST.search(self._text, max(0, figure[0] - 24), figure[0])
        changed = how != "here" and _CHANGED_TO.search(self._text, max(0, figure[0] - 6), figure[0])
        return Subject(self._sized(mention, kind, sizes), "far" if against or changed else how)

    def _owner(self, figure: Span, clause: Span, kind: str) -> Subject | None:
        """The chip whose memory, rate or price a figure is (each H100 delivers, 80GB的A100), if it is one's."""
        chip = self._chip_beside(figure) if kind == "other" else None
        if chip is None and kind in _CHIP_KINDS:
            start, end = self._sentence(figure)
            before = self._chips[: bisect_left(self._chip_starts, figure[0])][-1:]
            chip = next((m for m in before if m.start >= start), None)
            alone = kind != "money" and not self._between(start, end)
            near = chip is not None and (kind != "money" or chip.start >= clause[0])
            tied = (
                chip
                and near
                and not self._between(chip.end, figure[0])
                and _PER_CHIP.search(self._text, chip.end, figure[0])
            )
            whole = chip is not None and _TOTAL.search(self._text, chip.end, figure[1] + 8) is not None
            chip = chip if (alone or tied) and not whole else None
        return Subject(chip.system_id, "here") if chip else None

    def _company(self, figure: Span) -> Subject | None:
        """The company of which a sentence speaks as such: 该公司手里约有5万块GPU."""
        start, _ = self._sentence(figure)
        if not _OF_THE_COMPANY.search(self._text, start, figure[0]):
            return None
        owners = [m for m in self._owners if m.start < figure[0]]
        return Subject(owners[-1].system_id if owners else "", "before" if owners else "")

    def _last_chip(self, figure: Span) -> Subject | None:
        """The accelerator last spoken of: at 700 watts each."""
        before = self._chips[: bisect_left(self._chip_starts, figure[0])][-1:]
        return next((Subject(m.system_id, "before") for m in before if figure[0] - m.end <= REACH), None)

    def _fallback(self, figure: Span, clause: Span, kind: str) -> Subject:
        """A site or company as the subject of its sentence, else the only system of title and lead."""
        sentence = self._sentence(figure)
        owners = [m for m in self._owners if sentence[0] <= m.start < figure[0] and not self._yardstick(m)]
        if owners:
            return Subject(owners[-1].system_id, "here")
        topic = self._topic if kind in _RUN_KINDS and not self._general(figure) else None
        topic = topic if topic and topic.start < figure[0] else None
        if (
            topic is None
            and kind in _RUN_KINDS | {"other"}
            and not self._mentions[: bisect_left(self._starts, figure[0])]
        ):
            return self._only_company(figure)
        return Subject(topic.system_id, "title") if topic else NOBODY

    def _only_company(self, figure: Span) -> Subject:
        """The only company of title and lead, in a text that names no system before the figure."""
        lead = {m.system_id for m in self._owners if m.start < min(LEAD, figure[0])}
        return Subject(lead.pop(), "title") if len(lead) == 1 else NOBODY

    def _general(self, figure: Span) -> bool:
        sentence = self._sentence(figure)
        return _GENERAL_SUBJECT.search(self._text, sentence[0], min(figure[0], sentence[0] + SUBJECT_REACH)) is not None

    @cached_property
    def _topic(self) -> Mention | None:
        """The only system that title and lead name, None where there is none or several."""
        lead = [m for m in self._mentions if m.start < LEAD and not self._minor(m)]
        own = [m for m in lead if not self._yardstick(m) and not self._likened(m)]
        return own[0] if len({m.candidates for m in own}) == 1 else None

    def _how(self, mention: Mention, figure: Span) -> str:
        """here: named in the sentence; aside: only as what something is like or based on; before: in a sentence before and the
        only possible one; far: not the only one."""
        start, end = self._sentence(figure)
        if start <= mention.start < end:
            aside = self._likened(mention) if mention.end <= figure[0] else mention.start - figure[1] > NEAR
            return "aside" if aside else "here" if mention.sure else "before"
        here = self._between(start, end)
        since = self._between(max(0, self._sentence_start(mention.start)), figure[0])
        alone = {m.candidates for m in [*since, *here]} == {mention.candidates}
        return "before" if alone else "far"

    def _likened(self, mention: Mention) -> bool:
        return _ASIDE.search(self._text, max(0, mention.start - 16), mention.start) is not None

    def _sentence_start(self, at: int) -> int:
        return self._sentences[bisect_right(self._sentences, at) - 1]

    def _chip_beside(self, figure: Span) -> Mention | None:
        """The chip whose memory or power a figure is: V100 32G, 80GB的A100."""
        i = bisect_left(self._chip_starts, figure[0])
        before, after = self._chips[max(0, i - 1) : i], self._chips[i : i + 1]
        close = [m for m in before if figure[0] - m.end <= 3] + [m for m in after if m.start - figure[1] <= 2]
        return close[0] if close else None

    def of_row(self, label: Span, at: int) -> Subject:
        """The system of a table row: the name in its label unless that is a data set, else the subject before the table."""
        in_label = [m for m in self._between(*label) if not _DATASET.search(m.system_id)]
        if in_label:
            return Subject(in_label[0].system_id, "here")
        index = bisect_left(self._starts, label[0])
        earlier = (m for m in reversed(self._mentions[max(0, index - 12) : index]) if not _DATASET.search(m.system_id))
        mention = next(earlier, None)
        return Subject(mention.system_id, "far") if mention else NOBODY

    def named_after(self, end: int, clause_end: int) -> bool:
        """Whether a name follows the figure that ends at `end`, tied to it."""
        return self._tied(end, clause_end) is not None

    def _tied(self, end: int, clause_end: int) -> Mention | None:
        i = bisect_left(self._starts, end)
        if i == len(self._mentions) or self._mentions[i].start >= min(clause_end, end + 32):
            return None
        between = self._text[end : self._mentions[i].start]
        tied = _FOR.fullmatch(between) or (_TIED.fullmatch(between) and not _BROKEN.search(between))
        return self._mentions[i] if tied and not self._modifier(self._mentions[i]) else None

    def _modifier(self, mention: Mention) -> bool:
        """Whether an architecture's name only says of what sort something is: 78 Transformer layers."""
        return mention.system_id in _GENERAL and _SORT_OF.match(self._text, mention.end) is not None

    def _mention(self, figure: Span, clause: Span, kind: str) -> Mention | None:
        tied = self._tied(figure[1], clause[1]) if kind != "date" else None
        if tied:
            return tied
        sentence = self._sentence(figure)
        own = self._between(max(sentence[0], figure[0] - 40), figure[0])[-1:]
        if own and _POSSESSED.fullmatch(self._text, own[0].end, figure[0]) and kind not in ("ratio", "percent"):
            return own[0]
        before = [m for m in self._named(sentence[0], figure[0], kind, clause) if not self._compared(m, figure, kind)]
        after = [m for m in self._named(figure[1], sentence[1], kind, clause) if not self._yardstick(m)]
        in_clause = [m for m in before if m.start >= clause[0]]
        if in_clause:
            return self._subject(in_clause)
        free = [m for m in before if not self._yardstick(m)]
        if not free and (_ANAPHOR.match(self._text, sentence[0]) or _ITS.search(self._text, sentence[0], figure[0])):
            earlier = self._earlier(sentence[0], kind, 5)
            if earlier:
                return earlier
        if after and (after[0].start < clause[1] or (kind == "date" and not before)):
            return after[0]
        subjects = free or before
        if subjects:
            return self._subject(subjects)
        if after:
            return after[0]
        general = _GENERAL_SUBJECT.search(self._text, sentence[0], min(figure[0], sentence[0] + SUBJECT_REACH))
        return None if general else self._earlier(sentence[0], kind, _REACHES.get(kind, 6))

    def _named(self, start: int, end: int, kind: str, clause: Span) -> list[Mention]:
        """Names in a span; architectures and data sets only where no other name is, or in the clause of what they can have."""
        found = [m for m in self._between(start, end) if m.sort != "place" or kind not in _MODELS_ALONE]
        if kind == "date":
            return [m for m in found if not _DATASET.search(m.system_id)] or found
        own = _DATASET_KINDS if kind in _DATASET_KINDS else frozenset()
        if kind in _SCORED:
            found = [m for m in found if not _DATASET.search(m.system_id)]
        likely = [
            m
            for m in found
            if not self._minor(m) or (own and clause[0] <= m.start < clause[1] and not self._modifier(m))
        ]
        return likely or [m for m in found if m.system_id not in _GENERAL or clause[0] <= m.start < clause[1]]

    def _minor(self, mention: Mention) -> bool:
        return mention.system_id in _GENERAL or _DATASET.search(mention.system_id) is not None

    def _compared(self, mention: Mention, figure: Span, kind: str) -> bool:
        """Whether the figure is a share or multiple of the name before it (GPT-3的三倍, only GPT-3's 1 %)."""
        if _MORE_THAN_IT.fullmatch(self._text, mention.end, figure[0]) and self._yardstick(mention):
            return True
        if kind not in ("ratio", "percent"):
            return False
        if self._yardstick(mention):
            return not _OWN_SHARE.match(self._text, mention.end)
        return _OF_IT.fullmatch(self._text, mention.end, figure[0]) is not None

    def _earlier(self, sentence_start: int, kind: str, reach: int = 6) -> Mention | None:
        """The last subject of the sentences before, not beyond the paragraph before."""
        start, crossed = sentence_start, 0
        fallback: Mention | None = None
        for _ in range(reach):
            index = bisect_left(self._sentences, start) - 1
            if index < 0:
                break
            if kind in _OWN_PARAGRAPH and "\n" in self._text[self._sentences[index] : start]:
                break
            names = self._between(max(self._sentences[index], start - REACH), start)
            subjects = [m for m in names if not self._yardstick(m) and not self._minor(m)]
            free = [m for m in subjects if not self._subordinate(m)]
            if free:
                return free[-1]
            fallback = fallback or next(reversed(subjects), None)
            crossed += "\n" in self._text[self._sentences[index] : start]
            if crossed > 1:
                break
            start = self._sentences[index]
        return fallback

    def _subject(self, mentions: list[Mention]) -> Mention:
        """The last name that no preposition subordinates (the replica of GPT-3), else the last."""
        free = [m for m in mentions if not self._subordinate(m)]
        return (free or mentions)[-1]

    def _subordinate(self, mention: Mention) -> bool:
        return _SUBORDINATE.search(self._text, max(0, mention.start - 12), mention.start) is not None

    def _between(self, start: int, end: int) -> list[Mention]:
        return self._mentions[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def _sentence(self, figure: Span) -> Span:
        """The sentence of a figure within reach."""
        index = bisect_right(self._sentences, figure[0]) - 1
        end = self._sentences[index + 1] if index + 1 < len(self._sentences) else len(self._text)
        return max(self._sentences[index], figure[0] - REACH), min(end, figure[1] + REACH)

    def _yardstick(self, mention: Mention) -> bool:
        """Whether a name is only what something is compared with."""
        if _YARDSTICK.search(self._text, max(0, mention.start - 24), mention.start):
            return True
        if _LISTED.match(self._text, mention.end) or _PART_OF.match(self._text, mention.end):
            return True
        return _MULTIPLE_OF.search(self._text, max(0, mention.start - 6), mention.start) is not None and (
            _SHARE_AFTER.match(self._text, mention.end) is not None
        )

    def _sized(self, mention: Mention, kind: str, sizes: Sequence[Decimal]) -> str:
        """The member of a family whose size is the printed one (M6 and 10万亿 -> m6-10t), else the likeliest."""
        if kind == "parameters":
            for candidate in mention.candidates:
                for size in sizes:
                    member = self._members.get((_SIZE.sub("", candidate), size))
                    if member:
                        return member
        return mention.system_id


def sizes_of(ids: Sequence[str]) -> dict[tuple[str, Decimal], str]:
    """Systems whose id ends with a size (m6-10t), by family and size."""
    members = {}
    for system_id in ids:
        size = _SIZE.search(system_id)
        if size:
            value = Decimal(size.group(1)).scaleb(_SIZE_POWER[size.group(2)])
            members[_SIZE.sub("", system_id), value] = system_id
    return members


def harmonised(systems: Sequence[tuple[str, str, int]], ids: Sequence[str]) -> list[str]:
    """Systems of (system_id, kind, sentence) figures, with a family replaced by the member whose size its sentence prints."""
    sized = {i: _SIZE.sub("", i) for i in ids if _SIZE.search(i)}
    places = [
        (n, sentence, system)
        for n, (system, kind, sentence) in enumerate(systems)
        if kind == "parameters" and system in sized
    ]
    by_sentence: dict[int, list[tuple[int, str]]] = {}
    for n, sentence, system in places:
        by_sentence.setdefault(sentence, []).append((n, system))
    result = []
    for n, (system, kind, sentence) in enumerate(systems):
        members = [
            (m < n if kind == "date" else False, abs(n - m), s)
            for m, s in by_sentence.get(sentence, [])[:50]
            if kind != "parameters" and sized[s] == system
        ]
        result.append(min(members)[2] if members else system)
    return result
