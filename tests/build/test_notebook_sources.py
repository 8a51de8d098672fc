"""A notebook counts by its sources and tags: what a reader's JupyterLab leaves in it runs nothing and is not published."""

import json
from pathlib import Path

import nbformat
import pytest

from helpers.build.notebook_sources import digest, published
from helpers.errors import Problem
from helpers.paths import NOTEBOOKS
from tests.build.notebooks import write_notebook


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_copy_of_a_committed_notebook_is_its_equal(path: Path) -> None:
    assert published(path) == path.read_bytes()


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    return write_notebook(tmp_path / "n.ipynb", "# A", "print(1)")


def test_outputs_counts_and_notes_of_an_editor_do_not_count(notebook: Path) -> None:
    before = digest(notebook), published(notebook)
    saved = nbformat.read(notebook, 4)
    saved.cells[-1].outputs = [nbformat.v4.new_output("stream", text="1\n")]
    saved.cells[-1].execution_count = 7
    saved.cells[-1].metadata["collapsed"] = True
    saved.metadata["language_info"] = {"name": "python", "version": "3.11.7"}
    notebook.write_text(json.dumps(saved), encoding="utf-8")
    assert (digest(notebook), published(notebook)) == before


def test_sources_and_tags_count(notebook: Path) -> None:
    before = digest(notebook)
    other = nbformat.read(notebook, 4)
    other.cells[-1].metadata["tags"] = ["raises-exception"]
    nbformat.write(other, notebook)
    tagged = digest(notebook)
    write_notebook(notebook, "# A", "print(2)")
    assert len({before, tagged, digest(notebook)}) == 3


@pytest.mark.parametrize(
    "text", ["", "[]", '{"metadata": null, "cells": []}', '{"cells": [{}], "metadata": {}}', "[" * 99_999]
)
def test_file_that_is_no_notebook_is_one_line(text: str, tmp_path: Path) -> None:
    (tmp_path / "n.ipynb").write_text(text)
    with pytest.raises(Problem, match=r"n\.ipynb: not a readable notebook"):
        digest(tmp_path / "n.ipynb")
