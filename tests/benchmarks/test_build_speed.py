"""The pipeline's bench: goals against what was measured, and the record of it; one contender is run for real."""

import csv
from pathlib import Path

import pytest
from benchmarks.contenders import CLI, FLOOR, FULL, OURS, PAGES, SAME, TWEAK, WARM, Bench

from benchmarks import build_speed as speed
from benchmarks import contenders
from helpers.build.steps import all_chapters
from helpers.errors import Problem
from helpers.ledger.tables import read_package
from tests.build.notebooks import write_notebook

TIMES = {
    (FLOOR, FULL): 2.0,
    (OURS, FULL): 3.0,
    (OURS, SAME): 0.05,
    (OURS, TWEAK): 1.0,
    (CLI, FULL): 24.0,
    (CLI, TWEAK): 3.0,
    (WARM, FULL): 1.5,
    ("another", FULL): 6.0,
}


def test_goals_are_ratios_of_one_run_and_say_whether_they_are_met() -> None:
    lines = list(speed.verdicts(TIMES))
    assert lines[0] == "full build, cold, as a multiple of the plain script: 1.5 (goal: at most 1.15; missed)"
    assert "one parameter, cold, times faster than the command lines: 3.0 (goal: at least 2.8; met)" in lines
    assert "no change: 0.050 s (goal: at most 0.30; met)" in lines
    assert (
        lines[-1] == "full build, cold, times faster than the fastest other, another: 2.0 (goal: at least 2.1; missed)"
    )
    assert not any(line.startswith("pages") for line in lines)  # not measured: nothing is said


def test_table_has_a_line_for_each_way_and_blanks_for_what_it_cannot_do() -> None:
    head, *lines = speed.table("seconds", TIMES, 20)
    assert head.split() == ["seconds", "full", "build", "no", "change", "one", "parameter", "20", "pages"]
    assert [line[:48].strip() for line in lines] == [FLOOR, OURS, CLI, WARM, "another"]
    assert lines[1].split()[-3:] == ["3.00", "0.05", "1.00"]


def test_record_has_the_columns_of_the_data_package(tmp_path: Path) -> None:
    path = speed.write_timings(TIMES | {(OURS, PAGES): 4.0}, {"01_dataset": 1.25}, 20, tmp_path)
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    (resource,) = [r for r in read_package()["resources"] if r["name"] == "timings"]
    assert list(rows[0]) == [field["name"] for field in resource["schema"]["fields"]]
    found = {(row["tool"], row["task"], row["subject"]): row["seconds"] for row in rows}
    assert found[OURS, PAGES, "20"] == "4.000"
    assert found[OURS, "notebook", "01_dataset"] == "1.250"
    tasks = next(f for f in resource["schema"]["fields"] if f["name"] == "task")["constraints"]["enum"]
    assert {row["task"] for row in rows} <= set(tasks)
    assert rows[0]["machine"] == speed.machine()


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A project of three notebooks."""
    root = tmp_path / "project"
    (root / "src").mkdir(parents=True)
    for name, code in (
        ("01_dataset", "x = 1"),
        ("05_efficiency", "open('seen', 'a').write(str(pue))\nx = 2\nx"),
        ("00_summary", "x = 3"),
    ):
        write_notebook(
            root / "notebooks" / f"{name}.ipynb", f"# {name}", code, parameters="pue: float = 1.5  # a factor"
        )
    return Bench(root, tmp_path / "bench")


def test_every_chapter_of_both_editions_is_run_after_what_it_reads() -> None:
    listed = contenders.jobs(FULL, 3)
    names = [name for _, name, _ in listed]
    stages = all_chapters()
    assert sorted(names) == sorted(stage.name for stage in stages)
    for stage in stages:
        assert all(names.index(need) < names.index(stage.name) for need in stage.needs), stage.name
    waves = list(contenders._waves(listed))
    assert [len(wave) for wave in waves] == [1, len(names) - 3, 2]
    assert [job for wave in waves for job in wave] == listed


def test_one_parameter_changes_both_editions_and_each_page_has_its_own() -> None:
    assert {name for _, name, _ in contenders.jobs(TWEAK, 3)} == {"05_efficiency", "05_efficiency.zh"}
    pages = contenders.jobs(PAGES, 3)
    assert len({name for _, name, _ in pages}) == len({str(values) for _, _, values in pages}) == 3


def test_plain_script_runs_every_cell_with_its_parameters(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(bench.folder)
    contenders._plain([("05_efficiency", "a", {}), ("05_efficiency", "b", {"pue": 1.25})])
    assert (bench.folder / "seen").read_text() == "1.51.25"


def test_contender_that_fails_is_named_in_one_line(bench: Bench) -> None:
    with pytest.raises(Problem, match="No module named nothing"):
        bench.call("-m", "nothing")
