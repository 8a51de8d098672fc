"""What a module needs is read from its sources: functions' own imports included, those for type checkers not."""

import functools
from pathlib import Path

import pytest

from helpers.build import graph
from tests.build.notebooks import OPEN, write_notebook


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of the name that the project's own has."""
    sources = {
        "__init__.py": "",
        "a.py": "import os\nimport helpers.b as other\n",
        "b.py": "def f():\n    from helpers.sub import c\n",
        "sub/__init__.py": "from helpers.sub import d as e\n",
        "sub/c.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from helpers import unseen\n\nfrom helpers.low import (\n    x,\n)\n",
        "sub/d.py": "",
        "low.py": "x = 1\n",
        "unseen.py": "",
        "broken.py": "def (",
    }
    for name, text in sources.items():
        path = tmp_path / "src" / "helpers" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.setattr(graph, "SOURCE", tmp_path / "src")
    for name in ("source_of", "imports_of", "closure", "of_notebook"):
        monkeypatch.setattr(graph, name, functools.cache(getattr(graph, name).__wrapped__))
    return tmp_path / "src" / "helpers"


def test_all_that_a_module_imports_directly_or_not(package: Path) -> None:
    needed = {"helpers", "helpers.a", "helpers.b", "helpers.sub", "helpers.sub.c", "helpers.sub.d", "helpers.low"}
    assert graph.closure("helpers.a") == needed
    assert graph.closure("helpers.low") == {"helpers", "helpers.low"}
    assert graph.closure("helpers.broken", "helpers.gone", "os") == {"helpers", "helpers.broken"}


def test_notebook_needs_what_its_cells_import(package: Path, tmp_path: Path) -> None:
    path = write_notebook(
        tmp_path / "n.ipynb", "# import helpers.a", "%matplotlib inline\nfrom helpers.low import x\n!ls"
    )
    assert graph.of_notebook(path.read_text()) == {"helpers", "helpers.low"}


def test_every_notebook_opens_its_chapter(tmp_path: Path) -> None:
    found = graph.of_notebook(write_notebook(tmp_path / "n.ipynb", OPEN).read_text())
    assert {"helpers.notebook", "helpers.report.html_tables", "helpers.parameters"} <= found
    assert "helpers.build.build" not in found
