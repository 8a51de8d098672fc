"""Savings claimed for M6: chips, energy and memory, worked out again."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from helpers.constants import JOULE_PER_MWH, SECOND_PER_DAY
from helpers.formulas import footprint
from helpers.language import later, term
from helpers.ledger.evidence import best
from helpers.ledger.system_runs import BENCHMARKS
from helpers.ledger.tables import Tables

GPUS_PER_TPU = 2.5  # middle of the "2 to 3" that the article prints
# Rival, source of its count, chip, units to a chip, and what the count counts.
COMPARED_SYSTEMS = (
    ("megatron-1t", "narayanan2021", "a100-sxm4-80gb", 1.0, later("chips")),
    ("switch-c", "patterson2021", "tpu-v3", 1.0, later("chips, as built")),
    ("switch-c", "zhidx2021m6", "tpu-v3", 2.0, later("cores, as printed")),
)
M6_RUNS = ("m6-1t", "m6-10t")
# Kinds of claim that speak of chips, time, rates, savings and energy.
EFFICIENCY_KINDS = {
    "chip_count", "core_count", "server_count", "duration", "throughput", "utilisation", "compute", "percent", "ratio",
    "energy",
}  # fmt: skip


@dataclass(frozen=True)
class EnergyEstimate:
    """Energy of a run from chips, days and power (J), beside a reference run's."""

    chip_count: float
    days: float
    power_w: float
    pue: float
    reference_j: float

    @property
    def energy_j(self) -> float:
        """Chips × power × time × PUE, joule."""
        return float(footprint.energy_j(self.chip_count, self.days * SECOND_PER_DAY, self.power_w, pue=self.pue))

    @property
    def share(self) -> float:
        """As a fraction of the reference."""
        return self.energy_j / self.reference_j


@dataclass(frozen=True)
class MemoryNeed:
    """Memory that a model's weights take, beside what its chips have (byte)."""

    parameters: float
    chip_count: float
    need_byte: float
    have_byte: float


def chip_savings(tables: Tables, system_id: str = "m6-1t", chip_id: str = "v100-sxm2-32gb") -> pd.DataFrame:
    """Chips of M6 beside its rivals', each row from its own count.

    Columns: rival, kind, chip, counted, own, other, share_saved, ratio (other over own), as_gpus (the same with a TPU
    as 2.5 GPUs; none for GPUs), peak_ratio (units times their peak rate), days (the rival's; none for a benchmark),
    day_ratio (ratio times days over M6's at most). Rows are keyed by rival (system_id) and source of its count.
    """
    own, own_days = best(tables, system_id, "chip_count")["number"], _days(tables, system_id)
    peaks = tables["hardware"].set_index("accelerator_id")["peak_fp16_flop_per_s"]
    rows = []
    for rival, source, chip, to_a_chip, counted in COMPARED_SYSTEMS:
        other = best(tables, rival, "chip_count", source)["number"]
        days = math.nan if rival in BENCHMARKS else _days(tables, rival)
        rows.append(
            {
                "rival": tables.name_of(rival),
                "kind": term(tables.kind_of(rival)),
                "chip": chip.split("-sxm")[0].upper(),
                "counted": counted,
                "own": own,
                "other": other,
                "share_saved": 1 - own / other,
                "ratio": other / own,
                "as_gpus": other / own * GPUS_PER_TPU if chip.startswith("tpu") else math.nan,
                "peak_ratio": other * peaks[chip] / to_a_chip / (own * peaks[chip_id]),
                "days": days,
                "day_ratio": other / own * days / own_days,
            }
        )
    keys = [(rival, source) for rival, source, *_ in COMPARED_SYSTEMS]
    return pd.DataFrame(rows, index=pd.MultiIndex.from_tuples(keys))


def energy_table(tables: Tables, power_w: float, pue: float) -> pd.DataFrame:
    """Energy of both M6 runs beside the estimate for GPT-3.

    Columns: name, chips, days, energy_mwh, share (of GPT-3's). Rows are keyed by system_id.
    """
    found = {system_id: energy_estimate(tables, power_w, pue, system_id) for system_id in M6_RUNS}
    rows = [(tables.name_of(n), e.chip_count, e.days, e.energy_j / JOULE_PER_MWH, e.share) for n, e in found.items()]
    return pd.DataFrame(rows, index=list(found), columns=["name", "chips", "days", "energy_mwh", "share"])


def about_efficiency(claims: pd.DataFrame) -> pd.Series:
    """Which claims are on chips, time, rates, savings and energy of a system; opinions and shares of a text are not."""
    chosen = claims["kind"].isin(EFFICIENCY_KINDS) & (claims["system_id"] != "") & (claims["check"] != "opinion")
    return chosen & ~claims["claim_id"].str.contains("gpt3-mix")


def _days(tables: Tables, system_id: str) -> float:
    return float(best(tables, system_id, "training_duration")["number"]) / SECOND_PER_DAY


def energy_estimate(tables: Tables, power_w: float, pue: float, system_id: str = "m6-10t") -> EnergyEstimate:
    """Energy of an M6 run beside the estimate for GPT-3.

    Raises:
        ValueError: power or PUE is out of range.
    """
    if not power_w > 0 or not pue >= 1:
        raise ValueError(f"power_w must be above 0 and pue at least 1, not {power_w} and {pue}")
    chips = float(best(tables, system_id, "chip_count")["number"])
    return EnergyEstimate(
        chips, _days(tables, system_id), power_w, pue, float(best(tables, "gpt-3", "energy")["number"])
    )


def memory_need(
    tables: Tables, bytes_per_parameter: float, system_id: str = "m6-10t", chip_id: str = "v100-sxm2-32gb"
) -> MemoryNeed:
    """Memory of M6-10T's weights beside that of its chips."""
    parameters = float(best(tables, system_id, "parameters")["number"])
    chips = float(best(tables, system_id, "chip_count")["number"])
    per_chip = float(tables["hardware"].set_index("accelerator_id").loc[chip_id, "memory_byte"])
    return MemoryNeed(parameters, chips, parameters * bytes_per_parameter, chips * per_chip)
