"""What the same figures also show: findings that no article prints, each a sentence with its numbers worked out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd

from helpers.constants import SECOND_PER_DAY
from helpers.formulas import accounting
from helpers.language import tr
from helpers.ledger.evidence import best
from helpers.ledger.system_runs import find_run
from helpers.ledger.tables import Tables
from helpers.structured import read_toml

TPU_IN_GPUS = (2.0, 3.0)  # as article 004 prints it
COUNTED = (("m6-1t", "yang2021m6t"), ("megatron-1t", "narayanan2021"))
TEXTS: dict[str, str] = read_toml(Path(__file__).with_name("findings.toml"))
GUESSED_RATE = 2.733e13  # FLOP/s: the digits that article 002 prints, a hundred times as much


def findings(tables: Tables) -> pd.DataFrame:
    """One finding a row, in the order in which they matter; column `finding`."""
    return pd.DataFrame({"finding": [tr(text, **VALUES[name](tables)) for name, text in TEXTS.items()]})


def _number(tables: Tables, evidence_id: str) -> float:
    return float(tables.evidence_rows[evidence_id]["number"])


def _two_rivals(tables: Tables) -> dict[str, float]:
    own, nvidia = (_number(tables, f"{name}.chip_count.{source}") for name, source in COUNTED)
    low, high = (_number(tables, "switch-c.core_count.yang2021m6t") * tpu / own for tpu in TPU_IN_GPUS)
    return {"a": nvidia / own, "low": low, "high": high}


def _at_most(tables: Tables) -> dict[str, float]:
    """Chips times days times peak: no run does more than its hardware can."""
    peak, gpt3 = best(tables, "v100", "peak_flop_per_s")["number"], find_run(tables, "gpt-3").flop.middle
    values = {"gpt3": accounting.petaflop_s_day(gpt3)}
    for system_id, mark in (("m6-10t", ""), ("m6-1t", "1")):
        chips, time_s = (best(tables, system_id, q)["number"] for q in ("chip_count", "training_duration"))
        most = float(chips * time_s * peak)
        told = {
            "n": chips,
            "days": time_s / SECOND_PER_DAY,
            "pd": accounting.petaflop_s_day(most),
            "share": most / gpt3,
        }
        values |= {f"{name}{mark}": value for name, value in told.items()}
    return values


def _hundred_times(tables: Tables) -> dict[str, float]:
    chips = _number(tables, "gpt-3.chip_count.microsoft2020supercomputer")
    days = float(accounting.duration_s(find_run(tables, "gpt-3").flop.middle, chips, GUESSED_RATE)) / SECOND_PER_DAY
    return {"rate": GUESSED_RATE / 1e12, "chips": chips, "days": days}


def _like_for_like(tables: Tables) -> dict[str, float]:
    rate = _number(tables, "mt-nlg.throughput_per_chip.smith2022mtnlg-3") * 6 / 8
    other = _number(tables, "gpt-3.throughput_per_chip.patterson2021")
    a100, v100 = (float(best(tables, chip, "peak_flop_per_s")["number"]) for chip in ("a100", "v100"))
    return {"rate": rate / 1e12, "share": rate / a100, "other": other / 1e12, "other_share": other / v100}


def _never_trained(tables: Tables) -> dict[str, float]:
    return {"saved": _number(tables, "m6-1t.claimed_saving.wang2021whale")}


def _two_years(tables: Tables) -> dict[str, float]:
    names = ("gpt-3.paper.brown2020", "pangu-alpha.announced.mindspore2021pangu")
    first, second = (date.fromisoformat(tables.evidence_rows[name]["value"]) for name in names)
    return {"size": (second - first).days}


def _largest(tables: Tables) -> dict[str, float]:
    claimed, forgotten = (date.fromisoformat(tables.published[article]) for article in ("004", "003"))
    return {"months": round((forgotten - claimed).days / 30.44)}


VALUES: dict[str, Callable[[Tables], dict[str, float]]] = {
    "two_rivals": _two_rivals, "at_most": _at_most, "hundred_times": _hundred_times, "like_for_like": _like_for_like,
    "never_trained": _never_trained, "two_years": _two_years, "largest": _largest,
}  # fmt: skip
