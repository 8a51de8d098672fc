"""What the same figures also show: findings that no article prints, each a sentence with its numbers worked out."""

from datetime import date
from pathlib import Path

import pandas as pd

from helpers.constants import SECOND_PER_DAY
from helpers.formulas import accounting
from helpers.language import tr
from helpers.ledger.evidence import best_number
from helpers.ledger.system_runs import find_run
from helpers.ledger.tables import Tables
from helpers.structured import read_toml

TPU_IN_GPUS = (2.0, 3.0)  # as article 004 prints it
TEXTS: dict[str, str] = read_toml(Path(__file__).with_name("findings.toml"))
GUESSED_RATE = 2.733e13  # FLOP/s: the digits that article 002 prints, a hundred times as much
DAY_PER_MONTH = 30.44


def findings(tables: Tables) -> pd.DataFrame:
    """One finding a row, in the order in which they matter; column `finding`."""
    values = {**_of_chips(tables), **_of_dates(tables), "at_most": _at_most(tables)}
    return pd.DataFrame({"finding": [tr(text, **values[name]) for name, text in TEXTS.items()]})


def _of_chips(tables: Tables) -> dict[str, dict[str, float]]:
    def number(evidence_id: str) -> float:
        return float(tables.evidence_rows[evidence_id]["number"])

    own, cores = number("m6-1t.chip_count.yang2021m6t"), number("switch-c.core_count.yang2021m6t")
    low, high = (cores * gpus / own for gpus in TPU_IN_GPUS)
    chips = number("gpt-3.chip_count.microsoft2020supercomputer")
    time_s = float(accounting.duration_s(find_run(tables, "gpt-3").flop.middle, chips, GUESSED_RATE))
    rate = number("mt-nlg.throughput_per_chip.smith2022mtnlg-3") * 6 / 8
    other = number("gpt-3.throughput_per_chip.patterson2021")
    peak, other_peak = (best_number(tables, chip, "peak_flop_per_s") for chip in ("a100", "v100"))
    share, other_share = rate / peak, other / other_peak
    return {
        "two_rivals": {"a": number("megatron-1t.chip_count.narayanan2021") / own, "low": low, "high": high},
        "hundred_times": {"rate": GUESSED_RATE / 1e12, "chips": chips, "days": time_s / SECOND_PER_DAY},
        "like_for_like": {"rate": rate / 1e12, "share": share, "other": other / 1e12, "other_share": other_share},
        "never_trained": {"saved": number("m6-1t.claimed_saving.wang2021whale")},
        "two_baselines": {"share": number("m6.claimed_energy_ratio.zdnet2021alibaba")},
    }


def _at_most(tables: Tables) -> dict[str, float]:
    """Chips times days times peak: no run does more than its hardware can."""
    peak, gpt3 = best_number(tables, "v100", "peak_flop_per_s"), find_run(tables, "gpt-3").flop.middle
    values = {"gpt3": float(accounting.petaflop_s_day(gpt3))}
    for system_id, mark in (("m6-10t", ""), ("m6-1t", "1")):
        chips, time_s = (best_number(tables, system_id, q) for q in ("chip_count", "training_duration"))
        most = chips * time_s * peak
        values |= {f"n{mark}": chips, f"days{mark}": time_s / SECOND_PER_DAY, f"share{mark}": most / gpt3}
        values[f"pd{mark}"] = float(accounting.petaflop_s_day(most))
    return values


def _of_dates(tables: Tables) -> dict[str, dict[str, float]]:
    names = (
        "gpt-3.paper.brown2020", "pangu-alpha.announced.mindspore2021pangu", "chatgpt.announced.openai2022chatgpt",
        "ernie-bot.announced.mittr2023ernie",
    )  # fmt: skip
    days = [tables.evidence_rows[name]["value"] for name in names] + [tables.published[name] for name in ("004", "003")]
    gpt3, chinese, chatgpt, ernie, claimed, forgotten = map(date.fromisoformat, days)
    return {
        "two_years": {"size": (chinese - gpt3).days, "chat": (ernie - chatgpt).days},
        "largest": {"months": round((forgotten - claimed).days / DAY_PER_MONTH)},
    }
