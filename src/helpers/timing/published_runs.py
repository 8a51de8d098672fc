"""Published runs with a layout and seconds per step: what the time model is fitted to and held against."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from helpers.formulas.accounting import Recompute
from helpers.formulas.architecture import Architecture, training_flop_per_sequence
from helpers.paths import RAW
from helpers.timing.runs import Run, read_runs, timed

# Many rows of one benchmark are not as many independent witnesses.
WEIGHTS = {"llm-foundry": 0.6}
# Kept out of the fit: accelerators beyond it, and layouts that were assumed rather than published.
LEFT_OUT = ("megatron-8.3B", "megatron-1.2B", "palm-540B", "opt-175B", "llama-65B")


@dataclass(frozen=True)
class Observation:
    """A run with its published seconds per step."""

    run: Run
    step_s: float
    source: str
    weight: float


def observed_step_s(run: Run) -> float | None:
    """Published seconds per step: printed, or from tokens/s, or from FLOP/s in the paper's convention."""
    row, layout = run.row, run.layout
    if "iteration_time_s" in row:
        return float(row["iteration_time_s"])
    tokens = layout["global_batch"] * run.shape["seq_len"]
    if "tokens_per_s" in row:
        return tokens / float(row["tokens_per_s"])
    if "achieved_tflops_per_gpu" not in row or run.chips is None:
        return None
    counted = not row.get("flop_accounting", "").startswith("model") and layout["full_recompute"]
    recompute = Recompute.FULL if counted else Recompute.NONE
    flop = training_flop_per_sequence(Architecture(**run.shape), recompute) * layout["global_batch"]
    return float(flop / (run.chips * float(row["achieved_tflops_per_gpu"]) * 1e12))


def observations(raw: Path = RAW) -> list[Observation]:
    """Every published run that has a layout and a time, once."""
    detailed = timed(read_runs(raw / "megatron_runs.csv"))
    covered = {run.row["source_id"] for run in detailed}
    others = [run for run in timed(read_runs(raw / "runs.csv")) if run.row["source_id"] not in covered]
    zero3 = [run for run in timed(read_runs(raw / "runs.csv")) if "zero3" in run.run_id]
    found: list[Observation] = []
    for run in [*detailed, *others, *zero3]:
        seconds = observed_step_s(run)
        if seconds is not None:
            source = run.row["source_id"]
            weight = next((w for word, w in WEIGHTS.items() if word in source), 1.0)
            observation = Observation(run, seconds, source, weight)
            if not any(told_twice(observation, other) for other in found):
                found.append(observation)
    return found


def told_twice(one: Observation, other: Observation) -> bool:
    """Whether two sources tell of the same run: one model, accelerator and software, one layout."""
    return one.source != other.source and _identity(one) == _identity(other)


def _identity(o: Observation) -> tuple[object, ...]:
    shape = (o.run.shape[name] for name in ("layers", "hidden", "seq_len"))
    layout = (o.run.layout[name] for name in ("tensor", "pipeline", "data", "global_batch", "full_recompute"))
    return (o.run.accelerator.name, o.run.stack, *shape, *layout)


def fitted(found: Iterable[Observation]) -> list[Observation]:
    """Observations that the constants are fitted to."""
    return [o for o in found if not any(word in o.run.run_id for word in LEFT_OUT)]
