"""Building whenever a file changes; the fork server, with its imports, is kept in between."""

import os
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from watchfiles import Change, DefaultFilter
from watchfiles import watch as changes_of

from helpers.build.build import Overrides, build
from helpers.build.project import Project, log, some_of
from helpers.errors import Problem
from helpers.paths import shown

KEPT = ("notebooks", "data")  # a change elsewhere concerns what the kept processes hold in memory, or how to watch
ALONE = ("src/helpers", "requirements.lock", "pyproject.toml", "CITATION.cff")


def watch(overrides: Overrides, texts_dir: str, project: Project, workers: int = 0) -> None:
    """Build, and again after every change, until Ctrl-C; see `build` for the arguments."""
    named = [str(value) for some in overrides.values() for value in some.values()]
    kept = [project.root / name for name in KEPT] + [Path(os.path.abspath(p)) for p in (*named, texts_dir) if p]
    places = [place for place in (*kept, *(project.root / name for name in ALONE)) if place.exists()]
    try:
        for changed in chain([set[Path]()], _changes(places, project)):
            if changed:
                log(f"{some_of(sorted(shown(path) for path in changed), 3)} changed")
            if not all(any(path.is_relative_to(place) for place in kept) for path in changed):
                break
            try:
                build(overrides, texts_dir, project=project, workers=workers)
                log("watching; Ctrl-C ends it")
            except (Problem, OSError) as problem:
                log(f"error: {problem}\nwhat was there before is untouched; watching")
    except KeyboardInterrupt:
        log("no longer watching")
        return
    log("starting afresh")
    os.execv(sys.executable, [sys.executable, "-m", "helpers", *sys.argv[1:]])


def _changes(places: list[Path], project: Project) -> Iterator[set[Path]]:
    """Files that somebody has changed, as they come; not what a build writes, nor checkpoints and half-written files."""
    ordinary, own = DefaultFilter(), project.root / "data" / "processed"

    def wanted(change: Change, path: str) -> bool:
        hidden = any(part.startswith(".") for part in Path(path).parts[-2:])
        return ordinary(change, path) and not hidden and not Path(path).is_relative_to(own)

    for changes in changes_of(*places, watch_filter=wanted, debounce=400):
        yield {Path(path) for _, path in changes}
