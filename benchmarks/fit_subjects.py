"""Fits the weights of the features that say whose a figure is, on labelled articles; leave-one-article-out says how well they carry over.

A conditional logit: of the names within reach, and nobody, the owner's sum should be the largest; weights are held small by a
square penalty. Run `python -m benchmarks.fit_subjects` to print the estimate, with `--write` to store the weights.
"""

from __future__ import annotations

import csv
import math
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.composed import read_marked
from benchmarks.labelled_articles import read_labels, same_system
from helpers.ledger.scan import Knowledge
from helpers.paths import DATA, PROJECT
from helpers.reader import page_layout
from helpers.reader.cues import Figure
from helpers.reader.reader import read_text
from helpers.reader.subjects import WEIGHTS, Subject, Subjects

TEXTS = PROJECT / "tests" / "reader" / "data"
PENALTY = 0.5
OWN_WEIGHT = 0.6  # of a figure of our own articles beside one of a stranger's
ROUNDS = 3


@dataclass
class Case:
    """A labelled figure: its article, the owners within reach with their features, which of them are right, and its weight."""

    article: str
    owners: list[tuple[str, list[str]]]
    right: list[bool]
    weight: float = 1.0
    said: str = ""
    wanted: str = ""


Right = Callable[[str], bool]
Article = tuple[str, str, list[tuple[int, int, Right]]]


def cases_of(
    article: str, text: str, labels: Sequence[tuple[int, int, Right]], knowledge: Knowledge, guided: bool
) -> list[Case]:
    """The labelled figures of a text, in order; `guided` lets the owner of the last figure be the right one, else the one read."""
    found: list[Case] = []

    class Watched(Subjects):
        def owner(self, figure: Figure) -> Subject:
            first, last, printed = layout[0].span(figure.start, figure.end)
            right = next((r for a, b, r in labels if first < b and a < last), None)
            if figure.row and self._cues.of_row(figure):
                answer = super().owner(figure)
                if right:
                    found.append(Case(article, [(answer.system_id, [])], [right(answer.system_id)]))
                return answer
            owners = [(name, features) for name, _, features in self.candidates(figure)]
            if right:
                found.append(
                    Case(
                        article,
                        owners,
                        [right(name) for name, _ in owners],
                        1.0,
                        f"{printed} {figure.kind}",
                        str(right.__defaults__),
                    )
                )
            answer = super().owner(figure)
            if guided and right:
                named = next((name for name, _ in reversed(owners) if right(name)), answer.system_id)
                self.settle(figure, named, 1.0)
            return answer

    layout: list[page_layout.PageLayout] = []
    plain, init = page_layout.Subjects, page_layout.PageLayout.__init__

    def watched(self: page_layout.PageLayout, *args: object) -> None:
        init(self, *args)  # type: ignore[arg-type]
        layout.append(self)

    page_layout.Subjects, page_layout.PageLayout.__init__ = Watched, watched  # type: ignore[misc,method-assign]
    try:
        read_text(text, list(knowledge.names.items()), knowledge.families)
    finally:
        page_layout.Subjects, page_layout.PageLayout.__init__ = plain, init  # type: ignore[misc,method-assign]
    return found


def labelled(knowledge: Knowledge) -> Iterable[tuple[str, str, list[tuple[int, int, Right]]]]:
    """Articles by strangers: name, text, spans with what is right."""
    for folder in sorted((TEXTS / "labelled").glob("batch_*")):
        for name, rows in read_labels(folder).items():
            spans = []
            for row in rows:
                start, wanted = int(row["start"]), row["system"]
                spans.append(
                    (start, start + len(row["printed"]), lambda read, w=wanted: same_system(w, read, knowledge))
                )
            yield name, (folder / name).read_text(encoding="utf-8"), spans


def composed(knowledge: Knowledge) -> Iterable[tuple[str, str, list[tuple[int, int, Right]]]]:
    """Articles of our own, whose marks know only systems of the tables."""
    for path in sorted((TEXTS / "composed").glob("batch_*.txt")):
        for name, (text, rows) in read_marked(path).items():
            yield (
                f"{path.stem}/{name}",
                text,
                [
                    (
                        int(r["char_start"]),
                        int(r["char_end"]),
                        lambda read, w=r["system_id"]: read == w if w else read not in knowledge.names,
                    )
                    for r in rows
                ],
            )


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
    good = np.array(right)
    starts = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]])
    weight = np.repeat([cases[groups[s]].weight for s in starts], np.diff(np.r_[starts, len(groups)]))
    w = np.zeros(len(names))
    velocity = np.zeros(len(names))
    momentum = np.zeros(len(names))
    for step in range(1, 161):
        scores = np.add.reduceat(w[flat], heads)
        pull = (_softmax(scores, starts, good) - _softmax(scores, starts, np.ones(len(groups), bool))) * weight
        gradient = np.bincount(flat, np.repeat(pull, sizes), len(names)) - penalty * w
        momentum = 0.9 * momentum + 0.1 * gradient
        velocity = 0.99 * velocity + 0.01 * gradient**2
        w += 0.1 * (momentum / (1 - 0.9**step)) / (np.sqrt(velocity / (1 - 0.99**step)) + 1e-8)
    return dict(zip(names, w, strict=True))


def _softmax(scores, starts, mask):  # type: ignore[no-untyped-def]
    s = np.where(mask, scores, -1e9)
    sizes = np.diff(np.r_[starts, len(s)])
    top = np.repeat(np.maximum.reduceat(s, starts), sizes)
    e = np.exp(s - top) * mask
    return e / np.repeat(np.add.reduceat(e, starts), sizes)


def carried(
    articles: list[tuple[str, str, list]], knowledge: Knowledge, weights: dict[str, float], guided: bool
) -> list[Case]:  # type: ignore[type-arg]
    """All cases of articles under these weights."""
    from helpers.reader import subjects

    plain = subjects.weights
    subjects.weights = lambda: weights  # type: ignore[assignment]
    try:
        return [case for name, text, spans in articles for case in cases_of(name, text, spans, knowledge, guided)]
    finally:
        subjects.weights = plain


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
    folds, judged = 9, []
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
        rest = [c for c, p, name, _ in judged if p < least and name]
        right = sum(good for *_, good in named) + sum(c.right[0] for c in rest)
        wrong = sum(not good and name != "" for _, _, name, good in named)
        print(f"{least:4.1f} right {right / labels:.3f} wrong {wrong / labels:.3f}")
    if "--show" in sys.argv:
        for case, p, name, good in judged:
            if not good:
                print(
                    case.article,
                    case.said,
                    f"{p:.2f}",
                    repr(name),
                    [n for (n, _), g in zip(case.owners, case.right, strict=True) if g][:1] or case.wanted,
                )


def main() -> None:
    """Print the estimate by leaving articles out; store the weights of all, if asked."""
    knowledge = Knowledge(DATA)
    ours, strangers = list(composed(knowledge)), list(labelled(knowledge))
    own_cases = carried(ours, knowledge, {}, True)
    for case in own_cases:
        case.weight = OWN_WEIGHT
    by_article = {name: carried([(name, text, spans)], knowledge, {}, True) for name, text, spans in strangers}
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
