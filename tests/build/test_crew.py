"""Functions of the package as steps: what they read is heard, and only what they read."""

import sys
from pathlib import Path

import pytest

from helpers.formulas.hardware import lookup
from helpers.paths import RAW
from helpers.build.crew import call, cores, forget


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A module with a function that reads and writes."""
    source = (
        "def copy(folder, name, target):\n"
        "    (folder / target).write_text((folder / name).read_text())\n"
        "    try:\n        (folder / 'not there').read_text()\n    except OSError:\n        pass\n"
    )
    (tmp_path / "a_step.py").write_text(source)
    monkeypatch.syspath_prepend(tmp_path)
    return "a_step:copy"


def test_function_is_called_in_its_folder_and_what_it_read_is_told(module: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("words")
    (tmp_path / "b.txt").write_text("not read")
    finished = call(module, tmp_path, {"name": "a.txt", "target": "made.txt"})
    assert (tmp_path / "made.txt").read_text() == "words"
    assert str(tmp_path / "a.txt") in finished.files_read
    assert str(tmp_path / "b.txt") not in finished.files_read
    assert str(tmp_path / "not there") not in finished.files_read
    (tmp_path / "b.txt").read_text()
    assert str(tmp_path / "b.txt") not in call(module, tmp_path, {"name": "a.txt", "target": "made.txt"}).files_read


def test_table_that_is_in_memory_already_is_told_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "another_step.py").write_text(
        "from helpers.formulas.hardware import lookup\ndef chip(folder, name):\n    lookup(name)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    lookup("A100")
    for _ in range(2):
        assert str(RAW / "hardware.csv") in call("another_step:chip", tmp_path, {"name": "A100"}).files_read


def test_changed_functions_are_read_anew_and_the_build_itself_stays() -> None:
    from helpers.build import crew
    from helpers.report import sources

    before = sys.modules["helpers.report.sources"]
    kept = {name: found for name, found in sys.modules.items() if name.startswith("helpers")}
    try:
        forget()
        assert "helpers.report.sources" not in sys.modules
        assert sys.modules["helpers.build.crew"] is crew
        assert sources is before
    finally:
        sys.modules.update(kept)


def test_cores_are_those_that_this_process_may_use() -> None:
    assert cores() >= 1
