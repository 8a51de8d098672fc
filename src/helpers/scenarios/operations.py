"""Accelerators at work, from `data/raw/operations.csv`: power of their servers, what a whole run loses, embodied carbon.

And the greenhouse gases of an electricity grid, from `data/raw/grids.csv`.
"""

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache
from statistics import geometric_mean, median

from helpers.formulas.hardware import Accelerator, lookup
from helpers.formulas.uncertainty import RangeEstimate
from helpers.formulas.validation import choice
from helpers.language import tr
from helpers.numbers import plain
from helpers.paths import RAW
from helpers.rows import read_rows

RATED, MEASURED = "rated_server_power_per_chip", "measured_server_power_per_chip"
SHARE = "share_of_rated_server_power"
MEASURED_SPREAD = 1.15  # factor either way: two runs on TPU v3 and two on TPU v4 differ so much
# Hours lost for each interruption: Llama 3 405B lost somewhat less than a tenth of 54 days to 466 of them.
HOURS_PER_INTERRUPTION = 0.1 * 54 * 24 / 466


@cache
def read_operations() -> list[dict[str, str]]:
    """Rows of the table."""
    return read_rows(RAW / "operations.csv", ("accelerator_id", "quantity", "value"))


def published_values(quantity: str, chips: Collection[str] | None = None) -> list[float]:
    """Values of a quantity, of certain accelerators or of all."""
    rows = (r for r in read_operations() if r["quantity"] == quantity)
    return [float(r["value"]) for r in rows if chips is None or r["accelerator_id"] in chips]


def kin(chip: str) -> tuple[str, ...]:
    """An accelerator and the others of the table that sit in the same servers: export and memory variants."""
    family = chip.split("-")[0]
    for members in (("h100", "h800", "h200", "h20"), ("a100", "a800"), ("v100", "v100s"), ("mi300x", "mi325x")):
        if family in members:
            known = {row["accelerator_id"] for row in read_operations()}
            return tuple(sorted(name for name in known if name.split("-")[0] in members))
    return (chip,)


def power_factor(chip: Accelerator) -> tuple[RangeEstimate, str]:
    """Power drawn in training with the accelerator's part of its server, over its rated power; and where it comes from."""
    device_w = chip.device_power_w
    measured = published_values(MEASURED, kin(chip.name)) if math.isfinite(device_w) else []
    if measured:
        middle, ends = geometric_mean(measured) / device_w, (min(measured) / device_w, max(measured) / device_w)
        origin = tr("measured in {n} published runs: {watts} W", n=len(measured), watts=plain(middle * device_w))
        return RangeEstimate(middle, ends[0] / MEASURED_SPREAD, ends[1] * MEASURED_SPREAD), origin
    training = published_values(SHARE, kin("h100-sxm5-80gb"))[0]
    rated = published_values(RATED, [chip.name]) or published_values(RATED, kin(chip.name))
    if rated and math.isfinite(device_w):
        factors = [rated[0] / device_w]
        said = {"watts": plain(rated[0]), "share": plain(100 * training)}
        origin = tr("server rated at {watts} W for each, of which training draws {share} %", **said)
    else:
        rows = (row for row in read_operations() if row["quantity"] == RATED)
        every = [float(row["value"]) / lookup(row["accelerator_id"]).device_power_w for row in rows]
        factors = [factor for factor in every if math.isfinite(factor)]
        origin = tr("as servers of other accelerators draw in training")
    likely = sorted(published_values(SHARE))[1:]  # the lowest is not training
    ends = min(factors) * likely[0], max(factors) * likely[-1]
    return RangeEstimate(median(factors) * training, *ends), origin


def interrupted(chips: float) -> float:
    """Time with interruptions over that without; they grow with the accelerators."""
    each_day = median(published_values("interruptions_per_1000_chip_days")) * chips / 1000
    return 1 + each_day * HOURS_PER_INTERRUPTION / 24


def embodied_kg(chip: Accelerator) -> RangeEstimate:
    """Carbon of making one accelerator with its part of the server, kg CO2e; estimates differ by three times."""
    cards = published_values("embodied_card_kg", kin(chip.name)) or published_values("embodied_card_kg")
    (server,) = published_values("embodied_server_kg_per_chip")
    whole = median(cards) + server
    low = min([*published_values("embodied_kg"), whole / 1.5])
    return RangeEstimate(geometric_mean([low, whole]), low, whole)


@dataclass(frozen=True)
class PowerGrid:
    """One grid in one year."""

    grid_id: str
    grid: str
    name: str
    year: int
    carbon_kg_per_kwh: float


def find_grid(name: str, day: date | None = None) -> PowerGrid:
    """A grid by its identifier, or by its name: then of the year nearest to a day, or the newest; else an InputError."""
    rows = read_grids()
    if name in rows:
        return rows[name]
    years = [row for row in rows.values() if name.lower() in (row.grid, row.name.lower())]
    if years:
        return min(years, key=lambda row: (abs(row.year - day.year) if day else -row.year, -row.year))
    return rows[choice("grid", name, [*sorted({row.grid for row in rows.values()}), *rows])]


@cache
def read_grids() -> dict[str, PowerGrid]:
    """Every grid of the table, by identifier."""
    rows = read_rows(RAW / "grids.csv", ("grid_id", "grid", "year", "carbon_kg_per_kwh"))
    return {
        r["grid_id"]: PowerGrid(r["grid_id"], r["grid"], r["name"], int(r["year"]), float(r["carbon_kg_per_kwh"]))
        for r in rows
    }
