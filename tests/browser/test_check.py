"""Check a sentence: paraphrases of claims in both languages find their claim first, in either edition, and quickly."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from helpers.paths import REPORT

Open = Callable[..., Any]
ROWS = list(csv.DictReader(Path(__file__).with_name("paraphrases.csv").open(encoding="utf-8")))
FIRST = "[...document.querySelectorAll('[data-result]')].map((e) => e.dataset.result)"


@pytest.mark.parametrize("name", ["index.html", "index.zh.html"])
def test_paraphrases_find_their_claim_first(name: str, open_page: Open) -> None:
    page = open_page(REPORT / name)
    missed = []
    for row in ROWS:
        page.locator("#check-text").fill(row["text"])
        if page.evaluate(FIRST)[0] not in row["claims"].split():
            missed.append(row["text"])
    assert len(missed) <= len(ROWS) // 10, missed


@pytest.mark.parametrize("query", ["80 %", "80%", "８０％", "80\u00a0%", "八成"])
def test_spellings_of_one_figure_find_the_same(query: str, open_page: Open) -> None:
    page = open_page(REPORT / "index.html", address=f"#q=M6 {query}")
    assert page.evaluate(FIRST)[0] in {"000-m6-1t-compute-saving", "004-m6-saved-google", "004-m6-saved-nvidia"}


def test_figure_that_differs_is_said_and_nothing_found_offers_what_there_is(open_page: Open) -> None:
    page = open_page(REPORT / "index.html", address="#q=M6 saved 90 % of the computing power")
    assert "another figure than 90 %" in page.locator("#check-results .said").inner_text()
    page.locator("#check-text").fill("a model of 123B parameters on 7T tokens")
    page.locator("#check-results .try a").click()
    assert page.locator("[data-said=params]").input_value() == "123 billion"
