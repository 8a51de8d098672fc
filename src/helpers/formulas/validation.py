"""Input checks, kept apart so that the formulas stay symbolic.

Each check returns the value or raises `InputError` with one line: the name, what was given, what is accepted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from helpers.errors import ParameterProblem


class InputError(ParameterProblem):
    """A parameter outside its accepted range; the message is one line for the user."""


@dataclass(frozen=True)
class Range:
    """Accepted values of a parameter, both ends included."""

    low: float
    high: float
    unit: str = ""
    whole: bool = False

    def __str__(self) -> str:
        kind = "a whole number" if self.whole else "a number"
        return f"{kind} from {self.low:g} to {self.high:g}{' ' + self.unit if self.unit else ''}"


# Wide enough for anything announced, narrow enough to catch a slip of units.
RANGES: dict[str, Range] = {
    "params": Range(1e3, 1e16),
    "params_billion": Range(1e-6, 1e7),
    "active_params": Range(1e3, 1e16),
    "tokens": Range(1e3, 1e17),
    "chip_count": Range(1, 1e8, whole=True),
    "n_gpus": Range(1, 1e8, whole=True),
    "layers": Range(1, 1e5, whole=True),
    "hidden": Range(1, 1e7, whole=True),
    "heads": Range(1, 1e5, whole=True),
    "kv_heads": Range(1, 1e5, whole=True),
    "head_dim": Range(1, 1e5),
    "ffn_hidden": Range(1, 1e8),
    "vocab": Range(1, 1e8, whole=True),
    "seq_len": Range(1, 1e8, "tokens", whole=True),
    "encoder_layers": Range(0, 1e5, whole=True),
    "encoder_seq_len": Range(0, 1e8, "tokens", whole=True),
    "ffn_matrices": Range(2, 3, whole=True),
    "cross_attention": Range(0, 1, whole=True),
    "linear_bias": Range(0, 1, whole=True),
    "untied_logits": Range(0, 1, whole=True),
    "experts": Range(1, 1e6, whole=True),
    "shared_experts": Range(0, 1e3),
    "dense_hidden": Range(1, 1e8),
    "first_dense_layers": Range(0, 1e5, whole=True),
    "kv_rank": Range(0, 1e6, whole=True),
    "q_rank": Range(0, 1e6, whole=True),
    "rope_dim": Range(0, 1e5, whole=True),
    "window": Range(0, 1e8, "tokens", whole=True),
    "window_layer_share": Range(0, 1),
    "predict_layers": Range(0, 100, whole=True),
    "active_experts": Range(1, 1e6, whole=True),
    "expert_layer_share": Range(0, 1),
    "tensor_parallel": Range(1, 1e5, whole=True),
    "pipeline_parallel": Range(1, 1e5, whole=True),
    "data_parallel": Range(1, 1e7, whole=True),
    "expert_parallel": Range(1, 1e6, whole=True),
    "expert_tensor_parallel": Range(1, 1e5, whole=True),
    "context_parallel": Range(1, 1e5, whole=True),
    "global_batch": Range(1, 1e8, "sequences", whole=True),
    "micro_batch": Range(1, 1e6, "sequences", whole=True),
    "interleave": Range(1, 1e4, whole=True),
    "sharding": Range(0, 3, whole=True),
    "routed_domains": Range(1, 1e5, whole=True),
    "reduce_bytes": Range(0.5, 8, "bytes"),
    "measured_s": Range(1e-9, 1e9, "s"),
    "duration_s": Range(1e-9, 1e12, "s"),
    "days": Range(1e-6, 1e6, "days"),
    "training_flop": Range(1, 1e35, "FLOP"),
    "flop_per_param_token": Range(0.1, 1000),
    "flop_per_s": Range(1, 1e19, "FLOP/s"),
    "peak_flop_per_s": Range(1e6, 1e19, "FLOP/s"),
    "memory_bytes": Range(1e6, 1e15, "bytes"),
    "memory_bytes_per_s": Range(1e6, 1e17, "bytes/s"),
    "link_bytes_per_s": Range(1e5, 1e16, "bytes/s"),
    "network_bytes_per_s": Range(1e3, 1e16, "bytes/s"),
    "nic_gb_per_s_per_gpu": Range(1e-6, 1e7, "GB/s"),
    "link_domain": Range(1, 1e5, whole=True),
    "peak_fp8_flop_per_s": Range(1e6, 1e19, "FLOP/s"),
    "peak_fp4_flop_per_s": Range(1e6, 1e19, "FLOP/s"),
    "device_power_w": Range(0.1, 1e5, "W"),
    "utilisation": Range(1e-6, 1),
    "mfu": Range(1e-6, 1),
    "hfu": Range(1e-6, 1),
    "pue": Range(1, 10),
    "carbon_kg_per_kwh": Range(0, 5, "kg/kWh"),
    "price_per_chip_hour": Range(0, 1e5, "per chip-hour"),
    "purchase_price": Range(0, 1e9, "per chip"),
    "lifetime_s": Range(1, 1e10, "s"),
    "layouts": Range(1, 1000, whole=True),
    "samples": Range(1, 1e10, whole=True),
}


MOST_WORDS = 12  # of a list of accepted words


def check(name: str, value: Any, accepted: Range | None = None) -> Any:
    """Return `value` (number or array) if every element is finite and within the range of `name`."""
    import numpy as np  # only here: the command line reads the ranges without it

    accepted = accepted or RANGES[name]
    try:
        if isinstance(value, bool | str | bytes | dict) or value is None:
            raise TypeError
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError, OverflowError):
        raise InputError(f"{name}: {value!r} is not a number; accepted: {accepted}") from None
    bad = ~np.isfinite(array) | (array < accepted.low) | (array > accepted.high)
    if accepted.whole:
        bad |= array != np.floor(np.where(np.isfinite(array), array, 0.0))
    if bad.any():
        raise InputError(f"{name}: {float(array[bad].flat[0]):g} is not accepted; accepted: {accepted}")
    return value


def check_all(**values: Any) -> None:
    """Check several parameters by their names; None means not given and passes."""
    for name, value in values.items():
        if value is not None:
            check(name, value)


def number(name: str, text: Any) -> float:
    """Read one number from a command line or a table cell, within the range of `name`."""
    try:
        value = float(text)
    except (TypeError, ValueError):
        raise InputError(f"{name}: {text!r} is not a number; accepted: {RANGES[name]}") from None
    accepted = RANGES[name]
    if not accepted.low <= value <= accepted.high or (accepted.whole and value != int(value)):
        check(name, value)
    return value


def whole(name: str, value: Any, accepted: Range) -> int:
    """Check one whole number; a list of them is none."""
    return int(check(name, str(value) if isinstance(value, list | tuple) else value, accepted))


def choice(name: str, value: str, accepted: Iterable[str]) -> str:
    """Return `value` if it is one of the accepted words."""
    words = list(accepted)
    if value in words:
        return value
    near = get_close_matches(str(value), words, n=3, cutoff=0.5)
    more = ", ..." if len(words) > MOST_WORDS else ""
    hint = f"did you mean {', '.join(near)}? " if near else ""
    hint += f"accepted: {', '.join(words[:MOST_WORDS])}{more}"
    raise InputError(f"{name}: {value!r} is unknown; {hint}")


def check_shape(shape: Mapping[str, float]) -> None:
    """Refuse dimensions that do not go together."""
    heads = shape["heads"]
    kv_heads = shape.get("kv_heads", heads)
    if heads % kv_heads:
        raise InputError(f"kv_heads: {kv_heads:g} is not accepted; accepted: divisors of the {heads:g} heads")
    if "head_dim" not in shape and shape["hidden"] % heads:
        text = f"heads: {heads:g} does not divide the width (hidden) of {shape['hidden']:g}"
        raise InputError(f"{text}; accepted: its divisors, or state head_dim")
    experts, active = shape.get("experts", 1), shape.get("active_experts", 1)
    if active > experts:
        raise InputError(f"active_experts: {active:g} is more than the {experts:g} experts; accepted: 1 to {experts:g}")


def divides(name: str, whole: Any, part_name: str, part: Any) -> None:
    """Refuse a `whole` that is not a multiple of `part`."""
    import numpy as np  # only here: the command line reads the ranges without it

    if (np.asarray(whole) % np.asarray(part) != 0).any():
        raise InputError(f"{name}: {whole} is not a multiple of {part_name} {part}")


def product(name: str, total: Any, **factors: Any) -> None:
    """Refuse factors that do not multiply out to `total`."""
    import numpy as np  # only here: the command line reads the ranges without it

    result = np.prod([np.asarray(value) for value in factors.values()], axis=0)
    if (result != np.asarray(total)).any():
        parts = " x ".join(f"{key} {value}" for key, value in factors.items())
        raise InputError(f"{name}: {parts} is {result}, not {name} {total}")
