"""Who does the steps: notebooks go to the workshop, functions of the package run here, in a thread."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, Self

from helpers.build.forkserver import Finished, Workshop
from helpers.build.imports import IRI_GRAMMAR, without
from helpers.build.modules import closure
from helpers.build.project import Project
from helpers.build.stages import RENDERER, Step

READING = ("helpers.formulas", "helpers.ledger", "helpers.scenarios")  # packages that read the project's tables
STAYING = ("helpers.build", "helpers.errors", "helpers.paths")  # what a build itself consists of


def cores() -> int:
    """How many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Crew:
    """Workers for one build; none is started before the first step.

    Args:
        workshop: one that is kept running between builds; else one is started and closed here.
    """

    def __init__(self, project: Project, workers: int = 0, workshop: Workshop | None = None):
        self.project = project
        self.workers = workers or cores()
        self._kept = workshop
        self._own: Workshop | None = None
        self._here = ThreadPoolExecutor(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._here.shutdown(cancel_futures=True)
        if self._own:
            self._own.__exit__(kind, error, trace)

    def submit(self, step: Step, folder: Path) -> Future[Finished]:
        """Do a step in its folder."""
        if not step.is_notebook:
            return self._here.submit(call, step.action, folder, step.values)
        return self._workshop().submit(self.project.root / step.action, folder / step.record, step.values, folder)

    def _workshop(self) -> Workshop:
        if self._kept:
            return self._kept
        if not self._own:
            self._own = Workshop(workers=self.workers).__enter__()
            self._here.submit(_module, RENDERER)  # takes half a second, and is wanted as soon as a notebook is done
        return self._own


_heard = threading.local()


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    """Note what a function opens: an audit hook hears all threads, and cannot be taken off."""
    if event == "open" and isinstance(arguments[0], str) and (paths := getattr(_heard, "paths", None)) is not None:
        paths.append(os.path.abspath(arguments[0]))


@cache
def _listen() -> None:
    sys.addaudithook(_hear)


def call(action: str, folder: Path, values: Mapping[str, Any]) -> Finished:
    """Run a function of the package; what it has read."""
    begun = time.perf_counter()
    module, _, function = action.partition(":")
    chosen = getattr(_module(module), function)
    _forget_tables()
    _listen()
    _heard.paths = []
    try:
        chosen(folder, **values)
        read = tuple(dict.fromkeys(path for path in _heard.paths if os.path.isfile(path)))
    finally:
        _heard.paths = None
    return Finished(time.perf_counter() - begun, read, tuple(closure([module])), 0)


def _forget_tables() -> None:
    """Let tables be read again, so that it is heard: whatever read them before, here or in a test, kept them."""
    for name, module in list(sys.modules.items()):
        if name.startswith(READING):
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


def _module(name: str) -> ModuleType:
    with without(IRI_GRAMMAR):
        return import_module(name)


def forget() -> None:
    """Let functions of the package be read anew, after their sources may have changed."""
    for name in list(sys.modules):
        if name.startswith("helpers.") and not name.startswith(STAYING):
            del sys.modules[name]
