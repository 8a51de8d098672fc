"""The build: what has changed is done again, and the results are put in place only when all is whole."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.build.project import CRATE, MANIFEST, OWN_PAGES, PUBLISHED, Project, tree
from helpers.errors import Problem
from helpers.paths import shown

if TYPE_CHECKING:
    from helpers.build.graph import Graph
    from helpers.build.stages import Step

try:
    import fcntl
except ImportError:  # no such lock on this platform: builds are then one's own to keep apart
    fcntl = None  # type: ignore[assignment]

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
) -> Path:
    """Bring every step up to date and put dataset and report in place.

    Args:
        overrides: parameters by notebook or stage.
        texts_dir: folder with the articles' texts, if they are at hand.
        into: receives `report/` and `data/processed/` instead of the project, which stays as it is.
        project, steps: others than this project's own.
        workers: steps at once; by the number of cores, if not given.

    Returns:
        The report's page.

    Raises:
        Problem, OSError: nothing that was there has been touched.
    """
    from helpers.build.messages import say

    begun = time.perf_counter()
    project = ready(project or Project(into=into), workers)
    with lock(project.build / "lock", lambda: say(WAITING)):
        if (project.build / "work").exists():
            clear(project)  # of a build that was killed
        (project.build / "work").mkdir()
        try:
            ran, changed = brought_up_to_date(scheduled(project, overrides, texts_dir, steps), workers)
        finally:
            clear(project)
    took = f"written in {time.perf_counter() - begun:.1f} s: {ran or 'no step ran'}"
    say(f"{shown(project.page)} {took if changed else 'is up to date'}")
    return project.page


def brought_up_to_date(graph: Graph, workers: int) -> tuple[str, bool]:
    """Run and publish what must be; a summary of what ran, and whether anything was published."""
    ran = finished(graph, workers)
    changed = bool(ran) or not in_place(graph)
    if changed:
        graph.forget_damaged()
        ran = finished(graph, workers) or ran
        publish(graph)
    return ran, changed


def clear(project: Project) -> None:
    """Remove what a build that did not come to its end has left."""
    shutil.rmtree(project.build / "work", ignore_errors=True)
    for half_written in project.build.rglob("*.new"):
        half_written.unlink(missing_ok=True)


def ready(project: Project, workers: int = 0) -> Project:
    """The project with folders that can be written to: beside the report, where the project's own cannot.

    Raises:
        Problem: the target cannot be written to, in one line with its mend.
    """
    from helpers.build.replace import around_answer

    if workers < 0:
        raise Problem(f"--workers {workers}: at least 1, or 0 for as many as there are cores")
    if project.into is None:
        around_answer(project.root / "README.md")
    try:
        writable(project.target)
    except OSError as error:
        mend = "name another folder" if project.into else "name a folder of your own with --into FOLDER"
        raise Problem(f"{shown(project.target)} cannot be written to ({error.strerror}). Mend: {mend}.") from None
    try:
        writable(project.build)
    except OSError:
        project = replace(project, cache_folder=project.target / ".build")
        writable(project.build)
    return project


def writable(folder: Path) -> None:
    """Make sure of a folder that can be written to; a file in the place of one of our own goes.

    Raises:
        OSError: it cannot.
    """
    if folder.name in ("build", ".build"):
        for own in (folder, folder / "work", folder / "steps"):
            if own.is_file():
                own.unlink()
        for own in (folder / name for name in ("lock", "doit.json", "imports.json", "published.json")):
            if own.is_dir():
                shutil.rmtree(own)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        pass


@contextmanager
def lock(file: Path, waiting: Any) -> Iterator[None]:
    """Hold a lock that the system takes away with the process, however that ends.

    Args:
        waiting: called once, if another process holds it.
    """
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        if fcntl:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                waiting()
                fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def paths_given(overrides: Overrides, texts_dir: str) -> dict[str, str]:
    """Files and folders that parameters name, by parameter."""
    values = [(name, value) for some in overrides.values() for name, value in some.items()]
    given = {n: v for n, v in [*values, ("texts_dir", texts_dir)] if isinstance(v, str) and v and os.path.exists(v)}
    return {name: os.path.abspath(value) for name, value in given.items()}


def scheduled(project: Project, overrides: Overrides, texts_dir: str, steps: list[Step] | None = None) -> Graph:
    """The steps of a build with its parameters, all checked before the first of them runs.

    Raises:
        ParameterProblem: names the notebook and the parameter.
    """
    from helpers.build import modules, stages
    from helpers.build.graph import Graph

    modules.recall(project.build / "imports.json")
    listed = stages.steps(stages.project_stages()) if steps is None else steps
    checked = stages.with_values(listed, overrides, texts_dir, project)
    graph = Graph(project, checked, paths_given(overrides, texts_dir))
    modules.remember(project.build / "imports.json")
    return graph


def finished(graph: Graph, workers: int) -> str:
    """Run what must run; a summary of it, or nothing if there was nothing to do.

    A result that was altered in the cache is made anew, and what read it with it.
    """
    from helpers.build.workplace import Damaged

    told = ""
    while graph.stale():
        from helpers.build.running import DoitRun

        try:
            told = DoitRun(graph, workers).finish()
            graph.forget_damaged()
        except Damaged:  # it has been forgotten
            continue
    return told


def publish(graph: Graph) -> None:
    """Put the results of all steps in place."""
    from helpers.build.manifest import add_records
    from helpers.build.replace import put_in_place, update_answer
    from helpers.build.workplace import put

    project = graph.project
    files = add_records(graph, graph.results.files(graph.steps))
    files |= own_pages(project)
    put_in_place({project.target / name: _below(files, name) for name in PUBLISHED})
    if project.into is None and "answer.md" in files:
        update_answer(project.root / "README.md", files["answer.md"].read_text(encoding="utf-8"))
    stamps = _stamps(project)
    stamps[os.path.abspath(project.target)] = _stamp(graph)
    put(project.build / "published.json", json.dumps(stamps).encode())


def in_place(graph: Graph) -> bool:
    """Whether the target holds what the last build of these very results has put there, unaltered."""
    from helpers.build.workplace import file_sha256

    project = graph.project
    if _stamps(project).get(os.path.abspath(project.target)) != _stamp(graph):
        return False
    manifest = json.loads((project.target / MANIFEST).read_bytes())
    listed = {name: about["sha256"] for name, about in manifest["files"].items() if name.startswith(PUBLISHED)}
    present = {f"{part}/{name}" for part in PUBLISHED for name in tree(project.target / part)}
    return present == {*listed, MANIFEST, CRATE, *own_pages(project)} and all(
        file_sha256(project.target / name) == sha for name, sha in listed.items()
    )


def _stamp(graph: Graph) -> list[str]:
    """Hashes of what decides over the published files: the steps and their memory, the records, the README."""
    from helpers.build.workplace import file_sha256

    project = graph.project
    files = [graph.database, project.root / "CITATION.cff", project.target / MANIFEST, project.target / CRATE]
    readme = [project.root / "README.md"] if project.into is None else []
    return [*graph.steps, *(file_sha256(path) for path in [*files, *readme])]


def _stamps(project: Project) -> dict[str, list[str]]:
    """What each folder received last, by its path; folders that are gone are forgotten."""
    try:
        stored = json.loads((project.build / "published.json").read_bytes())
        return {target: stamp for target, stamp in stored.items() if os.path.isdir(target)}
    except (OSError, ValueError, AttributeError, RecursionError):
        return {}


def own_pages(project: Project) -> dict[str, Path]:
    """Pages of single scenarios that a reader has rendered, by name."""
    folder = project.target / OWN_PAGES
    return {f"{OWN_PAGES}/{path.name}": path for path in sorted(folder.glob("*.html"))} if folder.is_dir() else {}


def _below(files: Mapping[str, Path], folder: str) -> dict[str, Path]:
    return {name[len(folder) + 1 :]: path for name, path in files.items() if name.startswith(f"{folder}/")}
