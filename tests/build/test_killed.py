"""Builds in processes of their own: killed at any moment, alone or while another waits, they leave a whole report."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from helpers.build.project import Project
from helpers.paths import PROJECT
from tests.build import small
from tests.build.notebooks import write_notebook
from tests.build.test_build import left_behind
from tests.build.test_publish import tree

ENVIRONMENT = {
    **os.environ,
    "COMPUTE_CLAIMS_KERNEL": "ordinary",
    "PYTHONPATH": f"{PROJECT / 'src'}{os.pathsep}{PROJECT}",
}


def start(root: Path, version: int) -> subprocess.Popen[str]:
    """A build in a process of its own, begun."""
    command = [sys.executable, "-m", "tests.build.small", str(root), str(version)]
    process = subprocess.Popen(
        command, env=ENVIRONMENT, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == "begun\n"
    return process


def finish(root: Path, version: int) -> dict[str, bytes]:
    """A build that nobody disturbs; the report."""
    with start(root, version) as process:
        assert process.wait(60) == 0
    return tree(root / "report")


@pytest.fixture
def place(tmp_path: Path) -> Project:
    return small.project(tmp_path / "project")


def test_another_process_makes_no_records_again(place: Project) -> None:
    """What a set happens to be ordered by is no change."""
    times = []
    for _ in range(3):
        finish(place.root, 1)
        times.append((place.build / "records" / "manifest.json").stat().st_mtime_ns)
    assert len(set(times)) == 1


def test_what_a_kill_left_beside_a_whole_report_is_swept_though_nothing_is_to_be_built(place: Project) -> None:
    finish(place.root, 1)
    (place.root / "data" / ".processed-killed" / "new").mkdir(parents=True)
    finish(place.root, 1)
    assert left_behind(place.root) == []


def test_lock_goes_with_the_process_that_held_it(place: Project) -> None:
    for _ in range(3):
        with start(place.root, 1) as process:
            time.sleep(0.02)
            process.kill()
    assert b"version 1" in finish(place.root, 1)["index.html"]
    assert left_behind(place.root) == []


def test_two_builds_at_once_both_succeed(place: Project) -> None:
    with start(place.root, 1) as one, start(place.root, 2) as other:
        assert (one.wait(60), other.wait(60)) == (0, 0)
    pages = (place.root / "report" / "index.html").read_bytes()
    assert pages in (b"version 1: " + pages[11:], b"version 2: " + pages[11:])
    assert finish(place.root, 2) == tree(place.root / "report")
    assert left_behind(place.root) == []


@pytest.mark.slow
def test_builds_killed_at_random_moments_leave_one_whole_report_or_the_other(place: Project) -> None:
    whole = {}
    for version in (1, 2):
        begun = time.perf_counter()
        whole[version] = finish(place.root, version)
        took = time.perf_counter() - begun
    chance, seen = random.Random(0), set()
    for number in range(60):
        if number % 3 == 0:
            shutil.rmtree(place.build, ignore_errors=True)
        version = 1 + number % 2
        with start(place.root, version) as process:
            time.sleep(chance.uniform(0, took))
            process.kill()
        found = tree(place.root / "report")
        parts = [sorted({n for n in {*found, *one} if found.get(n) != one.get(n)}) for one in whole.values()]
        assert [] in parts, f"round {number}: part of one report, part of another: {min(parts, key=len)}"
        seen.add((version, found == whole[version]))
        if number % 5 == 4:
            assert finish(place.root, version) == whole[version]
            assert left_behind(place.root) == []
            assert os.listdir(place.root / "data" / "processed") == [f"{version}.csv"]
    assert len(seen) == 4  # some came in time, some did not


@pytest.mark.slow
def test_killed_builds_leave_no_process_behind(tmp_path: Path) -> None:
    """The real thing: notebooks in processes of their own, one of which sleeps."""
    root = small.project(tmp_path / "project").root
    mark = f"sleeper-{os.getpid()}"
    asleep = f"import subprocess, sys, time\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)', {mark!r}])\ntime.sleep(60)"
    write_notebook(root / "notebooks" / "01_asleep.ipynb", "# Asleep", asleep)
    code = (
        "from pathlib import Path; from helpers.build.build import build; from helpers.build.project import Project\n"
        "from helpers.build.steps import chapter\n"
        f"build({{}}, project=Project(Path({str(root)!r})), steps=[chapter('01_asleep')])"
    )
    before = tree(root / "report")
    for delay in (0.3, 1.0, 0.0):
        build = subprocess.Popen(
            [sys.executable, "-c", code],
            env={**ENVIRONMENT, "COMPUTE_CLAIMS_KERNEL": "forked"},
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        if delay:
            time.sleep(delay)
        else:
            wait_for(lambda: mentioned(mark), 60)
        family = descendants(build.pid)
        build.send_signal(signal.SIGKILL)
        build.wait()
        wait_for(lambda family=family: not [pid for pid in family if alive(pid)], 10)
        wait_for(lambda: not mentioned(mark), 10)
    assert tree(root / "report") == before


def wait_for(condition, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.05)


def mentioned(mark: str) -> list[str]:
    """Processes with this word in their command line."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if mark.encode() in place.read_bytes().split(b"\0"):
                found.append(place.parent.name)
        except OSError:
            continue
    return found


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def descendants(pid: int) -> list[int]:
    """All processes that a process has started, directly or not."""
    children: dict[int, list[int]] = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(place.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(place.parent.name))
    found, waiting = [], [pid]
    while waiting:
        some = children.get(waiting.pop(), [])
        found += some
        waiting += some
    return found
