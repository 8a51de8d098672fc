"""Published runs with a layout and seconds per step: what the time model is fitted to and held against."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from helpers.formulas.accounting import Recompute
from helpers.formulas.architecture import Architecture, training_flop_per_sequence
from helpers.paths import RAW
from helpers.timing.runs import Run, read_runs

# The newest release of a configuration counts in full, older ones less, and runs of a large benchmark too.
BENCHMARK_WEIGHT = 0.6  # of a run of a benchmark of many: not as many independent witnesses
MANY = 100
OLDER_RELEASE_WEIGHT = 0.3
# Kept out of the fit: accelerators beyond it, and layouts that were assumed rather than published.
LEFT_OUT = ("megatron-8.3B", "megatron-1.2B", "palm-540B", "opt-175B", "llama-65B")


@dataclass(frozen=True)
class Observation:
    """A run with its published seconds per step."""

    run: Run
    step_s: float
    source: str
    group: str  # of one source's runs, those that are left out together
    weight: float

    @property
    def is_modern(self) -> bool:
        """Of the table of runs of 2024 and later."""
        return "near_duplicate_of" in self.run.row or self.run.row.get("year", "") >= "2024"


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
    tables = [read_runs(raw / f"{name}.csv") for name in ("megatron_runs", "runs", "modern_runs")]
    detailed, rest, modern = ([run for run in table if run.layout] for table in tables)
    covered = {run.row["source_id"] for run in detailed}
    others = [run for run in rest if run.row["source_id"] not in covered]
    again = [run for run in rest if run.row["source_id"] in covered]
    gathered = [run for run in again if run.stack == "deepspeed" and run.layout["sharding"] >= 3]
    runs = [*detailed, *others, *gathered, *modern]
    each = Counter(run.row["source_id"] for run in runs if "year" not in run.row)
    found: list[Observation] = []
    told_by: dict[tuple[object, ...], str] = {}  # the same run counts as the first source that tells of it gives it
    for run in runs:
        seconds, source = observed_step_s(run), run.row["source_id"]
        if seconds is not None and "global_batch" in run.row and told_by.setdefault(traits(run), source) == source:
            group = run.row.get("source_group", source) if "year" in run.row else source
            weight = OLDER_RELEASE_WEIGHT if "near_duplicate_of" in run.row else 1.0
            weight *= BENCHMARK_WEIGHT if each[source] > MANY else 1.0
            found.append(Observation(run, seconds, source, group, weight))
    return found


def traits(run: Run) -> tuple[object, ...]:
    """What two sources that tell of the same run have alike: one model, accelerator and software, one layout."""
    shape = (run.shape[name] for name in ("layers", "hidden", "seq_len"))
    layout = (run.layout[name] for name in ("tensor", "pipeline", "data", "global_batch", "full_recompute"))
    return (run.accelerator.name, run.stack, *shape, *layout)


def fitted(found: Iterable[Observation]) -> list[Observation]:
    """Observations that the constants are fitted to."""
    return [o for o in found if not any(word in o.run.run_id for word in LEFT_OUT)]
