"""How sure a predicted step time is: a 90 % interval from what can go wrong, each part with its spread."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from helpers.constants import NINETY_PERCENT
from helpers.formulas.job import STACKS, UNKNOWN_STACK, Constants, Job
from helpers.timing.calibration import CONSTANTS_FILE, PRIORS, SLOWDOWN_PRIORS, Array, parameter_variance

NEW_GROUP_SPREAD = 0.08  # log time, between groups and their software: the prior of a stack not seen
UNKNOWN_STACK_SPREAD = 0.1  # log time, among the stacks that were fitted
EXTRAPOLATION_SPREAD = 0.2  # log time, on accelerators the model was not fitted to
LARGEST_SPREAD = 1.0
HELD_OUT_FILE = CONSTANTS_FILE.with_name("held_out.json")


@dataclass(frozen=True)
class Spreads:
    """What the fit left unexplained."""

    covariance: Array  # of the fitted constants
    run: Array  # log time, from run to run, by stack
    new_group_scale: float = 1.0  # on intervals of groups not fitted, from how far left-out sources were off


@cache
def spreads(path: Path = CONSTANTS_FILE, held_out: Path = HELD_OUT_FILE) -> Spreads:
    """The spreads that the package ships."""
    kept = json.loads(path.read_text(encoding="utf-8"))
    run = np.array([kept["run_spread"][name] for name in STACKS])
    scale = json.loads(held_out.read_text(encoding="utf-8"))["new_group_scale"]
    return Spreads(np.array(kept["covariance"]), run, scale)


def half_width(
    job: Job,
    constants: Constants,
    known: Spreads,
    new_group: Array | bool = True,
    inputs: Array | float = 0.0,
) -> Array:
    """Half width of the 90 % interval of log time.

    Adds up: the constants' own uncertainty (large where a layout leans on what few runs showed), what
    differs from run to run and from group to group, open `inputs` (variance of log time), and accelerators
    beyond the fit. Priors are cautious; on groups not fitted all but the last two are scaled to what left-out sources showed.
    """
    variance = parameter_variance(job, constants, known.covariance) + known.run[job.layout.stack] ** 2
    variance = variance + group_variance(known.covariance)[job.layout.stack] * np.asarray(new_group)
    scaled = variance * np.where(new_group, known.new_group_scale, 1.0) ** 2
    total = np.minimum(np.sqrt(scaled + open_half_width(job, inputs) ** 2 / NINETY_PERCENT**2), LARGEST_SPREAD)
    result: Array = NINETY_PERCENT * total
    return result


def group_variance(covariance: Array) -> Array:
    """Variance of log time between groups, by stack; less what the stack's own constant brings already."""
    variance = np.full(len(STACKS), NEW_GROUP_SPREAD**2)
    for name, own in zip(SLOWDOWN_PRIORS, np.diag(covariance)[len(PRIORS) :], strict=True):
        variance[STACKS.index(name)] -= min(own, NEW_GROUP_SPREAD**2)
    variance[UNKNOWN_STACK] = UNKNOWN_STACK_SPREAD**2
    return variance


def open_half_width(job: Job, inputs: Array | float) -> Array:
    """The part of a half width that no fit can take away: open inputs, and accelerators beyond the fit."""
    extrapolated = np.asarray(job.cluster.extrapolated)
    result: Array = NINETY_PERCENT * np.sqrt(np.asarray(inputs) + EXTRAPOLATION_SPREAD**2 * extrapolated)
    return result


def prediction_interval(middle: Array, width: Array) -> tuple[Array, Array]:
    """Ends of an interval that is symmetric on the log scale."""
    return middle * np.exp(-width), middle * np.exp(width)
