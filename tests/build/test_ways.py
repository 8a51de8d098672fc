"""Every notebook gives the same outputs by the build's way, by plain papermill and by nbconvert, from another folder."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

from helpers.build.notebooks import execute, normalise
from helpers.paths import NOTEBOOKS, PROJECT

WAYS = {
    "papermill": ["papermill", "--no-progress-bar", "{source}", "made/{name}"],
    "nbconvert": ["nbconvert", "--to", "notebook", "--execute", "{source}", "--output-dir", "made", "--log-level", "ERROR"],
}  # fmt: skip


def outputs(path: Path) -> list[tuple[str, list[Any]]]:
    """What each cell of the notebook shows, without what differs from run to run."""
    notebook = nbformat.read(path, 4)
    normalise(notebook)
    return [(cell.id, cell.get("outputs", [])) for cell in notebook.cells if cell.cell_type == "code"]


@pytest.mark.slow
@pytest.mark.parametrize("source", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_every_way_to_run_a_notebook_shows_the_same(source: Path, tmp_path: Path) -> None:
    execute(source, tmp_path / "wanted.ipynb", {})
    wanted = outputs(tmp_path / "wanted.ipynb")
    assert any(shown for _, shown in wanted)
    environment = {**os.environ, "PYTHONPATH": str(PROJECT / "src")}
    elsewhere = tmp_path / "a folder with blanks"
    for way, words in WAYS.items():
        (elsewhere / "made").mkdir(parents=True)
        argv = [word.format(source=source, name=source.name) for word in words]
        done = subprocess.run([sys.executable, "-m", *argv], cwd=elsewhere, env=environment, capture_output=True, text=True, check=False)  # fmt: skip
        assert done.returncode == 0, done.stderr
        found = outputs(elsewhere / "made" / source.name)
        for (name, one), (_, other) in zip(found, wanted, strict=True):
            assert one == other, f"{way}, cell {name}"
        assert [p.name for p in (elsewhere / "made").iterdir()] == [source.name]
        shutil.rmtree(elsewhere)
