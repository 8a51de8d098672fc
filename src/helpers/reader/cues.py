"""What the text says of a name near a figure, as features for `subjects`: each is one word, the same in all languages."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from helpers.reader.names import Mention, canonical
from helpers.reader.vocabulary import alternation, phrase, said

Span = tuple[int, int]
REACH = 400
SURE = 0.75  # chance from which the owner may be judged by its evidence
DEAREST_HOUR = 200  # money for an hour of one chip at the most
SHORT_LINE = 60  # characters of a heading
LEAD = 240  # characters of title and lead

_GROUPS = {
    "model": ("parameters", "active_parameters", "tokens", "words", "context_length", "layers", "score", "compute"),
    "run": ("chip_count", "server_count", "core_count", "duration", "energy", "emissions", "utilisation"),
    "money": ("money", "market"),
    "rate": ("throughput", "other", "dataset_size"),
    "share": ("ratio", "percent"),
    "date": ("date",),
}
_GROUP = {kind: group for group, kinds in _GROUPS.items() for kind in kinds}
_TIED = phrase("cues tied")
_BROKEN = phrase("cues broken")
_GLUED = phrase("cues glued")
_COUNTED = phrase("cues counted")
_YARDSTICK = phrase("cues yardstick")
_ASIDE = phrase("cues aside")
_SUBORDINATE = phrase("cues subordinate")
_SHARED = phrase("cues shared")
_LINE = re.compile(r"\n\s*(?!\s|(?:答|A) ?[:：.])")
_DENOMINATOR = re.compile(r"(?:[^,，。;\n]{0,12}?(?: per| an?| each|/) ?)(?:single )?")
_OPEN = re.compile(r"[(（][^()（）\n]{0,160}$")
_VENDOR = re.compile(alternation("vendor"))
_AGAINST = phrase("cues against")
_COMPANY_KINDS = frozenset({"money", "percent", "count", "ratio", "date", "market"})
_HERE = (
    "tied after",
    "straight before",
    "clause before",
    "its brackets",
    "clause after",
    "sentence after",
    "sentence before",
    "denominator",
)
_CHANGED_TO = re.compile(r"(?:砍|拉|降|减|加|增|升|提|扩|缩|长|大|少|高|涨|跌)[到至为] ?约?$|(?<![A-Za-z])(?<!up )to $")
_RELATIVE = re.compile(r",? (?:which|who|whose|that)(?![a-z])")
_BULLET = re.compile(r"[ \t]*(?:[-*•・·▲●○■◆▪]|\d{1,2}[.、)）])")
_BYLINE = phrase("cues byline")
_EXCHANGE = re.compile(r"兑(?:换)?|汇率(?:按|为)?|(?<![A-Za-z])exchange rate of ")
_RELEASED = re.compile("发布|推出")
_DATASET = re.compile(r"crawl|corpus|wiki|book|pile|webtext|dataset|(?:^|-)c4|news|clue|sogou|lambada|piqa")
_GENERAL = frozenset({"transformer", "cnn", "rnn", "attention"})


@dataclass(frozen=True)
class Figure:
    """A figure as its owner is looked for: its span, clause, kind, unit and denominator."""

    start: int
    end: int
    clause: Span
    kind: str
    unit: str = ""
    per: str = ""
    row: Span | None = None
    sizes: Sequence[Decimal] = ()


class Cues:
    """The places of a text and of its names, and the features they make."""

    def __init__(
        self, text: str, mentions: Sequence[Mention], sentences: Sequence[int], general: Collection[str] = ()
    ) -> None:
        self._text = text
        self.mentions = mentions = _owners(mentions, general)
        self.starts = [m.start for m in mentions]
        self._sentences = sentences
        self._lines = [0, *(m.end() for m in _LINE.finditer(text))]
        self._families = _families(mentions) | set(general)
        self._ours = ""
        self._title_end = min((at for at in self._lines[1:2]), default=len(text))
        self._counts = Counter(m.system_id for m in mentions)
        self._most = max(self._counts.values(), default=0)
        self._traits: dict[int, list[str]] = {}
        self._sorts = {m.system_id: m.sort for m in mentions}
        self._last: tuple[Figure, str, float] | None = None
        self._kept: tuple[Figure, str, float] | None = None

    def sentence_of(self, at: int) -> int:
        return bisect_right(self._sentences, at) - 1

    def line_of(self, at: int) -> int:
        """The number of the line, answers counted to their question."""
        return bisect_right(self._lines, at) - 1

    def of_nobody(self, figure: Figure) -> list[str]:
        """Features of no owner."""
        start = max(self._sentences[self.sentence_of(figure.start)], figure.start - REACH)
        inside = self.starts[bisect_left(self.starts, start) : bisect_left(self.starts, figure.start)]
        found = ["none", f"none {self._group(figure)}"]
        found += ["none, no name in sentence"] if not inside else []
        at = bisect_left(self.starts, figure.start)
        line = bisect_left(self.starts, max(self._lines[self.line_of(figure.start)], figure.start - REACH))
        found += ["none, no name in line"] if line == at else []
        if at:
            back = self.sentence_of(figure.start) - self.sentence_of(self.starts[at - 1])
            found.append(f"none, {min(back, 4)} sentences since a name")
        group = self._group(figure)
        fit = {"rate": ("hardware", "place"), "rent": ("hardware",)}.get(group, ("system",))
        found += (
            [f"none, no fitting name in line, {group}"]
            if not any(m.sort in fit for m in self.mentions[line:at])
            else []
        )
        found += ["none, general subject"] if said("general_subject").search(self._text, start, figure.start) else []
        found += ["none, against"] if _AGAINST.search(self._text, max(0, figure.start - 24), figure.start) else []
        found += ["none, dateline"] if figure.kind == "date" and self._dateline(figure) else []
        found += ["none, exchange rate"] if _EXCHANGE.search(self._text, max(0, figure.start - 8), figure.start) else []
        if self._last and not self._last[1]:
            found += self._carried(figure, self._last[0], "none, ")
        return found

    def _dateline(self, figure: Figure) -> bool:
        """Whether a date stands in a byline, or alone in its line."""
        line = self.line_of(figure.start)
        start = self._lines[line]
        end = self._lines[line + 1] if line + 1 < len(self._lines) else len(self._text)
        return (end - start < 48 and figure.start < 2 * LEAD) or (
            _BYLINE.search(self._text, start, min(end, start + 120)) is not None and figure.start - start < 60
        )

    def _bullet(self, figure: Figure) -> bool:
        return _BULLET.match(self._text, self._lines[self.line_of(figure.start)]) is not None

    def _group(self, figure: Figure) -> str:
        """Sort of quantity; money per chip, or beside a name of those who rent chips out, is rent."""
        if figure.kind == "money" and not (figure.sizes and figure.sizes[0] >= DEAREST_HOUR):
            sentence = max(self._sentences[self.sentence_of(figure.start)], figure.start - REACH)
            if figure.per.startswith("chip") or _VENDOR.search(self._text, sentence, figure.end + 30):
                return "rent"
        return _GROUP.get(figure.kind, "count")

    def _carried(self, figure: Figure, last: Figure, prefix: str = "") -> list[str]:
        where = ", new bullet" if self._bullet(figure) else ""
        if self.sentence_of(last.start) == self.sentence_of(figure.start):
            where = " in sentence"
        elif self.line_of(last.start) == self.line_of(figure.start):
            where = " in line"
        carried = f"{prefix}owner of last{where}"
        return [carried, f"{carried}, {self._group(figure)}"]

    def of_name(self, index: int, figure: Figure) -> list[str]:
        """Features of a name for a figure."""
        m = self.mentions[index]
        place = self._place(m, figure)
        traits = self._mention_traits(index)
        if place == "tied after":  # what stands before the name is the figure itself
            traits = [trait for trait in traits if trait not in ("yardstick", "subordinate", "aside")]
        found = [place, f"{m.sort} {self._group(figure)}", *traits]
        found += self._between(index, figure, place)
        found += self._pointed(m, figure, place)
        found += self._continued(m, figure)
        if figure.per.startswith("chip") and figure.per != "chip.h":
            found.append(f"{m.sort} per chip")
        if place != "tied after" and figure.kind != "date" and self.tied_after(figure.end, figure.clause[1]):
            found.append("another is tied")
        start = max(self._sentences[self.sentence_of(figure.start)], figure.start - 60)
        if m.sort == "system" and said("whole_series").search(self._text, start, figure.start):
            found.append("family, of all" if "family" in traits else "one, of all")
        found += self._headed(m, figure, place)
        if self._bullet(figure) and place in ("title", "lead", "last line"):
            found.append(f"bullet, {place}")
        if place == "clause before":
            gap = figure.start - m.end
            found.append(f"gap {next(n for n in (6, 14, 30, 999) if gap <= n or n == 999)}")
        if figure.kind == "date":
            found.append(f"date {place}")
        return found

    def _continued(self, m: Mention, figure: Figure) -> list[str]:
        """Whether a name owned the figure before, or the one before the facts of a chip."""
        for prefix, past in (("", self._last), ("before a chip, ", self._kept)):
            if past and past[1] == m.system_id:
                at = bisect_left(self.starts, figure.start)
                newer = self.mentions[max(at - 12, bisect_left(self.starts, past[0].start)) : at]
                broken = any(o.sort == m.sort and o.system_id != m.system_id for o in newer)
                weak = "broken, " if broken else "weak, " if past[2] < 0.6 else ""
                against = _AGAINST.search(self._text, max(0, figure.start - 24), figure.start) and not prefix
                return self._carried(figure, past[0], prefix + weak) + ["owner of last, against it"] * bool(against)
        return []

    def of_maker(self, m: Mention, figure: Figure) -> list[str]:
        """Features of a company whose name may stand for its only model of the text."""
        start = max(self._sentences[self.sentence_of(figure.start)], figure.start - REACH)
        held = ["maker holds"] if said("holds").search(self._text, start, figure.end) else []
        return ["maker", f"maker {self._group(figure)}", f"maker {self._place(m, figure)}", *held]

    def _headed(self, m: Mention, figure: Figure, place: str) -> Iterator[str]:
        """Whether a question or a short line before the figure's line names it, and whether it is the only one of its sort there."""
        line, own = self.line_of(m.start), self.line_of(figure.start)
        if line < own:
            end = self._lines[line + 1]
            body = self._text[self._lines[line] : end].rstrip()
            if line == own - 1 and body.endswith("?"):
                yield "asked"
            if len(body) < SHORT_LINE and not body.endswith(("。", ".")):
                yield "headed, last line" if line == own - 1 else "headed"
        else:
            first = bisect_left(self.starts, self._lines[own])
            at = bisect_left(self.starts, figure.start)
            names = {o.system_id for o in self.mentions[max(first, at - 12) : at] if o.sort == m.sort}
            if names == {m.system_id}:
                yield "only one of its sort in line"

    def _place(self, m: Mention, figure: Figure) -> str:
        text = self._text
        if m.start >= figure.end:
            if m.sort == "hardware" and _DENOMINATOR.fullmatch(text, figure.end, m.start):
                return "denominator"
            if m.start < figure.clause[1]:
                gap = text[figure.end : m.start]
                plain = _RELEASED.sub("", gap) if figure.kind == "date" else gap
                tied = len(gap) < 40 and _TIED.fullmatch(gap) and not _BROKEN.search(plain)
                return "tied after" if tied else "clause after"
            return "sentence after"
        if _GLUED.fullmatch(text, m.end, figure.start):
            return "straight before"
        if self._opens_brackets(m, figure):
            return "its brackets"
        if m.start >= figure.clause[0]:
            return "clause before"
        back = self.sentence_of(figure.start) - self.sentence_of(m.start)
        lines = self.line_of(figure.start) - self.line_of(m.start)
        if back == 0:
            return "sentence before"
        if lines == 0:
            return "last sentence" if back == 1 else "line before"
        if m.start < self._title_end:
            return "title"
        return "last line" if lines == 1 else "lead" if m.start < LEAD else "far before"

    def _opens_brackets(self, m: Mention, figure: Figure) -> bool:
        """Whether the figure stands in brackets straight behind the name."""
        if not 0 <= figure.start - m.end <= 160:
            return False
        opened = _OPEN.search(self._text, m.end, figure.start)
        return opened is not None and opened.start() - m.end <= 3

    def tied_after(self, end: int, clause_end: int) -> bool:
        """Whether a name follows the figure that ends at `end`, tied to it."""
        i = bisect_left(self.starts, end)
        if i == len(self.mentions) or self.mentions[i].start >= min(clause_end, end + 32):
            return False
        gap = self._text[end : self.mentions[i].start]
        return (
            _TIED.fullmatch(gap) is not None
            and not _BROKEN.search(gap)
            and self.mentions[i].sort in ("system", "place")
        )

    def of_row(self, figure: Figure) -> list[str]:
        """Names in the label of the table row that a figure stands in."""
        first, end = (bisect_left(self.starts, at) for at in figure.row or (0, 0))
        return [m.system_id for m in self.mentions[first:end] if not _DATASET.search(m.system_id)]

    def _between(self, index: int, figure: Figure, place: str) -> list[str]:
        """How many other names stand between, of any sort and of the same."""
        m = self.mentions[index]
        if m.start >= figure.end:
            behind = {o.system_id for o in self.mentions[bisect_left(self.starts, figure.end) : index]}
            return [f"after {min(2, len(behind - {m.system_id}))} names"]
        at = bisect_left(self.starts, figure.start)
        others = self.mentions[max(index + 1, at - 12) : at]
        any_sort = {o.system_id for o in others} - {m.system_id}
        same = {o.system_id for o in others if o.sort == m.sort} - {m.system_id}
        return [f"{min(3, len(any_sort))} names between", f"{min(3, len(same))} of its sort between"]

    def _mention_traits(self, index: int) -> list[str]:
        if index not in self._traits:
            self._traits[index] = list(self._found_traits(index))
        return self._traits[index]

    def _found_traits(self, index: int) -> Iterator[str]:
        m, text = self.mentions[index], self._text
        sentence, line = self._sentences[self.sentence_of(m.start)], self._lines[self.line_of(m.start)]
        before = text[max(0, m.start - 24) : m.start]
        if m.start - sentence <= 6:
            yield "opens sentence"
        if m.start - line <= 6:
            yield "opens line"
        if index == 0 or self.starts[index - 1] < sentence:
            yield "first name of sentence"
        if _ASIDE.search(before):
            yield "aside"
        if _YARDSTICK.search(before):
            yield "yardstick"
        elif _SUBORDINATE.search(before):
            yield "subordinate"
        if text.startswith(("的", "'s", "’s"), m.end):
            yield "possessor"
        if _SHARED.match(text, m.end):
            yield "has a share"
        if _RELATIVE.match(text, m.end):
            yield "relative clause"
        if m.sort == "hardware" and _COUNTED.search(before):
            yield "counted hardware"
        if m.system_id in self._families:
            yield "family"
        if m.system_id in _GENERAL or _DATASET.search(m.system_id):
            yield "minor"
        if m.start < self._title_end or any(
            o.system_id == m.system_id and o.start < self._title_end for o in self.mentions[:4]
        ):
            yield f"{m.sort} in title"
        if text[max(0, m.start - 1)] in "(（":
            yield "in brackets"
        if self._counts[m.system_id] == self._most:
            yield "most named"
        if not m.sure:
            yield "short form"

    def _pointed(self, m: Mention, figure: Figure, place: str) -> list[str]:
        """What pronouns and generic names before the figure point to."""
        start = max(self._sentences[self.sentence_of(figure.start)], figure.start - REACH)
        here = place in _HERE
        found: list[str] = []
        if self._ours == m.system_id and said("ours").search(self._text, start, figure.start):
            found.append("ours before")
        for cue, sorts in (("it", ()), ("the_model", ("system",)), ("the_company", ("company",)), ("ours", ())):
            if said(cue).search(self._text, start, figure.start):
                match = "match" if not sorts or m.sort in sorts else "other"
                found.append(f"{cue} {match} {'here' if here else place}")
        return found

    def settle(self, figure: Figure, owner: str, chance: float, least: float) -> None:
        """Keep whose a figure is, if that is clear, and who we are, where its sentence says we or our."""
        if chance >= least or self._last is None:
            chip = self._sorts.get(owner) == "hardware"
            self._kept = (self._kept or self._last) if chip else None
            self._last = (figure, owner, chance)
        start = max(self._sentences[self.sentence_of(figure.start)], figure.start - REACH)
        if owner and not self._ours and said("ours").search(self._text, start, figure.start):
            self._ours = owner

    def company_news(self, figure: Figure) -> bool:
        """Whether a figure is of shares, revenue or staff, which no model has."""
        start, end = max(figure.clause[0], figure.start - REACH), min(figure.clause[1], figure.end + REACH)
        return figure.kind in _COMPANY_KINDS and said("company_news").search(self._text, start, end) is not None

    def how(self, mention: Mention, figure: Figure, chance: float) -> str:
        """here: named in the sentence; aside: only as what something is like; before: in a sentence before, the only possible one;
        far: not the only one."""
        place = self._place(mention, figure)
        start = max(self._sentences[self.sentence_of(figure.start)], figure.start - REACH)
        if _AGAINST.search(self._text, max(0, figure.start - 24), figure.start) and place != "tied after":
            return "far"
        if said("general_subject").search(self._text, start, figure.start) or said("whole_series").search(
            self._text, start, figure.start
        ):
            return "far"
        if _CHANGED_TO.search(self._text, max(0, figure.start - 6), figure.start) and place not in _HERE[:4]:
            return "far"
        if "yardstick" in self._mention_traits(bisect_left(self.starts, mention.start)):
            return "aside"
        if self.sentence_of(mention.start) == self.sentence_of(figure.start):
            return "far" if chance < SURE else "here" if mention.sure else "before"
        first = self._sentences[self.sentence_of(mention.start)]
        since = self.mentions[bisect_left(self.starts, first) : bisect_left(self.starts, figure.end)][-12:]
        if any(o.sort == mention.sort and o.system_id != mention.system_id for o in since):
            return "far"
        if place == "title" and chance >= SURE:
            return "title"
        return "before" if chance >= SURE else "far"


def _families(mentions: Sequence[Mention]) -> set[str]:
    """Names of which another name of the text is a member: Kimi beside Kimi K2."""
    keys = {system_id: canonical(system_id) for system_id in {m.system_id for m in mentions if m.sort == "system"}}
    names = sorted(set(keys.values()))
    short = {a for a, b in pairwise(names) if b.startswith(a) and not b[len(a)].isdecimal()}
    return {system_id for system_id, key in keys.items() if key in short}


def _owners(mentions: Sequence[Mention], general: Collection[str]) -> list[Mention]:
    """Names that can own a figure: no vendor of other makers' chips, no family without a version where a member is named."""
    keys = {system_id: canonical(system_id) for system_id in {m.system_id for m in mentions}}
    members = {keys[m.system_id] for m in mentions if m.sort == "system"}
    plain = {
        system_id
        for system_id, key in keys.items()
        if system_id in general
        and not any(char.isdecimal() for char in system_id)
        and any(name.startswith(key) and name != key for name in members)
    }
    return [m for m in mentions if m.sort != "vendor" and m.system_id not in plain]
