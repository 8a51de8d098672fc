"""Which modules of the package a notebook or a function needs, read from its import statements.

What is read once counts for the whole process, as with Python's own imports.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from helpers.build.project import SOURCE

FOR_TYPE_CHECKERS = re.compile(r"^if TYPE_CHECKING:\n(?:[ \t].*\n|\n)+", re.M)
IMPORT = re.compile(r"^\s*(?:from (helpers[\w.]*) import (\([^)]*\)|.*)|import (helpers[\w.]*))", re.M)


def of_notebook(notebook: Path) -> set[str]:
    """Modules that a notebook's code cells import, and all that these import in turn."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return closure(imported("\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")))


def closure(modules: Iterable[str]) -> set[str]:
    """These modules, the packages they lie in, and all of the package that they import, within functions too."""
    found: set[str] = set()
    waiting = list(modules)
    while waiting:
        module = waiting.pop()
        if module not in found and (path := source_of(module)):
            found.add(module)
            waiting += [module.rpartition(".")[0], *imports_of(path)]
    return found


@cache
def source_of(module: str) -> Path | None:
    """The file of a module of the package, or of a package."""
    stem = SOURCE.joinpath(*module.split("."))
    return next((path for path in (stem / "__init__.py", stem.with_suffix(".py")) if path.is_file()), None)


@cache
def imports_of(path: Path) -> set[str]:
    """What a source file imports of the package."""
    return imported(path.read_text(encoding="utf-8"))


def imported(source: str) -> set[str]:
    """Names of the package that a source text imports: modules, and what may be modules."""
    found: set[str] = set()
    for package, names, module in IMPORT.findall(FOR_TYPE_CHECKERS.sub("", source)):
        inside = re.findall(r"(\w+)(?: as \w+)?", names)
        found |= {package or module, *(f"{package}.{name}" for name in inside if package)}
    return found
