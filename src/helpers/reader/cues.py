"""What the text says of a name near a figure, as features for `subjects`: each is one word, the same in all languages."""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from helpers.reader.discourse import Discourse
from helpers.reader.names import Mention
from helpers.reader.vocabulary import listed, phrase

Span = tuple[int, int]
REACH = 400
SURE = 0.75  # chance from which the owner may be judged by its evidence
DEAREST_HOUR = 200  # money for an hour of one chip at the most
LEAD = 240  # characters of title and lead

_GROUP = {kind: g for g in ("model", "run", "money", "rate", "share", "date") for kind in listed("group", g)}
_TIED = phrase("cues tied")
_BROKEN = phrase("cues broken")
_DENOMINATOR = re.compile(r"(?:[^,，。;\n]{0,12}?(?: per| an?| each|/) ?)(?:single )?")
_ITS_BRACKETS = re.compile(r".{0,3}?[(（][^()（）\n]{0,160}", re.S)  # opened straight behind the name
_AGAINST = phrase("cues against")
_COMPANY_KINDS = frozenset({"money", "percent", "count", "ratio", "date", "market"})
_STRAIGHT = ("tied after", "straight before", "clause before", "its brackets")
_HERE = (*_STRAIGHT, "clause after", "sentence after", "sentence before", "denominator", "row")
_POINTING = {"it": "", "the_model": "system", "the_company": "company", "ours": ""}  # and the sort that each points to
_CHANGED_TO = re.compile(r"(?:砍|拉|降|减|加|增|升|提|扩|缩|长|大|少|高|涨|跌)[到至为] ?约?$|(?<![A-Za-z])(?<!up )to $")
_BULLET = re.compile(r"[ \t]*(?:[-*•・·▲●○■◆▪]|\d{1,2}[.、)）])")
_BYLINE = phrase("cues byline")
_BY_THAT_MUCH = re.compile(r"[少多高低大小快慢贵省长短](?:了|出)? ?约?")
_YEARLY = re.compile(r"(?:a|per|each|every) year|每年|年均|逐年")
_EXCHANGE = re.compile(r"[兑兌]换?(?:人民币|新台币|港元|港币)?|汇率(?:按|为|以)?|(?<![A-Za-z])exchange rate of ")
_RELEASED = re.compile("发布|推出")


@dataclass(frozen=True, eq=False)
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


@dataclass(frozen=True)
class Scene:
    """A figure where it stands: its sort of quantity, the start of its sentence within reach, the names before it and the first
    behind it, and what the text says of it."""

    figure: Figure
    group: str
    start: int
    at: int
    behind: int
    against: bool
    bullet: bool
    news: bool
    named_after: bool
    said: tuple[str, ...]


@dataclass(frozen=True)
class History:
    """What is held of the figures before: the last with its owner, the last before the facts of a chip, and who we are."""

    last: tuple[Figure, str] | None = None
    kept: tuple[Figure, str] | None = None
    ours: str = ""


def _value(figure: Figure) -> tuple[str, Decimal] | None:
    """What makes a figure the same as another: its kind and value, if it has more than one digit."""
    value = figure.sizes[0] if figure.sizes else Decimal(0)
    return (figure.kind, value) if value >= 10 else None


class Cues(Discourse):
    """The features that the places of a text and of its names make, and what was said of the figures before."""

    def __init__(
        self, text: str, mentions: Sequence[Mention], sentences: Sequence[int], general: Collection[str] = ()
    ) -> None:
        super().__init__(text, mentions, sentences, general)
        self._told: dict[tuple[str, Decimal] | None, str] = {}

    def scene(self, figure: Figure) -> Scene:
        """What the features of all names share for one figure."""
        start = max(self._sentences[self.sentence_of(figure.start)], figure.start - REACH)
        at, behind = (bisect_left(self.starts, place) for place in (figure.start, figure.end))
        against = _AGAINST.search(self._text, max(0, figure.start - 24), figure.start) is not None
        bullet = _BULLET.match(self._text, self._lines[self.line_of(figure.start)]) is not None
        clause = max(figure.clause[0], figure.start - REACH), min(figure.clause[1], figure.end + REACH)
        news = figure.kind in _COMPANY_KINDS and self.says("company_news", *clause)
        tied = figure.kind != "date" and self.tied_after(figure.end, figure.clause[1])
        able = (i for i in range(max(0, at - 3), at) if self.mentions[i].sort != "hardware")
        # What another one is built on is no subject: 这款模型沿用 K2 架构, 总参数 is of the model.
        since = max(start, *(self.mentions[i].end for i in able if "aside" not in self.traits(i)), 0)
        said = tuple(cue for cue in _POINTING if self.says(cue, since, figure.start))
        said += ("holds",) if self.says("holds", start, figure.start) else ()
        return Scene(figure, self._group(figure, start), start, at, behind, against, bullet, news, tied, said)

    def of_nobody(self, scene: Scene) -> list[str]:
        """Features of no owner."""
        figure, at, group = scene.figure, scene.at, scene.group
        found = ["none", f"none {group}"]
        found += [f"none per {figure.per}"] if figure.per else []
        found += ["none, news"] if scene.news else []
        found += ["none, no name in sentence"] if bisect_left(self.starts, scene.start) == at else []
        line = bisect_left(self.starts, max(self._lines[self.line_of(figure.start)], figure.start - REACH))
        found += ["none, no name in line"] if line == at else []
        if at:
            back = self.sentence_of(figure.start) - self.sentence_of(self.starts[at - 1])
            found.append(f"none, {min(back, 4)} sentences since a name")
        fit = {"rate": ("hardware", "place"), "rent": ("hardware",)}.get(group, ("system",))
        fitting = any(m.sort in fit for m in self.mentions[line:at])
        found += [] if fitting else [f"none, no fitting name in line, {group}"]
        found += ["none, general subject"] if self.says("general_subject", scene.start, figure.start) else []
        found += ["none, against"] if scene.against else []
        found += ["none, dateline"] if figure.kind == "date" and self._dateline(figure) else []
        yearly = figure.kind == "ratio" and _YEARLY.search(self._text, max(0, figure.start - 12), figure.end + 16)
        found += ["none, a year"] if yearly else []
        found += ["none, exchange rate"] if _EXCHANGE.search(self._text, max(0, figure.start - 8), figure.start) else []
        return found

    def _dateline(self, figure: Figure) -> bool:
        """Whether a date stands in a byline, or alone in its line."""
        line = self.line_of(figure.start)
        start = self._lines[line]
        end = self._lines[line + 1] if line + 1 < len(self._lines) else len(self._text)
        return (end - start < 48 and figure.start < 2 * LEAD) or (
            _BYLINE.search(self._text, start, min(end, start + 120)) is not None and figure.start - start < 60
        )

    def _group(self, figure: Figure, sentence: int) -> str:
        """Sort of quantity; money per chip or hour, or beside a name of those who rent chips out, is rent."""
        cheap = figure.kind == "money" and not (figure.sizes and figure.sizes[0] >= DEAREST_HOUR)
        per_hour = figure.per == "h" or figure.per.startswith("chip")
        rent = cheap and (per_hour or self.says("vendor", sentence, figure.end + 30))
        return "rent" if rent else _GROUP.get(figure.kind, "count")

    def _carried(self, scene: Scene, last: Figure) -> str:
        """How near the figure is that had an owner before."""
        if self.sentence_of(last.start) == self.sentence_of(scene.figure.start):
            return "owner of last in sentence"
        if self.line_of(last.start) == self.line_of(scene.figure.start):
            return "owner of last in line"
        return "owner of last, new bullet" if scene.bullet else "owner of last"

    def of_name(self, index: int, scene: Scene) -> list[str]:
        """Features of a name for a figure."""
        m, figure, group = self.mentions[index], scene.figure, scene.group
        place = self._place(m, figure)
        traits = self.traits(index)
        yardstick = "yardstick" in traits
        if place in ("tied after", "its brackets"):  # what stands before the name is not of this figure
            traits = [trait for trait in traits if trait not in ("yardstick", "subordinate", "aside")]
        found = [place, f"{place} {group}", f"{m.sort} {group}", *traits]
        if place == "tied after" and self._text[figure.end : m.start].rstrip('“"「 ').endswith(("的", "-", " for")):
            found.append("closely tied")
        found += self._between(index, scene)
        no_subject = yardstick and place == "sentence before" and "0 of its sort between" not in found
        if no_subject or (scene.against and scene.named_after and place == "sentence before"):
            # 相比GPT-3,M6的能耗为其1%; PaLM emitted 271 tonnes, against 552 for GPT-3
            found = [part for part in found if not part.startswith(place)]
        found += self._pointed(m, scene, place)
        found += ["another is tied"] if place != "tied after" and scene.named_after else []
        found += [f"{m.sort} per {figure.per}"] if figure.per else []
        found += [f"{m.sort}, news"] if scene.news else []
        if m.sort == "system" and self.says("whole_series", max(scene.start, figure.start - 60), figure.start):
            found.append("family, of all" if "family" in traits else "one, of all")
        if yardstick and place in found and _BY_THAT_MUCH.fullmatch(self._text, m.end, figure.start):
            found.remove(place)  # 比GPT-3少1740亿: the figure is the difference
        if place == "clause before":
            gap = figure.start - m.end
            found.append(f"gap {next(n for n in (6, 14, 30, 999) if gap <= n or n == 999)}")
        return found

    def continued(self, owner: str, scene: Scene, history: History) -> list[str]:
        """Features of an owner, or of nobody, who owned the figure before, or the one before the facts of a chip, or who we are."""
        found = ["ours before"] if owner and owner == history.ours and "ours" in scene.said else []
        told = self._told.get(_value(scene.figure))
        found += ["same figure before" if owner == told else "another's figure before"] if told and owner else []
        sort = self._sorts.get(owner, "company")
        if owner and history.last and history.last[1] not in ("", owner):
            newest = self.mentions[max(scene.at - 3, bisect_left(self.starts, history.last[0].end)) : scene.at]
            fresh = [m.system_id for m in newest if m.sort == sort]
            found += [f"newest {sort} since"] if fresh[-1:] == [owner] else []
        for prefix, past in (("", history.last), ("before a chip, ", history.kept)):
            if past and past[1] == owner and not scene.named_after:
                carried = self._carried(scene, past[0])
                if not owner:
                    return [f"none, {carried}"]
                newer = self.mentions[max(scene.at - 12, bisect_left(self.starts, past[0].start)) : scene.at]
                broken = "broken, " * any(o.sort == sort and o.system_id != owner for o in newer)
                against = ["owner of last, against it"] if scene.against and not prefix else []
                return [*found, *against, prefix + broken + carried]
        return found

    def note(self, figure: Figure, owner: str) -> None:
        """Whose a figure is: printed again, it is more likely theirs."""
        if owner and _value(figure):
            self._told[_value(figure)] = owner

    def after(self, history: History, scene: Scene, owner: str) -> History:
        """What is held once a figure has an owner."""
        kept = (history.kept or history.last) if self._sorts.get(owner) == "hardware" else None
        ours = history.ours or (owner if "ours" in scene.said else "")
        return History((scene.figure, owner), kept, ours)

    def of_maker(self, m: Mention, scene: Scene) -> list[str]:
        """Features of a company whose name may stand for its only model of the text."""
        held = ["maker holds"] if "holds" in scene.said else []
        return ["maker", f"maker {scene.group}", f"maker {self._place(m, scene.figure)}", *held]

    def _place(self, m: Mention, figure: Figure) -> str:
        if figure.row and figure.row[0] <= m.start < figure.row[1]:
            return "row"
        return self._place_behind(m, figure) if m.start >= figure.end else self._place_before(m, figure)

    def _place_behind(self, m: Mention, figure: Figure) -> str:
        text = self._text
        if m.sort == "hardware" and _DENOMINATOR.fullmatch(text, figure.end, m.start):
            return "denominator"
        if m.start >= figure.clause[1]:
            return "sentence after"
        gap = text[figure.end : m.start]
        plain = _RELEASED.sub("", gap) if figure.kind == "date" else gap
        between = self.mentions[bisect_left(self.starts, figure.end) : bisect_left(self.starts, m.start)]
        free = len(gap) < 40 and not any(o.sort == m.sort for o in between)
        return "tied after" if free and _TIED.fullmatch(gap) and not _BROKEN.search(plain) else "clause after"

    def _place_before(self, m: Mention, figure: Figure) -> str:
        if phrase("cues glued").fullmatch(self._text, m.end, figure.start):
            return "straight before"
        if _ITS_BRACKETS.fullmatch(self._text, m.end, figure.start):
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

    def tied_after(self, end: int, clause_end: int) -> bool:
        """Whether a name follows the figure that ends at `end`, tied to it."""
        i = bisect_left(self.starts, end)
        if i == len(self.mentions) or self.mentions[i].start >= min(clause_end, end + 32):
            return False
        gap = self._text[end : self.mentions[i].start]
        owns = self.mentions[i].sort in ("system", "place") and not _BROKEN.search(gap)
        return owns and _TIED.fullmatch(gap) is not None

    def _between(self, index: int, scene: Scene) -> list[str]:
        """How many other names stand between, of any sort and of the same."""
        m = self.mentions[index]
        if index >= scene.behind:
            behind = {o.system_id for o in self.mentions[scene.behind : index]}
            return [f"after {min(2, len(behind - {m.system_id}))} names"]
        others = self.mentions[max(index + 1, scene.at - 12) : scene.at]
        any_sort = {o.system_id for o in others} - {m.system_id}
        same = {o.system_id for o in others if o.sort == m.sort} - {m.system_id}
        return [f"{min(3, len(any_sort))} names between", f"{min(3, len(same))} of its sort between"]

    def _pointed(self, m: Mention, scene: Scene, place: str) -> Iterator[str]:
        """What pronouns and generic names before the figure point to."""
        where = "here" if place in _HERE else place
        for cue, sort in _POINTING.items():
            if cue in scene.said:
                yield f"{cue} {'match' if sort in ('', m.sort) else 'other'} {where}"

    def how(self, mention: Mention, scene: Scene, chance: float) -> str:
        """here: named in the sentence; aside: only as what something is like; before: in a sentence before, the only possible one;
        far: not the only one."""
        figure = scene.figure
        place = self._place(mention, figure)
        if mention.sort == "hardware" and phrase("cues machine").match(self._text, mention.end):
            return "far"  # the node of a chip is not the chip
        if place == "row":
            return "here"
        if scene.against and place != "tied after":
            return "far"
        if any(self.says(kind, scene.start, figure.start) for kind in ("general_subject", "whole_series")):
            return "far"
        if _CHANGED_TO.search(self._text, max(0, figure.start - 6), figure.start) and place not in _STRAIGHT:
            return "far"
        if "yardstick" in self.traits(bisect_left(self.starts, mention.start)):
            return "aside"
        if self.sentence_of(mention.start) == self.sentence_of(figure.start):
            return "far" if chance < SURE else "here" if mention.sure else "before"
        first = self._sentences[self.sentence_of(mention.start)]
        since = self.mentions[bisect_left(self.starts, first) : scene.behind][-12:]
        if chance < SURE or any(o.sort == mention.sort and o.system_id != mention.system_id for o in since):
            return "far"
        return "title" if place == "title" else "before"
