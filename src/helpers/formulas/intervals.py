"""How sure a predicted step time is: a 90 % interval from what can go wrong, each part with its spread."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from helpers.formulas.calibration import FILE, Array, parameter_variance
from helpers.formulas.job import STACKS, Constants, Job

NINETY_PERCENT = 1.6449  # standard deviations on either side
NEW_GROUP_SPREAD = 0.06  # log time, between groups that use the same software
EXTRAPOLATION_SPREAD = 0.2  # log time, on accelerators the model was not fitted to
ASSUMPTION_SPREAD = 0.03  # log time, for each input that had to be assumed
LARGEST_SPREAD = 1.0


@dataclass(frozen=True)
class Spreads:
    """What the fit left unexplained."""

    covariance: Array  # of the fitted constants
    run: Array  # log time, from run to run, by stack


@cache
def spreads(path: Path = FILE) -> Spreads:
    """The spreads that the package ships."""
    kept = json.loads(path.read_text(encoding="utf-8"))
    run = np.array([kept["run_spread"][name] for name in STACKS])
    return Spreads(np.array(kept["covariance"]), run)


def half_width(
    job: Job,
    constants: Constants,
    known: Spreads,
    new_group: Array | bool = True,
    assumptions: Array | float = 0.0,
) -> Array:
    """Half width of the 90 % interval of log time.

    Adds up: the constants' own uncertainty (large where a layout leans on what few runs showed), what
    differs from run to run and from group to group, assumed inputs, and accelerators beyond the fit.
    """
    variance = parameter_variance(job, constants, known.covariance) + known.run[job.layout.stack] ** 2
    variance = variance + NEW_GROUP_SPREAD**2 * np.asarray(new_group)
    variance = variance + ASSUMPTION_SPREAD**2 * np.asarray(assumptions)
    variance = variance + EXTRAPOLATION_SPREAD**2 * np.asarray(job.cluster.extrapolated)
    result: Array = NINETY_PERCENT * np.minimum(np.sqrt(variance), LARGEST_SPREAD)
    return result


def interval(middle: Array, width: Array) -> tuple[Array, Array]:
    """Ends of an interval that is symmetric on the log scale."""
    return middle * np.exp(-width), middle * np.exp(width)
