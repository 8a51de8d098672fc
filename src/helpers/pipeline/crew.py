"""Who does the steps: notebooks go to the workshop, functions of the package run here."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from helpers.pipeline.forkserver import Finished, Workshop
from helpers.pipeline.modules import closure
from helpers.pipeline.project import Project
from helpers.pipeline.stages import Step


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
            return self._here.submit(_call, step.action, folder, step.values)
        return self._workshop().submit(self.project.root / step.action, folder / step.record, step.values, folder)

    def _workshop(self) -> Workshop:
        if self._kept:
            return self._kept
        if not self._own:
            self._own = Workshop(workers=self.workers).__enter__()
        return self._own


def _call(action: str, folder: Path, values: Mapping[str, Any]) -> Finished:
    begun = time.perf_counter()
    module, _, function = action.partition(":")
    getattr(import_module(module), function)(folder, **values)
    return Finished(time.perf_counter() - begun, (), tuple(closure([module])), 0)
