"""Relative paths given as parameters are those of the caller, in every way to run a notebook."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from helpers.build.steps import from_here
from helpers.paths import NOTEBOOKS, PROJECT

NOTEBOOK = str(NOTEBOOKS / "12_compare.ipynb")
PARAMETERS = ["-p", "scenarios", "a.toml mine/b.toml", "-p", "out_dir", "made"]
WAYS = {
    "helpers run": [sys.executable, "-m", "helpers", "run", NOTEBOOK, "out.ipynb"],
    "papermill": [sys.executable, "-m", "papermill", "--no-progress-bar", NOTEBOOK, "out.ipynb"],
    "papermill, forked": [sys.executable, "-m", "papermill", "--engine", "forked", NOTEBOOK, "out.ipynb"],
}


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_a_caller_elsewhere(way: str, tmp_path: Path) -> None:
    place = tmp_path / "a folder with blanks"
    (place / "mine").mkdir(parents=True)
    for name, count in (("a.toml", 8), ("mine/b.toml", 16)):
        (place / name).write_text(f'params = 1e9\ntokens = 2e10\naccelerator = "A100"\ncount = {count}\n')
    environment = {**os.environ, "PYTHONPATH": str(PROJECT / "src")}
    done = subprocess.run(
        [*WAYS[way], *PARAMETERS], cwd=place, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert {path.name for path in (place / "made").iterdir()} == {"compare-table.csv", "compare-chart.csv"}
    assert (place / "made" / "compare-table.csv").read_text().splitlines()[0] == "figure,a,b"


def test_places_of_a_build_are_seen_from_the_caller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.toml").touch()
    values = {"scenario": "mine.toml", "texts_dir": "texts", "out_dir": "", "title": "none.toml", "count": 3.0}
    wanted = {**values, "scenario": str(tmp_path / "mine.toml"), "texts_dir": str(tmp_path / "texts")}
    assert from_here(values) == wanted


@pytest.mark.slow
def test_the_hook_takes_outputs_out_and_nothing_else(tmp_path: Path) -> None:
    """What Lab saved becomes the committed notebook again, to the byte; a committed one stays as it is."""
    [entry] = re.findall(
        r"entry: \.venv/bin/(jupyter nbconvert[^,]*),", (PROJECT / ".pre-commit-config.yaml").read_text()
    )
    source = NOTEBOOKS / "12_compare.ipynb"
    notebook = nbformat.read(source, 4)
    code = next(cell for cell in notebook.cells if cell.cell_type == "code")
    code["execution_count"], code["outputs"] = 3, [nbformat.v4.new_output("stream", text="said\n")]
    nbformat.write(notebook, tmp_path / "run.ipynb")
    shutil.copy(source, tmp_path / "committed.ipynb")
    command = [sys.executable, "-m", *entry.split(), "run.ipynb", "committed.ipynb"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    for name in ("run.ipynb", "committed.ipynb"):
        assert (tmp_path / name).read_bytes() == source.read_bytes(), name
    assert json.loads(source.read_text())["cells"]
