"""Where one project's sources and results lie, and what its steps have made.

The results of a step stay in `build/steps/<name>/`, with the record of them beside it, `build/steps/<name>.json`: the
hash of each file, and what it was made from. Where these are not as recorded, the step runs again.
"""

import json
import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers import paths
from helpers.errors import Problem
from helpers.files import read_bytes, sha256

SOURCE = Path(paths.__file__).resolve().parents[1]  # the folder that holds the package `helpers`
PUBLISHED = ("data/processed", "report")  # folders that a build puts in place, in this order
MANIFEST, CRATE = "report/manifest.json", "report/ro-crate-metadata.json"
MOST_BYTES = 1 << 33  # of a result or an input: far beyond any
OWN_PAGES = "report/scenarios"  # pages that a reader has rendered: a build leaves them alone


@dataclass(frozen=True)
class Project:
    """The folders of a project; tests make small ones of their own."""

    root: Path = field(default_factory=lambda: paths.PROJECT)  # `notebooks/`, `data/`, README.md, requirements.lock
    into: Path | None = None  # receives `data/processed/` and `report/` instead of the root
    cache_folder: Path | None = None  # what a build may throw away; `build` in the root, if not given

    @property
    def raw(self) -> dict[str, Path]:
        """What lies in `data/` beside the processed tables, by name: what every step may read."""
        found = sorted((self.root / "data").glob("[!.]*"))
        return {f"data/{path.name}": path for path in found if path.name != "processed"}

    @property
    def build(self) -> Path:
        """All that a build may throw away."""
        return self.cache_folder or self.root / "build"

    @property
    def target(self) -> Path:
        """The folder under which results are put in place."""
        return self.into or self.root

    @property
    def page(self) -> Path:
        """The report's first page."""
        return self.target / "report" / "index.html"


class Results:
    """What steps have made, kept in the project's `build/` folder; each record is read once."""

    def __init__(self, project: Project):
        self._steps = project.build / "steps"
        self._known: dict[str, dict[str, Any]] = {}

    def folder(self, name: str) -> Path:
        """The folder with a step's results."""
        return self._steps / name

    def record(self, name: str) -> dict[str, Any]:
        """What a step's results were made `from`, the hash of each that was `made`, the `seconds` it took."""
        if name not in self._known:
            try:
                kept = json.loads(read_bytes(Path(f"{self.folder(name)}.json"), MOST_BYTES))
                kept = {"from": dict(kept["from"]), "made": dict(kept["made"]), "seconds": float(kept["seconds"])}
            except (OSError, ValueError, TypeError, KeyError, RecursionError):
                kept = {"from": {}, "made": {}, "seconds": 0.0}
            self._known[name] = kept
        return self._known[name]

    def hashes(self, name: str) -> dict[str, str]:
        """SHA-256 of each file that a step has made, by name; nothing if it has not run."""
        return dict(self.record(name)["made"])

    def altered(self, name: str) -> list[str]:
        """Results of a step that are not as it has made them."""
        folder = self.folder(name)
        return [file for file, sha in self.hashes(name).items() if file_sha256(folder / file) != sha]

    def files(self, names: Iterable[str]) -> dict[str, Path]:
        """Where the results of steps lie, by name; no two may have made different files of one name."""
        found: dict[str, tuple[str, str]] = {}
        for step in names:
            for name, sha in self.hashes(step).items():
                other, known = found.setdefault(name, (step, sha))
                if known != sha:
                    raise Problem(f"{other} and {step} both make {name}, and not alike. Mend: rename one.")
        return {name: self.folder(step) / name for name, (step, _) in found.items()}

    def keep(self, name: str, made_from: Mapping[str, Any], seconds: float) -> None:
        """Record what a step has left: every file in its folder that is no link."""
        folder = self.folder(name)
        paths = (Path(place, file) for place, _, files in os.walk(folder) for file in files)
        made = {p.relative_to(folder).as_posix(): file_sha256(p) for p in sorted(paths) if not p.is_symlink()}
        self._known[name] = {"from": dict(made_from), "made": made, "seconds": round(seconds, 3)}
        clear(Path(f"{folder}.json")).write_text(json.dumps(self._known[name], indent=1), encoding="utf-8")


def file_sha256(path: str | Path) -> str:
    """The hash of a file's content; empty if it cannot be read, or is no file."""
    try:
        return sha256(read_bytes(Path(path), MOST_BYTES))
    except Problem:
        return ""


def clear(path: Path) -> Path:
    """Take away whatever stands in a place of the build's own, of a link only the link; the place."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    return path


def make_own(folder: Path) -> None:
    """Make sure of a folder of the build's own, no link, whatever stands there."""
    if folder.is_symlink() or not folder.is_dir():
        clear(folder).mkdir(parents=True)


def log(text: str) -> None:
    """One line of what a build says, on standard error."""
    print(text, file=sys.stderr, flush=True)


def some_of(names: Iterable[str], most: int = 5) -> str:
    """Some names, and how many more."""
    names = list(names)
    more = [f"{len(names) - most} more"] if len(names) > most else []
    return ", ".join([*names[:most], *more])
