"""Executing one notebook: parameters checked before, one line for a failure, a record that is the same everywhere."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from helpers.build.fork_server import KERNEL_ENVIRONMENT, leave_out, run_folder
from helpers.errors import Problem
from helpers.language import PROSE, SOURCE
from helpers.parameters import check, notebook_parameters

ENGINE = "forked"


class NotebookFailure(Problem):
    """A cell of a notebook raised an error, or its process died."""


def execute(
    source: Path,
    target: Path,
    values: Mapping[str, Any],
    folder: Path | None = None,
    cell_timeout_s: int | None = None,
) -> None:
    """Run a notebook with checked parameters and record it at `target`, whole or not at all.

    May be called from several threads at once; each notebook has a process of its own.

    Args:
        folder: where the kernel starts; the notebook's own folder, if not given.
        cell_timeout_s: longest time of a cell; no limit, if not given.

    Raises:
        ParameterProblem: before anything runs, if a parameter does not fit.
        NotebookFailure: names the notebook, the cell and the error; the record is in place all the same.
    """
    parameters = check(values, notebook_parameters(source), source.stem)
    leave_out()
    from helpers.build.records import record

    folder = (folder or source.parent).resolve()
    for needed in (folder, target.parent):
        needed.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=run_folder()) as place:
        made = Path(place) / "executed.ipynb"
        try:
            _run(source, made, parameters, folder, cell_timeout_s)
        finally:
            if made.exists():
                record(made, target, os.fspath(folder))


def _run(source: Path, made: Path, parameters: Mapping[str, Any], folder: Path, cell_timeout_s: int | None) -> None:
    import papermill
    from papermill.engines import papermill_engines

    from helpers.build.engine import ForkedEngine

    papermill_engines.register(ENGINE, ForkedEngine)
    logging.getLogger("papermill").setLevel(logging.ERROR)
    with failures(source, made, injected=bool(parameters)):
        papermill.execute_notebook(
            str(source.resolve()),
            str(made),
            dict(parameters),
            engine_name=ENGINE,
            request_save_on_cell_execute=False,
            progress_bar=False,
            environment={**KERNEL_ENVIRONMENT, PROSE: str(parameters.get("language", SOURCE))},
            execution_timeout=cell_timeout_s,
            resources={"metadata": {"path": os.fspath(folder)}},
        )


@contextlib.contextmanager
def failures(source: Path, made: Path, injected: bool) -> Iterator[None]:
    """What ends a notebook, as one line. Cells are counted as in the source, which has no injected cell."""
    from papermill.exceptions import PapermillExecutionError
    from papermill.iorw import write_ipynb

    from helpers.build.engine import StoppedNotebook

    try:
        yield
    except PapermillExecutionError as error:
        text = re.sub(r"\x1b\[[0-9;]*m", "", str(error.evalue)).strip()
        first = next((line for line in text.splitlines() if line.strip()), "no message")
        place = f"{source.name}, cell {error.cell_index + 1 - injected} (In [{error.exec_count - injected}])"
        raise NotebookFailure(f"{place}: {error.ename}: {first}") from error
    except StoppedNotebook as error:
        number = _mark_stopped(error.notebook)
        write_ipynb(error.notebook, str(made))
        slow = type(error.cause).__name__ == "CellTimeoutError"
        what = "took longer than a cell may" if slow else "its kernel died; out of memory?"
        raise NotebookFailure(f"{source.name}, cell {number}: {what}") from error


def _mark_stopped(notebook: Any) -> int:
    """The number of the cell that was at work last, counted as in the source; it gets no count of its own."""
    cells = [c for c in notebook.cells if "injected-parameters" not in c.metadata.get("tags", [])]
    number = max((n for n, c in enumerate(cells, start=1) if c.metadata.papermill.get("start_time")), default=1)
    cells[number - 1]["execution_count"] = None  # whether the kernel had told it by then is a matter of chance
    return number
