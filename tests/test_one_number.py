"""One number for one thing: every table behind the page that gives a figure of a system gives the same one.

Where two conventions meet, or a maker's figure and a database's, the reason stands here, and on the page beside them.
"""

from __future__ import annotations

import html
import re
from collections import defaultdict

import pandas as pd
import pytest

from helpers.ledger.knowledge import Knowledge
from helpers.ledger.scan import scan
from helpers.paths import REPORT

# Columns that give a quantity of a system, by the convention that they count in.
COLUMNS = {
    "params": "parameters that a token uses",
    "active_params": "parameters that a token uses",
    "parameters": "parameters",
    "tokens": "tokens read",
    "training_flop": "compute as published",
    "model_flop": "compute by parameters and tokens",
}
KEYS = ("system_id", "model_id")
SCENARIO_TABLES = {"scenario-systems", "scenario-rivals"}  # by `name`; their compute is 6·N·D
SAME = 0.005  # 175 billion and the 174.6 of a table are one figure, rounded
# Where two figures differ by more, and why; each reason stands on the page beside one of them.
REASONS = {
    (
        "t5-11b",
        "parameters that a token uses",
    ): "k = C/(N·D) is printed with all of them; its note says that a token uses half",
}


def figures() -> dict[tuple[str, str], dict[str, float]]:
    """Every figure of a system, by system and convention, with the tables that it stands in."""
    found: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for path in sorted((REPORT / "data").glob("*.csv")):
        frame = pd.read_csv(path)
        key = "name" if path.stem in SCENARIO_TABLES else next((k for k in KEYS if k in frame), "")
        if not key or "claim_id" in frame:
            continue
        means = COLUMNS | ({"training_flop": COLUMNS["model_flop"]} if path.stem in SCENARIO_TABLES else {})
        for column in [c for c in COLUMNS if c in frame]:
            for name, value in zip(frame[key], pd.to_numeric(frame[column], errors="coerce"), strict=True):
                if value == value:
                    found[str(name), means[column]][path.stem] = float(value)
    return found


def test_tables_that_name_the_same_thing_give_the_same_number() -> None:
    shared = {what: tables for what, tables in figures().items() if len(tables) > 1}
    assert len(shared) > 30, "the tables are no longer read"
    off = {what: tables for what, tables in shared.items() if max(tables.values()) > (1 + SAME) * min(tables.values())}
    unexplained = {what: tables for what, tables in off.items() if what not in REASONS}
    assert not unexplained


def test_no_reason_outlives_the_difference() -> None:
    for what in REASONS:
        values = figures()[what].values()
        assert max(values) > (1 + SAME) * min(values), what


# Figures of the page's sentences that are not the published ones, and the reason that stands beside each.
TOLD = {
    "2.65×10²³ FLOP": "Yuan on six operations, and the count with eight beside it",
    "3072 PD": "Yuan on six operations, and the count with eight beside it",
    "4850 PD": "GPT-3 on eight operations, and the count with six beside it",
    "273 billion": "an article's figure, told to be off by a hundred times",
    "33.8 %": "Yuan's share of peak on six operations, as its scenario has it",
    "13.7 days": "worked out from Yuan's share of peak; the press prints 16",
    "47.9 days": "MT-NLG worked out on the 2240 GPUs that were timed",
    "16.4 TB": "the memory of 512 accelerators",
}
# Width, text length, a class and a unit, which the reader takes for another quantity.
MISREAD = {"one", "12 288", "2048", "a billion", "10¹⁵"}


def sentences(name: str) -> list[str]:
    """The paragraphs of a page with a figure in them; drawings, code, choices, claims and lists of sources left out."""
    page = (REPORT / f"{name}.html").read_text(encoding="utf-8")
    page = re.sub(r"<(script|style|svg|pre|select|article|li|cite|figcaption|details)\b.*?</\1>", "", page, flags=re.S)
    texts = [html.unescape(re.sub(r"<[^>]+>", " ", p)) for p in re.findall(r"<p\b[^>]*>(.*?)</p>", page, flags=re.S)]
    return list(dict.fromkeys(re.sub(r"\s+", " ", text) for text in texts if re.search(r"\d", text)))


@pytest.mark.parametrize("name", ["index", pytest.param("reference", marks=pytest.mark.slow)])
def test_no_sentence_of_the_page_gives_another_figure_than_the_evidence(name: str, knowledge: Knowledge) -> None:
    """The page is scanned as an article is: a system's figure that the evidence speaks against has its reason here."""
    found = [c for text in sentences(name) for c in scan(text, knowledge).candidates if c.first]
    assert sum(c.first.holds for c in found if c.first) >= 5, "the sentences are no longer read"
    off = {c.quantity.as_printed: c.system for c in found if c.first and c.first.fails}
    assert {printed: system for printed, system in off.items() if printed not in {*TOLD, *MISREAD}} == {}
