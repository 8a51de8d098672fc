"""Which sources of the package a notebook or a function needs, read from import statements, once for the process."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from helpers.build.project import SOURCE

FOR_TYPE_CHECKERS = re.compile(r"^if TYPE_CHECKING:\n(?:[ \t].*\n|\n)+", re.M)
IMPORT = re.compile(r"^\s*(?:from (helpers[\w.]*) import (\([^)]*\)|.*)|import (helpers[\w.]*))", re.M)


def of_notebook(cells: str) -> set[str]:
    """Modules that the code cells of a notebook's JSON import, and all that these import in turn."""
    code = ("".join(c["source"]) for c in json.loads(cells)["cells"] if c["cell_type"] == "code")
    return closure(imported("\n".join(code)))


def closure(modules: Iterable[str]) -> set[str]:
    """These modules, the packages they lie in, and all of the package that they import, within functions too."""
    found: set[str] = set()
    waiting = list(modules)
    while waiting:
        module = waiting.pop()
        if module not in found and source_of(module):
            found.add(module)
            waiting += [module.rpartition(".")[0], *imports_of(module)]
    return found


@cache
def source_of(module: str) -> tuple[str, str] | None:
    """The file of a module of the package, or of a package: its name in the manifest, its path."""
    stem = SOURCE.joinpath(*module.split("."))
    found = next((path for path in (stem / "__init__.py", stem.with_suffix(".py")) if path.is_file()), None)
    return (found.relative_to(SOURCE.parent).as_posix(), str(found)) if found else None


def sources(modules: Iterable[str]) -> dict[str, str]:
    """Name to path of the files of modules."""
    return dict(found for module in sorted(modules) if (found := source_of(module)))


@cache
def imports_of(module: str) -> set[str]:
    """What a module imports of the package."""
    found = source_of(module)
    return imported(Path(found[1]).read_text(encoding="utf-8")) if found else set()


def imported(source: str) -> set[str]:
    """Names of the package that a source text imports: modules, and what may be modules."""
    found: set[str] = set()
    for package, names, module in IMPORT.findall(FOR_TYPE_CHECKERS.sub("", source)):
        inside = re.findall(r"(\w+)(?: as \w+)?", names)
        found |= {package or module, *(f"{package}.{name}" for name in inside if package)}
    return found
