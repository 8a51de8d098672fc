"""Days against money: what each cluster takes by the time model, and which of them no other beats on both."""

from collections.abc import Iterable, Sequence
from itertools import product

import pandas as pd

from helpers.constants import SECOND_PER_DAY
from helpers.formulas import accounting, footprint
from helpers.scenarios.answer import answer
from helpers.scenarios.scenario import Scenario

COLUMNS = ["accelerator", "count", "days", "cost_usd", "mfu", "tensor", "pipeline", "data"]


def offers(scenario: Scenario, accelerators: Sequence[str], counts: Iterable[int]) -> pd.DataFrame:
    """What a model takes on each cluster on which it fits: its best layout, priced by the hour.

    Columns: accelerator, count, days (of the layout's steps, nothing lost), cost_usd, mfu, tensor, pipeline, data, best
    (no other offer is both faster and cheaper).
    """
    asked = [scenario.changed({"accelerator": a, "count": n}, "offer") for a, n in product(accelerators, counts)]
    found = pd.DataFrame([row for one in asked if (row := _offer_row(one))], columns=COLUMNS)
    days, cost = found["days"], found["cost_usd"]
    beaten = [((days <= d) & (cost <= c) & ((days < d) | (cost < c))).any() for d, c in zip(days, cost, strict=True)]
    return found.assign(best=[not one for one in beaten])


def _offer_row(scenario: Scenario) -> tuple[object, ...] | None:
    found = answer(scenario, layouts=1)
    fit, price = found.fit, found.inputs.numbers["price_per_chip_hour_usd"]
    if not (fit and fit.best and fit.step_days and price == price):
        return None
    best, days = fit.best, fit.step_days.middle
    flop, peak = found.figures["training_flop"].middle, found.inputs.accelerator.peak_flop_per_s
    mfu = accounting.mfu(flop, best.chips, days * SECOND_PER_DAY, peak)
    cost_usd = footprint.rent(best.chips, days * SECOND_PER_DAY, price)
    name = str(scenario.given["accelerator"])
    return name, best.chips, days, cost_usd, mfu, best.tensor, best.pipeline, best.data


def cluster_sizes(most: int) -> list[int]:
    """Powers of two from 64 accelerators to `most`."""
    return [2**power for power in range(6, 24) if 2**power <= most]
