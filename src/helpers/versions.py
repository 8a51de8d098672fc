"""Versions of the packages that this project names as its own, as its lock fixes them."""

import re
from pathlib import Path

from helpers import paths
from helpers.structured import read_toml

LOCKED = re.compile(r"^([\w.-]+)==(\S+)(?: ; (.*?))?(?: \\)?$", re.M)


def locked_versions(root: Path | None = None) -> dict[str, str]:
    """Version by package for this Python and platform, by `requirements.lock` and `pyproject.toml` in a folder, that of the
    project if none is given; nothing where there is no lock."""
    from packaging.markers import Marker

    lock, project = ((root or paths.PROJECT) / name for name in ("requirements.lock", "pyproject.toml"))
    if not (lock.is_file() and project.is_file()):
        return {}
    names = {re.split(r"[^\w.-]", need)[0].lower() for need in read_toml(project)["project"]["dependencies"]}
    found = LOCKED.findall(lock.read_text(encoding="utf-8"))
    return {n: version for n, version, marker in found if n in names and (not marker or Marker(marker).evaluate())}
