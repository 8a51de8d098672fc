"""Parameters and FLOP of a transformer from its dimensions, item by item.

Items have path-like names and sum upward. `Architecture` covers dense, mixture-of-experts and
encoder-decoder models; its fields may be floats, NumPy arrays or sympy symbols.
"""

from dataclasses import dataclass

from helpers.formulas.accounting import Recompute, Value

TOKENS_PER_PARAM = 20  # compute-optimal, about (arXiv:2203.15556, table 3)


@dataclass(frozen=True)
class Architecture:
    """Dimensions of a transformer. `layers` are decoder layers; an encoder adds `encoder_layers`."""

    layers: Value
    hidden: Value
    heads: Value
    vocab: Value
    seq_len: Value
    ffn_hidden: Value = None  # default 4 x hidden
    kv_heads: Value = None  # default heads; fewer with grouped queries
    head_dim: Value = None  # default hidden / heads
    ffn_matrices: Value = 2  # 3 with a gated unit (SwiGLU, GEGLU)
    linear_bias: Value = 1  # 1 if linear layers have a bias, else 0
    norm_vectors: Value = 2  # 2 with LayerNorm (gain and bias), 1 with RMSNorm
    position_params: Value = None  # default seq_len x hidden, learned positions; 0 for rotary or ALiBi
    untied_logits: Value = 0  # 1 if the output matrix is not the embedding
    experts: Value = 1  # experts per mixture layer
    active_experts: Value = 1  # of which each token uses
    expert_layer_share: Value = 0  # share of layers that are mixtures
    shared_experts: Value = 0  # experts of a mixture layer that every token uses, beside the active ones
    dense_hidden: Value = None  # default ffn_hidden; width of the MLP in layers that are no mixtures
    kv_rank: Value = 0  # latent attention: width that keys and values pass through; 0 = none
    q_rank: Value = 0  # the same of queries
    rope_dim: Value = 0  # rotary part of a head, beside head_dim (latent attention)
    window: Value = 0  # tokens that a windowed layer looks back, at most seq_len
    window_layer_share: Value = 0  # share of layers that are windowed
    predict_layers: Value = 0  # heads that predict further tokens: a layer and logits each
    encoder_layers: Value = 0
    encoder_seq_len: Value = 0
    cross_attention: Value = 0  # 1 if decoder layers attend to an encoder

    def __post_init__(self) -> None:
        defaults = {
            "ffn_hidden": 4 * self.hidden,
            "dense_hidden": 4 * self.hidden if self.ffn_hidden is None else self.ffn_hidden,
            "kv_heads": self.heads,
            "head_dim": self.hidden / self.heads,
            "position_params": self.seq_len * self.hidden,
        }
        for name, value in defaults.items():
            if getattr(self, name) is None:
                object.__setattr__(self, name, value)

    @property
    def params(self) -> Value:
        """All parameters."""
        return sum(parameter_items(self).values())

    @property
    def active_params(self) -> Value:
        """Parameters that one token uses; all of them in a dense model."""
        return sum(parameter_items(self, active=True).values())


def attention_width(a: Architecture) -> Value:
    """Width of all query heads together; `hidden` in most models."""
    return a.heads * a.head_dim


def query_width(a: Architecture) -> Value:
    """Width of all queries together: with latent attention each head has a rotary part beside."""
    return a.heads * (a.head_dim + a.rope_dim)


def attention_weights(a: Architecture) -> dict[str, Value]:
    """Weights of one attention block; latent attention squeezes keys, values and queries (arXiv:2405.04434, 2.1)."""
    latent, squeezed = 1 * (a.kv_rank > 0), 1 * (a.q_rank > 0)
    plain_kv, plain_query = 2 * a.hidden * a.kv_heads * a.head_dim, a.hidden * query_width(a)
    kv = a.hidden * (a.kv_rank + a.rope_dim) + a.kv_rank * 2 * attention_width(a)
    query = (a.hidden + query_width(a)) * a.q_rank
    return {
        "query": plain_query + squeezed * (query - plain_query),
        "key_value": plain_kv + latent * (kv - plain_kv),
        "output": attention_width(a) * a.hidden,
    }


def mlp_params(a: Architecture, width: Value) -> Value:
    """Parameters of one MLP of a width."""
    weights = a.ffn_matrices * a.hidden * width
    return weights + a.linear_bias * ((a.ffn_matrices - 1) * width + a.hidden)


def experts_used(a: Architecture) -> Value:
    """Experts that a token uses, over all layers on average."""
    return a.expert_layer_share * (a.active_experts + a.shared_experts)


def mlp_width(a: Architecture) -> Value:
    """Width of all MLPs that a token uses in a layer, on average."""
    return a.dense_hidden * (1 - a.expert_layer_share) + a.ffn_hidden * experts_used(a)


def parameter_items(a: Architecture, active: bool = False) -> dict[str, Value]:
    """Parameters by item; with `active`, those one token uses (arXiv:2112.06905, section 4).

    Heads that predict further tokens are not counted, as nobody counts them in a model's size.
    """
    blocks = a.layers * (1 + a.cross_attention) + a.encoder_layers
    depth = a.layers + a.encoder_layers
    mixtures = depth * a.expert_layer_share
    used = a.active_experts if active else a.experts
    stacks = 1 + a.cross_attention  # each of encoder and decoder ends in a norm
    norms = 2 * depth + a.layers * a.cross_attention + stacks
    bias = {"query": query_width(a), "key_value": 2 * a.kv_heads * a.head_dim, "output": a.hidden}
    items = {f"attention/{n}": blocks * (w + a.linear_bias * bias[n]) for n, w in attention_weights(a).items()}
    items["mlp/dense"] = (depth - mixtures) * mlp_params(a, a.dense_hidden)
    items["mlp/experts"] = mixtures * used * mlp_params(a, a.ffn_hidden)
    items["mlp/shared"] = mixtures * a.shared_experts * mlp_params(a, a.ffn_hidden)
    items["mlp/router"] = mixtures * a.hidden * a.experts
    items["norm/all"] = norms * a.norm_vectors * a.hidden
    items["embedding/token"] = a.vocab * a.hidden
    items["embedding/position"] = a.position_params
    items["logits/matrix"] = a.untied_logits * a.vocab * a.hidden
    return items


def attended_pairs(a: Architecture) -> Value:
    """Pairs of tokens in one layer's scores, not halved for causality: s², or 2·s·w - w² through a window."""
    whole, windowed = a.seq_len**2, (2 * a.seq_len - a.window) * a.window
    return whole + a.window_layer_share * (windowed - whole)


def forward_flop_items(a: Architecture) -> dict[str, Value]:
    """FLOP of one forward pass over one sequence, matrix products only, attention not halved for causality.

    Two FLOP for each weight and token; scores and their use 2·s·s'·width each a block (arXiv:2104.04473,
    appendix). Norms, softmax and look-ups are left out, as in every paper compared here.
    """
    layers = a.layers + a.predict_layers
    steps = layers * a.seq_len + a.encoder_layers * a.encoder_seq_len  # token-layers
    cross = a.layers * a.cross_attention
    weights = attention_weights(a)
    scores = layers * attended_pairs(a) + a.encoder_layers * a.encoder_seq_len**2
    scores = scores + cross * a.seq_len * a.encoder_seq_len
    product = 2 * a.ffn_matrices * a.hidden * steps
    mixtures = a.expert_layer_share
    return {
        "attention/query": 2 * weights["query"] * (steps + cross * a.seq_len),
        "attention/key_value": 2 * weights["key_value"] * (steps + cross * a.encoder_seq_len),
        "attention/scores": 2 * scores * (query_width(a) + attention_width(a)),
        "attention/output": 2 * weights["output"] * (steps + cross * a.seq_len),
        "mlp/dense": product * a.dense_hidden * (1 - mixtures),
        "mlp/experts": product * a.ffn_hidden * mixtures * a.active_experts,
        "mlp/shared": product * a.ffn_hidden * mixtures * a.shared_experts,
        "mlp/router": 2 * a.hidden * a.experts * mixtures * steps,
        "logits/matrix": 2 * a.hidden * a.vocab * a.seq_len * (1 + a.predict_layers),
    }


def training_flop_per_sequence(a: Architecture, recompute: Recompute = Recompute.NONE) -> Value:
    """FLOP of one training step, forward and backward pass, per sequence of the batch.

    Backward is twice forward; full recomputation runs every layer once more, selective only the
    attention core (arXiv:2104.04473, appendix; arXiv:2205.05198, section 5).
    """
    again = {"none": (), "selective": ("attention/scores",), "full": ("attention/", "mlp/")}[recompute]
    return sum((4 if name.startswith(again) else 3) * flop for name, flop in forward_flop_items(a).items())


def narayanan_flop_per_iteration(
    global_batch: Value, seq_len: Value, layers: Value, hidden: Value, vocab: Value
) -> Value:
    """FLOP per iteration with full recomputation, 96 B s l h² (1 + s/6h + V/16lh): arXiv:2104.04473, eq. 3."""
    size = 1 + seq_len / (6 * hidden) + vocab / (16 * layers * hidden)
    return 96 * global_batch * seq_len * layers * hidden**2 * size


def korthikanti_model_flop(global_batch: Value, seq_len: Value, layers: Value, hidden: Value, vocab: Value) -> Value:
    """Model FLOP per iteration, 72 B L s h² (1 + s/6h + v/12hL): arXiv:2205.05198, appendix A, equation 7."""
    size = 1 + seq_len / (6 * hidden) + vocab / (12 * layers * hidden)
    return 72 * global_batch * seq_len * layers * hidden**2 * size


def palm_flop_per_token(params: Value, layers: Value, heads: Value, head_dim: Value, seq_len: Value) -> Value:
    """Model FLOP per token, 6N + 12 L H Q T: arXiv:2204.02311, appendix B."""
    return 6 * params + 12 * layers * heads * head_dim * seq_len


def tokens_per_param(tokens: Value, params: Value) -> Value:
    """Training tokens for each parameter; about 20 is compute-optimal (arXiv:2203.15556, table 3)."""
    return tokens / params


def compute_optimal_params(training_flop: Value) -> Value:
    """Parameters that make the best of C = 6·N·D at D = 20·N (arXiv:2203.15556, section 3): (C / 120)^(1/2)."""
    return (training_flop / (6 * TOKENS_PER_PARAM)) ** 0.5


def compute_optimal_tokens(training_flop: Value) -> Value:
    """Tokens that go with `compute_optimal_params`: (20·C / 6)^(1/2)."""
    return (training_flop * TOKENS_PER_PARAM / 6) ** 0.5
