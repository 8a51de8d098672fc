"""The layout of a published run from the cells of its row: stated, derived, or usual for its software."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from helpers.formulas.job import PRECISIONS, STACKS, precision_of
from helpers.formulas.validation import InputError, choice, number

LAYOUT = ("tensor_parallel", "pipeline_parallel", "data_parallel")
RECOMPUTE = {"": "none", "sel": "selective", "no": "none", "false": "none", "true": "full"}
RECENT = ("fsdp", "megatron-core", "megascale")  # software of 2023 and later
# Words in a run's name, source or note that give its software away; the first match counts.
STACK_WORDS = (
    ("fsdp", r"bloomberg"),
    ("deepspeed", r"-zero3"),
    ("megatron-2021", r"^sc21|2104\.04473|^readme-"),
    ("megatron-2022", r"^kor|2205\.05198"),
    ("fsdp", r"fsdp|mosaic|mpt|fully.sharded|^opt-|^llama-?65"),
    ("deepspeed", r"mtnlg|mt-nlg|2201\.11990|bloom|glm|neox|pythia|deepspeed|zero-?3"),
    ("megascale", r"megascale-(530b-)?megascale"),
    ("megatron-core", r"nemotron|mcore|megatron-core|llama-?3|2402\.15627"),
    ("megatron", r"megatron|yuan"),
)
# Most model chunks per stage that a stack's published runs use, where a row does not say.
USUAL_INTERLEAVE = {"megatron-2021": 4, "megatron-2022": 4, "megatron-core": 8, "megascale": 8}


def maybe(row: Mapping[str, str], name: str) -> float | None:
    """A number of the row within its range, or None if the cell is empty."""
    return number(name, row[name]) if name in row else None


def flag(row: Mapping[str, str], name: str, default: float) -> float:
    """A yes or no of the row as 1 or 0."""
    words = {"1": 1.0, "true": 1.0, "yes": 1.0, "0": 0.0, "false": 0.0, "no": 0.0}
    if name not in row:
        return default
    return words[choice(name, row[name].lower(), words)]


def noted(row: Mapping[str, str], pattern: str) -> float | None:
    """A number that only the note states."""
    found = re.search(pattern, row.get("note", ""))
    return float(found[1]) if found else None


def known_stack(row: Mapping[str, str]) -> str | None:
    """The training software that a run's names give away, if they do."""
    text = [row.get(name, "").lower() for name in ("run_id", "source_group", "source_id", "model", "note")]
    found = (stack for stack, pattern in STACK_WORDS if any(re.search(pattern, part) for part in text))
    return next(found, None)


def stack_of(row: Mapping[str, str], assumed: list[str]) -> str:
    """The training software, as stated or as the names give away."""
    if "stack" in row:
        return choice("stack", row["stack"].lower(), STACKS)
    stack = known_stack(row)
    if stack is None:
        assumed.append("stack")
    return stack or "unknown"


def read_layout(
    row: Mapping[str, str], shape: dict[str, float], stack: str, modern_chip: bool, assumed: list[str]
) -> dict[str, float]:
    """Layout fields; empty if batch or parallel sizes are unknown."""
    sizes = parallel_sizes(row, stack, assumed)
    if not sizes or "global_batch" not in row:
        return {}
    layout = {**sizes, "global_batch": number("global_batch", row["global_batch"])}
    layout["micro_batch"] = micro_batch_of(row, layout, assumed)
    layout["expert"] = maybe(row, "expert_parallel") or 1.0
    layout["extra_blocks"] = extra_blocks(row, shape, stack, layout["pipeline"])
    layout["interleave"] = interleave_of(row, shape, stack, layout, assumed)
    layout |= software(
        row, stack, layout, stack in RECENT or (stack == "unknown" and (modern_chip or recent(row, shape)))
    )
    check_layout(row, shape, layout)
    return layout


def extra_blocks(row: Mapping[str, str], shape: dict[str, float], stack: str, pipeline: float) -> float:
    """Embedding and logits as pipeline blocks of their own: as stated, or if only so the blocks divide."""
    stated = re.search(r"(\d+) blocks for PP", row.get("assumed", ""))
    blocks = row.get("pipeline_blocks") or (stated[1] if stated else "")
    if blocks:
        return max(0.0, number("layers", blocks) - shape["layers"])
    divides = shape["layers"] % pipeline and not (shape["layers"] + 2) % pipeline
    return 2.0 if stack == "deepspeed" and divides else 0.0


def interleave_of(
    row: Mapping[str, str], shape: dict[str, float], stack: str, layout: dict[str, float], assumed: list[str]
) -> float:
    """Model chunks per stage: as stated, else as many as the stack's published runs use."""
    stated = maybe(row, "interleave")
    pipeline = layout["pipeline"]
    if stated is not None or pipeline == 1:
        return stated or 1.0
    each, rounds = shape["layers"] / pipeline, layout["global_batch"] / layout["data"] / layout["micro_batch"]
    most = USUAL_INTERLEAVE.get(stack, 1) if rounds % pipeline == 0 else 1
    chunks = max(v for v in range(1, most + 1) if v == 1 or each % v == 0)
    assumed.append(f"interleave {chunks}")
    return float(chunks)


def parallel_sizes(row: Mapping[str, str], stack: str, assumed: list[str]) -> dict[str, float]:
    """Tensor, pipeline, data and context sizes; one that is missing follows from the number of devices."""
    tensor, pipeline, data = (maybe(row, name) for name in LAYOUT)
    context = maybe(row, "context_parallel") or noted(row, r"context parallel (\d+)") or 1.0
    chips = maybe(row, "n_gpus")
    if tensor is None and pipeline is None and data is None and stack != "fsdp":
        return {}
    if tensor is None or pipeline is None:
        assumed.append("tensor and pipeline sizes of 1 where not given")
    tensor, pipeline = tensor or 1.0, pipeline or 1.0
    if data is None:
        if chips is None:
            return {}
        data = chips / (tensor * pipeline * context)
        if data != int(data):
            raise InputError(f"n_gpus: {chips:g} is not a multiple of {tensor:g} x {pipeline:g} x {context:g}")
    return {"tensor": tensor, "pipeline": pipeline, "data": data, "context": context}


def micro_batch_of(row: Mapping[str, str], layout: dict[str, float], assumed: list[str]) -> float:
    """Sequences per micro-batch: as stated; else 1 in a pipeline, or the largest power of two up to 8."""
    stated = maybe(row, "micro_batch")
    if stated is not None:
        return stated
    each = layout["global_batch"] / layout["data"]
    fits = [size for size in (8.0, 4.0, 2.0) if each % size == 0 and layout["pipeline"] == 1]
    assumed.append(f"micro_batch {fits[0] if fits else 1:g}")
    return fits[0] if fits else 1.0


def recent(row: Mapping[str, str], shape: Mapping[str, float]) -> bool:
    """Gated MLP, shared keys and values or 8 bits: models of 2023 and later, with the software of their time."""
    gated = shape.get("ffn_matrices", 2) == 3 or shape.get("ffn_hidden", 0) not in (0, 4 * shape["hidden"])
    return gated or shape.get("kv_heads", shape["heads"]) < shape["heads"] or row.get("precision") == "fp8"


def parallel_block(row: Mapping[str, str]) -> bool:
    """Whether attention and MLP work side by side: by the model's name, or as the note says."""
    return bool(re.search(r"(?i)^palm|neox|gpt-?j", row.get("model", "")) or "parallel block" in row.get("note", ""))


def software(row: Mapping[str, str], stack: str, layout: dict[str, float], is_recent: bool) -> dict[str, float]:
    """What the software does, as stated or as usual for the stack; recent = of 2023 or later."""
    note = row.get("note", "") + row.get("run_id", "")
    word = row.get("recompute", "").lower()
    recompute = choice("recompute", RECOMPUTE.get(word, word), ("none", "selective", "full"))
    usual = 3.0 if stack == "fsdp" else 1.0 if is_recent or stack == "deepspeed" else 0.0
    named = 2.0 if "SHARD_GRAD_OP" in note else 3.0 if re.search("(?i)zero-?3", note) else usual
    sharding = number("sharding", row["sharding"]) if "sharding" in row else named
    narrow = "PURE" in note or row.get("precision") == "fp16" or stack.startswith("megatron-20")
    spread = (is_recent and stack != "fsdp" and layout["tensor"] > 1) or "sequence parallel" in note
    wide = is_recent or stack == "deepspeed"
    return {
        "full_recompute": float(recompute == "full"),
        "selective_recompute": float(recompute == "selective"),
        "stop_early": float(stack == "fsdp"),
        "sequence_parallel": flag(row, "sequence_parallel", float(spread)),
        "flash_attention": flag(row, "flash_attention", float(is_recent)),
        "parallel_block": flag(row, "parallel_block", float(parallel_block(row))),
        "overlap_tensor": 2.0 if stack == "megascale" else float(is_recent or stack == "megatron-2022"),
        "sharding": sharding,
        "overlap_exchange": float(is_recent or sharding >= 3),  # DeepSpeed's overlap_comm is on from stage 3
        "reduce_bytes": number("reduce_bytes", row.get("reduce_bytes", 2.0 if narrow or not wide else 4.0)),
        "precision": float(PRECISIONS.index(precision_of(row.get("precision", "bf16")))),
        "stack": float(STACKS.index(stack)),
    }


def check_layout(row: Mapping[str, str], shape: dict[str, float], layout: dict[str, float]) -> None:
    """Refuse sizes that do not multiply out or do not divide what they split."""
    sizes = {name: layout[name] for name in ("tensor", "pipeline", "data", "context")}
    chips = maybe(row, "n_gpus")
    if chips is not None and np.prod(list(sizes.values())) != chips:
        text = " x ".join(f"{name} {size:g}" for name, size in sizes.items() if size > 1 or name != "context")
        raise InputError(f"n_gpus: {text} is {np.prod(list(sizes.values())):g}, not {chips:g}")
    if shape["heads"] % layout["tensor"]:
        raise InputError(f"tensor_parallel: {layout['tensor']:g} does not divide the {shape['heads']:g} heads")
    if shape["layers"] + layout["extra_blocks"] < layout["pipeline"]:
        raise InputError(f"pipeline_parallel: {layout['pipeline']:g} is more than the {shape['layers']:g} layers")
    chunks, blocks = layout["pipeline"] * layout["interleave"], shape["layers"] + layout["extra_blocks"]
    if layout["interleave"] > 1 and blocks % chunks:
        raise InputError(
            f"interleave: pipeline x interleave is {chunks:g}, which does not divide the {blocks:g} layers"
        )
    if shape["seq_len"] % layout["context"]:
        raise InputError(f"context_parallel: {layout['context']:g} does not divide the {shape['seq_len']:g} tokens")
    if layout["data"] % layout["expert"] or shape.get("experts", 1) % layout["expert"]:
        experts = f"{layout['data']:g} data-parallel ranks and {shape.get('experts', 1):g} experts"
        raise InputError(f"expert_parallel: {layout['expert']:g} does not divide the {experts}")
    part = layout["data"] * layout["micro_batch"]
    if layout["global_batch"] % part and ("micro_batch" in row or "data_parallel" in row):
        raise InputError(
            f"global_batch: {layout['global_batch']:g} is not a multiple of data_parallel x micro_batch = {part:g}"
        )
