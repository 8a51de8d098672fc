"""Executing one notebook: parameters checked before, one line for a failure, a record that is the same everywhere."""

import json
import logging
import os
import re
import sys
import sysconfig
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from helpers.build.fork_server import KERNEL_ENVIRONMENT, leave_out, run_folder
from helpers.errors import Problem
from helpers.files import write_whole
from helpers.language import PROSE, SOURCE, using
from helpers.parameters import check, notebook_parameters
from helpers.paths import PROJECT

ENGINE = "forked"
CELL_FILE = re.compile(re.escape(tempfile.gettempdir()) + r"[\\/]ipykernel_\d+[\\/]")  # ipykernel's names of cells
ADDRESS = re.compile(r"\b0x[0-9a-f]{6,16}\b(?=[>)\s]|$)")
RUN = ("start_time", "end_time", "duration", "input_path", "output_path")  # papermill's, of one run
KEPT = ("tags", "anchors")  # of what cells carry: an editor adds more
NAMED = {"injected-parameters": "parameters-given", "papermill-error-cell-tag": "failure"}


class NotebookFailure(Problem):
    """A cell of a notebook raised an error, or its process died."""


def execute(source: Path, target: Path, values: Mapping[str, Any], folder: Path | None = None) -> None:
    """Run a notebook with checked parameters, in a process of its own, and record it at `target`, whole or not at all.

    Its prose is in the language that the parameter `language` names. Several threads may call it at once. The kernel
    starts in `folder`, the notebook's own if none is given.

    A ParameterProblem or a MissingTranslation comes before anything runs; a NotebookFailure names the notebook, the cell
    and the error, and the record is in place all the same.
    """
    folder = (folder or source.parent).resolve()
    parameters = check(values, notebook_parameters(source), source.stem, folder)
    leave_out()
    import nbformat

    from helpers.report.chapter_html import translate_prose

    notebook = nbformat.read(source, 4)
    with using(parameters.get("language", SOURCE)):
        translate_prose(notebook, re.sub(r"^\d+_", "", source.stem), source.name)
    with tempfile.TemporaryDirectory(dir=run_folder()) as place:
        made = Path(place) / "executed.ipynb"
        failure = _execute(notebook, made, parameters, folder)
        executed = nbformat.read(made, 4)
    normalise(executed, os.fspath(folder))
    write_whole(target, json.dumps(executed, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
    if failure:
        raise NotebookFailure(f"{source.name}, {failure}")


def _execute(notebook: Any, made: Path, parameters: Mapping[str, Any], folder: Path) -> str:
    """Run it; what ended it before its end. Cells are counted as in the source, which has no injected cell."""
    import papermill
    from papermill.engines import papermill_engines
    from papermill.iorw import write_ipynb

    from helpers.build.engine import ForkedEngine, StoppedNotebook

    papermill_engines.register(ENGINE, ForkedEngine)
    logging.getLogger("papermill").setLevel(logging.ERROR)
    options = {
        "engine_name": ENGINE,
        "request_save_on_cell_execute": False,
        "progress_bar": False,
        "environment": {**KERNEL_ENVIRONMENT, PROSE: str(parameters.get("language", SOURCE))},
        "resources": {"metadata": {"path": os.fspath(folder)}},
    }
    try:
        papermill.execute_notebook(notebook, str(made), dict(parameters), **options)
    except papermill.PapermillExecutionError as error:
        text = re.sub(r"\x1b\[[0-9;]*m", "", str(error.evalue)).strip()
        injected = bool(parameters)
        place = f"cell {error.cell_index + 1 - injected} (In [{error.exec_count - injected}])"
        return f"{place}: {error.ename}: {(text.splitlines() or ['no message'])[0]}"
    except StoppedNotebook as error:
        [notebook] = error.args
        number = mark_last(notebook)
        write_ipynb(notebook, str(made))
        return f"cell {number}: its kernel died; out of memory?"
    return ""


def mark_last(notebook: Any) -> int:
    """The number of the cell that was at work last, counted as in the source; it gets no count of its own."""
    cells = [c for c in notebook.cells if "injected-parameters" not in c.metadata.get("tags", [])]
    number = max((n for n, c in enumerate(cells, start=1) if c.metadata.papermill.get("start_time")), default=1)
    cells[number - 1]["execution_count"] = None  # whether the kernel had told it by then is a matter of chance
    return number


def normalise(notebook: Any, *folders: str) -> None:
    """Make a record the same wherever and whenever it is made.

    Left out are times and paths of the run, the interpreter's patch level, and how an editor shows cells; cells that
    papermill adds get fixed ids; addresses of objects and of temporary files are taken out; paths below the folders of
    the run are given relative to them.
    """
    from nbformat import from_dict

    places, added = _folder_names(folders), Counter[str]()
    notebook.metadata.get("language_info", {}).pop("version", None)
    for name in RUN:
        notebook.metadata.get("papermill", {}).pop(name, None)
    for cell in notebook.cells:
        cell.metadata = from_dict({n: v for n, v in cell.metadata.items() if n in KEPT})
        for name in (NAMED[tag] for tag in cell.metadata.get("tags", []) if tag in NAMED):
            added[name] += 1
            cell["id"] = name if added[name] == 1 else f"{name}-{added[name]}"
        if cell.cell_type == "code":
            cell.outputs = [_output(output, places) for output in _gathered(cell.outputs)]


def _gathered(outputs: Iterable[Any]) -> Iterable[Any]:
    """What the two streams received between two other outputs stands together, standard output first: an ordinary
    kernel sends both in pieces that depend on the clock.
    """
    for stream, run in groupby(outputs, lambda output: output.output_type == "stream"):
        if not stream:
            yield from run
            continue
        for _, pieces in groupby(sorted(run, key=lambda output: output.name, reverse=True), lambda output: output.name):
            first, *others = pieces
            first.text += "".join(output.text for output in others)
            yield first


def _output(output: Any, places: Mapping[str, str]) -> Any:
    if output.output_type == "stream":
        output.text = _portable(output.text, places)
    elif output.output_type == "error":
        output.evalue = _portable(output.evalue, places)
        output.traceback = [_portable(line, places) for line in output.traceback]
    elif isinstance(text := output.data.get("text/plain"), str):
        output.data["text/plain"] = _portable(text, places)
    return output


def _portable(text: str, places: Mapping[str, str]) -> str:
    text = CELL_FILE.sub("ipykernel/", text)
    for path, name in places.items():
        text = text.replace(path, name)
    return ADDRESS.sub("0x0", text)


def _folder_names(folders: Iterable[str]) -> dict[str, str]:
    """What is written instead of folders; the longest paths first, because some lie in others."""
    places = {sysconfig.get_path(name) + "/": "site-packages/" for name in ("purelib", "platlib")}
    places |= {sysconfig.get_path("stdlib") + "/": "python/", sys.prefix + "/": "environment/"}
    places |= {f"{folder.rstrip('/')}/": "" for folder in (str(PROJECT), *folders)}
    return {path: places[path] for path in sorted(places, key=len, reverse=True) if path != "/"}
