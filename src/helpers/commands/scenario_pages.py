"""Pages of single scenarios: the scenario chapter run for each of them, here or on a Dask cluster.

A build makes none of them: they are the reader's, of a scenario of the project or of their own, with fields changed or
not. Wherever it is computed, the page is the same, byte for byte.
"""

import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from helpers.build.fork_server import call, end_all, run_folder
from helpers.build.notebooks import execute
from helpers.files import write_whole
from helpers.paths import NOTEBOOKS, REPORT
from helpers.scenarios.scenario import read_scenario, scenario_names
from helpers.scenarios.workers import results, worker_pool

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
    for order, html in pages(orders, scheduler):
        target = REPORT / "scenarios" / f"{order.name}.html"
        write_whole(target, html)
        yield target


def pages(orders: Sequence[Order], scheduler: str = "") -> Iterator[tuple[Order, str]]:
    """Pages as they come, several at once; each worker of a cluster keeps a fork server of its own."""
    with worker_pool(min(len(orders), os.cpu_count() or 1), scheduler) as pool:
        try:
            for number, html in results(pool, rendered, ((order,) for order in orders)):
                yield orders[number], html
        except BaseException:
            end_all()
            raise


def rendered(order: Order) -> str:
    """The page of a scenario, executed in a process of its own."""
    with tempfile.TemporaryDirectory(dir=run_folder()) as place:
        folder = Path(place)
        (folder / f"{order.name}.json").write_text(order.given, encoding="utf-8")
        executed = folder / CHAPTER.name
        execute(CHAPTER, executed, {"scenario": f"{order.name}.json"}, folder)
        return str(call(_page, executed, order))


def _page(executed: Path, order: Order) -> str:
    from helpers.report.chapter_html import render_chapter
    from helpers.report.page import page

    about = f"What would it take? The scenario {order.name} of Compute Claims."
    return page([render_chapter(executed)], order.title, about, "../index.html")
