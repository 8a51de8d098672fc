"""The manifest: every input and output of a build with its hash, and what made each from what.

It names nothing of the machine: no times, no host, no absolute paths, no patch level of Python. Versions are
those of `requirements.lock`, so that the same sources and the same lock give the same manifest everywhere. What a
step reads is what it is declared to read, however a build came to its end: the raw tables, the results of the steps
that it needs, what its parameters name. The modules that it imports are among the files.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from helpers.build.graph import Graph
from helpers.build.project import CRATE, MANIFEST, PUBLISHED, Project
from helpers.build.stages import Step
from helpers.versions import locked_versions

FORMAT = 2
INTERNAL = ("executed/", "chapters/", "answer.md")  # what steps hand on to one another


def with_records(graph: Graph, files: Mapping[str, Path]) -> dict[str, Path]:
    """The files that steps have made, with manifest and RO-Crate beside them."""
    from helpers.report.crate import crate

    project = graph.project
    content = manifest(graph, files)
    told = _written(project, MANIFEST, content)
    described = _written(project, CRATE, crate(content, told, project.root / "CITATION.cff"))
    return {**files, MANIFEST: told, CRATE: described}


def _written(project: Project, name: str, content: Mapping[str, Any]) -> Path:
    """A record as a file, to be put in place with the others."""
    path = project.build / "records" / Path(name).name
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def manifest(graph: Graph, files: Mapping[str, Path]) -> dict[str, Any]:
    """The manifest's content.

    Args:
        files: all outputs by name, and where their content lies.
    """
    made = {name: sha for step in graph.steps for name, sha in graph.results.hashes(step).items()}
    listed = {name: _about(made[name], path) for name, path in files.items() if name.startswith(PUBLISHED)}
    inputs = {name: path for of_step in graph.inputs.values() for name, path in of_step.items()}
    listed |= {name: _about(graph.hashes[path], Path(path)) for name, path in inputs.items()}
    return {
        "format": FORMAT,
        "python": f"{sys.implementation.name} {sys.version_info.major}.{sys.version_info.minor}",
        "packages": locked_versions(graph.project.root),
        "steps": [_step(step, graph) for step in graph.steps.values()],
        "files": dict(sorted(listed.items())),
    }


def _about(sha: str, path: Path) -> dict[str, Any]:
    return {"sha256": sha, "bytes": path.stat().st_size}


def _step(step: Step, graph: Graph) -> dict[str, Any]:
    values = {name: "given" if name in graph.given_to(step) else value for name, value in step.values.items()}
    handed = {name for need in step.needs for name in graph.results.hashes(need)}
    read = {n for n in handed if not step.is_notebook or n.startswith("data/")} | set(graph.inputs[step.name])
    return {
        "name": step.name,
        "runs": step.action,
        "parameters": values if step.is_notebook else {},
        "needs": list(step.needs),
        "reads": sorted(name for name in read if not name.startswith(INTERNAL) and not name.endswith(".py")),
        "makes": sorted(name for name in graph.results.hashes(step.name) if not name.startswith(INTERNAL)),
    }
