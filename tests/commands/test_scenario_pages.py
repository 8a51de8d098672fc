"""Pages of single scenarios: the same bytes here and on a Dask cluster; a build leaves them alone."""

from pathlib import Path

import pytest

from helpers.build.project import Project
from helpers.build.publish import own_pages
from helpers.commands.scenario_pages import pages
from helpers.scenarios.scenario import from_mapping
from tests.scenarios.test_workers import address_of, scheduler, start_worker, stop

__all__ = ["scheduler"]
GIVEN = {"tokens": 2e11, "accelerator": "A100", "count": 256}
SCENARIOS = [from_mapping({"title": f"Mine {n}", "params": n * 1e9, **GIVEN}, f"mine-{n}") for n in (7, 13)]


@pytest.mark.slow
def test_pages_are_the_same_on_a_cluster(scheduler: str, tmp_path: Path) -> None:
    here = {one.name: html for one, html in pages(SCENARIOS)}
    assert "7 billion" in here["mine-7"]
    assert "13 billion" in here["mine-13"]
    workers = [start_worker(scheduler, tmp_path / name) for name in ("first", "second")]
    try:
        there = {one.name: html for one, html in pages(SCENARIOS, address_of(scheduler))}
    finally:
        for worker in workers:
            stop(worker)
    assert there == here


def test_a_build_keeps_pages_of_the_reader(tmp_path: Path) -> None:
    project = Project(root=tmp_path)
    assert own_pages(project) == {}
    page = tmp_path / "report" / "scenarios" / "mine.html"
    page.parent.mkdir(parents=True)
    page.write_text("mine")
    assert own_pages(project) == {"report/scenarios/mine.html": page}
