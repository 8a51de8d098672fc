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

from helpers.build.graph import Graph, content_hash, signature
from helpers.build.notebook_sources import published
from helpers.build.project import CRATE, MANIFEST, PUBLISHED, Project
from helpers.build.stages import Step
from helpers.build.workplace import file_sha256, put
from helpers.files import sha256
from helpers.versions import locked_versions

FORMAT = 2
NOTEBOOKS = "report/notebooks"
INTERNAL = ("executed/", "chapters/", "answer.md")  # what steps hand on to one another


def add_records(graph: Graph, files: Mapping[str, Path]) -> dict[str, Path]:
    """The files that steps have made, with the notebooks' sources, manifest and RO-Crate beside them."""
    from helpers.report.crate import crate

    project = graph.project
    files = dict(files)
    for step in graph.steps.values():
        if step.is_notebook:
            name = f"{NOTEBOOKS}/{step.source}.ipynb"
            files[name] = _written(project, name, published(project.root / step.action))
    content = manifest(graph, files)
    files[MANIFEST] = _written(project, MANIFEST, _json(content))
    files[CRATE] = _written(project, CRATE, _json(crate(content, files[MANIFEST], project.root / "CITATION.cff")))
    return files


def _json(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


def _written(project: Project, name: str, content: bytes) -> Path:
    """A record as a file, to be put in place with the others."""
    path = project.build / "work" / name
    put(path, content)
    return path


def manifest(graph: Graph, files: Mapping[str, Path]) -> dict[str, Any]:
    """The manifest's content.

    Args:
        files: all outputs by name, and where their content lies.
    """
    project = graph.project
    listed = {n: _about(file_sha256(p), p) for n, p in files.items() if n.startswith(PUBLISHED)}
    for step in graph.steps.values():
        for name, path in graph.inputs(step).items():
            listed[name] = _about(content_hash(path, signature(path)), Path(path))
        if step.is_notebook:
            content = published(project.root / step.action)
            listed[step.action] = {"sha256": sha256(content), "bytes": len(content)}
    return {
        "format": FORMAT,
        "python": f"{sys.implementation.name} {sys.version_info.major}.{sys.version_info.minor}",
        "packages": locked_versions(project.root),
        "steps": [_step(step, graph) for step in graph.steps.values()],
        "files": dict(sorted(listed.items())),
    }


def _about(sha: str, path: Path) -> dict[str, Any]:
    return {"sha256": sha, "bytes": path.stat().st_size}


def _step(step: Step, graph: Graph) -> dict[str, Any]:
    values = {name: "given" if name in graph.given else value for name, value in step.values.items()}
    handed = graph.results.files(step.needs)
    read = {n for n in handed if not step.is_notebook or n.startswith("data/")} | set(graph.inputs(step))
    if step.is_notebook:
        read.add(step.action)
    return {
        "name": step.name,
        "runs": step.action,
        "parameters": values if step.is_notebook else {},
        "needs": list(step.needs),
        "reads": sorted(name for name in read if not name.startswith(INTERNAL) and not name.endswith(".py")),
        "makes": sorted(name for name in graph.results.hashes(step.name) if not name.startswith(INTERNAL)),
    }
