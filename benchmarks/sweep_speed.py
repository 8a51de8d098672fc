"""What `make bench` prints of sweeps: scenarios per second, beside a plain loop and the peers."""

import contextlib
import io
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from helpers.scenarios.solving import evaluate
from helpers.scenarios.sweep import sweep
from helpers.scenarios.sweep_file import find_sweep, read_grid
from helpers.scenarios.sweep_grid import SweepGrid

SWEEP = "parameters-and-tokens"
LOOP = 20_000  # scenarios of the plain loop
# Measured 2026-11-21 on two shared cores with Python 3.11; calls for one configuration, on one core.
PEERS = (
    ("calculon caa4b11, logging off", "450-480"),
    ("llm-analysis d841e40", "2,700-3,300"),
    ("LLMCarbon", "16,000-18,000"),
)


def sweep_lines() -> Iterator[str]:
    """Scenarios per second of the shipped ten-million sweep, Parquet included."""
    grid = read_grid(find_sweep(SWEEP))
    yield f"{grid.rows:,} scenarios of data/scenarios/sweeps/{SWEEP}.toml, written as Parquet"
    for name, workers in (("one core", 1), ("two cores", 2)):
        yield _line(name, *_timed(lambda folder, n=workers: sweep(grid, folder, n)))  # type: ignore[misc]
    yield from _cluster_line(grid)
    yield _line(f"a plain loop over `evaluate`, {LOOP:,} of them", LOOP, _loop(grid))
    for name, rate in PEERS:
        yield f"{name:44s} {rate:>16s} scenarios/s (measured 2026-11-21)"


def _timed(function: Callable[[Path], int]) -> tuple[int, float]:
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stderr(io.StringIO()):
        begun = time.perf_counter()
        return function(Path(folder)), time.perf_counter() - begun


def _line(name: str, rows: int, seconds: float) -> str:
    return f"{name:44s} {rows / seconds:16,.0f} scenarios/s ({seconds:.2f} s)"


def _loop(grid: SweepGrid) -> float:
    columns = grid.columns(0, LOOP)
    given = [dict(zip(("active_params", "tokens", "count"), row, strict=True)) for row in _rows(columns)]
    begun = time.perf_counter()
    for row in given:
        evaluate(grid.solve_for, **{**grid.cases[0], **row})
    return time.perf_counter() - begun


def _rows(columns: dict[str, object]) -> Iterator[tuple[float, ...]]:
    return zip(*(columns[name].tolist() for name in ("params", "tokens", "count")), strict=True)  # type: ignore[attr-defined]


def _cluster_line(grid: SweepGrid) -> Iterator[str]:
    """Two workers of Dask on the loopback; its start is not counted, the way of the bytes is."""
    try:
        from distributed import LocalCluster
    except ImportError:
        yield "two Dask workers: the package distributed is not installed"
        return

    begun = time.perf_counter()
    settings = {"n_workers": 2, "threads_per_worker": 1, "host": "127.0.0.1", "dashboard_address": None}
    with LocalCluster(**settings) as cluster:
        started = time.perf_counter() - begun
        rows, seconds = _timed(lambda folder: sweep(grid, folder, scheduler=cluster.scheduler_address))
        yield _line(f"two Dask workers (start: {started:.1f} s more)", rows, seconds)
