"""What a run's row leaves open, and how far that can move its predicted time.

An input that is not published takes its usual value; here the other values it may well have had are tried
too. Their effect on the predicted time is the input's share of the interval: nothing where the input hardly
matters, much where it decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from helpers.formulas.job import Constants
from helpers.formulas.memory import fits
from helpers.formulas.validation import InputError
from helpers.timing.calibration import Array
from helpers.timing.performance import step_s
from helpers.timing.run_choices import recomputation
from helpers.timing.runs import Run, job_of, read_run

USUAL_WEIGHT = 0.6  # chance of the usual value; the others share the rest
MICRO_BATCHES = (1, 2, 4, 8)
TENSOR_SIZES = (1, 2, 4, 8)
INTERLEAVES = (1, 2, 3, 4)
SLOW_NETWORK = 0.5  # of the usual server's network: clouds and older clusters (arXiv:2303.17564, 2211.05100)


def is_open(run: Run, name: str) -> bool:
    """Whether an input was assumed, by the reader of the row or, as the row itself says, by its writer."""
    read = any(text.split()[0] == name for text in run.assumed)
    return read or bool(re.search(rf"\b{WRITTEN.get(name, name)}\b", run.row.get("assumed", "")))


# How a row's own `assumed` names an input, where not by its column.
WRITTEN = {"interleave": r"(?:interleave|v=\d+)", "tensor": r"(?:tensor_parallel|TP\d+)"}


def other_rows(run: Run) -> Iterator[list[dict[str, str]]]:
    """For each open input, the row with each of its other plausible values."""
    row, layout = dict(run.row), run.layout
    if is_open(run, "micro_batch"):
        yield [{**row, "micro_batch": str(b)} for b in MICRO_BATCHES if b != layout["micro_batch"]]
    if is_open(run, "recompute"):
        yield [{**row, "recompute": word} for word in ("none", "selective", "full") if word != recomputation(layout)]
    if is_open(run, "interleave") and layout["pipeline"] > 1:
        yield [{**row, "interleave": str(v)} for v in INTERLEAVES if v != layout["interleave"]]
    if is_open(run, "tensor") and layout["sharding"] >= 3:
        yield [_with_tensor(run, size) for size in TENSOR_SIZES if size != layout["tensor"]]
    if run.stack == "unknown" and "flash_attention" not in row:
        yield [{**row, "flash_attention": f"{1 - layout['flash_attention']:g}"}]
    if run.network_bytes_per_s is None or is_open(run, "network_byte_per_s"):
        yield [{**row, "network_byte_per_s": f"{SLOW_NETWORK * run.accelerator.network_bytes_per_s:g}"}]


def _with_tensor(run: Run, size: int) -> dict[str, str]:
    chips = run.layout["tensor"] * run.layout["data"]
    return {**run.row, "tensor_parallel": str(size), "data_parallel": f"{chips / size:g}"}


def input_variance(runs: Sequence[Run], constants: Constants) -> Array:
    """Variance of log time that open inputs bring to each run."""
    others: list[Run] = []
    places: list[tuple[int, float]] = []  # of the run, and the weight of its other value
    for index, run in enumerate(runs):
        for rows in other_rows(run):
            read = [other for row in rows if (other := _plausible(row)) is not None]
            others += read
            places += [(index, (1 - USUAL_WEIGHT) / max(1, len(read)))] * len(read)
    variance: Array = np.zeros(len(runs))
    if others:
        usual, moved = step_s(job_of(runs), constants), step_s(job_of(others), constants)
        for (index, weight), seconds in zip(places, moved, strict=True):
            variance[index] += weight * np.log(seconds / usual[index]) ** 2
    return variance


def _plausible(row: dict[str, str]) -> Run | None:
    """The row read, if it is a layout that multiplies out and fits the memory."""
    try:
        run = read_run(row)
    except InputError:
        return None
    return run if run.layout and bool(fits(job_of([run]))[0]) else None
