"""Pace: what compute, chips and days as printed say about each chip."""

from __future__ import annotations

from dataclasses import dataclass

from helpers.formulas import accounting
from helpers.ledger.evidence import best
from helpers.ledger.system_runs import PublishedRun
from helpers.ledger.tables import Tables


@dataclass(frozen=True)
class Pace:
    """A run's published compute spread over its chips and days."""

    training_flop: float
    chip_count: float
    duration_s: float
    peak_flop_per_s: float
    accelerator: str

    @property
    def pfday(self) -> float:
        """Compute in petaFLOP/s-days."""
        return float(accounting.petaflop_s_day(self.training_flop))

    @property
    def flop_per_s_per_chip(self) -> float:
        """Achieved rate of one chip, FLOP/s, counted as the published compute is."""
        return float(accounting.flop_per_s_per_chip(self.training_flop, self.chip_count, self.duration_s))

    @property
    def share_of_peak(self) -> float:
        """The same as a fraction of the peak rate."""
        return float(accounting.utilisation(self.flop_per_s_per_chip, self.peak_flop_per_s))

    def days_at(self, utilisation: float) -> float:
        """Days that the run takes at a utilisation given as a fraction."""
        seconds = accounting.duration_s(self.training_flop, self.chip_count, utilisation * self.peak_flop_per_s)
        return float(seconds / accounting.SECOND_PER_DAY)


def pace(tables: Tables, run: PublishedRun, days: float, accelerator_id: str) -> Pace:
    """The pace of a published run.

    Args:
        days: training time, days, above 0.
        accelerator_id: row of the hardware table; its dense FP16 peak counts.

    Raises:
        ValueError: days is not positive, or the accelerator or its peak is not known.
    """
    hardware = tables["hardware"].set_index("accelerator_id")
    if not days > 0:
        raise ValueError(f"days: {days} is not above 0")
    if accelerator_id not in hardware.index:
        raise ValueError(
            f"accelerator: no {accelerator_id} in hardware.csv; one of {', '.join(sorted(hardware.index)[:8])} ..."
        )
    row = hardware.loc[accelerator_id]
    chips = float(best(tables, run.system_id, "chip_count")["value"])
    peak = float(row["peak_fp16_flop_per_s"])
    return Pace(run.flop.middle, chips, days * accounting.SECOND_PER_DAY, peak, str(row["name"]))
