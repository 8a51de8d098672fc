"""Seconds per training step from architecture, layout and hardware: physics first, few constants.

A micro-batch passes a stage in the time of its matrix products, element-wise traffic, tensor-parallel
exchange and launch gaps; stages form a pipeline with a bubble (arXiv:2104.04473, section 2.2); gradients
and, when sharded, weights are exchanged between data-parallel ranks (arXiv:1910.02054). Every field may be
a number or an array; nothing is validated here.
"""

from __future__ import annotations

import numpy as np

from helpers.formulas.accounting import Value
from helpers.formulas.architecture import Architecture, attention_width, forward_flop_items
from helpers.formulas.hardware import GENERATIONS
from helpers.formulas.job import STACKS, Constants, Job

COLLECTIVE_LATENCY_S = 5e-5  # one all-reduce inside a server
SEND_LATENCY_S = 4e-5  # one transfer between pipeline stages
NORM_BYTES = 22  # two norms, two residual adds with dropout: reads and writes per hidden unit, forward
MLP_BYTES = 2  # activation function: bytes per hidden unit of the MLP and matrix, forward
HEAD_BYTES = 8  # splitting and joining the heads, forward
SCORE_BYTES = 13  # scale, mask, softmax, dropout per score and head, forward, when scores are stored
LOGIT_BYTES = 24  # 32-bit softmax and cross entropy, forward and backward, per logit
RECENT = [GENERATIONS.index(name) for name in ("hopper", "blackwell", "cdna")]
FSDP = STACKS.index("fsdp")  # published on with the first generation of fused attention
DEEPSPEED = STACKS.index("deepspeed")  # its stage 3 gathers tensor by tensor
OVERLAP_BOTH = 2  # tensor exchange hides in the forward pass too (arXiv:2402.15627, section 3.2)
OPTIMISER_BYTES = 30  # Adam with master weights: bytes touched per parameter


def matmul_flop_per_s(job: Job, k: Constants) -> Value:
    """Rate of large matrix products."""
    modern = recent(job)
    efficiency = k.matmul_efficiency * (1 - modern) + k.matmul_efficiency_modern * modern
    return efficiency * job.cluster.peak_flop_per_s * (1 + (k.fp8_speedup - 1) * (job.layout.precision > 0))


def recent(job: Job) -> Value:
    """1 for matrix units of the H100's kind and later."""
    return 1.0 * np.isin(job.cluster.generation, RECENT)


def attention_s(job: Job, k: Constants, flop: Value) -> Value:
    """Attention core of a micro-batch: fused, or batched products that narrow heads slow down."""
    c, a, modern = job.cluster, job.architecture, recent(job)
    first = k.attention_efficiency * (1 - modern) + k.attention_efficiency_modern * modern
    fused = first * (1 + (k.attention_speedup - 1) * (job.layout.stack != FSDP))
    split = matmul_flop_per_s(job, k) * a.head_dim / (a.head_dim + 64)
    return flop / np.where(job.layout.flash_attention, fused * c.peak_flop_per_s, split)


def group_bytes_per_s(job: Job, k: Constants, share: Value, efficiency: Value) -> Value:
    """Bandwidth of an exchange over `share` x tensor devices: links in a server, network cards beyond.

    A ring that crosses servers uses the cards of all its members in a server; rings of different
    tensor ranks share them.
    """
    c, o = job.cluster, job.layout
    link = c.link_bytes_per_s * k.link_efficiency
    ranks = c.link_domain / np.minimum(o.tensor, c.link_domain)
    network = np.minimum(link, c.network_bytes_per_s * efficiency * ranks)
    return np.where(share * o.tensor <= c.link_domain, link, network)


def tensor_exchange_s(job: Job, k: Constants, tokens: Value) -> Value:
    """Two all-reduces of the activations per layer and pass (arXiv:1909.08053, section 3).

    One where attention and MLP share it (arXiv:2204.02311, section 2).
    """
    c, o, a = job.cluster, job.layout, job.architecture
    link = c.link_bytes_per_s * k.link_efficiency
    beyond = np.minimum(link, c.link_domain * c.network_bytes_per_s * k.network_efficiency)
    bandwidth = np.where(o.tensor <= c.link_domain, link, beyond)
    volume_byte = 2 * (o.tensor - 1) / o.tensor * 2 * tokens * a.hidden
    return (2 - o.parallel_block) * (volume_byte / bandwidth + COLLECTIVE_LATENCY_S * (o.tensor > 1))


def routing_exchange_s(job: Job, k: Constants, tokens: Value) -> Value:
    """Dispatch and return of tokens to experts on other ranks, per layer and pass (arXiv:2006.16668)."""
    a, o = job.architecture, job.layout
    volume_byte = 2 * 2 * tokens * a.hidden / o.tensor * a.active_experts * (o.expert - 1) / o.expert
    bandwidth = group_bytes_per_s(job, k, o.expert / o.tensor, k.network_efficiency)
    return a.expert_layer_share * volume_byte / bandwidth


def context_exchange_s(job: Job, k: Constants, tokens: Value) -> Value:
    """Keys and values gathered from the other parts of the sequence, per layer and pass (arXiv:2407.21783)."""
    a, o = job.architecture, job.layout
    volume_byte = 2 * 2 * tokens * (o.context - 1) * a.kv_heads * a.head_dim / o.tensor
    return volume_byte / (job.cluster.network_bytes_per_s * k.network_efficiency)


def layer_bytes(a: Architecture, job: Job, tokens: Value) -> Value:
    """Bytes of element-wise work in one layer and forward pass, attention scores apart."""
    o = job.layout
    norm_share = np.where(o.sequence_parallel, o.tensor, 1)
    used = 1 - a.expert_layer_share + a.expert_layer_share * a.active_experts
    mlp = MLP_BYTES * a.ffn_matrices * a.ffn_hidden * used / o.tensor
    return tokens * (NORM_BYTES * a.hidden / norm_share + mlp + HEAD_BYTES * attention_width(a) / o.tensor)


def inner_width(job: Job) -> Value:
    """Inner dimensions of a layer's matrix products on one device, added up.

    The last wave of tiles leaves part of the device idle for as long as one tile takes, which grows with
    the inner dimension: a fixed loss of FLOP for each unit of it, felt when micro-batches are small.
    """
    a, o = job.architecture, job.layout
    return a.hidden * a.ffn_matrices + (attention_width(a) + a.ffn_hidden) / o.tensor


def layer_items_s(job: Job, k: Constants) -> dict[str, Value]:
    """Seconds of one layer's forward pass over one micro-batch on one device, by item."""
    a, o, c = job.architecture, job.layout, job.cluster
    depth = a.layers + a.encoder_layers
    tokens = o.micro_batch * (a.seq_len + a.encoder_seq_len) / o.context
    flop = forward_flop_items(a)
    share = o.micro_batch / (o.tensor * o.context * depth)  # of a sequence's FLOP, per layer and device
    products = sum(value for name, value in flop.items() if not name.startswith(("logits", "attention/scores")))
    core = flop["attention/scores"] * share
    bandwidth = c.memory_bytes_per_s / k.traffic_factor
    scores = core / (4 * a.head_dim) * SCORE_BYTES * (1 - o.flash_attention)
    return {
        "products": (products * share + k.tail_flop * inner_width(job)) / matmul_flop_per_s(job, k),
        "attention": attention_s(job, k, core) + scores / bandwidth,
        "elementwise": layer_bytes(a, job, tokens) / bandwidth,
        "tensor_exchange": tensor_exchange_s(job, k, tokens),
        "other_exchange": routing_exchange_s(job, k, tokens) + context_exchange_s(job, k, tokens),
        "gaps": k.layer_gap_s + 0 * tokens,
    }


def layer_s(job: Job, k: Constants) -> dict[str, Value]:
    """Seconds of one layer over one micro-batch: forward, backward, and what is computed again.

    Backward is twice the arithmetic; sequence parallelism gathers once more (arXiv:2205.05198, section
    4.2.2). Recomputation that stops early leaves out what no gradient needs, above all the last product.
    """
    o = job.layout
    item = layer_items_s(job, k)
    seen = 1 - k.tensor_overlap * (o.overlap_tensor >= OVERLAP_BOTH)
    forward = sum(item.values()) - (1 - seen) * item["tensor_exchange"]
    local = item["products"] + item["attention"] + item["elementwise"]
    shown = (1 + 0.5 * o.sequence_parallel) * (1 - k.tensor_overlap * (o.overlap_tensor >= 1))
    exchange = item["tensor_exchange"] * shown + item["other_exchange"]
    backward = 2 * local + exchange + 1.5 * item["gaps"]
    repeated = o.full_recompute * (1 - o.stop_early * (1 - k.recompute_share))
    again = repeated * forward + o.selective_recompute * item["attention"]
    return {"forward": forward, "backward": backward, "recompute": again}


def logits_s(job: Job, k: Constants) -> Value:
    """Output matrix and loss of one micro-batch, forward and backward, on the last stage."""
    a, o, c = job.architecture, job.layout, job.cluster
    tokens = o.micro_batch * a.seq_len / o.context
    product = 3 * forward_flop_items(a)["logits/matrix"] * o.micro_batch / (o.tensor * o.context)
    traffic = LOGIT_BYTES * tokens * a.vocab / o.tensor * k.traffic_factor / c.memory_bytes_per_s
    return product / matmul_flop_per_s(job, k) + traffic


def send_s(job: Job, k: Constants) -> Value:
    """Activations and their gradients handed to the next stage, per micro-batch."""
    a, o = job.architecture, job.layout
    volume_byte = 2 * 2 * o.micro_batch * a.seq_len / o.context * a.hidden / o.tensor
    bandwidth = job.cluster.network_bytes_per_s * k.network_efficiency
    return (o.pipeline > 1) * o.interleave * (volume_byte / bandwidth + 2 * SEND_LATENCY_S)


def device_params(job: Job) -> Value:
    """Parameters whose gradients one device exchanges: its part of a stage and of the embedding."""
    a, o = job.architecture, job.layout
    embedding = a.vocab * a.hidden
    body = a.params - embedding * (1 + a.untied_logits)
    return body / (o.tensor * o.pipeline) + embedding / o.tensor


def exchange_items_s(job: Job, k: Constants, params: Value, compute_s: Value) -> dict[str, Value]:
    """Data-parallel exchange of a device's `params` in a step that does not hide behind `compute_s`.

    Plain: one all-reduce of the gradients. Sharded weights (ZeRO stage 3) are gathered for each
    micro-batch's forward and backward pass and gradients scattered (arXiv:1910.02054, section 7); beside
    tensor or pipeline parallelism, once a step.
    """
    o = job.layout
    ring = (o.data * o.context - 1) / (o.data * o.context)
    beside = k.reduction_efficiency + o.overlap_exchange * (k.network_efficiency - k.reduction_efficiency)
    single = (o.sharding >= 3) & (o.stack == DEEPSPEED)
    efficiency = beside + single * (k.gather_efficiency - beside)
    bandwidth = group_bytes_per_s(job, k, o.data * o.context, efficiency)
    rounds = np.where((o.sharding >= 2) & (o.tensor * o.pipeline == 1), o.micro_batches, 1)
    gradients = (2 - (o.sharding >= 1)) * o.reduce_bytes * rounds
    gathers = (o.sharding >= 1) * (1 + (o.sharding >= 2) * (rounds - 1) + (o.sharding >= 3) * rounds)
    total = params * ring * (gradients + 2 * gathers) / bandwidth
    hidden = k.overlap + single * (1 - k.overlap)  # single tensors are fetched ahead, all the time
    exposed = np.maximum((1 - hidden) * total, total - compute_s)
    return {"exchange": total + o.overlap_exchange * (exposed - total)}


def optimiser_s(job: Job, params: Value) -> Value:
    """Memory traffic of the optimiser step over a device's `params`."""
    shards = 1 + (job.layout.sharding >= 1) * (job.layout.data - 1)
    return OPTIMISER_BYTES * params / shards / job.cluster.memory_bytes_per_s


def step_items_s(job: Job, k: Constants) -> dict[str, Value]:
    """Seconds of one training step, by item, before stragglers and the software's own slowdown."""
    a, o = job.architecture, job.layout
    layer = layer_s(job, k)
    depth = np.ceil((a.layers + a.encoder_layers + o.extra_blocks) / o.pipeline)  # of the fullest stage
    logits = logits_s(job, k) * (o.extra_blocks == 0)
    send, batches = send_s(job, k), o.micro_batches
    stage = depth * sum(layer.values()) + send
    items = {name: batches * depth * seconds for name, seconds in layer.items()}
    items["logits"] = batches * logits
    items["send"] = batches * send
    items["bubble"] = (o.pipeline - 1) / o.interleave * stage
    params = device_params(job)
    items |= exchange_items_s(job, k, params, batches * (stage + logits))
    items["optimiser"] = optimiser_s(job, params)
    items["fixed"] = k.fixed_s + 0 * stage
    return items


def slowdown(job: Job, k: Constants) -> Value:
    """Factor for stragglers, which grow with the number of accelerators, and for the software stack."""
    doublings = np.log2(np.maximum(job.layout.chips / 8, 1))
    return (1 + k.straggle * doublings) * np.exp(np.asarray(k.log_slowdown)[job.layout.stack])


def step_s(job: Job, k: Constants) -> Value:
    """Seconds of one training step."""
    return sum(step_items_s(job, k).values()) * slowdown(job, k)
