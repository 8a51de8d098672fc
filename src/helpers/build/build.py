"""The build: what has changed is done again, and the results are put in place only when all is whole."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.build.progress import say
from helpers.build.project import OWN_PAGES, PUBLISHED, Project
from helpers.build.state import State
from helpers.paths import shown

if TYPE_CHECKING:
    from helpers.build.forkserver import Workshop
    from helpers.build.schedule import Schedule
    from helpers.build.stages import Step

WAITING = "another build is at work here; waiting until it is done"
Overrides = Mapping[str, Mapping[str, Any]]


def build(
    overrides: Overrides,
    texts_dir: str = "",
    into: Path | None = None,
    *,
    project: Project | None = None,
    steps: list[Step] | None = None,
    workers: int = 0,
    workshop: Workshop | None = None,
) -> Path:
    """Bring every step up to date and put dataset and report in place.

    Args:
        overrides: parameters by notebook or stage.
        texts_dir: folder with the articles' texts, if they are at hand.
        into: folder that receives `report/` and `data/processed/` instead of the project, which stays as it is.
        project, steps: others than this project's own.
        workers: how many steps run at once; as many as there are cores, if not given.
        workshop: a warm one that goes on after this build.

    Returns:
        The report's page.

    Raises:
        Problem, OSError: nothing that was there has been touched.
    """
    begun = time.perf_counter()
    project = project or Project(into=into)
    given = paths_given(overrides, texts_dir)
    state = State(project, {"overrides": overrides, "texts_dir": texts_dir, "steps": repr(steps or "")}, given)
    work = project.build / "work"
    if state.unchanged() and not work.exists():  # a build that is at work, or was killed at it, has such a folder
        say(f"{shown(project.page)} is up to date")
        return project.page
    from helpers.build.turn import turn

    with turn(project.build / "lock", lambda: say(WAITING)):
        shutil.rmtree(work, ignore_errors=True)  # of a build that was killed; the lock says that none is at work
        if state.unchanged():  # the other build has done it
            say(f"{shown(project.page)} is up to date")
            return project.page
        schedule = scheduled(project, overrides, texts_dir, steps)
        summary = _run(schedule, workers, workshop)
        state.save(schedule.seen)
    say(f"{shown(project.page)} written in {time.perf_counter() - begun:.1f} s: {summary}")
    return project.page


def paths_given(overrides: Overrides, texts_dir: str) -> dict[str, str]:
    """Files and folders that parameters name, by parameter."""
    values = [(name, value) for some in overrides.values() for name, value in some.items()]
    given = {n: v for n, v in [*values, ("texts_dir", texts_dir)] if isinstance(v, str) and v and os.path.exists(v)}
    return {name: os.path.abspath(value) for name, value in given.items()}


def scheduled(project: Project, overrides: Overrides, texts_dir: str, steps: list[Step] | None = None) -> Schedule:
    """The steps of a build with its parameters, all checked before the first of them runs.

    Raises:
        ParameterProblem: names the notebook and the parameter.
    """
    from helpers.build import stages
    from helpers.build.schedule import Schedule

    listed = stages.steps(stages.project_stages(project)) if steps is None else steps
    checked = stages.with_values(listed, overrides, texts_dir, project)
    return Schedule(project, checked, paths_given(overrides, texts_dir))


def _run(schedule: Schedule, workers: int, workshop: Workshop | None) -> str:
    """Run what must run and put everything in place; a summary of it."""
    from helpers.build.crew import Crew
    from helpers.build.progress import Progress
    from helpers.build.replace import around_answer, put_in_place, update_answer
    from helpers.build.running import Run

    project, readme = schedule.project, schedule.project.root / "README.md"
    if project.into is None:
        around_answer(readme)
    try:
        with Progress(len(schedule.steps)) as progress, Crew(project, workers, workshop) as crew:
            Run(schedule, crew, progress).finish()
        files = {**own_pages(project), **results(schedule)}
        put_in_place(
            {project.target / name: _below(files, name) for name in PUBLISHED},
            schedule.hashes,
        )
        if project.into is None and "answer.md" in files:
            update_answer(readme, files["answer.md"].read_text(encoding="utf-8"))
        if progress.took:
            schedule.cache.sweep(schedule.steps)
    finally:
        schedule.hashes.save()
        shutil.rmtree(project.build / "work", ignore_errors=True)
    return progress.summary()


def results(schedule: Schedule) -> dict[str, Path]:
    """All files that the steps have made, by name, and where their content lies; manifest and notebooks' sources too."""
    from helpers.build.manifest import add_records

    files = {name: schedule.cache.object(sha) for name, sha in schedule.made().items()}
    return add_records(schedule, files)


def own_pages(project: Project) -> dict[str, Path]:
    """Pages of single scenarios that a reader has rendered, by name."""
    folder = project.target / OWN_PAGES
    return {f"{OWN_PAGES}/{path.name}": path for path in sorted(folder.glob("*.html"))} if folder.is_dir() else {}


def _below(files: Mapping[str, Path], folder: str) -> dict[str, Path]:
    return {name[len(folder) + 1 :]: path for name, path in files.items() if name.startswith(f"{folder}/")}
