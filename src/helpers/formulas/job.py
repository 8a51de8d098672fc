"""What is to be timed: the layout of a training step, the cluster it runs on, the model's constants.

Fields may be numbers or NumPy arrays of one length; nothing is validated here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from helpers.formulas.accounting import Value
from helpers.formulas.architecture import Architecture
from helpers.formulas.hardware import GENERATIONS, Accelerator
from helpers.formulas.precisions import PRECISIONS as PRECISIONS
from helpers.formulas.precisions import precision_of as precision_of

# Training software. An unknown one is taken for the middle of those that use tensor or pipeline parallelism.
STACKS = (
    "megatron",
    "megatron-2021",
    "megatron-2022",
    "megatron-core",
    "megascale",
    "deepspeed",
    "fsdp",
    "unknown",
)
UNKNOWN_STACK = STACKS.index("unknown")


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


@dataclass(frozen=True)
class Constants:
    """What the physics leaves open; fitted by `calibration`, kept in `calibration.json` with their spread."""

    matmul_efficiency: float = 0.75  # share of peak that large matrix products reach, A100 kind
    matmul_efficiency_modern: float = 0.64  # the same, H100 kind
    attention_efficiency: float = 0.55  # fused attention, uncut scores counted, A100 kind
    attention_efficiency_modern: float = 0.31
    attention_speedup: float = 2.0  # of later fused kernels over the first
    fp8_speedup: float = 1.45
    traffic_factor: float = 1.1  # element-wise bytes moved over the least possible
    link_efficiency: float = 0.75
    network_efficiency: float = 0.67  # exchange that overlaps computation
    reduction_efficiency: float = 0.5  # one exchange at the end of the step
    gather_efficiency: float = 0.2  # sharded weights gathered tensor by tensor, nothing hidden
    overlap: float = 0.6  # share of the exchange that can hide
    tensor_overlap: float = 0.5  # share of the backward pass's tensor exchange that can hide
    layer_gap_s: float = 2e-4  # launch gaps and waits per layer and forward pass
    tail_flop: float = 5e6  # lost per matrix product and unit of its inner dimension: half-filled last wave
    recompute_share: float = 0.76  # of a forward pass, where recomputation stops early
    straggle: float = 0.008  # slower by so much for each doubling of the accelerators beyond eight
    fixed_s: float = 0.02  # per step
    log_slowdown: tuple[float, ...] = field(default=(0.0,) * len(STACKS))  # by stack


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

    @classmethod
    def of(cls, accelerator: Accelerator, network_bytes_per_s: float | None = None) -> Cluster:
        """The cluster of one kind of accelerator."""
        return cls(
            accelerator.peak_flop_per_s,
            accelerator.peak_fp8_flop_per_s,
            accelerator.peak_fp4_flop_per_s,
            accelerator.memory_bytes,
            accelerator.memory_bytes_per_s,
            accelerator.link_bytes_per_s / 2,
            network_bytes_per_s or accelerator.network_bytes_per_s,
            accelerator.device_power_w,
            accelerator.link_domain,
            GENERATIONS.index(accelerator.generation),
            accelerator.extrapolated,
        )


@dataclass(frozen=True)
class Job:
    """A training step to be timed."""

    architecture: Architecture
    layout: Layout
    cluster: Cluster
