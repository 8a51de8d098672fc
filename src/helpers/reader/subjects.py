"""Which system a figure is about: every name within reach is weighed by a few features, and the best one wins if it wins clearly.

The features are those of discourse: where the name stands (clause, sentence, line, title), what it is there (subject, yardstick,
possessor, tool), whether its sort can have such a quantity, what owned the figure before, and what pronouns point to.
`subject_weights.csv` holds one weight a feature; a name's chance is the softmax of its sum, beside that of no owner at all.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path

from helpers.reader.cues import Cues, Figure
from helpers.reader.names import Mention
from helpers.rows import read_rows

WEIGHTS = Path(__file__).with_name("subject_weights.csv")
BEFORE, AFTER, LEAD = 12, 4, 4  # names looked at before a figure, behind it, and in title and lead
LEAST_CHANCE = 0.5
_SIZE = re.compile(r"-(\d+)(b|t|m)(?:-a\d+b)?$")  # of an id
_SIZE_POWER = {"m": 6, "b": 9, "t": 12}


@dataclass(frozen=True)
class Subject:
    """The owner of a figure: its id or name, and how the text names it (here, aside, before, far, title, or not at all)."""

    system_id: str
    how: str


NOBODY = Subject("", "")


@cache
def weights() -> Mapping[str, float]:
    """The weight of each feature."""
    return {row["feature"]: float(row["weight"]) for row in read_rows(WEIGHTS, ("feature", "weight"))}


class Subjects:
    """Finds the owner of each figure of a folded text, in the order of the text."""

    def __init__(self, cues: Cues, ids: Sequence[str] = ()) -> None:
        self._cues = cues
        self._mentions = cues.mentions
        self._starts = cues.starts
        self.table = weights()
        self._members = _sizes(ids)
        self._sized: dict[str, tuple[str, int]] = {}

    def owner(self, figure: Figure) -> Subject:
        """The owner, nobody where no name wins clearly."""
        news = self._cues.company_news(figure)
        in_label = self._cues.of_row(figure)
        if in_label:
            self.settle(figure, in_label[0], 1.0)
            return Subject(in_label[0], "here")
        chances = self.chances(figure)
        best = max(chances, key=lambda system_id: chances[system_id][0])
        chance, mention = chances[best]
        self.settle(figure, best, chance)
        if mention is None or chance < LEAST_CHANCE or (news and mention.sort != "company"):
            return NOBODY
        return Subject(self._member(best, figure), self._cues.how(mention, figure, chance))

    def _member(self, family: str, figure: Figure) -> str:
        """The member of a family whose size is printed, here or before in the line (M6 and 10万亿 -> m6-10t)."""
        line = self._cues.line_of(figure.start)
        if figure.kind == "parameters":
            member = next(
                (self._members[family, size] for size in figure.sizes if (family, size) in self._members), family
            )
            last, at = self._sized.get(family, (member, line))
            one = at != line or last == member
            self._sized[family] = (member if one else family, line)
            return member
        member, at = self._sized.get(family, (family, -1))
        return member if at == line else family

    def settle(self, figure: Figure, owner: str, chance: float) -> None:
        """Remember whose the figure is, for those that follow."""
        self._cues.settle(figure, owner, chance, LEAST_CHANCE)

    def named_after(self, end: int, clause_end: int) -> bool:
        """Whether a name follows the figure that ends at `end`, tied to it."""
        return self._cues.tied_after(end, clause_end)

    def chances(self, figure: Figure) -> dict[str, tuple[float, Mention | None]]:
        """The chance of each owner, with its best mention; the empty name is nobody."""
        table = self.table
        sums = [(sum(table.get(f, 0.0) for f in features), name, m) for name, m, features in self.candidates(figure)]
        most = max(total for total, _, _ in sums)
        whole = sum(math.exp(total - most) for total, _, _ in sums)
        found: dict[str, tuple[float, Mention | None]] = {}
        for total, name, mention in sorted(sums, key=lambda row: row[0]):
            found[name] = (found.get(name, (0.0, None))[0] + math.exp(total - most) / whole, mention)
        return found

    def candidates(self, figure: Figure) -> Iterator[tuple[str, Mention | None, list[str]]]:
        """Possible owners with their features; the first is nobody."""
        at, end = bisect_left(self._starts, figure.start), bisect_left(self._starts, figure.end)
        first = max(0, at - BEFORE)
        near = range(first, min(len(self._mentions), end + AFTER))
        lead = range(min(LEAD, first))
        yield "", None, self._cues.of_nobody(figure)
        for index in (*lead, *near):
            mention = self._mentions[index]
            if (
                at
                and mention.start >= figure.end
                and self._cues.sentence_of(mention.start) != self._cues.sentence_of(figure.start)
            ):
                break
            yield mention.system_id, mention, self._cues.of_name(index, figure)
            if mention.short:
                maker = replace(mention, candidates=(mention.short,), sort="company")
                yield mention.short, maker, self._cues.of_maker(maker, figure)


def _sizes(ids: Sequence[str]) -> dict[tuple[str, Decimal], str]:
    """Systems whose id ends with a size (m6-10t), by family and size."""
    found = ((_SIZE.search(system_id), system_id) for system_id in ids)
    return {
        (_SIZE.sub("", system_id), Decimal(size.group(1)).scaleb(_SIZE_POWER[size.group(2)])): system_id
        for size, system_id in found
        if size
    }
