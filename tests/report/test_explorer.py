"""The explorer and the panel of assumptions as markup: the base case in words, data as data, nothing that runs."""

import base64
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.ledger.tables import Tables
from helpers.report import explorer_data
from helpers.report import page as pages
from helpers.report.assumption_panel import assumption_panel
from helpers.report.chapter_html import render_chapter
from helpers.report.explorer import LABELS, MAIN, SHOWN, UNKNOWNS, base_rows, explorer
from helpers.report.page import page
from helpers.scenarios import scenario as scenarios
from helpers.scenarios.answer import answer
from helpers.scenarios.fields import FIELDS, SOLVABLE
from helpers.scenarios.inputs import figures_of, inputs_of
from helpers.scenarios.scenario import Scenario, read_scenario, scenario_names
from helpers.scenarios.whole_run import settled
from helpers.scenarios.wording import amount
from tests.report.hostile import HOSTILE, assert_harmless, text_of
from tests.report.hostile import read as read_html

TAGS = {"section", "form", "div", "label", "select", "option", "optgroup", "input", "p", "span", "button", "details"}
TAGS |= {"summary", "table", "caption", "thead", "tbody", "tr", "th", "td", "textarea", "a", "strong", "ul", "li"}
TAGS |= {"output", "dl", "dt", "dd", "svg", "path", "rect", "i"}


def data_of(html: str, name: str) -> Any:
    """What a script finds in the page's data attribute."""
    return json.loads(next(value for key, value in read_html(html).attributes if key == name))


@pytest.fixture(scope="module")
def gpt3() -> str:
    """The explorer with GPT-3 as its base case."""
    return explorer(read_scenario("gpt-3"))


def test_base_case_is_the_answer_of_the_package() -> None:
    scenario = read_scenario("yuan-1-0")
    figures = answer(scenario).figures
    rows = {row["figure"]: row for row in base_rows(inputs_of(settled(scenario)))}
    shown = text_of(explorer(scenario))
    for name in SHOWN:
        assert rows[name]["value"] == amount(name, figures[name].middle)
        assert rows[name]["value"] in shown
    assert [name for name, row in rows.items() if row["solved"]] == ["days"]
    assert rows["times_yuan_1_0"]["value"] == "1×"


def test_model_that_has_no_room_says_so() -> None:
    rows = {r["figure"]: r for r in base_rows(inputs_of(Scenario("", {"params": 1e12, "count": 8.0})))}
    assert rows["state_share"]["range"] == "does not fit"


def test_every_field_with_a_slider_has_a_control_and_every_unknown_a_name(gpt3: str) -> None:
    sliders = {name for name, field in FIELDS.items() if field.slider}
    assert set(LABELS) == sliders
    assert set(MAIN) <= sliders
    assert set(UNKNOWNS) == set(SOLVABLE)
    assert gpt3.count('class="knob"') == len(sliders)


def test_controls_are_hidden_until_the_script_runs(gpt3: str) -> None:
    html = gpt3
    assert "<form hidden" in html
    assert '<details class="file" hidden>' in html


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_titles_stay_text(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = Scenario("h", {"title": text, "note": text, "vendor": text})
    monkeypatch.setattr(scenarios, "scenario_names", lambda: [text])
    monkeypatch.setattr(scenarios, "read_scenario", lambda name: Scenario(name, {"title": name}))
    html = explorer(hostile)
    assert_harmless(html, TAGS)
    assert text in text_of(html)
    assert data_of(html, "data-explorer")["scenarios"][""]["given"]["title"] == text


def test_data_is_what_the_package_says_of_every_accelerator(gpt3: str) -> None:
    data = data_of(gpt3, "data-explorer")
    for name, brings in data["accelerators"].items():
        inputs = inputs_of(Scenario("", {"accelerator": name}))
        assert brings["peak"] == inputs.numbers["peak_flop_per_s"]
        assert brings["power"] == inputs.numbers["device_power_w"]
        assert brings["utilisation"][1] == inputs.numbers["utilisation"]
    assert len(data["accelerators"]) > 50


def test_prices_are_those_of_each_scenarios_day(gpt3: str) -> None:
    data = data_of(gpt3, "data-explorer")
    for name in scenario_names():
        scenario = read_scenario(name)
        inputs, market = inputs_of(scenario), data["markets"][explorer_data.market_key(scenario)]
        price = market["rent"].get(inputs.accelerator.name)
        if "price_per_chip_hour_usd" not in scenario.given:
            expected = inputs.numbers["price_per_chip_hour_usd"]
            assert (price[1] if isinstance(price, list) else price or float("nan")) == pytest.approx(
                expected, nan_ok=True
            )
        if "carbon_kg_per_kwh" not in scenario.given:
            grid = market["grids"][scenario["grid"]]
            assert data["grids"][grid] == inputs.numbers["carbon_kg_per_kwh"]


def test_figures_beside_are_multiples_of_the_references() -> None:
    flop = explorer_data.reference_flop()
    assert flop["gpt-3"] == pytest.approx(6 * 174.6e9 * 300e9, rel=0.01)
    assert flop["yuan-1-0"] == pytest.approx(6 * 245.7e9 * 180e9, rel=0.01)
    middles = {name: figure.middle for name, figure in figures_of(inputs_of(read_scenario("yuan-1-0"))).items()}
    found = explorer_data.beside(middles["training_flop"], 245.73e9, 2128, 40e9, **flop)
    assert found["times_gpt-3"] == pytest.approx(0.844, abs=0.002)
    assert found["state_share"] == pytest.approx(18 * 245.73e9 / 2128 / 40e9)


# Assumptions ---------------------------------------------------------------------------------------------------------


def test_panel_says_without_script_which_value_turns_which_verdict(real_tables: Tables) -> None:
    text = text_of(assumption_panel(real_tables))
    assert "Power per chip of GPT-3: 330 W" in text
    assert "accurate from 37 TFLOP/s; close from 68.9 TFLOP/s" in text


def test_panel_is_harmless_and_its_sliders_are_hidden_until_the_script_runs(real_tables: Tables) -> None:
    claims = real_tables["claims"].copy()
    claims["statement"] = "<script>alert(1)</script>"
    html = assumption_panel(Tables({**real_tables.frames, "claims": claims}, real_tables.references))
    assert_harmless(html, TAGS)
    assert html.count('class="mover" hidden') == html.count('class="assumption"') > 0


def test_panel_without_an_assumption_is_refused(real_tables: Tables) -> None:
    claims = real_tables["claims"].head(0)
    with pytest.raises(ValueError, match="no assumption turns a verdict"):
        assumption_panel(Tables({**real_tables.frames, "claims": claims}, real_tables.references))


# The page ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["explorer", "assumptions"])
def test_page_carries_the_script_only_where_something_moves(name: str) -> None:
    assert pages.with_parts("<p>nothing</p>", [], []) == ("", "")
    styles, script = pages.with_parts(f'<div id="{name}"></div>', [], [])
    assert styles == pages.template_text(f"{name}.css")
    assert script.startswith(pages.template_text("numbers.js"))
    assert ("const formulas" in script) == (name == "explorer")


def test_security_policy_covers_the_scripts_and_nothing_else(tmp_path: Path, gpt3: str) -> None:
    shown = new_output("display_data", data={"text/html": str(gpt3)})
    cells = [new_markdown_cell("# Title"), new_code_cell("explorer()", outputs=[shown])]
    nbformat.write(new_notebook(cells=cells), tmp_path / "06_scenario.ipynb")
    html = page([render_chapter(tmp_path / "06_scenario.ipynb")], "A", "B")
    script = re.search(r"<script>(.*?)</script>", html, re.S)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)[1]
    assert f"script-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    assert "eval(" not in script
    assert "innerHTML" not in script
    assert " style=" not in html
    assert html.count("<script") == 1


def test_scripts_cannot_end_their_own_element() -> None:
    script = pages.with_parts('<div id="explorer"></div><div id="assumptions"></div>', [], [])[1]
    assert "const formulas" in script
    assert "</" not in script


def test_nothing_slow_is_imported_for_the_explorer() -> None:
    code = "import helpers.report.explorer, sys; print('sympy' in sys.modules, 'scipy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
