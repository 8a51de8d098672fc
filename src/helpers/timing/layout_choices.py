"""Layouts worth timing: every combination of sizes that a model on a cluster may be trained with."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress, product
from math import prod

import numpy as np

from helpers.formulas.architecture import Architecture
from helpers.formulas.hardware import Accelerator
from helpers.formulas.job import Array

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
    routed_domains: float = np.inf  # link domains that a token's experts may lie in, at most

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
