"""The commands `build`, `explain`, `watch` and `run`."""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from helpers.errors import ParameterProblem, refuse_twice
from helpers.parameters import from_text, notebook_parameters
from helpers.paths import NOTEBOOKS


def build(options: argparse.Namespace) -> None:
    """Bring the report up to date."""
    from helpers.build.build import build

    print(build(_overrides(options.p), options.texts, options.into, workers=options.workers))


def explain(options: argparse.Namespace) -> None:
    """Say of each step whether it would run."""
    from helpers.build.build import explain, ready, scheduled
    from helpers.build.project import Project

    project = ready(Project(into=options.into))
    print("\n".join(explain(scheduled(project, _overrides(options.p), options.texts))))


def watch(options: argparse.Namespace) -> None:
    """Build whenever a file changes."""
    from helpers.build.watch import watch

    watch(_overrides(options.p), options.texts, options.into, workers=options.workers)


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
        notebook: _from_here(from_text(pairs, notebook_parameters(NOTEBOOKS / f"{notebook}.ipynb"), notebook))
        for notebook, pairs in texts.items()
    }


def _from_here(values: dict[str, Any]) -> dict[str, Any]:
    """Files and folders are named as seen from where the command was given; a notebook of a build runs elsewhere."""

    def is_place(name: str, value: Any) -> bool:
        return isinstance(value, str) and (_is_file(value) or (name.endswith("_dir") and bool(value)))

    return {n: str(Path(v).resolve()) if is_place(n, v) else v for n, v in values.items()}


def _is_file(text: str) -> bool:
    try:
        return bool(Path(text).suffix) and Path(text).is_file()
    except (OSError, ValueError):  # too long for a name, or no name at all
        return False
