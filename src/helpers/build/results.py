"""What steps have made: kept with the hash of each file and with what it was made from.

The results of a step stay in `build/steps/<name>/`, with the record of them beside it, `build/steps/<name>.json`.
Results whose hashes are not those of their record count for nothing: whatever happened to them, a kill or somebody's
hand, the step runs again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from helpers.build.project import Project
from helpers.errors import Problem
from helpers.files import sha256


class Results:
    """What steps have made, kept in the project's `build/` folder."""

    def __init__(self, project: Project):
        self.project = project

    def folder(self, name: str) -> Path:
        """The folder with a step's results."""
        return self.project.build / "steps" / name

    def _record(self, name: str) -> Path:
        return self.folder(name).with_name(f"{self.folder(name).name}.json")

    def record(self, name: str) -> dict[str, Any]:
        """What a step's results were made `from`, the hash of each that was `made`, the `seconds` it took."""
        try:
            record = json.loads(self._record(name).read_bytes())
            return {"from": dict(record["from"]), "made": dict(record["made"]), "seconds": float(record["seconds"])}
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return {"from": {}, "made": {}, "seconds": 0.0}

    def hashes(self, name: str) -> dict[str, str]:
        """SHA-256 of each file that a step has made, by name; nothing if it has not run."""
        return dict(self.record(name)["made"])

    def altered(self, name: str) -> list[str]:
        """Results of a step that are not as it has made them."""
        folder = self.folder(name)
        return [file for file, sha in self.hashes(name).items() if file_sha256(folder / file) != sha]

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

    def keep(self, name: str, made_from: Mapping[str, Any], seconds: float) -> None:
        """Record what a step has left: every file in its folder that is no link."""
        folder = self.folder(name)
        paths = (Path(place, file) for place, _, files in os.walk(folder) for file in files)
        made = {p.relative_to(folder).as_posix(): file_sha256(p) for p in sorted(paths) if not p.is_symlink()}
        record = {"from": made_from, "made": made, "seconds": round(seconds, 3)}
        self._record(name).write_text(json.dumps(record, indent=1), encoding="utf-8")


def file_sha256(path: str | Path) -> str:
    """The hash of a file's content; empty if it cannot be read."""
    try:
        return sha256(Path(path).read_bytes())
    except OSError:
        return ""
