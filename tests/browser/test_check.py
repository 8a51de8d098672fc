"""Check a sentence: paraphrases of claims in both languages find their claim first, in either edition, and quickly."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from helpers.paths import REPORT

Open = Callable[..., Any]
ROWS = list(csv.DictReader(Path(__file__).with_name("paraphrases.csv").open(encoding="utf-8")))
FIRST = "[...document.querySelectorAll('[data-result]')].map((e) => e.dataset.result)"
# Types each of many sentences; the first result of each.
TYPED = """(texts) => texts.map((text) => {
  const box = document.getElementById("check-text");
  box.value = text;
  box.dispatchEvent(new Event("input"));
  return document.querySelector("[data-result]")?.dataset.result;
})"""


@pytest.mark.parametrize("name", ["index.html", "index.zh.html"])
def test_paraphrases_find_their_claim_first(name: str, open_page: Open) -> None:
    page = open_page(REPORT / name)
    for language in ("en", "zh"):
        rows = [row for row in ROWS if row["language"] == language]
        first = page.evaluate(TYPED, [row["text"] for row in rows])
        missed = [row["text"] for row, found in zip(rows, first, strict=True) if found not in row["claims"].split()]
        assert len(missed) <= len(rows) // 10, missed  # eighteen of twenty


@pytest.mark.parametrize(
    "text", ["what is the weather in Paris tomorrow", "北京今天下雨", "Claude 3 has 2 trillion parameters"]
)
def test_what_no_claim_says_opens_none_as_its_verdict(text: str, open_page: Open) -> None:
    page = open_page(REPORT / "index.html")
    page.locator("#check-text").fill(text)
    assert "No claim says that" in page.locator("#check-results .said").inner_text()
    assert page.locator("#check-results .best").count() == 0


@pytest.mark.parametrize("query", ["80 %", "80%", "８０％", "80\u00a0%", "八成"])
def test_spellings_of_one_figure_find_the_same(query: str, open_page: Open) -> None:
    page = open_page(REPORT / "index.html", address=f"#q=M6 saved {query}")
    assert (
        page.evaluate(FIRST)[0] == "000-m6-1t-compute-saving"
    )  # the general statement before those about Google's or Nvidia's


def test_figures_are_read_as_they_are_spoken(open_page: Open) -> None:
    said = {
        "半个多月": ("s", 0.5 * 2629800), "三个半月": ("s", 3.5 * 2629800), "十来层": ("layer", 10), "参数上千亿": ("parameter", 1e11),
        "100B-plus parameters": ("parameter", 1e11), "100+ GPUs": ("chip", 100), "32 gigs": ("byte", 32e9),
        "0.27 TFLOP/s": ("FLOP/s", 0.27e12), "96 layers": ("layer", 96), "dozens": None,
    }  # fmt: skip
    read = """(texts) => {
      const index = checkIndex(JSON.parse(document.getElementById("check-index").textContent));
      return texts.map((text) => index.read(text).figures.map(({unit, value}) => [unit, value]));
    }"""
    found = open_page(REPORT / "index.html").evaluate(read, list(said))
    for (text, figure), figures in zip(said.items(), found, strict=True):
        assert [(unit, pytest.approx(value)) for unit, value in figures] == ([figure] if figure else []), text


def test_claims_of_one_passage_stand_next_to_each_other(open_page: Open) -> None:
    page = open_page(REPORT / "index.html", address="#q=谷歌的GLaM是稀疏模型，2021年12月发布，1.2万亿参数")
    found = page.evaluate(FIRST)
    places = [found.index(f"000-glam-{part}") for part in ("date", "parameters", "sparse")]
    assert sorted(places) == [0, 1, 2], found


def test_address_with_a_sentence_shows_its_answer_on_a_phone(open_page: Open) -> None:
    page = open_page(REPORT / "index.html", width=390, address="#q=M6 saved 80 %")
    top = page.locator("[data-result]").first.bounding_box()["y"]
    assert 0 < top < 900, top


def test_figure_that_differs_is_said_and_nothing_found_offers_what_there_is(open_page: Open) -> None:
    page = open_page(REPORT / "index.html", address="#q=M6 saved 90 % of the computing power")
    assert "another figure than 90 %" in page.locator("#check-results .said").inner_text()
    page.locator("#check-text").fill("GPT-4 有 1.8 万亿参数")  # no claim says how many it has
    page.locator("#check-results article").wait_for(state="detached")
    page.locator("#check-text").fill("a model of 123B parameters on 7T tokens")
    page.locator("#check-results .try a").click()
    assert page.locator("[data-said=params]").input_value() == "123 billion"
