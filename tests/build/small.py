"""A small project whose steps are functions of this module."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from helpers.build import running
from helpers.build.graph import Graph
from helpers.build.project import Project
from helpers.build.running import run_all
from helpers.build.steps import Step

HERE = "tests.build.small"


def upper(folder: Path, source: str, target: str) -> None:
    """A file in capitals."""
    _write(folder, target, (folder / source).read_text().upper())


def length(folder: Path, source: str, target: str, plus: int = 0) -> None:
    """How long a file is."""
    _write(folder, target, str(len((folder / source).read_text()) + plus))


def count(folder: Path, texts: str, target: str) -> None:
    """How many files a folder holds."""
    _write(folder, target, f"{len(list((folder / texts).iterdir()))} in {texts}")


def join(folder: Path, sources: list[str], target: str) -> None:
    """Files one after the other."""
    _write(folder, target, " ".join((folder / name).read_text() for name in sources))


def fail(folder: Path, message: str) -> None:
    """What goes wrong."""
    from helpers.errors import Problem

    raise Problem(message)


def _write(folder: Path, target: str, text: str) -> None:
    place = folder / target
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text)


class Doer:
    """Lets steps be done in this process, and remembers which, in order."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch):
        self.did: list[str] = []
        self.before: Callable[[Path], None] = lambda folder: None
        monkeypatch.setenv("COMPUTE_CLAIMS_KERNEL", "ordinary")  # no fork server, which takes seconds to start
        function = running.run_function

        def do(action: str, folder: Path, values: Any) -> None:
            self.did.append(folder.relative_to(next(p for p in folder.parents if p.name == "steps")).as_posix())
            self.before(folder)
            function(action, folder, values)

        monkeypatch.setattr(running, "run_function", do)


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


def run(place: Project, listed: list[Step]) -> Graph:
    """Bring steps up to date."""
    place.build.mkdir(exist_ok=True)
    graph = Graph(place, listed)
    run_all(graph, 1)
    return graph


def content(graph: Graph, name: str) -> str:
    """The text of a file that the steps have made."""
    return graph.results.files(graph.steps)[name].read_text()


def rewrite(path: Path, text: str) -> None:
    """Another content, at another time, even if the clock has not moved on."""
    path.write_text(text)
    later = path.stat().st_mtime_ns + 1_000_000
    os.utime(path, ns=(later, later))


def version(folder: Path, number: int, file: str, of: int) -> None:
    """One of the files of a version of the report; the page lists them all."""
    listed = " ".join(f"{i}.csv" for i in range(of)) if file == "index.html" else "data " * 1000
    _write(folder, f"report/{file}", f"version {number}: {listed} end")


def versions(number: int, of: int = 25) -> list[Step]:
    """A report of many files that all change with its version."""
    names = ["index.html", *(f"data/{i}.csv" for i in range(of))]
    listed = [step(f"make {i}", "version", number=number, file=name, of=of) for i, name in enumerate(names)]
    return [*listed, step("processed", "upper", source="data/raw/a.txt", target=f"data/processed/{number}.csv")]


if __name__ == "__main__":  # build a version of the report in a process of its own
    import sys

    from helpers.build.build import build

    print("begun", flush=True)
    build({}, project=Project(Path(sys.argv[1])), steps=versions(int(sys.argv[2])))
