"""The workshop: what it tells of a notebook, that it leaves whole records, and never an orphan."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import nbformat
import pytest

from helpers.errors import ParameterProblem
from helpers.paths import DATA, NOTEBOOKS, PROJECT
from helpers.build import forkserver
from helpers.build.forkserver import Workshop
from helpers.build.notebooks import NotebookFailure
from helpers.build.stages import CHAPTERS
from helpers.build.warm import can_fork
from tests.build.notebooks import write_notebook
from tests.build.processes import all_end, descendants

needs_fork = pytest.mark.skipif(not can_fork(), reason="no forked execution here")
BOTH = [pytest.param(True, marks=needs_fork, id="forked"), pytest.param(False, id="ordinary")]

# Leaves its own number and that of a program that it started, then sleeps.
SLEEPS = (
    "import os, subprocess, time",
    "program = subprocess.Popen(['sleep', '300'])\n"
    "open('numbers', 'w').write(f'{os.getpid()} {program.pid}')\n"
    "os.rename('numbers', 'started')\ntime.sleep(300)",
)


def wait_for(what: Path, seconds: float = 60) -> str:
    """Contents of a file that another process writes."""
    deadline = time.monotonic() + seconds
    while not what.exists():
        assert time.monotonic() < deadline, f"no {what.name}"
        time.sleep(0.02)
    return what.read_text()


@pytest.fixture(params=BOTH)
def shop(request: pytest.FixtureRequest) -> Iterator[Workshop]:
    with Workshop(workers=2, forked=request.param) as workshop:
        yield workshop


def test_tells_what_a_notebook_read_and_imported(shop: Workshop, tmp_path: Path) -> None:
    work = tmp_path / "work"
    (work / "data" / "deep").mkdir(parents=True)
    for name in ("data/a.csv", "data/deep/b.txt", "unread.txt", "data/old.txt"):
        (work / name).write_text("x\n1\n")
    (tmp_path / "outside.txt").write_text("x")
    source = write_notebook(
        tmp_path / "n.ipynb",
        "import pandas as pd\npd.read_csv('data/a.csv')\nopen('../outside.txt').read()",
        "from pathlib import Path\nPath('data/deep/b.txt').read_text()\nPath('made.txt').write_text('1')\nPath('made.txt').read_text()",
        "import os\nos.listdir('data')\nPath('data/old.txt').unlink()\nimport helpers.numbers",
    )
    finished = shop.submit(source, work / "out" / "n.ipynb", {}, work).result()
    assert finished.files_read == tuple(str(work / name) for name in ("data/a.csv", "data/deep/b.txt"))
    assert finished.folders_listed == (str(work / "data"),)
    assert "helpers.numbers" in finished.modules
    assert not any("pipeline.cells" in name or "papermill" in name for name in finished.modules)
    assert finished.seconds > 0
    assert finished.max_rss_bytes > 20_000_000


def test_notebooks_run_side_by_side_and_each_gets_its_own_values(shop: Workshop, tmp_path: Path) -> None:
    meet = (
        "import time\nfrom pathlib import Path\nPath(f'here-{n}').touch()\n"
        "deadline = time.monotonic() + 60\n"
        "while not Path(f'here-{1 - n}').exists() and time.monotonic() < deadline:\n    time.sleep(0.01)",
        "print(n, Path(f'here-{1 - n}').exists())",
    )
    sources = [write_notebook(tmp_path / f"{n}.ipynb", *meet, parameters="n: int = 5  # number") for n in range(2)]
    futures = [shop.submit(s, tmp_path / "out" / s.name, {"n": n}, tmp_path) for n, s in enumerate(sources)]
    for future in futures:
        future.result()
    last = [nbformat.read(tmp_path / "out" / s.name, 4).cells[-1].outputs[0].text for s in sources]
    assert last == ["0 True\n", "1 True\n"]


def test_parameter_that_does_not_fit_is_refused_and_nothing_is_written(shop: Workshop, tmp_path: Path) -> None:
    source = write_notebook(tmp_path / "n.ipynb", "1", parameters="n: int = 5  # number")
    for values in ({"n": "five"}, {"m": 1}):
        with pytest.raises(ParameterProblem):
            shop.submit(source, tmp_path / "out.ipynb", values).result()
    with pytest.raises(ParameterProblem, match=r"missing\.ipynb"):
        shop.submit(tmp_path / "missing.ipynb", tmp_path / "out.ipynb", {}).result()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["n.ipynb"]


def test_record_of_a_failure_is_whole_and_nothing_else_is_left(shop: Workshop, tmp_path: Path) -> None:
    source = write_notebook(tmp_path / "n.ipynb", "print('before')", "1 / 0", "print('after')")
    with pytest.raises(NotebookFailure, match=r"n\.ipynb, cell 3 \(In \[3\]\): ZeroDivisionError: division by zero"):
        shop.submit(source, tmp_path / "out" / "n.ipynb", {}).result()
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["n.ipynb"]
    outputs = [o for c in nbformat.read(tmp_path / "out" / "n.ipynb", 4).cells for o in c.get("outputs", [])]
    assert [o.output_type for o in outputs] == ["stream", "error"]


def test_record_that_cannot_be_written_is_an_error_of_the_system(shop: Workshop, tmp_path: Path) -> None:
    source = write_notebook(tmp_path / "n.ipynb", "1")
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        shop.submit(source, tmp_path / "file" / "n.ipynb", {}).result()


def test_cell_that_takes_too_long_is_named(tmp_path: Path) -> None:
    source = write_notebook(tmp_path / "n.ipynb", "1", "import time\ntime.sleep(60)")
    with (
        Workshop(workers=1, cell_timeout_s=1) as shop,
        pytest.raises(NotebookFailure, match=r"n\.ipynb, cell 3: took longer"),
    ):
        shop.submit(source, tmp_path / "out.ipynb", {}).result()


@needs_fork
def test_what_a_notebook_left_running_ends_with_it(tmp_path: Path) -> None:
    source = write_notebook(tmp_path / "n.ipynb", "import subprocess\nprint(subprocess.Popen(['sleep', '300']).pid)")
    with Workshop(workers=1) as shop:
        shop.submit(source, tmp_path / "out.ipynb", {}).result()
        number = int(nbformat.read(tmp_path / "out.ipynb", 4).cells[-1].outputs[0].text)
        assert all_end([number])


@needs_fork
def test_error_in_the_caller_ends_every_process(tmp_path: Path) -> None:
    source = write_notebook(tmp_path / "n.ipynb", *SLEEPS)
    before = set(descendants(os.getpid()))
    futures, numbers, below = [], [], set()

    def interrupted() -> None:
        with Workshop(workers=1) as shop:
            futures.extend(shop.submit(source, tmp_path / f"{n}.ipynb", {}) for n in range(2))
            numbers.extend(int(n) for n in wait_for(tmp_path / "started").split())
            below.update(set(descendants(os.getpid())) - before)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert all_end([*numbers, *below])
    assert len(below) >= 4  # two warm processes, papermill and the cells
    assert isinstance(futures[0].exception(), NotebookFailure)
    assert futures[1].cancelled()
    assert not list(tmp_path.glob("[01].ipynb"))


FORKED_ENDS = [pytest.param(True, blow, marks=needs_fork) for blow in (signal.SIGKILL, signal.SIGINT, signal.SIGTERM)]
ORDINARY_END = pytest.param(False, signal.SIGKILL, marks=pytest.mark.slow)  # Jupyter's kernels take long to end


@pytest.mark.parametrize(("forked", "blow"), [*FORKED_ENDS, ORDINARY_END])
def test_caller_that_is_ended_leaves_no_process_and_no_record(forked: bool, blow: int, tmp_path: Path) -> None:
    source = write_notebook(tmp_path / "n.ipynb", SLEEPS[0], SLEEPS[1].replace("'sleep', '300'", "'sleep', '0'"))
    program = (
        "import signal\nfrom pathlib import Path\nfrom helpers.build.forkserver import Workshop\n"
        f"with Workshop(workers=1, forked={forked}) as shop:\n"
        f"    shop.submit(Path({str(source)!r}), Path({str(tmp_path / 'out.ipynb')!r}), {{}}).result()\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(PROJECT / "src")}
    caller = subprocess.Popen([sys.executable, "-c", program], env=environment, stderr=subprocess.DEVNULL)
    wait_for(tmp_path / "started")
    below = descendants(caller.pid)
    assert len(below) >= 2
    caller.send_signal(blow)
    caller.wait(30)
    assert all_end(below)
    assert not (tmp_path / "out.ipynb").exists()


@needs_fork
def test_warm_process_that_is_killed_takes_its_notebooks_along(tmp_path: Path) -> None:
    source = write_notebook(tmp_path / "n.ipynb", *SLEEPS)
    with Workshop(workers=1) as shop:
        future = shop.submit(source, tmp_path / "out.ipynb", {})
        cells = int(wait_for(tmp_path / "started").split()[0])
        os.kill(shop._warm[0]._process.pid, signal.SIGKILL)
        with pytest.raises(NotebookFailure, match=r"n\.ipynb"):
            future.result(60)
        assert all_end([cells])
        shop.renew()
        assert shop.submit(write_notebook(tmp_path / "m.ipynb", "1"), tmp_path / "m-out.ipynb", {}).result().seconds > 0


def test_stale_when_packages_or_the_lock_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("a==1\n")
    monkeypatch.setattr(forkserver, "PROJECT", tmp_path)
    with Workshop(workers=1) as shop:
        assert not shop.stale()
        lock.write_text("a==1.1\n")
        assert shop.stale()
        shop.renew()
        assert not shop.stale()
        monkeypatch.setattr(sys, "executable", "/bin/sh")
        assert shop.stale()


@pytest.mark.slow
@needs_fork
def test_every_notebook_of_the_project_is_the_same_both_ways(tmp_path: Path) -> None:
    forked, ordinary = (executed(tmp_path / str(way), way) for way in (True, False))
    assert forked.keys() == ordinary.keys()
    assert len([name for name in forked if name.startswith("records/")]) >= 9
    assert [name for name in forked if forked[name] != ordinary[name]] == []


def executed(staging: Path, forked: bool) -> dict[str, bytes]:
    """Every file that the project's notebooks leave, by name."""
    shutil.copytree(DATA / "raw", staging / "data" / "raw")
    shutil.copy(DATA / "datapackage.json", staging / "data")
    existing = {stage.name: stage for stage in CHAPTERS if (NOTEBOOKS / f"{stage.name}.ipynb").exists()}
    order = TopologicalSorter({name: stage.needs for name, stage in existing.items()})
    order.prepare()
    with Workshop(workers=2, forked=forked) as shop:
        while order.is_active():
            ready = order.get_ready()
            futures = [
                shop.submit(
                    NOTEBOOKS / f"{name}.ipynb",
                    staging / "records" / f"{name}.ipynb",
                    dict(existing[name].folders),
                    staging,
                )
                for name in ready
            ]
            for future in futures:
                future.result()
            order.done(*ready)
    files = (path for path in staging.rglob("*") if path.is_file())
    return {path.relative_to(staging).as_posix(): path.read_bytes() for path in files}
