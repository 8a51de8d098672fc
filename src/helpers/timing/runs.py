"""Tables of training runs, read into jobs: `data/raw/runs.csv`, `data/raw/megatron_runs.csv`, or a user's own.

Any subset of columns that suffices is accepted; what is missing takes a documented default, which the
row's `assumed` names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from helpers.errors import DataProblem
from helpers.formulas import hardware
from helpers.formulas.architecture import Architecture
from helpers.formulas.job import Cluster, Job, Layout
from helpers.formulas.shape import with_usual
from helpers.formulas.validation import RANGES, InputError, check_shape, number
from helpers.paths import DATA, shown
from helpers.rows import read_rows
from helpers.structured import read_json
from helpers.timing.run_choices import with_open_choices
from helpers.timing.run_layout import known_stack, maybe, read_layout, stack_of

# Other names for columns: of the published tables, and of habit.
COLUMN_ALIASES = {
    "gpu": "accelerator",
    "global_batch_size": "global_batch",
    "micro_batch_size": "micro_batch",
    "chip_count": "n_gpus",
    "count": "n_gpus",
    "tp": "tensor_parallel",
    "pp": "pipeline_parallel",
    "dp": "data_parallel",
    "train_tokens": "tokens",
    "num_layers": "layers",
    "hidden_size": "hidden",
}
OTHER_COLUMNS = ("nic_gb_per_s_per_gpu",)  # which no table of ours has


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
    new_group: bool  # True if the run is by nobody whose runs the model was fitted to
    assumed: tuple[str, ...]
    row: Mapping[str, str]


@cache
def known_columns() -> dict[str, str]:
    """Columns that a table of runs may have, with the name by which each is read here."""
    described = [
        r["schema"]["fields"] for r in read_json(DATA / "datapackage.json")["resources"] if "runs" in r["name"]
    ]
    names = {field["name"] for table in described for field in table} | {*RANGES, *hardware.DATA_SHEET, *OTHER_COLUMNS}
    return {**{name: name for name in sorted(names)}, **COLUMN_ALIASES}


def run_rows(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file of runs, as text, its columns parted by commas, semicolons or tabs.

    Raises:
        DataProblem: the file cannot be read, has no row, or a column that is not known here.
    """
    rows = read_rows(Path(path), known=known_columns(), any_delimiter=True)
    if not rows:
        raise DataProblem(shown(path), "whole file", "there is no row", "add a header line and a row per run")
    return rows


def read_runs(path: Path) -> list[Run]:
    """Runs of a CSV file.

    Raises:
        DataProblem: a row cannot be used; names file, row, what is wrong and how to mend it.
    """
    runs = []
    for index, row in enumerate(run_rows(path), start=2):
        try:
            runs.append(read_run(row))
        except InputError as error:
            name = row.get("run_id") or f"row {index}"
            raise DataProblem(shown(path), f"row {index} ({name})", str(error), "correct the cell") from error
    return runs


def read_run(cells: Mapping[str, Any]) -> Run:
    """One run from a row of text cells."""
    row = clean(cells)
    assumed: list[str] = []
    stack = stack_of(row, assumed)
    shape = read_shape(row, assumed)
    accelerator = accelerator_of(row, assumed)
    network = network_of(row)
    params, active = maybe(row, "params"), maybe(row, "active_params")
    if params is None and "params_billion" in row:
        params = number("params", 1e9 * float(number("params_billion", row["params_billion"])))
    layout = read_layout(row, shape, stack, accelerator.recent, assumed) if shape else {}
    if layout:
        layout, assumed = with_open_choices(row, shape, layout, accelerator, assumed)
    return Run(
        run_id=row.get("run_id", ""),
        shape=shape,
        layout=layout,
        accelerator=accelerator,
        network_bytes_per_s=network,
        params=params,
        active_params=active,
        chips=maybe(row, "n_gpus"),
        tokens=maybe(row, "tokens"),
        stack=stack,
        new_group=known_stack(row) is None,
        assumed=tuple(assumed),
        row=row,
    )


def clean(cells: Mapping[str, Any]) -> dict[str, str]:
    """Cells with known column names, without the empty ones; a table's own missing number is empty, the word nan is not."""
    row: dict[str, str] = {}
    for name, cell in cells.items():
        missing = cell is None or (isinstance(cell, float) and np.isnan(cell))
        text = "" if missing else str(cell).strip()
        if name and text and text.lower() != "none published":
            key = name.strip().lower()
            row.setdefault(COLUMN_ALIASES.get(key, key), text)
    return row


def accelerator_of(row: Mapping[str, str], assumed: list[str]) -> hardware.Accelerator:
    """The accelerator that a row names, with the figures of a data sheet that it states; by default an A100."""
    stated = {name: number(name, row[name]) for name in hardware.DATA_SHEET if name in row}
    if stated:
        return hardware.described(row.get("accelerator", ""), stated)
    return hardware.lookup(row["accelerator"]) if "accelerator" in row else default_accelerator(assumed)


def default_accelerator(assumed: list[str]) -> hardware.Accelerator:
    """What published runs mostly used."""
    assumed.append("accelerator A100 80GB")
    return hardware.lookup("a100")


def network_of(row: Mapping[str, str]) -> float | None:
    """Network bytes/s of one accelerator, if the row states it."""
    if "network_byte_per_s" in row:
        return number("network_bytes_per_s", row["network_byte_per_s"])
    if "nic_gb_per_s_per_gpu" in row:
        return number("network_bytes_per_s", 1e9 * number("nic_gb_per_s_per_gpu", row["nic_gb_per_s_per_gpu"]))
    return None


def read_shape(row: Mapping[str, str], assumed: list[str]) -> dict[str, float]:
    """Architecture fields; empty if layers or hidden are missing."""
    if not {"layers", "hidden"} <= set(row):
        return {}
    names = {f.name for f in fields(Architecture)} & set(row) & set(RANGES)
    shape = {name: number(name, row[name]) for name in names}
    whole = with_usual(shape, usual_heads(row, shape["hidden"]))
    assumed += [f"{name} {value:g}" for name, value in whole.items() if name not in shape]
    check_shape(whole)
    return whole


def usual_heads(row: Mapping[str, str], hidden: float) -> float:
    """Heads 128 wide, or so wide that they divide over the devices."""
    tensor = maybe(row, "tensor_parallel") or 1.0
    heads = max(1.0, hidden // 128)
    return heads if heads % tensor == 0 else tensor * max(1.0, heads // tensor)


def job_of(runs: Iterable[Run]) -> Job:
    """Runs with shape and layout as one job of arrays."""
    listed = list(runs)
    shapes = [Architecture(**run.shape) for run in listed]
    layouts = [Layout(**run.layout) for run in listed]
    clusters = [Cluster.of(run.accelerator, run.network_bytes_per_s) for run in listed]
    job = Job(_columns(Architecture, shapes), _columns(Layout, layouts), _columns(Cluster, clusters))
    object.__setattr__(job.layout, "stack", job.layout.stack.astype(int))
    return job


def _columns(kind: Any, items: list[Any]) -> Any:
    return kind(**{f.name: np.array([getattr(item, f.name) for item in items], float) for f in fields(kind)})


def timed(runs: Iterable[Run]) -> list[Run]:
    """Runs that the time model can be applied to."""
    return [run for run in runs if run.layout]
