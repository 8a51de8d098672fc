"""Which modules of the package a notebook or a function needs, read from its import statements."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from helpers.build.project import SOURCE
from helpers.build.signatures import Signature, signature

PACKAGE = "helpers"


def of_notebook(notebook: Path) -> set[str]:
    """Modules that a notebook's code cells import, and all that these import in turn."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    found: set[str] = set()
    for cell in cells:
        if cell["cell_type"] == "code":
            lines = "".join(cell["source"]).splitlines()
            found |= _imported(_parsed("\n".join("" if line.lstrip()[:1] in "%!" else line for line in lines)), "")
    return closure(found)


def closure(modules: Iterable[str]) -> set[str]:
    """These modules, the packages they lie in, and all of the package that they import, within functions too."""
    found: set[str] = set()
    waiting = list(modules)
    while waiting:
        module = waiting.pop()
        if module in found or not (path := source_of(module)):
            continue
        found.add(module)
        waiting += [module.rpartition(".")[0], *imports_of(path, module, signature(path))]
    return found


def source_of(module: str) -> Path | None:
    """The file of a module or package."""
    stem = SOURCE.joinpath(*module.split(".")) if module else SOURCE / "none"
    return next((path for path in (stem / "__init__.py", stem.with_suffix(".py")) if path.is_file()), None)


def name_of(path: Path) -> str:
    """How the manifest calls a module's file."""
    return path.relative_to(SOURCE.parent).as_posix()


@cache
def imports_of(path: Path, module: str, state: Signature | None) -> frozenset[str]:
    """Modules of the package that a source file, in this state, imports itself."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    return frozenset(_imported(_parsed(path.read_text(encoding="utf-8")), package))


def _parsed(source: str) -> ast.Module:
    try:
        return ast.parse(source)
    except SyntaxError:  # running it tells where
        return ast.Module([], [])


def _imported(tree: ast.Module, package: str) -> set[str]:
    found: set[str] = set()
    for node in _executed(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            found |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    return {name for name in found if name.split(".")[0] == PACKAGE and source_of(name)}


def _executed(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those that only type checkers see."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        yield child
        yield from _executed(child)
