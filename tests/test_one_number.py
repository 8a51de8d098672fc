"""One number for one thing: every table behind the page that gives a figure of a system gives the same one.

Where two conventions meet, or a maker's figure and a database's, the reason stands here, and on the page beside them.
"""

from __future__ import annotations

from collections import defaultdict

import pandas as pd

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
