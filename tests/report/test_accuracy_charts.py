"""Charts of the accuracy chapter: what they show, and equal bytes."""

import re

import pandas as pd
import pytest

from helpers.chapters.accuracy_seconds import SECONDS_PARTS, seconds_table
from helpers.chapters.accuracy_tables import GROUPS, run_table
from helpers.report.charts.accuracy_charts import MARKERS, PART_COLOURS, predicted_chart, seconds_chart, source_chart
from helpers.report.figures import svg
from helpers.timing import held_out
from helpers.timing.published_runs import observations


@pytest.fixture(scope="module")
def found():
    return observations()


@pytest.fixture(scope="module")
def runs(found):
    return run_table(found, held_out.read_held_out(found))


def words(drawn):
    return re.findall(r"<text[^>]*>([^<]*)</text>", drawn)


def test_predicted_against_published(runs):
    drawn = svg(predicted_chart(runs, GROUPS, {"llama-65B": "LLaMA 65B"}), "a")
    shown = words(drawn)
    assert "LLaMA 65B" in shown
    assert "Megatron class (32)" in shown
    assert "predicted seconds per step" in shown
    assert drawn.count("<use") >= len(runs)
    assert drawn == svg(predicted_chart(runs, GROUPS, {"llama-65B": "LLaMA 65B"}), "a")
    assert set(MARKERS) == set(GROUPS) == set(runs["group"])


def test_errors_by_source(runs):
    order = {key: f"source {key}" for key in dict.fromkeys(runs["source_id"])}
    drawn = svg(source_chart(runs, order), "b")
    for key, label in order.items():
        assert f"{label} ({(runs['source_id'] == key).sum()})" in words(drawn)
    assert drawn == svg(source_chart(runs, order), "b")


def test_where_the_seconds_go(found):
    frame = seconds_table(found, ["readme-175B-1024", "bloom-176B"])
    drawn = svg(seconds_chart(frame), "c")
    assert set(PART_COLOURS) == set(SECONDS_PARTS)
    assert {"175B on 1024 A100", "176B on 384 A100", *SECONDS_PARTS} <= set(words(drawn))
    assert drawn == svg(seconds_chart(frame), "c")


def test_a_missing_part_is_not_drawn_over():
    frame = pd.DataFrame({"label": ["a"], "part": ["network"], "share": [1.0]})
    with pytest.raises(KeyError):
        seconds_chart(frame)
