"""What a build puts in place, with the manifest: every input and output with its hash, and what made each from what.

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

from helpers.build import modules
from helpers.build.graph import Graph
from helpers.build.project import CRATE, MANIFEST, OWN_PAGES, PUBLISHED, Project, file_sha256
from helpers.build.stages import Step
from helpers.files import sha256

FORMAT = 2
INTERNAL = ("executed/", "chapters/", "answer.md")  # what steps hand on to one another


def publication(graph: Graph) -> dict[Path, dict[str, Path]]:
    """What shall lie in each folder of the target: the results of all steps, the records, a reader's own pages."""
    files = with_records(graph, graph.results.files(graph.steps)) | own_pages(graph.project)
    return {
        graph.project.target / folder: {
            n.removeprefix(f"{folder}/"): p for n, p in files.items() if n.startswith(folder)
        }
        for folder in PUBLISHED
    }


def own_pages(project: Project) -> dict[str, Path]:
    """Pages of single scenarios that a reader has rendered, by name."""
    return {f"{OWN_PAGES}/{path.name}": path for path in sorted((project.target / OWN_PAGES).glob("*.html"))}


def with_records(graph: Graph, files: Mapping[str, Path]) -> dict[str, Path]:
    """The files that steps have made, with manifest and RO-Crate beside them; these are kept until something changes."""
    folder = graph.project.build / "records"
    records = {name: folder / Path(name).name for name in (MANIFEST, CRATE)}
    kept, made_from = folder / "made_from", _made_from(graph)

    def told() -> str:
        return " ".join([made_from, *map(file_sha256, records.values())])

    if not kept.exists() or kept.read_text() != told():
        from helpers.report.crate import crate

        folder.mkdir(exist_ok=True)
        content = manifest(graph, files)
        _write(records[MANIFEST], content)
        _write(records[CRATE], crate(content, records[MANIFEST], graph.project.root / "CITATION.cff"))
        kept.write_text(told())
    return {**files, **records}


def _made_from(graph: Graph) -> str:
    """The hash of all that decides over the records."""
    steps = [[step.name, step.needs, graph.results.record(name)] for name, step in graph.steps.items()]
    notebooks = {str(graph.project.root / step.action) for step in graph.steps.values() if step.is_notebook}
    own = modules.sources(modules.closure(["helpers.build.manifest"])).values()
    about = [str(graph.project.root / name) for name in ("CITATION.cff", "pyproject.toml")]
    hashes = [graph.hashes.get(path) or file_sha256(path) for path in (*sorted(notebooks), *own, *about)]
    return sha256(json.dumps([steps, hashes]).encode())


def _write(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def manifest(graph: Graph, files: Mapping[str, Path]) -> dict[str, Any]:
    """The manifest's content.

    Args:
        files: all outputs by name, and where their content lies.
    """
    from helpers.versions import locked_versions

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
