"""Seconds per training step from architecture, layout and hardware: physics first, few constants.

A micro-batch passes a stage in the time of its matrix products, element-wise traffic, exchange (`exchange`)
and launch gaps; stages form a pipeline with a bubble (arXiv:2104.04473, section 2.2). Every field may be a
number or an array; nothing is validated here.
"""

import numpy as np

from helpers.formulas.accounting import Value
from helpers.formulas.architecture import attention_width, experts_used, forward_flop_items, mlp_width, query_width
from helpers.formulas.hardware import GENERATIONS
from helpers.formulas.job import STACKS, Constants, Job
from helpers.formulas.memory import stage_layers
from helpers.timing import exchange

NORM_BYTES = 22  # two norms, two residual adds with dropout: reads and writes per hidden unit, forward
MLP_BYTES = 2  # activation function: bytes per hidden unit of the MLP and matrix, forward
HEAD_BYTES = 8  # splitting and joining the heads, forward
SCORE_BYTES = 13  # scale, mask, softmax, dropout per score and head, forward, when scores are stored
MOST = 0.95  # of the peak, that products can reach
TILE = 256  # numbers: side of the largest block of results that a processor's share of a product is cut into
LOGIT_BYTES = 24  # 32-bit softmax and cross entropy, forward and backward, per logit
# Width of a head whose products take as long as its exponentials, 16 a clock and multiprocessor: peak / (4 x their rate).
EXPONENTIALS = {"volta": 16, "ampere": 32, "ada": 32, "hopper": 64, "blackwell": 128, "cdna": 32, "tpu": 0, "other": 32}
EXPONENTIAL_WIDTH = np.array([EXPONENTIALS[name] for name in GENERATIONS])
FSDP = STACKS.index("fsdp")  # published on with the first generation of fused attention
OPTIMISER_BYTES = 30  # Adam with master weights: bytes touched per parameter


def recipe(job: Job) -> Value:
    """Index of the precision that matrix products are in."""
    return np.asarray(job.layout.precision).astype(int)


def peak_flop_per_s(job: Job) -> Value:
    """Data-sheet rate of the precision that matrix products are in."""
    c, precision = job.cluster, recipe(job)
    narrow = np.where(precision == 3, c.peak_fp4_flop_per_s, c.peak_fp8_flop_per_s)
    return np.where(precision == 0, c.peak_flop_per_s, narrow)


def matmul_flop_per_s(job: Job, k: Constants, wide: bool = False) -> Value:
    """Rate of large matrix products, in 16 bits if `wide`: a share of the peak by kind of matrix unit and precision.

    A device with more power for its peak keeps a higher clock.
    """
    c = job.cluster
    share = k.matmul_efficiency[c.generation, 0 if wide else recipe(job)] * c.power_ratio**k.power_exponent
    return np.minimum(share, MOST) * (c.peak_flop_per_s if wide else peak_flop_per_s(job))


def attention_s(job: Job, k: Constants, flop: Value) -> Value:
    """Attention core of a micro-batch: fused, or batched products that narrow heads slow down; in 16 bits.

    Later fused kernels are twice as fast, so that the exponentials show: each takes as long for a narrow head.
    """
    c, a = job.cluster, job.architecture
    later = job.layout.stack != FSDP
    exponentials = later * EXPONENTIAL_WIDTH[c.generation]
    narrow = (1 + exponentials / 128) / (1 + exponentials / a.head_dim)
    power = c.power_ratio**k.power_exponent
    fused = k.attention_efficiency[c.generation] * (1 + (k.attention_speedup - 1) * later) * narrow * power
    split = matmul_flop_per_s(job, k, wide=True) * a.head_dim / (a.head_dim + 64)
    return flop / np.where(job.layout.flash_attention, fused * c.peak_flop_per_s, split)


def layer_bytes(job: Job, k: Constants, tokens: Value) -> Value:
    """Bytes of element-wise work in one layer and forward pass, attention scores apart.

    Narrow recipes cast each product's input; mixtures copy each token to its experts and add up what returns.
    """
    a, o = job.architecture, job.layout
    norm_share = np.where(o.sequence_parallel, o.tensor, 1)
    used, width = experts_used(a), mlp_width(a)
    parted = MLP_BYTES * a.ffn_matrices * width + HEAD_BYTES * attention_width(a)
    plain = NORM_BYTES * a.hidden / norm_share + parted / o.tensor
    cast = k.cast_bytes[recipe(job)] * ((1 + used) * a.hidden + attention_width(a) + width) / o.tensor
    routed = k.routing_bytes * a.expert_layer_share * a.active_experts * a.hidden / o.tensor
    return tokens * (plain + cast + routed)


def layer_items_s(job: Job, k: Constants) -> dict[str, Value]:
    """Seconds of one layer's forward pass over one micro-batch on one device, by item.

    The last wave of a product's tiles leaves part of the device idle for as long as one tile takes, which grows with
    the product's inner dimension: a fixed loss of FLOP for each unit of it, felt when micro-batches are small.
    """
    a, o, c = job.architecture, job.layout, job.cluster
    depth = a.layers + a.encoder_layers + a.predict_layers
    tokens = o.micro_batch * (a.seq_len + a.encoder_seq_len) / o.context
    flop = forward_flop_items(a)
    share = o.micro_batch / (o.tensor * o.context * depth)  # of a sequence's FLOP, per layer and device
    apart = ("logits", "attention/scores", "mlp/experts")
    plain = sum(value for name, value in flop.items() if not name.startswith(apart))
    products = plain + flop["mlp/experts"] * narrow_experts(job, k)
    core = flop["attention/scores"] * share
    bandwidth = c.memory_bytes_per_s / k.traffic_factor[c.generation]
    scores = core / (2 * (a.head_dim + query_width(a) / a.heads)) * SCORE_BYTES * (1 - o.flash_attention)
    attention, rate = attention_s(job, k, core), matmul_flop_per_s(job, k)
    products_s = products * share / rate
    inner_width = a.hidden * a.ffn_matrices + (attention_width(a) + a.ffn_hidden) / o.tensor
    return {
        "products": products_s + k.tail_flop * inner_width / rate,
        "attention": attention + scores / bandwidth,
        "elementwise": layer_bytes(job, k, tokens) / bandwidth,
        "tensor_exchange": exchange.tensor_exchange_s(job, k, tokens),
        "routing": routing_s(job, k, tokens, products_s + attention),
        "context_exchange": exchange.context_exchange_s(job, k, tokens, attention),
        "gaps": gaps_s(job, k) + 0 * tokens,
    }


def narrow_experts(job: Job, k: Constants) -> Value:
    """How many times as long experts' products take as wide ones of as much arithmetic.

    A product pays a start for each sum, the shorter the dearer: the first sums over the model's width, the last
    over the expert's. Blocks at the edge are computed whole.
    """
    a = job.architecture
    first = a.ffn_matrices - 1
    short = (first / a.hidden + 1 / a.ffn_hidden) / a.ffn_matrices
    blocks = (first * whole_tiles(first * a.ffn_hidden) + whole_tiles(a.hidden)) / a.ffn_matrices
    return blocks * (1 + k.narrow_width[recipe(job)] * short)


def whole_tiles(width: Value) -> Value:
    """A width rounded up to whole blocks, over itself."""
    return np.ceil(width / TILE) * TILE / width


def routing_s(job: Job, k: Constants, tokens: Value, beside_s: Value) -> Value:
    """What shows of the exchange of tokens: most of it, or only what exceeds another micro-batch's work."""
    sent_s = exchange.routing_exchange_s(job, k, tokens)
    plain = sent_s * (1 - k.routing_overlap)
    hidden = np.minimum(exchange.exposed_s(sent_s, beside_s, 1.0), plain)
    return np.where(job.layout.overlap_routing > 0, hidden, plain)


def gaps_s(job: Job, k: Constants) -> Value:
    """Launches and waits of a layer's forward pass, where no graph records them (arXiv:2603.07685).

    A TPU's compiled program launches no experts one by one.
    """
    a, o = job.architecture, job.layout
    routed = (o.graphs < 2) * (k.routing_gap_s + k.expert_gap_s * a.experts / o.expert)
    return (o.graphs < 1) * k.layer_gap_s + (job.cluster.generation != exchange.TPU) * a.expert_layer_share * routed


def layer_s(job: Job, k: Constants) -> dict[str, Value]:
    """Seconds of one layer over one micro-batch: forward, backward, and what is computed again.

    Backward is twice the arithmetic, once where weights are frozen; sequence parallelism gathers once more
    (arXiv:2205.05198, section 4.2.2). Recomputation that stops early leaves out what no gradient needs, above
    all the last product.
    """
    o = job.layout
    item = layer_items_s(job, k)
    seen = 1 - k.tensor_overlap * (o.overlap_tensor >= exchange.OVERLAP_BOTH)
    forward = sum(item.values()) - (1 - seen) * item["tensor_exchange"]
    shown = (1 + 0.5 * o.sequence_parallel) * (1 - k.tensor_overlap * (o.overlap_tensor >= 1))
    sent = item["tensor_exchange"] * shown + item["routing"] + item["context_exchange"]
    arithmetic = (2 - o.adapters) * item["products"] + 2 * (item["attention"] + item["elementwise"])
    repeated = o.full_recompute * (1 - o.stop_early * (1 - k.recompute_share))
    again = repeated * forward + (1 - o.full_recompute) * partly_again_s(job, item)
    return {"forward": forward, "backward": arithmetic + sent + 1.5 * item["gaps"], "recompute": again}


def partly_again_s(job: Job, item: dict[str, Value]) -> Value:
    """Seconds of the modules that are computed again where not the whole layer is."""
    a, o = job.architecture, job.layout
    latent = a.kv_rank * 2 * attention_width(a) + a.q_rank * query_width(a)
    mlp = a.ffn_matrices * a.hidden * mlp_width(a)
    attention = (2 * attention_width(a) + 2 * a.kv_heads * a.head_dim) * a.hidden
    weight = np.maximum(mlp + attention, 1)
    light = (0.4 * o.norm_recompute + 0.3 * o.activation_recompute) * item["elementwise"]
    heavy = (o.mlp_recompute * mlp + o.latent_recompute * latent) / weight * item["products"]
    return o.selective_recompute * item["attention"] + light + heavy


def logits_s(job: Job, k: Constants) -> Value:
    """Output matrix and loss of one micro-batch, forward and backward, on the last stage; in 16 bits."""
    a, o, c = job.architecture, job.layout, job.cluster
    tokens = o.micro_batch * a.seq_len / o.context
    product = 3 * forward_flop_items(a)["logits/matrix"] * o.micro_batch / (o.tensor * o.context)
    traffic = LOGIT_BYTES * tokens * a.vocab / o.tensor * k.traffic_factor[c.generation] / c.memory_bytes_per_s
    return product / matmul_flop_per_s(job, k, wide=True) + traffic


def optimiser_s(job: Job) -> Value:
    """Memory traffic of the optimiser step over a device's parameters."""
    o, params = job.layout, exchange.device_params(job)
    sharded = o.sharding >= 1
    held = params["dense"] / np.where(sharded, o.ranks, 1) + params["experts"] / np.where(sharded, o.expert_ranks, 1)
    return OPTIMISER_BYTES * held * (1 - o.adapters) / job.cluster.memory_bytes_per_s


def step_items_s(job: Job, k: Constants) -> dict[str, Value]:
    """Seconds of one training step, by item, before stragglers and the software's own slowdown."""
    a, o = job.architecture, job.layout
    layer = layer_s(job, k)
    depth = stage_layers(job) + a.predict_layers
    spare = stage_layers(job) * o.pipeline - a.layers - a.encoder_layers  # layers that some stages have less
    logits = exchange.exposed_s(logits_s(job, k), np.minimum(np.ceil(spare / 2), depth) * sum(layer.values()), 1.0)
    batches = o.micro_batches
    send = exchange.send_s(job, k, depth * sum(layer.values()))
    stage = depth * sum(layer.values()) + send
    items = {name: batches * depth * seconds for name, seconds in layer.items()}
    items["logits"] = batches * logits
    items["send"] = batches * send
    items["bubble"] = (o.pipeline - 1) / o.interleave * stage
    items["exchange"] = exchange.gradient_exchange_s(job, k, batches * (stage + logits))
    items["optimiser"] = optimiser_s(job)
    items["fixed"] = k.fixed_s + 0 * stage
    return items


def slowdown(job: Job, k: Constants) -> Value:
    """Factor for stragglers, which grow with the number of accelerators, and for the software stack."""
    doublings = np.log2(np.maximum(job.layout.chips / 8, 1))
    return (1 + k.straggle * doublings) * np.exp(np.asarray(k.log_slowdown)[job.layout.stack])


def step_s(job: Job, k: Constants) -> Value:
    """Seconds of one training step."""
    return sum(step_items_s(job, k).values()) * slowdown(job, k)
