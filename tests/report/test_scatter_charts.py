"""Charts of the accuracy chapter: what they show, what their marks say, and equal bytes."""

import re
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from helpers.chapters.accuracy_seconds import SECONDS_PARTS, seconds_table
from helpers.chapters.accuracy_tables import GROUPS, run_table
from helpers.report.bars import PART_COLOURS, seconds_bars
from helpers.report.charts import scatter_charts
from helpers.report.charts.row_charts import source_chart
from helpers.report.charts.scatter_charts import predicted_chart
from helpers.report.figures import drawing, svg
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


def told(drawn):
    return re.findall(r"<title>([^<]*)</title>", drawn)


def test_predicted_against_published(runs):
    drawn = svg(predicted_chart(runs, GROUPS, {"llama-65B": "LLaMA 65B"}), "a")
    shown = words(drawn)
    assert "LLaMA 65B" in shown
    assert "Megatron class (32)" in shown
    assert "predicted seconds per step" in shown
    run = runs[runs["run_id"] == "llama-65B"].iloc[0]
    assert [one for one in told(drawn) if one.startswith(f"llama-65B: {run['published_s']:.3g} s")]
    assert len(told(drawn)) == len(runs)
    assert drawn == svg(predicted_chart(runs, GROUPS, {"llama-65B": "LLaMA 65B"}), "a")
    assert set(scatter_charts.GROUPS) == set(GROUPS) == set(runs["group"])


def test_errors_by_source(runs):
    order = {key: f"source {key}" for key in dict.fromkeys(runs["source_id"])}
    drawn = svg(source_chart(runs, order), "b")
    for key, label in order.items():
        assert f"{label} ({(runs['source_id'] == key).sum()})" in words(drawn)
    assert sorted(one.split(": ")[0] for one in told(drawn)) == sorted(runs["run_id"])
    assert drawn == svg(source_chart(runs, order), "b")


def test_where_the_seconds_go(found):
    frame = seconds_table(found, ["readme-175B-1024", "bloom-176B"])
    drawn = seconds_bars(frame)
    assert set(PART_COLOURS) == set(SECONDS_PARTS)
    assert all(name in drawn for name in ("175B on 1024 A100", "176B on 384 A100", *SECONDS_PARTS))
    shares = [float(share) for share in re.findall(r'<rect[^>]* width="([\d.]+)%', drawn)]
    assert sum(shares) == pytest.approx(200, abs=0.2)


def test_a_missing_part_is_not_drawn_over():
    frame = pd.DataFrame({"label": ["a"], "part": ["network"], "share": [1.0]})
    with pytest.raises(KeyError):
        seconds_bars(frame)


def test_names_cover_neither_marks_nor_each_other():
    """Five marks close together: each name has a place where it hides nothing."""
    with drawing() as figure:
        axes = figure.subplots()
        places = [(1.0, 1.0), (1.3, 1.0), (1.0, 1.12), (2.0, 2.0), (2.2, 2.0)]
        axes.plot(*zip(*places, strict=True), "o")
        axes.set(xlim=(0, 3), ylim=(0, 3))
        scatter_charts.name_marks(axes, [(f"m{n}", *place) for n, place in enumerate(places)], np.array(places))
    boxes = [label.get_window_extent() for label in axes.texts]
    assert len(boxes) == len(places)
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))
    assert not any(box.count_contains(axes.transData.transform(places)) for box in boxes)
