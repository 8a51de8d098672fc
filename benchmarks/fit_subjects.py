"""Fits the weights of the features that say whose a figure is, on labelled articles; leaving one batch out says how well they carry over.

A conditional logit: of the names within reach, and nobody, the owner's sum should be the largest; weights are held small by a
square penalty. What a figure finds held of the figures before it is first the truth, then what weights fitted on other articles hold,
errors and all: as it will be when an article is read. Run `python -m benchmarks.fit_subjects` to print the estimate, with `--write`
to store the weights.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy import sparse

from benchmarks.composed import read_marked
from benchmarks.labelled_articles import read_labels, same_system
from helpers.ledger.knowledge import Knowledge
from helpers.paths import DATA, PROJECT
from helpers.reader.cues import Figure, History
from helpers.reader.names import canonical
from helpers.reader.page_layout import PageLayout
from helpers.reader.reader import read_layout
from helpers.reader.subjects import LEAST_CHANCE, NOBODY, WEIGHTS, Subject, Subjects

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]
Right = Callable[[str], bool]
Weights = Mapping[str, float]

TEXTS = PROJECT / "tests" / "reader" / "data"
PENALTY = 1.5
OWN_WEIGHT = 2.5  # of a figure of our own articles beside one of a stranger's
STEPS = 160
PARTS = 3  # of the articles; what is held in one of them is of weights fitted on the others


class Recorder(Subjects):
    """Keeps the figures whose owner is asked for, and names none."""

    figures: list[Figure]

    def owner(self, figure: Figure) -> Subject:
        self.figures.append(figure)
        return NOBODY


@dataclass
class Article:
    """A text laid out, its figures each with what is right of it (None where no label is), and the number of its labels."""

    batch: str
    layout: PageLayout
    figures: list[tuple[Figure, Right | None]]
    labels: int
    weight: float = 1.0
    cases: list[Case] = field(default_factory=list)


@dataclass
class Case:
    """A labelled figure: the features of the owners within reach, which of them are right, and the weight of its article."""

    features: list[list[str]]
    right: list[bool]
    weight: float


def laid_out(batch: str, text: str, spans: Sequence[tuple[int, int, Right]], knowledge: Knowledge) -> Article:
    """An article with its figures, as the reader finds them; each label belongs to the first figure that it touches."""
    layout = PageLayout(text, knowledge.index, knowledge.families)
    reading = copy(layout)
    recorder = Recorder(reading.subjects.cues)
    recorder.figures = []
    reading.__dict__["subjects"] = recorder
    read_layout(reading)
    left = dict(enumerate(layout.span(f.start, f.end)[:2] for f in recorder.figures))
    found: dict[int, Right] = {}
    for start, end, right in spans:
        index = next((i for i, (a, b) in left.items() if a < end and start < b), None)
        if index is not None:
            found[index] = right
            del left[index]
    return Article(batch, layout, [(f, found.get(i)) for i, f in enumerate(recorder.figures)], len(spans))


def labelled(knowledge: Knowledge) -> Iterator[Article]:
    """Articles by strangers."""

    @cache
    def is_right(wanted: str, read: str) -> bool:
        return same_system(wanted, knowledge.everyday.get(canonical(read), read), knowledge)

    for folder in sorted((TEXTS / "labelled").glob("batch_*")):
        for name, rows in read_labels(folder).items():
            spans = [
                (
                    int(r["start"]),
                    int(r["start"]) + len(r["printed"]),
                    lambda read, wanted=r["system"]: is_right(wanted, read),
                )
                for r in rows
            ]
            yield laid_out(folder.name, (folder / name).read_text(encoding="utf-8"), spans, knowledge)


def composed(knowledge: Knowledge) -> Iterator[Article]:
    """Articles of our own, whose marks know only systems of the tables."""

    def right(wanted: str) -> Right:
        return lambda read: read == wanted if wanted else read not in knowledge.names

    for path in sorted((TEXTS / "composed").glob("batch_*.txt")):
        for text, rows in read_marked(path).values():
            spans = [(int(r["char_start"]), int(r["char_end"]), right(r["system_id"])) for r in rows]
            article = laid_out("composed", text, spans, knowledge)
            article.weight = OWN_WEIGHT
            yield article


def _cases(article: Article, table: Weights | None) -> Iterator[Case]:
    """The labelled figures of an article, where the figures before have their right owners, or those that weights give them."""
    finder, history = copy(article.layout).subjects, History()
    finder.table = table or finder.table
    for figure, right in article.figures:
        scene = finder.cues.scene(figure)
        if table:
            history = max(finder.beliefs, key=lambda held: finder.beliefs[held])
        if right is not None:
            owners = [
                (owner, features + finder.cues.continued(owner, scene, history))
                for owner, _, features in finder.candidates(scene)
            ]
            good = [right(owner) for owner, _ in owners]
            if any(good):
                yield Case([features for _, features in owners], good, article.weight)
            if any(good) and not table:
                nearest = owners[max(i for i, fits in enumerate(good) if fits)][0]
                history = finder.cues.after(history, scene, nearest)
                finder.cues.note(figure, nearest)
        if table:
            finder.owner(figure)


def set_cases(articles: Sequence[Article]) -> None:
    """Give each article its cases, as they are when weights fitted on articles of other batches go through it."""
    for article in articles:
        article.cases = list(_cases(article, None))
    batches = sorted({article.batch for article in articles})
    tables = {
        part: learned(article for article in articles if batches.index(article.batch) % PARTS != part)
        for part in range(PARTS)
    }
    for article in articles:
        article.cases = list(_cases(article, tables[batches.index(article.batch) % PARTS]))


def fit(cases: Sequence[Case], penalty: float = PENALTY) -> dict[str, float]:
    """Weights by gradient ascent with adaptive steps (Adam)."""
    names = sorted({feature for case in cases for features in case.features for feature in features})
    index = {name: i for i, name in enumerate(names)}
    rows = [[index[feature] for feature in features] for case in cases for features in case.features]
    sizes = [len(row) for row in rows]
    design = sparse.csr_matrix(
        (np.ones(sum(sizes)), np.concatenate(rows), np.r_[0, np.cumsum(sizes)]), (len(rows), len(names))
    )
    counts = np.array([len(case.right) for case in cases])
    starts = np.r_[0, np.cumsum(counts)[:-1]]
    right = np.concatenate([case.right for case in cases])
    weight = np.repeat([case.weight for case in cases], counts)
    w, momentum, velocity = np.zeros((3, len(names)))
    for step in range(1, STEPS + 1):
        scores = design @ w
        pull = (_softmax(scores, starts, counts, right) - _softmax(scores, starts, counts, right | True)) * weight
        gradient = design.T @ pull - penalty * w
        momentum = 0.9 * momentum + 0.1 * gradient
        velocity = 0.99 * velocity + 0.01 * gradient**2
        w = w + 0.1 * (momentum / (1 - 0.9**step)) / (np.sqrt(velocity / (1 - 0.99**step)) + 1e-8)
    return dict(zip(names, w.tolist(), strict=True))


def _softmax(scores: Floats, starts: Ints, counts: Ints, mask: Bools) -> Floats:
    """Chances within each group of rows that begins at `starts`, over the rows of the mask."""
    masked = np.where(mask, scores, -np.inf)
    exponentials = np.exp(masked - np.repeat(np.maximum.reduceat(masked, starts), counts))
    return np.asarray(exponentials / np.repeat(np.add.reduceat(exponentials, starts), counts))


def learned(articles: Iterable[Article]) -> dict[str, float]:
    """Weights learned from articles."""
    return fit([case for article in articles for case in article.cases])


def scored(articles: Iterable[Article], table: Weights) -> tuple[int, int, int]:
    """Labels, those with the right owner, and those with a wrong one (named, but not right)."""
    labels = right = wrong = 0
    for article in articles:
        finder = copy(article.layout).subjects
        finder.table = table
        labels += article.labels
        for figure, is_right in article.figures:
            owner = finder.owner(figure).system_id
            if is_right:
                right += is_right(owner)
                wrong += owner != "" and not is_right(owner)
    return labels, right, wrong


def estimate(ours: list[Article], strangers: list[Article]) -> None:
    """Print what is reached on each batch of strangers' articles by weights that were fitted without it."""
    print(f"least chance {LEAST_CHANCE}")
    total = np.zeros(3)
    for batch in sorted({article.batch for article in strangers}):
        table = learned(ours + [article for article in strangers if article.batch != batch])
        result = np.array(scored((article for article in strangers if article.batch == batch), table))
        total += result
        print(_line(batch, result), flush=True)
    print(_line("pooled", total))


def _line(name: str, result: npt.NDArray[np.generic]) -> str:
    labels, right, wrong = result.tolist()
    return f"{name:>10s} labels {labels:5.0f} right {right / labels:.3f} wrong {wrong / labels:.3f}"


def main() -> None:
    """Print the estimate by leaving batches out; store the weights of all, if asked."""
    knowledge = Knowledge(DATA)
    ours, strangers = list(composed(knowledge)), list(labelled(knowledge))
    set_cases(ours + strangers)
    if "--write" not in sys.argv:
        estimate(ours, strangers)
        return
    table = learned(ours + strangers)
    with WEIGHTS.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows(
            [("feature", "weight"), *((f, f"{x:.2f}") for f, x in sorted(table.items()) if abs(x) >= 0.05)]
        )


if __name__ == "__main__":
    main()
