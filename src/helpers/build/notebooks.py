"""Executing one notebook."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from helpers.errors import Problem

KERNEL_ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "SOURCE_DATE_EPOCH": "0",
    "MPLBACKEND": "agg",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    # The order in which several threads add up depends on how many there are; and a process with threads is not forked.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}


class NotebookFailure(Problem):
    """A cell of a notebook raised an error, or its process died."""


def execute(
    source: Path, target: Path, values: Mapping[str, Any], folder: Path | None = None, forked: bool | None = None
) -> None:
    """Run a notebook with checked parameters and record it at `target`.

    Args:
        folder: where the kernel starts; the notebook's own folder, if not given.
        forked: see `helpers.build.forkserver.Workshop`.

    Raises:
        ParameterProblem: before anything runs, if a parameter does not fit.
        NotebookFailure: names the notebook, the cell and the error.
    """
    from helpers.build.forkserver import Workshop

    with Workshop(workers=1, forked=forked) as shop:
        shop.submit(source, target, values, folder).result()
