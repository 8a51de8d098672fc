"""What is to be timed: the layout of a training step, the cluster it runs on, the model's constants.

Fields may be numbers or NumPy arrays of one length; nothing is validated here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.formulas.accounting import Value
from helpers.formulas.architecture import Architecture
from helpers.formulas.hardware import GENERATIONS, NAMES, Accelerator
from helpers.formulas.validation import choice

Array = NDArray[np.float64]
# Software and precisions in the order of their indices; what a user calls them leads to these names.
STACKS, PRECISIONS = tuple(NAMES["stacks"]), tuple(NAMES["precisions"])
STACK_NAMES, PRECISION_NAMES = (
    {str(other): str(name) for name, others in NAMES[kind].items() for other in others.split()}
    for kind in ("stacks", "precisions")
)
UNKNOWN_STACK = STACKS.index("unknown")


@cache
def precision_of(text: str) -> str:
    """The precision meant by a name of it ("FP8-CS", "MXFP8"); one of `PRECISIONS`."""
    plain = re.sub(r"[^a-z0-9]", "", text.lower())
    return PRECISION_NAMES[choice("precision", plain if plain in PRECISION_NAMES else text, PRECISION_NAMES)]


@dataclass(frozen=True)
class Layout:
    """How a training step is spread over the accelerators."""

    global_batch: Value  # sequences
    micro_batch: Value = 1
    tensor: Value = 1
    pipeline: Value = 1
    data: Value = 1
    context: Value = 1  # each sequence split over so many devices
    expert: Value = 1  # experts of a layer spread over so many devices of the tensor, data and context ranks
    expert_tensor: Value = 1  # each expert split over so many devices
    interleave: Value = 1  # model chunks per stage
    full_recompute: Value = 0  # share of layers computed again in the backward pass
    selective_recompute: Value = 0  # 1 if the attention core is
    norm_recompute: Value = 0  # 1 if norms are
    activation_recompute: Value = 0  # 1 if the MLP's activation function is
    mlp_recompute: Value = 0  # 1 if the whole MLP is
    latent_recompute: Value = 0  # 1 if latent attention's projections upward are
    stop_early: Value = 0  # 1 if recomputation stops at the last tensor needed
    sequence_parallel: Value = 0
    flash_attention: Value = 0  # 1 if scores are never stored
    parallel_block: Value = 0  # 1 if attention and MLP of a layer work side by side
    overlap_tensor: Value = 0  # 1 if the backward pass's tensor exchange runs beside other work, 2 if both passes'
    sharding: Value = 0  # 0 none, 1 optimiser, 2 and gradients, 3 and weights (ZeRO stages)
    overlap_exchange: Value = 0  # 1 if data-parallel exchange runs beside the computation
    overlap_routing: Value = 0  # 1 if the exchange of tokens runs beside another micro-batch (arXiv:2412.19437, 3.2.1)
    graphs: Value = 0  # launches recorded in a graph: 0 none, 1 those of attention, 2 all of a step
    routed_domains: Value = np.inf  # link domains that a token's experts may lie in, at most
    reduce_bytes: Value = 2  # bytes per gradient on the wire
    extra_blocks: Value = 0  # embedding and logits placed as pipeline blocks of their own
    precision: Value = 0  # of matrix products, index into PRECISIONS
    adapters: Value = 0  # 1 if only low-rank adapters are trained: no gradients of weights (arXiv:2106.09685)
    stack: Value = UNKNOWN_STACK  # index into STACKS

    @property
    def chips(self) -> Value:
        """Accelerators used."""
        return self.tensor * self.pipeline * self.data * self.context

    @property
    def ranks(self) -> Value:
        """Devices that hold the same part of the dense weights: states are sharded over them."""
        return self.data * self.context

    @property
    def expert_ranks(self) -> Value:
        """Devices that hold the same experts."""
        return np.maximum(self.tensor * self.ranks / (self.expert * self.expert_tensor), 1)

    @property
    def micro_batches(self) -> Value:
        """Micro-batches that each pipeline sees in a step."""
        return self.global_batch / (self.data * self.micro_batch)


@dataclass(frozen=True, eq=False)
class Constants:
    """What the physics leaves open; fitted by `calibration`, kept in `calibration.csv` with their spread."""

    fitted: Mapping[str, float]  # the numbers that these were made of
    matmul_efficiency: Array  # share of peak that large products reach, by generation and precision
    attention_efficiency: Array  # of the 16-bit peak, first fused attention, uncut scores counted, by generation
    attention_speedup: float  # of later fused kernels over the first
    narrow_width: Array  # of both sides of experts' products at which they take twice as long, by precision
    power_exponent: float  # of the power that a device has for its peak, over what is usual of its generation
    traffic_factor: Array  # element-wise bytes moved over the least possible, by generation
    cast_bytes: Array  # per input of a product that is in 8 or 4 bits, forward, by precision
    routing_bytes: float  # per token, chosen expert and unit of width: copied out, added up, forward
    link_efficiency: float
    network_efficiency: float  # exchange that overlaps computation
    reduction_limit_bytes_per_s: float  # of a device's share, one exchange at the end of the step on an ideal network
    gather_efficiency: float  # sharded weights gathered tensor by tensor, nothing hidden
    overlap: float  # share of the exchange that can hide
    contention: float  # memory traffic per byte of sharded weights gathered beside the computation
    tensor_overlap: float  # share of the backward pass's tensor exchange that can hide
    routing_overlap: float  # share of the exchange of tokens that hides
    layer_gap_s: float  # launch gaps and waits per layer and forward pass
    routing_gap_s: float  # the same of a mixture, beside
    expert_gap_s: float  # the same of each expert on a device, whose products are launched one by one
    tail_flop: float  # lost per matrix product and unit of its inner dimension: half-filled last wave
    recompute_share: float  # of a forward pass, where recomputation stops early
    straggle: float  # slower by so much for each doubling of the accelerators beyond eight
    log_slowdown: Array  # by stack
    fixed_s: float = 0.02  # per step


@dataclass(frozen=True)
class Cluster:
    """Figures of the accelerator that the model uses; numbers or arrays."""

    peak_flop_per_s: Value  # 16-bit
    peak_fp8_flop_per_s: Value
    peak_fp4_flop_per_s: Value
    memory_bytes: Value
    memory_bytes_per_s: Value
    link_bytes_per_s: Value  # one direction
    network_bytes_per_s: Value
    device_power_w: Value
    link_domain: Value  # accelerators joined by the fast link
    generation: Value  # index into GENERATIONS
    extrapolated: Value
    power_ratio: Value = 1.0  # power for the peak, over what is usual of its generation

    @classmethod
    def of(cls, accelerator: Accelerator, network_bytes_per_s: float | None = None) -> Cluster:
        """The cluster of one kind of accelerator."""
        known = {f.name: getattr(accelerator, f.name) for f in fields(cls)}
        known["link_bytes_per_s"] = accelerator.link_bytes_per_s / 2
        known["network_bytes_per_s"] = network_bytes_per_s or accelerator.network_bytes_per_s
        known["generation"] = GENERATIONS.index(accelerator.generation)
        return cls(**known)


@dataclass(frozen=True)
class Job:
    """A training step to be timed."""

    architecture: Architecture
    layout: Layout
    cluster: Cluster

    def part(self, index: Any) -> Job:
        """Some rows of a job of arrays; numbers stay as they are."""

        def rows(item: Any) -> Any:
            columns = {f.name: getattr(item, f.name) for f in fields(item)}
            return replace(item, **{name: column[index] for name, column in columns.items() if np.ndim(column)})

        return Job(rows(self.architecture), rows(self.layout), rows(self.cluster))
