"""One notebook, executed by papermill in this process, and its record put in place.

Run as a program, with an order as JSON on standard input, it executes one notebook with the ordinary kernel.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import pickle
import re
import signal
import socket
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.iorw import write_ipynb

from helpers.build.engine import ForkedEngine, ForkedKernel
from helpers.build.notebooks import NotebookFailure
from helpers.build.ordinary import observed_manager
from helpers.build.records import normalise
from helpers.build.wire import Wire
from helpers.parameters import check, notebook_parameters


class Keeping:
    """An engine that keeps hold of its notebook, so that there is a record whatever ends it."""

    notebook: Any = None

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> Any:
        """As the engine below does."""
        cls.notebook = nb_man.nb
        return super().execute_managed_notebook(nb_man, kernel_name, **options)  # type: ignore[misc]


class KeepingForked(Keeping, ForkedEngine):  # type: ignore[misc]
    """Cells in a forked process."""


class KeepingOrdinary(Keeping, NBClientEngine):
    """Cells in Jupyter's kernel."""


def run_one(order: Mapping[str, Any], kernel: ForkedKernel | None) -> dict[str, Any]:
    """Execute a notebook; what its kernel told.

    Args:
        order: `source`, `target`, `values`, `folder`, `timeout_s` (of a cell, or None).
        kernel: the forked kernel; Jupyter's own, if there is none.

    Raises:
        ParameterProblem: before anything runs, if a parameter does not fit.
        NotebookFailure: names the notebook, the cell and the error; the record is in place all the same.
    """
    source, target, folder = (Path(order[name]) for name in ("source", "target", "folder"))
    parameters = check(order["values"], notebook_parameters(source), source.stem)
    target.parent.mkdir(parents=True, exist_ok=True)
    engine = KeepingForked if kernel else KeepingOrdinary
    papermill_engines.register("keeping", engine)
    logging.getLogger("papermill").setLevel(logging.ERROR)
    told: dict[str, Any] = {}
    part = target.with_name(f".{target.stem}.{os.getpid()}.part.ipynb")
    try:
        with failures(source, engine, injected=bool(parameters)), tempfile.TemporaryDirectory() as sockets:
            manager = observed_manager(told, [str(folder), *order["roots"]], sockets)
            papermill.execute_notebook(
                str(source),
                str(part),
                parameters,
                engine_name="keeping",
                kernel_name="python3",
                request_save_on_cell_execute=False,
                progress_bar=False,
                cwd=str(folder),
                autosave_cell_every=0,
                execution_timeout=order["timeout_s"],
                **({"kernel": kernel} if kernel else {"kernel_manager_class": manager}),
            )
        _place(part, target, engine, folder)
    except NotebookFailure:
        _place(part, target, engine, folder)
        raise
    finally:
        part.unlink(missing_ok=True)
    return kernel.told if kernel else told


def _place(part: Path, target: Path, engine: type[Keeping], folder: Path) -> None:
    """Write the record without what differs from run to run, and put it in place."""
    record = nbformat.read(part, 4) if part.exists() else engine.notebook
    normalise(record, str(folder))
    write_ipynb(record, str(part))
    part.replace(target)


@contextlib.contextmanager
def failures(source: Path, engine: type[Keeping], injected: bool) -> Iterator[None]:
    """What ends a notebook, as one line. Cells are counted as in the source, which has no injected cell."""
    try:
        yield
    except PapermillExecutionError as error:
        text = re.sub(r"\x1b\[[0-9;]*m", "", str(error.evalue)).strip()
        first = next((line for line in text.splitlines() if line.strip()), "no message")
        place = f"{source.name}, cell {error.cell_index + 1 - injected} (In [{error.exec_count - injected}])"
        raise NotebookFailure(f"{place}: {error.ename}: {first}") from error
    except (DeadKernelError, CellTimeoutError) as error:
        number, cell = _running(engine)
        cell["execution_count"] = None  # whether the kernel had told it by then is a matter of chance
        what = (
            "its kernel died; out of memory?" if isinstance(error, DeadKernelError) else "took longer than a cell may"
        )
        raise NotebookFailure(f"{source.name}, cell {number}: {what}") from error


def _running(engine: type[Keeping]) -> tuple[int, Any]:
    """The cell that was at work last, counted as in the source."""
    cells = [c for c in engine.notebook.cells if "injected-parameters" not in c.metadata.get("tags", [])]
    begun = [n for n, c in enumerate(cells, start=1) if c.metadata.get("papermill", {}).get("start_time")]
    number = max(begun, default=1)
    return number, cells[number - 1]


def run_ordered(order: dict[str, Any], ends: list[socket.socket]) -> None:
    """In a forked process: execute with the kernel at the other ends, and tell the caller how it went."""
    caller, *lines = ends
    kernel = ForkedKernel(order["kernel"], *lines)
    Wire(caller).send_multipart([outcome(order, kernel)])


def outcome(order: Mapping[str, Any], kernel: ForkedKernel | None) -> bytes:
    """What `run_one` returned or raised, to be sent to another process."""
    try:
        return pickle.dumps(run_one(order, kernel))
    except Exception as error:
        with contextlib.suppress(Exception):
            plain = pickle.dumps(error.with_traceback(None))
            pickle.loads(plain)
            return plain
        return pickle.dumps(RuntimeError("".join(traceback.format_exception(error))))


def main() -> None:
    """Execute the notebook that the first line of standard input orders; the outcome goes to standard output."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    out = os.dup(1)
    os.dup2(2, 1)
    order = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_caller, daemon=True).start()
    data = outcome(order, None)
    with open(out, "wb") as file:
        file.write(data)


def _end_with_caller() -> None:
    """Standard input ends when the caller does, whatever ended it; Jupyter's kernel follows this process."""
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
