"""Sweeps on a Dask cluster that is running already: `--scheduler tcp://host:port`.

Workers compute parts and hand the bytes back; only the caller writes. So no file system need be shared, a
worker that dies costs its unfinished parts only, and the folder is the same, byte for byte, as without cluster.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import helpers
from helpers.errors import Problem
from helpers.scenarios.sweep import Compute, part_bytes
from helpers.scenarios.sweep_grid import SweepGrid

if TYPE_CHECKING:
    from distributed import Client

AHEAD = 2  # parts under way for each thread of the cluster: enough to keep it busy, few enough to stay small
WAIT_S = 10
NOT_INSTALLED = Problem("--scheduler needs the package distributed. Mend: pip install 'compute-claims[cluster]'")
LOST = Problem("the scheduler was lost; what was done is kept. Mend: the same command, with one that runs, goes on")
OTHER_VERSION = Problem("a worker has another version of helpers. Mend: install this one on every worker")


@cache
def fingerprint() -> str:
    """SHA-256 of the sources that decide a row; a worker with others would compute something else in silence."""
    root, folders = Path(helpers.__file__).parent, ("formulas", "timing", "scenarios")
    files = sorted(p for name in folders for p in (root / name).iterdir() if p.suffix in (".py", ".json", ".csv"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def remote_part(grid: SweepGrid, number: int, code: str) -> bytes:
    """What a worker runs; a Problem where it has another version of the project."""
    if fingerprint() != code:
        raise OTHER_VERSION
    return part_bytes(grid, number)


@contextmanager
def connected(address: str) -> Iterator[Client]:
    """A client of the scheduler at `address`.

    Raises:
        Problem: nobody answers, or the package is missing.
    """
    import asyncio  # only here: it takes as long to import as an answer to work out

    try:
        from distributed import Client
        from distributed.core import rpc
    except ImportError:
        raise NOT_INSTALLED from None

    async def identity() -> None:
        async with rpc(address, timeout=WAIT_S) as scheduler:
            await scheduler.identity()

    try:
        asyncio.run(asyncio.wait_for(identity(), WAIT_S))  # a client would try again for minutes
        client = Client(address, timeout=WAIT_S, set_as_default=False)
    except Exception as error:  # whatever a server says that is no scheduler: sizes, types and bytes of any kind
        reason = f"no Dask scheduler answers there ({(str(error) or type(error).__name__).splitlines()[0]})"
        raise Problem(f"--scheduler {address}: {reason}; accepted: tcp://host:port") from None
    try:
        yield client
    finally:
        client.close()


def on_cluster(client: Client, grid: SweepGrid) -> Compute:
    """The way to compute parts that `sweep` takes, on the workers of a cluster."""

    def compute(numbers: list[int]) -> Iterable[tuple[int, bytes]]:
        tasks = ((number, (grid, number, fingerprint())) for number in numbers)
        return computed(client, remote_part, tasks, f"sweep-{grid.key[:16]}")

    return compute


def computed(
    client: Client, function: Any, tasks: Iterable[tuple[int, tuple[Any, ...]]], name: str
) -> Iterator[tuple[int, Any]]:
    """Results by number as they come; tasks of a worker that dies are given to another.

    Raises:
        Problem: no worker joins, the scheduler was lost, or task after task kills its worker.
    """
    from distributed import as_completed
    from distributed.scheduler import KilledWorker

    window = AHEAD * _threads(client)
    waiting, number_of = iter(tasks), {}
    under_way = as_completed([], loop=client.loop, with_results=True)

    def feed(count: int) -> None:
        for _, (number, arguments) in zip(range(count), waiting, strict=False):
            future = client.submit(function, *arguments, key=f"{name}-{number}", pure=False)
            number_of[future.key] = number
            under_way.add(future)

    feed(window)
    try:
        for future, result in under_way:
            if future.status != "finished":
                raise LOST
            yield number_of.pop(future.key), result
            feed(1)
    except KilledWorker as error:
        raise Problem(f"cluster: {str(error).splitlines()[0]}") from None
    finally:
        under_way.clear()


def _threads(client: Client) -> int:
    """Threads of the cluster once a worker is there."""
    try:
        client.wait_for_workers(1, timeout=WAIT_S)
    except TimeoutError:
        raise Problem("cluster: the scheduler has no worker. Mend: start one with `dask worker ADDRESS`") from None
    return max(1, sum(map(int, client.nthreads().values())))
