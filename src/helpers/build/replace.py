"""Putting finished folders in place, and the answer into the README: whole or not at all.

Each new folder is made complete beside the old one; then the two change places in one step of the system
(`renameat2` with RENAME_EXCHANGE), so that a reader finds the old folder or the new one at every moment, and a
build that is killed leaves one of the two. No single step swaps two folders: a kill between the two leaves a new
`data/processed/` beside an old `report/`, each whole, and the next build puts the rest in place. Where the file system cannot
exchange folders, files are replaced one by one, `index.html` last: every file is whole at every moment, though the
folder may be part new, part old until the next build.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from helpers.build.project import tree
from helpers.build.workplace import file_sha256
from helpers.errors import Problem
from helpers.files import write_whole

EXCHANGE, HERE = 2, -100  # RENAME_EXCHANGE and AT_FDCWD of Linux
Undo = Callable[[Path, Path], object]
CANNOT = (errno.ENOSYS, errno.EINVAL, errno.EXDEV, errno.ENOTSUP, errno.EPERM)


def put_in_place(folders: Mapping[Path, Mapping[str, Path]]) -> list[Path]:
    """Make each folder hold these files and no others.

    Args:
        folders: target to names and where their content lies.

    Returns:
        The folders that were not as wanted.

    Raises:
        OSError: disk full or folder not writable; the targets are as they were.
    """
    beside: dict[Path, Path] = {}
    undo: dict[Path, Undo] = {}
    try:
        for target, files in folders.items():
            if not is_as_wanted(target, files):
                beside[target] = _beside(target, files)
        for target, new in beside.items():
            undo[target] = swap(new, target)
    except BaseException:
        for target, back in undo.items():
            back(beside[target], target)
        raise
    finally:
        for target in folders:
            clear_beside(target)
    return list(undo)


def is_as_wanted(target: Path, files: Mapping[str, Path]) -> bool:
    """Whether a folder holds these files, unaltered, and no others."""
    return set(tree(target)) == set(files) and all(
        file_sha256(target / name) == file_sha256(files[name]) for name in files
    )


def _beside(target: Path, files: Mapping[str, Path]) -> Path:
    """A complete new folder next to the target; files that stay the same are not copied."""
    target.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}-")) / "new"
    new.mkdir()
    for name, content in files.items():
        place = new / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if file_sha256(target / name) == file_sha256(content):
            try:
                os.link(target / name, place)
                continue
            except OSError:  # no hard links here
                pass
        shutil.copyfile(content, place)
    return new


def swap(new: Path, target: Path) -> Undo:
    """Put a finished folder in its place; what stood there goes where the new one was. How to undo that."""
    if not target.exists():
        os.rename(new, target)
        return lambda new, target: os.rename(target, new)
    if exchange(new, target):
        return exchange
    _file_by_file(new, target)
    return lambda new, target: None  # the old files are gone; the next build finds what is missing


def exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; False where the system cannot."""
    if not sys.platform.startswith("linux"):
        return False
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    if rename(HERE, os.fsencode(one), HERE, os.fsencode(other), EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in CANNOT:
        return False
    raise OSError(number, os.strerror(number), os.fspath(other))


def _file_by_file(new: Path, target: Path) -> None:
    wanted = sorted(
        (p.relative_to(new) for p in new.rglob("*") if p.is_file()), key=lambda p: (p.name == "index.html", p)
    )
    for name in wanted:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        os.replace(new / name, target / name)
    for path in sorted(target.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.relative_to(target) not in wanted:
            path.unlink()


def clear_beside(target: Path) -> None:
    """Remove what this build, or one that was killed, has left next to a target."""
    for left in target.parent.glob(f".{target.name}-*"):
        shutil.rmtree(left, ignore_errors=True)


START, END = "<!-- answer -->", "<!-- /answer -->"


def around_answer(readme: Path) -> tuple[str, str]:
    """The README's text up to the answer's first marker, and from its last one on.

    Raises:
        Problem: the markers are missing.
    """
    before, opened, rest = readme.read_text(encoding="utf-8").partition(START)
    _, closed, after = rest.partition(END)
    if not (opened and closed):
        raise Problem(f"{readme.name}: no {START} ... {END}. Mend: restore the two markers around the answer.")
    return before + opened, closed + after


def update_answer(readme: Path, answer: str) -> None:
    """Write the computed answer between the README's markers; the file is replaced whole or not at all.

    Raises:
        Problem: the markers are missing.
    """
    before, after = around_answer(readme)
    new = f"{before}\n{answer}\n{after}"
    if new != readme.read_text(encoding="utf-8"):
        write_whole(readme, new.encode())
