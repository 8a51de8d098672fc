"""Executing a notebook with papermill."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from helpers.errors import Problem
from helpers.pipeline.parameters import check, notebook_parameters

KERNEL_ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "SOURCE_DATE_EPOCH": "0",
    "MPLBACKEND": "agg",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}


class NotebookFailure(Problem):
    """A cell of a notebook raised an error."""


def execute(source: Path, target: Path, values: Mapping[str, Any], folder: Path | None = None) -> None:
    """Run a notebook with checked parameters and record it at `target`.

    Args:
        folder: where the kernel starts; the notebook's own folder, if not given.

    Raises:
        ParameterProblem: before anything runs, if a parameter does not fit.
        NotebookFailure: names the notebook, the cell and the error.
    """
    parameters = check(values, notebook_parameters(source), source.stem)
    import papermill
    from jupyter_client.manager import AsyncKernelManager
    from nbclient.exceptions import DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    class LocalKernelManager(AsyncKernelManager):
        """Kernels over files instead of network ports, where the platform has them: ports collide now and then."""

        transport = "ipc" if os.name == "posix" else "tcp"

    logging.getLogger("papermill").setLevel(logging.ERROR)
    os.environ.update(KERNEL_ENVIRONMENT)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        papermill.execute_notebook(
            str(source),
            str(target),
            parameters,
            kernel_name="python3",
            progress_bar=False,
            cwd=str(folder or source.parent),
            kernel_manager_class=LocalKernelManager,
        )
    except PapermillExecutionError as error:
        raise NotebookFailure(_failure(source, error, injected=bool(parameters))) from error
    except DeadKernelError as error:
        raise NotebookFailure(f"{source.name}, {_running(target)}: its kernel died; out of memory?") from error


def _failure(source: Path, error: Any, injected: bool) -> str:
    """Cells are counted as in the source, which has no injected cell."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", str(error.evalue)).strip()
    first = next((line for line in text.splitlines() if line.strip()), "no message")
    return f"{source.name}, cell {error.cell_index + 1 - injected} (In [{error.exec_count - injected}]): {error.ename}: {first}"


def _running(target: Path) -> str:
    """The cell that was at work when the record was last written."""
    import nbformat

    cells = [c for c in nbformat.read(target, 4).cells if "injected-parameters" not in c.metadata.get("tags", [])]
    begun = [n for n, c in enumerate(cells, start=1) if c.metadata.get("papermill", {}).get("start_time")]
    return f"cell {max(begun, default=1)}"
