"""What several tests share: a data folder without a fault, and one build of the report."""

import fcntl
import os
import shutil
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import settings

from helpers.ledger.judgement import judge_claims
from helpers.ledger.knowledge import Knowledge
from helpers.ledger.processed import process
from helpers.ledger.tables import Tables, read_raw
from helpers.paths import DATA
from tests import samples

# No time limit for an example: a busy machine is no mistake. In CI the same examples each time.
settings.register_profile("project", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("project")

# Where a case takes a second or more, the first case of a test is run every time; the others are slow proofs.
DEAR = (
    "tests/browser/",
    "tests/hostile/",
    "tests/ledger/test_dataset.py",
    "tests/ledger/test_own_ledger.py",
    "tests/ledger/test_tables.py",
    "tests/reader/test_labelled.py",
    "tests/reader/test_quantities_properties.py",
    "tests/report/test_controls.py",
    "tests/report/test_explorer.py",
    "tests/report/test_figures.py",
    "tests/report/test_page.py",
)
FIRST_CASES = 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `make test` leaves to `make test-slow`."""
    cases = Counter[str]()
    for item in items:
        test, case, _ = item.nodeid.partition("[")
        if case and test.startswith(DEAR) and item.get_closest_marker("slow") is None:
            cases[test] += 1
            if cases[test] > FIRST_CASES:
                item.add_marker("slow")


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A small data folder without a fault."""
    return samples.write_data(tmp_path / "data", samples.rows())


@pytest.fixture(scope="session")
def raw_tables() -> Tables:
    """The project's hand-kept tables, validated."""
    return read_raw(DATA)


@pytest.fixture(scope="session")
def real_tables(raw_tables: Tables) -> Tables:
    """The project's own dataset, from the tables that are kept by hand."""
    return process(raw_tables)


@pytest.fixture(scope="session")
def real_verdicts(real_tables: Tables) -> pd.DataFrame:
    """The verdict on every claim of the project."""
    return judge_claims(real_tables)


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """What a scan of an article knows."""
    return Knowledge(DATA)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report and the dataset, built once into a folder that all workers of this session share."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    target = shared / "built"
    with (shared / "built.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (target / "done").exists():
            from helpers.build.build import build
            from helpers.build.project import Project

            build({}, project=Project(into=target))
            (target / "data" / "raw").mkdir()
            for name in ("datapackage.json", "raw/references.bib"):  # what reading the dataset takes besides
                shutil.copy(DATA / name, target / "data" / name)
            (target / "done").touch()
    return target


@pytest.fixture(scope="session")
def article_texts() -> str:
    """The folder with the articles' texts, which are not part of the project."""
    folder = os.environ.get("ARTICLE_TEXTS", "")
    if not folder:
        pytest.skip("ARTICLE_TEXTS names no folder with the articles' texts")
    return folder
