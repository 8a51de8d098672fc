"""A text laid out for reading: folded, with its names, sentences, clauses, furniture and tables, and the way back."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection
from functools import cached_property

from helpers.reader.cues import Cues
from helpers.reader.fold import fold
from helpers.reader.furniture import furniture
from helpers.reader.model_names import find_names
from helpers.reader.names import Mention, NameIndex, Systems
from helpers.reader.nouns import Around
from helpers.reader.reading import Named
from helpers.reader.subjects import Subjects
from helpers.reader.text_tables import find_cells

Span = tuple[int, int]

_SENTENCE_END = re.compile(
    r"[!?;\n]+\s*|(?<![0-9A-Za-z])。+\s*|。+(?![0-9A-Za-z])\s*|(?<=\d)。(?=(?:19|20)\d\d年)|(?:(?<![A-Z])|(?<=[A-Z][A-Z]))\.(?= +[A-Z\"])"
)
_CLAUSE_END = re.compile(r"[,，、:;!?()\n]|。|\. ")
_THOUSANDS = re.compile(r"(?<=\d)[,，](?=\d{3}(?!\d))")
REACH = 80
CONTEXT = 1500


class PageLayout:
    """Folded text with what is known of its places; all offsets are those of the folded text but for `span`."""

    def __init__(self, original: str, systems: Systems | NameIndex, general: Collection[str] = ()) -> None:
        folded = fold(original)
        index = systems if isinstance(systems, NameIndex) else NameIndex(systems)
        self.text = folded.text
        self.systems_of = index.systems_of
        self._general = general
        self.furniture = furniture(self.text)
        self.cells = find_cells(self.text)
        self.sentences = [0, *(m.end() for m in _SENTENCE_END.finditer(self.text))]
        self._original = original
        self._offsets = folded.offsets
        self._clauses = [0, *(m.end() for m in _CLAUSE_END.finditer(_THOUSANDS.sub("_", self.text)))]
        self._mentions = find_names(self.text, index, general)
        self._starts = [mention.start for mention in self._mentions]

    @cached_property
    def subjects(self) -> Subjects:
        """The finder of owners."""
        return Subjects(Cues(self.text, self._mentions, self.sentences, self._general), self.systems_of)

    def span(self, start: int, end: int) -> tuple[int, int, str]:
        """Offsets in the original text, and what is printed there."""
        first, last = self._offsets[start], self._offsets[end - 1] + 1
        return first, last, self._original[first:last]

    def names(self) -> tuple[Named, ...]:
        """All names of the text at their places in the original."""
        return tuple(Named(*self.span(m.start, m.end), m.system_id, m.known, m.sort) for m in self._mentions)

    def next_mention(self, start: int, end: int) -> Mention | None:
        """The first name of a system that begins in [start, end)."""
        index = bisect_left(self._starts, start)
        return self._mentions[index] if index < len(self._starts) and self._starts[index] < end else None

    def sentence_number(self, at: int) -> int:
        """Number of the sentence at a place."""
        return bisect_right(self.sentences, at)

    def around(self, start: int, end: int) -> tuple[Span, Around]:
        """Clause of the figure text[start:end], and what stands around it within reach."""
        sentence = self._bounds(self.sentences, start, end)
        clause = self._bounds(self._clauses, start, end)
        left, right, text = max(0, start - REACH), end + REACH, self.text
        return clause, Around(
            text[max(clause[0], left) : start],
            text[max(sentence[0], left) : start],
            text[end : min(clause[1], right)],
            text[max(sentence[0], start - 2 * REACH) : min(sentence[1], end + 2 * REACH)],
            text[max(0, start - CONTEXT) : end + REACH],
            text[end : min(sentence[1], right)],
        )

    def _bounds(self, marks: list[int], start: int, end: int) -> Span:
        last = bisect_right(marks, end)
        return marks[bisect_right(marks, start) - 1], marks[last] if last < len(marks) else len(self.text)
