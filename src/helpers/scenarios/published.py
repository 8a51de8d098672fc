"""The published runs nearest to a plan, from `data/raw/runs.csv`, with what they reached."""

import math
from dataclasses import dataclass
from functools import cache

from helpers.constants import SECOND_PER_HOUR
from helpers.formulas.accounting import training_flop, utilisation
from helpers.formulas.hardware import Accelerator, lookup
from helpers.language import tr
from helpers.numbers import grouped, percent, plain, words
from helpers.paths import RAW
from helpers.rows import read_rows

SHOWN = 3
COUNT_WEIGHT, OTHER_CHIP, OTHER_KIND, MEASURED_STEP = 0.3, 0.7, 1.5, 0.3  # beside the log ratio of parameters in use
SAME = 1.0  # log ratio of parameters beyond which a run is not near


@dataclass(frozen=True)
class NearRun:
    """A run as its source tells of it, and how far it is from a plan."""

    title: str
    chip: str
    count: float  # 0 where not published
    active_params: float
    params: float
    tokens: float  # 0 where not published
    chip_hours: float  # of the whole run; 0 where only a step was measured
    tflop_per_s: float  # of one accelerator in a step; 0 where only the whole run is known
    source_id: str

    def distance(self, active: float, params: float, count: float, chip: Accelerator) -> float:
        """0 for the same model on the same accelerators; a whole run before one of which only a step was measured."""
        far = abs(math.log(self.active_params / active)) + abs(math.log(self.params / params)) / 2
        far += COUNT_WEIGHT * abs(math.log(self.count / count)) if self.count else COUNT_WEIGHT
        if self.chip != chip.name:
            far += OTHER_CHIP if lookup(self.chip).generation == chip.generation else OTHER_KIND
        return far + MEASURED_STEP * (not self.chip_hours)

    @property
    def text(self) -> str:
        """The run in one line."""
        chip, said = lookup(self.chip), []
        count = f"{grouped(self.count)} x {chip.title}" if self.count else chip.title
        if self.chip_hours:
            hours, tokens = words(self.chip_hours), words(self.tokens)
            said.append(tr("{hours} accelerator-hours for {tokens} tokens", hours=hours, tokens=tokens))
            done = training_flop(self.active_params, self.tokens) / (self.chip_hours * SECOND_PER_HOUR)
            said.append(tr("{share} of peak by 6·N·D", share=percent(utilisation(done, chip.peak_flop_per_s), 3)))
        if self.tflop_per_s:
            said.append(tr("{rate} TFLOP/s each in a step", rate=plain(self.tflop_per_s)))
        values = {"title": self.title, "count": count, "said": tr(", ").join(said), "source": self.source_id}
        return tr("{title}, {count}: {said} ({source})", **values)


def nearest_runs(active: float, params: float, count: float, chip: Accelerator) -> list[NearRun]:
    """The `SHOWN` runs nearest to a plan, nearest first, one of each model; none where all are of another size."""
    near = [run for run in read_published() if abs(math.log(run.active_params / active)) < SAME]
    found: dict[str, NearRun] = {}
    for run in sorted(near, key=lambda run: run.distance(active, params, count, chip)):
        found.setdefault(run.title, run)
    return list(found.values())[:SHOWN]


@cache
def read_published() -> tuple[NearRun, ...]:
    """Runs of the table whose parameters and rate or hours are published and were seen."""
    rows = (row for row in read_rows(RAW / "runs.csv") if row["confidence"] != "memory")
    return tuple(run for row in rows if (run := _near_run(row)))


def _near_run(row: dict[str, str]) -> NearRun | None:
    params, tokens, count = (float(row[name] or 0) for name in ("params", "train_tokens", "n_gpus"))
    hours = float(row["gpu_hours"] or 0) or float(row["days"] or 0) * 24 * count
    whole = hours if tokens and row["kind"] in ("duration", "GPU-hours") else 0.0
    rate = float(row["achieved_tflops_per_gpu"] or 0) if row["kind"] == "measured" else 0.0
    if not params or not (whole or rate):
        return None
    active = float(row["active_params"] or params)
    return NearRun(row["model"], row["accelerator"], count, active, params, tokens, whole, rate, row["source_id"])
