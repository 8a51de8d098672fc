"""Versions of the packages that this project names as its own, as its lock fixes them."""

from __future__ import annotations

import re
from pathlib import Path

from helpers import paths

LOCKED = re.compile(r"^([\w.-]+)==(\S+)(?: ; (.*?))?(?: \\)?$", re.M)


def locked_versions(root: Path | None = None) -> dict[str, str]:
    """Version by package for this Python and platform; nothing where there is no lock.

    Args:
        root: folder with `requirements.lock` and `pyproject.toml`; the project, if not given.
    """
    import tomllib

    from packaging.markers import Marker

    root = root or paths.PROJECT
    try:
        lock = (root / "requirements.lock").read_text(encoding="utf-8")
        named = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    except FileNotFoundError:
        return {}
    names = {re.split(r"[^\w.-]", need)[0].lower() for need in named}
    found = LOCKED.findall(lock)
    return {n: version for n, version, marker in found if n in names and (not marker or Marker(marker).evaluate())}
