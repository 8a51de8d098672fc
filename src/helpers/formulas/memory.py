"""Bytes per device during training: weights, gradients, optimiser states, activations.

Activations follow arXiv:2205.05198 (equations 1 to 6, appendix B), generalised to other MLP widths, grouped
queries and fused attention; sharding of states follows arXiv:1910.02054 (section 5). The first pipeline
stage is counted, which holds most.
"""

from __future__ import annotations

import numpy as np

from helpers.formulas.accounting import Value
from helpers.formulas.architecture import Architecture, attention_width, parameter_items
from helpers.formulas.job import Job

BYTES_PER_GIB = 2**30
WEIGHT_BYTES = 2  # 16-bit weight
GRADIENT_BYTES = 4  # accumulated in 32 bits
OPTIMISER_BYTES = 12  # 32-bit master weight and two moments (arXiv:1910.02054, section 3.1)
RESERVED_BYTES = 2 * BYTES_PER_GIB  # context, communication buffers
FRAGMENTATION = 1.05  # allocator's loss on what changes from step to step


def stage_params(job: Job) -> dict[str, Value]:
    """Parameters on one device of the first stage: its layers and its part of the embedding."""
    a, o = job.architecture, job.layout
    items = parameter_items(a)
    experts = items["mlp/experts"]
    body = sum(value for name, value in items.items() if not name.startswith(("embedding", "logits")))
    ends = items["embedding/token"] + items["embedding/position"] + (o.pipeline == 1) * items["logits/matrix"]
    return {
        "layers": (body - experts * (1 - 1 / o.expert)) / (o.tensor * o.pipeline),
        "embedding": ends / o.tensor,
    }


def state_items(job: Job) -> dict[str, Value]:
    """Bytes of weights, gradients and optimiser states on one device; 18 for each parameter unsharded."""
    o = job.layout
    shards = {name: np.where(o.sharding >= stage, o.data, 1) for name, stage in SHARDED_FROM.items()}
    return {
        f"{state}/{place}": each * count / shards[state]
        for place, count in stage_params(job).items()
        for state, each in STATE_BYTES.items()
    }


STATE_BYTES = {"weights": WEIGHT_BYTES, "gradients": GRADIENT_BYTES, "optimiser": OPTIMISER_BYTES}
SHARDED_FROM = {"optimiser": 1, "gradients": 2, "weights": 3}


def layer_activation_bytes(job: Job, recomputed: bool = True) -> Value:
    """Bytes one layer keeps for the backward pass of one micro-batch, on one device.

    Nothing recomputed: s·b·h·(10 + 24/t + 5·a·s/(h·t)), equation 2; with sequence parallelism 34/t,
    equation 4; the attention core recomputed or fused: without the last term, equation 6; recomputed in
    full: the layer's input, 2·s·b·h.
    """
    a, o = job.architecture, job.layout
    tokens = o.micro_batch * (a.seq_len + a.encoder_seq_len) / o.context
    split = 4 * attention_width(a) + 4 * a.kv_heads * a.head_dim + mlp_bytes(a)
    whole = 10 * a.hidden / np.where(o.sequence_parallel, o.tensor, 1)
    stored = (1 - o.flash_attention) * (1 - o.selective_recompute * recomputed)
    scores = 5 * a.heads * a.seq_len * stored
    kept = tokens * (whole + (split + scores) / o.tensor)
    return np.where(o.full_recompute * recomputed, 2 * tokens * a.hidden, kept)


def mlp_bytes(a: Architecture) -> Value:
    """Inputs of the activation function and of the last product, per token: 16·h for GPT."""
    used = 1 - a.expert_layer_share + a.expert_layer_share * a.active_experts
    return 2 * a.ffn_matrices * a.ffn_hidden * used


def layers_in_flight(job: Job) -> Value:
    """Layers whose activations the first stage holds at once, L·(1 + (p-1)/(p·v)) when interleaved.

    arXiv:2205.05198, section 4.2.3; fewer when a step has fewer micro-batches than stages.
    """
    a, o = job.architecture, job.layout
    depth = a.layers + a.encoder_layers
    interleaved = 1 + (o.interleave > 1) * (o.pipeline - 1) / (o.pipeline * o.interleave)
    return depth / o.pipeline * np.minimum(o.pipeline * interleaved, o.micro_batches * 1.0)


def activation_items(job: Job) -> dict[str, Value]:
    """Bytes of activations: the layers', and at the ends of the model (appendix B of arXiv:2205.05198)."""
    a, o = job.architecture, job.layout
    tokens = o.micro_batch * (a.seq_len + a.encoder_seq_len) / o.context
    shared = tokens * a.hidden / o.tensor
    output = 4 * shared * (1 + a.vocab / a.hidden)
    return {
        "activations/layers": layers_in_flight(job) * layer_activation_bytes(job),
        "activations/ends": shared * np.minimum(o.pipeline, o.micro_batches) + (o.pipeline == 1) * output,
    }


def working_bytes(job: Job) -> Value:
    """Bytes needed for moments only: one layer being recomputed, and gathered weights when sharded."""
    o, a = job.layout, job.architecture
    again = np.where(o.full_recompute, layer_activation_bytes(job, recomputed=False), 0)
    layer = stage_params(job)["layers"] * o.pipeline / (a.layers + a.encoder_layers)
    return again + np.where(o.sharding >= 3, 2 * 2 * WEIGHT_BYTES * layer, 0)


def memory_items(job: Job) -> dict[str, Value]:
    """Bytes on one device, by item; items sum upward."""
    items = {**state_items(job), **activation_items(job)}
    items["working/layer"] = working_bytes(job)
    return items


def memory_bytes(job: Job) -> Value:
    """Bytes on one device, all items."""
    return sum(memory_items(job).values())


def needed_bytes(job: Job) -> Value:
    """Bytes a device must have: all items, the allocator's loss, and what the software reserves."""
    return memory_bytes(job) * FRAGMENTATION + RESERVED_BYTES


def fits(job: Job) -> Value:
    """Whether a device's memory holds the job."""
    return needed_bytes(job) <= job.cluster.memory_bytes
