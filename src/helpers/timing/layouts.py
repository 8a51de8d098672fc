"""Layout finder: the feasible ways to spread a model over a cluster, their memory and time, best first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from itertools import product
from typing import Any

import numpy as np

from helpers.formulas.architecture import Architecture
from helpers.formulas.hardware import Accelerator
from helpers.formulas.job import STACKS, Array, Cluster, Constants, Job, Layout
from helpers.formulas.memory import BYTES_PER_GIB, fits, memory_items, needed_bytes
from helpers.language import tr, translated
from helpers.timing.performance import step_s

MICRO_BATCHES = (1, 2, 4, 8, 16, 32)
RECOMPUTE = ("none", "selective", "full")
BLOCK = 8192  # rows evaluated at once: the columns stay in the processor's cache
MOST_INTERLEAVE = 8
LEAST_USED = 0.5  # share of the accelerators that a layout must use


@dataclass(frozen=True)
class LayoutSearch:
    """What layouts are looked for: a model, a cluster, and how many to keep."""

    shape: Architecture
    accelerator: Accelerator
    chips: int
    global_batch: int
    keep: int = 10
    recompute: str = ""  # "none", "selective" or "full"; empty: whichever is best

    @property
    def fused(self) -> bool:
        """Whether attention is fused, as usual on later accelerators."""
        return bool(self.accelerator.recent)


@dataclass(frozen=True)
class FeasibleLayout:
    """One feasible layout."""

    tensor: int
    pipeline: int
    data: int
    micro_batch: int
    interleave: int
    recompute: str
    sharding: int
    chips: int
    step_s: float
    memory_gib: float  # needed, with the allocator's loss and what the software reserves


@dataclass(frozen=True)
class Found:
    """Feasible layouts, best first, or why there is none."""

    layouts: list[FeasibleLayout]
    examined: int
    reason: str  # empty if there is a layout


def divisors(number: int) -> list[int]:
    """All divisors, in order."""
    small = [i for i in range(1, int(number**0.5) + 1) if number % i == 0]
    return sorted({*small, *(number // i for i in small)})


def splits(shape: Architecture, chips: int, batch: int, link_domain: int) -> Iterator[tuple[int, int, int]]:
    """Tensor, pipeline and data sizes that divide heads, layers and batch, and use most of the chips."""
    heads, layers = int(shape.heads), int(shape.layers + shape.encoder_layers)
    tensors = [t for t in divisors(heads) if t <= link_domain and link_domain % t == 0]
    shares = divisors(batch)
    for tensor, pipeline in product(tensors, divisors(layers)):
        most = chips // (tensor * pipeline)
        data = max((d for d in shares if d <= most), default=0)
        if tensor * pipeline * data > LEAST_USED * chips:
            yield tensor, pipeline, data


def candidates(shape: Architecture, chips: int, batch: int, link_domain: int, fused: bool) -> Layout:
    """Every combination worth timing, as columns."""
    rows = []
    for tensor, pipeline, data in splits(shape, chips, batch, link_domain):
        chunks = [v for v in divisors(int(shape.layers) // pipeline) if v <= MOST_INTERLEAVE]
        micro_batches = [b for b in MICRO_BATCHES if (batch // data) % b == 0]
        shardings = (0, 1, 3) if tensor * pipeline == 1 and data > 1 else (0, 1) if data > 1 else (0,)
        for micro, chunk, again, sharding in product(micro_batches, chunks, RECOMPUTE, shardings):
            even = pipeline > 1 and (batch // data // micro) % pipeline == 0
            if (chunk == 1 or even) and not (fused and again == "selective"):
                rows.append((tensor, pipeline, data, micro, chunk, RECOMPUTE.index(again), sharding))
    columns = np.array(rows, float).reshape(-1, 7).T
    return layout_of(columns, batch, fused, int(shape.experts))


def layout_of(columns: Array, batch: int, fused: bool, experts: int = 1) -> Layout:
    """Columns of `candidates` as a layout, with the software that goes with each; experts spread as far as they go."""
    tensor, pipeline, data, micro, chunk, again, sharding = columns
    sharded = sharding == 3
    return Layout(
        global_batch=np.full_like(tensor, batch),
        micro_batch=micro,
        tensor=tensor,
        pipeline=pipeline,
        data=data,
        expert=np.gcd(data.astype(int), experts) * 1.0,
        interleave=chunk,
        full_recompute=(again == 2) * 1.0,
        selective_recompute=(again == 1) * 1.0,
        stop_early=sharded * 1.0,
        sequence_parallel=(tensor > 1) * 1.0,
        flash_attention=np.full_like(tensor, float(fused)),
        sharding=sharding,
        overlap_tensor=(tensor > 1) * 1.0,
        overlap_exchange=sharded * 1.0,
        reduce_bytes=np.where(sharded, 4.0, 2.0),
        stack=np.where(sharded, STACKS.index("fsdp"), STACKS.index("megatron")),
    )


def blocks(job: Job, block: int = BLOCK) -> Iterator[Job]:
    """A job of arrays in pieces that fit the cache; scalar fields stay as they are."""
    rows = len(job.layout.tensor)
    for start in range(0, rows, block):
        index = slice(start, start + block)
        yield Job(_rows(job.architecture, index), _rows(job.layout, index), _rows(job.cluster, index))


def _rows(item: Any, index: slice) -> Any:
    arrays = {f.name: getattr(item, f.name) for f in fields(item)}
    return replace(item, **{name: a[index] for name, a in arrays.items() if np.ndim(a)})


def find_layouts(search: LayoutSearch, constants: Constants) -> Found:
    """Feasible layouts of a model on a cluster, fastest step first."""
    shape, chip = search.shape, search.accelerator
    layout = candidates(shape, search.chips, search.global_batch, chip.link_domain, search.fused)
    job = Job(shape, layout, Cluster.of(chip))
    rows = len(layout.tensor)
    if rows == 0:
        return Found([], 0, no_split(shape, search.chips, search.global_batch, chip.link_domain))
    seconds, need, fit = (np.empty(rows) for _ in range(3))
    for start, piece in zip(range(0, rows, BLOCK), blocks(job), strict=True):
        index = slice(start, start + len(piece.layout.tensor))
        seconds[index], need[index], fit[index] = step_s(piece, constants), needed_bytes(piece), fits(piece)
    if search.recompute:
        fit *= _recomputes(layout, search.recompute, search.fused)
    if not fit.any():
        return Found([], rows, no_room(job, need, chip))
    order = np.argsort(np.where(fit, seconds, np.inf), kind="stable")[: min(search.keep, int(fit.sum()))]
    return Found([_candidate(layout, i, seconds[i], need[i]) for i in order], rows, "")


def _recomputes(layout: Layout, recompute: str, fused: bool) -> Array:
    """1 for layouts that recompute as told; fused attention recomputes its core in any case."""
    wanted = RECOMPUTE.index("none" if fused and recompute == "selective" else recompute)
    result: Array = (2 * layout.full_recompute + layout.selective_recompute == wanted) * 1.0
    return result


def _candidate(layout: Layout, i: int, seconds: float, need: float) -> FeasibleLayout:
    tensor, pipeline, data = int(layout.tensor[i]), int(layout.pipeline[i]), int(layout.data[i])
    again = "full" if layout.full_recompute[i] else "selective" if layout.selective_recompute[i] else "none"
    return FeasibleLayout(
        tensor,
        pipeline,
        data,
        int(layout.micro_batch[i]),
        int(layout.interleave[i]),
        again,
        int(layout.sharding[i]),
        tensor * pipeline * data,
        float(seconds),
        float(need / BYTES_PER_GIB),
    )


def no_split(shape: Architecture, chips: int, batch: int, link_domain: int) -> str:
    """Why no combination of sizes exists."""
    return tr(
        "does not fit: no tensor size (up to {node}, dividing {heads:g} heads) x pipeline size (dividing {layers:g} layers) "
        "x data size (dividing a batch of {batch} sequences) uses more than half of {chips} accelerators",
        node=link_domain,
        heads=shape.heads,
        layers=shape.layers,
        batch=batch,
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
