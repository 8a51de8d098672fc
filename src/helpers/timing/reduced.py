"""The time model when only parameters, tokens, accelerator and count are known, as in a press claim.

The achieved rate is a share of peak that runs of the same kind of accelerator reached: the median over
sources and its spread between them, from `data/raw/runs.csv` and `modern_runs.csv`. Two shares: of a measured step, and of a whole
run from first to last day with restarts and evaluation, which is what a number of days speaks of.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from helpers.constants import NINETY_PERCENT, SECOND_PER_DAY, SECOND_PER_HOUR
from helpers.formulas.architecture import Architecture
from helpers.formulas.hardware import GENERATIONS, Accelerator
from helpers.formulas.job import PRECISIONS, precision_of
from helpers.formulas.shape import DEFAULT_SEQ_LEN, WIDTH_PER_LAYER
from helpers.paths import RAW
from helpers.structured import json_lines, read_json
from helpers.timing.calibration import constants
from helpers.timing.runs import Run, read_runs

UTILISATION_FILE = Path(__file__).with_name("utilisation.json")
OTHER_SPREAD = 0.35  # log share of peak on accelerators with no published run of their kind
MOST = 0.8  # no published run of size exceeds this share of peak
PRODUCT_SHARE = 0.65  # of a 16-bit step's time, in matrix products that a recipe narrows
GROUPED = ("volta", "ampere", "hopper", "blackwell", "tpu")  # with published runs of their own


@dataclass(frozen=True)
class Utilisation:
    """Model FLOP utilisation to expect, and its 90 % interval."""

    median: float
    low_90: float
    high_90: float
    sources: int


def kind_of_chip(chip: Accelerator) -> str:
    """The kind of accelerator by which runs are grouped."""
    return chip.generation if chip.generation in GROUPED else "other"


@cache
def expected(level: str, kind: str) -> Utilisation:
    """The utilisation that the package ships for a kind of accelerator: of a "step" or of a whole "run"."""
    return Utilisation(**read_json(UTILISATION_FILE)[level][kind])


def narrow_gain(chip: Accelerator, precision: str) -> float:
    """Rate of a whole step in a precision over that in 16 bits: what products gain, on their share of the time."""
    if precision == "bf16":
        return 1.0
    efficiency = constants().matmul_efficiency[GENERATIONS.index(chip.generation)]
    gain = efficiency[PRECISIONS.index(precision)] * chip.rate(precision) / (efficiency[0] * chip.peak_flop_per_s)
    return float(1 / (1 - PRODUCT_SHARE + PRODUCT_SHARE / gain))


def attention_factor(params: float, seq_len: float) -> float:
    """Model FLOP over 6·N a token: 12·l·h·s more for attention (arXiv:2204.02311, appendix B), for a usual shape."""
    layers = (params / (12 * WIDTH_PER_LAYER**2)) ** (1 / 3)
    width = WIDTH_PER_LAYER * layers
    return float(1 + 2 * layers * width * seq_len / params)


def active_params(run: Run) -> float | None:
    """Parameters that one token uses: as stated, else as the architecture has them."""
    stated = run.active_params or run.params
    return float(Architecture(**run.shape).active_params) if stated is None and run.shape else stated


def observed(run: Run) -> tuple[str, float] | None:
    """Which share a published run tells of, and its model FLOP utilisation in 16 bits.

    Of a step with attention counted, of a whole run by 6·N·D.
    """
    row, params = run.row, active_params(run)
    if params is None or row.get("kind", "").startswith("LoRA"):
        return None
    peak = run.accelerator.peak_flop_per_s * narrow_gain(run.accelerator, precision_of(row.get("precision", "bf16")))
    if row.get("kind") in ("duration", "GPU-hours") and run.tokens:
        hours = float(row["gpu_hours"]) if "gpu_hours" in row else 0.0
        seconds = hours * SECOND_PER_HOUR or float(row["days"]) * SECOND_PER_DAY * (run.chips or 0)
        return "run", 6 * params * run.tokens / (seconds * peak) if seconds else 0.0
    flop = 6 * params * attention_factor(params, float(row.get("seq_len", DEFAULT_SEQ_LEN)))
    if "tokens_per_s" in row and run.chips:
        return "step", flop * float(row["tokens_per_s"]) / (run.chips * peak)
    if "iteration_time_s" in row and "global_batch" in row and "seq_len" in row and run.chips:
        tokens = float(row["global_batch"]) * float(row["seq_len"])
        return "step", flop * tokens / (float(row["iteration_time_s"]) * run.chips * peak)
    if "achieved_tflops_per_gpu" in row:
        counted = 6 / 8 if row.get("flop_accounting") == "hardware" else 1.0
        return "step", counted * float(row["achieved_tflops_per_gpu"]) * 1e12 / peak
    return None


def log_shares(runs: Iterable[Run]) -> dict[tuple[str, str, str], float]:
    """Log of the utilisation, its median by level ("step" or "run"), kind of accelerator and source."""
    logs: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for run in runs:
        if (found := observed(run)) and found[1] > 0:
            source = run.row.get("source_id", run.run_id)
            logs[found[0], kind_of_chip(run.accelerator), source].append(float(np.log(found[1])))
    return {key: float(np.median(values)) for key, values in logs.items()}


def shares(logs: Mapping[tuple[str, str, str], float], without: str = "") -> dict[str, dict[str, Utilisation]]:
    """Utilisation by kind of accelerator, each source but one counted once; kinds with few sources lean on all."""
    result: dict[str, dict[str, Utilisation]] = {}
    for level in ("step", "run"):
        sources = {key[1:]: value for key, value in logs.items() if key[0] == level and key[2] != without}
        result[level] = {kind: _pool(sources, kind) for kind in (*GROUPED, "other")}
    return result


def _pool(sources: dict[tuple[str, str], float], kind: str) -> Utilisation:
    everything = np.array(list(sources.values()))
    own = np.array([value for (its, _), value in sources.items() if its == kind])
    middle = (own.sum() + 2 * np.median(everything)) / (len(own) + 2)  # as if two sources at the median
    spread = np.sqrt((((own - middle) ** 2).sum() + 3 * everything.var()) / (len(own) + 3))
    spread = max(float(spread), OTHER_SPREAD) if len(own) == 0 else float(spread)
    width = NINETY_PERCENT * spread * np.sqrt(1 + 1 / (len(own) + 2))
    median, low, high = (float(f"{x:.4g}") for x in np.exp([middle, middle - width, middle + width]))
    return Utilisation(median, low, min(high, MOST), len(own))


if __name__ == "__main__":  # fit on the published runs and keep the result
    fitted = shares(log_shares(run for name in ("runs", "modern_runs") for run in read_runs(RAW / f"{name}.csv")))
    kept = {level: {kind: vars(u) for kind, u in kinds.items()} for level, kinds in fitted.items()}
    UTILISATION_FILE.write_text(json_lines(kept) + "\n", encoding="utf-8")
