"""Boxes of the scenario chapter: what they show is what the functions say, and what they write is what they show."""

from pathlib import Path
from typing import Any

import pytest

from helpers.language import using
from helpers.report.controls import BOXES, FILE, LIVE, changed, controls, view
from helpers.report.text import escape
from helpers.scenarios.answer import answer
from helpers.scenarios.checking import ScenarioProblem
from helpers.scenarios.scenario import Scenario, read_scenario
from helpers.scenarios.telling import paragraph

pytest.importorskip("ipywidgets")


@pytest.fixture
def scenario() -> Scenario:
    return read_scenario("gpt-3")


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, scenario: Scenario) -> Any:
    """The controls as a reader at a live notebook has them: the boxes by field, the button, what is said, what is shown."""
    monkeypatch.setenv(LIVE, "06_scenario.ipynb")
    monkeypatch.chdir(tmp_path)
    *boxes, button, said, shown = controls(scenario).children
    return dict(zip(("solve_for", *BOXES), boxes, strict=True)), button, said, shown


def test_nobody_at_the_notebook_gets_no_boxes(monkeypatch: pytest.MonkeyPatch, scenario: Scenario) -> None:
    monkeypatch.delenv(LIVE, raising=False)
    assert controls(scenario) is None


def test_boxes_begin_with_the_scenario_and_its_answer(live: Any, scenario: Scenario) -> None:
    boxes, _, said, shown = live
    assert len(boxes) == 12
    assert float(boxes["params"].value) == scenario["params"]
    assert boxes["accelerator"].value == scenario["accelerator"]
    assert said.value == ""
    assert escape(paragraph(answer(scenario))) in shown.value


def test_a_moved_box_is_answered_at_once_as_the_command_line_answers(live: Any, scenario: Scenario) -> None:
    boxes, _, _, shown = live
    before, begun = shown.value, boxes["utilisation"].value
    boxes["count"].value = "2048"
    boxes["utilisation"].value = "[0.3, 0.5]"
    moved = scenario.changed({"count": 2048.0, "utilisation": (0.3, 0.5)}, "test")
    assert shown.value != before
    assert escape(paragraph(answer(moved))) in shown.value
    boxes["count"].value = f"{scenario.number('count'):g}"
    boxes["utilisation"].value = begun
    assert shown.value == before


def test_a_given_figure_that_is_emptied_becomes_the_default(scenario: Scenario) -> None:
    assert "accelerator" in scenario.given
    assert "accelerator" not in changed(scenario, {"accelerator": ""}).given


@pytest.mark.parametrize(
    ("name", "text"),
    [("count", "many"), ("count", "-1"), ("params", "nan"), ("params", "1e999"), ("accelerator", "<script>alert(1)</script>"), ("date", "2024-02-31"), ("utilisation", "[0.5, 0.3]"), ("grid", "\x1b[31mred"), ("days", "9" * 5000), ("tokens", "[[[")],
)  # fmt: skip
def test_what_is_not_accepted_is_said_in_place_of_the_answer(
    name: str, text: str, live: Any, scenario: Scenario
) -> None:
    boxes, button, said, shown = live
    before = shown.value
    with pytest.raises(ScenarioProblem) as problem:
        changed(scenario, {name: text})
    boxes[name].value = text
    assert escape(str(problem.value)) in shown.value
    assert "<table" not in shown.value
    assert "<script" not in shown.value
    button.click()
    assert escape(str(problem.value)) in said.value
    assert not Path(FILE).exists()
    boxes[name].value = ""
    assert shown.value == before or name in scenario.given


def test_the_button_writes_what_is_shown(live: Any, scenario: Scenario) -> None:
    boxes, button, said, shown = live
    moved = {"solve_for": "count", "days": "30", "grid": "france"}
    for name, text in moved.items():
        boxes[name].value = text
    button.click()
    assert FILE in said.value
    assert escape(paragraph(answer(changed(scenario, moved)))) in shown.value
    assert read_scenario(FILE).given == changed(scenario, moved).given


def test_a_folder_in_the_files_place_is_said(live: Any) -> None:
    _, button, said, _ = live
    Path(FILE).mkdir()
    button.click()
    assert FILE in said.value
    assert Path(FILE).is_dir()


def test_chinese_boxes_show_a_chinese_answer(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LIVE, "06_scenario.ipynb")
    with using("zh"):
        box, *_, shown = controls(scenario).children
        assert escape(paragraph(answer(scenario))) in shown.value
        assert view(scenario, {"count": "many"})
    assert any(ord(char) > 0x2E7F for char in box.description)
