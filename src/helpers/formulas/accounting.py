"""FLOP accounting: how much arithmetic a training run is, and in which convention the figure counts.

Every formula is plain arithmetic, so that it takes floats, NumPy arrays, pint quantities and sympy symbols
alike. Nothing is validated here: see `helpers.formulas.validation`. FLOP is a count, FLOP/s a rate.
"""

from enum import StrEnum
from typing import Any

from helpers.constants import PETAFLOP_PER_S_DAY_FLOP

# A float, a NumPy array, a pint quantity or a sympy expression: the formulas do not care which.
Value = Any

FLOP_PER_PARAM_TOKEN_MODEL = 6  # 2 forward + 4 backward (arXiv:2005.14165, appendix D)
FLOP_PER_PARAM_TOKEN_RECOMPUTE = 8  # and 2 for a second forward pass (arXiv:2104.04473, section 5.1)


class Convention(StrEnum):
    """What a figure of training compute counts."""

    MODEL_6ND = "6ND"  # parameters only, forward and backward (arXiv:2005.14165, appendix D)
    RECOMPUTE_8ND = "8ND"  # parameters only, and activations computed a second time
    MODEL_ATTENTION = "6ND+attention"  # 6N + 12 l h s per token (arXiv:2204.02311, appendix B)
    RECOMPUTE_ATTENTION = "8ND+attention"  # equation 3 of arXiv:2104.04473, layers recomputed in full


class Recompute(StrEnum):
    """How much of the forward pass is computed again in the backward pass."""

    NONE = "none"
    SELECTIVE = "selective"  # the attention core only (arXiv:2205.05198, section 5)
    FULL = "full"  # every layer


def training_flop(params: Value, tokens: Value, flop_per_param_token: Value = FLOP_PER_PARAM_TOKEN_MODEL) -> Value:
    """FLOP of a whole run, k·N·D (arXiv:2005.14165, appendix D); params = active parameters."""
    return flop_per_param_token * params * tokens


def flop_per_param_token(training_flop: Value, params: Value, tokens: Value) -> Value:
    """The k that a published amount of compute implies: 6 = model, 8 = with recomputation."""
    return training_flop / (params * tokens)


def petaflop_s_day(training_flop: Value) -> Value:
    """Petaflop/s-days from FLOP (1 PF-day = 8.64e19 FLOP; arXiv:2005.14165, appendix D)."""
    return training_flop / PETAFLOP_PER_S_DAY_FLOP


def hardware_flop(chip_count: Value, duration_s: Value, flop_per_s: Value) -> Value:
    """FLOP of `chip_count` chips for `duration_s` at `flop_per_s` each (peak rate: PEAK convention)."""
    return chip_count * duration_s * flop_per_s


def duration_s(training_flop: Value, chip_count: Value, flop_per_s: Value) -> Value:
    """Seconds of training when every chip keeps up `flop_per_s`, counted as `training_flop` is counted.

    With 8·N·D and an achieved hardware rate this is equation 4 of arXiv:2104.04473.
    """
    return training_flop / (chip_count * flop_per_s)


def flop_per_s_per_chip(training_flop: Value, chip_count: Value, duration_s: Value) -> Value:
    """Achieved rate of one chip, counted as `training_flop` is counted (arXiv:2104.04473, equation 4, turned)."""
    return training_flop / (chip_count * duration_s)


def chip_count(training_flop: Value, duration_s: Value, flop_per_s: Value) -> Value:
    """Chips that finish `training_flop` within `duration_s`, as a real number."""
    return training_flop / (duration_s * flop_per_s)


def tokens_trained(training_flop: Value, params: Value, flop_per_param_token: Value) -> Value:
    """Tokens that an amount of compute stands for, C / (k·N)."""
    return training_flop / (flop_per_param_token * params)


def utilisation(achieved_flop_per_s: Value, peak_flop_per_s: Value) -> Value:
    """Achieved over peak rate of one chip, as a fraction."""
    return achieved_flop_per_s / peak_flop_per_s


def mfu(model_flop: Value, chip_count: Value, duration_s: Value, peak_flop_per_s: Value) -> Value:
    """Model FLOP utilisation: model FLOP, without recomputation, over peak (arXiv:2204.02311, appendix B)."""
    return model_flop / (chip_count * duration_s * peak_flop_per_s)


def flop_per_token(convention: Convention, a: Value) -> Value:
    """FLOP per token as `convention` counts it; with attention 6·N + 12·l·h·s (arXiv:2204.02311, appendix B).

    Of an architecture, or whatever else has active_params and, for attention, layers, hidden, seq_len and vocab.
    With full recomputation as arXiv:2104.04473 equation 3 counts: layers four times, logits three times; written from
    the active parameters so that architectures other than GPT's are covered: one more forward pass of all but the logits.
    """
    if convention is Convention.MODEL_6ND:
        return FLOP_PER_PARAM_TOKEN_MODEL * a.active_params
    if convention is Convention.RECOMPUTE_8ND:
        return FLOP_PER_PARAM_TOKEN_RECOMPUTE * a.active_params
    model = FLOP_PER_PARAM_TOKEN_MODEL * a.active_params + 12 * a.layers * a.hidden * a.seq_len
    second_forward = 2 * (a.active_params - a.vocab * a.hidden) + 4 * a.layers * a.hidden * a.seq_len
    return model if convention is Convention.MODEL_ATTENTION else model + second_forward
