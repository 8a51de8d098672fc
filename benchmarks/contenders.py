"""Ways to run this project's notebooks, for `make bench`: our own, and those that people use otherwise.

Each works in a copy of the project and is started as a process of its own, so that starting counts.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.build.running import CORES
from helpers.build.steps import all_chapters
from helpers.errors import Problem

FULL, SAME, TWEAK, PAGES = "full build", "no change", "one parameter", "pages"
TASKS = (FULL, SAME, TWEAK, PAGES)
PARTS = ("src", "benchmarks", "notebooks", "data", "README.md", "requirements.lock", "pyproject.toml", "CITATION.cff")
FIRST, LAST = "01_dataset", "00_summary"  # one makes what all read; the other sums up
TWEAKED, PARAMETER = "05_efficiency", "pue"
OUT = "bench-out"
Run = Callable[["Bench", str, int], None]


@dataclass(frozen=True)
class Contender:
    """A way to do the tasks.

    Args:
        run: does a task in a copy of the project.
        tasks: those it can do.
    """

    name: str
    run: Run
    tasks: tuple[str, ...] = (FULL, TWEAK, PAGES)


class Bench:
    """A copy of the project, in which contenders work."""

    def __init__(self, project: Path, folder: Path):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.folder = folder
        for part in PARTS:
            if (project / part).is_dir():
                shutil.copytree(project / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
            elif (project / part).exists():
                shutil.copy(project / part, folder / part)
        self.environment = {**os.environ, "PYTHONPATH": f"{folder / 'src'}{os.pathsep}{folder}"}
        self.call("-m", "compileall", "-q", "src")

    def call(self, *arguments: str, **variables: str) -> str:
        """Run Python in the copy; what it printed.

        Raises:
            Problem: it failed.
        """
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env={**self.environment, **variables},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            raise Problem(f"{' '.join(arguments[:3])}: {last}")
        return done.stdout


def values(number: int) -> dict[str, float]:
    """A page's parameters, different for each number."""
    return {PARAMETER: round(1.1 + number / 1000, 3)}


Job = tuple[str, str, dict[str, Any]]


def jobs(task: str, pages: int) -> list[Job]:
    """Notebook, name of the result, and parameters of each run that a task takes.

    Both editions of the report where ours makes both, in an order in which each finds what it reads.
    """
    if task == PAGES:
        return [(TWEAKED, f"page-{number}", values(number)) for number in range(pages)]
    chapters = all_chapters()
    languages = {s.name: {n: v for n, v in s.values.items() if n == "language"} for s in chapters}
    if task == TWEAK:
        return [(s.source, s.name, languages[s.name] | values(999)) for s in chapters if s.source == TWEAKED]
    order = (FIRST, *(s.name for s in chapters if s.source not in (FIRST, LAST)), f"{FIRST}.zh", LAST, f"{LAST}.zh")
    return sorted(((s.source, s.name, languages[s.name]) for s in chapters), key=lambda job: order.index(job[1]))


# Peers ----------------------------------------------------------------------------------------------------------------


def command_lines(bench: Bench, task: str, pages: int) -> None:
    """A papermill and an nbconvert process for each notebook, one after the other."""
    for notebook, name, given in jobs(task, pages):
        record = f"{OUT}/{name}.ipynb"
        parameters = [text for key, value in given.items() for text in ("-p", key, str(value))]
        os.makedirs(bench.folder / OUT, exist_ok=True)
        bench.call("-m", "papermill", f"notebooks/{notebook}.ipynb", record, *parameters)
        bench.call("-m", "nbconvert", "--to", "html", record)


def nbconvert_execute(bench: Bench, task: str, pages: int) -> None:
    """One nbconvert process that executes all notebooks; it takes no parameters, and works out the same twice."""
    paths = [f"notebooks/{notebook}.ipynb" for notebook, _, _ in jobs(task, pages)]
    bench.call("-m", "nbconvert", "--to", "html", "--execute", "--output-dir", OUT, *paths)


def papermill_workers(bench: Bench, task: str, pages: int) -> None:
    """papermill and nbconvert called from Python, in as many processes as there are cores."""
    bench.call("-m", __name__, "workers", json.dumps(jobs(task, pages)))


def _workers(listed: Sequence[Job]) -> None:
    os.makedirs(OUT, exist_ok=True)
    with ProcessPoolExecutor(CORES) as pool:
        for part in _waves(listed):
            list(pool.map(_execute, part))


def _waves(listed: Sequence[Job]) -> Iterator[list[Job]]:
    """What may run side by side: first what makes the tables, last what sums up."""
    for _, part in itertools.groupby(listed, lambda job: "first" if job[1] == FIRST else job[0] == LAST):
        yield list(part)


def _execute(job: Job) -> None:
    import papermill
    from nbconvert import HTMLExporter

    notebook, name, given = job
    record = f"{OUT}/{name}.ipynb"
    papermill.execute_notebook(f"notebooks/{notebook}.ipynb", record, given, progress_bar=False, log_output=False)
    body, _ = HTMLExporter().from_filename(record)
    Path(record).with_suffix(".html").write_text(body, encoding="utf-8")


def plain_script(bench: Bench, task: str, pages: int) -> None:
    """The same code without notebooks: all cells of all notebooks in one process, in order."""
    bench.call("-m", __name__, "plain", json.dumps(jobs(task, pages)))


def _plain(listed: Sequence[Job]) -> None:
    import ast

    for name, _, given in listed:
        cells = json.loads(Path(f"notebooks/{name}.ipynb").read_text(encoding="utf-8"))["cells"]
        code = [cell for cell in cells if cell["cell_type"] == "code"]
        sources = ["".join(cell["source"]) for cell in code]
        [at] = [n for n, cell in enumerate(code) if "parameters" in cell["metadata"].get("tags", [])]
        sources.insert(at + 1, "\n".join(f"{key} = {value!r}" for key, value in given.items()))
        space: dict[str, Any] = {"In": ["", *sources[:1]]}
        for source in sources:
            tree = ast.parse(source)
            shown = tree.body[-1] if tree.body else None
            if isinstance(shown, ast.Expr):
                tree.body.pop()
            exec(compile(tree, name, "exec"), space)
            if isinstance(shown, ast.Expr):
                value = eval(compile(ast.Expression(shown.value), name, "eval"), space)
                getattr(value, "_repr_html_", value.__repr__)()


# Ours -----------------------------------------------------------------------------------------------------------------


def ours(bench: Bench, task: str, pages: int) -> None:
    """This project's build, from a cold process."""
    if task == FULL:
        shutil.rmtree(bench.folder / "build", ignore_errors=True)
    if task == TWEAK:
        _forget(bench.folder, TWEAKED)
    if task == PAGES:
        bench.call("-m", __name__, "pages", str(pages))
    else:
        tweak = [text for key, value in values(999).items() for text in ("-p", f"{TWEAKED}.{key}", str(value))]
        bench.call("-m", "helpers", "build", *(tweak if task == TWEAK else []))


def _forget(folder: Path, name: str) -> None:
    """Let a notebook be one that has not run."""
    for path in (folder / "build" / "steps").glob(f"{name}*.json"):
        path.unlink()


def _pages(count: int) -> None:
    """Pages of one notebook with different parameters, into a folder of their own."""
    from helpers.build.build import build
    from helpers.build.project import Project
    from helpers.build.steps import all_steps, chapter

    many = [
        chapter(f"pages/{n}", FIRST, notebook=TWEAKED, page=f"pages/{n}", data=f"data/{n}", **values(n))
        for n in range(count)
    ]
    for n in range(count):
        _forget(Path.cwd(), f"pages/{n}")
    build(
        {},
        project=Project(into=Path.cwd() / OUT),
        steps=all_steps([chapter(FIRST, page=""), *many], others=()),
    )


def _warm(pages: int) -> dict[str, float]:
    """Seconds of each task with the fork server running."""
    from helpers.build.build import build

    took = {}
    build({})
    for task in (FULL, TWEAK, PAGES):
        if task == FULL:
            shutil.rmtree("build/steps")
        begun = time.perf_counter()
        if task == PAGES:
            _pages(pages)
        else:
            build({TWEAKED: values(998)} if task == TWEAK else {})
        took[task] = time.perf_counter() - begun
    return took


def warm_times(bench: Bench, pages: int) -> Mapping[str, float]:
    """Seconds of our build by task, without the start of the warm processes."""
    return dict(json.loads(bench.call("-m", __name__, "warm", str(pages)).splitlines()[-1]))


OURS, FLOOR = "this project", "the same code as one script"
WARM = f"{OURS}, kept warm"
CLI = "papermill + nbconvert, command lines"
CONTENDERS = (
    Contender(FLOOR, plain_script, (FULL,)),
    Contender(OURS, ours, TASKS),
    Contender(CLI, command_lines),
    Contender("jupyter nbconvert --execute", nbconvert_execute, (FULL, TWEAK)),
    Contender("papermill from Python, a worker a core", papermill_workers),
)

if __name__ == "__main__":
    word, argument = sys.argv[1:]
    if word == "warm":
        print(json.dumps(_warm(int(argument))))
    elif word == "pages":
        _pages(int(argument))
    elif word == "workers":
        _workers(json.loads(argument))
    else:
        _plain(json.loads(argument))
