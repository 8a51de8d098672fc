"""Putting finished folders in place: whole or not at all.

Each new folder is made complete beside the old one; then the two change places in one step of the system
(`renameat2` with RENAME_EXCHANGE), so that a reader finds the old folder or the new one at every moment, and a
build that is killed leaves one of the two. No single step swaps two folders: a kill between the two leaves a new
`data/processed/` beside an old `report/`, each whole, and the next build puts the rest in place. Where the file system
cannot exchange folders, files are replaced one by one, `index.html` last: every file is whole at every moment, though
the folder may be part new, part old until the next build.
"""

from __future__ import annotations

import ctypes
import errno
import filecmp
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

EXCHANGE, HERE = 2, -100  # RENAME_EXCHANGE and AT_FDCWD of Linux
CANNOT = (errno.ENOSYS, errno.EINVAL, errno.EXDEV, errno.ENOTSUP, errno.EPERM)


def put_in_place(folders: Mapping[Path, Mapping[str, Path]]) -> None:
    """Make each folder hold these files and no others.

    Args:
        folders: target to names and where their content lies.

    Raises:
        OSError: disk full or folder not writable; each target is whole, the old one or the new one.
    """
    try:
        changed = {target: files for target, files in folders.items() if not holds(target, files)}
        beside = {target: complete_beside(target, files) for target, files in changed.items()}
        for target, new in beside.items():
            swap(new, target)
    finally:
        for target in folders:
            clear_beside(target)


def tree(folder: Path) -> list[str]:
    """Names of all files below a folder, hidden ones left out."""
    found = (path for path in folder.rglob("*") if not path.name.startswith(".") and path.is_file())
    return [path.relative_to(folder).as_posix() for path in found]


def holds(target: Path, files: Mapping[str, Path]) -> bool:
    """Whether a folder holds these files, unaltered, and no others."""
    return set(tree(target)) == set(files) and all(
        filecmp.cmp(target / name, path, shallow=False) for name, path in files.items()
    )


def complete_beside(target: Path, files: Mapping[str, Path]) -> Path:
    """A complete new folder next to the target."""
    target.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}-")) / "new"
    new.mkdir()
    for name, content in files.items():
        (new / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(content, new / name)
    return new


def swap(new: Path, target: Path) -> None:
    """Put a finished folder in its place; what stood there goes where the new one was."""
    if not target.exists():
        os.rename(new, target)
    elif not exchange(new, target):
        names = sorted(tree(new), key=lambda name: (name == "index.html", name))
        for name in names:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            os.replace(new / name, target / name)
        for name in set(tree(target)) - set(names):
            (target / name).unlink()


def exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; False where the system cannot."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None) if sys.platform == "linux" else None
    if rename is None:
        return False
    if rename(HERE, os.fsencode(one), HERE, os.fsencode(other), EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in CANNOT:
        return False
    raise OSError(number, os.strerror(number), os.fspath(other))


def clear_beside(target: Path) -> None:
    """Remove what this build, or one that was killed, has left next to a target."""
    for left in target.parent.glob(f".{target.name}-*"):
        shutil.rmtree(left, ignore_errors=True)
