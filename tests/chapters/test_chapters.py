"""The two chapters: what a reader gets is what the functions say, through parameters as through files."""

from pathlib import Path

import nbformat
import pandas as pd
import pytest

from helpers.build.notebooks import execute
from helpers.commands.scenario_pages import render_scenarios
from helpers.errors import ParameterProblem
from helpers.paths import NOTEBOOKS
from helpers.scenarios.answer import answer
from helpers.scenarios.scenario import from_mapping
from helpers.scenarios.telling import asked_and_rent

NEW = 'title = "New & <b>mine</b>"\nparams = 13e9\ntokens = 2e12\naccelerator = "H200"\ncount = 256\nutilisation = [0.3, 0.5]\n'


def test_a_scenario_nobody_prepared_through_parameters(tmp_path: Path):
    values = {"scenario": "bert-large", "params": 13e9, "tokens": 2e12, "accelerator": "H200", "count": 256.0}
    values |= {"ranges": "utilisation = [0.3, 0.5]", "date": "2025-01-01", "grid": "us-2021"}
    execute(NOTEBOOKS / "06_scenario.ipynb", tmp_path / "run.ipynb", {**values, "out_dir": str(tmp_path)})
    figures = pd.read_csv(tmp_path / "scenario-figures.csv").set_index("name")
    fields = {**{k: v for k, v in values.items() if k not in ("scenario", "ranges")}, "utilisation": [0.3, 0.5]}
    wanted = answer(from_mapping(fields)).figures
    for name, row in figures.iterrows():
        assert row["middle"] == pytest.approx(wanted[str(name)].middle, rel=0, nan_ok=True)
        assert row["high_90"] == pytest.approx(wanted[str(name)].high_90, rel=0, nan_ok=True)
    assert {path.stem for path in tmp_path.glob("scenario-*.csv")} == {
        "scenario-figures", "scenario-inputs", "scenario-layouts", "scenario-rivals", "scenario-shares", "scenario-systems",
    }  # fmt: skip


def test_a_wrong_parameter_is_one_line(tmp_path: Path):
    with pytest.raises(
        ParameterProblem, match=r"parameters: pue: 0\.5 is not accepted; accepted: a number from 1 to 10"
    ):
        execute(NOTEBOOKS / "06_scenario.ipynb", tmp_path / "run.ipynb", {"pue": 0.5})
    assert not (tmp_path / "run.ipynb").exists()


def test_a_file_becomes_a_page_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("helpers.commands.scenario_pages.REPORT", tmp_path / "report")
    file = tmp_path / "new.toml"
    file.write_text(NEW, encoding="utf-8")
    [page] = render_scenarios([str(file)], {})
    assert page == tmp_path / "report" / "scenarios" / "new.html"
    html = page.read_text(encoding="utf-8").replace("\N{NO-BREAK SPACE}", " ")
    text = asked_and_rent(
        answer(
            from_mapping(
                {"params": 13e9, "tokens": 2e12, "accelerator": "H200", "count": 256, "utilisation": [0.3, 0.5]}, "new"
            )
        )
    )
    assert text.split(": ", 1)[1].split("; rent", 1)[0] in html
    assert "<title>New &amp; &lt;b&gt;mine&lt;/b&gt;</title>" in html
    assert "<b>mine" not in html
    assert "http-equiv" in html
    assert str(tmp_path) not in html


def test_comparison_chapter(tmp_path: Path):
    values = {"scenarios": "gpt-3 start-up", "out_dir": str(tmp_path)}
    execute(NOTEBOOKS / "12_compare.ipynb", tmp_path / "run.ipynb", values)
    numbers = pd.read_csv(tmp_path / "compare-chart.csv")
    assert set(numbers["name"]) == {"gpt-3", "start-up"}
    shown = nbformat.read(tmp_path / "run.ipynb", 4)
    assert any("fig-compare-chart" in str(cell.get("outputs")) for cell in shown.cells)
