"""Seconds that devices of a training step spend on exchange: tensors, tokens for experts, sequences, stages, gradients.

An exchange whose members all lie within the fast link's domain goes at the link's rate, else at the network's.
"""

import numpy as np

from helpers.formulas.accounting import Value
from helpers.formulas.architecture import parameter_items
from helpers.formulas.hardware import GENERATIONS
from helpers.formulas.job import STACKS, Constants, Job
from helpers.formulas.memory import stage_share

COLLECTIVE_LATENCY_S = 5e-5  # one all-reduce inside a server
SEND_LATENCY_S = 4e-5  # one transfer between pipeline stages
LARGEST_SQUARE = 1024  # TPUs in a pod that is a torus of two dimensions; larger pods have three
DEEPSPEED = STACKS.index("deepspeed")  # its stage 3 gathers tensor by tensor
OVERLAP_BOTH = 2  # tensor exchange hides in the forward pass too (arXiv:2402.15627, section 3.2)
TPU = GENERATIONS.index("tpu")  # pods: weights are gathered within one, gradients added up between them


def link_bytes_per_s(job: Job, k: Constants) -> Value:
    """What an exchange gets of the fast link, one direction."""
    return job.cluster.link_bytes_per_s * k.link_efficiency


def network_bytes_per_s(job: Job, k: Constants) -> Value:
    """What an exchange beside the computation gets of a device's share of the network."""
    return job.cluster.network_bytes_per_s * k.network_efficiency


def group_bytes_per_s(job: Job, k: Constants, members: Value, inner: Value, share_bytes_per_s: Value) -> Value:
    """Bandwidth of a ring of `members` devices, each `inner` devices apart: links within the domain, else network cards.

    A ring that leaves the domain uses the cards of all its members within; rings side by side share them. A TPU's
    links are parted where tensors and data are exchanged along different axes of the torus.
    """
    o, c = job.layout, job.cluster
    axes = np.where(c.link_domain > LARGEST_SQUARE, 3, 2)
    link = link_bytes_per_s(job, k) / np.where((c.generation == TPU) & (o.tensor > 1) & (o.data > 1), axes, 1)
    within = np.maximum(c.link_domain / np.maximum(inner, 1), 1)
    return np.where(members * inner <= c.link_domain, link, np.minimum(link, share_bytes_per_s * within))


def tensor_exchange_s(job: Job, k: Constants, tokens: Value) -> Value:
    """Two all-reduces of the activations per layer and pass (arXiv:1909.08053, section 3).

    One where attention and MLP share it (arXiv:2204.02311, section 2) or where experts are not split.
    """
    o, a = job.layout, job.architecture
    bandwidth = group_bytes_per_s(job, k, o.tensor, 1, network_bytes_per_s(job, k))
    volume_byte = 2 * (o.tensor - 1) / o.tensor * 2 * tokens * a.hidden
    whole = 1 - a.expert_layer_share * ((o.expert > 1) & (o.expert_tensor == 1))
    rounds = 1 + (1 - o.parallel_block) * whole
    return rounds * (volume_byte / bandwidth + COLLECTIVE_LATENCY_S * (o.tensor > 1))


def routing_exchange_s(job: Job, k: Constants, tokens: Value) -> Value:
    """Dispatch and return of tokens to experts on other devices, per layer and pass (arXiv:2006.16668).

    A token travels once to each device of its domain, and once to each other domain, that has an expert of its.
    """
    a, o, c = job.architecture, job.layout, job.cluster
    each_byte = 2 * 2 * tokens * a.hidden / o.tensor * o.expert_tensor  # 16 bits, there and back
    domains = np.maximum(o.expert * o.expert_tensor / c.link_domain, 1)
    local = (o.expert - 1) * (1 - (1 - 1 / o.expert) ** a.active_experts)
    reached = np.minimum(domains, o.routed_domains)
    beyond = (domains - 1) / domains * reached * (1 - (1 - 1 / reached) ** a.active_experts)
    seconds = np.maximum(local / link_bytes_per_s(job, k), beyond / network_bytes_per_s(job, k))  # both at once
    return a.expert_layer_share * each_byte * seconds * (o.expert > 1)


def context_exchange_s(job: Job, k: Constants, tokens: Value, attention_s: Value) -> Value:
    """Keys and values gathered from the other parts of the sequence, per layer and pass (arXiv:2407.21783).

    It runs beside the attention of the parts that are there already.
    """
    a, o = job.architecture, job.layout
    volume_byte = 2 * 2 * tokens * (o.context - 1) * a.kv_heads * a.head_dim / o.tensor
    bandwidth = group_bytes_per_s(job, k, o.context, o.tensor, network_bytes_per_s(job, k))
    return exposed_s(volume_byte / bandwidth, attention_s, k.overlap)


def exposed_s(exchange_s: Value, beside_s: Value, share: Value) -> Value:
    """What shows of an exchange of which a share can hide beside other work."""
    return np.maximum((1 - share) * exchange_s, exchange_s - beside_s)


def send_s(job: Job, k: Constants, beside_s: Value) -> Value:
    """Activations and their gradients handed to the next stage, per micro-batch.

    With several chunks a stage, later software sends one beside the computation of another.
    """
    a, o, c = job.architecture, job.layout, job.cluster
    volume_byte = 2 * 2 * o.micro_batch * a.seq_len / o.context * a.hidden / o.tensor
    bandwidth = np.where(o.chips <= c.link_domain, link_bytes_per_s(job, k), network_bytes_per_s(job, k))
    whole = o.interleave * (volume_byte / bandwidth + 2 * SEND_LATENCY_S)
    hidden = (o.interleave > 1) & (o.overlap_exchange > 0)
    return (o.pipeline > 1) * np.where(hidden, exposed_s(whole, beside_s, k.overlap), whole)


def device_params(job: Job) -> dict[str, Value]:
    """Parameters whose gradients one device exchanges: its part of a stage and of the embedding, and its experts."""
    a, o = job.architecture, job.layout
    items = parameter_items(a)
    experts, embedding = items["mlp/experts"], a.vocab * a.hidden
    body = sum(items.values()) - experts - embedding * (1 + a.untied_logits)
    held, split = stage_share(job), o.expert * np.where(o.expert > 1, o.expert_tensor, o.tensor)
    return {"dense": body * held / o.tensor + embedding / o.tensor, "experts": experts * held / split}


def gradient_exchange_s(job: Job, k: Constants, compute_s: Value) -> Value:
    """Data-parallel exchange of a step that does not hide behind `compute_s`.

    Plain: one all-reduce of the gradients. Sharded weights (ZeRO stage 3) are gathered for each
    micro-batch's forward and backward pass and gradients scattered (arXiv:1910.02054, section 7); beside
    tensor or pipeline parallelism, once a step. On GPUs gathered weights hide behind the computation but
    take memory's time from it.
    """
    o, params = job.layout, device_params(job)
    spread = np.where(o.expert > 1, o.expert_tensor * o.expert, o.tensor)
    dense_byte, dense_s = _ring(job, k, params["dense"], o.ranks, o.tensor)
    experts_byte, experts_s = _ring(job, k, params["experts"], o.expert_ranks, spread)
    total_s = (dense_s + experts_s) * (1 - o.adapters)
    contention_s = k.contention * (dense_byte + experts_byte) / job.cluster.memory_bytes_per_s
    gathered_s = np.maximum(np.minimum(contention_s, total_s), total_s - compute_s)
    gathers = (o.sharding >= 3) & (job.cluster.generation != TPU)
    beside_s = np.where(gathers, gathered_s, exposed_s(total_s, compute_s, k.overlap))
    beside_s = np.where(one_by_one(job), np.maximum(total_s - compute_s, 0), beside_s)  # fetched ahead, all the time
    return total_s + o.overlap_exchange * (beside_s - total_s)


def one_by_one(job: Job) -> Value:
    """Whether weights are gathered tensor by tensor."""
    return (job.layout.sharding >= 3) & (job.layout.stack == DEEPSPEED)


def _ring(job: Job, k: Constants, params: Value, members: Value, inner: Value) -> tuple[Value, Value]:
    """Bytes and seconds of gradients scattered and weights gathered among `members` that hold the same `params`.

    One exchange at the end of the step gains less and less from a faster network: latency and the host's share stay.
    """
    o, c = job.layout, job.cluster
    with np.errstate(divide="ignore"):  # without a network there is no rate
        alone = 1 / (1 / c.network_bytes_per_s + 1 / k.reduction_limit_bytes_per_s)
    share = np.where(o.overlap_exchange > 0, network_bytes_per_s(job, k), alone)
    share = np.where(one_by_one(job), k.gather_efficiency * c.network_bytes_per_s, share)
    rounds = np.where((o.sharding >= 2) & (o.tensor * o.pipeline == 1), o.micro_batches, 1)
    gradients = (2 - (o.sharding >= 1)) * o.reduce_bytes * rounds
    gathers = 2 * (o.sharding >= 1) * (1 + (o.sharding >= 2) * (rounds - 1) + (o.sharding >= 3) * rounds)
    pod = (c.generation == TPU) & (members * inner > c.link_domain)
    near = np.where(pod, np.maximum(c.link_domain / inner, 1), members)
    volume_byte = params * (near - 1) / near * (gradients + gathers)
    between_byte = pod * 2 * o.reduce_bytes * params / near
    seconds = volume_byte / group_bytes_per_s(job, k, near, inner, share)
    return volume_byte, seconds + between_byte / share
