"""The notebooks read as articles: results get names first, and a cell that shows something only shows.

Held against the source of the cells; numbers and sentences are tested where they are computed.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from helpers.paths import NOTEBOOKS

SHOWING = {"say", "table", "figure", "told", "equation"}
CHAPTERS = sorted(NOTEBOOKS.glob("*.ipynb"))
LONGEST_LINE = 120
MOST_NAMES = 9  # lines of a cell that only names results, imports aside


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


def by_position(node: ast.AST) -> bool:
    """Whether a row, a column or a value of a result is read by its place: `.iloc`, `.iat`, or `["a"][0]`."""
    if isinstance(node, ast.Attribute):
        return node.attr in ("iloc", "iat")
    place = node.slice if isinstance(node, ast.Subscript) else None
    return (isinstance(place, ast.Constant) and type(place.value) is int) or isinstance(place, ast.Slice)


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
    found = [(name, ast.walk(ast.parse(source))) for name, source in cells(path, "code")]
    assert not [(name, ast.unparse(node)) for name, nodes in found for node in nodes if by_position(node)]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_functions_are_made_elsewhere(path: Path) -> None:
    made = (ast.FunctionDef, ast.Lambda, ast.ClassDef)
    found = [(name, ast.walk(ast.parse(source))) for name, source in cells(path, "code")]
    assert not [name for name, nodes in found if any(isinstance(node, made) for node in nodes)]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_what_a_cell_shows_is_its_last_line(path: Path) -> None:
    """Jupyter shows the last expression of a cell only: whatever is said before it is said to nobody."""
    parts = [(name, ast.parse(source).body[:-1]) for name, source in cells(path, "code")]
    lost = [(name, ast.unparse(part)) for name, body in parts for part in body if isinstance(part, ast.Expr)]
    assert not [(name, said) for name, said in lost if not said.startswith(("write_table(", "chapter.publish("))]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_few_names_at_a_time(path: Path) -> None:
    for name, source in cells(path, "code"):
        body = [part for part in ast.parse(source).body if not isinstance(part, ast.Import | ast.ImportFrom)]
        assert len(body) <= MOST_NAMES, name


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_lines_fit(path: Path) -> None:
    code = [(c.id, c.source) for c in nbformat.read(path, 4).cells if c.cell_type == "code"]
    assert not [(name, line) for name, source in code for line in source.splitlines() if len(line) > LONGEST_LINE]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_that_claims_says_how_sure_it_is(path: Path) -> None:
    prose = "\n".join(source for _, source in cells(path, "markdown"))
    assert "## How sure" in prose


def test_arithmetic_in_a_keyword_list_is_seen() -> None:
    assert [computes(v) for v in shown_values('say("{n} of {m}", n=a / b, m=words(c))')] == [True, False]
    assert [computes(v) for v in shown_values("chapter.table(f, formats={'x': lambda v: v})")] == [True]


def test_reading_by_place_is_seen() -> None:
    seen = {
        source: any(map(by_position, ast.walk(ast.parse(source))))
        for source in ('t["a"][0]', 't["a"]', "t.iat", "t[:2]")
    }
    assert seen == {'t["a"][0]': True, 't["a"]': False, "t.iat": True, "t[:2]": True}
