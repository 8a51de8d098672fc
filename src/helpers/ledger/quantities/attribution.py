"""Which system a figure is about: the name that its wording ties to it, else the nearest of its clause and sentence.

Order: a name right behind the figure (1750亿参数的GPT-3), the nearest name before it in its clause, a name after it in its clause,
the nearest name before it in its sentence that is not only a yardstick (相比GPT-3, 超过GPT-3), a name after it, then the subject
of the two sentences before.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from decimal import Decimal

from helpers.ledger.quantities.names import Mention

Span = tuple[int, int]

_TIED = re.compile(
    r"(?:级别?|规模|量级|个|亿|[^,，。、;:!?]{0,6}?参数(?:量|规模)?)?(?:的|版)?[\u4e00-\u9fff\"“”「」《》·\- ]{0,22}[\"“(（]?"
    r"|[ -](?:[a-z-]+ ){0,2}?(?:parameters?|params?)?[- ]?(?:[A-Za-z-]+ ){0,3}?[\"“(]?"
)
_BROKEN = re.compile(
    r"超过|超越|远超|大于|高于|低于|相比|比|是|为|而|和|与|用|训练|推出|发布|打破|在|被|给|等|约等于|[ -](?:in|for|on|than|and|with|while|to|of|from|by|the|was|were|is|are|has|using)\b"
)
_YARDSTICK = re.compile(
    r"(?:相比|相较|相对|对比|比|超过|超越|远超|高于|低于|不及|优于|胜过|打破|击败|媲美|than|compared (?:to|with)|versus|vs\.?|surpass\w*|beat\w*|exceed\w*)(?:于|之下|起|[^,，。;\n]{0,14}?|\s(?:the|its)?\s?(?:\w+\s){0,2})$",
    re.I,
)
_HARDWARE = re.compile(r"^(?:a|v|h|p|k|b|mi|gb)\d{2,4}x?$|^dgx|^tpu|^gpu|^ascend|^rtx|^t4$")
_DATASET = re.compile(r"crawl|corpus|wiki|book|pile|webtext|dataset|(?:^|-)c4|news|clue|sogou|lambada|piqa")
_GENERAL = frozenset({"transformer", "cnn", "rnn", "attention"})
_SIZE = re.compile(r"-(\d+(?:-\d+)?)(b|t|m)$")
_SIZE_POWER = {"m": 6, "b": 9, "t": 12}
_NOBODY = frozenset({"market"})


class Attribution:
    """Finds the system of a figure among the mentions of a folded text."""

    def __init__(self, text: str, mentions: Sequence[Mention], sentences: Sequence[int], ids: Sequence[str]) -> None:
        self._text = text
        self._mentions = [m for m in mentions if not _HARDWARE.match(m.system_id)]
        self._chips = [m for m in mentions if _HARDWARE.match(m.system_id)]
        self._starts = [m.start for m in self._mentions]
        self._sentences = sentences
        self._ids = ids

    def system_of(self, figure: Span, clause: Span, kind: str, sizes: Sequence[Decimal] = ()) -> str:
        """The system_id of the figure at `figure` within its clause, empty where no name is near."""
        if kind in _NOBODY:
            return ""
        if kind == "other":
            chip = next((m for m in reversed(self._chips) if m.end == figure[0] or 0 <= figure[0] - m.end <= 1), None)
            if chip:
                return chip.system_id
        mention = self._mention(figure, clause, kind)
        return self._sized(mention, kind, sizes) if mention else ""

    def of_row(self, label: Span, at: int) -> str:
        """The system of a table row: the name in its label unless that is a data set, else the subject before the table."""
        in_label = [m for m in self._between(*label) if not _DATASET.search(m.system_id)]
        if in_label:
            return in_label[0].system_id
        index = bisect_left(self._starts, label[0])
        earlier = (m for m in reversed(self._mentions[max(0, index - 12) : index]) if not _DATASET.search(m.system_id))
        mention = next(earlier, None)
        return mention.system_id if mention else ""

    def named_after(self, end: int, clause_end: int) -> bool:
        """Whether a name follows the figure that ends at `end`, tied to it."""
        return self._tied(end, clause_end) is not None

    def _tied(self, end: int, clause_end: int) -> Mention | None:
        i = bisect_left(self._starts, end)
        if i == len(self._mentions) or self._mentions[i].start >= min(clause_end, end + 32):
            return None
        between = self._text[end : self._mentions[i].start]
        tied = _TIED.fullmatch(between) and not _BROKEN.search(between)
        return self._mentions[i] if tied else None

    def _mention(self, figure: Span, clause: Span, kind: str) -> Mention | None:
        sentence = self._sentence(figure[0])
        before = self._between(sentence[0], figure[0], kind)
        in_clause = [m for m in before if m.start >= clause[0]]
        after = [m for m in self._between(figure[1], sentence[1], kind) if not self._yardstick(m)]
        tied = self._tied(figure[1], clause[1]) if kind != "date" else None
        if tied:
            return tied
        if in_clause:
            return in_clause[-1]
        if after and (after[0].start < clause[1] or kind == "date"):
            return after[0]
        subjects = [m for m in before if not self._yardstick(m)] or before
        if subjects:
            return subjects[-1]
        return after[0] if after else self._earlier(sentence[0])

    def _earlier(self, sentence_start: int) -> Mention | None:
        """The last subject of the two sentences before."""
        start = sentence_start
        for _ in range(2):
            index = bisect_left(self._sentences, start) - 1
            if index < 0:
                return None
            names = self._between(self._sentences[index], start)
            subjects = [m for m in names if not self._yardstick(m) and m.system_id not in _GENERAL]
            if subjects:
                return subjects[-1]
            start = self._sentences[index]
        return None

    def _between(self, start: int, end: int, kind: str = "") -> list[Mention]:
        found = self._mentions[bisect_left(self._starts, start) : bisect_left(self._starts, end)]
        if kind == "date":
            return list(found)
        return [m for m in found if m.system_id not in _GENERAL] or list(found)

    def _sentence(self, at: int) -> Span:
        index = bisect_right(self._sentences, at) - 1
        end = self._sentences[index + 1] if index + 1 < len(self._sentences) else len(self._text)
        return self._sentences[index], end

    def _yardstick(self, mention: Mention) -> bool:
        return bool(_YARDSTICK.search(self._text, max(0, mention.start - 24), mention.start))

    def _sized(self, mention: Mention, kind: str, sizes: Sequence[Decimal]) -> str:
        """The member of a family whose size is the printed one (M6 and 10万亿 -> m6-10t), else the likeliest."""
        if kind != "parameters":
            return mention.system_id
        family = [i for i in self._ids if i in mention.candidates or i.startswith(mention.system_id + "-")]
        for system_id in family:
            size = _SIZE.search(system_id)
            if size and Decimal(size.group(1).replace("-", ".")).scaleb(_SIZE_POWER[size.group(2)]) in sizes:
                return system_id
        return mention.system_id


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
