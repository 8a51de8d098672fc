"""Why no layout of a model on a cluster is feasible, in words."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np

from helpers.formulas.architecture import Architecture
from helpers.formulas.hardware import Accelerator
from helpers.formulas.job import Array, Job
from helpers.formulas.memory import BYTES_PER_GIB, memory_items
from helpers.language import tr, translated


def no_split(shape: Architecture, accelerator: Accelerator, global_batch: int, chips: int) -> str:
    """Why no combination of sizes exists."""
    return tr(
        "does not fit: no tensor size (up to {domain}, dividing {heads:g} heads) x pipeline size (up to {layers:g} layers) "
        "x data size (dividing a batch of {batch} sequences) uses more than half of {chips} accelerators",
        domain=accelerator.link_domain,
        heads=shape.heads,
        layers=shape.layers,
        batch=global_batch,
        chips=chips,
    )


def no_room(job: Job, need: Array, accelerator: Accelerator) -> str:
    """Why no combination fits the memory: the leanest one's largest items."""
    leanest = int(np.argmin(need))
    columns = {f.name: np.broadcast_to(getattr(job.layout, f.name), need.shape) for f in fields(job.layout)}
    whole = Job(job.architecture, replace(job.layout, **columns), job.cluster)
    row = Job(_wide(whole.architecture, need), whole.layout, _wide(whole.cluster, need)).part(leanest)
    items = sorted(((float(v), name) for name, v in memory_items(row).items()), reverse=True)[:2]
    largest = tr(" and ").join(f"{translated(item_name(name))} {size / BYTES_PER_GIB:.1f} GiB" for size, name in items)
    return tr(
        "does not fit: the leanest layout needs {need:.1f} GiB a device (above all {largest}), {chip} has {room:.1f}",
        need=need[leanest] / BYTES_PER_GIB,
        largest=largest,
        chip=accelerator.title,
        room=accelerator.memory_bytes / BYTES_PER_GIB,
    )


def item_name(item: str) -> str:
    """An item of memory in English words: `optimiser/layers` is the optimiser of layers."""
    return item.replace("/", " of ")


def _wide(item: Any, like: Array) -> Any:
    return replace(item, **{f.name: np.broadcast_to(getattr(item, f.name), like.shape) for f in fields(item)})
