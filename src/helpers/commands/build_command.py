"""The commands `build`, `explain`, `watch` and `run`."""

import argparse
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from helpers import paths
from helpers.build import build as building
from helpers.build.project import Project
from helpers.errors import ParameterProblem, refuse_twice
from helpers.parameters import from_text, notebook_parameters


def build(options: argparse.Namespace) -> None:
    """Bring the report up to date."""
    project = Project(into=options.into)
    print(building.build(_overrides(options.p), options.texts, project=project, workers=options.workers))


def explain(options: argparse.Namespace) -> None:
    """Say of each step whether it would run."""
    project = building.ready(Project(into=options.into))
    print("\n".join(building.explain(building.scheduled(project, _overrides(options.p), options.texts))))


def watch(options: argparse.Namespace) -> None:
    """Build whenever a file changes."""
    from helpers.build.watch import watch

    watch(_overrides(options.p), options.texts, Project(into=options.into), options.workers)


def run(options: argparse.Namespace) -> None:
    """Run one notebook."""
    from helpers.build.notebooks import execute

    refuse_twice("-p", [name for name, _ in options.p])
    values = from_text([tuple(p) for p in options.p], notebook_parameters(options.notebook), options.notebook.stem)
    execute(options.notebook, options.output, values, Path.cwd())
    print(options.output)


def _overrides(given: Sequence[Sequence[str]]) -> dict[str, dict[str, Any]]:
    """Parameters by notebook, read as the notebook declares them."""
    refuse_twice("-p", [address for address, _ in given])
    texts: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for address, value in given:
        notebook, dot, name = address.rpartition(".")
        if not dot:
            raise ParameterProblem(f"-p {address}: write NOTEBOOK.NAME, such as 03_compute.attention")
        texts[notebook].append((name, value))
    return {
        notebook: from_text(pairs, notebook_parameters(paths.NOTEBOOKS / f"{notebook}.ipynb"), notebook)
        for notebook, pairs in texts.items()
    }
