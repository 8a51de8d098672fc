"""Columns of a table of runs: which are read, by which other names people write them, and which are known and passed over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from helpers.errors import nearest
from helpers.formulas import hardware
from helpers.formulas.architecture import Architecture
from helpers.formulas.validation import RANGES, InputError, choice, number

# Other names for columns: of published tables, of a model hub's configuration, and of habit.
COLUMN_ALIASES = {
    "gpu": "accelerator",
    "chip": "accelerator",
    "global_batch_size": "global_batch",
    "gbs": "global_batch",
    "micro_batch_size": "micro_batch",
    "mbs": "micro_batch",
    "chip_count": "n_gpus",
    "count": "n_gpus",
    "num_gpus": "n_gpus",
    "tp": "tensor_parallel",
    "pp": "pipeline_parallel",
    "dp": "data_parallel",
    "cp": "context_parallel",
    "ep": "expert_parallel",
    "etp": "expert_tensor_parallel",
    "vp": "interleave",
    "virtual_pipeline": "interleave",
    "train_tokens": "tokens",
    "num_layers": "layers",
    "hidden_size": "hidden",
    "sequence_length": "seq_len",
    "step_time_s": "measured_s",
    "dtype": "precision",
}
STEP = (
    "run_id", "group", "measured_s", "stack", "accelerator", "n_gpus", "params", "params_billion", "active_params",
    "tokens", "first_dense_layers", "tensor_parallel", "pipeline_parallel", "data_parallel", "context_parallel",
    "expert_parallel", "expert_tensor_parallel", "global_batch", "micro_batch", "interleave", "pipeline_blocks",
    "recompute", "recompute_modules", "sequence_parallel", "flash_attention", "parallel_block", "sharding",
    "reduce_bytes", "precision", "precision_printed", "kind", "network_byte_per_s", "nic_gb_per_s_per_gpu",
    "overlap_routing", "routed_domains",
)  # fmt: skip
SHAPE = tuple(f.name for f in fields(Architecture) if f.name in RANGES)
READ = frozenset((*STEP, *SHAPE, *hardware.DATA_SHEET))
# What the published tables say of a run beside; nothing of it moves a prediction.
PASSED_OVER = frozenset(
    (
        "model", "source_group", "source_id", "second_source_id", "locator", "confidence", "how_seen", "assumed", "note",
        "expressible", "why_not", "near_duplicate_of", "year", "tokens_per_s_per_gpu", "published_tflops_per_gpu",
        "tflops_convention", "achieved_tflops_per_gpu", "flop_accounting", "hfu_pct", "iteration_time_s", "tokens_per_s",
        "days", "gpu_hours",
    )
)  # fmt: skip
WORDS = {"1": 1.0, "true": 1.0, "yes": 1.0, "0": 0.0, "false": 0.0, "no": 0.0}


KNOWN_COLUMNS = {**{name: name for name in sorted(READ | PASSED_OVER)}, **COLUMN_ALIASES}


def column_of(name: str) -> str:
    """The column that a heading names.

    Raises:
        InputError: there is none; names the nearest.
    """
    plain = name.strip().lower()
    if plain not in KNOWN_COLUMNS:
        raise InputError(f"column {name!r} is unknown{nearest(plain, KNOWN_COLUMNS)}")
    return KNOWN_COLUMNS[plain]


@dataclass
class Cells:
    """One row's cells by column, and what had to be assumed in reading them."""

    row: Mapping[str, str]
    assumed: dict[str, str] = field(default_factory=dict)  # by column, as the reader is told

    def __contains__(self, name: str) -> bool:
        return name in self.row

    def maybe(self, name: str) -> float | None:
        """A number within its range, or None if the cell is empty."""
        return number(name, self.row[name]) if name in self.row else None

    def usual(self, name: str, value: float) -> float:
        """The number stated, or what is usual, which is noted as assumed."""
        if name in self.row:
            return number(name, self.row[name])
        self.assumed[name] = f"{name} {value:g}"
        return value

    def flag(self, name: str, default: float) -> float:
        """A yes or no as 1 or 0."""
        return WORDS[choice(name, self.row[name].lower(), WORDS)] if name in self.row else default


def clean(cells: Mapping[str, Any]) -> dict[str, str]:
    """Cells by known column, without the empty ones; a table's own missing number is empty, the word nan is not."""
    row: dict[str, str] = {}
    for name, cell in cells.items():
        missing = cell is None or (isinstance(cell, float) and cell != cell)
        text = "" if missing else str(cell).strip()
        if text and text.lower() != "none published":
            row[column_of(name)] = text
    return row
