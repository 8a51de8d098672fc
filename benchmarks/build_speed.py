"""How long the pipeline takes beside other ways to run the same notebooks, on this machine, in one run."""

from __future__ import annotations

import csv
import datetime
import io
import os
import shutil
import statistics
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks import contenders
from benchmarks.contenders import CLI, CONTENDERS, FLOOR, FULL, OURS, PAGES, SAME, TASKS, TWEAK, WARM, Bench
from helpers.build.project import Project, Results
from helpers.build.running import CORES
from helpers.versions import locked_versions

Times = dict[tuple[str, str], float]
SAME_REPEATS = 5  # too short to be measured once
COLUMNS = ("date", "machine", "python", "tool", "version", "task", "subject", "seconds")


@dataclass(frozen=True)
class Goal:
    """A ratio of two times and its bound."""

    text: str
    of: tuple[str, str]
    to: tuple[str, str]
    at_most: float = 0.0  # seconds of `of` per second of `to`
    at_least: float = 0.0  # seconds of `to` per second of `of`


GOALS = (
    Goal("full build, cold, as a multiple of the plain script", (OURS, FULL), (FLOOR, FULL), at_most=1.15),
    Goal("full build, cold, times faster than the command lines", (OURS, FULL), (CLI, FULL), at_least=9),
    Goal("one parameter, cold, times faster than the command lines", (OURS, TWEAK), (CLI, TWEAK), at_least=2.8),
    Goal("one parameter, kept warm, times faster than the command lines", (WARM, TWEAK), (CLI, TWEAK), at_least=4.5),
    Goal("pages, cold, times faster than the command lines", (OURS, PAGES), (CLI, PAGES), at_least=7),
)
NO_CHANGE_S = 0.30
FASTEST_OTHER = 2.1


def pipeline_lines(quick: bool = False, record: bool = False) -> Iterator[str]:
    """A table of seconds, then each goal with what was measured.

    Args:
        quick: fewer pages.
        record: write what was measured to `data/raw/timings.csv`.
    """
    project, pages = Project(), 4 if quick else 20
    bench = Bench(project.root, project.build / "bench")
    try:
        times, processor = measured(bench, pages)
        yield from table("seconds", times, pages)
        yield from table("processor seconds, for when the machine is busy", processor, pages)
        yield from verdicts(times)
        if record:
            yield f"written to {write_timings(times, notebook_times(bench), pages, project.root / 'data' / 'raw')}"
    finally:
        shutil.rmtree(bench.folder)


def measured(bench: Bench, pages: int) -> tuple[Times, Times]:
    """Seconds, and processor seconds, by contender and task."""
    times: Times = {}
    processor: Times = {}
    for contender in CONTENDERS:
        for task in contender.tasks:
            took, used = [], []
            for _ in range(SAME_REPEATS if task == SAME else 1):
                begun, before = time.perf_counter(), _processor_s()
                contender.run(bench, task, pages)
                took.append(time.perf_counter() - begun)
                used.append(_processor_s() - before)
            times[contender.name, task] = statistics.median(took)
            processor[contender.name, task] = statistics.median(used)
    warm = contenders.warm_times(bench, pages)
    return times | {(WARM, task): seconds for task, seconds in warm.items()}, processor


def _processor_s() -> float:
    """What all processes that this one started and saw end have used."""
    spent = os.times()
    return spent.children_user + spent.children_system


def table(what: str, times: Times, pages: int) -> Iterator[str]:
    """Times, a line for each contender."""
    heads = [f"{pages} pages" if task == PAGES else task for task in TASKS]
    yield f"{what:48s} {' '.join(f'{head:>13s}' for head in heads)}"
    for name in dict.fromkeys(name for name, _ in times):
        cells = [f"{times[name, task]:13.2f}" if (name, task) in times else " " * 13 for task in TASKS]
        yield f"{name:48s} {' '.join(cells)}".rstrip()


def verdicts(times: Times) -> Iterator[str]:
    """Each goal, what was measured, and whether it is met."""
    for goal in GOALS:
        if goal.of not in times or goal.to not in times:
            continue
        more = goal.at_most > 0
        ratio = times[goal.of] / times[goal.to] if more else times[goal.to] / times[goal.of]
        met = ratio <= goal.at_most if more else ratio >= goal.at_least
        bound = f"at most {goal.at_most:g}" if more else f"at least {goal.at_least:g}"
        yield f"{goal.text}: {ratio:.1f} (goal: {bound}; {'met' if met else 'missed'})"
    if (OURS, SAME) in times:
        seconds = times[OURS, SAME]
        yield f"no change: {seconds:.3f} s (goal: at most {NO_CHANGE_S:.2f}; {'met' if seconds <= NO_CHANGE_S else 'missed'})"
    rivals = [name for name, task in times if task == FULL and name not in (OURS, WARM, FLOOR)]
    if rivals:
        best = min(rivals, key=lambda name: times[name, FULL])
        ratio = times[best, FULL] / times[OURS, FULL]
        told = "met" if ratio >= FASTEST_OTHER else "missed"
        yield f"full build, cold, times faster than the fastest other, {best}: {ratio:.1f} (goal: at least {FASTEST_OTHER}; {told})"


def notebook_times(bench: Bench) -> Mapping[str, float]:
    """Seconds that each notebook took in the last full build of the copy."""
    bench.call("-m", "helpers", "build")
    results = Results(Project(bench.folder))
    names = sorted(name for notebook, name, _ in contenders.jobs(FULL, 0) if name == notebook)  # of one edition
    return {name: results.record(name)["seconds"] for name in names}


def write_timings(times: Times, notebooks: Mapping[str, float], pages: int, raw: Path) -> Path:
    """Replace `timings.csv` by what was measured now."""
    from helpers.files import write_whole

    locked = locked_versions()
    version = {CLI: f"papermill {locked['papermill']}, nbconvert {locked['nbconvert']}"}
    version["jupyter nbconvert --execute"] = f"nbconvert {locked['nbconvert']}"
    version["papermill from Python, a worker a core"] = f"papermill {locked['papermill']}"
    head = (datetime.date.today().isoformat(), machine(), ".".join(map(str, sys.version_info[:2])))
    rows = [
        (
            *head,
            name,
            version.get(name, ""),
            "pages" if task == PAGES else task,
            str(pages) if task == PAGES else "",
            seconds,
        )
        for (name, task), seconds in times.items()
    ]
    rows += [(*head, OURS, "", "notebook", name, seconds) for name, seconds in notebooks.items()]
    lines = [COLUMNS, *((*row[:-1], f"{row[-1]:.3f}") for row in rows)]
    target = raw / "timings.csv"
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    write_whole(target, text.getvalue().encode())
    return target


def machine() -> str:
    """The class of this machine: nothing that tells which one it is."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30 if hasattr(os, "sysconf") else 0
    return f"{CORES} cores, {memory:.0f} GiB, {sys.platform}"
