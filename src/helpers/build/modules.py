"""Which modules of the package a notebook or a function needs, read from its import statements."""

from __future__ import annotations

import ast
import json
import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from helpers.build.notebook_sources import plain
from helpers.build.project import SOURCE

PACKAGE = "helpers"
_known: dict[str, tuple[list[int], list[str]]] = {}  # by source file: its state, and what it imports


def recall(memory: Path) -> None:
    """Take over what an earlier process has read; parsing all sources takes a second."""
    source_of.cache_clear()
    named_source.cache_clear()
    try:
        stored = json.loads(memory.read_bytes())
        _known.update({path: (list(state), list(names)) for path, (state, names) in stored.items()})
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        pass


def remember(memory: Path) -> None:
    """Keep what has been read for the next process."""
    content = json.dumps(_known).encode()
    if not memory.exists() or memory.read_bytes() != content:
        memory.with_suffix(".new").write_bytes(content)
        os.replace(memory.with_suffix(".new"), memory)


def of_notebook(notebook: Path) -> set[str]:
    """Modules that a notebook's code cells import, and all that these import in turn."""
    found: set[str] = set()
    for cell in plain(notebook)["cells"]:
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
        waiting += [module.rpartition(".")[0], *imports_of(path, module)]
    return found


@cache
def source_of(module: str) -> Path | None:
    """The file of a module of the package, or of a package."""
    if module.split(".")[0] != PACKAGE:
        return None
    stem = SOURCE.joinpath(*module.split("."))
    return next((path for path in (stem / "__init__.py", stem.with_suffix(".py")) if path.is_file()), None)


@cache
def named_source(module: str) -> tuple[str, str]:
    """How the manifest calls a module's file, and where it lies.

    Raises:
        KeyError: the package has no such module.
    """
    path = source_of(module)
    if path is None:
        raise KeyError(module)
    return path.relative_to(SOURCE.parent).as_posix(), str(path)


def imports_of(path: Path, module: str) -> list[str]:
    """Names that a source file, as it is now, imports itself: modules, and what may be modules."""
    found = os.stat(path)
    state = [found.st_size, found.st_mtime_ns, found.st_ctime_ns]
    known = _known.get(str(path))
    if not known or known[0] != state:
        package = module if path.name == "__init__.py" else module.rpartition(".")[0]
        known = state, sorted(_imported(_parsed(path.read_text(encoding="utf-8")), package))
        _known[str(path)] = known
    return known[1]


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
    return {name for name in found if name.split(".")[0] == PACKAGE}


def _executed(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those that only type checkers see."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        yield child
        yield from _executed(child)
