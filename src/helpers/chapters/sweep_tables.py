"""Days against money: what each cluster takes by the time model, and which of them no other beats on both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product

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
    """What a model takes on each cluster on which it fits, priced by the hour; the unbeaten ones are marked."""
    asked = [scenario.changed({"accelerator": a, "count": n}, "offer") for a, n in product(accelerators, counts)]
    found = [offer for one in asked if (offer := _offer(one))]
    return [replace(one, best=not any(_beats(other, one) for other in found)) for one in found]


def _offer(scenario: Scenario) -> Offer | None:
    found = answer(scenario, layouts=1)
    fit, price = found.fit, found.inputs.numbers["price_per_chip_hour_usd"]
    if not (fit and fit.best and fit.step_days and price == price):
        return None
    best, days = fit.best, fit.step_days.middle
    seconds = days * SECOND_PER_DAY
    flop, peak = found.figures["training_flop"].middle, found.inputs.accelerator.peak_flop_per_s
    mfu = accounting.mfu(flop, best.chips, seconds, peak)
    cost_usd = footprint.rent(best.chips, seconds, price)
    name = str(scenario.given["accelerator"])
    return Offer(name, best.chips, days, cost_usd, mfu, best.tensor, best.pipeline, best.data)


def _beats(a: Offer, b: Offer) -> bool:
    return a.days <= b.days and a.cost_usd <= b.cost_usd and (a.days < b.days or a.cost_usd < b.cost_usd)


def cluster_sizes(most: int) -> list[int]:
    """Powers of two from 64 accelerators to `most`."""
    return [2**power for power in range(6, 24) if 2**power <= most]
