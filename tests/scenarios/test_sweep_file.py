"""Files of sweeps: what they mean, and what is said of a wrong one."""

from pathlib import Path

import numpy as np
import pytest

from helpers.errors import Problem
from helpers.paths import DATA
from helpers.scenarios.answer import answer
from helpers.scenarios.scenario import from_mapping
from helpers.scenarios.sweep_file import grid_of, read_grid
from helpers.scenarios.sweep_grid import MOST_NODES

SHIPPED = sorted((DATA / "scenarios" / "sweeps").glob("*.toml"))


@pytest.mark.slow
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_sweeps_can_be_read_and_evaluated(path: Path) -> None:
    grid = read_grid(path)
    assert grid.rows > 500
    for name, values in grid.columns(grid.rows - 100, grid.rows).items():
        assert np.isfinite(values).all(), name


def test_a_row_is_what_plan_says_of_these_fields() -> None:
    """Figures, ranges, layout and whether it fits: there is one answer to one question."""
    grid = grid_of(
        {
            "scenario": {"tokens": 2e12, "pue": 1.3, "grid": "china"},
            "grid": {"params": [7e9, 7e10], "accelerator": ["A100", "H100"], "count": [8, 512]},
        }
    )
    columns = grid.columns(0, grid.rows)
    assert grid.names[:3] == ["accelerator", "params", "count"]
    for row in range(grid.rows):
        chip = ("A100", "H100")[columns["accelerator"][row]]
        fields = {"tokens": 2e12, "pue": 1.3, "grid": "china", "accelerator": chip}
        fields |= {"params": float(columns["params"][row]), "count": float(columns["count"][row])}
        own = answer(from_mapping(fields), 1)
        assert own.fit
        for name in ("days", "cost_usd", "carbon_kg"):
            figure = own.figures[name]
            assert columns[name][row] == pytest.approx(figure.middle, rel=1e-9), (row, name)
            assert columns[f"{name}_low_90"][row] == pytest.approx(figure.low_90, rel=0.03)
            assert columns[f"{name}_high_90"][row] == pytest.approx(figure.high_90, rel=0.03)
        assert columns["feasible"][row] == (not own.fit.reason)
        assert grid.words["layout"][columns["layout"][row]] == (own.fit.best.text if own.fit.best else "")
    assert set(columns["feasible"]) == {True, False}


@pytest.mark.slow
def test_between_the_nodes_of_a_large_sweep_it_stays_near_plan() -> None:
    spec = {"from": 64, "to": 4096, "steps": 60}
    grid = grid_of(
        {
            "scenario": {"tokens": 1e12, "accelerator": "H100"},
            "grid": {"params": [7e9, 1.3e10, 3e10, 7e10, 1e11], "count": spec},
        }
    )
    columns = grid.columns(0, grid.rows)
    assert grid.lattice.feasible.size <= MOST_NODES < grid.rows
    for row in range(3, grid.rows, 41):
        fields = {"tokens": 1e12, "accelerator": "H100", "params": float(columns["params"][row])}
        own = answer(from_mapping({**fields, "count": float(columns["count"][row])}), 1).figures["days"]
        assert own.low_90 < columns["days"][row] < own.high_90


def test_steps_go_by_factors_or_equally() -> None:
    spec = {"from": 1e9, "to": 1e12, "steps": 4}
    axis = grid_of({"grid": {"params": spec}}).axes[0]
    assert axis.values == pytest.approx((1e9, 1e10, 1e11, 1e12))
    axis = grid_of({"grid": {"pue": {"from": 1.0, "to": 1.3, "steps": 4, "scale": "linear"}}}).axes[0]
    assert axis.values == pytest.approx((1.0, 1.1, 1.2, 1.3))
    axis = grid_of({"grid": {"count": {"from": 1, "to": 8, "steps": 20}}}).axes[0]
    assert axis.values == (1, 2, 3, 4, 5, 6, 7, 8)


def test_numbers_are_written_as_people_write_them() -> None:
    grid = grid_of({"grid": {"params": ["7B", "700亿"], "count": {"from": "1,000", "to": "1e4", "steps": 2}}})
    assert [axis.values for axis in grid.axes] == [(7e9, 7e10), (1000, 10000)]


def test_a_mixture_keeps_its_active_parameters() -> None:
    grid = grid_of({"scenario": {"active_params": 1e10}, "grid": {"params": [1e11, 1e12]}})
    assert len(set(grid.columns(0, 2)["days"])) == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"axes": {}}, "key: 'axes' is unknown"),
        ({"grid": 3}, "grid: 3 is not a section"),
        ({"grid": {"tokns": [1e9]}}, "grid key: 'tokns' is unknown; did you mean tokens?"),
        ({"grid": {"title": ["a"]}}, "grid.title: cannot be an axis"),
        ({"grid": {"params": []}}, "grid.params: the list is empty"),
        ({"grid": {"params": [float("nan")]}}, "grid.params: nan is not accepted"),
        ({"grid": {"params": ["much"]}}, "grid.params: 'much' is not a number"),
        ({"grid": {"count": [1.5]}}, "grid.count: 1.5 is not accepted; accepted: a whole number"),
        ({"grid": {"params": {"from": 1e9, "to": 1e10}}}, "grid.params: steps is missing"),
        ({"grid": {"params": {"from": 1e9, "to": 1e10, "step": 3}}}, "did you mean steps?"),
        ({"grid": {"accelerator": ["A1000"]}}, "accelerator: 'A1000' is unknown"),
        ({"grid": {"accelerator": [100]}}, "grid.accelerator: 100 is not text"),
        ({"grid": {"pue": [1.1]}, "scenario": {"pue": 1.2}}, "pue: given twice"),
        ({"sample": {"pue": [1.1, 1.4]}}, "sample.rows: missing"),
        ({"sample": {"rows": 10, "pue": 1.4}}, "sample.pue: 1.4 is not a range"),
        ({"sample": {"rows": 10, "pue": [1.4, 1.1]}}, "sample.pue: .* is reversed"),
        ({"sample": {"rows": 0}}, "sample.rows: 0 is not accepted"),
        ({"scenario": {"pue": [1.1, 1.4]}}, r"scenario.pue: a range is drawn at random in \[sample\]"),
        ({"outputs": ["dayz"]}, "outputs: 'dayz' is unknown; did you mean days"),
        ({"outputs": []}, "outputs: .* is not accepted"),
        ({"scenario": {"active_params": 2e9}, "grid": {"params": [1e12, 1e9]}}, "active_params: 2e.09 is more than"),
        (
            {"sample": {"rows": 10**10, "pue": [1.1, 1.2]}, "grid": {"params": [1e9, 2e9]}},
            "rows: 2e.10 is not accepted",
        ),
    ],
)
def test_a_wrong_file_is_one_line(content: dict[str, object], message: str) -> None:
    with pytest.raises(Problem, match=message) as caught:
        grid_of(content)
    assert "\n" not in str(caught.value)


def test_files_are_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    with pytest.raises(Problem, match=r"mine\.toml, whole file: cannot be read"):
        read_grid(path)
    path.write_text("params = = 3")
    with pytest.raises(Problem, match=r"mine\.toml, whole file: not TOML"):
        read_grid(path)
    path.write_text("[grid]\nparams = []")
    with pytest.raises(Problem, match=r"mine\.toml, grid\.params: the list is empty"):
        read_grid(path)


def test_what_is_solved_for_is_no_axis_and_no_column_stands_twice():
    """An axis of days with days as the unknown was lost without a word."""
    with pytest.raises(Problem, match=r"grid\.days: is what is solved for"):
        grid_of({"grid": {"days": [10, 20, 30]}})
    with pytest.raises(Problem, match="outputs: cost_usd stands twice"):
        grid_of({"grid": {"count": [8, 16]}, "outputs": ["cost_usd", "days", "cost_usd"]})
    with pytest.raises(Problem, match="outputs: count stands twice, or is an axis"):
        grid_of({"grid": {"count": [8, 16]}, "outputs": ["count"]})
    assert grid_of({"grid": {"count": [8, 16]}}).names[0] == "count"


def test_the_unknown_is_a_column_unless_others_are_asked_for():
    """A sweep that solved for the accelerators told days and money, and not how many."""
    grid = grid_of({"scenario": {"solve_for": "count", "params": "7B", "tokens": "1T"}, "grid": {"days": [10, 20]}})
    assert grid.names[:2] == ["days", "count"]
    assert "count_low_90" in grid.names


def test_too_many_rows_are_refused_before_they_are_made():
    """2.6e11 rows took half a minute to be refused: the axes were built first."""
    many = {"from": 1e9, "to": 1e12, "steps": 1_000_000}
    with pytest.raises(Problem, match="rows: "):
        grid_of({"grid": {"params": many, "tokens": {**many, "to": 1e14}}})
