"""Pages of single scenarios: the scenario chapter run for each of them, here or on a Dask cluster.

The project's own scenarios are stages of the build. What is rendered here is a reader's: a file of theirs, or a
scenario with fields changed. Wherever it is computed, the page is the same, byte for byte.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from helpers.build.fork_server import call, end_all, run_folder
from helpers.build.notebooks import execute
from helpers.build.project import SOURCE
from helpers.files import sha256, write_whole
from helpers.paths import NOTEBOOKS, RAW, REPORT
from helpers.scenarios.scenario import read_scenario, scenario_names
from helpers.scenarios.sweep_cluster import OTHER_VERSION, computed, connected

CHAPTER = NOTEBOOKS / "06_scenario.ipynb"


class Order(NamedTuple):
    """A page to be made: its name, its title, and what the scenario gives, as JSON."""

    name: str
    title: str
    given: str


def render(scenarios: Sequence[str], changes: Mapping[str, Any], scheduler: str = "") -> Iterator[Path]:
    """Render scenarios, by name or path, to pages in `report/scenarios`, each put there whole, here or by a scheduler.

    A name with changed fields gets a page called `<name>-changed`. One that cannot be used is refused before any runs.
    """
    orders = []
    for asked in (read_scenario(one).changed(changes, "--set") for one in scenarios):
        name = f"{asked.name}-changed" if changes and asked.name in scenario_names() else asked.name
        orders.append(Order(name, asked.title, json.dumps(asked.given)))
    workers = min(len(orders), os.cpu_count() or 1)
    made = render_on_cluster(orders, scheduler) if scheduler else render_here(orders, workers)
    for order, html in made:
        target = REPORT / "scenarios" / f"{order.name}.html"
        write_whole(target, html)
        yield target


def rendered(order: Order) -> str:
    """The page of a scenario, executed in a process of its own."""
    with tempfile.TemporaryDirectory(dir=run_folder()) as place:
        folder = Path(place)
        (folder / f"{order.name}.json").write_text(order.given, encoding="utf-8")
        executed = folder / CHAPTER.name
        execute(CHAPTER, executed, {"scenario": f"{order.name}.json"}, folder)
        return str(call(_page, executed, order))


def _page(executed: Path, order: Order) -> str:
    from helpers.report.page import single

    about = f"What would it take? The scenario {order.name} of Compute Claims."
    return single(executed, order.title, about, "../index.html")


def render_here(orders: Sequence[Order], workers: int) -> Iterator[tuple[Order, str]]:
    """Pages as they come, several at once."""
    with ThreadPoolExecutor(workers) as pool:
        futures = {pool.submit(rendered, order): order for order in orders}
        try:
            for future in as_completed(futures):
                yield futures[future], future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            end_all()
            raise


def render_on_cluster(orders: Sequence[Order], address: str) -> Iterator[tuple[Order, str]]:
    """Pages as they come from the workers of a Dask cluster, each of which keeps a fork server of its own."""
    with connected(address) as client:
        tasks = ((number, (order, sources())) for number, order in enumerate(orders))
        for number, html in computed(client, render_remotely, tasks, f"page-{sources()[:16]}"):
            yield orders[number], html


def render_remotely(order: Order, expected: str) -> str:
    """What a worker runs; it must have the same version of the project."""
    if sources() != expected:
        raise OTHER_VERSION
    return rendered(order)


@cache
def sources() -> str:
    """SHA-256 of all that decides over a page: the package, the notebook, the raw tables."""
    found = [*(SOURCE / "helpers").rglob("*"), *RAW.iterdir(), CHAPTER]
    named = sorted((p.name, sha256(p.read_bytes())) for p in found if p.is_file() and p.suffix != ".pyc")
    return sha256(repr(named).encode())
