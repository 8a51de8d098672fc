"""Which system a figure is about: every name within reach is weighed by a few features, and the best one wins if it wins clearly.

The features are those of discourse: where the name stands (clause, sentence, line, title), what it is there (subject, yardstick,
possessor, tool), whether its sort can have such a quantity, what owned the figure before, and what pronouns point to.
`subject_weights.csv` holds one weight a feature; a name's chance is the softmax of its sum, beside that of no owner at all.
"""

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from heapq import nlargest
from pathlib import Path

from helpers.reader.cues import Cues, Figure, History, Scene, Span
from helpers.reader.names import Mention
from helpers.rows import read_rows

WEIGHTS = Path(__file__).with_name("subject_weights.csv")
BEFORE, AFTER, LEAD = 12, 4, 4  # names looked at before a figure, behind it, and in title and lead
LEAST_CHANCE = 0.6
BELIEFS = 5  # histories held side by side
_LETTERS = (("B", 9), ("T", 12), ("M", 6))


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
    """Finds the owner of each figure of a folded text, in the order of the text; what it holds of the figures before stays in doubt."""

    def __init__(self, cues: Cues, systems_of: Callable[[str], Sequence[str]] = lambda name: ()) -> None:
        self.cues = cues
        self._mentions = cues.mentions
        self._starts = cues.starts
        self.table = weights()
        self._systems_of = systems_of
        self._sized: dict[tuple[str, Span | None], tuple[str, int]] = {}
        self.beliefs = {History(): 1.0}  # what may be held of the figures before, and how sure it is

    def owner(self, figure: Figure) -> Subject:
        """The owner, nobody where no name wins clearly."""
        scene = self.cues.scene(figure)
        chances = self.chances(scene)
        best = max(chances, key=lambda system_id: chances[system_id][0])
        chance, mention = chances[best]
        if mention is None or chance < LEAST_CHANCE:
            return NOBODY
        self.cues.note(figure, best)
        return self._member(best, mention, figure, self.cues.how(mention, scene, chance))

    def _member(self, owner: str, mention: Mention, figure: Figure, how: str) -> Subject:
        """The member of a family whose size is printed, here or before (M6 and 10万亿 -> m6-10t): far but in its line, and none once
        another size was printed; each row of a table has its own."""
        line, place = self.cues.line_of(figure.start), (owner, figure.row)
        sized = self._of_size(mention, figure.sizes) if figure.kind == "parameters" else ""
        if sized or (figure.kind == "parameters" and not figure.row):
            member = sized or owner
            last, at = self._sized.get(place, (member, line))
            self._sized[place] = (member if last == member else owner, line)
            return Subject(member, how)
        member, at = self._sized.get(place, (owner, line))
        return Subject(member, how if member == owner or at == line else "far")

    def _of_size(self, mention: Mention, sizes: Sequence[Decimal]) -> str:
        """The system that a name and a size make together: Llama 3, 405 billion."""
        name = self.cues.printed(mention)
        spelled = (
            f"{name} {size.scaleb(-power).normalize():f}{letter}" for size in sizes for letter, power in _LETTERS
        )
        return next((systems[0] for spelling in spelled if (systems := self._systems_of(spelling))), "")

    def chances(self, scene: Scene) -> dict[str, tuple[float, Mention | None]]:
        """The chance of each owner over all that may be held of the figures before, with its best mention; the empty name is nobody."""
        owners = sorted(
            ((self._sum(features), name, mention) for name, mention, features in self.candidates(scene)),
            key=lambda row: row[0],
        )
        found: dict[str, tuple[float, Mention | None]] = {}
        beliefs: dict[History, float] = defaultdict(float)
        for history, belief in self.beliefs.items():
            more = {name: self._sum(self.cues.continued(name, scene, history)) for _, name, _ in owners}
            most = max(total + more[name] for total, name, _ in owners)
            shares = [math.exp(total + more[name] - most) for total, name, _ in owners]
            rate = belief / sum(shares)
            for (_, name, mention), share in zip(owners, shares, strict=True):
                chance = rate * share
                found[name] = (found.get(name, (0.0, None))[0] + chance, mention)
                beliefs[self.cues.after(history, scene, name)] += chance
        likely = nlargest(BELIEFS, beliefs, key=lambda history: beliefs[history])
        whole = sum(beliefs[history] for history in likely)
        self.beliefs = {history: beliefs[history] / whole for history in likely}
        return found

    def _sum(self, features: Iterable[str]) -> float:
        return sum(self.table.get(feature, 0.0) for feature in features)

    def candidates(self, scene: Scene) -> Iterator[tuple[str, Mention | None, list[str]]]:
        """Possible owners with their features; the first is nobody, but in a cell whose row or column has a name."""
        labelled = range(*(bisect_left(self._starts, at) for at in scene.figure.row or (0, 0)))
        if not labelled:
            yield "", None, self.cues.of_nobody(scene)
        for index in labelled or self._within_reach(scene):
            mention = self._mentions[index]
            yield mention.system_id, mention, self.cues.of_name(index, scene)
            if mention.short:
                maker = replace(mention, candidates=(mention.short,), sort="company")
                yield mention.short, maker, self.cues.of_maker(maker, scene)

    def _within_reach(self, scene: Scene) -> Iterator[int]:
        """Names in title and lead, before the figure, and behind it in its sentence."""
        first = max(0, scene.at - BEFORE)
        if scene.figure.row:  # of a cell whose row has no name, no other cell of it is the owner
            row = bisect_left(self._starts, scene.figure.row[0])
            yield from range(max(0, row - BEFORE), row)
            return
        yield from range(min(LEAD, first))
        yield from range(first, scene.at)
        sentence = self.cues.sentence_of(scene.figure.start)
        for index in range(scene.behind, min(len(self._mentions), scene.behind + AFTER)):
            if scene.at and self.cues.sentence_of(self._starts[index]) != sentence:
                break
            yield index
