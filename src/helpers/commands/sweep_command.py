"""The command `sweep`: a grid of scenarios into a folder of Parquet files."""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from helpers.scenarios.sweep_grid import SweepGrid

HELP = "evaluate a grid or a random sample of scenarios, streamed to Parquet and resumable"
MORE = "The file is explained in helpers/scenarios/sweep_file.py; data/scenarios/sweeps/ has examples."


def add_command(subparsers: Any) -> None:
    """Add the command to the object that `ArgumentParser.add_subparsers` returned."""
    parser = subparsers.add_parser("sweep", help=HELP, description=HELP, epilog=MORE)
    add = parser.add_argument
    add("file", metavar="GRID.toml", help="which scenarios: a file, or the name of one in data/scenarios/sweeps")
    add("--out", type=Path, metavar="DIR", help="folder for the parts (default: the file's name without .toml)")
    add("--workers", type=int, default=os.cpu_count() or 1, metavar="N", help="threads (default: one for each core)")
    add("--scheduler", default="", metavar="ADDRESS", help="a running Dask scheduler, such as tcp://127.0.0.1:8786")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Sweep what `args` name, and say how much was done."""
    from helpers.formulas.validation import Range, check
    from helpers.scenarios.sweep_file import find_sweep, read_grid

    check("workers", args.workers, Range(1, 4096, whole=True))
    file = find_sweep(args.file)
    grid = read_grid(file)
    folder = args.out or Path(file.stem)
    begun = time.perf_counter()
    done = _on_cluster(grid, folder, args.scheduler) if args.scheduler else _here(grid, folder, args.workers)
    seconds = time.perf_counter() - begun
    kept = f", {grid.rows - done:,} were there" if done < grid.rows else ""
    print(
        f"{grid.title}: {done:,} scenarios in {seconds:.1f} s{kept}; {folder}/part-*.parquet: {', '.join(grid.names)}"
    )
    return 0


def _here(grid: SweepGrid, folder: Path, workers: int) -> int:
    from helpers.scenarios.sweep import sweep

    return sweep(grid, folder, workers)


def _on_cluster(grid: SweepGrid, folder: Path, address: str) -> int:
    from helpers.scenarios.sweep import sweep
    from helpers.scenarios.sweep_cluster import connected, on_cluster

    with connected(address) as client:
        return sweep(grid, folder, compute=on_cluster(client, grid))
