"""The runs that the time model misses worst, with what is known of why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

import pandas as pd

from helpers.language import tr
from helpers.timing.calibration import constants
from helpers.timing.performance import step_s
from helpers.timing.published_runs import Observation
from helpers.timing.runs import job_of, read_run


@dataclass(frozen=True)
class Reason:
    """Why a run is missed; `changed` are cells of its row that would explain it, and {error} what would be left."""

    runs: str  # pattern of run ids
    why: str
    changed: Mapping[str, str] | None = None


NO_REASON = Reason("*", "Not known.")
REASONS = (
    Reason(
        "bloomberggpt-50B",
        "Its shape was recalled and its micro-batch is unknown: 4 was assumed, with 2 the error would be {error}.",
        {"micro_batch": "2"},
    ),
    Reason(
        "llama-65B",
        "Its layout is not published: tensor parallelism of 8 was assumed, without any the error would be {error}.",
        {"tensor_parallel": "1", "data_parallel": "2048"},
    ),
    Reason(
        "sc21-t2-zero3-*",
        "Weights gathered tensor by tensor from so many servers come at a tenth of the network's rate, and the step waits for them.",
    ),
    Reason("megatron-*", "V100 and software of 2019, beyond the fit; shape, batch or recomputation were recalled."),
)


def miss_table(
    found: Sequence[Observation], runs: pd.DataFrame, names: Mapping[str, str], least: float
) -> pd.DataFrame:
    """Runs missed by more than `least` when their source is left out, worst first, with what is known of why.

    Columns: run_id, source, published_s, predicted_s, error, fitted_error, why.
    """
    missed = runs[runs["error"].abs() > least]
    missed = missed.loc[missed["error"].abs().sort_values(ascending=False, kind="stable").index]
    rows = []
    for index, row in missed.iterrows():
        reason = next((r for r in REASONS if fnmatchcase(row["run_id"], r.runs)), NO_REASON)
        left = changed_error(found[int(index)], reason.changed) if reason.changed else 0.0
        why = tr(reason.why, error=f"{100 * left:+.0f} %".replace("-", "−"))
        rows.append((names.get(row["source_id"], row["source_id"]), why))
    columns = missed[["run_id", "published_s", "predicted_s", "error", "fitted_error"]].reset_index(drop=True)
    return columns.join(pd.DataFrame(rows, columns=["source", "why"]))


def changed_error(o: Observation, changed: Mapping[str, str]) -> float:
    """Error of the shipped constants if some cells of the run's row were others."""
    run = read_run({**o.run.row, **changed})
    return float(step_s(job_of([run]), constants())[0] / o.step_s - 1)
