"""A plausible architecture where only the number of parameters is known.

Depth and width grow together as in GPT-3's family (arXiv:2005.14165, table 2.1): width is about 128 times
the depth, heads are 128 wide, the MLP is four times as wide.
"""

from __future__ import annotations

from collections.abc import Mapping

from helpers.formulas.architecture import Architecture

WIDTH_PER_LAYER = 128
HEAD_DIM = 128
DEFAULT_VOCAB = 51200
DEFAULT_SEQ_LEN = 2048
BATCH_TOKENS_AT_1B = 0.6e6  # arXiv:2005.14165, table 2.1: 0.5e6 tokens at 0.8e9 parameters, 3.2e6 at 175e9
BATCH_GROWTH = 0.32


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


def usual_batch(params: float, seq_len: int, chips: int) -> int:
    """Sequences per step as models of the size were trained with, rounded so that it divides over the chips."""
    sequences = BATCH_TOKENS_AT_1B * float(max(params / 1e9, 0.1) ** BATCH_GROWTH) / seq_len
    unit = chips if chips <= sequences else max(1, chips // 8)
    while unit > max(1.0, sequences * 1.5):
        unit = unit // 2
    return max(1, round(sequences / unit)) * unit


def with_usual(given: Mapping[str, float], heads: float | None = None) -> dict[str, float]:
    """Dimensions with the usual value of each that is missing and has one; layers and width must be given."""
    usual = {
        "vocab": DEFAULT_VOCAB,
        "seq_len": DEFAULT_SEQ_LEN,
        "heads": heads or max(1.0, given["hidden"] // HEAD_DIM),
    }
    if given.get("experts", 1) > 1:
        usual |= {"active_experts": 1, "expert_layer_share": 1}
    if given.get("encoder_layers", 0):
        usual |= {"encoder_seq_len": given.get("seq_len", DEFAULT_SEQ_LEN), "cross_attention": 1}
    return {**usual, **given}
