"""Which steps must run, and why: what each is made from, compared with what its results were made from."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from helpers.build import modules
from helpers.build.project import SOURCE, Project, Results, file_sha256
from helpers.build.stages import Step
from helpers.files import sha256

CELL_PARTS = ("id", "cell_type", "source", "attachments")  # all that decides over a record, besides tags
OF_A_RUN = ("language_info", "widgets")  # metadata of a notebook
# What executes notebooks has a say in every result.
MACHINERY = ("helpers.build.running",)


class Graph:
    """The steps of one build. Files are read once, when it begins.

    Args:
        given: files and folders outside the project that parameters name, by parameter.

    Raises:
        graphlib.CycleError: steps need one another in a circle.
    """

    def __init__(self, project: Project, steps: Sequence[Step], given: Mapping[str, str]):
        self.project = project
        self.given = given
        self.steps = {step.name: step for step in steps}
        self.order = list(TopologicalSorter({step.name: step.needs for step in steps}).static_order())
        self.results = Results(project)
        self.environment = environment()
        self.inputs = {step.name: self._inputs(step) for step in steps}
        paths = {path for inputs in self.inputs.values() for path in inputs.values()}
        self._before = {path: changed_at(path) for path in paths}
        self.hashes = {path: file_sha256(path) for path in paths}
        self._contents = self.hashes | {path: content_sha256(path) for path in paths if path.endswith(".ipynb")}

    def _inputs(self, step: Step) -> dict[str, str]:
        """Files that a step may read, without those of other steps: name in the manifest to path."""
        found = dict(self._common)
        if step.is_notebook:
            path = self.project.root / step.action
            loaded = modules.of_notebook(path.read_text(encoding="utf-8")) | modules.closure(MACHINERY)
            found[step.action] = str(path)
        else:
            loaded = modules.closure([step.action.partition(":")[0]])
        found |= modules.sources(loaded)
        for parameter, place in self.given_to(step).items():
            found |= {f"{parameter}{name}": path for name, path in below(place).items()}
        return found

    def given_to(self, step: Step) -> dict[str, str]:
        """Files and folders outside the project that a step's parameters name, by parameter."""
        values = {name: value for name, value in step.values.items() if name in self.given and isinstance(value, str)}
        return {name: self.given[name] for name in values if os.path.abspath(values[name]) == self.given[name]}

    @cached_property
    def _common(self) -> dict[str, str]:
        """What every step may read: raw tables, the package's templates and catalogues, the lock."""
        data = {f"{top}{name}": p for top, path in self.project.raw.items() for name, p in below(str(path)).items()}
        package = {f"src/helpers{name}": path for name, path in below(str(SOURCE / "helpers")).items()}
        lock = {f"requirements.lock{name}": p for name, p in below(f"{self.project.root}/requirements.lock").items()}
        return {name: path for name, path in {**data, **package, **lock}.items() if not name.endswith(".py")}

    def made_from(self, step: Step) -> dict[str, Any]:
        """All that decides over a step's results; JSON types only."""
        inputs = {name: self._contents[path] for name, path in self.inputs[step.name].items()}
        results = {f"the result of {n}": sha256(json.dumps(self.results.hashes(n)).encode()) for n in step.needs}
        values = dict(json.loads(json.dumps(step.values)))
        files = {**inputs, **results}
        return {"runs": step.action, "values": values, "environment": self.environment, "files": files}

    def is_planned(self, step: Step) -> bool:
        """Whether a step's results were made from what they would be made from now."""
        return bool(self.results.record(step.name)["from"] == self.made_from(step))

    def is_up_to_date(self, step: Step) -> bool:
        """Whether a step need not run: its results are those that it would make, and whole."""
        return self.is_planned(step) and not self.results.altered(step.name)

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
    try:
        found = os.stat(path)
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_ctime_ns


def below(place: str) -> dict[str, str]:
    """Files of a folder by what follows its name, hidden ones and compiled modules left out; a file is its own."""
    if os.path.isfile(place):
        return {"": place}
    found: dict[str, str] = {}
    for entry in os.scandir(place) if os.path.isdir(place) else ():
        if not entry.name.startswith((".", "__pycache__")):
            found |= {f"/{entry.name}{name}": path for name, path in below(entry.path).items()}
    return dict(sorted(found.items()))


def environment() -> dict[str, str]:
    """What beside files decides over results: interpreter, platform, names and versions of installed packages."""
    folders = [folder for folder in sys.path if folder.endswith("-packages") and os.path.isdir(folder)]
    packages = sorted(name for folder in folders for name in os.listdir(folder) if name.endswith(".dist-info"))
    machine = os.uname().machine if hasattr(os, "uname") else ""
    return {
        "Python": f"{sys.implementation.name} {'.'.join(map(str, sys.version_info[:3]))}",
        "platform": f"{sys.platform} {machine}".strip(),
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
    yield from (f"{name} is new" for name in sorted(after.keys() - before.keys()))
    yield from (f"{name} changed" for name in sorted(after.keys() & before.keys()) if after[name] != before[name])
    yield from (f"{name} is gone" for name in sorted(before.keys() - after.keys()))
