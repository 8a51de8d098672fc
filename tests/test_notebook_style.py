"""The notebooks read as articles: results get names first, and a cell that shows something only shows.

Held against the source of the cells; numbers and sentences are tested where they are computed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from helpers.paths import NOTEBOOKS

SHOWING = {"say", "table", "figure", "told", "equation"}
CLAIMING = ("00", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "13")
OPEN = {"06_scenario", "07_accuracy", "10_sweep", "12_compare"}  # not yet written so
CHAPTERS = sorted(path for path in NOTEBOOKS.glob("*.ipynb") if path.stem not in OPEN)
LONGEST_LINE = 120


def cells(path: Path, kind: str) -> list[tuple[str, str]]:
    """Id and source of the cells of one kind, without the parameters."""
    found = nbformat.read(path, 4).cells
    return [(c.id, c.source) for c in found if c.cell_type == kind and "parameters" not in c.metadata.get("tags", [])]


def shown_values(source: str) -> Iterator[ast.expr]:
    """What stands in the keyword list of a call that shows something."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            yield from (keyword.value for keyword in node.keywords if name in SHOWING)


def computes(value: ast.expr) -> bool:
    """Whether arithmetic is done in an expression."""
    return any(isinstance(node, ast.BinOp | ast.Lambda | ast.comprehension) for node in ast.walk(value))


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_cells_that_show_only_show(path: Path) -> None:
    found = [
        (name, ast.unparse(v)) for name, source in cells(path, "code") for v in shown_values(source) if computes(v)
    ]
    assert not found


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_rows_are_read_by_key(path: Path) -> None:
    assert not [name for name, source in cells(path, "code") if ".iloc[" in source or "lambda" in source]


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_lines_fit(path: Path) -> None:
    code = cells(path, "code")
    assert not [(name, line) for name, source in code for line in source.splitlines() if len(line) > LONGEST_LINE]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_that_claims_says_how_sure_it_is(path: Path) -> None:
    prose = "\n".join(source for _, source in cells(path, "markdown"))
    assert "## How sure" in prose or not path.stem.startswith(CLAIMING)


def test_arithmetic_in_a_keyword_list_is_seen() -> None:
    assert [computes(v) for v in shown_values('say("{n} of {m}", n=a / b, m=words(c))')] == [True, False]
    assert [computes(v) for v in shown_values("chapter.table(f, formats={'x': lambda v: v})")] == [True]
