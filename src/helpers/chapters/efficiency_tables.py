"""Savings claimed for M6: chips, energy and memory, worked out again."""

import math

import pandas as pd

from helpers.chapters.verdicts_tables import GROUPS
from helpers.constants import JOULE_PER_MWH, SECOND_PER_DAY
from helpers.formulas import footprint
from helpers.formulas.hardware import lookup
from helpers.language import later, term
from helpers.ledger.evidence import best_number
from helpers.ledger.system_runs import BENCHMARKS
from helpers.ledger.tables import Tables

GPUS_PER_TPU = 2.5  # middle of the "2 to 3" that the article prints
# Rival, source of its count, chip, units to a chip, and what the count counts.
COMPARED_SYSTEMS = (
    ("megatron-1t", "narayanan2021", "a100-sxm4-80gb", 1.0, later("GPUs")),
    ("switch-c", "patterson2021", "tpu-v3", 1.0, later("chips, as built")),
    ("switch-c", "zhidx2021m6", "tpu-v3", 2.0, later("cores, as printed")),
)
M6_RUNS = M6_1T, M6_10T = "m6-1t", "m6-10t"
THEIR_CHIP = "v100-sxm2-32gb"
# Kinds of claim that speak of chips, time, rates, savings and energy.
EFFICIENCY_KINDS = {*GROUPS["work"]["kinds"], *GROUPS["ratios"]["kinds"]}


def chip_savings(tables: Tables) -> pd.DataFrame:
    """Chips of M6 beside its rivals', each row from its own count.

    Columns: rival, kind, chip, counted, own, other, share_saved, ratio (other over own), as_gpus (the same with a TPU
    as 2.5 GPUs; none for GPUs), peak_ratio (units times their peak rate), days (the rival's; none for a benchmark),
    day_ratio (ratio times days over M6's at most). Rows are keyed by rival (system_id) and source of its count.
    """
    own, own_days = best_number(tables, M6_1T, "chip_count"), _training_days(tables, M6_1T)
    own_peak, rows = lookup(THEIR_CHIP).peak_flop_per_s, dict[tuple[str, str], dict[str, object]]()
    for rival, source, chip_id, to_a_chip, counted in COMPARED_SYSTEMS:
        other = best_number(tables, rival, "chip_count", source)
        ratio, days = other / own, math.nan if rival in BENCHMARKS else _training_days(tables, rival)
        rows[rival, source] = {
            "rival": tables.name_of(rival),
            "kind": term(tables.kind_of(rival)),
            "chip": chip_id.split("-sxm")[0].upper(),
            "counted": counted,
            "own": own,
            "other": other,
            "share_saved": 1 - own / other,
            "ratio": ratio,
            "as_gpus": ratio * GPUS_PER_TPU if chip_id.startswith("tpu") else math.nan,
            "peak_ratio": other * lookup(chip_id).peak_flop_per_s / to_a_chip / (own * own_peak),
            "days": days,
            "day_ratio": ratio * days / own_days,
        }
    return pd.DataFrame(list(rows.values()), index=pd.MultiIndex.from_tuples(rows))


def energy_table(tables: Tables, power_w: float, pue: float) -> pd.DataFrame:
    """Energy of both M6 runs, chips × power (above 0) × time × PUE (at least 1), beside the estimate for GPT-3.

    Columns: name, chips, days, energy_mwh, share (of GPT-3's). Rows are keyed by system_id.
    """
    rows, reference_j = [], best_number(tables, "gpt-3", "energy")
    for system_id in M6_RUNS:
        chips, days = best_number(tables, system_id, "chip_count"), _training_days(tables, system_id)
        energy_j = float(footprint.energy_j(chips, days * SECOND_PER_DAY, power_w, pue=pue))
        rows.append((tables.name_of(system_id), chips, days, energy_j / JOULE_PER_MWH, energy_j / reference_j))
    return pd.DataFrame(rows, index=list(M6_RUNS), columns=["name", "chips", "days", "energy_mwh", "share"])


def memory_need(tables: Tables, bytes_per_parameter: float) -> dict[str, float]:
    """Memory of M6-10T's weights beside that of its chips: parameters, chip_count, need_byte, have_byte."""
    parameters, chips = (best_number(tables, M6_10T, quantity) for quantity in ("parameters", "chip_count"))
    need, have = parameters * bytes_per_parameter, chips * lookup(THEIR_CHIP).memory_bytes
    return {"parameters": parameters, "chip_count": chips, "need_byte": need, "have_byte": have}


def about_efficiency(claims: pd.DataFrame) -> pd.Series:
    """Which claims are on chips, time, rates, savings and energy of a system; opinions are not."""
    return claims["kind"].isin(EFFICIENCY_KINDS) & (claims["system_id"] != "") & (claims["check"] != "opinion")


def _training_days(tables: Tables, system_id: str) -> float:
    return best_number(tables, system_id, "training_duration") / SECOND_PER_DAY
