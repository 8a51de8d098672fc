"""Nothing to do is known from sizes and times alone, and anything that matters is noticed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.paths import PROJECT
from helpers.build import state
from helpers.build.project import Project
from helpers.build.state import State, inputs
from tests.build.small import project, rewrite


@pytest.fixture
def place(tmp_path: Path) -> Project:
    """A project whose last build is remembered."""
    made = project(tmp_path / "project")
    of(made).save(inputs(made, {}))
    return made


def of(place: Project, **request: object) -> State:
    return State(place, request, {})


def test_nothing_changed(place: Project) -> None:
    assert of(place).unchanged()


@pytest.mark.parametrize(
    "name",
    [
        "data/raw/a.txt",
        "requirements.lock",
        "README.md",
        "report/index.html",
        "report/data/old.csv",
        "data/processed/claims.csv",
    ],
)
@pytest.mark.parametrize("change", ["alter", "same size and times", "remove"])
def test_altered_or_missing_file_is_noticed(change: str, name: str, place: Project) -> None:
    path = place.root / name
    if change == "remove":
        path.unlink()
    elif change == "alter":
        path.write_text(path.read_text() + "x")
    else:
        before = path.stat()
        path.write_text("x" * before.st_size)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert not of(place).unchanged()


@pytest.mark.parametrize(
    "name", ["data/scenarios/new.toml", "notebooks/12_new.ipynb", "report/extra.html", "data/processed/extra.csv"]
)
def test_additional_file_is_noticed(name: str, place: Project) -> None:
    (place.root / name).parent.mkdir(parents=True, exist_ok=True)
    (place.root / name).write_text("new")
    assert not of(place).unchanged()


def test_hidden_files_and_compiled_modules_do_not_matter(place: Project) -> None:
    for name in ("report/.DS_Store", "data/raw/.a.txt.swp", "data/__pycache__/a.pyc"):
        (place.root / name).parent.mkdir(exist_ok=True)
        (place.root / name).write_text("x")
    assert of(place).unchanged()


def test_other_parameters_are_noticed(place: Project) -> None:
    assert not of(place, days=3).unchanged()


def test_other_packages_are_noticed(place: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packages = tmp_path / "site-packages"
    (packages / "numpy-2.0.dist-info").mkdir(parents=True)
    monkeypatch.syspath_prepend(packages)
    assert not of(place).unchanged()


def test_other_interpreter_is_noticed(place: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 99, 0))
    assert state.environment()["Python"].endswith(" 3.99.0")
    assert not of(place).unchanged()


@pytest.mark.parametrize("text", ["", "{", "[]", "{}"])
def test_damaged_memory_counts_as_none(text: str, place: Project) -> None:
    of(place).file.write_text(text)
    assert not of(place).unchanged()


def test_folders_outside_count(place: Project, tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "a.txt").write_text("one")
    given = {"texts_dir": str(texts)}
    State(place, {}, given).save(inputs(place, given))
    assert State(place, {}, given).unchanged()
    rewrite(texts / "a.txt", "two")
    assert not State(place, {}, given).unchanged()


def test_each_target_has_its_memory_and_loses_it_with_the_folder(place: Project, tmp_path: Path) -> None:
    other = Project(place.root, into=tmp_path / "other")
    (tmp_path / "other").mkdir()
    of(other).save(inputs(other, {}))
    assert of(other).unchanged()
    assert of(place).unchanged()
    (tmp_path / "other").rmdir()
    of(place).save(inputs(place, {}))
    assert [path.name for path in of(place).file.parent.iterdir()] == [of(place).file.name]


def test_nothing_heavy_is_imported_to_find_that_nothing_changed(place: Project) -> None:
    """A start of Python is most of the time that it takes."""
    code = (
        "import sys; from helpers.commands.cli import main; from helpers.build.build import build\n"
        "from helpers.build.state import State, inputs; from helpers.build.project import Project\n"
        f"from pathlib import Path; place = Project(Path({str(place.root)!r}))\n"
        "request = {'overrides': {}, 'texts_dir': '', 'steps': repr('')}\n"
        "State(place, request, {}).save(inputs(place, {})); build({}, project=place)\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules}))"
    )
    environment = {**os.environ, "PYTHONPATH": str(PROJECT / "src")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert "is up to date" in done.stderr
    heavy = {"pandas", "numpy", "nbformat", "jinja2", "papermill", "tqdm", "jsonschema", "asyncio", "concurrent"}
    assert heavy.isdisjoint(done.stdout.split())
