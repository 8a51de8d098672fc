"""Notebooks as they are written: what decides over their results, and the copy that is published.

JupyterLab writes outputs, counts and its own notes into a notebook when a reader saves it. None of these count.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from helpers.errors import Problem
from helpers.files import sha256

KEPT = ("cell_type", "id", "source", "attachments")


def plain(path: Path) -> dict[str, Any]:
    """A notebook with its sources and tags only.

    Raises:
        Problem: it cannot be read.
    """
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        spec = notebook["metadata"].get("kernelspec", {})
        return {
            "cells": [_cell(cell) for cell in notebook["cells"]],
            "metadata": {"kernelspec": spec, "language_info": {"name": spec.get("language", "python")}},
            "nbformat": notebook["nbformat"],
            "nbformat_minor": notebook["nbformat_minor"],
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Problem(f"{path.name}: not a readable notebook ({error})") from error


def _cell(cell: dict[str, Any]) -> dict[str, Any]:
    tags = cell["metadata"].get("tags", [])
    kept: dict[str, Any] = {name: cell[name] for name in KEPT if name in cell}
    if isinstance(kept["source"], str):
        kept["source"] = kept["source"].splitlines(keepends=True)
    if cell["cell_type"] == "code":
        kept |= {"execution_count": None, "outputs": []}
    return {**kept, "metadata": {"tags": tags} if tags else {}}


def published(path: Path) -> bytes:
    """The copy for the report, never with a reader's outputs: that of a notebook as it is committed is its equal."""
    return (json.dumps(plain(path), indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def digest(path: Path) -> str:
    """What a notebook's result depends on: sources, types and tags of its cells."""
    cells = [[cell["cell_type"], "".join(cell["source"]), cell["metadata"]] for cell in plain(path)["cells"]]
    return sha256(json.dumps(cells).encode())
