"""Tables of training runs, read into jobs: `data/raw/runs.csv`, `data/raw/megatron_runs.csv`, or a user's own.

Any subset of columns that suffices is accepted; what is missing takes a documented default, which the
row's `assumed` names.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from helpers.errors import DataProblem
from helpers.formulas import hardware
from helpers.formulas.architecture import Architecture
from helpers.formulas.job import Cluster, Job, Layout
from helpers.formulas.run_choices import with_open_choices
from helpers.formulas.run_layout import known_stack, maybe, read_layout, stack_of
from helpers.formulas.validation import RANGES, InputError, check, number
from helpers.paths import shown

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
DEFAULT_VOCAB = 51200  # GPT's vocabulary, padded as in arXiv:2104.04473
DEFAULT_SEQ_LEN = 2048


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


def read_rows(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file, as text.

    Raises:
        DataProblem: the file cannot be read or has no row.
    """
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataProblem(shown(path), "whole file", str(error), "name a CSV file that can be read") from error
    if not rows:
        raise DataProblem(shown(path), "whole file", "there is no row", "add a header line and a row per run")
    return rows


def read_runs(path: Path) -> list[Run]:
    """Runs of a CSV file.

    Raises:
        DataProblem: a row cannot be used; names file, row, what is wrong and how to mend it.
    """
    runs = []
    for index, row in enumerate(read_rows(path), start=2):
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
    accelerator = hardware.lookup(row["accelerator"]) if "accelerator" in row else default_accelerator(assumed)
    network = network_of(row)
    params, active = maybe(row, "params"), maybe(row, "active_params")
    if params is None and "params_billion" in row:
        params = number("params", row["params_billion"] + "e9")
    layout = read_layout(row, shape, stack, bool(accelerator.modern), assumed) if shape else {}
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
    """Cells with known column names, without the empty ones."""
    row: dict[str, str] = {}
    for name, cell in cells.items():
        text = str(cell if cell is not None else "").strip()
        if name and text and text.lower() not in ("nan", "none published"):
            key = name.strip().lower()
            row.setdefault(COLUMN_ALIASES.get(key, key), text)
    return row


def default_accelerator(assumed: list[str]) -> hardware.Accelerator:
    """What published runs mostly used."""
    assumed.append("accelerator A100 80GB")
    return hardware.lookup("a100")


def network_of(row: Mapping[str, str]) -> float | None:
    """Network bytes/s of one accelerator, if the row states it."""
    if "network_byte_per_s" in row:
        return number("network_bytes_per_s", row["network_byte_per_s"])
    if "nic_gb_per_s_per_gpu" in row:
        return number("network_bytes_per_s", float(number("network_bytes_per_s", row["nic_gb_per_s_per_gpu"] + "e9")))
    return None


def read_shape(row: Mapping[str, str], assumed: list[str]) -> dict[str, float]:
    """Architecture fields; empty if layers or hidden are missing."""
    if not {"layers", "hidden"} <= set(row):
        return {}
    names = {f.name for f in fields(Architecture)} & set(row) & set(RANGES)
    shape = {name: number(name, row[name]) for name in names}
    defaults = {"vocab": DEFAULT_VOCAB, "seq_len": DEFAULT_SEQ_LEN, "heads": max(1.0, shape["hidden"] // 128)}
    for name, value in defaults.items():
        if name not in shape:
            shape[name] = value
            assumed.append(f"{name} {value:g}")
    if "ffn_matrices" in row:
        shape["ffn_matrices"] = check("ffn_matrices", float(row["ffn_matrices"]), RANGES["heads"])
    return shape


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
