"""Putting finished folders in place: whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from helpers.errors import Problem


def put_in_place(folders: Mapping[Path, Path]) -> None:
    """Move each finished folder to its target; what stood there stays until the new one is complete.

    All folders are first copied beside their targets (the slow part, which may fail); then each is swapped
    with two renames.

    Raises:
        OSError: disk full or folder not writable; the targets are as they were.
    """
    ready: list[tuple[Path, Path]] = []
    placed: list[Path] = []
    try:
        for source, target in folders.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            beside = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}-"))
            ready.append((beside, target))
            shutil.copytree(source, beside / "new")
        for beside, target in ready:
            if target.exists():
                os.rename(target, beside / "old")
            os.rename(beside / "new", target)
            placed.append(target)
    except BaseException:
        for beside, target in ready:
            if target in placed:
                os.rename(target, beside / "undone")
            if (beside / "old").exists():
                os.rename(beside / "old", target)
        raise
    finally:
        for beside, _ in ready:
            shutil.rmtree(beside, ignore_errors=True)


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
        beside = readme.with_name(f".{readme.name}.new")
        beside.write_text(new, encoding="utf-8")
        os.replace(beside, readme)
