"""Where physics stops: the values that a figure can have at all, whatever anybody assumes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from helpers.formulas import accounting
from helpers.ledger.evidence import best
from helpers.ledger.intervals import Interval
from helpers.ledger.system_runs import find_run
from helpers.ledger.tables import Tables

LEAST_FLOP_PER_PARAM_TOKEN = 6.0  # forward and backward pass; no training does with less


def physical_limits(tables: Tables, row: Mapping[str, Any]) -> Interval:
    """Least and greatest value of an evidence row, in its unit; 0 to infinity where nothing more is known.

    Shares end at 1 and a data centre's overhead begins there; a chip is no faster than its peak; and a published
    amount of compute is spent on at most C/(6·N) tokens, or by at most C/(6·D) parameters.
    """
    quantity, system_id = str(row["quantity"]), str(row["system_id"])
    if quantity == "pue":
        return Interval(1.0, math.inf)
    if row["unit"] == "fraction":
        return Interval(0.0, 1.0)
    if quantity == "throughput_per_chip":
        return Interval(0.0, peak_of(tables, system_id) or math.inf)
    if quantity in ("training_tokens", "parameters"):
        return Interval(0.0, _most(tables, system_id, quantity))
    return Interval(0.0, math.inf)


def peak_of(tables: Tables, system_id: str) -> float:
    """Peak of the chip that a system was trained on, as its evidence names it (FLOP/s); 0 where none is known."""
    try:
        chip = str(best(tables, system_id, "chip")["value"]).split()[1].lower()
        return float(best(tables, chip, "peak_flop_per_s")["number"])
    except (KeyError, IndexError):
        return 0.0


def _most(tables: Tables, system_id: str, quantity: str) -> float:
    try:
        run = find_run(tables, system_id)
    except KeyError:
        return math.inf
    other = run.params if quantity == "training_tokens" else run.tokens
    return float(accounting.tokens_trained(run.flop.middle, other.middle, LEAST_FLOP_PER_PARAM_TOKEN))
