"""The folder in which one step runs: what it may read is linked in, what it leaves there is its result."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from helpers.build.project import SOURCE, Project

MINE = ("data/processed", "report", "executed", "chapters")  # what steps make; everything else is the project's
IGNORED = ("build/", "report/", ".venv/", ".git/")
ABROAD = tuple(os.path.join(os.path.abspath(prefix), "") for prefix in {sys.prefix, sys.base_prefix})


class Workspace:
    """A folder that looks to a step as the project does.

    Args:
        upstream: files that earlier steps made, by name, and where their content lies.
        given: files and folders outside the project that parameters name: parameter to path.
    """

    def __init__(self, folder: Path, project: Project, upstream: Mapping[str, Path], given: Mapping[str, Path]):
        self.folder = Path(os.path.abspath(folder))
        self.project = project
        self.upstream = upstream
        self.given = given
        for name, content in upstream.items():
            _link(content, self.folder / name)
        (self.folder / "data").mkdir(parents=True, exist_ok=True)
        if project.data.is_dir():
            for entry in project.data.iterdir():
                if entry.name != "processed" and not entry.name.startswith("."):
                    _link(entry, self.folder / "data" / entry.name)

    def made(self) -> dict[str, Path]:
        """What the step has left: every file below that is no link, by name."""
        found = {}
        for folder, _, files in os.walk(self.folder):
            for path in (Path(folder, file) for file in files):
                if not (path.is_symlink() or path.stat().st_nlink > 1):
                    found[path.relative_to(self.folder).as_posix()] = path
        return dict(sorted(found.items()))

    def names(self, paths: Iterable[str]) -> set[str]:
        """The inputs among paths that were opened, by the names that the manifest gives them."""
        sources = {str(content): name for name, content in self.upstream.items()}
        return {name for name in (self._name(os.path.abspath(p), sources) for p in paths) if name}

    def listings(self, folders: Iterable[str]) -> set[str]:
        """What a step learned from the contents of folders: files that earlier steps made, and names, marked by `/`."""
        inside = [_below(os.path.abspath(folder), self.folder) for folder in folders]
        made = {name for name in self.upstream if name.startswith(tuple(f"{folder}/" for folder in inside if folder))}
        return made | {f"{name}/" for name in self.names(folders)}

    def unseen(self) -> set[str]:
        """Files at hand that are opened by compiled code, unseen by Python: they count as read."""
        return {name for name in self.upstream if name.endswith(".parquet")}

    def everything(self) -> set[str]:
        """All files at hand, for a step of which nobody can say what it read."""
        below = [p for p in self.project.data.rglob("*") if p.is_file()]
        data = {p.relative_to(self.project.root).as_posix() for p in below}
        return {*self.upstream, *(n for n in data if not n.startswith("data/processed/")), *package_data()}

    def _name(self, path: str, sources: Mapping[str, str]) -> str:
        if path in sources:
            return sources[path]
        for parameter, place in self.given.items():
            if path == str(place) or path.startswith(os.path.join(place, "")):
                return parameter
        inside = _below(path, self.folder)
        if inside:
            return "" if self._own(inside) else inside
        inside = _below(path, self.project.root) or _below(path, SOURCE.parent)
        passed_over = path.startswith(ABROAD) or inside.startswith(IGNORED) or inside.endswith((".py", ".pyc"))
        return "" if passed_over else inside

    def _own(self, name: str) -> bool:
        """Whether the step itself has made or looked for this among its results."""
        return name not in self.upstream and (name.startswith(MINE) or not name.startswith("data/"))


def package_data() -> set[str]:
    """Templates, styles, catalogues and the like: the package's files that are no modules."""
    below = (p for p in (SOURCE / "helpers").rglob("*") if p.is_file() and p.suffix not in (".py", ".pyc"))
    return {p.relative_to(SOURCE.parent).as_posix() for p in below}


def _below(path: str, folder: Path) -> str:
    """The path relative to a folder that holds it, else nothing."""
    prefix = os.path.join(folder, "")
    return path[len(prefix) :].replace(os.sep, "/") if path.startswith(prefix) else ""


def _link(content: Path, place: Path) -> None:
    """Make a file or folder appear at a place: as a link, and where there are none as a copy."""
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.symlink(content, place)
    except OSError:
        if content.is_dir():
            shutil.copytree(content, place, copy_function=os.link)
        else:
            os.link(content, place)
