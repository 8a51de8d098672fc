"""The runs that the time model misses worst, with what is known of why, and errors with each group's own shift.

The shift of a whole group is what nobody outside can know. An oracle is told each group's middle error, and
nothing of its single runs. What it takes away is the group's software, cluster and way of timing; what is left is
the physics.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.chapters.accuracy_tables import WORDS
from helpers.language import later, tr
from helpers.timing.calibration import constants, expected_log_s
from helpers.timing.published_runs import Observation
from helpers.timing.runs import read_run


class Reason(NamedTuple):
    """Why a run is missed; `changed` are cells of its row that would explain it, and {error} what would be left."""

    runs: str  # pattern of run ids
    why: str
    changed: Mapping[str, str] | None = None


NO_REASON = Reason("*", later("Not known."))
REASONS = [Reason(runs, told["why"], told.get("changed")) for told in WORDS["reasons"] for runs in told["runs"]]


def miss_table(
    found: Sequence[Observation], runs: pd.DataFrame, names: Mapping[str, str], least: float
) -> pd.DataFrame:
    """Runs missed by more than `least` when their source is left out, worst first, with what is known of why.

    Columns: run_id, source, published_s, predicted_s, error, fitted_error, why.
    """
    missed = runs[runs["error"].abs() > least].sort_values("error", key=abs, ascending=False, kind="stable")
    reasons = []
    for index, run_id in missed["run_id"].items():
        reason = next((r for r in REASONS if fnmatchcase(run_id, r.runs)), NO_REASON)
        left = changed_error(found[int(index)], reason.changed) if reason.changed else 0.0
        reasons.append(tr(reason.why, error=f"{100 * left:+.0f} %".replace("-", "−")))
    columns = missed[["run_id", "published_s", "predicted_s", "error", "fitted_error"]]
    return columns.assign(source=missed["source_id"].replace(dict(names)), why=reasons).reset_index(drop=True)


def changed_error(o: Observation, changed: Mapping[str, str]) -> float:
    """Error of the shipped constants if some cells of the run's row were others."""
    run = read_run({**o.run.row, **changed})
    return float(np.exp(expected_log_s([run], constants())[0][0]) / o.step_s - 1)


LABELLED = {"bloomberggpt-50B": "BloombergGPT", "llama-65B": "LLaMA 65B"}
SHARDED_AND_FAR = ("sc21-t2-zero3-174.6B-1536", "sc21-t2-zero3-529.6B-2240")
LEAST_RUNS = 3  # of a group; with fewer, the oracle would know the runs themselves


def offset_table(runs: pd.DataFrame) -> pd.DataFrame:
    """Errors of unseen groups, with and without each group's own shift; of groups with a few runs.

    A group is a source's runs on one kind of accelerator with one software.

    Columns: what, runs, groups, median, mean, p90, told_median, told_mean, told_p90, shift (median size). Rows are
    keyed by all, a100, megatron, sharded a100 and sharded h100.
    """
    kind = runs["accelerator"].str.partition("-")[0]
    group = runs["source_id"] + " " + runs["stack"] + " " + kind
    a100, sharded = kind == "a100", runs["group"] == "sharded"
    counted = runs.groupby(group)["error"].transform("size") >= LEAST_RUNS
    stretches = {
        "all": (tr("All groups"), counted),
        "a100": (tr("On A100"), counted & a100),
        "megatron": (tr("Megatron class"), counted & (runs["group"] == "megatron")),
        "sharded a100": (tr("Fully sharded, A100"), counted & sharded & a100),
        "sharded h100": (tr("Fully sharded, H100"), counted & sharded & ~a100),
    }
    rows = []
    for name, chosen in stretches.values():
        errors = runs.loc[chosen, "error"]
        by_group = np.log1p(errors).groupby(group[chosen])
        left, shifts = np.expm1(np.log1p(errors) - by_group.transform("median")), np.expm1(by_group.median()).abs()
        rows.append((name, len(errors), len(shifts), *_sizes(errors), *_sizes(left), float(shifts.median())))
    columns = ["what", "runs", "groups", "median", "mean", "p90", "told_median", "told_mean", "told_p90", "shift"]
    return pd.DataFrame(rows, index=list(stretches), columns=columns)


def far_off(runs: pd.DataFrame) -> pd.DataFrame:
    """The runs that a chart names, by run_id. Columns: label, words (the label with the error)."""
    gpus = {run_id: tr("ZeRO-3 on\n{n} GPUs", n=run_id.rpartition("-")[2]) for run_id in SHARDED_AND_FAR}
    far = pd.Series({**LABELLED, **gpus}, name="label").to_frame()
    far["words"] = far["label"] + runs.set_index("run_id")["error"].reindex(far.index).map(" ({:+.0%})".format)
    return far.assign(words=far["words"].str.replace("\n", " "))


def _sizes(errors: pd.Series) -> tuple[float, float, float]:
    """Median, mean and 90th percentile of the size of errors."""
    size = errors.abs()
    return float(size.median()), float(size.mean()), float(size.quantile(0.9))
