"""Whether anything has changed since the last build: sizes and times of files only, nothing heavy imported."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from typing import Any

from helpers.build.project import OWN_PAGES, PUBLISHED, SOURCE, Project
from helpers.build.signatures import TICK_NS, Signature, age_ns, files_below, sha256, signature, write_whole

FILES = ("requirements.lock", "pyproject.toml", "CITATION.cff", "README.md")
FOLDERS = ("notebooks", "data")


def environment() -> dict[str, str]:
    """What beside files decides over results: interpreter, platform, names and versions of installed packages."""
    packages = sorted(
        entry.name
        for folder in sys.path
        if folder.endswith("-packages") and os.path.isdir(folder)
        for entry in os.scandir(folder)
        if entry.name.endswith(".dist-info")
    )
    machine = os.uname().machine if hasattr(os, "uname") else ""
    return {
        "Python": f"{sys.implementation.name} {'.'.join(map(str, sys.version_info[:3]))}",
        "platform": f"{sys.platform} {machine}".strip(),
        "packages": sha256("\n".join(packages).encode())[:16],
    }


def inputs(project: Project, given: Mapping[str, str]) -> dict[str, Signature]:
    """Signatures of all files from which a build could read, by name.

    Args:
        given: files and folders outside the project, by parameter.
    """
    root = str(project.root)
    found = _below(os.path.join(SOURCE, "helpers"), "src/helpers")
    for folder in FOLDERS:
        found |= _below(os.path.join(root, folder), folder)
    found |= {name: sign for name in FILES if (sign := signature(os.path.join(root, name)))}
    for name, place in given.items():
        found |= _below(place, name)
        if os.path.isfile(place) and (sign := signature(place)):
            found[name] = sign
    return {name: sign for name, sign in found.items() if not name.startswith(PUBLISHED)}


def steady_inputs(project: Project, given: Mapping[str, str]) -> dict[str, Signature]:
    """The same, taken when the last change is long enough ago for a further one to show."""
    found = inputs(project, given)
    while (fresh := TICK_NS - min(map(age_ns, found.values()), default=TICK_NS)) > 0:
        time.sleep(min(fresh, TICK_NS) / 1e9)
        found = inputs(project, given)
    return found


def outputs(project: Project) -> dict[str, Signature]:
    """Signatures of all files that stand where a build puts its results."""
    found: dict[str, Signature] = {}
    for name in PUBLISHED:
        found |= _below(os.path.join(project.target, name), name)
    return {name: sign for name, sign in found.items() if not name.startswith(f"{OWN_PAGES}/")}


def _below(folder: str, name: str) -> dict[str, Signature]:
    cut = len(folder)
    return {
        name + entry.path[cut:].replace(os.sep, "/"): (s.st_size, s.st_mtime_ns, s.st_ctime_ns, s.st_ino)
        for entry in files_below(folder)
        for s in [entry.stat()]
    }


class State:
    """What the last build into a folder was asked for, and what it saw and left.

    Args:
        request: parameters, and what else was asked for; JSON types only.
    """

    def __init__(self, project: Project, request: Mapping[str, Any], given: Mapping[str, str]):
        self.project = project
        self.given = given
        self.request = json.loads(json.dumps(request))
        place = sha256(os.path.abspath(project.target).encode())[:12]
        self.file = project.cache / "state" / f"{place}.json"

    def unchanged(self) -> bool:
        """Whether a build would have nothing to do."""
        try:
            stored = json.loads(self.file.read_bytes())
        except (OSError, ValueError):
            return False
        return bool(stored == _plain(self.now(inputs(self.project, self.given))))

    def now(self, seen: Mapping[str, Signature]) -> dict[str, Any]:
        """The state, given the signatures of the inputs that a build has used."""
        readme = signature(self.project.root / "README.md")
        return {
            "target": os.path.abspath(self.project.target),
            "request": self.request,
            "environment": environment(),
            "inputs": {**seen, "README.md": readme},  # the build itself writes the answer into it
            "outputs": outputs(self.project),
        }

    def save(self, seen: Mapping[str, Signature]) -> None:
        """Remember that this build is done; states of folders that are gone are forgotten."""
        for other in self.file.parent.glob("*.json"):
            try:
                gone = not os.path.isdir(json.loads(other.read_bytes())["target"])
            except (OSError, ValueError, KeyError, TypeError):
                gone = True
            if gone:
                other.unlink(missing_ok=True)
        time.sleep(TICK_NS / 1e9)  # so that whoever alters a result from now on leaves another time on it
        write_whole(self.file, json.dumps(self.now(seen), separators=(",", ":")).encode())


def _plain(state: Any) -> Any:
    """As it looks when it has been through JSON: tuples are lists there."""
    if isinstance(state, dict):
        return {key: _plain(value) for key, value in state.items()}
    return list(state) if isinstance(state, tuple) else state
