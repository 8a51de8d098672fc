"""One step: a folder of its own with links to what it may read; what it leaves there is its result.

The results of a step lie in `build/steps/<name>/`, and the hash of each of them in `build/steps/<name>.json`: that
record is what the steps that need them depend on, so that a result which stays the same runs nothing anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from helpers.build.fork_server import call
from helpers.build.notebooks import execute
from helpers.build.project import Project
from helpers.build.stages import Step
from helpers.errors import Problem
from helpers.paths import shown


class Damaged(Problem):
    """A result that another step reads is not as it was made."""


class Results:
    """Files that steps have made, kept in the project's `build/` folder."""

    def __init__(self, project: Project):
        self.project = project

    def record(self, name: str) -> Path:
        """The file with the hashes of a step's results."""
        return self.project.build / "steps" / f"{name}.json"

    def folder(self, name: str) -> Path:
        """The folder with a step's results."""
        return self.project.build / "steps" / name

    def hashes(self, name: str) -> dict[str, str]:
        """SHA-256 of each file that a step has made, by name; nothing if it has not run."""
        try:
            return dict(json.loads(self.record(name).read_bytes()))
        except (OSError, ValueError, TypeError, RecursionError):
            return {}

    def seal(self, name: str) -> str:
        """SHA-256 of all that a step has made; empty if it has not run."""
        return file_sha256(self.record(name))

    def files(self, names: Iterable[str]) -> dict[str, Path]:
        """Where the results of steps lie, by name.

        Raises:
            Problem: two steps have made different files of one name.
        """
        found: dict[str, tuple[str, str]] = {}
        for step in names:
            for name, sha in self.hashes(step).items():
                other, known = found.setdefault(name, (step, sha))
                if known != sha:
                    raise Problem(f"{other} and {step} both make {name}, and not alike. Mend: rename one.")
        return {name: self.folder(step) / name for name, (step, _) in found.items()}

    def damaged(self, name: str) -> list[str]:
        """Results of a step that are not as it has made them."""
        known = self.hashes(name)
        if not known and self.record(name).exists():
            return ["its record"]
        return [file for file, sha in known.items() if file_sha256(self.folder(name) / file) != sha]

    def forget(self, name: str) -> None:
        """Let a step be one that has not run."""
        if (record := self.record(name)).is_dir():
            shutil.rmtree(record)
        record.unlink(missing_ok=True)

    def keep(self, name: str, made: Mapping[str, Path]) -> None:
        """Take over what a step has made."""
        self.forget(name)
        shutil.rmtree(self.folder(name), ignore_errors=True)
        for file, path in made.items():
            place = self.folder(name) / file
            place.parent.mkdir(parents=True, exist_ok=True)
            os.replace(path, place)
        hashes = {file: file_sha256(self.folder(name) / file) for file in sorted(made)}
        put(self.record(name), json.dumps(hashes, indent=1).encode())


def put(path: Path, content: bytes) -> None:
    """Write a file of the cache: old or new, never half, and no waiting for the disk, since it can be made anew."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.new")
    new.write_bytes(content)
    os.replace(new, path)


def file_sha256(path: Path) -> str:
    """The hash of a file's content; empty if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def run(step: Step, results: Results) -> float:
    """Do a step and keep its results; the seconds it took.

    Raises:
        Problem: in one line, what went wrong; earlier results of the step are as they were.
    """
    project, begun = results.project, time.perf_counter()
    folder = project.build / "work" / step.name
    shutil.rmtree(folder, ignore_errors=True)
    try:
        for need in step.needs:
            if changed := results.damaged(need):
                results.forget(need)
                raise Damaged(f"{changed[0]}, which {need} has made, was altered in {shown(results.folder(need))}")
        furnish(folder, step, results)
        if step.is_notebook:
            execute(project.root / step.action, folder / step.record, step.values, folder)
        else:
            call(run_function, step.action, folder, step.values)
        for need in step.needs:
            if changed := results.damaged(need):
                results.forget(need)
                raise Problem(f"{step.name} writes to {changed[0]}, which {need} has made. Mend: use another name.")
        results.keep(step.name, made(folder))
    except Problem as problem:
        text = str(problem)
        for prefix in (f"{shown(folder)}/", f"{folder}/"):
            text = text.replace(prefix, "")
        problem.args = (text,)
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return time.perf_counter() - begun


def run_function(action: str, folder: Path, values: Mapping[str, Any]) -> None:
    """Call `module:function` with the folder and the values."""
    module, _, function = action.partition(":")
    getattr(import_module(module), function)(folder, **values)


def furnish(folder: Path, step: Step, results: Results) -> None:
    """Link what a step may read: tables for a notebook, everything for what makes pages."""
    for name, path in results.files(step.needs).items():
        if not step.is_notebook or name.startswith("data/"):
            link(path, folder / name)
    (folder / "data").mkdir(parents=True, exist_ok=True)
    data = results.project.data
    for entry in data.iterdir() if data.is_dir() else ():
        if entry.name != "processed" and not entry.name.startswith("."):
            link(entry, folder / "data" / entry.name)


def made(folder: Path) -> dict[str, Path]:
    """What a step has left: every file below that is no link, by name."""
    files = (Path(place, name) for place, _, names in os.walk(folder) for name in names)
    own = (path for path in files if not path.is_symlink() and path.stat().st_nlink == 1)
    return {path.relative_to(folder).as_posix(): path for path in own}


def link(content: Path, place: Path) -> None:
    """Make a file or folder appear at a place: as a link, and where there are none as a copy."""
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.symlink(os.path.abspath(content), place)
    except OSError:
        if content.is_dir():
            shutil.copytree(content, place, copy_function=os.link)
        else:
            os.link(content, place)
