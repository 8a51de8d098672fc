"""Layout finder: the feasible ways to spread a model over a cluster, their memory and time, best first.

Every combination of sizes that a model on a cluster may be trained with is timed.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import compress, product
from math import prod

import numpy as np

from helpers.formulas.architecture import Architecture
from helpers.formulas.hardware import Accelerator
from helpers.formulas.job import PRECISIONS, STACKS, Array, Cluster, Constants, Job, Layout
from helpers.formulas.memory import BYTES_PER_GIB, needed_bytes
from helpers.timing.performance import step_s

CHOICES = ("tensor", "pipeline", "context", "data", "expert", "micro_batch", "interleave", "again", "sharding")
MOST_MICRO_BATCH = 64
INTERLEAVES = (1, 2, 3, 4, 5, 6, 8, 10, 12, 20)
TENSORS = (1, 2, 4, 8, 12, 16, 32, 64)
CONTEXTS = (1, 2, 4, 8, 16, 32)
EXPERTS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
RECOMPUTE = ("none", "selective", "full")
UNFUSED = ("volta",)
LEAST_SEQUENCE = 4096  # tokens that are left to a device when a sequence is split
MOST_STAGES = 128
LEAST_USED = 0.5  # share of the accelerators that a layout must use
NEARLY = 0.9  # of the most that any layout uses: sizes that leave more accelerators idle are not tried
BLOCK = 8192  # rows evaluated at once: the columns stay in the processor's cache
# Estimated bytes over a device's memory up to which a layout counts: published runs ran at so much, by the estimate.
# On TPUs the compiler splits activations over more than one axis, which the estimate does not know (arXiv:2204.02311).
MEMORY_ERROR, MEMORY_ERROR_TPU = 1.25, 1.45
TIGHT = 1.03  # how much faster such a layout must be to come before one that fits without doubt


@dataclass(frozen=True)
class LayoutSearch:
    """What layouts are looked for: a model, a cluster, and how many to keep."""

    shape: Architecture
    accelerator: Accelerator
    chips: int
    global_batch: int
    keep: int = 10
    recompute: str = ""  # "none", "selective" or "full"; empty: whichever is best
    precision: str = "bf16"  # one of PRECISIONS

    @property
    def fused(self) -> bool:
        """Whether attention is fused, as everywhere since 2022 but on accelerators that have no kernel for it."""
        return self.accelerator.generation not in UNFUSED


@lru_cache(maxsize=4096)
def divisors(number: int) -> list[int]:
    """All divisors, in order."""
    small = [i for i in range(1, int(number**0.5) + 1) if number % i == 0]
    return sorted({*small, *(number // i for i in small)})


def splits(search: LayoutSearch) -> list[tuple[int, int, int, int]]:
    """Tensor, pipeline, context and data sizes that use nearly as many accelerators as any do.

    Stages may be uneven: a pipeline size need not divide the layers. Data sizes divide the batch.
    """
    shape, chips = search.shape, search.chips
    heads, layers = int(shape.heads), int(shape.layers + shape.encoder_layers)
    longest = max(1, int(shape.seq_len) // LEAST_SEQUENCE)
    tensors = [t for t in TENSORS if heads % t == 0 and t <= max(search.accelerator.link_domain, 1)]
    contexts = [c for c in CONTEXTS if c <= longest]
    shares = divisors(search.global_batch)
    found = []
    for tensor, pipeline, context in product(tensors, range(1, min(layers, MOST_STAGES) + 1), contexts):
        most = chips // (tensor * pipeline * context)
        if most:
            found.append((tensor, pipeline, context, shares[bisect_right(shares, most) - 1]))
    used = [prod(sizes) for sizes in found]
    least = max(LEAST_USED * chips, NEARLY * max(used, default=0))
    enough = (share >= least and share > LEAST_USED * chips for share in used)
    return list(compress(found, enough))


def candidates(search: LayoutSearch) -> Array:
    """Every combination worth timing, a column for each of `CHOICES`."""
    sizes = splits(search)
    if not sizes:
        return np.zeros((len(CHOICES), 0))
    rest = [_every(*_choices(search, *of_split)) for of_split in sizes]
    first = np.repeat(np.array(sizes).T, [columns.shape[1] for columns in rest], axis=1)
    columns = np.concatenate([first, np.concatenate(rest, axis=1)])
    pipeline, data, micro, chunks = columns[[1, 3, 5, 6]]
    rounds = search.global_batch // data // micro
    return np.asarray(columns[:, (chunks == 1) | (rounds % pipeline == 0)], float)


@lru_cache(maxsize=4096)
def _every(*choices: tuple[int, ...]) -> Array:
    """All combinations, a row for each choice; many splits have the same."""
    return np.stack([column.ravel() for column in np.meshgrid(*choices, indexing="ij")])


def _choices(search: LayoutSearch, tensor: int, pipeline: int, context: int, data: int) -> list[tuple[int, ...]]:
    """What remains to be chosen for one set of sizes: experts, micro-batch, chunks, recomputation, sharding.

    Fused attention leaves nothing for selective recomputation to do. The optimiser is sharded wherever it can be, which
    costs no time; weights where nothing else divides the layers, since a pipeline would gather them for every micro-batch.
    """
    experts, ranks = int(search.shape.experts), tensor * data * context
    spread = tuple(e for e in EXPERTS if experts % e == 0 and ranks % e == 0) if experts > 1 else (1,)
    micro = tuple(b for b in divisors(search.global_batch // data) if b <= MOST_MICRO_BATCH)
    stage = -(-int(search.shape.layers) // pipeline)
    chunks = tuple(v for v in INTERLEAVES if v == 1 or (pipeline > 1 and v <= stage))
    selective = 0 if search.fused else 1
    every = (0, *range(2 - selective, 3))
    again = {"none": (0,), "selective": (selective,), "full": (2,)}.get(search.recompute, every)
    sharding = (0,) if data * context == 1 else (1, 2) if pipeline > 1 else (1, 2, 3)
    return [spread, micro, chunks, again, sharding]


@dataclass(frozen=True)
class FeasibleLayout:
    """One feasible layout."""

    tensor: int
    pipeline: int
    context: int
    data: int
    expert: int
    micro_batch: int
    interleave: int
    recompute: str
    sharding: int
    chips: int
    step_s: float
    memory_gib: float  # needed, with the allocator's loss and what the software reserves
    tight: bool = False  # more than the device has by the estimate, within the estimate's error

    @property
    def text(self) -> str:
        """The sizes above one, in one line."""
        sizes = {name: getattr(self, name) for name in CHOICES[:7]}
        said = [f"{name} {size}" for name, size in sizes.items() if size > 1]
        return ", ".join([*said, f"recompute {self.recompute}", f"sharding {self.sharding}"])


@dataclass(frozen=True)
class Found:
    """Feasible layouts, best first, of so many examined; where none is feasible, the one that needs least memory."""

    layouts: list[FeasibleLayout]
    examined: int
    leanest: FeasibleLayout | None  # None where one is feasible, or none was examined

    @property
    def best(self) -> FeasibleLayout | None:
        """The fastest layout."""
        return self.layouts[0] if self.layouts else None


def layout_of(columns: Array, search: LayoutSearch) -> Layout:
    """Columns of `candidates` as a layout, with the software that goes with each.

    Embedding and logits take the places of layers where only so the stages are even.
    """
    tensor, pipeline, context, data, expert, micro, chunk, again, sharding = columns
    chip, layers = search.accelerator, search.shape.layers + search.shape.encoder_layers
    sharded = (sharding == 3) * 1.0
    usual = "maxtext" if chip.generation == "tpu" else "megatron-core" if chip.recent else "megatron"
    whole = usual if chip.recent else "fsdp"
    even = (layers % pipeline > 0) & ((layers + 2) % pipeline == 0) & chip.recent
    return Layout(
        global_batch=np.full_like(tensor, search.global_batch),
        micro_batch=micro,
        tensor=tensor,
        pipeline=pipeline,
        context=context,
        data=data,
        expert=expert,
        interleave=chunk,
        full_recompute=(again == 2) * 1.0,
        selective_recompute=(again == 1) * 1.0,
        stop_early=sharded * (whole != "megatron-core"),
        sequence_parallel=(tensor > 1) * 1.0,
        flash_attention=np.full_like(tensor, float(search.fused)),
        sharding=sharding,
        overlap_tensor=(tensor > 1) * (2.0 if chip.recent else 1.0),
        overlap_exchange=np.maximum(sharded, float(chip.recent)),
        graphs=np.full_like(tensor, float(chip.recent and search.shape.experts > 1)),
        overlap_routing=np.full_like(tensor, float(chip.recent)),
        reduce_bytes=np.where(sharded, 4.0, 2.0),
        extra_blocks=even * 2.0,
        precision=np.full_like(tensor, PRECISIONS.index(search.precision)),
        stack=np.where(sharded, STACKS.index(whole), STACKS.index(usual)),
    )


def blocks(job: Job) -> Iterator[Job]:
    """A job of arrays in pieces of `BLOCK` rows; scalar fields stay as they are."""
    return (job.part(slice(start, start + BLOCK)) for start in range(0, len(job.layout.tensor), BLOCK))


def find_layouts(search: LayoutSearch, constants: Constants) -> Found:
    """Feasible layouts of a model on a cluster, fastest step first.

    Those whose memory is beyond the device's only within the error of the estimate count, and are marked as tight.
    """
    columns = candidates(search)
    rows = columns.shape[1]
    if rows == 0:
        return Found([], 0, None)
    job = Job(search.shape, layout_of(columns, search), Cluster.of(search.accelerator))
    seconds, need = timed(job, constants)
    fit, tight = need <= memory_limit(search.accelerator), need > search.accelerator.memory_bytes
    if not fit.any():
        least = int(np.argmin(need))
        return Found([], rows, _candidate(columns[:, least], seconds[least], need[least], True))
    ranked = np.where(fit, seconds * np.where(tight, TIGHT, 1.0), np.inf)
    order = np.argpartition(ranked, search.keep)[: search.keep] if rows > search.keep else np.arange(rows)
    order = order[np.argsort(ranked[order], kind="stable")]
    kept = [i for i in order if fit[i]]
    return Found([_candidate(columns[:, i], seconds[i], need[i], bool(tight[i])) for i in kept], rows, None)


def memory_limit(chip: Accelerator) -> float:
    """Estimated bytes up to which a layout counts as feasible."""
    return chip.memory_bytes * (MEMORY_ERROR_TPU if chip.generation == "tpu" else MEMORY_ERROR)


def timed(job: Job, constants: Constants) -> tuple[Array, Array]:
    """Seconds per step and bytes a device must have, for each row of a job."""
    found = [(step_s(piece, constants), needed_bytes(piece)) for piece in blocks(job)]
    seconds, need = map(np.concatenate, zip(*found, strict=True))
    return seconds, need


def _candidate(column: Array, seconds: float, need: float, tight: bool) -> FeasibleLayout:
    tensor, pipeline, context, data, expert, micro, chunk, again, sharding = map(int, column)
    chips, gib = tensor * pipeline * context * data, float(need / BYTES_PER_GIB)
    sizes = (tensor, pipeline, context, data, expert, micro, chunk, RECOMPUTE[again], sharding, chips)
    return FeasibleLayout(*sizes, float(seconds), gib, tight)


def job_of_candidate(found: FeasibleLayout, search: LayoutSearch) -> Job:
    """The finder's layout as a job of numbers."""
    column = [RECOMPUTE.index(found.recompute) if name == "again" else getattr(found, name) for name in CHOICES]
    layout = layout_of(np.array([column], float).T, search)
    scalars = {name: np.ravel(value)[0] for name, value in vars(layout).items()}
    scalars["stack"] = int(scalars["stack"])
    return Job(search.shape, replace(Layout(search.global_batch), **scalars), Cluster.of(search.accelerator))
