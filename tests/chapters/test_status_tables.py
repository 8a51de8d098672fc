"""What the page says about its own making."""

import re

import pandas as pd

from helpers.chapters.status_tables import FLOOR, OURS, notebook_seconds, package_versions, task_seconds
from helpers.ledger.tables import Tables
from helpers.paths import PROJECT

TIMINGS = pd.DataFrame(
    [
        ("slow", "slow 1.0", "full build", "", 20.0),
        ("slow", "slow 1.0", "pages", "20", 80.0),
        (OURS, "", "full build", "", 5.0),
        (OURS, "", "no change", "", 0.05),
        (OURS, "", "notebook", "02_scale", 1.0),
        (OURS, "", "notebook", "01_dataset", 2.0),
    ],
    columns=["tool", "version", "task", "subject", "seconds"],
)


def test_notebooks_stand_with_the_slowest_first() -> None:
    assert notebook_seconds(TIMINGS).to_dict("list") == {"notebook": ["01_dataset", "02_scale"], "seconds": [2.0, 1.0]}


def test_tasks_have_a_row_for_each_way_and_blanks_where_nothing_was_measured() -> None:
    table = task_seconds(TIMINGS)
    assert list(table["tool"]) == [OURS, "slow"]
    assert list(table["full"]) == [5.0, 20.0]
    assert list(table["same"].isna()) == [False, True]
    assert list(table["version"]) == ["", "slow 1.0"]


def test_recorded_times_are_of_this_projects_notebooks_and_of_one_run(raw_tables: Tables) -> None:
    timings = raw_tables["timings"]
    assert {FLOOR, OURS} <= set(timings["tool"])
    assert len(set(zip(timings["date"], timings["machine"], timings["python"], strict=True))) == 1
    notebooks = {path.stem for path in (PROJECT / "notebooks").glob("*.ipynb")}
    assert set(notebook_seconds(timings)["notebook"]) <= notebooks


def test_versions_are_in_the_lock() -> None:
    lock = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
    versions = package_versions()
    assert len(versions) > 10
    for package, version in versions.itertuples(index=False):
        assert re.search(rf"^{package}=={re.escape(version)}\b", lock, flags=re.M | re.I)
