"""Putting folders in place: whole or not at all, whatever goes wrong on the way."""

import os
import shutil
from pathlib import Path

import pytest

from helpers.errors import Problem
from helpers.pipeline.replace import put_in_place, update_answer


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its content, hidden ones included."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / f"{name}.txt").write_text(text)
    return folder


@pytest.fixture
def places(tmp_path: Path) -> dict[Path, Path]:
    """Two finished folders, and the two old ones that they replace."""
    write(tmp_path / "project" / "report", index="old page", stale="old")
    write(tmp_path / "project" / "data" / "processed", claims="old claims")
    return {
        write(tmp_path / "new" / "processed", claims="new claims"): tmp_path / "project" / "data" / "processed",
        write(tmp_path / "new" / "report", index="new page"): tmp_path / "project" / "report",
    }


def test_old_folders_give_way_and_nothing_else_is_left(places: dict[Path, Path], tmp_path: Path) -> None:
    put_in_place(places)
    assert tree(tmp_path / "project") == {"data/processed/claims.txt": b"new claims", "report/index.txt": b"new page"}
    assert sorted(os.listdir(tmp_path / "project")) == ["data", "report"]
    assert os.listdir(tmp_path / "project" / "data") == ["processed"]


def test_place_that_does_not_exist_is_made(tmp_path: Path) -> None:
    put_in_place({write(tmp_path / "new", a="1"): tmp_path / "deep" / "er" / "report"})
    assert tree(tmp_path / "deep") == {"er/report/a.txt": b"1"}


@pytest.mark.parametrize("fails", [1, 2])
def test_copying_that_fails_leaves_the_old_folders_and_no_leftovers(
    fails: int, places: dict[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, copied, copytree = tree(tmp_path / "project"), [], shutil.copytree

    def copy_until_the_disk_is_full(source: Path, target: Path) -> None:
        copied.append(source)
        if len(copied) == fails:
            Path(target).mkdir()
            (Path(target) / "half").write_text("half")
            raise OSError(28, "No space left on device")
        copytree(source, target)

    monkeypatch.setattr(shutil, "copytree", copy_until_the_disk_is_full)
    with pytest.raises(OSError, match="No space left"):
        put_in_place(places)
    assert tree(tmp_path / "project") == before
    assert sorted(os.listdir(tmp_path / "project")) == ["data", "report"]


@pytest.mark.parametrize("fails", [1, 2, 3, 4])
def test_renaming_that_fails_at_any_step_leaves_all_old_folders_and_no_leftovers(
    fails: int, places: dict[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, renamed, rename = tree(tmp_path / "project"), [], os.rename

    def rename_until_denied(source: Path, target: Path) -> None:
        renamed.append(source)
        if len(renamed) == fails:
            raise OSError(13, "Permission denied")
        rename(source, target)

    monkeypatch.setattr(os, "rename", rename_until_denied)
    with pytest.raises(OSError, match="Permission denied"):
        put_in_place(places)
    assert tree(tmp_path / "project") == before
    assert sorted(os.listdir(tmp_path / "project")) == ["data", "report"]
    assert os.listdir(tmp_path / "project" / "data") == ["processed"]


def test_missing_source_leaves_the_old_folders(places: dict[Path, Path], tmp_path: Path) -> None:
    before = tree(tmp_path / "project")
    with pytest.raises(OSError, match="gone"):
        put_in_place({**places, tmp_path / "gone": tmp_path / "project" / "other"})
    assert tree(tmp_path / "project") == before


# The answer in the README -----------------------------------------------------------------------------------------------

README = "# Title\n\n<!-- answer -->\nold\nlines\n<!-- /answer -->\n\nThe rest.\n"


def test_answer_is_written_between_its_markers_and_nowhere_else(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(README)
    update_answer(readme, "**No.**")
    assert readme.read_text() == README.replace("old\nlines", "**No.**")
    assert os.listdir(tmp_path) == ["README.md"]


def test_same_answer_leaves_the_file_untouched(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(README)
    update_answer(readme, "**No.**")
    before = readme.stat().st_ino, readme.stat().st_mtime_ns
    update_answer(readme, "**No.**")
    assert (readme.stat().st_ino, readme.stat().st_mtime_ns) == before


@pytest.mark.parametrize("lost", ["<!-- answer -->", "<!-- /answer -->"])
def test_lost_marker_is_named_and_the_file_left_alone(lost: str, tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(README.replace(lost, ""))
    before = readme.read_bytes()
    with pytest.raises(Problem, match=r"README.md: no <!-- answer --> \.\.\. <!-- /answer -->. Mend: "):
        update_answer(readme, "**No.**")
    assert readme.read_bytes() == before
