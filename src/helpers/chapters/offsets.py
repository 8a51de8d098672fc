"""How much of the error on unseen groups is one shift for the whole group: what nobody outside can know.

An oracle is told each group's middle error, and nothing of its single runs. What it takes away is the group's
software, cluster and way of timing; what is left is the physics.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

LEAST_RUNS = 3  # with fewer, the oracle would know the runs themselves


def offset_table(runs: pd.DataFrame, stretches: dict[str, pd.Series]) -> pd.DataFrame:
    """Errors of unseen groups, with and without each group's own shift; of groups with a few runs.

    Columns: what, runs, groups, median, mean, p90, told_median, told_mean, told_p90, shift (median size).
    """
    counted = runs.groupby("group_key")["error"].transform("size") >= LEAST_RUNS
    rows = []
    for name, chosen in stretches.items():
        part = runs[chosen & counted]
        log = np.log1p(part["error"])
        shift = log.groupby(part["group_key"]).transform("median")
        left = np.expm1(log - shift)
        sizes = np.expm1(log.groupby(part["group_key"]).median()).abs()
        rows.append((name, len(part), len(sizes), *figures(part["error"]), *figures(left), float(sizes.median())))
    columns = ["what", "runs", "groups", "median", "mean", "p90", "told_median", "told_mean", "told_p90", "shift"]
    return pd.DataFrame(rows, columns=columns)


def figures(errors: pd.Series) -> tuple[float, float, float]:
    """Median, mean and 90th percentile of the size of errors."""
    size = errors.abs()
    return float(size.median()), float(size.mean()), float(size.quantile(0.9))


def with_groups(runs: pd.DataFrame) -> pd.DataFrame:
    """Runs with their group: a source's runs on one kind of accelerator with one software."""
    kind = runs["accelerator"].str.partition("-")[0]
    return runs.assign(group_key=runs["source_id"] + " " + runs["stack"] + " " + kind)
