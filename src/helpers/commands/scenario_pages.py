"""Pages of single scenarios: the scenario chapter run for each of them, here or on a Dask cluster.

A build makes none of them: they are the reader's, of a scenario of the project or of their own, with fields changed or
not. Wherever it is computed, the page is the same, byte for byte.
"""

import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from helpers.build.fork_server import call, end_all, run_folder
from helpers.build.notebooks import execute
from helpers.files import write_whole
from helpers.paths import NOTEBOOKS, REPORT
from helpers.scenarios.scenario import Scenario, read_scenario, scenario_names
from helpers.scenarios.workers import results, worker_pool

CHAPTER = NOTEBOOKS / "06_scenario.ipynb"


def render_scenarios(scenarios: Sequence[str], changes: Mapping[str, Any], scheduler: str = "") -> Iterator[Path]:
    """Render scenarios, by name or path, to pages in `report/scenarios`, each put there whole, here or by a scheduler.

    A name with changed fields gets a page called `<name>-changed`. One that cannot be used is refused before any runs.
    """
    asked = [read_scenario(one).changed(changes, "--set") for one in scenarios]
    own = {*scenario_names()} if changes else set[str]()
    for one, html in pages([replace(s, name=f"{s.name}-changed") if s.name in own else s for s in asked], scheduler):
        target = REPORT / "scenarios" / f"{one.name}.html"
        write_whole(target, html)
        yield target


def pages(scenarios: Sequence[Scenario], scheduler: str = "") -> Iterator[tuple[Scenario, str]]:
    """Pages as they come, several at once; each worker of a cluster keeps a fork server of its own."""
    with worker_pool(min(len(scenarios), os.cpu_count() or 1), scheduler) as pool:
        try:
            for number, html in results(pool, rendered, ((scenario,) for scenario in scenarios)):
                yield scenarios[number], html
        except BaseException:
            end_all()
            raise


def rendered(scenario: Scenario) -> str:
    """The page of a scenario, executed in a process of its own."""
    with tempfile.TemporaryDirectory(dir=run_folder()) as place:
        executed, own = Path(place) / CHAPTER.name, f"{scenario.name}.json"
        (executed.parent / own).write_text(json.dumps(scenario.given), encoding="utf-8")
        execute(CHAPTER, executed, {"scenario": own}, executed.parent)
        return str(call(_scenario_page, executed, scenario))


def _scenario_page(executed: Path, scenario: Scenario) -> str:
    from helpers.report.chapter_html import render_chapter
    from helpers.report.page import page

    about = f"What would it take? The scenario {scenario.name} of Compute Claims."
    return page([render_chapter(executed)], scenario.title, about, "../index.html")
