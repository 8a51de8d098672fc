"""Building whenever a file changes, with processes kept warm in between."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from helpers.build import state
from helpers.build.build import Overrides, build, paths_given
from helpers.build.crew import cores, forget
from helpers.build.forkserver import Workshop
from helpers.build.progress import listed, say
from helpers.build.project import Project
from helpers.build.signatures import Signature
from helpers.errors import Problem

PAUSE_S = 0.25  # between two looks; a change is acted upon when two looks see the same
OWN = ("src/helpers/build/", "src/helpers/errors.py", "src/helpers/paths.py", "requirements.lock", "pyproject.toml")
WRITTEN = "README.md"  # by the build itself


def watch(
    overrides: Overrides,
    texts_dir: str = "",
    into: Path | None = None,
    *,
    project: Project | None = None,
    workers: int = 0,
) -> None:
    """Build, and again after every change, until Ctrl-C; see `build` for the arguments."""
    project = project or Project(into=into)
    given = paths_given(overrides, texts_dir)
    try:
        with Workshop(workers=workers or cores()) as workshop:
            seen: dict[str, Signature] = {}
            while True:
                now = _settled(project, given)
                changed = sorted(name for name in {*now, *seen} if now.get(name) != seen.get(name))
                if seen and any(name.startswith(OWN) for name in changed):
                    break
                if changed:
                    if seen:
                        say(f"{listed(changed, 3)} changed")
                    _build(overrides, texts_dir, project, workers, workshop)
                    seen = now
                time.sleep(PAUSE_S)
    except KeyboardInterrupt:
        say("no longer watching")
        return
    say("the pipeline itself changed: starting afresh")
    os.execv(sys.executable, [sys.executable, "-m", "helpers", *sys.argv[1:]])


def _build(overrides: Overrides, texts_dir: str, project: Project, workers: int, workshop: Workshop) -> None:
    try:
        if workshop.stale():
            workshop.renew()
        forget()
        build(overrides, texts_dir, project=project, workers=workers, workshop=workshop)
        say("watching; Ctrl-C ends it")
    except (Problem, OSError) as problem:
        say(f"error: {problem}")
        say("what was there before is untouched; watching")


def _settled(project: Project, given: dict[str, str]) -> dict[str, Signature]:
    """Signatures of all inputs, once nobody is writing to them."""
    before: dict[str, Signature] = {}
    while (now := _inputs(project, given)) != before:
        before = now
        time.sleep(PAUSE_S / 5)
    return now


def _inputs(project: Project, given: dict[str, str]) -> dict[str, Signature]:
    return {name: sign for name, sign in state.inputs(project, given).items() if name != WRITTEN}
