"""Fits the weights of the features that say whose a figure is, on labelled articles; leave-one-article-out says how well they carry over.

A conditional logit: of the names within reach, and nobody, the owner's sum should be the largest; weights are held small by a
square penalty. Run `python -m benchmarks.fit_subjects` to print the estimate, with `--write` to store the weights.
"""

from __future__ import annotations

import csv
import math
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.composed import read_marked
from benchmarks.labelled_articles import read_labels, same_system
from helpers.ledger.knowledge import Knowledge
from helpers.paths import DATA, PROJECT
from helpers.reader.cues import Figure
from helpers.reader.page_layout import PageLayout
from helpers.reader.reader import read_layout
from helpers.reader.subjects import WEIGHTS, Subject, Subjects

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]

TEXTS = PROJECT / "tests" / "reader" / "data"
PENALTY = 1.0
OWN_WEIGHT = 1.2  # of a figure of our own articles beside one of a stranger's
ROUNDS = 3


@dataclass
class Case:
    """A labelled figure: its article, the owners within reach with their features, which of them are right, its weight and what is said."""

    article: str
    owners: list[tuple[str, list[str]]]
    right: list[bool]
    weight: float = 1.0
    said: str = ""


Right = Callable[[str], bool]
Article = tuple[str, str, list[tuple[int, int, Right]]]


class Watched(Subjects):
    """Finds owners and keeps the cases of labelled figures; the owner of the last figure is the right one if `guided`."""

    def __init__(self, layout: PageLayout, article: Article, table: Mapping[str, float], guided: bool) -> None:
        super().__init__(layout.cues, layout.ids)
        self.table = table
        self._layout, self._article, self._guided = layout, article, guided
        self.cases: list[Case] = []

    def owner(self, figure: Figure) -> Subject:
        first, last, printed = self._layout.span(figure.start, figure.end)
        name, _, labels = self._article
        right = next((r for a, b, r in labels if first < b and a < last), None)
        if right is None:
            return super().owner(figure)
        owners = [(owner, features) for owner, _, features in self.candidates(figure)]
        answer = super().owner(figure)
        if figure.row and self._cues.of_row(figure):
            owners = [(answer.system_id, [])]
        case = Case(name, owners, [right(owner) for owner, _ in owners], 1.0, f"{printed} {figure.kind}")
        self.cases.append(case)
        if self._guided and len(owners) > 1:
            owner = next((owner for owner, _ in reversed(owners) if right(owner)), answer.system_id)
            self.settle(figure, owner, 1.0)
        return answer


class WatchedLayout(PageLayout):
    """A text laid out whose finder of owners is watched."""

    def watch(self, article: Article, table: Mapping[str, float], guided: bool) -> Watched:
        """Put the watched finder in the place of the plain one."""
        watched = Watched(self, article, table, guided)
        self.__dict__["subjects"] = watched
        return watched


def carried(articles: Iterable[Article], knowledge: Knowledge, table: Mapping[str, float], guided: bool) -> list[Case]:
    """The labelled figures of articles, in order, read with these weights."""
    cases: list[Case] = []
    for article in articles:
        layout = WatchedLayout(article[1], list(knowledge.names.items()), knowledge.families)
        watched = layout.watch(article, table, guided)
        read_layout(layout)
        cases += watched.cases
    return cases


def labelled(knowledge: Knowledge) -> Iterator[Article]:
    """Articles by strangers: name, text, spans with what is right."""

    def right(wanted: str) -> Right:
        return lambda read: same_system(wanted, read, knowledge)

    for folder in sorted((TEXTS / "labelled").glob("batch_*")):
        for name, rows in read_labels(folder).items():
            starts = [(int(row["start"]), row["printed"], row["system"]) for row in rows]
            spans = [(start, start + len(printed), right(system)) for start, printed, system in starts]
            yield f"{folder.name}/{name}", (folder / name).read_text(encoding="utf-8"), spans


def composed(knowledge: Knowledge) -> Iterator[Article]:
    """Articles of our own, whose marks know only systems of the tables."""

    def right(wanted: str) -> Right:
        return lambda read: read == wanted if wanted else read not in knowledge.names

    for path in sorted((TEXTS / "composed").glob("batch_*.txt")):
        for name, (text, rows) in read_marked(path).items():
            spans = [(int(r["char_start"]), int(r["char_end"]), right(r["system_id"])) for r in rows]
            yield f"{path.stem}/{name}", text, spans


def fit(cases: Sequence[Case], penalty: float = PENALTY) -> dict[str, float]:
    """Weights by batch gradient ascent with adaptive steps."""
    names = sorted({f for case in cases for _, features in case.owners for f in features})
    index = {name: i for i, name in enumerate(names)}
    rows, case_of, right = [], [], []
    for c, case in enumerate(cases):
        if not any(case.right) or len(case.owners) < 2:
            continue
        for (_, features), good in zip(case.owners, case.right, strict=True):
            rows.append([index[f] for f in features])
            case_of.append(c)
            right.append(good)
    sizes = np.array([len(row) for row in rows])
    flat, heads = np.concatenate([np.array(row) for row in rows]), np.r_[0, np.cumsum(sizes)[:-1]]
    groups = np.array(case_of)
    mask = np.array(right)
    starts = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]])
    weight = np.repeat([cases[groups[s]].weight for s in starts], np.diff(np.r_[starts, len(groups)]))
    w = np.zeros(len(names))
    velocity = np.zeros(len(names))
    momentum = np.zeros(len(names))
    for step in range(1, 161):
        scores = np.add.reduceat(w[flat], heads)
        pull = (_softmax(scores, starts, mask) - _softmax(scores, starts, np.ones(len(groups), bool))) * weight
        gradient = np.bincount(flat, np.repeat(pull, sizes), len(names)) - penalty * w
        momentum = 0.9 * momentum + 0.1 * gradient
        velocity = 0.99 * velocity + 0.01 * gradient**2
        w += 0.1 * (momentum / (1 - 0.9**step)) / (np.sqrt(velocity / (1 - 0.99**step)) + 1e-8)
    return dict(zip(names, w, strict=True))


def _softmax(scores: Floats, starts: Ints, mask: Bools) -> Floats:
    """Chances within each group of rows that begins at `starts`, over the rows of the mask."""
    masked = np.where(mask, scores, -1e9)
    sizes = np.diff(np.r_[starts, len(masked)])
    exponentials = np.exp(masked - np.repeat(np.maximum.reduceat(masked, starts), sizes)) * mask
    return np.asarray(exponentials / np.repeat(np.add.reduceat(exponentials, starts), sizes))


def chosen(case: Case, w: dict[str, float]) -> tuple[float, str, bool]:
    """The likeliest owner with its chance, and whether it is right."""
    sums = [sum(w.get(f, 0.0) for f in features) for _, features in case.owners]
    most = max(sums)
    by_name: dict[str, float] = defaultdict(float)
    right: dict[str, bool] = {}
    for (name, _), total, good in zip(case.owners, sums, case.right, strict=True):
        by_name[name] += math.exp(total - most)
        right[name] = good
    best = max(by_name, key=lambda name: by_name[name])
    return by_name[best] / sum(by_name.values()), best, right[best]


def estimate(
    strangers: list[Article], own_cases: list[Case], by_article: dict[str, list[Case]], knowledge: Knowledge
) -> None:
    """Print what is reached on strangers' articles that the weights were not fitted to, by least chance."""
    folds = 9
    judged: list[tuple[Case, float, str, bool]] = []
    for fold in range(folds):
        left = [article for i, article in enumerate(strangers) if i % folds == fold]
        out = {name for name, _, _ in left}
        rest = [article for article in strangers if article[0] not in out]
        guided = own_cases + [c for name, cases in by_article.items() if name not in out for c in cases]
        w = fit(guided)
        w = fit(guided + carried(rest, knowledge, w, False))
        judged += [(case, *chosen(case, w)) for case in carried(left, knowledge, w, False)]
    labels = sum(len(spans) for _, _, spans in strangers)
    print("labels", labels, "cases", len(judged), "within reach", sum(any(c.right) for c, *_ in judged))
    for least in (0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        named = [(case, p, name, good) for case, p, name, good in judged if p >= least or not name]
        unnamed = [c for c, p, name, _ in judged if p < least and name]
        right = sum(good for *_, good in named) + sum(c.right[0] for c in unnamed)
        wrong = sum(not good and name != "" for _, _, name, good in named)
        print(f"{least:4.1f} right {right / labels:.3f} wrong {wrong / labels:.3f}")


def main() -> None:
    """Print the estimate by leaving articles out; store the weights of all, if asked."""
    knowledge = Knowledge(DATA)
    ours, strangers = list(composed(knowledge)), list(labelled(knowledge))
    own_cases = carried(ours, knowledge, {}, True)
    for case in own_cases:
        case.weight = OWN_WEIGHT
    by_article = {article[0]: carried([article], knowledge, {}, True) for article in strangers}
    if "--write" not in sys.argv:
        estimate(strangers, own_cases, by_article, knowledge)
        return
    everything = own_cases + [c for cases in by_article.values() for c in cases]
    w = fit(everything)
    w = fit(everything + carried(strangers, knowledge, w, False))
    rows = sorted(w.items(), key=lambda row: row[0])
    with WEIGHTS.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows(
            [("feature", "weight"), *((f, f"{x:.2f}") for f, x in rows if abs(x) >= 0.05)]
        )


if __name__ == "__main__":
    main()
