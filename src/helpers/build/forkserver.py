"""Notebooks executed side by side, each in a fresh process."""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from helpers.build.notebooks import KERNEL_ENVIRONMENT, NotebookFailure
from helpers.build.warm import Warm, can_fork
from helpers.build.wire import Wire
from helpers.paths import PROJECT

ORDINARY = "import sys; del sys.path[0]; from helpers.build.runner import main; main()"


@dataclass(frozen=True)
class Finished:
    """What one executed notebook tells.

    Args:
        files_read: absolute paths of files in the project, or in the folder where the notebook ran, that were
            there before and that it opened; `helpers.build.observation` says what cannot be seen.
        modules: names of the modules of `helpers` that it had imported at the end.
        folders_listed: absolute paths of folders, of the same places, whose contents it listed.
    """

    seconds: float
    files_read: tuple[str, ...]
    modules: tuple[str, ...]
    max_rss_bytes: int
    folders_listed: tuple[str, ...] = ()


class Workshop:
    """Executes notebooks, `workers` at once, for as long as it is open.

    Args:
        forked: whether to fork from warm processes, which start at once; where the platform can, if not given.
        cell_timeout_s: longest time of a cell; no limit, if not given.
    """

    def __init__(self, workers: int = 2, forked: bool | None = None, cell_timeout_s: int | None = None):
        self.forked = can_fork() if forked is None else forked
        self._timeout_s = cell_timeout_s
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="notebook")
        self._environment = {**os.environ, **KERNEL_ENVIRONMENT}
        self._lock = threading.Lock()
        self._processes: set[subprocess.Popen[bytes]] = set()
        self._closed = False
        self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(wait=error is None)

    def close(self, wait: bool = False) -> None:
        """End every process; notebooks at work are stopped, unless they are to be waited for."""
        if wait:
            self._pool.shutdown()
        self._closed = True
        self._pool.shutdown(wait=False, cancel_futures=True)
        for warm in self._warm:
            warm.close()
        with self._lock:
            for process in self._processes:
                process.terminate()
        self._pool.shutdown()

    def submit(
        self, source: Path, target: Path, values: Mapping[str, Any], folder: Path | None = None
    ) -> Future[Finished]:
        """Execute a notebook with checked parameters and record it at `target`, whole or not at all.

        Args:
            folder: where it runs; the notebook's own folder, if not given.

        Returns:
            A future that may raise ParameterProblem (nothing ran) or NotebookFailure (names notebook, cell and
            error; the record holds what there was until then).
        """
        order = {
            "source": str(source.absolute()),
            "target": str(target.absolute()),
            "values": dict(values),
            "folder": str((folder or source.parent).absolute()),
            "roots": [str(PROJECT)],
            "timeout_s": self._timeout_s,
        }
        return self._pool.submit(self._finished, order)

    def stale(self) -> bool:
        """Whether interpreter, packages or this pipeline changed since the warm processes started.

        Modules that notebooks import are read anew by each, so that changes in them do not matter here.
        """
        return self._key != _key()

    def renew(self) -> None:
        """Start the warm processes again; no notebook may be at work."""
        for warm in self._warm:
            warm.close()
        self._start()

    def _start(self) -> None:
        self._key = _key()
        self._warm = [Warm(role, self._environment) for role in ("cells", "papermill")] if self.forked else []

    def _finished(self, order: dict[str, Any]) -> Finished:
        begun = time.perf_counter()
        data = self._forked(order) if self.forked else self._ordinary(order)
        if not data:
            raise NotebookFailure(f"{Path(order['source']).name}: {self._why()}")
        told = pickle.loads(data)
        if isinstance(told, BaseException):
            raise told
        names = ("files_read", "modules", "folders_listed")
        seen = {name: tuple(told.get(name, ())) for name in names}
        return Finished(time.perf_counter() - begun, max_rss_bytes=told.get("max_rss_bytes", 0), **seen)

    def _why(self) -> str:
        return "stopped" if self._closed else "the process that ran it died; out of memory?"

    def _forked(self, order: dict[str, Any]) -> bytes:
        """papermill in one child, cells in another; the pickled outcome, or nothing."""
        cells, papermill = self._warm
        (caller, theirs), shell, iopub = (socket.socketpair() for _ in range(3))
        started: list[tuple[Warm, int]] = []
        try:
            with theirs, shell[0], shell[1], iopub[0], iopub[1]:
                where = {"folder": order["folder"], "roots": [order["folder"], *order["roots"]]}
                kernel = cells.fork(where, shell[1], iopub[1])
                started.append((cells, kernel))
                runner = papermill.fork(order | {"kernel": kernel}, theirs, shell[0], iopub[0])
                started.append((papermill, runner))
            message = Wire(caller).message_within()
            return message[0] if message else b""
        except ConnectionError:
            return b""
        finally:
            caller.close()
            for warm, number in reversed(started):
                warm.kill(number)

    def _ordinary(self, order: dict[str, Any]) -> bytes:
        """A Python process with papermill and Jupyter's kernel; the pickled outcome, or nothing."""
        pipe = subprocess.PIPE
        with self._lock:
            if self._closed:
                return b""
            process = subprocess.Popen(
                [sys.executable, "-c", ORDINARY], stdin=pipe, stdout=pipe, env=self._environment, start_new_session=True
            )
            self._processes.add(process)
        assert process.stdin
        assert process.stdout
        try:
            with contextlib.suppress(BrokenPipeError), process.stdin:
                process.stdin.write(json.dumps(order).encode() + b"\n")
                process.stdin.flush()
                return process.stdout.read()  # it ends when its standard input does: with this process
            return b""
        finally:
            process.stdout.close()
            process.wait()
            with self._lock:
                self._processes.discard(process)


def _key() -> tuple[Any, ...]:
    """What the warm processes hold in memory, by size and time of its files."""
    here = Path(__file__).parent
    packages = {Path(path) for path in sys.path if path.endswith("site-packages")}
    files = [Path(sys.executable), PROJECT / "requirements.lock", *packages, *sorted(here.glob("*.py"))]
    states = [(str(file), file.stat()) for file in files if file.exists()]
    return tuple((name, state.st_size, state.st_mtime_ns) for name, state in states)
