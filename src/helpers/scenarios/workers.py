"""Who computes: threads of this process, or a Dask cluster that is running already (`--scheduler tcp://host:port`).

Either hands its results back, and only the caller writes. So no file system need be shared, a worker that dies costs
its unfinished tasks only, and what comes out is the same, byte for byte, wherever it was computed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import helpers
from helpers.errors import Problem
from helpers.files import sha256
from helpers.paths import NOTEBOOKS, RAW

if TYPE_CHECKING:
    from concurrent.futures import Future

    from distributed import Client

AHEAD = 2  # tasks under way for each worker: enough to keep it busy, few enough to stay small
WAIT_S = 10
NOT_INSTALLED = Problem("--scheduler needs the package distributed. Mend: pip install 'compute-claims[cluster]'")
LOST = Problem("the scheduler was lost; what was done is kept. Mend: the same command, with one that runs, goes on")
OTHER_VERSION = Problem("a worker has another version of helpers. Mend: install this one on every worker")
NO_WORKER = Problem("cluster: the scheduler has no worker. Mend: start one with `dask worker ADDRESS`")


class WorkerPool(NamedTuple):
    """Workers: how a task is given to them, as to an executor of the standard library, and how many they are."""

    submit: Callable[..., Future[Any]]
    size: int


@contextmanager
def worker_pool(size: int, scheduler: str = "") -> Iterator[WorkerPool]:
    """The workers of a scheduler, a Problem as of `cluster`; without one threads of this process.

    Threads wait for processes, or leave the interpreter free while they work.
    """
    from concurrent.futures import ThreadPoolExecutor  # only here, as it takes long to import

    if scheduler:
        with cluster(scheduler) as workers:
            yield workers
        return
    pool = ThreadPoolExecutor(size)
    try:
        yield WorkerPool(pool.submit, size)
    finally:
        pool.shutdown(cancel_futures=True)


def results(
    pool: WorkerPool, function: Callable[..., Any], tasks: Iterable[tuple[Any, ...]]
) -> Iterator[tuple[int, Any]]:
    """What a function makes of the arguments of each task, with the task's number, as they come."""
    from concurrent.futures import FIRST_COMPLETED, wait  # only here, as it takes long to import

    waiting, under_way = enumerate(tasks), dict["Future[Any]", int]()
    while True:
        for number, arguments in islice(waiting, AHEAD * pool.size - len(under_way)):
            under_way[pool.submit(function, *arguments)] = number
        if not under_way:
            return
        for future in sorted(wait(under_way, return_when=FIRST_COMPLETED).done, key=under_way.__getitem__):
            yield under_way.pop(future), future.result()


@contextmanager
def cluster(address: str) -> Iterator[WorkerPool]:
    """The workers of the scheduler at `address`; tasks of one that dies are given to another.

    A Problem: the package is missing, nobody answers, no worker joins or one has another version of the project, the
    scheduler was lost, or task after task kills its worker.
    """
    from concurrent.futures import CancelledError

    try:
        from distributed.scheduler import KilledWorker
    except ImportError:
        raise NOT_INSTALLED from None
    client = _client(address)
    try:
        client.wait_for_workers(1, timeout=WAIT_S)
        submit = partial(client.get_executor(pure=False).submit, as_here, sources_sha256())
        yield WorkerPool(submit, max(1, sum(map(int, client.nthreads().values()))))
    except TimeoutError:
        raise NO_WORKER from None
    except CancelledError:
        raise LOST from None
    except KilledWorker as error:
        raise Problem(f"cluster: {str(error).splitlines()[0]}") from None
    finally:
        client.close()


def _client(address: str) -> Client:
    """A client of the scheduler at `address`, which must answer at once: a client itself would try again for minutes."""
    import asyncio  # only here: it takes as long to import as an answer to work out

    from distributed import Client
    from distributed.core import rpc

    async def identity() -> None:
        async with rpc(address, timeout=WAIT_S) as scheduler:
            await scheduler.identity()

    try:
        asyncio.run(asyncio.wait_for(identity(), WAIT_S))
        return Client(address, timeout=WAIT_S, set_as_default=False)
    except Exception as error:  # whatever a server says that is no scheduler: sizes, types and bytes of any kind
        reason = f"no Dask scheduler answers there ({(str(error) or type(error).__name__).splitlines()[0]})"
        raise Problem(f"--scheduler {address}: {reason}; accepted: tcp://host:port") from None


def as_here(expected: str, function: Callable[..., Any], *arguments: Any) -> Any:
    """What a worker runs; a Problem where it has another version of the project and would compute something else."""
    if sources_sha256() != expected:
        raise OTHER_VERSION
    return function(*arguments)


@cache
def sources_sha256() -> str:
    """SHA-256 of all that decides over a row or a page: the package, the scenario chapter, the raw tables."""
    package = (p for p in Path(helpers.__file__).parent.rglob("*") if p.suffix != ".pyc")
    found = [p for p in (*package, *RAW.iterdir(), NOTEBOOKS / "06_scenario.ipynb") if p.is_file()]
    return sha256(repr(sorted((p.name, sha256(p.read_bytes())) for p in found)).encode())
