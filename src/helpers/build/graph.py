"""Which steps must run, and why: what each is made from, compared with what its results were made from."""

import json
import os
import platform
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from helpers.build.project import SOURCE, Project, Results, file_sha256
from helpers.build.steps import Step
from helpers.files import sha256

CELL_PARTS = ("id", "cell_type", "source", "attachments")  # all that decides over a record, besides tags
OF_A_RUN = ("language_info", "widgets")  # metadata of a notebook
LOCK = "requirements.lock"
# What executes notebooks has a say in every result.
MACHINERY = ("helpers.build.running",)
FOR_TYPE_CHECKERS = re.compile(r"^if TYPE_CHECKING:\n(?:[ \t].*\n|\n)+", re.M)
IMPORT = re.compile(r"^\s*(?:from (helpers[\w.]*) import (\([^)]*\)|.*)|import (helpers[\w.]*))", re.M)


class Graph:
    """The steps of one build, none of which may need one another in a circle. Files are read once, when it begins."""

    def __init__(self, project: Project, steps: Sequence[Step]):
        self.project = project
        self.steps = {step.name: step for step in steps}
        self.order = list(TopologicalSorter({step.name: step.needs for step in steps}).static_order())
        self.results = Results(project)
        self.environment = circumstances()
        self.inputs = {step.name: self._inputs(step) for step in steps}
        paths = {path for inputs in self.inputs.values() for path in inputs.values()}
        self._before = {path: changed_at(path) for path in paths}
        self.hashes = {path: file_sha256(path) for path in paths}
        self._contents = self.hashes | {path: content_sha256(path) for path in paths if path.endswith(".ipynb")}

    def _inputs(self, step: Step) -> dict[str, str]:
        """Files that a step may read, without those of other steps: name in the manifest to path."""
        path, given = self.project.root / step.action, {}
        if step.is_notebook:
            given[step.action] = str(path)
            loaded = of_notebook(path.read_text(encoding="utf-8")) | closure(*MACHINERY)
        else:
            loaded = closure(step.action.partition(":")[0])
        for parameter, place in step.given.items():
            given |= below(place, parameter)
        return self._common | source_files(loaded) | given

    @cached_property
    def _common(self) -> dict[str, str]:
        """What every step may read: raw tables, the package's templates and catalogues, the lock."""
        places = {name: str(path) for name, path in self.project.raw.items()}
        places |= {"src/helpers": str(SOURCE / "helpers"), LOCK: str(self.project.root / LOCK)}
        files = {name: path for top, place in places.items() for name, path in below(place, top).items()}
        return {name: path for name, path in files.items() if not name.endswith(".py")}

    def made_from(self, step: Step) -> dict[str, Any]:
        """All that decides over a step's results; JSON types only."""
        inputs = {name: self._contents[path] for name, path in self.inputs[step.name].items()}
        results = {f"the result of {n}": sha256(json.dumps(self.results.hashes(n)).encode()) for n in step.needs}
        values = dict(json.loads(json.dumps(step.values)))
        files = {**inputs, **results}
        return {"runs": step.action, "values": values, "environment": self.environment, "files": files}

    def behind(self) -> dict[str, int]:
        """How many steps stand in the longest chain of those that need a step, by its name."""
        chain = dict.fromkeys(self.order, 0)
        for name in reversed(self.order):
            for need in self.steps[name].needs:
                chain[need] = max(chain[need], chain[name] + 1)
        return chain

    def is_planned(self, step: Step) -> bool:
        """Whether a step's results were made from what they would be made from now."""
        return bool(self.results.record(step.name)["from"] == self.made_from(step))

    def changed_since(self, step: Step) -> list[str]:
        """Inputs of a step that are not as they were when the build began."""
        return [name for name, path in self.inputs[step.name].items() if changed_at(path) != self._before[path]]


def content_sha256(notebook: str) -> str:
    """The hash of a notebook without its outputs and whatever else JupyterLab saves of a run."""
    try:
        content = json.loads(Path(notebook).read_bytes())
        cells = [[c.get(part) for part in CELL_PARTS] + [c["metadata"].get("tags")] for c in content["cells"]]
        about = {name: value for name, value in content["metadata"].items() if name not in OF_A_RUN}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return file_sha256(notebook)
    return sha256(json.dumps([cells, about]).encode())


def changed_at(path: str) -> tuple[int, int]:
    """When a file was last changed; the second of the two times cannot be set by `touch` or `cp -p`."""
    found = os.stat(path) if os.path.exists(path) else None
    return (found.st_mtime_ns, found.st_ctime_ns) if found else (0, 0)


def below(place: str, top: str) -> dict[str, str]:
    """Files of a folder by their names below `top`, hidden ones and compiled modules left out; a file is `top` itself."""
    if os.path.isfile(place):
        return {top: place}
    inside = sorted(os.listdir(place)) if os.path.isdir(place) else []
    kept = (name for name in inside if not name.startswith((".", "__pycache__")))
    return {file: path for name in kept for file, path in below(f"{place}/{name}", f"{top}/{name}").items()}


def circumstances() -> dict[str, str]:
    """What beside files decides over results: interpreter, platform, names and versions of installed packages."""
    folders = [folder for folder in sys.path if folder.endswith("-packages") and os.path.isdir(folder)]
    packages = sorted(name for folder in folders for name in os.listdir(folder) if name.endswith(".dist-info"))
    return {
        "Python": f"{sys.implementation.name} {'.'.join(map(str, sys.version_info[:3]))}",
        "platform": f"{sys.platform} {platform.machine()}".strip(),
        "packages": sha256("\n".join(packages).encode())[:16],
    }


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """One phrase for each parameter, file and circumstance that differs between what two results are made from."""
    if old["runs"] != new["runs"]:
        yield f"it runs {new['runs']} now"
    for name in sorted({*old["values"], *new["values"]}):
        was, now = (made["values"].get(name, "not given") for made in (old, new))
        if was != now:
            yield f"{name}: {was!r} -> {now!r}"
    for name, now in new["environment"].items():
        if (was := old["environment"].get(name)) != now:
            yield "packages changed" if name == "packages" else f"{name}: {was} -> {now}"
    before, after = old["files"], new["files"]
    for name in sorted({*before, *after}, key=lambda name: (name in before, name not in after, name)):
        if before.get(name) != after.get(name):
            yield f"{name} {'is new' if name not in before else 'changed' if name in after else 'is gone'}"


@cache
def of_notebook(cells: str) -> set[str]:
    """Modules that the code cells of a notebook's JSON import, and all that these import in turn."""
    code = ("".join(c["source"]) for c in json.loads(cells)["cells"] if c["cell_type"] == "code")
    return closure(*imported("\n".join(code)))


@cache
def closure(*modules: str) -> set[str]:
    """These modules, the packages they lie in, and all of the package that their sources import, in functions too."""
    found: set[str] = set()
    waiting = list(modules)
    while waiting:
        module = waiting.pop()
        if module not in found and (source := source_of(module)):
            found.add(module)
            waiting += [module.rpartition(".")[0], *imports_of(source[1])]
    return found


@cache
def source_of(module: str) -> tuple[str, str] | None:
    """The file of a module of the package, or of a package: its name in the manifest, its path."""
    stem = SOURCE.joinpath(*module.split("."))
    found = next((path for path in (stem / "__init__.py", stem.with_suffix(".py")) if path.is_file()), None)
    return (found.relative_to(SOURCE.parent).as_posix(), str(found)) if found else None


def source_files(modules: Iterable[str]) -> dict[str, str]:
    """Name to path of the files of modules."""
    return dict(filter(None, map(source_of, sorted(modules))))


@cache
def imports_of(path: str) -> set[str]:
    """What a module of the package, by its file, imports of it."""
    return imported(Path(path).read_text(encoding="utf-8"))


def imported(source: str) -> set[str]:
    """Names of the package that a source text imports: modules, and what may be modules."""
    found: set[str] = set()
    for package, names, module in IMPORT.findall(FOR_TYPE_CHECKERS.sub("", source)):
        inside = re.findall(r"(\w+)(?: as \w+)?", names)
        found |= {package or module, *(f"{package}.{name}" for name in inside if package)}
    return found
