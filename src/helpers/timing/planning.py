"""How a model fits a cluster: the layouts to try, what they need, and the days that the best one's steps take."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from helpers.constants import SECOND_PER_DAY
from helpers.formulas.accounting import Value
from helpers.formulas.architecture import Architecture
from helpers.formulas.hardware import Accelerator
from helpers.formulas.memory import BYTES_PER_GIB, STATE_BYTES, memory_items
from helpers.formulas.shape import with_usual
from helpers.formulas.validation import RANGES, InputError, check, check_shape
from helpers.language import tr
from helpers.timing.calibration import constants
from helpers.timing.layout_choices import LayoutSearch
from helpers.timing.layouts import FeasibleLayout, Found, find_layouts, job_of_candidate
from helpers.timing.prediction_intervals import half_width, prediction_interval, spreads

DENSE_RATIO = 1.2  # parameters over active ones, from which a model counts as a mixture of experts
LAYOUT_VARIANCE = 0.002  # of log time: layout and software are the finder's, not a published run's


@dataclass(frozen=True)
class RangeEstimate:
    """A figure and its 90 % interval."""

    middle: float
    low_90: float
    high_90: float

    @classmethod
    def about(cls, middle: float, half_width: float) -> RangeEstimate:
        """An estimate whose range is symmetric on the log scale."""
        return cls(middle, middle / math.exp(half_width), middle * math.exp(half_width))

    @property
    def half_width(self) -> float:
        """Half of the range on the log scale."""
        return math.log(self.high_90 / self.low_90) / 2

    def times(self, factor: float) -> RangeEstimate:
        """The same in another unit, or of something proportional."""
        return RangeEstimate(self.middle * factor, self.low_90 * factor, self.high_90 * factor)


def layouts_of(params: float, active: float, search: LayoutSearch) -> tuple[Found, list[str]]:
    """Layouts of a dense model; of a mixture, only whether its states fit the cluster at all."""
    chip = search.accelerator
    if params <= DENSE_RATIO * active or np.any(search.shape.expert_layer_share):
        return find_layouts(search, constants()), []
    need, room = state_bytes_per_chip(params, search.chips) / BYTES_PER_GIB, chip.memory_bytes / BYTES_PER_GIB
    if need >= room:
        reason = tr(
            "does not fit: weights, gradients and optimiser states need {need:.1f} GiB a device, spread evenly; {chip} has {room:.1f}",
            need=need,
            chip=chip.title,
            room=room,
        )
        return Found([], 0, reason), []
    note = tr(
        "mixture of experts without an architecture: no layout is timed; weights, gradients and optimiser states take {need:.1f} GiB a device of {room:.1f}",
        need=need,
        room=room,
    )
    return Found([], 0, ""), [note]


def state_bytes_per_chip(params: Value, count: Value) -> Value:
    """Weights, gradients and optimiser states on each device, spread evenly: the least that any layout needs."""
    return sum(STATE_BYTES.values()) * params / count


def least_chips(params: float, chip: Accelerator) -> int:
    """Accelerators whose memory holds weights, gradients and optimiser states, with nothing left for the work."""
    return int(np.ceil(state_bytes_per_chip(params, 1) / chip.memory_bytes))


def step_days(found: Found, search: LayoutSearch, active: float, tokens: float) -> RangeEstimate:
    """Days of the best layout's steps, scaled to the very number of parameters."""
    best = found.layouts[0]
    shape = search.shape
    steps = tokens / (search.global_batch * float(shape.seq_len)) * active / float(shape.active_params)
    width = half_width(job_of_candidate(best, search), spreads(), LAYOUT_VARIANCE)
    low, high = prediction_interval(np.asarray(best.step_s), width)
    return RangeEstimate(best.step_s, float(low), float(high)).times(steps / SECOND_PER_DAY)


def memory_gib(best: FeasibleLayout, search: LayoutSearch) -> dict[str, float]:
    """GiB on a device by item, what the allocator loses and the software reserves among them."""
    found: dict[str, float] = {}
    for name, value in memory_items(job_of_candidate(best, search)).items():
        group = name.split("/")[0]
        found[group] = found.get(group, 0.0) + float(value) / BYTES_PER_GIB
    return {**found, "reserve": best.memory_gib - sum(found.values())}


def describe_shape(shape: Architecture) -> str:
    """An architecture in a few words."""
    return tr(
        "{layers} layers, width {hidden}, {heads} heads, sequence {length}",
        layers=shape.layers,
        hidden=shape.hidden,
        heads=shape.heads,
        length=shape.seq_len,
    )


def read_architecture(values: dict[str, float | None]) -> Architecture | None:
    """An architecture from named figures; None if neither layers nor hidden is given."""
    given = {name: value for name, value in values.items() if value is not None}
    if not given:
        return None
    for name in ("layers", "hidden", "heads"):
        if name not in given:
            raise InputError(f"{name}: needed when the architecture is given; accepted: {RANGES[name]}")
    for name, value in given.items():
        check(name, value)
    shape = with_usual(given)
    check_shape(shape)
    return Architecture(**shape)
