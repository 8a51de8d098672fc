"""The build: what has changed is done again, and the results are put in place only when all is whole."""

import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from helpers.build.graph import Graph, differences
from helpers.build.project import Project, log, some_of
from helpers.build.publish import holds, left_beside, publication, put_in_place
from helpers.build.steps import Step, all_chapters, all_steps, with_values
from helpers.errors import Problem
from helpers.files import alone, write_whole
from helpers.paths import shown

START, END = "<!-- answer -->", "<!-- /answer -->"  # around the computed answer in the README
WAITING = "another build is at work here; waiting until it is done"
Overrides = Mapping[str, Mapping[str, Any]]


def build(
    overrides: Overrides,
    texts_dir: str = "",
    *,
    project: Project | None = None,
    steps: list[Step] | None = None,
    workers: int = 0,
) -> Path:
    """Bring every step up to date and put dataset and report in place; the report's page.

    Overrides are parameters by notebook or step; `texts_dir` has the articles' texts, if they are at hand. So many
    `workers` are at work at once, with 0 as many as suit the number of cores. After a Problem or an OSError nothing that
    was there has been touched.
    """
    begun = time.perf_counter()
    project = ready(project or Project(), workers)
    with alone(project.build, "build", waiting=lambda: log(WAITING)):
        graph = scheduled(project, overrides, texts_dir, steps)
        told = "is up to date"
        if not is_in_place(graph):
            from helpers.build.running import run_all

            ran = run_all(graph, workers)
            put_in_place(publication(graph))
            told = f"written in {time.perf_counter() - begun:.1f} s: {ran}"
        answer = graph.results.files(graph.steps).get("answer.md")
        if answer and project.into is None:
            update_answer(project.root / "README.md", answer.read_text(encoding="utf-8"))
    log(f"{shown(project.page)} {told}")
    return project.page


def ready(project: Project, workers: int = 0) -> Project:
    """The project with folders that can be written to: beside the report, where the project's own cannot."""
    if workers < 0:
        raise Problem(f"--workers {workers}: at least 1, or 0 for as many as there are cores")
    if refused := unwritable(project.target):
        mend = "name another folder" if project.into else "name a folder of your own with --into FOLDER"
        raise Problem(f"{shown(project.target)} cannot be written to ({refused}). Mend: {mend}.")
    if unwritable(project.build):
        project = replace(project, cache_folder=project.target / ".build")
        project.build.mkdir(parents=True, exist_ok=True)
    return project


def unwritable(folder: Path) -> str:
    """Why a folder, which is made if it is not there, cannot be written to; empty if it can."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        return error.strerror or str(error)
    return ""


def scheduled(project: Project, overrides: Overrides, texts_dir: str, steps: list[Step] | None = None) -> Graph:
    """The steps of a build with its parameters; these, and the README's place for the answer, are checked now."""
    if project.into is None:
        update_answer(project.root / "README.md")
    asked = all_steps(all_chapters()) if steps is None else steps
    return Graph(project, with_values(asked, overrides, texts_dir, project))


def update_answer(readme: Path, answer: str = "") -> None:
    """Write the computed answer between the README's markers, whole or not at all; without one, only look for them.
    A Problem, if they are missing."""
    old = readme.read_text(encoding="utf-8")
    before, opened, rest = old.partition(START)
    _, closed, after = rest.partition(END)
    if not (opened and closed):
        raise Problem(f"{readme.name}: no {START} ... {END}. Mend: restore the two markers around the answer.")
    new = f"{before}{START}\n{answer}\n{END}{after}"
    if answer and new != old:
        write_whole(readme, new)


def is_in_place(graph: Graph) -> bool:
    """Whether there is nothing to do: no step has anything else to read, and the target holds what they made."""
    if not all(graph.is_planned(step) for step in graph.steps.values()):
        return False
    folders = publication(graph)
    return all(holds(target, files) for target, files in folders.items()) and not left_beside(folders)


def explain(graph: Graph) -> Iterator[str]:
    """Why each step would run, or would not: a line for each, in order, and one for the whole."""
    runs, waiting = list[str](), list[str]()
    for name in graph.order:
        if reasons := reasons_to_run(graph, name):
            runs.append(name)
            yield f"{name}: would run; {some_of(reasons)}"
        elif open_needs := [need for need in graph.steps[name].needs if need in runs + waiting]:
            waiting.append(name)
            yield f"{name}: runs if the results of {some_of(open_needs)} turn out different"
        else:
            yield f"{name}: up to date"
    if not (runs or waiting or is_in_place(graph)):
        yield "the report would be put in place again; a file was altered or is missing"
    more = f", {len(waiting)} more if results change" if waiting else ""
    yield f"{len(runs)} of {len(graph.steps)} steps would run{more}"


def reasons_to_run(graph: Graph, name: str) -> list[str]:
    """Why a step must run for reasons of its own; nothing if it need not."""
    step, made_from = graph.steps[name], graph.results.record(name)["from"]
    if not made_from:
        return ["it has not run yet"]
    altered = ["its results are gone or damaged"] if graph.results.altered(name) else []
    return [*differences(made_from, graph.made_from(step)), *altered]
