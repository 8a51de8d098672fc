"""A plausible architecture where only the number of parameters is known.

Depth and width grow together as in GPT-3's family (arXiv:2005.14165, table 2.1): width is about 128 times
the depth, heads are 128 wide, the MLP is four times as wide.
"""

from collections.abc import Mapping

from helpers.formulas.architecture import Architecture
from helpers.formulas.validation import check_shape

WIDTH_PER_LAYER = 128
HEAD_DIM = 128
DEFAULT_VOCAB = 51200
DEFAULT_SEQ_LEN = 2048
GATED_SEQ_LEN = 4096  # of models with a gated MLP, those since LLaMA
# Tokens in a step: 4e6 for 2e12 tokens (arXiv:2307.09288), 16e6 for 15e12 (arXiv:2407.21783), 3.2e6 for 3e11
# (arXiv:2005.14165); the batch that pays grows about as the root of the tokens (arXiv:2410.21676).
BATCH_TOKENS_AT_2T = 4e6
LEAST_BATCH_TOKENS, MOST_BATCH_TOKENS = 2.5e5, 6.4e7


def plausible_architecture(params: float, seq_len: int = DEFAULT_SEQ_LEN, vocab: int = DEFAULT_VOCAB) -> Architecture:
    """A GPT with about so many parameters, whose layers and heads divide well."""
    layers = (params / (12 * WIDTH_PER_LAYER**2)) ** (1 / 3)
    step = 8 if layers >= 32 else 4 if layers >= 12 else 1
    depth = max(1, round(layers / step) * step)
    # 12·l·h² + V·h = N
    hidden = ((vocab**2 + 48 * depth * params) ** 0.5 - vocab) / (24 * depth)
    unit = HEAD_DIM * (8 if hidden >= 8192 else 4 if hidden >= 2048 else 1)
    width = max(HEAD_DIM, round(hidden / unit) * unit)
    return Architecture(depth, width, width // HEAD_DIM, vocab, seq_len)


def usual_batch(tokens: float, seq_len: float, chips: int) -> int:
    """Sequences per step as runs of that many tokens were trained with, rounded so that it divides over the chips."""
    batch: float = BATCH_TOKENS_AT_2T * (tokens / 2e12) ** 0.5
    wanted = min(max(batch, LEAST_BATCH_TOKENS), MOST_BATCH_TOKENS) / seq_len
    unit = chips if chips <= wanted else max(1, chips // 8)
    while unit > max(1.0, wanted * 1.5):
        unit = unit // 2
    return max(1, round(wanted / unit)) * unit


def with_usual(
    given: Mapping[str, float], heads: float | None = None, dense_layers: float | None = None
) -> dict[str, float]:
    """Dimensions with the usual value of each that is missing and has one; layers and width must be given.

    Heads are by default 128 wide, `dense_layers` those of a mixture of experts that are not mixtures. An InputError: the
    dimensions do not go together.
    """
    usual = {
        "vocab": DEFAULT_VOCAB,
        "seq_len": GATED_SEQ_LEN if given.get("ffn_matrices") == 3 else DEFAULT_SEQ_LEN,
        "heads": heads or max(1.0, given["hidden"] // HEAD_DIM),
    }
    if given.get("experts", 1) > 1:
        usual |= {"active_experts": 1, "expert_layer_share": max(0.0, 1 - (dense_layers or 0) / given["layers"])}
    if given.get("encoder_layers", 0):
        usual |= {"encoder_seq_len": given.get("seq_len", DEFAULT_SEQ_LEN), "cross_attention": 1}
    whole = {**usual, **given}
    if "window" in given:
        whole["window"] = min(given["window"], whole["seq_len"])
        whole.setdefault("window_layer_share", 1.0)
    check_shape(whole)
    return whole
