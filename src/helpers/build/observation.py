"""What a notebook reads while it runs, seen by an audit hook of its process.

Seen: what passes Python's `open`, imports and directory listings. Not seen: files that compiled code opens
by itself (pyarrow on a path, SQLite, what another program reads), and that a file was looked for in vain.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Callable, Iterable
from typing import Any

FLAGS_OF_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
ELSEWHERE = ("/proc/", "/sys/", "/dev/")


class Observation:
    """Files opened and folders listed since it began, in this process.

    Args:
        roots: folders outside of which nothing is noted.
    """

    def __init__(self, roots: Iterable[str]):
        self.roots = tuple(os.path.join(os.path.abspath(root), "") for root in roots)
        self.aside = tuple(os.path.join(p, "") for p in {sys.prefix, sys.base_prefix, sys.exec_prefix} if p != "/")
        self.read: dict[str, None] = {}
        self.written: set[str] = set()
        self.listed: dict[str, None] = {}
        heard: dict[str, Callable[..., None]] = {
            "open": self._opened,
            "os.listdir": self._listed,
            "os.scandir": self._listed,
        }

        def hear(event: str, arguments: tuple[Any, ...]) -> None:
            if event in heard:  # no method: `id` alone is heard 200,000 times while a bibliography is parsed
                heard[event](*arguments)

        sys.addaudithook(hear)

    def _listed(self, name: Any) -> None:
        path = self._known("." if name is None else name)
        if path:
            self.listed[path] = None

    def _opened(self, name: Any, mode: Any, flags: Any) -> None:
        path = self._known(name)
        if not path:
            return
        writing = any(c in mode for c in "wax+") if isinstance(mode, str) else bool((flags or 0) & FLAGS_OF_WRITING)
        if writing:
            self.written.add(path)
        elif path not in self.written:
            self.read[path] = None

    def _known(self, name: Any) -> str:
        """The path, if it is one of those to be noted."""
        try:
            path = os.path.abspath(os.fsdecode(name))
        except (TypeError, OSError):  # a file descriptor; a folder that is gone
            return ""
        inside = path.startswith(self.roots) or f"{path}/" in self.roots
        return path if inside and not path.startswith((*self.aside, *ELSEWHERE)) else ""

    def told(self) -> dict[str, Any]:
        """What was seen, as JSON knows it."""
        read = [path for path in self.read if not path.endswith(".pyc")]
        if any(path.endswith(".py") for path in read):
            sources = {os.path.abspath(f) for m in list(sys.modules.values()) if (f := getattr(m, "__file__", None))}
            read = [path for path in read if path not in sources]
        imported_from = {os.path.abspath(path) for path in sys.path_importer_cache} if self.listed else set()
        return {
            "files_read": sorted(p for p in read if os.path.isfile(p)),
            "folders_listed": sorted(p for p in self.listed if p not in imported_from),
            "modules": sorted(m for m in sys.modules if m.split(".")[0] == "helpers" and m != __name__),
            "max_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        }


_observations: list[Observation] = []


def begin(roots: Iterable[str]) -> None:
    """Observe this process, an ordinary kernel."""
    _observations.append(Observation(roots))


def told_text() -> str:
    """What the last observation saw, as JSON."""
    return json.dumps(_observations[-1].told())
