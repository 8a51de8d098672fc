"""Steps as tasks of doit: what each depends on, whether it must run, and why."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from doit.dependency import Dependency, DependencyStatus, FileChangedChecker, JsonDB
from doit.task import Task

from helpers.build import modules
from helpers.build.notebook_sources import digest
from helpers.build.project import SOURCE, Project
from helpers.build.stages import Step
from helpers.build.workplace import Results
from helpers.files import sha256

# What executes notebooks has a say in every result.
MACHINERY = ("helpers.build.notebooks", "helpers.build.workplace", "helpers.build.stages")
Signature = tuple[int, int, int, int]


class ContentChecker(FileChangedChecker):
    """Whether files have changed: by size, times and inode where these are as before, else by SHA-256.

    The time of the last change of the inode cannot be set by `touch` or `cp -p`, unlike that of the last write; and
    no time is held against the clock, which may be wrong.
    """

    def info(self, file_path: str) -> Signature:
        """As doit asks."""
        return signature(file_path)

    def check_modified(self, file_path: str, file_stat: Signature, state: Sequence[Any]) -> bool:
        """As doit asks."""
        return tuple(state[0]) != file_stat and state[1] != content_hash(file_path, file_stat)

    def get_state(self, dep: str, current_state: Sequence[Any] | None) -> tuple[Signature, str] | None:
        """As doit asks: the state to be remembered, None if it is remembered already."""
        now = signature(dep)
        same = current_state and tuple(current_state[0]) == now
        return None if same else (now, content_hash(dep, now))


def signature(path: str) -> Signature:
    """Size, times and inode of a file.

    Raises:
        OSError: there is none.
    """
    found = os.stat(path)
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


@cache
def content_hash(path: str, sign: Signature) -> str:
    """SHA-256 of a file in this state."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Graph:
    """The tasks of one build.

    Args:
        given: files and folders outside the project that parameters name, by parameter.
    """

    def __init__(self, project: Project, steps: Sequence[Step], given: Mapping[str, str]):
        self.project = project
        self.steps = {step.name: step for step in steps}
        self.results = Results(project)
        list(self.order())  # steps that need one another in a circle are refused
        self.given = given
        self.environment = environment()
        self.database = project.build / "doit.json"
        self._loaded: dict[str, set[str]] = {}
        self._inputs: dict[str, dict[str, str]] = {}
        self.before = {path: signature(path) for path in {p for step in steps for p in self.inputs(step).values()}}

    def tasks(self, action: Callable[[Step], dict[str, Any]]) -> list[Task]:
        """A task for each step.

        Args:
            action: does a step; what it returns is remembered.
        """
        return [self._task(step, action) for step in self.steps.values()]

    def _task(self, step: Step, action: Callable[[Step], dict[str, Any]]) -> Task:
        state = self.state(step)

        def unchanged(task: Task, values: Mapping[str, Any]) -> bool:
            # doit writes its memory when a run ends: after a kill, the results may be those of a later run.
            task.value_savers.append(lambda: {"state": state, "record": self.results.seal(step.name)})
            return bool(values.get("state") == state and values.get("record") == self.results.seal(step.name))

        return Task(
            step.name,
            [(action, [step])],
            file_dep=[*self.inputs(step).values(), *(str(self.results.record(need)) for need in step.needs)],
            targets=[str(self.results.record(step.name))],
            uptodate=[unchanged],
            io={"capture": False},
        )

    def state(self, step: Step) -> dict[str, Any]:
        """What beside files decides over a step's result; JSON types only."""
        cells = digest(self.project.root / step.action) if step.is_notebook else ""
        plain = {"runs": step.action, "values": step.values, "cells": cells, "environment": self.environment}
        return dict(json.loads(json.dumps(plain)))

    def inputs(self, step: Step) -> dict[str, str]:
        """Files that a step may read, without those of other steps: name in the manifest to path."""
        if step.name not in self._inputs:
            self._inputs[step.name] = self._found(step)
        return self._inputs[step.name]

    def _found(self, step: Step) -> dict[str, str]:
        of_function = {step.action.partition(":")[0]}
        loaded = self._of_notebook(step.action) if step.is_notebook else modules.closure(of_function)
        named = dict(modules.named_source(module) for module in sorted(loaded))
        for parameter, place in self.given.items():
            if parameter in step.values:
                named |= {f"{parameter}{name}": path for name, path in below(place).items()}
        return self.common | named

    def _of_notebook(self, name: str) -> set[str]:
        if name not in self._loaded:
            self._loaded[name] = modules.of_notebook(self.project.root / name) | modules.closure(MACHINERY)
        return self._loaded[name]

    @cached_property
    def common(self) -> dict[str, str]:
        """What every step may read: raw tables, the package's templates and catalogues, the lock."""
        root, package = str(self.project.root), str(SOURCE.parent)
        data = {f"data{name}": path for name, path in below(str(self.project.data)).items()}
        data = {name: path for name, path in data.items() if not name.startswith("data/processed/")}
        parts = {f"src/helpers{name}": path for name, path in below(f"{package}/src/helpers").items()}
        parts = {name: path for name, path in parts.items() if not name.endswith((".py", ".pyc"))}
        lock = {"requirements.lock": f"{root}/requirements.lock"}
        return data | parts | {name: path for name, path in lock.items() if os.path.exists(path)}

    def changed(self, step: Step) -> list[str]:
        """Inputs that are not as they were when the build began."""
        return [name for name, path in self.inputs(step).items() if not self._same(path)]

    def _same(self, path: str) -> bool:
        try:
            return signature(path) == self.before[path]
        except OSError:
            return False

    def stale(self) -> bool:
        """Whether any step must run."""
        memory = self.open_database()
        tasks = {task.name: task for task in self.tasks(lambda step: {})}
        return any(memory.get_status(task, tasks).status != "up-to-date" for task in tasks.values())

    def forget_damaged(self) -> list[str]:
        """Let steps whose results were altered be steps that have not run; their names."""
        damaged = [name for name in self.steps if self.results.damaged(name)]
        for name in damaged:
            self.results.forget(name)
        return damaged

    def open_database(self) -> Dependency:
        """doit's memory of earlier runs; a damaged one is forgotten."""
        try:
            sound = all(isinstance(of_task, dict) for of_task in json.loads(self.database.read_bytes()).values())
        except (OSError, ValueError, AttributeError, RecursionError):
            sound = False
        if not sound:
            self.database.unlink(missing_ok=True)
        return Dependency(JsonDB, str(self.database), ContentChecker)

    # Why ---------------------------------------------------------------------------------------------------------------

    def reasons(self, task: Task, memory: Dependency, tasks: Mapping[str, Task]) -> list[str]:
        """Why a step must run for reasons of its own; nothing if it need not."""
        values = memory.get_values(task.name)
        if "state" not in values:
            return ["it has not run yet"]
        status: DependencyStatus = memory.get_status(task, tasks, get_log=True)
        told = differences(values.get("state", {}), self.state(self.steps[task.name]))
        names = {path: name for name, path in self.inputs(self.steps[task.name]).items()}
        seen: set[str] = set()
        for reason, verb in (
            ("added_file_dep", "is new"),
            ("changed_file_dep", "changed"),
            ("removed_file_dep", "is gone"),
        ):
            paths = set(status.reasons.get(reason, ())) - seen
            told += sorted(f"{names.get(path, shown_input(path))} {verb}" for path in paths)
            seen |= paths
        if values.get("record") != self.results.seal(task.name) or self.results.damaged(task.name):
            told.append("its results are gone or damaged")
        return told

    def order(self) -> Iterator[str]:
        """Names of steps, each after those that it needs."""
        from graphlib import TopologicalSorter

        yield from TopologicalSorter({step.name: step.needs for step in self.steps.values()}).static_order()


def shown_input(path: str) -> str:
    """A file that is no input any more, or the record of another step."""
    return f"the result of {Path(path).stem}" if "/build/steps/" in path else Path(path).name


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What has changed in the state of a step: one phrase for each parameter and circumstance."""
    told = []
    if old.get("runs") != new["runs"]:
        told.append(f"it runs {new['runs']} now")
    elif old.get("cells") != new["cells"]:
        told.append(f"{new['runs']} changed")
    was, now = old.get("values", {}), new["values"]
    for name in sorted({*was, *now}):
        if was.get(name) != now.get(name):
            told.append(f"{name}: {was.get(name, 'not given')!r} -> {now.get(name, 'not given')!r}")
    for name, value in new["environment"].items():
        before = old.get("environment", {}).get(name)
        if before != value:
            told.append("packages changed" if name == "packages" else f"{name}: {before} -> {value}")
    return told


def below(place: str) -> dict[str, str]:
    """Files of a folder by what follows its name, hidden ones and compiled modules left out; a file is its own."""
    if os.path.isfile(place):
        return {"": place}
    found: dict[str, str] = {}
    for entry in os.scandir(place) if os.path.isdir(place) else ():
        if not entry.name.startswith((".", "__pycache__")):
            found |= {f"/{entry.name}{name}": path for name, path in below(entry.path).items()}
    return dict(sorted(found.items()))


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
