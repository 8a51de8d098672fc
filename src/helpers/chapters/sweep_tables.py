"""Days against money: what each cluster takes by the time model, and which of them no other beats on both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from helpers.constants import SECOND_PER_DAY
from helpers.formulas import accounting, footprint
from helpers.scenarios.answer import answer
from helpers.scenarios.scenario import Scenario


@dataclass(frozen=True)
class Offer:
    """A cluster, its best layout, and what a run on it comes to."""

    accelerator: str
    count: int
    days: float  # of the best layout's steps, nothing lost
    cost_usd: float
    mfu: float
    tensor: int
    pipeline: int
    data: int
    best: bool = False  # no other offer is both faster and cheaper


def offers(scenario: Scenario, accelerators: Sequence[str], counts: Iterable[int]) -> list[Offer]:
    """What a model takes on each cluster on which it fits, priced by the hour; the unbeaten ones are marked.

    Raises:
        InputError: an accelerator is unknown.
    """
    found = []
    for accelerator in accelerators:
        for count in counts:
            offer = _offer(scenario.changed({"accelerator": accelerator, "count": count}, "offer"), accelerator)
            found += [offer] if offer else []
    return [replace(offer, best=not any(_beats(other, offer) for other in found)) for offer in found]


def _offer(scenario: Scenario, accelerator: str) -> Offer | None:
    found = answer(scenario, layouts=1)
    fit, price = found.fit, found.inputs.numbers["price_per_chip_hour_usd"]
    if not (fit and fit.best and fit.step_days and price == price):
        return None
    chips, days = fit.best.chips, fit.step_days.middle
    seconds = days * SECOND_PER_DAY
    flop, peak = found.figures["training_flop"].middle, found.inputs.accelerator.peak_flop_per_s
    return Offer(
        accelerator,
        chips,
        days,
        footprint.rent(chips, seconds, price),
        accounting.mfu(flop, chips, seconds, peak),
        fit.best.tensor,
        fit.best.pipeline,
        fit.best.data,
    )


def _beats(a: Offer, b: Offer) -> bool:
    return a.days <= b.days and a.cost_usd <= b.cost_usd and (a.days < b.days or a.cost_usd < b.cost_usd)


def cluster_sizes(most: int) -> list[int]:
    """Powers of two from 64 accelerators to `most`."""
    return [2**power for power in range(6, 24) if 2**power <= most]
