"""Accelerators at work, from `data/raw/operations.csv`: power of their servers, what a whole run loses, embodied carbon."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from statistics import geometric_mean, median

from helpers.formulas.hardware import Accelerator, lookup
from helpers.formulas.validation import InputError
from helpers.language import tr
from helpers.numbers import plain
from helpers.paths import RAW, shown
from helpers.timing.planning import RangeEstimate

TABLE = RAW / "operations.csv"
RATED, MEASURED = "rated_server_power_per_chip", "measured_server_power_per_chip"
SHARE = "share_of_rated_server_power"
MEASURED_SPREAD = 1.15  # factor either way: two runs on TPU v3 and two on TPU v4 differ so much
# Hours lost for each interruption: Llama 3 405B lost somewhat less than a tenth of 54 days to 466 of them.
HOURS_PER_INTERRUPTION = 0.1 * 54 * 24 / 466


@cache
def rows(path: Path = TABLE) -> tuple[dict[str, str], ...]:
    """Rows of the table.

    Raises:
        InputError: it cannot be read.
    """
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            return tuple(csv.DictReader(lines))
    except OSError as error:
        raise InputError(f"operations: {shown(path)} cannot be read ({error.strerror})") from error


def values(quantity: str, chips: Iterable[str] | None = None) -> list[float]:
    """Values of a quantity, of certain accelerators or of all."""
    known = None if chips is None else set(chips)
    return [
        float(r["value"])
        for r in rows()
        if r["quantity"] == quantity and (known is None or r["accelerator_id"] in known)
    ]


@cache
def kin(chip: str) -> tuple[str, ...]:
    """An accelerator and the others of the table that sit in the same servers: export and memory variants."""
    family = chip.split("-")[0]
    for members in (("h100", "h800", "h200", "h20"), ("a100", "a800"), ("v100", "v100s"), ("mi300x", "mi325x")):
        if family in members:
            return tuple(sorted({r["accelerator_id"] for r in rows() if r["accelerator_id"].split("-")[0] in members}))
    return (chip,)


def power_factor(chip: Accelerator) -> tuple[RangeEstimate, str]:
    """Power drawn in training with the accelerator's part of its server, over its rated power; and where it comes from."""
    measured = values(MEASURED, kin(chip.name))
    if measured and math.isfinite(chip.device_power_w):
        middle = geometric_mean(measured) / chip.device_power_w
        ends = (
            min(measured) / chip.device_power_w / MEASURED_SPREAD,
            max(measured) / chip.device_power_w * MEASURED_SPREAD,
        )
        watts = plain(middle * chip.device_power_w)
        return RangeEstimate(middle, *ends), tr(
            "measured in {n} published runs: {watts} W", n=len(measured), watts=watts
        )
    shares, training = values(SHARE), max(values(SHARE, kin("h100-sxm5-80gb"))[0], 0.0)
    rated = values(RATED, [chip.name]) or values(RATED, kin(chip.name))
    if rated and math.isfinite(chip.device_power_w):
        factors = [rated[0] / chip.device_power_w] * 2
        origin = tr(
            "server rated at {watts} W for each, of which training draws {share} %",
            watts=plain(rated[0]),
            share=plain(100 * training),
        )
    else:
        known = [float(r["value"]) / lookup(r["accelerator_id"]).device_power_w for r in rows() if _comparable(r)]
        factors = [min(known), max(known)]
        origin = tr("as servers of other accelerators draw in training")
    middle = (factors[0] if len(set(factors)) == 1 else median(known)) * training
    likely = sorted(shares)[1:]  # the lowest is not training
    return RangeEstimate(middle, factors[0] * likely[0], factors[-1] * likely[-1]), origin


def _comparable(row: dict[str, str]) -> bool:
    return row["quantity"] == RATED and math.isfinite(lookup(row["accelerator_id"]).device_power_w)


def interrupted(chips: float) -> float:
    """Time with interruptions over that without; they grow with the accelerators."""
    each_day = median(values("interruptions_per_1000_chip_days")) * chips / 1000
    return 1 + each_day * HOURS_PER_INTERRUPTION / 24


def embodied_kg(chip: Accelerator) -> RangeEstimate:
    """Carbon of making one accelerator with its part of the server, kg CO2e; estimates differ by three times."""
    cards = values("embodied_card_kg", kin(chip.name)) or values("embodied_card_kg")
    (server,) = values("embodied_server_kg_per_chip")
    whole = median(cards) + server
    low = min([*values("embodied_kg"), whole / 1.5])
    return RangeEstimate(geometric_mean([low, whole]), low, whole)
