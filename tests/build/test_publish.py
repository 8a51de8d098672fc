"""Putting folders in place: whole or not at all, whatever goes wrong on the way."""

import os
import shutil
from pathlib import Path

import pytest

from helpers.build import publish
from helpers.build.publish import exchange, put_in_place

Folders = dict[Path, dict[str, Path]]


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its content, hidden ones included."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / f"{name}.txt").write_text(text)
    return folder


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """Two old folders, and what they shall hold."""
    write(tmp_path / "project" / "report", index="old page", stale="old", same="same")
    write(tmp_path / "project" / "data" / "processed", claims="old claims")
    new = write(tmp_path / "new", index="new page", claims="new claims", same="same")
    return {
        tmp_path / "project" / "data" / "processed": {"claims.txt": new / "claims.txt"},
        tmp_path / "project" / "report": {
            "index.html": new / "index.txt",
            "data/same.txt": new / "same.txt",
            "same.txt": new / "same.txt",
        },
    }


NEW = {
    "data/processed/claims.txt": b"new claims",
    "report/index.html": b"new page",
    "report/data/same.txt": b"same",
    "report/same.txt": b"same",
}


def no_leftovers(tmp_path: Path) -> bool:
    """Nothing beside the folders themselves."""
    return sorted(os.listdir(tmp_path / "project")) == ["data", "report"] and os.listdir(
        tmp_path / "project" / "data"
    ) == ["processed"]


def test_old_folders_give_way_and_nothing_else_is_left(folders: Folders, tmp_path: Path) -> None:
    put_in_place(folders)
    assert tree(tmp_path / "project") == NEW
    assert no_leftovers(tmp_path)


def test_folder_that_is_as_wanted_is_left_alone(folders: Folders, tmp_path: Path) -> None:
    put_in_place(folders)
    before = [os.stat(target).st_ino for target in folders]
    put_in_place(folders)
    assert [os.stat(target).st_ino for target in folders] == before
    (tmp_path / "project" / "report" / "same.txt").write_text("hand-made")
    (tmp_path / "project" / "report" / "extra.txt").write_text("hand-made")
    put_in_place(folders)
    assert tree(tmp_path / "project") == NEW
    assert os.stat(tmp_path / "project" / "data" / "processed").st_ino == before[0]


def test_place_that_does_not_exist_is_made(tmp_path: Path) -> None:
    content = write(tmp_path / "new", a="1")
    put_in_place({tmp_path / "deep" / "er" / "report": {"a.txt": content / "a.txt"}})
    assert tree(tmp_path / "deep") == {"er/report/a.txt": b"1"}


def test_result_is_no_link_to_where_its_content_came_from(folders: Folders, tmp_path: Path) -> None:
    """Whoever edits the report shall not edit the cache."""
    put_in_place(folders)
    (tmp_path / "project" / "report" / "index.html").write_text("edited")
    assert (tmp_path / "new" / "index.txt").read_text() == "new page"


@pytest.mark.parametrize("fails", [1, 2, 3])
def test_copying_that_fails_leaves_the_old_folders_and_no_leftovers(
    fails: int, folders: Folders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, copied, copyfile = tree(tmp_path / "project"), [], shutil.copyfile

    def copy_until_the_disk_is_full(source: Path, target: Path) -> None:
        copied.append(source)
        if len(copied) == fails:
            Path(target).write_text("half")
            raise OSError(28, "No space left on device")
        copyfile(source, target)

    monkeypatch.setattr(shutil, "copyfile", copy_until_the_disk_is_full)
    with pytest.raises(OSError, match="No space left"):
        put_in_place(folders)
    assert tree(tmp_path / "project") == before
    assert no_leftovers(tmp_path)


@pytest.mark.parametrize("fails", [1, 2])
def test_swapping_that_fails_leaves_each_folder_whole_and_no_leftovers(
    fails: int, folders: Folders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with a kill at that moment: the next build puts the rest in place."""
    before, swapped, swap = tree(tmp_path / "project"), [], publish.swap

    def swap_until_denied(new: Path, target: Path) -> None:
        swapped.append(target)
        if len(swapped) == fails:
            raise OSError(13, "Permission denied")
        swap(new, target)

    with monkeypatch.context() as patched:
        patched.setattr(publish, "swap", swap_until_denied)
        with pytest.raises(OSError, match="Permission denied"):
            put_in_place(folders)
    found = tree(tmp_path / "project")
    for target in folders:
        name = f"{target.relative_to(tmp_path / 'project').as_posix()}/"
        old, new, now = ({n: c for n, c in files.items() if n.startswith(name)} for files in (before, NEW, found))
        assert now == (new if target in swapped[: fails - 1] else old)
    assert no_leftovers(tmp_path)
    put_in_place(folders)
    assert tree(tmp_path / "project") == NEW


def test_missing_content_leaves_the_old_folders(folders: Folders, tmp_path: Path) -> None:
    before = tree(tmp_path / "project")
    with pytest.raises(OSError, match="gone"):
        put_in_place({**folders, tmp_path / "project" / "other": {"a": tmp_path / "gone"}})
    assert tree(tmp_path / "project") == before


def test_what_a_killed_build_left_beside_is_removed(folders: Folders, tmp_path: Path) -> None:
    write(tmp_path / "project" / ".report-killed" / "new", half="half")
    put_in_place(folders)
    assert no_leftovers(tmp_path)


@pytest.mark.skipif(os.uname().sysname != "Linux", reason="only Linux exchanges folders in one step")
def test_exchange_is_one_step_in_which_no_folder_is_missing(tmp_path: Path) -> None:
    one, other = write(tmp_path / "one", a="1"), write(tmp_path / "other", b="2")
    assert exchange(one, other)
    assert (tree(one), tree(other)) == ({"b.txt": b"2"}, {"a.txt": b"1"})


def test_where_folders_cannot_be_exchanged_files_are_replaced_one_by_one(
    folders: Folders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every file is whole at every moment, and the page comes last, when what it links to is there."""
    order: list[str] = []
    rename = os.replace

    def watched(source: Path, target: Path) -> None:
        assert "project" not in str(target) or Path(target).parent.is_dir()
        order.append(Path(target).name)
        rename(source, target)

    monkeypatch.setattr(publish, "exchange", lambda one, other: False)
    monkeypatch.setattr(os, "replace", watched)
    put_in_place(folders)
    assert tree(tmp_path / "project") == NEW
    assert no_leftovers(tmp_path)
    assert order[-1] == "index.html"
