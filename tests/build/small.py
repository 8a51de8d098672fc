"""A small project whose steps are functions of this module, and a crew that does them at once, here."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from helpers.build.forkserver import Finished
from helpers.build.progress import Progress
from helpers.build.project import Project
from helpers.build.running import Run
from helpers.build.schedule import Schedule
from helpers.build.stages import Step

HERE = "tests.build.small"


def upper(folder: Path, source: str, target: str) -> list[str]:
    """A file in capitals; what it read."""
    return _write(folder, target, (folder / source).read_text().upper(), source)


def length(folder: Path, source: str, target: str, plus: int = 0) -> list[str]:
    """How long a file is."""
    return _write(folder, target, str(len((folder / source).read_text()) + plus), source)


def join(folder: Path, sources: list[str], target: str) -> list[str]:
    """Files one after the other."""
    return _write(folder, target, " ".join((folder / name).read_text() for name in sources), *sources)


def fail(folder: Path, message: str) -> list[str]:
    """What goes wrong."""
    from helpers.errors import Problem

    raise Problem(message)


def _write(folder: Path, target: str, text: str, *read: str) -> list[str]:
    place = folder / target
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text)
    return [str(folder / name) for name in read]


class Crew:
    """Does steps in this process, one at a time, and remembers which."""

    def __init__(self, *_: Any, **__: Any) -> None:
        self.did: list[str] = []
        self.before: Callable[[Step, Path], None] = lambda step, folder: None

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: Any) -> None:
        pass

    def submit(self, step: Step, folder: Path) -> Future[Finished]:
        done: Future[Finished] = Future()
        self.did.append(step.name)
        try:
            self.before(step, folder)
            module, _, function = step.action.partition(":")
            read = getattr(importlib.import_module(module), function)(folder, **step.values)
            done.set_result(Finished(0.01, tuple(read), ("helpers.errors",), 1))
        except Exception as error:
            done.set_exception(error)
        return done


def step(name: str, function: str, *needs: str, **values: Any) -> Step:
    return Step(name, f"{HERE}:{function}", values, needs)


def steps(**other: Any) -> list[Step]:
    """Two files are worked on side by side, then joined to a page."""
    return [
        step("page", "join", "loud", "long", sources=["made/loud.txt", "made/long.txt"], target="report/index.html"),
        step("loud", "upper", source="data/raw/a.txt", target="made/loud.txt"),
        step("long", "length", source="data/raw/b.txt", target="made/long.txt", **other),
    ]


def project(root: Path) -> Project:
    """Two raw files, a lock, and a report that an earlier build left."""
    files = {
        "data/raw/a.txt": "some words",
        "data/raw/b.txt": "four",
        "requirements.lock": "numpy==2.0\n",
        "README.md": "<!-- answer -->\nold answer\n<!-- /answer -->\n",
        "report/index.html": "old page",
        "report/data/old.csv": "old,data\n",
        "data/processed/claims.csv": "old,claims\n",
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return Project(root)


def run(place: Project, listed: list[Step], crew: Crew | None = None, **given: str) -> tuple[Schedule, list[str]]:
    """Bring steps up to date; the schedule, and what ran, in order."""
    crew = crew or Crew()
    schedule = Schedule(place, listed, given)
    try:
        with Progress(len(listed)) as progress:
            Run(schedule, crew, progress).finish()  # type: ignore[arg-type]
    finally:
        schedule.hashes.save()
    return schedule, crew.did


def content(schedule: Schedule, name: str) -> str:
    """The text of a file that the steps have made."""
    return schedule.cache.object(schedule.made()[name]).read_text()


def rewrite(path: Path, text: str) -> None:
    """Another content, at another time, even if the clock has not moved on."""
    path.write_text(text)
    later = path.stat().st_mtime_ns + 1_000_000
    os.utime(path, ns=(later, later))


def version(folder: Path, number: int, file: str, of: int) -> list[str]:
    """One of the files of a version of the report; the page lists them all."""
    listed = " ".join(f"{i}.csv" for i in range(of)) if file == "index.html" else "data " * 1000
    return _write(folder, f"report/{file}", f"version {number}: {listed} end", "data/raw/a.txt")


def versions(number: int, of: int = 25) -> list[Step]:
    """A report of many files that all change with its version."""
    names = ["index.html", *(f"data/{i}.csv" for i in range(of))]
    listed = [step(f"make {i}", "version", number=number, file=name, of=of) for i, name in enumerate(names)]
    return [*listed, step("processed", "upper", source="data/raw/a.txt", target=f"data/processed/{number}.csv")]


if __name__ == "__main__":  # build a version of the report in a process of its own
    import sys

    from helpers.build import build, crew

    crew.Crew = Crew  # type: ignore[assignment, misc]
    print("begun", flush=True)
    build.build({}, project=Project(Path(sys.argv[1])), steps=versions(int(sys.argv[2])))
