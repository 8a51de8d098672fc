"""A text with its sentences, lines and names: where they stand, what the words around a name say of it, and what a stretch says."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from itertools import islice, pairwise

from helpers.reader.names import OF_DATA, Mention, canonical
from helpers.reader.vocabulary import alternation, phrase, said

_SAYS = phrase("discourse says")
_LINE = re.compile(r"\n\s*(?!\s|(?:答|A) ?[:：.])")
_GENERAL = frozenset({"transformer", "cnn", "rnn", "attention"})
_VENDOR = re.compile(alternation("vendor"))


class Discourse:
    """The places of a text and of its names."""

    def __init__(
        self, text: str, mentions: Sequence[Mention], sentences: Sequence[int], general: Collection[str] = ()
    ) -> None:
        self._text = text
        self.mentions = mentions = _owners(mentions, general)
        self.starts = [m.start for m in mentions]
        self._sentences = sentences
        self._lines = [0, *(m.end() for m in _LINE.finditer(text))]
        self._families = _families(mentions) | set(general)
        self._title_end = min((at for at in self._lines[1:2]), default=len(text))
        self._traits: dict[int, list[str]] = {}
        self._places: dict[str, list[tuple[int, int]]] = {}
        self._sorts = {m.system_id: m.sort for m in mentions}

    def sentence_of(self, at: int) -> int:
        return bisect_right(self._sentences, at) - 1

    def line_of(self, at: int) -> int:
        """The number of the line, answers counted to their question."""
        return bisect_right(self._lines, at) - 1

    def printed(self, m: Mention) -> str:
        """A name as the folded text has it."""
        return self._text[m.start : m.end]

    def says(self, kind: str, start: int, end: int) -> bool:
        """Whether text[start:end] says something of a kind of the vocabulary; the places are looked up once for the text."""
        if kind not in self._places:
            pattern = _VENDOR if kind == "vendor" else said(kind)
            self._places[kind] = [m.span() for m in pattern.finditer(self._text)]
        places = self._places[kind]
        at = bisect_left(places, (start, 0))
        return at < len(places) and places[at][1] <= end

    def traits(self, index: int) -> list[str]:
        """What a name is in its own sentence: its subject, a yardstick, a tool, a family."""
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
        if phrase("discourse aside").search(before) or phrase("discourse base").match(text, m.end):
            yield "aside"
        if phrase("discourse yardstick").search(before):
            yield "yardstick"
        else:
            parts = (p for p in ("subordinate", "opens", "coordinated") if phrase(f"discourse {p}").search(before))
            yield from islice(parts, 1)
        if text.startswith(("的", "'s", "’s"), m.end):
            yield "possessor"
        if phrase("discourse shared").match(text, m.end):
            yield "has a share"
        if m.sort == "company" and (phrase("discourse source").search(before) or _SAYS.match(text, m.end)):
            yield "source"
        if m.sort == "hardware" and phrase("discourse counted").search(before):
            yield "counted hardware"
        if m.system_id in self._families:
            yield "family"
        if m.system_id in _GENERAL or OF_DATA.search(m.system_id):
            yield "minor"
        if m.start < self._title_end or any(
            o.system_id == m.system_id and o.start < self._title_end for o in self.mentions[:4]
        ):
            yield f"{m.sort} in title"
        if not m.sure:
            yield "short form"


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
    return [m for m in mentions if m.sort != "vendor" and (m.sort == "company" or m.system_id not in plain)]
