"""The build: in the order of what needs what, and never half: a failure leaves what was there."""

import graphlib
import os
import shutil
from pathlib import Path

import pytest

from helpers.errors import ParameterProblem
from helpers.paths import NOTEBOOKS
from helpers.pipeline import build as building
from helpers.pipeline.build import STAGES, Stage, ordered
from helpers.pipeline.cli import main
from tests import samples
from tests.pipeline.notebooks import write_notebook
from tests.pipeline.test_replace import tree


def test_every_notebook_is_a_stage_and_every_stage_a_notebook() -> None:
    assert sorted(stage.name for stage in STAGES) == sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))


def test_stages_run_after_what_they_need() -> None:
    names = [stage.name for stage in ordered()]
    assert len(names) == len(STAGES)
    assert all(names.index(need) < names.index(stage.name) for stage in STAGES for need in stage.needs)


def test_stages_that_need_one_another_are_refused() -> None:
    with pytest.raises(graphlib.CycleError):
        ordered((Stage("a", needs=("b",)), Stage("b", needs=("a",))))


# A small project whose report is there already ------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two notebooks, the second of which fails, and what an earlier build left."""
    root = tmp_path / "project"
    samples.write_data(root / "data", samples.rows())
    write_notebook(
        root / "notebooks" / "01_good.ipynb",
        "# Good",
        "import pathlib\npathlib.Path(data_dir, 'processed').mkdir(exist_ok=True)",
    )
    write_notebook(root / "notebooks" / "02_bad.ipynb", "# Bad", "x = 1", "x / 0")
    for name in ("report/index.html", "report/data/a.csv", "data/processed/claims.csv"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(f"old {name}")
    (root / "README.md").write_text("<!-- answer -->\nold answer\n<!-- /answer -->\n")
    stages = (Stage("02_bad", needs=("01_good",)), Stage("01_good"))
    monkeypatch.setattr(building, "STAGES", stages)
    monkeypatch.setattr(building, "ordered", lambda: ordered(stages))
    places = {"PROJECT": root, "DATA": root / "data", "NOTEBOOKS": root / "notebooks", "REPORT": root / "report"}
    for name, path in (places | {"PROCESSED": root / "data" / "processed"}).items():
        monkeypatch.setattr(building, name, path)
    monkeypatch.setattr("helpers.paths.NOTEBOOKS", root / "notebooks")
    return root


def left_behind(project: Path) -> list[str]:
    """What a build leaves beside the project's own files."""
    build = os.listdir(project / "build") if (project / "build").exists() else []
    return build + [p.name for folder in (project, project / "data") for p in folder.glob(".*")]


def test_failing_notebook_is_named_with_its_cell_and_leaves_the_old_report(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = tree(project)
    status = main(["build"])
    out, err = capsys.readouterr()
    assert (status, out) == (1, "")
    assert err.splitlines()[-1] == "error: 02_bad.ipynb, cell 4 (In [3]): ZeroDivisionError: division by zero"
    assert "Traceback" not in err
    assert "[1/3] 01_good" in err  # progress, in the order of what needs what
    assert tree(project) == before
    assert left_behind(project) == []


def test_failing_notebook_leaves_another_folder_alone_too(project: Path, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    assert main(["build", "--into", str(target)]) == 1
    assert not target.exists()


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["-p", "02_bad.nam", "1"], "error: 02_bad: no parameter nam"),
        (["-p", "01_good.out_dri", "1"], "error: 01_good: no parameter out_dri; did you mean out_dir?"),
        (["-p", "03_gone.days", "1"], "error: 03_gone.ipynb: not a readable notebook"),
        (["-p", "days", "1"], "error: -p days: write NOTEBOOK.NAME"),
    ],
)
def test_parameter_that_does_not_fit_is_refused_before_anything_runs(
    arguments: list[str], line: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = tree(project)
    status = main(["build", *arguments])
    out, err = capsys.readouterr()
    assert (status, out) == (1, "")
    assert err.startswith(line)
    assert len(err.splitlines()) == 1
    assert tree(project) == before


def test_notebook_that_does_not_exist_is_refused_with_those_that_do(project: Path) -> None:
    with pytest.raises(ParameterProblem, match="no notebook 03_gone; there are 01_good, 02_bad"):
        building.build({"03_gone": {}})


def test_raw_tables_that_break_their_schema_stop_the_build_with_their_line(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The dataset notebook's problem reaches the reader with file, row and mend."""
    sources = (
        "from helpers.chapter import open_chapter\nchapter = open_chapter(globals())",
        "from helpers.ledger.dataset import read_dataset\nread_dataset(chapter.data_dir)",
    )
    write_notebook(project / "notebooks" / "01_good.ipynb", "# Good", *sources)
    path = project / "data" / "raw" / "claims.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",FLOP,", ",furlong,"), encoding="utf-8")
    before = tree(project)
    assert main(["build"]) == 1
    line = capsys.readouterr().err.splitlines()[-1]
    assert "01_good.ipynb, cell 4" in line
    assert "DataProblem: data/raw/claims.csv, row 3 (000-work), column unit" in line  # not the copy it was read from
    assert "Mend: " in line
    assert tree(project) == before


@pytest.fixture
def good_project(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, with nothing that fails; the page and the README's answer are not what is tested here."""
    write_notebook(project / "notebooks" / "02_bad.ipynb", "# Fine", "print('fine')")
    monkeypatch.setattr("helpers.ledger.processed.read_processed", lambda folder: None)
    monkeypatch.setattr("helpers.report.headline.headline", lambda tables: None)
    monkeypatch.setattr("helpers.report.headline.readme_answer", lambda facts: "The answer.")
    return project


def test_build_puts_the_new_report_in_place_of_the_old(good_project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build"]) == 0
    assert capsys.readouterr().out.strip() == str(good_project / "report" / "index.html")
    assert "fine" in (good_project / "report" / "index.html").read_text(encoding="utf-8")
    assert not (good_project / "report" / "data" / "a.csv").exists()
    assert "The answer." in (good_project / "README.md").read_text()
    assert left_behind(good_project) == []


def test_two_builds_give_the_same_bytes(good_project: Path, tmp_path: Path) -> None:
    """What a notebook shows of its own parameters must not depend on where or when it was built."""
    for name in ("one", "another"):
        assert main(["build", "--into", str(tmp_path / name)]) == 0
    one, another = tree(tmp_path / "one"), tree(tmp_path / "another")
    assert "report/index.html" in one
    assert one == another
    assert str(good_project).encode() not in one["report/index.html"]


def test_disk_that_fills_up_at_the_end_leaves_the_old_report(
    good_project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before, copytree = tree(good_project), shutil.copytree

    def full(source: Path, target: Path, **more: object) -> object:
        if Path(target).name == "new":
            raise OSError(28, "No space left on device")
        return copytree(source, target, **more)

    monkeypatch.setattr(shutil, "copytree", full)
    assert main(["build"]) == 1
    assert "No space left on device" in capsys.readouterr().err.splitlines()[-1]
    assert tree(good_project) == before
    assert left_behind(good_project) == []


def test_lost_marker_in_the_readme_leaves_the_old_report(
    good_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (good_project / "README.md").write_text("no markers\n")
    before = tree(good_project)
    assert main(["build"]) == 1
    assert capsys.readouterr().err.startswith("error: README.md: no <!-- answer -->")  # before anything ran
    assert tree(good_project) == before
