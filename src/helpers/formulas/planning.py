"""What would it take: days, energy, carbon and money for a model on a cluster, and the layouts that fit."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from helpers.formulas import accounting, footprint, reduced
from helpers.formulas.architecture import Architecture, compute_optimal_params, tokens_per_param
from helpers.formulas.calibration import constants
from helpers.formulas.hardware import Accelerator, lookup
from helpers.formulas.intervals import half_width, interval, spreads
from helpers.formulas.job import Cluster, Job, Layout
from helpers.formulas.layout import RECOMPUTE, Candidate, Found, find, layout_of
from helpers.formulas.shape import plausible_architecture, usual_batch, with_usual
from helpers.formulas.validation import RANGES, InputError, check, check_all, check_shape

SHAPE_TOLERANCE = 1.5  # between stated parameters and those of a stated architecture
LAYOUT_VARIANCE = 0.002  # of log time: layout and software are the finder's, not a published run's


@dataclass(frozen=True)
class Estimate:
    """A figure and its 90 % interval."""

    middle: float
    low_90: float
    high_90: float

    def times(self, factor: float) -> Estimate:
        """The same in another unit, or of something proportional."""
        return Estimate(self.middle * factor, self.low_90 * factor, self.high_90 * factor)


@dataclass(frozen=True)
class Plan:
    """The answer to `plan`."""

    params: float
    active_params: float
    tokens: float
    accelerator: Accelerator
    count: int
    training_flop: float  # 6·N·D
    recompute_flop: float  # 8·N·D
    step_days: Estimate | None  # the layout's time per step x steps, nothing lost
    run_days: Estimate  # first to last day, as published runs took
    energy_kwh: Estimate
    carbon_kg: Estimate
    rent: Estimate | None
    purchase: Estimate | None
    tokens_per_param: float
    optimal_params: float  # compute-optimal for the same compute
    architecture: Architecture
    global_batch: int
    found: Found
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Prices:
    """What things cost; None leaves the figure out."""

    per_chip_hour: float | None = None
    purchase: float | None = None
    pue: float = footprint.DEFAULT_PUE
    carbon_kg_per_kwh: float = footprint.DEFAULT_CARBON_KG_PER_KWH

    def check(self) -> None:
        """Refuse figures out of range."""
        check_all(
            price_per_chip_hour=self.per_chip_hour,
            purchase_price=self.purchase,
            pue=self.pue,
            carbon_kg_per_kwh=self.carbon_kg_per_kwh,
        )


def plan(
    params: float,
    tokens: float,
    accelerator: str | Accelerator,
    count: int,
    active_params: float | None = None,
    architecture: Architecture | None = None,
    global_batch: int | None = None,
    prices: Prices | None = None,
    keep: int = 5,
) -> Plan:
    """Estimate a training run; parameters may be the active ones of a mixture through `active_params`.

    Raises:
        InputError: an input is out of its range.
    """
    prices = prices or Prices()
    share = float(architecture.active_params / architecture.params) if architecture else 1.0
    active = share * params if active_params is None else active_params
    check_all(params=params, active_params=active, tokens=tokens, chip_count=count, global_batch=global_batch)
    prices.check()
    if active > params:
        raise InputError(f"active_params: {active:g} is more than the {params:g} parameters; accepted: up to params")
    chip = accelerator if isinstance(accelerator, Accelerator) else lookup(accelerator)
    check("layouts", keep)
    shape = architecture or plausible_architecture(active)
    agree(active, shape)
    batch = int(global_batch or usual_batch(active, int(shape.seq_len), count))
    found, notes = layouts_of(params, active, shape, chip, count, batch, keep)
    notes += [] if architecture else ["architecture assumed: " + describe_shape(shape)]
    notes += [] if global_batch else [f"global batch assumed: {batch} sequences"]
    if chip.extrapolated:
        notes.append(f"extrapolated: {chip.name} is beyond the fit of the time model")
    days = step_days(found, shape, chip, batch, active, tokens) if found.layouts else None
    whole = run_days(active, tokens, chip, count, days)
    flop = float(accounting.training_flop(active, tokens))
    return Plan(
        params=params,
        active_params=active,
        tokens=tokens,
        accelerator=chip,
        count=count,
        training_flop=flop,
        recompute_flop=float(accounting.training_flop(active, tokens, 8)),
        step_days=days,
        run_days=whole,
        **bill(whole, chip, count, prices),
        tokens_per_param=float(tokens_per_param(tokens, active)),
        optimal_params=float(compute_optimal_params(flop)),
        architecture=shape,
        global_batch=batch,
        found=found,
        notes=notes,
    )


def agree(active: float, shape: Architecture) -> None:
    """Refuse an architecture that is of another model than the parameters are."""
    counted = float(shape.active_params)
    if not 1 / SHAPE_TOLERANCE < counted / active < SHAPE_TOLERANCE:
        accepted = f"{counted / SHAPE_TOLERANCE:.3g} to {counted * SHAPE_TOLERANCE:.3g}"
        raise InputError(f"params: {active:g}, but the architecture has {counted:.3g}; accepted with it: {accepted}")


def layouts_of(
    params: float, active: float, shape: Architecture, chip: Accelerator, count: int, batch: int, keep: int
) -> tuple[Found, list[str]]:
    """Layouts of a dense model; of a mixture, only whether its states fit the cluster at all."""
    if params <= 1.2 * active or np.any(shape.expert_layer_share):
        modern = bool(chip.modern)
        return find(shape, chip, count, batch, constants(), fused=modern, keep=keep), []
    state = 18 * params / count / 2**30
    room = chip.memory_bytes / 2**30
    verdict = "fit" if state < room else "do not fit"
    note = (
        f"mixture of experts without an architecture: no layout is timed; weights, gradients and optimiser states "
        f"{verdict}: {state:.1f} GiB a device, spread evenly, of {room:.1f}"
    )
    return Found([], 0, note), [note]


def step_days(
    found: Found, shape: Architecture, chip: Accelerator, batch: int, active: float, tokens: float
) -> Estimate:
    """Days of the best layout's steps, scaled to the very number of parameters."""
    best = found.layouts[0]
    steps = tokens / (batch * float(shape.seq_len)) * active / float(shape.active_params)
    job = job_of_candidate(best, shape, chip, batch)
    width = half_width(job, constants(), spreads(), True, LAYOUT_VARIANCE)
    low, high = interval(np.asarray(best.step_s), width)
    return Estimate(best.step_s, float(low), float(high)).times(steps / accounting.SECOND_PER_DAY)


def job_of_candidate(best: Candidate, shape: Architecture, chip: Accelerator, batch: int) -> Job:
    """The finder's layout as a job of numbers."""
    row = [best.tensor, best.pipeline, best.data, best.micro_batch, best.interleave]
    columns = np.array([[*row, RECOMPUTE.index(best.recompute), best.sharding]], float).T
    layout = layout_of(columns, batch, bool(chip.modern), int(shape.experts))
    scalars = {name: np.ravel(value)[0] for name, value in vars(layout).items()}
    scalars["stack"] = int(scalars["stack"])
    return Job(shape, replace(Layout(batch), **scalars), Cluster.of(chip))


def run_days(active: float, tokens: float, chip: Accelerator, count: int, days: Estimate | None) -> Estimate:
    """Days from first to last, restarts and evaluation counted, by the utilisation of published whole runs.

    Never less than the best layout's bare steps.
    """
    share = reduced.expected("run", reduced.kind_of(chip.name))
    middle, low, high = (
        float(reduced.days(active, tokens, count, chip.peak_flop_per_s, u))
        for u in (share.median, share.high_90, share.low_90)
    )
    floor = days.low_90 if days else 0.0
    return Estimate(max(middle, floor), max(low, floor), max(high, floor))


def bill(days: Estimate, chip: Accelerator, count: int, prices: Prices) -> dict[str, Any]:
    """Energy, carbon and money of so many days."""
    seconds = days.times(accounting.SECOND_PER_DAY)
    power = chip.device_power_w if np.isfinite(chip.device_power_w) else 400.0
    joule = footprint.energy_j(count, 1.0, power, footprint.DEFAULT_POWER_FACTOR, prices.pue)
    energy = seconds.times(float(footprint.energy_kwh(joule)))
    rent = prices.per_chip_hour
    purchase = prices.purchase
    return {
        "energy_kwh": energy,
        "carbon_kg": energy.times(prices.carbon_kg_per_kwh),
        "rent": None if rent is None else seconds.times(footprint.rent(count, 1.0, rent)),
        "purchase": None if purchase is None else seconds.times(footprint.amortised_purchase(count, 1.0, purchase)),
    }


def describe_shape(shape: Architecture) -> str:
    """An architecture in a few words."""
    return f"{shape.layers} layers, width {shape.hidden}, {shape.heads} heads, sequence {shape.seq_len}"


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
