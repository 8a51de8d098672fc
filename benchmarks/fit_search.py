"""Fits what each trait that a claim shares with a typed sentence is worth, on the paraphrases of tests/browser/paraphrases.csv.

A conditional logit: of all claims that share something with the sentence, one that is meant should have the largest sum; weights are
held small by a square penalty. The traits are those that the page's own script finds, in Chromium, on the report as it is built.
Run `python -m benchmarks.fit_search` to print how many of the sentences find their claim first when their tenth was left out of the
fit, with `--write` to store the weights of all.
"""

import csv
import shutil
import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from playwright.sync_api import sync_playwright
from scipy.optimize import minimize

from benchmarks.page_speed import CHROMIUMS, FLAGS
from helpers.paths import PROJECT, REPORT
from helpers.report import search_index
from helpers.structured import json_lines

Floats = npt.NDArray[np.float64]
PENALTY = 2.0
FOLDS = 10
TRAITS = tuple(search_index.WEIGHTS)
SHARED = """(texts) => {
    const data = JSON.parse(document.getElementById("check-index").textContent);
    const index = checkIndex(data);
    return texts.map((text) => [...index.traits(index.read(text))].map(([n, held]) => [data.ids[n], held]));
}"""


@dataclass(frozen=True)
class Sentence:
    """What was typed, a row of traits for each claim that shares something with it, and which of these are meant."""

    text: str
    traits: Floats
    is_meant: npt.NDArray[np.bool_]


def sentences() -> list[Sentence]:
    """Every paraphrase whose claim shares something with it."""
    with open(PROJECT / "tests" / "browser" / "paraphrases.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    path = next(found for name in CHROMIUMS if (found := shutil.which(name)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        page = browser.new_page()
        page.goto((REPORT / "index.html").as_uri())
        shared = page.evaluate(SHARED, [row["text"] for row in rows])
        browser.close()
    return [_sentence(row["text"], row["claims"].split(), claims) for row, claims in zip(rows, shared, strict=True)]


def _sentence(text: str, meant: list[str], claims: list[tuple[str, dict[str, float]]]) -> Sentence:
    traits = np.array([[held.get(trait, 0.0) for trait in TRAITS] for _, held in claims]).reshape(-1, len(TRAITS))
    return Sentence(text, traits, np.array([claim_id in meant for claim_id, _ in claims], dtype=bool))


def fitted(found: list[Sentence], scale: Floats) -> Floats:
    """The weights, of traits divided by their `scale`."""
    usable = [(one.traits / scale, one.is_meant) for one in found if one.is_meant.any()]

    def loss(weights: Floats) -> tuple[float, Floats]:
        value, gradient = PENALTY * float(weights @ weights) / 2, PENALTY * weights
        for traits, is_meant in usable:
            sums = traits @ weights
            shares = np.exp(sums - sums.max())
            shares /= shares.sum()
            meant = float(shares[is_meant].sum()) + 1e-300
            value -= np.log(meant)
            gradient = gradient - traits.T @ (shares * is_meant / meant - shares)
        return value, gradient

    return np.asarray(minimize(loss, np.zeros(len(TRAITS)), jac=True, method="L-BFGS-B").x)


def finds(weights: Floats, one: Sentence) -> bool:
    """Whether the first claim is one that is meant."""
    return bool(len(one.traits) and one.is_meant[np.argmax(one.traits @ weights)])


def main() -> None:
    """Print the rate of sentences that were left out of the fit; store the weights of all where asked."""
    found = sentences()
    scale = np.sqrt(np.mean(np.concatenate([one.traits for one in found]) ** 2, axis=0)) + 1e-9
    fold = np.random.default_rng(0).integers(0, FOLDS, len(found))
    first = 0
    for out in range(FOLDS):
        weights = fitted([one for one, of in zip(found, fold, strict=True) if of != out], scale) / scale
        first += sum(finds(weights, one) for one, of in zip(found, fold, strict=True) if of == out)
    print(f"{first} of {len(found)} find their claim first when left out of the fit")
    weights = fitted(found, scale) / scale
    print(f"{sum(finds(weights, one) for one in found)} when not")
    if "--write" in sys.argv:
        kept: dict[str, Any] = {trait: round(float(weight), 3) for trait, weight in zip(TRAITS, weights, strict=True)}
        path = PROJECT / "src" / "helpers" / "report" / "search_weights.json"
        path.write_text(json_lines(kept) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
