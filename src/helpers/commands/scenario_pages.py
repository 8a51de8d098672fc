"""Pages of single scenarios: the scenario chapter run for each of them, here or on a Dask cluster.

The project's own scenarios are stages of the build. What is rendered here is a reader's: a file of theirs, or a
scenario with fields changed. Wherever it is computed, the page is the same, byte for byte.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from helpers.build.fork_server import call, end_all, run_folder
from helpers.build.notebooks import execute
from helpers.files import sha256
from helpers.paths import NOTEBOOKS

CHAPTER = NOTEBOOKS / "06_scenario.ipynb"


@dataclass(frozen=True)
class Order:
    """A page to be made: its name, its title, and what the scenario gives, as JSON."""

    name: str
    title: str
    given: str


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

    return single(
        executed, order.title, f"What would it take? The scenario {order.name} of Compute Claims.", "../index.html"
    )


def render_here(orders: Sequence[Order], workers: int) -> Iterator[tuple[Order, str]]:
    """Pages as they come, several at once."""
    from concurrent.futures import ThreadPoolExecutor

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
    """Pages as they come from the workers of a Dask cluster, each of which keeps a fork server of its own.

    Raises:
        Problem: no scheduler or no worker answers, or a worker has another version of the project.
    """
    from helpers.scenarios.sweep_cluster import computed, connected

    with connected(address) as client:
        tasks: Iterable[tuple[int, tuple[Any, ...]]] = ((n, (order, sources())) for n, order in enumerate(orders))
        for number, html in computed(client, render_remotely, tasks, f"page-{sources()[:16]}"):
            yield orders[number], html


def render_remotely(order: Order, expected: str) -> str:
    """What a worker runs.

    Raises:
        Problem: the worker has another version of the project.
    """
    from helpers.scenarios.sweep_cluster import OTHER_VERSION

    if sources() != expected:
        raise OTHER_VERSION
    return rendered(order)


@cache
def sources() -> str:
    """SHA-256 of all that decides over a page: the package, the notebook, the raw tables."""
    from helpers.build.project import SOURCE
    from helpers.paths import RAW

    package = SOURCE / "helpers"
    files = [p for p in package.rglob("*") if p.is_file() and p.suffix != ".pyc"] + [
        p for p in RAW.iterdir() if p.is_file()
    ]
    named = sorted((p.name, sha256(p.read_bytes())) for p in [*files, CHAPTER])
    return sha256(repr(named).encode())
