"""Tables of training runs, read into jobs: the published ones of `data/raw`, or a user's own.

Any subset of columns that suffices is accepted; what is missing takes a documented default, which the
run's `assumed` names. Names of runs and models, notes and sources are never read for their meaning.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np

from helpers.errors import DataProblem
from helpers.formulas import hardware
from helpers.formulas.architecture import Architecture
from helpers.formulas.job import Cluster, Job, Layout, precision_of
from helpers.formulas.shape import with_usual
from helpers.formulas.validation import InputError, number
from helpers.paths import shown
from helpers.rows import read_rows
from helpers.timing.columns import KNOWN_COLUMNS, SHAPE, Cells, clean
from helpers.timing.run_layout import read_layout, stack_of


@dataclass(frozen=True)
class Run:
    """One row, as numbers; None where nothing is known."""

    run_id: str
    shape: dict[str, float]  # architecture fields, empty if layers or hidden are unknown
    layout: dict[str, float]  # layout fields, empty if the parallel sizes are unknown
    accelerator: hardware.Accelerator
    network_bytes_per_s: float | None
    params: float | None
    active_params: float | None
    chips: float | None
    tokens: float | None
    stack: str
    group: str  # runs that share what nobody states: network, software release
    measured_s: float | None  # seconds per step that its user measured
    assumed: dict[str, str]  # by column, what was taken where the row is silent
    row: Mapping[str, str]


def run_rows(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file of runs, as text, its columns parted by commas, semicolons or tabs.

    A DataProblem: the file cannot be read, has no row, or a column that is not known here.
    """
    rows = read_rows(Path(path), known=KNOWN_COLUMNS, any_delimiter=True)
    if not rows:
        raise DataProblem(shown(path), "whole file", "there is no row", "add a header line and a row per run")
    return rows


def tried_runs(path: Path) -> list[tuple[str, Run | InputError]]:
    """What each row of a CSV file is called, and its run, or why it cannot be used."""
    found: list[tuple[str, Run | InputError]] = []
    for index, row in enumerate(run_rows(path), start=2):
        name = row.get("run_id") or f"row {index}"
        try:
            found.append((name, read_run({**row, "run_id": name})))
        except InputError as error:
            found.append((name, error))
    return found


def read_runs(path: Path) -> list[Run]:
    """Runs of a CSV file; a DataProblem names the first row that cannot be used, what is wrong and how to mend it."""
    runs = []
    for index, (name, run) in enumerate(tried_runs(path), start=2):
        if isinstance(run, InputError):
            raise DataProblem(shown(path), f"row {index} ({name})", str(run), "correct the cell")
        runs.append(run)
    return runs


def read_run(row: Mapping[str, Any]) -> Run:
    """One run from a row of text cells."""
    cells = Cells(clean(row))
    stack = stack_of(cells)
    shape = read_shape(cells)
    accelerator = accelerator_of_row(cells)
    accelerator.rate(precision_of(cells.row.get("precision", "bf16")))  # there is one
    params = cells.maybe("params")
    billions = cells.maybe("params_billion")
    if "accelerator" in cells.assumed and not (shape or params or billions):
        raise InputError("accelerator: not given, nor what runs on it; accepted: one of them at least")
    return Run(
        run_id=cells.row.get("run_id", ""),
        shape=shape,
        layout=read_layout(cells, shape, stack, accelerator) if shape else {},
        accelerator=accelerator,
        network_bytes_per_s=network_of(cells),
        params=1e9 * billions if params is None and billions is not None else params,
        active_params=cells.maybe("active_params"),
        chips=cells.maybe("n_gpus"),
        tokens=cells.maybe("tokens"),
        stack=stack,
        group=cells.row.get("group", ""),
        measured_s=cells.maybe("measured_s"),
        assumed=cells.assumed,
        row=cells.row,
    )


def accelerator_of_row(cells: Cells) -> hardware.Accelerator:
    """The accelerator that a row names, with the figures of a data sheet that it states; by default an A100."""
    stated = {name: number(name, cells.row[name]) for name in hardware.DATA_SHEET if name in cells}
    if stated:
        return hardware.described(cells.row.get("accelerator", ""), stated)
    if "accelerator" not in cells:
        cells.assumed["accelerator"] = "accelerator A100 80GB"
    return hardware.lookup(cells.row.get("accelerator", "a100"))


def network_of(cells: Cells) -> float | None:
    """Network bytes/s of one accelerator, if the row states it."""
    if "network_byte_per_s" in cells:
        return number("network_bytes_per_s", cells.row["network_byte_per_s"])
    cards = cells.maybe("nic_gb_per_s_per_gpu")
    return None if cards is None else number("network_bytes_per_s", 1e9 * cards)


def read_shape(cells: Cells) -> dict[str, float]:
    """Architecture fields; empty if layers or hidden are missing."""
    if not ("layers" in cells and "hidden" in cells):
        return {}
    shape = {name: number(name, cells.row[name]) for name in SHAPE if name in cells}
    whole = with_usual(shape, usual_heads(cells, shape["hidden"]), cells.maybe("first_dense_layers"))
    cells.assumed |= {name: f"{name} {value:g}" for name, value in whole.items() if name not in cells}
    return whole


def usual_heads(cells: Cells, hidden: float) -> float:
    """Heads 128 wide, or so wide that they divide over the devices."""
    tensor = cells.maybe("tensor_parallel") or 1.0
    heads = max(1.0, hidden // 128)
    return heads if heads % tensor == 0 else tensor * max(1.0, heads // tensor)


def job_of(runs: Iterable[Run]) -> Job:
    """Runs with shape and layout as one job of arrays."""
    listed = list(runs)
    shapes = [Architecture(**run.shape) for run in listed]
    layouts = [Layout(**run.layout) for run in listed]
    clusters = [Cluster.of(run.accelerator, run.network_bytes_per_s) for run in listed]
    job = Job(_columns(Architecture, shapes), _columns(Layout, layouts), _columns(Cluster, clusters))
    for part, name in ((job.layout, "stack"), (job.layout, "precision"), (job.cluster, "generation")):
        object.__setattr__(part, name, getattr(part, name).astype(int))
    return job


def _columns(kind: Any, items: list[Any]) -> Any:
    names = [f.name for f in fields(kind)]
    table = np.array(list(map(attrgetter(*names), items)), float)
    return kind(**dict(zip(names, np.ascontiguousarray(table.T), strict=True)))
