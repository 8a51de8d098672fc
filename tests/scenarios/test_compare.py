"""Scenarios side by side, and the commands."""

import json
import re

import pytest

from helpers.chapters.compare_tables import comparison_numbers, comparison_table
from helpers.chapters.scenario_tables import rival_table
from helpers.commands.cli import parser, run
from helpers.errors import Problem
from helpers.language import using
from helpers.report.bars import comparison_bars
from helpers.report.charts.row_charts import rival_chart
from helpers.report.palette import role
from helpers.scenarios.answer import answer, read_all
from helpers.scenarios.scenario import ScenarioProblem, from_mapping, from_parameters, read_scenario
from helpers.scenarios.telling import comparison
from helpers.scenarios.wording import amount, wide


@pytest.fixture(scope="module")
def answers():
    return read_all(["gpt-3", "yuan-1-0", "mt-nlg"])


def commands(*words):
    return run(parser(words).parse_args(words))


def test_two_to_six(answers):
    assert [a.scenario.name for a in answers] == ["gpt-3", "yuan-1-0", "mt-nlg"]
    for many in (1, 7):
        with pytest.raises(ScenarioProblem, match=f"compare: {many} scenarios given; accepted: 2 to 6"):
            read_all(["gpt-3"] * many)


def test_table_and_lines_say_the_same(answers):
    table = comparison_table(answers).set_index("figure")
    assert table.loc["Compute on 6·N·D, first = 1"].tolist() == ["1", "0.844", "2.73"]
    assert table.loc["Compute, 8·N·D", "yuan-1-0"] == "4096 PD"
    text = "\n".join(comparison(answers))
    assert "4096 PD" in text
    assert "0.844" in text
    numbers = comparison_numbers(answers)
    assert len(numbers) == 3 * numbers["figure"].nunique()


def test_the_chinese_edition_says_every_label_in_chinese_and_keeps_its_columns():
    with using("zh"):
        shown = comparison(read_all(["gpt-3", "mt-nlg"]))
    assert all(re.match("[\u4e00-\u9fff ]", line) for line in shown[1:])
    second = {wide(line) - wide(line.rpartition("  ")[2]) for line in shown[:6]}
    assert len(second) == 1


def test_charts_have_a_bar_for_each_with_its_figure_and_range(answers):
    drawn = comparison_bars(comparison_numbers(answers), ["days", "cost_usd"])
    assert drawn.count("<dt>") == 6
    days = answers[0].figures["days"]
    assert f"<span>{amount('days', days.middle)}</span>" in drawn
    assert drawn.count(f'<rect fill="{role("ink")}"') == sum(
        found.figures[name].low_90 < found.figures[name].high_90 for found in answers for name in ("days", "cost_usd")
    )
    systems = rival_table(answers[0])
    dots = [line for line in rival_chart(systems).axes[0].lines if line.get_marker() == "o"]
    assert len(dots) == len(systems)


def test_what_is_not_known_is_said_in_the_chart():
    drawn = comparison_bars(comparison_numbers(read_all(["gpt-3", "pangu-alpha"])), ["cost_usd", "days"])
    assert drawn.count("<span>not known</span>") == 1


def test_scenario_command(capsys):
    assert commands("scenario", "gpt-3", "--set", "count", "5000", "--set", "utilisation", "[0.2,0.3]") == 0
    shown = capsys.readouterr().out
    assert "5000 accelerators" in shown
    assert "best of" in shown
    assert commands("scenario", "list") == 0
    assert "gpt-3 " in capsys.readouterr().out
    with pytest.raises(Problem, match="--set: cuont is not a field of a scenario; did you mean count"):
        commands("scenario", "gpt-3", "--set", "cuont", "8")


def test_plan_is_a_scenario_from_options(capsys):
    """34 days in arXiv:2104.04473 (section 5.1) with full recomputation, on a layout of its own."""
    options = ["--params", "175e9", "--tokens", "300e9", "--accelerator", "A100", "--count", "1024", "--price", "2"]
    assert commands("plan", *options) == 0
    shown = capsys.readouterr().out
    wanted = answer(
        from_mapping({"params": 175e9, "tokens": 3e11, "accelerator": "A100", "price_per_chip_hour_usd": 2})
    )
    assert f"{wanted.figures['days'].middle:.3g} days" in shown
    assert 20 < wanted.fit.step_days.middle < 34


def test_compare_command(capsys):
    assert commands("compare", "gpt-3", "mt-nlg") == 0
    assert "2.73" in capsys.readouterr().out


def test_changes_as_parameters_of_the_notebook():
    changes = {"count": 8.0, "utilisation": (0.3, 0.5), "grid": "china"}
    given = {"fields": ", ".join(f"{name} = {json.dumps(value)}" for name, value in changes.items())}
    assert given == {"fields": 'count = 8.0, utilisation = [0.3, 0.5], grid = "china"'}
    assert from_parameters({"scenario": "gpt-3", **given}) == read_scenario("gpt-3").changed(changes, "parameters")
    assert read_scenario("gpt-3").changed(changes, "test")["utilisation"] == (0.3, 0.5)
