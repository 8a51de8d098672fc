"""Recomputation, fused attention and sharding that a row does not state: the usual ones that fit the memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from helpers.formulas.architecture import Architecture
from helpers.formulas.hardware import Accelerator
from helpers.formulas.job import STACKS, Cluster, Job, Layout
from helpers.formulas.memory import fits

MARKS = {
    "none": {"full_recompute": 0.0, "selective_recompute": 0.0},
    "selective": {"full_recompute": 0.0, "selective_recompute": 1.0},
    "full": {"full_recompute": 1.0, "selective_recompute": 0.0},
}
RECENT_STACK = STACKS.index("megatron-2022")  # before fused attention, but with selective recomputation
# What fully sharded training brings with it.
SHARDED = {
    "sharding": 3.0,
    "stack": float(STACKS.index("fsdp")),
    "flash_attention": 1.0,
    "overlap_exchange": 1.0,
    "overlap_tensor": 1.0,
    "stop_early": 1.0,
    "reduce_bytes": 4.0,
}


def recomputation(layout: Mapping[str, float]) -> str:
    """The recomputation of a layout in a word."""
    return "full" if layout["full_recompute"] else "selective" if layout["selective_recompute"] else "none"


def with_open_choices(
    row: Mapping[str, str],
    shape: Mapping[str, float],
    layout: dict[str, float],
    accelerator: Accelerator,
    assumed: list[str],
) -> tuple[dict[str, float], list[str]]:
    """The layout with what the row leaves open, and all that was assumed.

    The usual choices first, then those that need less memory; if nothing fits, the leanest.
    """
    chosen = layout
    for choice in choices(row, layout):
        chosen = {**layout, **choice}
        if fits(Job(Architecture(**shape), Layout(**chosen), Cluster.of(accelerator))):
            break
    notes = [] if "recompute" in row else [f"recompute {recomputation(chosen)}"]
    if layout["stack"] == STACKS.index("unknown"):
        notes += [] if "flash_attention" in row else [f"flash_attention {chosen['flash_attention']:g}"]
        notes += [f"sharding {chosen['sharding']:g}"] if chosen["sharding"] != layout["sharding"] else []
    return chosen, [*assumed, *notes]


def choices(row: Mapping[str, str], layout: Mapping[str, float]) -> Iterator[dict[str, float]]:
    """What may be changed in a layout, likeliest first."""
    unknown = layout["stack"] == STACKS.index("unknown")
    words = [recomputation(layout)] if "recompute" in row else usual_recomputation(layout)
    shardings: list[dict[str, float]] = [{}]
    if unknown and "sharding" not in row and layout["tensor"] * layout["pipeline"] == 1 and layout["data"] > 1:
        # Data parallelism alone in bfloat16 is mostly fully sharded; before, only what did not fit was.
        shardings = [SHARDED] if row.get("precision", "").endswith(("bf16", "bfloat16", "fp8")) else [{}, SHARDED]
    fused: list[dict[str, float]] = [{}]
    if unknown and "flash_attention" not in row and not layout["flash_attention"]:
        fused.append({"flash_attention": 1.0})
    for sharding, flash, word in product(shardings, fused, words):
        yield {**MARKS[word], **flash, **sharding}


def usual_recomputation(layout: Mapping[str, float]) -> list[str]:
    """Recent software recomputes no more than memory asks for; before 2022 there was all or nothing."""
    recent = layout["stack"] == RECENT_STACK or layout["flash_attention"]
    return ["none", "selective", "full"] if recent else ["full"]
