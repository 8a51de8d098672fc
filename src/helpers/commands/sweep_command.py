"""The command `sweep`: a grid of scenarios into a folder of Parquet files."""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path


def sweep_file(options: argparse.Namespace) -> None:
    """Sweep what a file asks for, and say how much was done."""
    from helpers.formulas.validation import Range, check
    from helpers.scenarios.sweep import sweep
    from helpers.scenarios.sweep_cluster import connected, on_cluster
    from helpers.scenarios.sweep_file import find_sweep, read_grid

    workers = int(
        check("workers", (os.cpu_count() or 1) if options.workers is None else options.workers, Range(1, 4096))
    )
    file = find_sweep(options.file)
    grid = read_grid(file)
    folder = options.out or Path(file.stem)
    begun = time.perf_counter()
    if options.scheduler:
        with connected(options.scheduler) as client:
            done = sweep(grid, folder, compute=on_cluster(client, grid))
    else:
        done = sweep(grid, folder, workers)
    seconds = time.perf_counter() - begun
    kept = f", {grid.rows - done:,} were there" if done < grid.rows else ""
    parts = f"{folder}/part-*.parquet: {', '.join(grid.names)}"
    print(f"{grid.title}: {done:,} scenarios in {seconds:.1f} s{kept}; {parts}")
