"""The record of an executed notebook without what differs from one run to the next; the source without outputs."""

from __future__ import annotations

import json
import re
import sys
import sysconfig
import tempfile
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import nbformat

from helpers.files import write_whole
from helpers.paths import PROJECT

CELL_FILE = re.compile(re.escape(tempfile.gettempdir()) + r"[\\/]ipykernel_\d+[\\/]")  # ipykernel's names of cells
ADDRESS = re.compile(r"\b0x[0-9a-f]{6,16}\b(?=[>)\s]|$)")
RUN = ("start_time", "end_time", "duration", "input_path", "output_path")  # papermill's, of one run
KEPT = ("tags", "anchors")  # of what cells carry: an editor adds more
NAMED = {"injected-parameters": "parameters-given", "papermill-error-cell-tag": "failure"}


def record(made: Path, target: Path, *folders: str) -> None:
    """Write what papermill has made to `target`, whole, without what differs from run to run."""
    notebook = nbformat.read(made, 4)
    normalise(notebook, *folders)
    notebook.metadata.get("language_info", {}).pop("version", None)  # the interpreter's patch level
    write_whole(target, (json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode())


def normalise(notebook: Any, *folders: str) -> None:
    """Make a record the same wherever and whenever it is made.

    Left out are times and paths of the run, and how an editor shows cells; cells that papermill adds get fixed ids; text that the two streams
    received between two other outputs stands together, standard output first, because an ordinary kernel sends
    both in pieces that depend on the clock; addresses of objects and of temporary files are taken out.

    Args:
        folders: folders of the run; paths below them are given relative to them.
    """
    places = _places(folders)
    for name in RUN:
        notebook.metadata.get("papermill", {}).pop(name, None)
    added: dict[str, int] = {}
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({n: v for n, v in cell.metadata.items() if n in KEPT})
        for tag, name in NAMED.items():
            if tag in cell.metadata.get("tags", []):
                added[name] = added.get(name, 0) + 1
                cell["id"] = name if added[name] == 1 else f"{name}-{added[name]}"
        if cell.cell_type == "code":
            cell.outputs = [_output(output, places) for output in _gathered(cell.outputs)]


def _gathered(outputs: Iterable[Any]) -> Iterable[Any]:
    """Each stream once between two other outputs."""
    for stream, run in groupby(outputs, lambda output: output.output_type == "stream"):
        if not stream:
            yield from run
            continue
        first: dict[str, Any] = {}
        for output in run:
            if output.name in first:
                first[output.name].text += output.text
            else:
                first[output.name] = output
        yield from (first[name] for name in sorted(first, reverse=True))


def _output(output: Any, places: Mapping[str, str]) -> Any:
    if output.output_type == "stream":
        output.text = _plain(output.text, places)
    elif output.output_type == "error":
        output.evalue = _plain(output.evalue, places)
        output.traceback = [_plain(line, places) for line in output.traceback]
    elif isinstance(text := output.data.get("text/plain"), str):
        output.data["text/plain"] = _plain(text, places)
    return output


def _plain(text: str, places: Mapping[str, str]) -> str:
    text = CELL_FILE.sub("ipykernel/", text)
    for path, name in places.items():
        text = text.replace(path, name)
    return ADDRESS.sub("0x0", text)


def _places(folders: Iterable[str]) -> dict[str, str]:
    """What is written instead of folders; the longest paths first, because some lie in others."""
    places = {sysconfig.get_path(name) + "/": "site-packages/" for name in ("purelib", "platlib")}
    places |= {sysconfig.get_path("stdlib") + "/": "python/", sys.prefix + "/": "environment/"}
    places |= {f"{folder.rstrip('/')}/": "" for folder in (str(PROJECT), *folders)}
    return {path: places[path] for path in sorted(places, key=len, reverse=True) if path != "/"}
