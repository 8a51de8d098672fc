"""Executing one notebook: parameters checked before, one line for a failure, a record that is the same everywhere."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import tempfile
import threading
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from helpers.build.fork_server import KERNEL_ENVIRONMENT, leave_out, run_folder
from helpers.errors import Problem
from helpers.language import PROSE, SOURCE, is_source, using
from helpers.parameters import check, notebook_parameters

ENGINE = "forked"
_importing = threading.Lock()  # papermill imports its engines, ours too, which import papermill: one thread at a time


class NotebookFailure(Problem):
    """A cell of a notebook raised an error, or its process died."""


def execute(source: Path, target: Path, values: Mapping[str, Any], folder: Path | None = None) -> None:
    """Run a notebook with checked parameters and record it at `target`, whole or not at all.

    Its prose is in the language that the parameter `language` names. May be called from several threads at once; each
    notebook has a process of its own.

    Args:
        folder: where the kernel starts; the notebook's own folder, if not given.

    Raises:
        ParameterProblem: before anything runs, if a parameter does not fit.
        MissingTranslation: before anything runs; names the notebook and the cell.
        NotebookFailure: names the notebook, the cell and the error; the record is in place all the same.
    """
    folder = (folder or source.parent).resolve()
    parameters = check(values, notebook_parameters(source), source.stem, folder)
    leave_out()
    with _importing:
        import_module("papermill")
    from helpers.build.records import record

    for needed in (folder, target.parent):
        needed.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=run_folder()) as place:
        written = in_language(source, Path(place), parameters.get("language", SOURCE))
        made = Path(place) / "executed.ipynb"
        failure = None
        try:
            with failures(source, made, injected=bool(parameters)):
                _run(written, made, parameters, folder)
        except NotebookFailure as error:
            failure = error
        record(made, target, os.fspath(folder))
        if failure:
            raise failure


def in_language(source: Path, place: Path, language: str) -> Path:
    """The notebook with its prose in a language: itself, or a copy in a folder.

    Raises:
        ParameterProblem: there is no edition in it.
        MissingTranslation: names the notebook and the cell.
    """
    with using(language):
        if is_source():
            return source
        import nbformat

        from helpers.report.prose import translate_prose

        notebook = nbformat.read(source, 4)
        translate_prose(notebook, re.sub(r"^\d+_", "", source.stem), source.name)
        nbformat.write(notebook, place / source.name)
    return place / source.name


def _run(source: Path, made: Path, parameters: Mapping[str, Any], folder: Path) -> None:
    import papermill
    from papermill.engines import papermill_engines

    from helpers.build.engine import ForkedEngine

    papermill_engines.register(ENGINE, ForkedEngine)
    logging.getLogger("papermill").setLevel(logging.ERROR)
    papermill.execute_notebook(
        str(source.resolve()),
        str(made),
        dict(parameters),
        engine_name=ENGINE,
        request_save_on_cell_execute=False,
        progress_bar=False,
        environment={**KERNEL_ENVIRONMENT, PROSE: str(parameters.get("language", SOURCE))},
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
        number = mark_last(error.notebook)
        write_ipynb(error.notebook, str(made))
        raise NotebookFailure(f"{source.name}, cell {number}: its kernel died; out of memory?") from error


def mark_last(notebook: Any) -> int:
    """The number of the cell that was at work last, counted as in the source; it gets no count of its own."""
    cells = [c for c in notebook.cells if "injected-parameters" not in c.metadata.get("tags", [])]
    number = max((n for n, c in enumerate(cells, start=1) if c.metadata.papermill.get("start_time")), default=1)
    cells[number - 1]["execution_count"] = None  # whether the kernel had told it by then is a matter of chance
    return number
