"""The fitted constants of the time model, with what was believed before any run, and how software differs."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd

from helpers.language import tr
from helpers.timing.calibration import CONSTANTS_FILE, DEVIATIONS, PRIORS, SLOWDOWN_PRIORS, constants

MEANINGS = {
    "matmul": "Large matrix products, share of peak",
    "attention": "Fused attention, share of peak",
    "attention_speedup": "Later fused attention over the first, ratio",
    "narrow_width": "Width of experts whose products take twice as long, numbers",
    "power_exponent": "Rate by the power for its peak, exponent",
    "traffic_factor": "Bytes moved over the least possible, ratio",
    "cast_bytes": "Casts of a product's input to 8 bits, bytes per number",
    "routing_bytes": "Copies to experts and back, bytes per number",
    "link_efficiency": "Links within their domain, share of their rate",
    "network_efficiency": "Network beside computation, share of its rate",
    "reduction_limit_bytes_per_s": "One exchange at the end of a step on an ideal network, bytes per second",
    "gather_efficiency": "Network for weights gathered layer by layer, share of its rate",
    "overlap": "Data-parallel exchange that can hide, share",
    "contention": "Memory traffic per byte of weights gathered beside the computation",
    "tensor_overlap": "Tensor-parallel exchange that can hide, share",
    "routing_overlap": "Exchange of tokens between experts that hides, share",
    "layer_gap_s": "Waits per layer and forward pass, s",
    "routing_gap_s": "The same of a mixture, beside, s",
    "expert_gap_s": "The same of each expert on a device, s",
    "tail_flop": "Lost at the edges of a product, FLOP per unit of inner width",
    "recompute_share": "Second forward pass where it stops early, share",
    "straggle": "Slower for each doubling of the accelerators, share",
}
FACTORS = {
    "matmul": "Large matrix products, factor: {kind}",
    "attention": "Fused attention, factor: {kind}",
    "narrow": "Width of narrow experts, factor: {kind}",
    "traffic": "Bytes moved, factor: {kind}",
    "cast": "Casts, factor: {kind}",
}


def constant_table() -> pd.DataFrame:
    """The fitted constants with what was believed before any run; columns: constant, prior, spread before and after.

    Factors by kind of matrix unit and precision are fitted as logarithms and shown as factors.
    """
    kept = json.loads(CONSTANTS_FILE.read_text(encoding="utf-8"))["constants"]
    rows = [
        (tr(MEANINGS[name]), prior.mean, prior.spread, kept[name]["value"], kept[name]["spread"])
        for name, prior in PRIORS.items()
    ]
    for name, belief in DEVIATIONS.items():
        what, _, kind = name.partition(" ")
        before, after = np.exp([belief.mean, kept[name]["value"]])
        label = tr(FACTORS[what], kind=kind)
        rows.append(
            (label, float(before), float(before * belief.spread), float(after), float(after * kept[name]["spread"]))
        )
    return pd.DataFrame(rows, columns=["constant", "prior", "prior_spread", "fitted", "fitted_spread"])


def software_differences() -> dict[str, float]:
    """By how much software takes longer than the formula, as a fraction; `fastest megatron` of its releases."""
    more = {name: float(np.exp(constants().fitted[f"slowdown {name}"])) - 1 for name in SLOWDOWN_PRIORS}
    return {**more, "fastest megatron": min(share for name, share in more.items() if name.startswith("megatron"))}
