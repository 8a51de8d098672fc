"""How sure a predicted step time is: a 90 % interval, as wide as left-out runs of its kind were off.

To that come what the run's row leaves open, software that nobody names, and accelerators beyond the fit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from helpers.constants import NINETY_PERCENT
from helpers.formulas.hardware import GENERATIONS
from helpers.formulas.job import PRECISIONS, Array, Job
from helpers.structured import read_json

HELD_OUT_FILE = Path(__file__).with_name("held_out.json")
COVERAGE = 0.9  # what intervals are meant to hold
EXTRAPOLATION_SPREAD = 0.2  # log time, on accelerators the model was not fitted to
LARGEST_SPREAD = 1.0
THIN_SPREAD = 0.1  # log time, where few groups have published on a matrix unit, precision and kind of model
FEW_GROUPS = 3  # with fewer, a kind takes its width from all kinds of today's chips, and a cell is thin
# Kinds of run whose errors are alike: by matrix unit, precision, and whether experts are routed to.
KINDS = ("older", "hopper 16-bit", "hopper narrow", "blackwell", "mixture", "tpu")
OLDER = "older"


@dataclass(frozen=True)
class Spreads:
    """Half widths of the 90 % interval of log time by kind, from sources left out of the fit."""

    half_width: Mapping[str, float]
    cells: frozenset[int]  # that enough groups have published on

    def of(self, job: Job) -> Array:
        """The half width of each run's kind."""
        return np.asarray([self.half_width[name] for name in KINDS])[kind_index(job)]


def kind_index(job: Job) -> NDArray[np.intp]:
    """Index into KINDS of each run; chips of other makers are with the H100's kind."""
    generation, shape = np.asarray(job.cluster.generation), job.architecture
    narrow = np.asarray(job.layout.precision) > 0
    first = {  # the first that holds
        "tpu": generation == GENERATIONS.index("tpu"),
        "mixture": np.asarray(shape.expert_layer_share) > 0,
        "blackwell": generation == GENERATIONS.index("blackwell"),
        OLDER: np.isin(generation, [GENERATIONS.index(name) for name in ("volta", "ampere", "other")]),
        "hopper narrow": narrow,
    }
    return np.select(list(first.values()), [KINDS.index(name) for name in first], KINDS.index("hopper 16-bit"))


@cache
def spreads() -> Spreads:
    """The spreads that the package ships."""
    kept = read_json(HELD_OUT_FILE)
    return Spreads(kept["half_width"], frozenset(kept["cells"]))


def half_width(job: Job, known: Spreads, inputs: Array | float = 0.0) -> Array:
    """Half width of the 90 % interval of log time, for a run by a group that nobody has seen; see `open_half_width`."""
    squared = known.of(job) ** 2 + open_half_width(job, inputs, known.cells) ** 2
    return np.asarray(np.minimum(np.sqrt(squared), NINETY_PERCENT * LARGEST_SPREAD))


def open_half_width(job: Job, inputs: Array | float, cells: frozenset[int]) -> Array:
    """The part of a half width that no fit can take away: open inputs, and what few have published on.

    Open inputs bring the variance `inputs` to log time; what lies in one of the `cells` is not thin.
    """
    beyond = EXTRAPOLATION_SPREAD**2 * np.asarray(job.cluster.extrapolated)
    thin = THIN_SPREAD**2 * ~np.isin(cell_index(job), list(cells))
    return np.asarray(NINETY_PERCENT * np.sqrt(np.asarray(inputs) + beyond + thin))


def cell_index(job: Job) -> NDArray[np.intp]:
    """A number for each matrix unit, precision, and mixture or not."""
    mixture = (np.asarray(job.architecture.expert_layer_share) > 0).astype(int)
    precision = np.asarray(job.layout.precision).astype(int)
    return np.asarray((np.asarray(job.cluster.generation) * len(PRECISIONS) + precision) * 2 + mixture)


def width_needed(log_error: Array, open_part: Array, group: Sequence[str]) -> float:
    """The half width that would have held nine in ten of left-out runs, beside what their rows leave open.

    A group of n runs counts as the square root of n: its runs are kin, but not one. As in conformal
    prediction (arXiv:2107.07511, section 1).
    """
    needed = np.sqrt(np.maximum(log_error**2 - open_part**2, 0))
    place, count = np.unique(np.asarray(group), return_inverse=True, return_counts=True)[1:]
    weight = count[place] ** -0.5
    order = np.argsort(needed)
    share = np.cumsum(weight[order]) / weight.sum()
    level = COVERAGE * (1 + (weight**2).sum() / weight.sum() ** 2)  # one more run than were seen
    return float(needed[order][min(int(np.searchsorted(share, level)), len(needed) - 1)])


def prediction_interval(middle: Array, width: Array) -> tuple[Array, Array]:
    """Ends of an interval that is symmetric on the log scale."""
    return middle * np.exp(-width), middle * np.exp(width)
