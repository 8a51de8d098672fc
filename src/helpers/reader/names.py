"""Names that the tables hold, in running text, whatever the typography: GPT-3, GPT3, 源1.0, 源 1。0, Switch Transformer.

Names are compared without case, blanks and hyphens, but a blank or hyphen between two digits counts (Llama 3 8B is not
Llama 38B). A name of one Chinese character is never searched alone, nor one that begins with a figure (万亿参数模型M6).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from helpers.reader.fold import fold
from helpers.reader.vocabulary import phrase

Systems = Sequence[tuple[str, Sequence[str]]]

OF_DATA = phrase("names dataset")  # an id that is a collection of data
_SKIPPED = frozenset(" -·_")
_BRACKETED = re.compile(r"\s*[(（][^()（）]*[)）]\s*$")
_FIGURE_FIRST = re.compile(r"\d+$|\d*[百千万亿]|\d+(?:[bmt]|million|billion|trillion)")
_CHANGED = {"。": "."}


@dataclass(frozen=True)
class Mention:
    """A name in folded text.

    `candidates` are all systems of that name, the likeliest first, or the name as printed where the tables do not hold it;
    `sort` is system, hardware, company or place; `sure` is False where a short form was taken for the only longer one
    (`short` is what it stands for itself: DeepSeek, the company).
    """

    start: int
    end: int
    candidates: tuple[str, ...]
    known: bool = True
    sort: str = "system"
    sure: bool = True
    short: str = ""

    @property
    def system_id(self) -> str:
        return self.candidates[0]


@dataclass
class _Node:
    children: dict[str, _Node] = field(default_factory=dict)
    systems: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)


def canonical(name: str) -> str:
    """A name without case, blanks and hyphens (kept between digits), press dots as points."""
    key = ""
    for char in fold(name).text:
        if char not in _SKIPPED:
            between = key[-1:] == "-"
            key = key[:-1] if between and not (key[-2:-1].isdecimal() and char.isdecimal()) else key
            key += _key(char)
        elif key and key[-1] != "-":
            key += "-"
    return key.rstrip("-")


class NameIndex:
    """Finds the names of systems; linear in the text for names of bounded length."""

    def __init__(self, systems: Systems) -> None:
        self._root = _Node()
        for system_id, names in systems:
            for name in names:
                for spelling in {name, _BRACKETED.sub("", name)}:
                    self._add(canonical(spelling), system_id, fold(spelling).text)
        self.ids = tuple(system_id for system_id, _ in systems)

    def _add(self, key: str, system_id: str, name: str) -> None:
        if not key or (len(key) == 1 and not key.isascii()) or _FIGURE_FIRST.match(key):
            return
        node = self._root
        for char in key:
            node = node.children.setdefault(char, _Node())
        node.names.add(name)
        if system_id not in node.systems:
            own = canonical(system_id) == key
            node.systems.insert(0 if own else len(node.systems), system_id)

    def systems_of(self, name: str) -> tuple[str, ...]:
        """The systems of a whole name, empty where the tables do not hold it."""
        node = self._root
        for char in canonical(name):
            if char not in node.children:
                return ()
            node = node.children[char]
        return tuple(node.systems)

    def find(self, text: str) -> Iterator[Mention]:
        """Mentions in folded text, longest first at each place, without overlap."""
        position, first = 0, self._root.children
        while position < len(text):
            if _key(text[position]) in first:
                mention = self._longest(text, position)
                if mention:
                    yield mention
                    position = mention.end
                    continue
            position += 1

    def _longest(self, text: str, start: int) -> Mention | None:
        if text[start].isascii() and start and _glued(text[start - 1]):
            return None
        if text[start] == "源" and _IN_WORD.search(text, max(0, start - 1), start):
            return None
        node, best, i = self._root, None, start
        while i < len(text):
            char = _key(text[i])
            if text[i] in _SKIPPED and text[i - 1] not in _SKIPPED and not _ARTICLE.match(text, start, i + 2):
                if text[i - 1].isdecimal() and text[i + 1 : i + 2].isdecimal():
                    if "-" not in node.children:
                        break
                    node = node.children["-"]
                i += 1
            elif char in node.children:
                node, i = node.children[char], i + 1
                if node.systems and _complete(text, start, i) and _cased(text[start:i], node.names):
                    best = Mention(start, i, tuple(node.systems))
            else:
                break
        return best


def _cased(printed: str, names: set[str]) -> bool:
    """Whether letters are cased as a name: plug and Lambda are words, Llama may stand for LLaMA."""
    letters = printed.replace(" ", "").replace("-", "")
    if not printed.isascii() or printed in names or not letters.isalpha():
        return True
    capitals = sum(char.isupper() for char in printed)
    if all(name.islower() for name in names):
        return True
    return capitals >= 2 or (capitals == 1 and printed.lower() not in _WORDS)


def _key(char: str) -> str:
    return _CHANGED.get(char, char.lower())


def _glued(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _complete(text: str, start: int, end: int) -> bool:
    """Whether a name that ends here is not the beginning of a longer word; a version with its point is whole (1.02457亿)."""
    last, following = text[end - 1], text[end : end + 2]
    if not last.isascii() or not following or _VERSION_END.search(text, start, end):
        return True
    if following[0] == "s" and not following[1:].isalnum():
        return True
    return not _glued(following[0]) or (last.isalpha() and following[0].isdecimal())


_WORDS = frozenset({"clip", "plug", "clue", "glam", "flan", "lambda", "palm", "pile", "attention", "dalle"})
_VERSION_END = re.compile(r"\d[.。]\d$")
_ARTICLE = re.compile(r"[Aa] \d")  # A 100-GPU cluster is not an A100
_IN_WORD = re.compile(r"[开资能来起电水根货]$")  # 开源大模型 is not 源大模型
