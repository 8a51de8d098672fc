"""The manifest: every input and output of a build with its hash, and what made each from what.

It names nothing of the machine: no times, no host, no absolute paths, no patch level of Python. Versions are
those of `requirements.lock`, so that the same sources and the same lock give the same manifest everywhere.
Every module that was imported is among the files; a step lists what else it read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.build.cache import Trace
from helpers.build.project import PUBLISHED, Project
from helpers.build.schedule import Schedule
from helpers.build.stages import Step
from helpers.versions import locked_versions

FORMAT = 1
MANIFEST, CRATE, NOTEBOOKS = "report/manifest.json", "report/ro-crate-metadata.json", "report/notebooks"
INTERNAL = ("executed/", "chapters/", "answer.md")  # what steps hand on to one another


@dataclass(frozen=True)
class Provenance:
    """Where a figure or table comes from."""

    notebook: str
    inputs: tuple[str, ...]
    sha256: str


def add_records(schedule: Schedule, files: Mapping[str, Path]) -> dict[str, Path]:
    """The files that steps have made, with the notebooks' sources, manifest and RO-Crate beside them."""
    from helpers.build.crate import crate

    project = schedule.project
    sources = {step.source: project.root / step.action for step in schedule.steps.values() if step.is_notebook}
    files = {**files, **{f"{NOTEBOOKS}/{name}.ipynb": path for name, path in sorted(sources.items())}}
    told = manifest(schedule, files)
    files[MANIFEST] = _written(project, MANIFEST, told)
    files[CRATE] = _written(project, CRATE, crate(told, files[MANIFEST], project))
    return files


def _written(project: Project, name: str, content: Mapping[str, Any]) -> Path:
    """A record as a file, to be put in place with the others."""
    path = project.build / "work" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def manifest(schedule: Schedule, files: Mapping[str, Path]) -> dict[str, Any]:
    """The manifest's content.

    Args:
        files: all outputs by name, and where their content lies.
    """
    project, hashes = schedule.project, schedule.hashes
    listed = {
        name: {"sha256": hashes.of(path), "bytes": path.stat().st_size}
        for name, path in files.items()
        if name.startswith(PUBLISHED)
    }
    for trace in schedule.done.values():
        for name, sha in trace.read.items():
            if (
                sha
                and name not in listed
                and name not in files
                and not name.startswith(INTERNAL)
                and not name.endswith("/")
            ):
                place = schedule.given.get(name) or project.locate(name)
                listed[name] = {"sha256": sha, **({"bytes": place.stat().st_size} if place.is_file() else {})}
    return {
        "format": FORMAT,
        "python": schedule.under["Python"].rpartition(".")[0],  # without the patch level
        "packages": locked_versions(project.root),
        "steps": [_step(step, schedule.done[step.name], schedule) for step in schedule.steps.values()],
        "files": dict(sorted(listed.items())),
    }


def _step(step: Step, trace: Trace, schedule: Schedule) -> dict[str, Any]:
    values = {name: "given" if name in schedule.given else value for name, value in step.values.items()}
    reads, makes = (
        [name for name in names if not name.startswith(INTERNAL) and not name.endswith((".py", "/"))]
        for names in (sorted(n for n, sha in trace.read.items() if sha), sorted(trace.made))
    )
    return {
        "name": step.name,
        "runs": step.action,
        "parameters": values if step.is_notebook else {},
        "needs": list(step.needs),
        "reads": reads,
        "makes": makes,
    }


def provenance(told: Mapping[str, Any], name: str) -> Provenance:
    """The notebook, its inputs, and the hash of the data of the figure or table `name`.

    Args:
        told: a manifest.

    Raises:
        KeyError: no step of it has made `report/data/<name>.csv`.
    """
    data = f"report/data/{name}.csv"
    for step in told["steps"]:
        if data in step["makes"]:
            return Provenance(step["runs"], tuple(step["reads"]), told["files"][data]["sha256"])
    raise KeyError(name)
