"""Dependencies point one way, and no two modules need each other."""

import ast
from graphlib import TopologicalSorter
from itertools import combinations
from pathlib import Path

import pytest

from helpers.paths import PROJECT

SOURCES = PROJECT / "src" / "helpers"
LAYERS = ("formulas", "timing", "reader", "ledger", "scenarios", "chapters", "report", "notebook", "build", "commands")
SHARED = {
    "errors",
    "paths",
    "language",
    "numbers",
    "constants",
    "files",
    "rows",
    "structured",
    "written_numbers",
    "versions",
    "__init__",
    "__main__",
}


def layer(module: str) -> str:
    """The folder of a module of the package, or its own name where it stands alone."""
    name = module.split(".")[1] if "." in module else "__init__"
    return "notebook" if name == "parameters" else name  # what every notebook is checked by


def imported(path: Path) -> set[str]:
    """Modules of the package that a file imports, at the top or inside a function."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.startswith("helpers.")}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "helpers":
            inside = {f"{node.module}.{alias.name}" for alias in node.names}
            known = {name for name in inside if name in FILES}
            found |= known or {str(node.module)}
    return found


def name_of(path: Path) -> str:
    parts = path.relative_to(SOURCES.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {name_of(path): path for path in sorted(SOURCES.rglob("*.py"))}
IMPORTS = {name: imported(path) - {name} for name, path in FILES.items()}


def test_every_folder_and_module_has_its_layer():
    assert {layer(name) for name in FILES} <= {*LAYERS, *SHARED}


@pytest.mark.parametrize(("lower", "upper"), list(combinations(LAYERS, 2)))
def test_lower_layer_does_not_import_an_upper_one(lower: str, upper: str) -> None:
    guilty = {n: sorted(i for i in IMPORTS[n] if layer(i) == upper) for n in FILES if layer(n) == lower}
    assert not {name: found for name, found in guilty.items() if found}


def test_what_all_share_imports_no_layer() -> None:
    shared = [name for name in FILES if layer(name) in SHARED - {"__init__", "__main__"}]
    assert not {name: IMPORTS[name] for name in shared if any(layer(i) in LAYERS for i in IMPORTS[name])}


def test_no_circle_of_imports() -> None:
    TopologicalSorter({n: i & FILES.keys() for n, i in IMPORTS.items()}).prepare()  # raises CycleError


def test_a_circle_is_found() -> None:
    with pytest.raises(ValueError, match="cycle"):
        TopologicalSorter({"a": {"b"}, "b": {"a"}}).prepare()


def test_no_file_and_no_class_name_stands_twice() -> None:
    files, classes = [p.name for p in FILES.values() if p.name != "__init__.py"], []
    for path in FILES.values():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        classes += [node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    for names in (files, classes):
        assert sorted({name for name in names if names.count(name) > 1}) == []


def test_functions_and_parameter_lists_are_short() -> None:
    long = []
    for name, path in FILES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                lines, given = (node.end_lineno or 0) - node.lineno + 1, node.args
                words = [
                    a for a in (*given.posonlyargs, *given.args, *given.kwonlyargs) if a.arg not in ("self", "cls")
                ]
                long += [f"{name}.{node.name}"] if lines > 40 or len(words) > 7 else []
    assert long == []
