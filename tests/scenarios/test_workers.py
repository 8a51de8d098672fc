"""Sweeps on a real Dask cluster on the loopback: the same bytes, even when a worker is killed in mid-sweep."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.errors import Problem
from helpers.scenarios import sweep as sweeps
from helpers.scenarios import workers as computing
from helpers.scenarios.sweep import part_bytes, sweep
from helpers.scenarios.sweep_grid import SweepGrid
from helpers.scenarios.workers import as_here, cluster
from tests.scenarios.sweeps import small_grid
from tests.scenarios.test_sweep import hashes

distributed = pytest.importorskip("distributed")


def start(*arguments: str) -> subprocess.Popen[bytes]:
    """One of Dask's commands, in a process group of its own."""
    command = [sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:]]
    return subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def stop(process: subprocess.Popen[bytes], signal_number: int = signal.SIGTERM) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal_number)
    process.wait(timeout=20)


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    place = tmp_path_factory.mktemp("dask") / "scheduler.json"
    process = start(
        "dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(place)
    )
    try:
        yield str(place)
    finally:
        stop(process)


def start_worker(scheduler: str, folder: Path) -> subprocess.Popen[bytes]:
    arguments = ["--scheduler-file", scheduler, "--host", "127.0.0.1", "--nthreads", "1", "--nworkers", "1"]
    return start("dask_worker", *arguments, "--no-nanny", "--no-dashboard", "--local-directory", str(folder))


def address_of(scheduler: str) -> str:
    import json

    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            return str(json.loads(Path(scheduler).read_text())["address"])
        except (OSError, ValueError):
            time.sleep(0.05)
    raise AssertionError("the scheduler did not start")


def slowly(grid: SweepGrid, number: int) -> bytes:
    time.sleep(0.05)
    return part_bytes(grid, number)


@pytest.mark.slow
def test_a_worker_killed_in_mid_sweep_costs_nothing(
    scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeps, "part_bytes", slowly)
    grid = small_grid(samples=2000, count_steps=400)  # 3.2 million rows, 13 parts
    workers = [start_worker(scheduler, tmp_path / name) for name in ("first", "second")]
    address = address_of(scheduler)
    alone, shared = tmp_path / "alone", tmp_path / "shared"

    def kill_one() -> None:
        while len(list(shared.glob("part-*"))) < 3:
            time.sleep(0.005)
        stop(workers[0], signal.SIGKILL)

    try:
        with distributed.Client(address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
            killer = threading.Thread(target=kill_one, daemon=True)
            killer.start()
            sweep(grid, shared, scheduler=address)
            killer.join(timeout=20)
            assert len(client.scheduler_info()["workers"]) == 1
        monkeypatch.undo()
        sweep(grid, alone)
        assert hashes(alone) == hashes(shared)
        assert len(hashes(alone)) == sweeps.part_count(grid) == 13
    finally:
        for worker in workers:
            stop(worker)


@pytest.mark.slow
def test_a_scheduler_killed_in_mid_sweep_is_one_line_and_what_was_done_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeps, "part_bytes", slowly)
    place, grid, shared = tmp_path / "scheduler.json", small_grid(samples=2000, count_steps=400), tmp_path / "shared"
    lost = start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(place))  # fmt: skip
    address = address_of(str(place))
    worker = start_worker(str(place), tmp_path / "worker")

    def kill() -> None:
        while len(list(shared.glob("part-*"))) < 2:
            time.sleep(0.005)
        stop(lost, signal.SIGKILL)

    try:
        threading.Thread(target=kill, daemon=True).start()
        with pytest.raises(Problem, match="scheduler was lost; what was done is kept"):
            sweep(grid, shared, scheduler=address)
        assert 2 <= len(list(shared.glob("part-*"))) < sweeps.part_count(grid)
    finally:
        stop(worker, signal.SIGKILL)
        stop(lost, signal.SIGKILL)


def test_a_worker_with_other_code_is_refused() -> None:
    with pytest.raises(Problem, match="another version of helpers"):
        as_here("other", part_bytes, small_grid(), 0)


def test_no_scheduler_and_no_worker_are_one_line(
    scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(computing, "WAIT_S", 1)
    with (
        pytest.raises(Problem, match=r"--scheduler tcp://127.0.0.1:9: no Dask scheduler answers"),
        cluster("tcp://127.0.0.1:9"),
    ):
        pass
    with pytest.raises(Problem, match="has no worker"):
        sweep(small_grid(), tmp_path / "out", scheduler=address_of(scheduler))
    assert not (tmp_path / "out").exists()


def test_the_sources_name_all_that_decides() -> None:
    assert len(computing.sources_sha256()) == 64


@pytest.mark.parametrize("says", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n"], ids=["nothing", "as a web server"])
def test_a_server_that_is_no_scheduler_is_one_line_within_the_time(
    says: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(computing, "WAIT_S", 1)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            with contextlib.suppress(OSError):
                client, _ = server.accept()
                client.sendall(says)
                client.recv(1 << 20)  # and then nothing

        threading.Thread(target=answer, daemon=True).start()
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        started = time.monotonic()
        with pytest.raises(Problem, match=f"--scheduler {address}: no Dask scheduler answers"), cluster(address):
            pass
        assert time.monotonic() - started < 10
