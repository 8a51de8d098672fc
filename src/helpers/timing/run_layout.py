"""The layout of a run from the cells of its row: stated, derived, or usual for its software."""

import re
from math import inf, prod
from pathlib import Path

from helpers.formulas.architecture import TOKENS_PER_PARAM, Architecture
from helpers.formulas.hardware import Accelerator
from helpers.formulas.job import PRECISIONS, STACK_NAMES, STACKS, precision_of
from helpers.formulas.memory import STATE_BYTES
from helpers.formulas.shape import usual_batch
from helpers.formulas.validation import InputError, choice, number
from helpers.structured import read_toml
from helpers.timing.columns import Cells

RECENT = ("fsdp", "megatron-core", "megascale", "maxtext")  # software of 2023 and later
BOTH_PASSES = ("megascale", "megatron-core")  # their tensor exchange runs beside other work in both passes
WORDS = read_toml(Path(__file__).with_name("run_layout.toml"))
RECOMPUTE, MARKS, MODULES, GRAPHS = (WORDS[name] for name in ("recompute", "marks", "modules", "graphs"))
USUAL_MICRO_TOKENS = 16_384  # of a device, where nothing else divides the layers


def stack_of(cells: Cells) -> str:
    """The training software as stated; "unknown" if it is not."""
    word = cells.row.get("stack", "unknown").lower().replace("_", "-").replace(" ", "-")
    if "stack" not in cells:
        cells.assumed["stack"] = "stack"
    return choice("stack", STACK_NAMES.get(word, word), (*STACKS, *STACK_NAMES))


def read_layout(cells: Cells, shape: dict[str, float], stack: str, chip: Accelerator) -> dict[str, float]:
    """Layout fields; empty if parallel sizes are unknown."""
    sizes = parallel_sizes(cells, stack)
    if not sizes:
        return {}
    ranks = sizes["tensor"] * sizes["data"] * sizes["context"]
    expert = cells.maybe("expert_parallel") or 1.0
    layout = {
        **sizes,
        "expert": expert,
        "expert_tensor": cells.maybe("expert_tensor_parallel") or (sizes["tensor"] if expert == 1 else 1.0),
        "global_batch": batch_of(cells, shape, ranks * sizes["pipeline"], sizes["data"]),
    }
    layout["micro_batch"] = micro_batch_of(cells, layout, shape["seq_len"])
    layout["extra_blocks"] = extra_blocks(cells, shape, stack, layout["pipeline"])
    layout["interleave"] = interleave_of(cells, shape, stack, layout)
    is_recent = stack in RECENT or (stack == "unknown" and (chip.recent or recent(cells, shape)))
    layout |= software(cells, shape, stack, layout, is_recent, chip.generation == "tpu")
    layout |= recomputation(cells, stack, is_recent)
    printed = cells.row.get("precision_printed", "").partition("(")[0].strip()  # says more than a number of bits
    precision = precision_of(printed or cells.row.get("precision", "bf16"))
    chip.rate(precision)  # there is one
    layout["precision"] = float(PRECISIONS.index(precision))
    layout["adapters"] = float(cells.row.get("kind", "").lower().startswith("lora"))
    layout |= usual_sharding(cells, shape, layout, chip)
    check_layout(cells, shape, layout)
    return layout


def parallel_sizes(cells: Cells, stack: str) -> dict[str, float]:
    """Tensor, pipeline, data and context sizes; one that is missing follows from the number of devices."""
    tensor, pipeline = cells.maybe("tensor_parallel"), cells.maybe("pipeline_parallel")
    data, context = cells.maybe("data_parallel"), cells.maybe("context_parallel") or 1.0
    chips = cells.maybe("n_gpus")
    if tensor is None and pipeline is None and data is None and stack not in ("fsdp", "maxtext"):
        return {}
    if tensor is None or pipeline is None:
        cells.assumed["tensor"] = "tensor_parallel 1, pipeline_parallel 1"
    tensor, pipeline = tensor or 1.0, pipeline or 1.0
    if data is None:
        if chips is None:
            return {}
        data = chips / (tensor * pipeline * context)
        if data != int(data):
            raise InputError(f"n_gpus: {chips:g} is not a multiple of {tensor:g} x {pipeline:g} x {context:g}")
    return {"tensor": tensor, "pipeline": pipeline, "data": data, "context": context}


def batch_of(cells: Cells, shape: dict[str, float], chips: float, data: float) -> float:
    """Sequences per step: as stated, else as many as runs of so many tokens, or of the tokens that go with the size, have."""
    if "global_batch" in cells:
        return number("global_batch", cells.row["global_batch"])
    tokens = cells.maybe("tokens") or TOKENS_PER_PARAM * float(Architecture(**shape).active_params)
    usual = usual_batch(tokens, int(shape["seq_len"]), int(chips))
    return cells.usual("global_batch", max(1.0, round(usual / data)) * data)


def micro_batch_of(cells: Cells, layout: dict[str, float], seq_len: float) -> float:
    """Sequences per micro-batch: as stated; else 1 in a pipeline, or the largest power of two up to 16,384 tokens."""
    each, most = layout["global_batch"] / layout["data"], USUAL_MICRO_TOKENS * layout["context"] / seq_len
    fits = [size for size in (8.0, 4.0, 2.0) if each % size == 0 and size <= most and layout["pipeline"] == 1]
    return cells.usual("micro_batch", fits[0] if fits else 1.0)


def extra_blocks(cells: Cells, shape: dict[str, float], stack: str, pipeline: float) -> float:
    """Embedding and logits as pipeline blocks of their own: as stated, or if only so the blocks divide."""
    blocks = cells.row.get("pipeline_blocks")
    if blocks:
        return max(0.0, number("layers", blocks) - shape["layers"])
    divides = shape["layers"] % pipeline and not (shape["layers"] + 2) % pipeline
    return 2.0 if stack in ("deepspeed", *RECENT) and divides else 0.0


def interleave_of(cells: Cells, shape: dict[str, float], stack: str, layout: dict[str, float]) -> float:
    """Model chunks per stage: as stated, else as many as the stack's published runs use."""
    pipeline = layout["pipeline"]
    if "interleave" in cells or pipeline == 1:
        return cells.maybe("interleave") or 1.0
    each = (shape["layers"] + layout["extra_blocks"]) / pipeline
    rounds = layout["global_batch"] / layout["data"] / layout["micro_batch"]
    most = WORDS["usual_interleave"].get(stack, 1) if rounds % pipeline == 0 else 1
    return cells.usual("interleave", float(max(v for v in range(1, most + 1) if v == 1 or each % v == 0)))


def recent(cells: Cells, shape: dict[str, float]) -> bool:
    """Gated MLP, shared keys and values or 8 bits: models of 2023 and later, with the software of their time."""
    gated = shape.get("ffn_matrices", 2) == 3 or shape.get("ffn_hidden", 0) not in (0, 4 * shape["hidden"])
    narrow = precision_of(cells.row.get("precision", "bf16")) != "bf16"
    return gated or shape.get("kv_heads", shape["heads"]) < shape["heads"] or narrow


def recomputation(cells: Cells, stack: str, is_recent: bool) -> dict[str, float]:
    """What is computed again in the backward pass, as stated; else nothing with recent software, all before 2022."""
    usual = "none" if is_recent else "selective" if stack == "megatron-2022" else "full"
    stated = cells.row.get("recompute", "").lower()
    modules = cells.row.get("recompute_modules", "").lower()
    if not stated and not modules:
        cells.assumed["recompute"] = f"recompute {usual}"
    word = RECOMPUTE.get(stated, stated) or ("none" if modules else usual)
    whole, core = MARKS[choice("recompute", word, MARKS)]
    named = {MODULES[choice("recompute_modules", m, MODULES)] for m in re.split(r"[\s;,+]+", modules) if m}
    return {"full_recompute": whole, "selective_recompute": core, **dict.fromkeys(named, 1.0)}


def software(
    cells: Cells, shape: dict[str, float], stack: str, layout: dict[str, float], is_recent: bool, on_tpu: bool
) -> dict[str, float]:
    """What the software does, as stated or as usual for the stack; recent = of 2023 or later."""
    whole = stack in ("fsdp", "maxtext") or (stack == "unknown" and on_tpu)
    usual = 3.0 if whole else 1.0 if is_recent or stack == "deepspeed" else 0.0
    sharding = number("sharding", cells.row["sharding"]) if "sharding" in cells else usual
    narrow = cells.row.get("precision") == "fp16" or stack.startswith("megatron-20")
    spread = is_recent and stack != "fsdp" and layout["tensor"] > 1
    wide = is_recent or stack == "deepspeed"
    return {
        "stop_early": float(stack in ("fsdp", "maxtext")),
        "sequence_parallel": cells.flag("sequence_parallel", float(spread)),
        "flash_attention": cells.flag("flash_attention", float(is_recent)),
        "parallel_block": cells.flag("parallel_block", 0.0),
        "overlap_tensor": 2.0 if stack in BOTH_PASSES else float(is_recent or stack == "megatron-2022"),
        "overlap_routing": cells.flag("overlap_routing", 0.0),
        "graphs": graphs(cells, shape, stack),
        "routed_domains": cells.maybe("routed_domains") or inf,
        "sharding": sharding,
        "overlap_exchange": float(is_recent or sharding >= 3),  # DeepSpeed's overlap_comm is on from stage 3
        "reduce_bytes": number("reduce_bytes", cells.row.get("reduce_bytes", 2.0 if narrow or not wide else 4.0)),
        "stack": float(STACKS.index(stack)),
    }


def graphs(cells: Cells, shape: dict[str, float], stack: str) -> float:
    """Which launches are recorded in a graph, as stated; else attention's in mixtures, as in most published recipes."""
    if "graphs" in cells:
        return float(GRAPHS[choice("graphs", cells.row["graphs"].lower(), GRAPHS)])
    mixture = stack == "megatron-core" and shape.get("experts", 1) > 1
    if mixture:
        cells.assumed["graphs"] = "graphs attention"
    return float(GRAPHS["attention"]) if mixture else 0.0


def usual_sharding(
    cells: Cells, shape: dict[str, float], layout: dict[str, float], chip: Accelerator
) -> dict[str, float]:
    """Full sharding where software is unknown, data parallelism is all there is, and one device cannot hold the states."""
    alone = layout["tensor"] * layout["pipeline"] == 1 and layout["data"] > 1
    if "stack" in cells or "sharding" in cells or not alone:
        return {}
    states = sum(STATE_BYTES.values()) * float(Architecture(**shape).params) / layout["expert"]
    if states <= chip.memory_bytes:
        return {}
    cells.assumed["sharding"] = "sharding 3"
    return dict(WORDS["sharded"])


def check_layout(cells: Cells, shape: dict[str, float], layout: dict[str, float]) -> None:
    """Refuse sizes that do not multiply out or do not divide what they split."""
    sizes = {name: layout[name] for name in ("tensor", "pipeline", "data", "context")}
    chips = cells.maybe("n_gpus")
    if chips is not None and prod(sizes.values()) != chips:
        text = " x ".join(f"{name} {size:g}" for name, size in sizes.items() if size > 1 or name != "context")
        raise InputError(f"n_gpus: {text} is {prod(sizes.values()):g}, not {chips:g}")
    if shape["heads"] % layout["tensor"]:
        raise InputError(f"tensor_parallel: {layout['tensor']:g} does not divide the {shape['heads']:g} heads")
    blocks = shape["layers"] + layout["extra_blocks"]
    if blocks < layout["pipeline"] * layout["interleave"]:
        name = "interleave" if blocks >= layout["pipeline"] else "pipeline_parallel"
        asked = layout["pipeline"] * (layout["interleave"] if name == "interleave" else 1)
        raise InputError(f"{name}: {asked:g} is more than the {shape['layers']:g} layers")
    if shape["seq_len"] % layout["context"]:
        raise InputError(f"context_parallel: {layout['context']:g} does not divide the {shape['seq_len']:g} tokens")
    ranks, experts = layout["tensor"] * layout["data"] * layout["context"], shape.get("experts", 1)
    split = layout["expert"] * (layout["expert_tensor"] if layout["expert"] > 1 else 1)
    if ranks % split or experts % layout["expert"]:
        raise InputError(f"expert_parallel: {split:g} does not divide the {ranks:g} ranks and {experts:g} experts")
    part, batch = layout["data"] * layout["micro_batch"], layout["global_batch"]
    if batch % part and ("micro_batch" in cells or "data_parallel" in cells):
        raise InputError(f"global_batch: {batch:g} is not a multiple of data_parallel x micro_batch = {part:g}")
