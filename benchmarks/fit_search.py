"""Fits what each trait that a claim shares with a typed sentence is worth, on sentences of readers whose claim is known.

They are the paraphrases of tests/browser/paraphrases.csv, and the retellings that the index itself holds words of: each is typed
against an index that lacks it.

A conditional logit: of all claims that share something with the sentence, one that is meant should have the largest sum; weights are
held small by a square penalty. The traits are those that the page's own script finds, in Chromium, on the report as it is built.
Run `python -m benchmarks.fit_search` to print how many of the sentences find their claim first when their tenth was left out of the
fit, with `--write` to store the weights of all.
"""

import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from playwright.sync_api import sync_playwright
from scipy.optimize import minimize

from benchmarks.page_speed import CHROMIUMS, FLAGS
from helpers.ledger.judgement import judge_claims
from helpers.ledger.processed import read_processed
from helpers.paths import PROJECT, REPORT
from helpers.report import search_index
from helpers.report.search_index import Row
from helpers.rows import read_rows
from helpers.structured import json_lines

Floats = npt.NDArray[np.float64]
PENALTY = 2.0
FOLDS = 10
PARAPHRASES = PROJECT / "tests" / "browser" / "paraphrases.csv"
TRAITS = tuple(search_index.WEIGHTS)
SHARED = """([data, texts]) => {
    const index = checkIndex(data);
    const traits = Object.keys(data.weights);
    return texts.map((text) => [...index.traits(index.read(text))].map(([n, held]) => [n, ...traits.map((one) => held[one] ?? 0)]));
}"""


@dataclass(frozen=True)
class Sentence:
    """What was typed, a row of traits for each claim that shares something with it, and which of these are meant."""

    text: str
    traits: Floats
    is_meant: npt.NDArray[np.bool_]


def sentences() -> dict[str, list[Sentence]]:
    """The paraphrases typed against the whole index, the first, second ... retelling of each claim against one without it."""
    tables = read_processed(PROJECT / "data")
    verdicts = judge_claims(tables)
    retellings = pd.DataFrame(search_index.RETELLINGS)
    asked = retellings.assign(claims=retellings["claims"].map(_alike(tables["claims"])))
    place = retellings.groupby("claims").cumcount()
    path = next(found for name in CHROMIUMS if (found := shutil.which(name)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        page = browser.new_page()
        page.goto((REPORT / "index.html").as_uri())

        def typed(rows: Sequence[Row], held: pd.DataFrame) -> list[Sentence]:
            data = search_index.search_index(tables, verdicts, held.to_dict("records"))
            shared = page.evaluate(SHARED, [data, [row["text"] for row in rows]])
            return [_sentence(row, data["ids"], claims) for row, claims in zip(rows, shared, strict=True)]

        return {
            "paraphrases": typed(read_rows(PARAPHRASES), retellings),
            "retellings": [
                one
                for n in sorted(set(place))
                for one in typed(asked[place == n].to_dict("records"), retellings[place != n])
            ],
        }


def _alike(claims: pd.DataFrame) -> pd.Series:
    """To each claim those that give its system the same value or maker: which of them a retelling means, nobody can tell."""
    ids = claims["claim_id"]
    together = claims.groupby(["system_id", "kind", "value"], dropna=False)["claim_id"].transform(" ".join)
    said = claims["value"].fillna("").ne("") | claims["kind"].eq("attribution")
    return together.where(said, ids).set_axis(ids)


def _sentence(row: Row, ids: list[str], claims: list[list[float]]) -> Sentence:
    shared = np.array(claims).reshape(-1, 1 + len(TRAITS))
    meant = row["claims"].split()
    return Sentence(row["text"], shared[:, 1:], np.array([ids[int(n)] in meant for n in shared[:, 0]], dtype=bool))


def fitted(found: list[Sentence], scale: Floats) -> Floats:
    """The weights, of traits divided by their `scale`."""
    usable = [one for one in found if one.is_meant.any()]
    traits = np.concatenate([one.traits for one in usable]) / scale
    is_meant = np.concatenate([one.is_meant for one in usable])
    lengths = [len(one.traits) for one in usable]
    starts = np.cumsum([0, *lengths[:-1]])

    def loss(weights: Floats) -> tuple[float, Floats]:
        sums = traits @ weights
        shares = np.exp(sums - np.repeat(np.maximum.reduceat(sums, starts), lengths))
        shares /= np.repeat(np.add.reduceat(shares, starts), lengths)
        meant = np.add.reduceat(shares * is_meant, starts) + 1e-300
        value = PENALTY * float(weights @ weights) / 2 - float(np.log(meant).sum())
        return value, PENALTY * weights - traits.T @ (shares * is_meant / np.repeat(meant, lengths) - shares)

    return np.asarray(minimize(loss, np.zeros(len(TRAITS)), jac=True, method="L-BFGS-B").x)


def finds(weights: Floats, one: Sentence) -> bool:
    """Whether the first claim is one that is meant."""
    return bool(len(one.traits) and one.is_meant[np.argmax(one.traits @ weights)])


def main() -> None:
    """Print the rate of sentences that were left out of the fit; store the weights of all where asked."""
    sets = sentences()
    every = [one for found in sets.values() for one in found]
    scale = np.sqrt(np.mean(np.concatenate([one.traits for one in every]) ** 2, axis=0)) + 1e-9
    fold = dict(zip(map(id, every), np.random.default_rng(0).integers(0, FOLDS, len(every)), strict=True))
    left_out = [fitted([one for one in every if fold[id(one)] != out], scale) / scale for out in range(FOLDS)]
    weights = fitted(every, scale) / scale
    for name, found in sets.items():
        first = sum(finds(left_out[fold[id(one)]], one) for one in found)
        print(
            f"{first} of {len(found)} {name} find their claim first when their tenth is left out of the fit, ", end=""
        )
        print(f"{sum(finds(weights, one) for one in found)} when not")
    if "--write" in sys.argv:
        kept: dict[str, Any] = {trait: round(float(weight), 3) for trait, weight in zip(TRAITS, weights, strict=True)}
        path = PROJECT / "src" / "helpers" / "report" / "search_weights.json"
        path.write_text(json_lines(kept) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
