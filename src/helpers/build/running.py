"""Running steps, several at once, each in a process and a folder of its own with links to what it may read."""

import os
import time
from collections.abc import Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from graphlib import TopologicalSorter
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

from helpers.build.fork_server import call, can_fork, end_all, start_server
from helpers.build.graph import Graph
from helpers.build.notebooks import execute
from helpers.build.project import clear, log, make_own
from helpers.build.steps import Step
from helpers.errors import Problem
from helpers.paths import shown

# More steps at once than cores: starting a kernel and waiting for its answers leaves a core idle for moments.
MORE = 1
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
PAUSE_S = 0.02


def run_all(graph: Graph, workers: int = 0) -> str:
    """Run the steps that must run, each after its needs, what most wait for first; how many. What is made is kept."""
    workers = workers or CORES + MORE
    make_own(graph.project.build / "steps")
    if can_fork():
        start_server()  # what it imports takes longest
    order = TopologicalSorter({step.name: step.needs for step in graph.steps.values()})
    order.prepare()
    behind, ready, at_work = graph.behind(), list[str](), dict[Future[float], str]()
    done, ran = 0, 0
    with ThreadPoolExecutor(workers) as pool:
        try:
            while order.is_active():
                ready = sorted([*ready, *order.get_ready()], key=lambda name: -behind[name])
                free = workers - len(at_work)
                at_work |= {pool.submit(bring_up_to_date, graph, name): name for name in ready[:free]}
                ready = ready[free:]
                for future in wait(at_work, return_when=FIRST_COMPLETED).done:
                    name, seconds, done = at_work.pop(future), future.result(), done + 1
                    order.done(name)
                    if seconds:
                        ran += 1
                        log(f"[{done}/{len(graph.steps)}] {name} {seconds:.1f} s")
        except BaseException as error:
            pool.shutdown(wait=False, cancel_futures=True)
            while not isinstance(error, Exception) and not all(future.done() for future in at_work):
                end_all()
                time.sleep(PAUSE_S)
            raise
    return f"{ran or 'none'} of {len(graph.steps)} steps ran"


def bring_up_to_date(graph: Graph, name: str) -> float:
    """Do a step and record its results, unless they are there; the seconds it took."""
    step, begun = graph.steps[name], time.perf_counter()
    if graph.is_planned(step) and not graph.results.altered(name):
        return 0.0
    run(step, graph)
    for need in step.needs:
        if altered := graph.results.altered(need):
            raise Problem(f"{name} writes to {altered[0]}, which {need} has made. Mend: use another name.")
    if changed := graph.changed_since(step):
        raise Problem(f"{changed[0]} changed while {name} read it. Mend: build again.")
    seconds = time.perf_counter() - begun
    graph.results.keep(name, graph.made_from(step), seconds)
    return seconds


def run(step: Step, graph: Graph) -> None:
    """Do a step in its folder, empty but for what it may read; a problem is told as seen from that folder."""
    folder = graph.results.folder(step.name)
    clear(folder)
    values = link_inputs(folder, step, graph)
    try:
        if step.is_notebook:
            execute(graph.project.root / step.action, folder / step.record, values, folder)
        else:
            call(run_function, step.action, folder, values)
    except Problem as problem:
        problem.args = (str(problem).replace(f"{shown(folder)}/", "").replace(f"{folder}/", ""),)
        raise


def run_function(action: str, folder: Path, values: Mapping[str, Any]) -> None:
    """Call `module:function` with the folder and the values."""
    resolve_name(action)(folder, **values)


def link_inputs(folder: Path, step: Step, graph: Graph) -> dict[str, Any]:
    """Link what a step may read: tables for a notebook, everything for what makes pages; its values, where what lies
    outside the project is named as it is linked, the same on every machine.
    """
    handed = graph.results.files(step.needs)
    readable = {name: path for name, path in handed.items() if not step.is_notebook or name.startswith("data/")}
    outside = {parameter: f"given/{parameter}/{Path(path).name}" for parameter, path in step.given.items()}
    links = graph.project.raw | readable | {outside[name]: Path(path) for name, path in step.given.items()}
    (folder / "data").mkdir(parents=True)
    for name, path in links.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).symlink_to(os.path.abspath(path))
    return {**step.values, **outside}
