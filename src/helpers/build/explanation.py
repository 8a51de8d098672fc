"""Why each step would run, or would not."""

from __future__ import annotations

from collections.abc import Iterator

from helpers.build.graph import Graph
from helpers.build.messages import listed
from helpers.build.project import PUBLISHED
from helpers.build.workplace import file_sha256


def explain(graph: Graph) -> Iterator[str]:
    """A line for each step in the order in which they would run, and one for the whole."""
    memory = graph.open_database()
    tasks = {task.name: task for task in graph.tasks(lambda step: {})}
    runs: set[str] = set()
    waiting: set[str] = set()
    for name in graph.order():
        open_needs = [need for need in graph.steps[name].needs if need in runs | waiting]
        if reasons := graph.reasons(tasks[name], memory, tasks):
            runs.add(name)
            yield f"{name}: would run; {listed(reasons)}"
        elif open_needs:
            waiting.add(name)
            yield f"{name}: runs if the results of {listed(open_needs)} turn out different"
        else:
            yield f"{name}: up to date"
    yield from (f"{name}: would be put back; it was altered or is missing" for name in displaced(graph, runs | waiting))
    more = f", {len(waiting)} more if results change" if waiting else ""
    yield f"{len(runs)} of {len(graph.steps)} steps would run{more}"


def displaced(graph: Graph, open_steps: set[str]) -> list[str]:
    """Results of steps that are up to date but do not lie where they belong."""
    found: dict[str, str] = {}
    for step in graph.steps:
        if step not in open_steps:
            found |= graph.results.hashes(step)
    target = graph.project.target
    return [n for n, sha in sorted(found.items()) if n.startswith(PUBLISHED) and file_sha256(target / n) != sha]
