"""The composed set: marked by hand before it was read; each batch stays as a regression test at what is reached now."""

from collections.abc import Callable, Sequence
from functools import cache

import pytest
from benchmarks.composed import SCRIPTS, Text, batches, first_readings, read_marked, score_texts
from benchmarks.reading_score import Score

from helpers.errors import DataProblem
from helpers.ledger.knowledge import Knowledge
from helpers.paths import PROJECT
from helpers.reader.reader import read_text

FOLDER = PROJECT / "tests" / "reader" / "data" / "composed"
GOALS = {"f1": 0.95, "value": 0.99, "kind": 0.95, "bound": 0.95, "system": 0.72}
FRESH = {"f1": 0.95, "value": 0.99, "kind": 0.95, "bound": 0.95, "system": 0.80}
REACHED = {  # owners are weighed, not ruled, since: fitted on strangers' articles most, on these a little
    ("2", "hant"): {"system": 0.69}, ("3", "zh"): {"system": 0.69}, ("3", "hant"): {"system": 0.64},
    ("4", "hant"): {"system": 0.71}, ("5", "en"): {"system": 0.71}, ("6", "hant"): {"system": 0.59}, ("6", "en"): {"system": 0.65},
}  # fmt: skip
CASES = [(batch, script, texts) for batch, by_script in batches(FOLDER) for script, texts in by_script.items()]
PARTS = tuple(GOALS)


@pytest.fixture(scope="module")
def scored(knowledge: Knowledge) -> Callable[[Sequence[Text]], Score]:
    """Scores texts; each is read once."""
    names = list(knowledge.names.items())
    read = cache(lambda text: read_text(text, names).quantities)
    return lambda texts: score_texts(texts, names, read)


@pytest.mark.parametrize(("batch", "script", "texts"), CASES, ids=[f"{b}-{s}" for b, s, _ in CASES])
def test_batch_is_read_as_well_as_was_reached(batch, script, texts, scored) -> None:
    """The marks know no companies, and no member for a family's name. System: 0.72 for each batch and script; the goal of 0.80 holds for each script over all batches."""
    result, goals = scored(texts), GOALS | REACHED.get((batch, script), {})
    assert {part: getattr(result, part) for part in PARTS if getattr(result, part) < goals[part]} == {}


@pytest.mark.parametrize("script", SCRIPTS)
def test_each_script_reaches_the_goals_over_all_batches(script, scored) -> None:
    result = scored([text for _, s, texts in CASES if s == script for text in texts])
    assert {part: getattr(result, part) for part in PARTS if getattr(result, part) < FRESH[part]} == {}
    assert result.expected >= 150


def test_first_readings_are_recorded_for_every_batch_and_script() -> None:
    recorded = {(row["batch"], row["script"]): row for row in first_readings(FOLDER)}
    assert list(recorded) == [(batch, script) for batch, script, _ in CASES]
    for batch, script, texts in CASES:
        assert int(recorded[batch, script]["figures"]) == sum(len(rows) for _, rows in texts)
        assert all(0 < float(recorded[batch, script][part]) <= 1 for part in PARTS)


def test_last_batch_reached_the_goals_when_it_was_new() -> None:
    last = [row for row in first_readings(FOLDER) if row["batch"] == CASES[-1][0]]
    total = sum(int(row["figures"]) for row in last)
    for part, goal in FRESH.items():
        assert sum(int(row["figures"]) * float(row[part]) for row in last) / total >= goal, part


def test_mark_gives_span_and_what_is_said_of_it(tmp_path) -> None:
    path = tmp_path / "batch_1.txt"
    path.write_text("=== zh-a\n有[[3亿|parameters|3e8|exact|m6]]参数\n", encoding="utf-8")
    text, [row] = read_marked(path)["zh-a"]
    assert text == "有3亿参数\n"
    assert row == {
        "char_start": "1", "char_end": "3", "kind": "parameters", "value": "3e8", "bound": "exact", "system_id": "m6",
    }  # fmt: skip
    path.write_text("=== zh-a\n有[[3亿|parameters]]参数\n", encoding="utf-8")
    with pytest.raises(DataProblem, match="not five parts"):
        read_marked(path)
