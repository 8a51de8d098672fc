"""Time, energy, carbon and cost from parameters, tokens, accelerators and a utilisation: no layout.

Every argument may be a number, an array, a pint quantity or a sympy symbol; `stream` evaluates columns of any
length in blocks, so that memory stays flat.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from helpers.formulas import accounting, footprint
from helpers.formulas.accounting import Value

BLOCK = 16_384  # rows: a handful of columns stay in the processor's cache


def estimate(
    params: Value,
    tokens: Value,
    chip_count: Value,
    peak_flop_per_s: Value,
    utilisation: Value,
    device_power_w: Value,
    **rates: Value,
) -> dict[str, Value]:
    """A run's figures: 6·N·D at a share of peak, then energy, carbon and rent of the time it takes.

    Args:
        rates: those of `footprint_of` that are not as usual.
    """
    flop = accounting.training_flop(params, tokens)
    seconds = accounting.duration_s(flop, chip_count, peak_flop_per_s * utilisation)
    run = {"training_flop": flop, "duration_s": seconds}
    return run | footprint_of(chip_count, seconds, device_power_w, **rates)


def footprint_of(
    chip_count: Value,
    duration_s: Value,
    device_power_w: Value,
    power_factor: Value = footprint.DEFAULT_POWER_FACTOR,
    pue: Value = footprint.DEFAULT_PUE,
    carbon_kg_per_kwh: Value = footprint.DEFAULT_CARBON_KG_PER_KWH,
    price_per_chip_hour: Value = 0.0,
) -> dict[str, Value]:
    """Energy, carbon and rent of accelerators for a time."""
    kwh = footprint.energy_kwh(footprint.energy_j(chip_count, duration_s, device_power_w, power_factor, pue))
    return {
        "energy_kwh": kwh,
        "carbon_kg": footprint.carbon_kg(kwh, carbon_kg_per_kwh),
        "rent": footprint.rent(chip_count, duration_s, price_per_chip_hour),
    }


def stream(
    function: Callable[..., dict[str, Value]], columns: Mapping[str, Value], block: int = BLOCK
) -> Iterator[dict[str, Value]]:
    """Results of `function(**columns)` block by block; numbers among the columns hold for every row."""
    rows = max((len(column) for column in columns.values() if np.ndim(column)), default=1)
    for start in range(0, rows, block):
        part = {n: c[start : start + block] if np.ndim(c) else c for n, c in columns.items()}
        yield function(**part)
