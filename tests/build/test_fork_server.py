"""Processes of single steps: side by side, each with its own values, and never an orphan or litter."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from graphlib import TopologicalSorter
from pathlib import Path

import nbformat
import pytest

from helpers.build import fork_server
from helpers.build.fork_server import PREFIX, call, can_fork, end_all, run_folder
from helpers.build.notebooks import NotebookFailure, execute
from helpers.build.steps import CHAPTERS
from helpers.errors import ParameterProblem, Problem
from helpers.paths import DATA, NOTEBOOKS, PROJECT
from tests.build.notebooks import write_notebook
from tests.build.processes import all_end, descendants

needs_fork = pytest.mark.skipif(not can_fork(), reason="no forked execution here")
BOTH = [pytest.param("forked", marks=needs_fork), "ordinary"]

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


def soon(holds: Callable[[], bool], seconds: float = 20) -> bool:
    """Whether something comes true."""
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.02)
    return holds()


@pytest.fixture(params=BOTH)
def kernel(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("COMPUTE_CLAIMS_KERNEL", request.param)
    return request.param


@pytest.mark.usefixtures("kernel")
def test_notebooks_run_side_by_side_and_each_gets_its_own_values(tmp_path: Path) -> None:
    meet = (
        "import time\nfrom pathlib import Path\nPath(f'here-{n}').touch()\n"
        "deadline = time.monotonic() + 60\n"
        "while not Path(f'here-{1 - n}').exists() and time.monotonic() < deadline:\n    time.sleep(0.01)",
        "print(n, Path(f'here-{1 - n}').exists())",
    )
    sources = [write_notebook(tmp_path / f"{n}.ipynb", *meet, parameters="n: int = 5  # number") for n in range(2)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda n: execute(sources[n], tmp_path / "out" / f"{n}.ipynb", {"n": n}, tmp_path), range(2)))
    last = [nbformat.read(tmp_path / "out" / s.name, 4).cells[-1].outputs[0].text for s in sources]
    assert last == ["0 True\n", "1 True\n"]


@pytest.mark.usefixtures("kernel")
def test_record_of_a_failure_is_whole_and_nothing_else_is_left(tmp_path: Path) -> None:
    source = write_notebook(tmp_path / "n.ipynb", "print('before')", "1 / 0", "print('after')")
    with pytest.raises(NotebookFailure, match=r"n\.ipynb, cell 3 \(In \[3\]\): ZeroDivisionError: division by zero"):
        execute(source, tmp_path / "out" / "n.ipynb", {})
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["n.ipynb"]
    outputs = [o for c in nbformat.read(tmp_path / "out" / "n.ipynb", 4).cells for o in c.get("outputs", [])]
    assert [o.output_type for o in outputs] == ["stream", "error"]
    assert {path.name for path in run_folder().iterdir()} <= {p.name for p in run_folder().glob("pymp-*")}


def test_parameter_that_does_not_fit_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    source = write_notebook(tmp_path / "n.ipynb", "1", parameters="n: int = 5  # number")
    for values in ({"n": "five"}, {"m": 1}):
        with pytest.raises(ParameterProblem):
            execute(source, tmp_path / "out.ipynb", values)
    with pytest.raises(ParameterProblem, match=r"missing\.ipynb"):
        execute(tmp_path / "missing.ipynb", tmp_path / "out.ipynb", {})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["n.ipynb"]


def test_record_that_cannot_be_written_is_an_error_of_the_system(tmp_path: Path) -> None:
    source = write_notebook(tmp_path / "n.ipynb", "1")
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        execute(source, tmp_path / "file" / "n.ipynb", {})


@needs_fork
def test_what_a_notebook_left_running_ends_with_it(tmp_path: Path) -> None:
    source = write_notebook(tmp_path / "n.ipynb", "import subprocess\nprint(subprocess.Popen(['sleep', '300']).pid)")
    execute(source, tmp_path / "out.ipynb", {})
    number = int(nbformat.read(tmp_path / "out.ipynb", 4).cells[-1].outputs[0].text)
    assert all_end([number])


@needs_fork
def test_all_that_was_started_ends_on_request(tmp_path: Path) -> None:
    source = write_notebook(tmp_path / "n.ipynb", *SLEEPS)
    failures = []

    def run() -> None:
        try:
            execute(source, tmp_path / "out" / "n.ipynb", {})
        except NotebookFailure as failure:
            failures.append(str(failure))

    thread = threading.Thread(target=run)
    thread.start()
    numbers = [int(n) for n in wait_for(tmp_path / "started").split()]
    end_all()
    thread.join(60)
    assert all_end(numbers)
    assert failures == ["n.ipynb, cell 3: its kernel died; out of memory?"]


@needs_fork
@pytest.mark.parametrize(
    "blow", [signal.SIGKILL, *(pytest.param(blow, marks=pytest.mark.slow) for blow in (signal.SIGINT, signal.SIGTERM))]
)
def test_caller_that_is_ended_leaves_no_process_and_no_record(blow: int, tmp_path: Path) -> None:
    source = write_notebook(tmp_path / "n.ipynb", *SLEEPS)
    program = (
        "from pathlib import Path\nfrom helpers.build.notebooks import execute\n"
        f"execute(Path({str(source)!r}), Path({str(tmp_path / 'out.ipynb')!r}), {{}})\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(PROJECT / "src"), "TMPDIR": str(tmp_path / "t")}
    (tmp_path / "t").mkdir()
    caller = subprocess.Popen([sys.executable, "-c", program], env=environment, stderr=subprocess.DEVNULL)
    numbers = [int(n) for n in wait_for(tmp_path / "started").split()]
    below = descendants(caller.pid)
    caller.send_signal(blow)
    caller.wait(30)
    assert all_end([*below, *numbers])
    assert not (tmp_path / "out.ipynb").exists()
    assert soon(lambda: list((tmp_path / "t").iterdir()) == [])


@needs_fork
def test_fork_server_that_is_killed_takes_its_notebooks_along_and_another_is_started(tmp_path: Path) -> None:
    source = write_notebook(tmp_path / "n.ipynb", "import os\nos.getppid()")
    execute(source, tmp_path / "out.ipynb", {})
    servers = [pid for pid in descendants(os.getpid()) if b"forkserver" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    for pid in servers:
        os.kill(pid, signal.SIGKILL)
    assert all_end(servers)
    execute(source, tmp_path / "again.ipynb", {})


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """A process that has no folder for passing files yet."""
    fork_server.run_folder.cache_clear()
    yield monkeypatch
    fork_server.run_folder.cache_clear()


def test_litter_of_killed_processes_is_swept_and_that_of_others_is_not(
    tmp_path: Path, fresh: pytest.MonkeyPatch
) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    for name in (f"{ended.pid}-a", f"{os.getpid()}-b", "of-nobody"):
        (tmp_path / f"{PREFIX}{name}" / "deep").mkdir(parents=True)
    fresh.setattr(tempfile, "tempdir", str(tmp_path))
    fresh.setattr(fork_server, "LONGEST_TEMPORARY", 1000)
    own = run_folder().name
    assert own.startswith(f"{PREFIX}{os.getpid()}-")
    assert {path.name for path in tmp_path.iterdir()} == {own, f"{PREFIX}{os.getpid()}-b", f"{PREFIX}of-nobody"}


def test_long_temporary_folder_is_not_used_for_sockets(tmp_path: Path, fresh: pytest.MonkeyPatch) -> None:
    long = tmp_path / ("x" * 120)
    long.mkdir()
    fresh.setattr(tempfile, "tempdir", str(long))
    assert len(str(run_folder())) < 60
    shutil.rmtree(run_folder())


def test_caller_that_comes_to_its_end_leaves_nothing_in_the_temporary_folder(tmp_path: Path) -> None:
    source = write_notebook(tmp_path / "n.ipynb", "1")
    program = (
        "from pathlib import Path\nfrom helpers.build.notebooks import execute\n"
        f"execute(Path({str(source)!r}), Path({str(tmp_path / 'out.ipynb')!r}), {{}})\n"
    )
    (tmp_path / "t").mkdir()
    before = set(Path("/tmp").glob(f"{PREFIX}*"))
    environment = {**os.environ, "PYTHONPATH": str(PROJECT / "src"), "TMPDIR": str(tmp_path / "t")}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert soon(lambda: list((tmp_path / "t").iterdir()) == [])  # the fork server ends last, and tidies up
    assert not {path for path in set(Path("/tmp").glob(f"{PREFIX}*")) - before if str(os.getpid()) in path.name}


def double(number: int) -> int:
    if number < 0:
        raise Problem("less than nothing")
    if number > 99:
        os._exit(1)
    return 2 * number


@needs_fork
def test_function_is_called_in_a_process_of_its_own() -> None:
    assert call(double, 4) == 8
    assert call(os.getpid) != os.getpid()
    with pytest.raises(Problem, match="less than nothing"):
        call(double, -1)
    with pytest.raises(Problem, match="the process of double died; out of memory"):
        call(double, 100)


@pytest.mark.slow
@needs_fork
def test_every_notebook_of_the_project_is_the_same_both_ways(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for kernel in ("forked", "ordinary"):
        monkeypatch.setenv("COMPUTE_CLAIMS_KERNEL", kernel)
        found.append(executed(tmp_path / kernel))
    forked, ordinary = found
    assert forked.keys() == ordinary.keys()
    assert len([name for name in forked if name.startswith("records/")]) >= 9
    assert [name for name in forked if forked[name] != ordinary[name]] == []


def executed(staging: Path) -> dict[str, bytes]:
    """Every file that the project's notebooks leave, by name."""
    shutil.copytree(DATA / "raw", staging / "data" / "raw")
    shutil.copy(DATA / "datapackage.json", staging / "data")
    existing = {stage.name: stage for stage in CHAPTERS if (NOTEBOOKS / f"{stage.name}.ipynb").exists()}
    order = TopologicalSorter({name: stage.needs for name, stage in existing.items()})
    order.prepare()
    while order.is_active():
        for name in (ready := order.get_ready()):
            values = dict(existing[name].values)
            execute(NOTEBOOKS / f"{name}.ipynb", staging / "records" / f"{name}.ipynb", values, staging)
        order.done(*ready)
    files = (path for path in staging.rglob("*") if path.is_file())
    return {path.relative_to(staging).as_posix(): path.read_bytes() for path in files}
