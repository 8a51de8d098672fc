"""Bytes per device during training: weights, gradients, optimiser states, activations.

Activations follow arXiv:2205.05198 (equations 1 to 6, appendix B), generalised to other MLP widths, grouped
queries and fused attention; sharding of states follows arXiv:1910.02054 (section 5). The first pipeline
stage is counted, which holds most.
"""

import numpy as np

from helpers.formulas.accounting import Value
from helpers.formulas.architecture import attention_width, experts_used, mlp_width, parameter_items, query_width
from helpers.formulas.job import Job

BYTES_PER_GIB = 2**30
WEIGHT_BYTES = 2  # 16-bit weight
GRADIENT_BYTES = 4  # accumulated in 32 bits
OPTIMISER_BYTES = 12  # 32-bit master weight and two moments (arXiv:1910.02054, section 3.1)
STATE_BYTES = {"weights": WEIGHT_BYTES, "gradients": GRADIENT_BYTES, "optimiser": OPTIMISER_BYTES}
SHARDED_FROM = {"optimiser": 1, "gradients": 2, "weights": 3}
ADAPTER_SHARE = 0.01  # of the parameters, about (arXiv:2106.09685, table 4: 0.002 to 0.2 %; ranks of 16 and up more)
RESERVED_BYTES = 2 * BYTES_PER_GIB  # context, communication buffers
FRAGMENTATION = 1.05  # allocator's loss on what changes from step to step
NORM_SHARE = 0.4  # of what is kept whole: the two norms' outputs


def stage_params(job: Job) -> dict[str, Value]:
    """Parameters on one device of the first stage: its layers, its experts, its part of the embedding."""
    a, o = job.architecture, job.layout
    items = parameter_items(a)
    experts = items["mlp/experts"]
    body = sum(value for name, value in items.items() if not name.startswith(("embedding", "logits"))) - experts
    ends = items["embedding/token"] + items["embedding/position"] + (o.pipeline == 1) * items["logits/matrix"]
    held = stage_share(job)
    return {
        "layers": body * held / o.tensor,
        "experts": experts * held / (o.expert * np.where(o.expert > 1, o.expert_tensor, o.tensor)),
        "embedding": ends / o.tensor,
    }


def stage_share(job: Job) -> Value:
    """Share of the layers that the fullest pipeline stage holds; stages may be uneven."""
    return stage_layers(job) / (job.architecture.layers + job.architecture.encoder_layers)


def stage_layers(job: Job) -> Value:
    """Layers of the fullest pipeline stage, whole chunks of it."""
    a, o = job.architecture, job.layout
    chunks = o.pipeline * o.interleave
    return np.ceil((a.layers + a.encoder_layers + o.extra_blocks) / chunks) * o.interleave


def state_items(job: Job) -> dict[str, Value]:
    """Bytes of weights, gradients and optimiser states on one device; 18 for each parameter unsharded.

    States are sharded over all devices that hold the same weights, those that split a sequence among them.
    """
    o, each = job.layout, state_bytes(job)
    ranks = {"layers": o.ranks, "experts": o.expert_ranks, "embedding": o.ranks}
    return {
        f"{state}/{place}": each[state] * count / np.where(o.sharding >= stage, ranks[place], 1)
        for place, count in stage_params(job).items()
        for state, stage in SHARDED_FROM.items()
    }


def state_bytes_per_chip(params: Value, count: Value) -> Value:
    """Weights, gradients and optimiser states on each device, spread evenly: the least that any layout needs."""
    return sum(STATE_BYTES.values()) * params / count


def state_bytes(job: Job) -> dict[str, Value]:
    """Bytes of each state for each parameter; with adapters alone trained, only they have gradients and moments.

    Recipes narrower than 16 bits add gradients up in 16.
    """
    trained = 1 - (1 - ADAPTER_SHARE) * job.layout.adapters
    gradients = np.where(np.asarray(job.layout.precision) > 0, WEIGHT_BYTES, GRADIENT_BYTES)
    return {"weights": WEIGHT_BYTES, "gradients": gradients * trained, "optimiser": OPTIMISER_BYTES * trained}


def layer_activation_bytes(job: Job, recomputed: bool = True) -> Value:
    """Bytes one layer keeps for the backward pass of one micro-batch, on one device.

    Nothing recomputed: s·b·h·(10 + 24/t + 5·a·s/(h·t)), equation 2; with sequence parallelism 34/t,
    equation 4; the attention core recomputed or fused: without the last term, equation 6; recomputed in
    full: the layer's input, 2·s·b·h.
    """
    a, o = job.architecture, job.layout
    tokens = o.micro_batch * (a.seq_len + a.encoder_seq_len) / o.context
    narrow = input_bytes(job)  # of what a product keeps, which may be in 8 bits
    kept_again = 1 - (o.latent_recompute * recomputed)
    kv_width = np.where(np.asarray(a.kv_rank) > 0, attention_width(a), a.kv_heads * a.head_dim)  # latent: of all heads
    heads = (2 + narrow) * (query_width(a) + attention_width(a)) / 2 + 4 * kv_width * kept_again
    products = heads + mlp_bytes(job, recomputed)
    norms = (6 + 2 * narrow) * (1 - NORM_SHARE * o.norm_recompute * recomputed)
    whole = norms * a.hidden / np.where(o.sequence_parallel, o.tensor, 1)
    stored = (1 - o.flash_attention) * (1 - o.selective_recompute * recomputed)
    scores = 5 * a.heads * a.seq_len * stored
    kept = tokens * (whole + (products + scores) / o.tensor)
    share = o.full_recompute * recomputed
    return share * 2 * tokens * a.hidden + (1 - share) * kept


def input_bytes(job: Job) -> Value:
    """Bytes kept of each input of a matrix product: 2, or 1 with 8-bit and 4-bit recipes (arXiv:2209.05433)."""
    return np.where(np.asarray(job.layout.precision) > 0, 1.0, 2.0)


def mlp_bytes(job: Job, recomputed: bool = True) -> Value:
    """Inputs of the activation function and of the last product, per token: 16·h for GPT."""
    a, o = job.architecture, job.layout
    used, width = experts_used(a), mlp_width(a)
    again = o.activation_recompute * recomputed
    each = 2 * (a.ffn_matrices - 1) + input_bytes(job) * (1 - again)
    return (each * width + 2 * a.hidden * used) * (1 - o.mlp_recompute * recomputed)


def layers_in_flight(job: Job) -> Value:
    """Layers whose activations the first stage holds at once, L·(1 + (p-1)/(p·v)) when interleaved.

    arXiv:2205.05198, section 4.2.3; fewer when a step has fewer micro-batches than stages.
    """
    o = job.layout
    interleaved = 1 + (o.interleave > 1) * (o.pipeline - 1) / (o.pipeline * o.interleave)
    return stage_layers(job) * np.minimum(o.pipeline * interleaved, o.micro_batches * 1.0)


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
    o, held = job.layout, stage_params(job)
    again = np.where(o.full_recompute, layer_activation_bytes(job, recomputed=False), 0)
    layer = (held["layers"] + held["experts"]) / stage_layers(job)
    return again + np.where(o.sharding >= 3, 2 * 2 * WEIGHT_BYTES * layer, 0)


def memory_items(job: Job) -> dict[str, Value]:
    """Bytes on one device, by item; items sum upward."""
    return {**state_items(job), **activation_items(job), "working/layer": working_bytes(job)}


def needed_bytes(job: Job) -> Value:
    """Bytes a device must have: all items, the allocator's loss, and what the software reserves."""
    return sum(memory_items(job).values()) * FRAGMENTATION + RESERVED_BYTES
