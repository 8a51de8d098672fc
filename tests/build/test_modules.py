"""What a module needs is read from its sources: functions' own imports included, those for type checkers not."""

import functools
from pathlib import Path

import pytest

from helpers.build import modules
from tests.build.notebooks import OPEN, write_notebook


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of the name that the project's own has."""
    sources = {
        "__init__.py": "",
        "a.py": "import os\nimport helpers.b as other\n",
        "b.py": "def f():\n    from helpers.sub import c\n",
        "sub/__init__.py": "from . import d\n",
        "sub/c.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from helpers import unseen\nfrom ..low import x\n",
        "sub/d.py": "",
        "low.py": "x = 1\n",
        "unseen.py": "",
        "broken.py": "def (",
    }
    for name, text in sources.items():
        path = tmp_path / "src" / "helpers" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.setattr(modules, "SOURCE", tmp_path / "src")
    for name in ("source_of", "named_source"):
        monkeypatch.setattr(modules, name, functools.cache(getattr(modules, name).__wrapped__))
    return tmp_path / "src" / "helpers"


def test_all_that_a_module_imports_directly_or_not(package: Path) -> None:
    needed = {"helpers", "helpers.a", "helpers.b", "helpers.sub", "helpers.sub.c", "helpers.sub.d", "helpers.low"}
    assert modules.closure(["helpers.a"]) == needed
    assert modules.closure(["helpers.low"]) == {"helpers", "helpers.low"}
    assert modules.closure(["helpers.broken", "helpers.gone", "os"]) == {"helpers", "helpers.broken"}


def test_changed_source_is_read_anew(package: Path) -> None:
    assert "helpers.low" not in modules.closure(["helpers.sub.d"])
    (package / "sub" / "d.py").write_text("import helpers.low\n")
    assert "helpers.low" in modules.closure(["helpers.sub.d"])


def test_notebook_needs_what_its_cells_import(package: Path, tmp_path: Path) -> None:
    path = write_notebook(
        tmp_path / "n.ipynb", "# import helpers.a", "%matplotlib inline\nfrom helpers.low import x\n!ls"
    )
    assert modules.of_notebook(path) == {"helpers", "helpers.low"}


def test_sources_have_the_names_of_the_manifest(package: Path) -> None:
    assert modules.named_source("helpers.sub")[0] == "src/helpers/sub/__init__.py"


def test_every_notebook_opens_its_chapter(tmp_path: Path) -> None:
    found = modules.of_notebook(write_notebook(tmp_path / "n.ipynb", OPEN))
    assert {"helpers.notebook", "helpers.report.html_tables", "helpers.parameters"} <= found
    assert "helpers.build.build" not in found


def test_what_was_read_is_remembered_and_damage_forgotten(package: Path, tmp_path: Path) -> None:
    needed = modules.closure(["helpers.a"])
    modules.remember(tmp_path / "memory.json")
    for text in ((tmp_path / "memory.json").read_text(), "{", "[7]", '{"a": 1}'):
        (tmp_path / "memory.json").write_text(text)
        modules.recall(tmp_path / "memory.json")
        assert modules.closure(["helpers.a"]) == needed
