"""The build: in the order of what needs what, and never half: a failure leaves what was there."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers import paths
from helpers.build.build import WAITING, build
from helpers.build.project import Project
from helpers.build.steps import APART, CHAPTERS, all_steps, chapter
from helpers.commands.cli import main
from helpers.errors import ParameterProblem
from helpers.paths import NOTEBOOKS
from tests import samples
from tests.build import small
from tests.build.notebooks import write_notebook
from tests.build.small import Doer, step, steps
from tests.build.test_publish import tree


def test_every_notebook_is_a_step_and_every_step_of_a_chapter_a_notebook() -> None:
    listed = [*(step.source for step in CHAPTERS), *APART]
    assert sorted(listed) == sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))


def test_names_of_steps_are_unique_and_what_they_need_is_there() -> None:
    listed = all_steps(CHAPTERS)
    names = [step.name for step in listed]
    assert len(names) == len(set(names))
    assert {need for step in listed for need in step.needs} <= set(names)


def test_one_notebook_can_be_several_steps_on_several_pages() -> None:
    listed = all_steps(
        [
            chapter("03_compute"),
            chapter("03_compute.zh", notebook="03_compute", page="index.zh", data="data/zh", language="zh"),
            chapter("scenarios/mine", notebook="06_scenario", page="scenarios/mine", data="data/mine", scenario="mine"),
        ],
        others=(),
    )
    by_name = {step.name: step for step in listed}
    assert by_name["03_compute.zh"].action == by_name["03_compute"].action == "notebooks/03_compute.ipynb"
    assert by_name["03_compute.zh"].values["language"] == "zh"
    assert by_name["index.zh.html"].values["target"] == "report/index.zh.html"
    assert by_name["index.zh.html"].needs == ("03_compute.zh.chapter",)
    assert by_name["scenarios/mine.html"].values["target"] == "report/scenarios/mine.html"
    assert by_name["scenarios/mine.chapter"].values["root"] == "../"
    folders = {name: by_name[name].values["out_dir"] for name in ("03_compute", "03_compute.zh", "scenarios/mine")}
    assert folders == {
        "03_compute": "report/data",
        "03_compute.zh": "report/data/zh",
        "scenarios/mine": "report/scenarios/data/mine",
    }
    assert by_name["scenarios/mine.chapter"].values["data"] == "data/mine"


def test_stage_that_no_page_shows_writes_its_tables_neither_into_the_report_nor_among_the_data() -> None:
    [unshown] = all_steps([chapter("01_dataset", page="")], others=())
    assert unshown.values["out_dir"] == "executed/01_dataset/data"


# A small project whose steps are functions ----------------------------------------------------------------------------


@pytest.fixture
def doer(monkeypatch: pytest.MonkeyPatch) -> Doer:
    """Does the steps of every build of a test, in this process."""
    return Doer(monkeypatch)


@pytest.fixture
def place(tmp_path: Path) -> Project:
    return small.project(tmp_path / "project")


def published(place: Project) -> dict[str, bytes]:
    return {n: c for n, c in tree(place.root).items() if n.startswith(("report/", "data/processed/", "README"))}


KEPT = {"records", "steps"}


def left_behind(root: Path) -> list[str]:
    """What a build leaves beside the project's own files, the cache and the lock aside."""
    build = set(os.listdir(root / "build")) - KEPT if (root / "build").exists() else set()
    return sorted([*build, *(p.name for folder in (root, root / "data") for p in folder.glob(".*"))])


def test_build_puts_the_new_report_in_place_of_the_old(
    place: Project, doer: Doer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert build({}, project=place, steps=steps()) == place.root / "report" / "index.html"
    after = tree(place.root / "report")
    assert after["index.html"] == b"SOME WORDS 4"
    assert "data/old.csv" not in after
    assert set(after) == {"index.html", "manifest.json", "ro-crate-metadata.json"}
    assert not (place.root / "data" / "processed" / "claims.csv").exists()
    assert left_behind(place.root) == []
    assert ": 3 of 3 steps ran" in capsys.readouterr().err.splitlines()[-1]


def test_second_build_does_nothing_and_says_so(place: Project, doer: Doer, capsys: pytest.CaptureFixture[str]) -> None:
    build({}, project=place, steps=steps())
    before = {name: (place.root / name).stat().st_ino for name in published(place)}
    capsys.readouterr()
    build({}, project=place, steps=steps())
    assert capsys.readouterr().err.splitlines() == [f"{paths.shown(place.page)} is up to date"]
    assert {name: (place.root / name).stat().st_ino for name in published(place)} == before


@pytest.mark.parametrize("harm", ["edit", "truncate", "remove", "add", "remove all"])
def test_results_that_were_altered_are_put_back_without_running_anything(harm: str, place: Project, doer: Doer) -> None:
    build({}, project=place, steps=steps())
    whole = published(place)
    page = place.root / "report" / "index.html"
    if harm == "remove all":
        shutil.rmtree(place.root / "report")
    elif harm == "remove":
        page.unlink()
    elif harm == "add":
        (place.root / "report" / "more.html").write_text("foreign")
    else:
        page.write_text("edited" if harm == "edit" else "")
    doer.did.clear()
    build({}, project=place, steps=steps())
    assert published(place) == whole
    assert doer.did == []


def test_failure_leaves_the_old_report_and_the_next_build_resumes(
    place: Project, doer: Doer, capsys: pytest.CaptureFixture[str]
) -> None:
    before = published(place)
    with pytest.raises(ValueError, match="row 3"):
        build({}, project=place, steps=[*steps(), step("bad", "fail", message="a.txt, row 3")])
    assert published(place) == before
    assert left_behind(place.root) == []
    doer.did.clear()
    build({}, project=place, steps=steps())
    assert set(doer.did) <= {"page"}
    assert (place.root / "report" / "index.html").read_text() == "SOME WORDS 4"


def test_interrupt_leaves_the_old_report(place: Project, doer: Doer) -> None:
    before = published(place)

    def interrupt(folder: Path) -> None:
        raise KeyboardInterrupt

    doer.before = interrupt
    with pytest.raises(KeyboardInterrupt):
        build({}, project=place, steps=steps())
    assert published(place) == before
    assert left_behind(place.root) == []


def test_build_into_another_folder_leaves_the_project_alone(place: Project, doer: Doer, tmp_path: Path) -> None:
    before = published(place)
    elsewhere = Project(place.root, into=tmp_path / "elsewhere")
    build({}, project=elsewhere, steps=steps())
    assert published(place) == before
    assert (tmp_path / "elsewhere" / "report" / "index.html").read_text() == "SOME WORDS 4"
    doer.did.clear()
    build({}, project=place, steps=steps())  # what the other build has made serves here
    assert doer.did == []
    assert tree(tmp_path / "elsewhere" / "report") == tree(place.root / "report")


def test_disk_that_fills_up_at_the_end_leaves_the_old_report(
    place: Project, doer: Doer, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, copyfile = published(place), shutil.copyfile

    def full(source: Path, target: Path, **more: object) -> object:
        if Path(target).name == "index.html":
            raise OSError(28, "No space left on device")
        return copyfile(source, target, **more)

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(OSError, match="No space left on device"):
        build({}, project=place, steps=steps())
    assert published(place) == before
    assert left_behind(place.root) == []
    monkeypatch.undo()


@pytest.mark.parametrize("full", ["loud.json", "manifest.json"])
def test_disk_that_is_full_for_the_cache_leaves_the_old_report_and_the_next_build_resumes(
    full: str, place: Project, doer: Doer, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, write_text = published(place), Path.write_text

    def write(path: Path, content: str, **more: str) -> int:
        if path.name == full:
            write_text(path, content[: len(content) // 2])
            raise OSError(28, "No space left on device")
        return write_text(path, content, **more)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_text", write)
        with pytest.raises(OSError, match="No space left on device"):
            build({}, project=place, steps=steps())
    assert published(place) == before
    assert left_behind(place.root) == []
    build({}, project=place, steps=steps())
    assert (place.root / "report" / "index.html").read_text() == "SOME WORDS 4"


def test_cache_that_is_gone_is_made_anew(place: Project, doer: Doer) -> None:
    build({}, project=place, steps=steps())
    whole = published(place)
    shutil.rmtree(place.build)
    build({}, project=place, steps=steps())
    assert published(place) == whole
    assert sorted(doer.did) == ["long", "long", "loud", "loud", "page", "page"]


def test_target_that_cannot_be_written_to_is_refused_before_anything_runs(place: Project, doer: Doer) -> None:
    (place.root / "file").write_text("")
    with pytest.raises(ValueError, match=r"file/in cannot be written to \(.*\)\. Mend: name another folder\."):
        build({}, project=Project(place.root, into=place.root / "file" / "in"), steps=steps())
    assert doer.did == []


def test_checkout_that_cannot_be_written_to_is_built_into_another_folder(
    place: Project, doer: Doer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As root, permissions do not stop anyone: the system's answer is what is tested."""
    attempt = tempfile.TemporaryFile

    def denied(dir: Path) -> object:
        if Path(dir).is_relative_to(place.root):
            raise PermissionError(13, "Permission denied")
        return attempt(dir=dir)

    before = tree(place.root)
    monkeypatch.setattr("helpers.build.build.tempfile.TemporaryFile", denied)
    with pytest.raises(ValueError, match="Mend: name a folder of your own with --into FOLDER"):
        build({}, project=place, steps=steps())
    build({}, project=Project(place.root, into=tmp_path / "mine"), steps=steps())
    assert (tmp_path / "mine" / "report" / "index.html").read_text() == "SOME WORDS 4"
    doer.did.clear()
    build({}, project=Project(place.root, into=tmp_path / "mine"), steps=steps())
    assert doer.did == []
    assert {n: c for n, c in tree(place.root).items() if not n.startswith("build/")} == before


def test_folder_that_cannot_be_written_to_leaves_the_old_report(
    place: Project, doer: Doer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As root, permissions do not stop anyone: the system's answer is what is tested."""
    before = published(place)

    def denied(**_: object) -> str:
        raise PermissionError(13, "Permission denied", "report")

    monkeypatch.setattr("helpers.build.publish.tempfile.mkdtemp", denied)
    with pytest.raises(PermissionError):
        build({}, project=place, steps=steps())
    assert published(place) == before
    assert left_behind(place.root) == []


def test_lost_marker_in_the_readme_is_told_before_anything_runs(place: Project, doer: Doer) -> None:
    (place.root / "README.md").write_text("no markers\n")
    with pytest.raises(ValueError, match="no <!-- answer -->"):
        build({}, project=place, steps=steps())
    assert doer.did == []


def test_answer_goes_into_the_readme(place: Project, doer: Doer) -> None:
    answer = step("answer", "upper", source="data/raw/a.txt", target="answer.md")
    build({}, project=place, steps=[*steps(), answer])
    assert "SOME WORDS" in (place.root / "README.md").read_text()
    (place.root / "README.md").write_text("<!-- answer -->\nby hand\n<!-- /answer -->\n")
    build({}, project=place, steps=[*steps(), answer])
    assert "SOME WORDS" in (place.root / "README.md").read_text()


def test_litter_of_killed_builds_is_removed(place: Project, doer: Doer) -> None:
    for name in (".report-abc/new/index.html", "data/.processed-x/new/a.csv"):
        (place.root / name).parent.mkdir(parents=True)
        (place.root / name).write_text("half")
    build({}, project=place, steps=steps())
    assert left_behind(place.root) == []


# Two at once ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def busy(place: Project) -> Iterator[int]:
    """Another build holds the lock."""
    place.build.mkdir(exist_ok=True)
    handle = os.open(place.build, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    yield handle
    os.close(handle)


def test_second_build_waits_for_the_first_and_says_so(
    place: Project, doer: Doer, busy: int, capsys: pytest.CaptureFixture[str]
) -> None:
    second = threading.Thread(target=build, args=({},), kwargs={"project": place, "steps": steps()})
    second.start()
    time.sleep(0.2)
    assert second.is_alive()
    assert doer.did == []
    fcntl.flock(busy, fcntl.LOCK_UN)
    second.join(20)
    assert (place.root / "report" / "index.html").read_text() == "SOME WORDS 4"
    assert capsys.readouterr().err.splitlines()[0] == WAITING


# The command line, with a real notebook -------------------------------------------------------------------------------


@pytest.fixture
def notebooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two notebooks, the second of which fails, and what an earlier build left."""
    root = small.project(tmp_path / "project").root
    shutil.rmtree(root / "data" / "raw")
    samples.write_data(root / "data", samples.rows())
    made = "import pathlib\npathlib.Path(data_dir, 'processed').mkdir(exist_ok=True)\npathlib.Path(data_dir, 'processed', 'a.csv').write_text('1')"
    write_notebook(root / "notebooks" / "01_good.ipynb", "# A", made)
    write_notebook(root / "notebooks" / "02_bad.ipynb", "# B", "x = 1", "x / 0")
    monkeypatch.setattr("helpers.build.steps.CHAPTERS", (chapter("02_bad", "01_good"), chapter("01_good")))
    monkeypatch.setattr("helpers.build.steps.OTHERS", ())
    monkeypatch.setattr(paths, "PROJECT", root)
    monkeypatch.setattr(paths, "NOTEBOOKS", root / "notebooks")
    return root


def test_failing_notebook_is_named_with_its_cell_and_leaves_the_old_report(
    notebooks: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = published(Project(notebooks))
    status = main(["build"])
    out, err = capsys.readouterr()
    assert (status, out) == (1, "")
    assert err.splitlines()[-1] == "error: 02_bad.ipynb, cell 4 (In [3]): ZeroDivisionError: division by zero"
    assert "Traceback" not in err
    assert "01_good" in err.splitlines()[0]  # progress, in the order of what needs what
    assert published(Project(notebooks)) == before
    assert left_behind(notebooks) == []
    write_notebook(
        notebooks / "notebooks" / "02_bad.ipynb", "# C", "print('fine', open(data_dir + '/processed/a.csv').read())"
    )
    assert main(["build"]) == 0
    out, err = capsys.readouterr()
    assert "01_good " not in err  # the next build goes on from there
    assert out.strip() == str(notebooks / "report" / "index.html")
    assert "fine 1" in (notebooks / "report" / "index.html").read_text(encoding="utf-8")
    manifest = json.loads((notebooks / "report" / "manifest.json").read_text())
    reads = {step["name"]: step["reads"] for step in manifest["steps"]}
    assert "data/processed/a.csv" in reads["02_bad"]
    assert "notebooks/02_bad.ipynb" in reads["02_bad"]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["-p", "02_bad.nam", "1"], "error: 02_bad: no parameter nam"),
        (["-p", "01_good.out_dri", "1"], "error: 01_good: no parameter out_dri; did you mean out_dir?"),
        (["-p", "03_gone.days", "1"], "error: 03_gone.ipynb: not a readable notebook"),
        (["-p", "days", "1"], "error: -p days: write NOTEBOOK.NAME"),
    ],
)
@pytest.mark.parametrize("command", ["build", "explain"])
def test_parameter_that_does_not_fit_is_refused_before_anything_runs(
    command: str, arguments: list[str], line: str, notebooks: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = published(Project(notebooks))
    status = main([command, *arguments])
    out, err = capsys.readouterr()
    assert (status, out) == (1, "")
    assert err.startswith(line)
    assert len(err.splitlines()) == 1
    assert published(Project(notebooks)) == before


def test_what_a_build_with_nothing_to_do_imports_is_no_library() -> None:
    """pandas alone takes longer to import than such a build may take."""
    code = (
        "import sys; before = set(sys.modules)\nimport helpers.commands.build_command\n"
        "from helpers.build import build, graph\n"
        "scheduled = build.scheduled(build.Project(), {}, '')\nlist(map(scheduled.is_planned, scheduled.steps.values()))\n"
        "print({name.partition('.')[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "{'helpers'}\n"


def test_notebook_that_does_not_exist_is_refused_with_those_that_do(notebooks: Path) -> None:
    with pytest.raises(
        ParameterProblem, match=r"no notebook 03_gone; there are 01_good, 01_good[.]zh, 02_bad, 02_bad[.]zh"
    ):
        build({"03_gone": {}})


def test_raw_tables_that_break_their_schema_stop_the_build_with_their_line(
    notebooks: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The dataset notebook's problem reaches the reader with file, row and mend."""
    sources = (
        "from helpers.notebook import open_chapter\nchapter = open_chapter(globals())",
        "from helpers.ledger.dataset import read_dataset\nread_dataset(chapter.data_dir)",
    )
    write_notebook(notebooks / "notebooks" / "01_good.ipynb", "# A", *sources)
    path = notebooks / "data" / "raw" / "claims.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",FLOP,", ",furlong,"), encoding="utf-8")
    before = published(Project(notebooks))
    assert main(["build"]) == 1
    line = capsys.readouterr().err.splitlines()[-1]
    assert "01_good.ipynb, cell 4" in line
    assert "DataProblem: " in line
    assert "data/raw/claims.csv, row 3 (000-work), column unit" in line
    assert "build/steps" not in line  # not the place where it was read
    assert "Mend: " in line
    assert published(Project(notebooks)) == before


def test_explain_says_why(notebooks: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "01_good: would run; it has not run yet"
    assert out[-1] == "12 of 12 steps would run"
