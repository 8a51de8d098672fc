"""What the same figures also show: findings that no article prints, each a sentence with its numbers worked out."""

from __future__ import annotations

from datetime import date

import pandas as pd

from helpers.constants import SECOND_PER_DAY
from helpers.formulas import accounting
from helpers.language import tr
from helpers.ledger.evidence import best
from helpers.ledger.system_runs import find_run
from helpers.ledger.tables import Tables

TPU_IN_GPUS = (2.0, 3.0)  # as article 004 prints it
GUESSED_RATE = 2.733e13  # FLOP/s: the digits that article 002 prints, a hundred times as much


def findings(tables: Tables) -> pd.DataFrame:
    """One finding a row, in the order in which they matter; column `finding`."""
    told = (_two_rivals, _at_most, _hundred_times, _like_for_like, _never_trained, _two_years, _largest)
    return pd.DataFrame({"finding": [tell(tables) for tell in told]})


def _number(tables: Tables, evidence_id: str) -> float:
    return float(tables.evidence_rows[evidence_id]["number"])


def _two_rivals(tables: Tables) -> str:
    own, nvidia, google = (
        _number(tables, name)
        for name in ("m6-1t.chip_count.yang2021m6t", "megatron-1t.chip_count.narayanan2021", "switch-c.core_count.yang2021m6t")
    )  # fmt: skip
    low, high = (google * tpu / own for tpu in TPU_IN_GPUS)
    return tr(
        "One \"nearly 11 times\" is printed against two rivals. By the article's own rule, a TPU as two to three GPUs, it would be {a:.1f} against NVIDIA and {low:.1f} to {high:.1f} against Google.",
        a=nvidia / own, low=low, high=high,
    )  # fmt: skip


def _at_most(tables: Tables) -> str:
    """Chips times days times peak: no run does more than its hardware can."""
    peak, gpt3 = best(tables, "v100", "peak_flop_per_s")["number"], find_run(tables, "gpt-3").flop.middle
    runs = []
    for system_id in ("m6-10t", "m6-1t"):
        chips, time_s = (best(tables, system_id, q)["number"] for q in ("chip_count", "training_duration"))
        runs.append((chips, time_s / SECOND_PER_DAY, float(chips * time_s * peak)))
    (n, days, most), (n1, days1, most1) = runs
    return tr(
        "M6's machines set an upper bound: {n:.0f} V100 at full peak for {days:.0f} days do {pd:.0f} PD, {share:.0%} of GPT-3's {gpt3:.0f}; {n1:.0f} for {days1:.0f} days do {pd1:.0f}, {share1:.0%}.",
        n=n, days=days, pd=accounting.petaflop_s_day(most), share=most / gpt3, gpt3=accounting.petaflop_s_day(gpt3),
        n1=n1, days1=days1, pd1=accounting.petaflop_s_day(most1), share1=most1 / gpt3,
    )  # fmt: skip


def _hundred_times(tables: Tables) -> str:
    chips = _number(tables, "gpt-3.chip_count.microsoft2020supercomputer")
    days = float(accounting.duration_s(find_run(tables, "gpt-3").flop.middle, chips, GUESSED_RATE)) / SECOND_PER_DAY
    return tr(
        "The 273.3 billion operations a second printed for GPT-3's GPUs are best explained as {rate:.2f} trillion, a hundred times as many: {chips:,.0f} V100 would then have taken {days:.1f} days.",
        rate=GUESSED_RATE / 1e12, chips=chips, days=days,
    )  # fmt: skip


def _like_for_like(tables: Tables) -> str:
    rate = _number(tables, "mt-nlg.throughput_per_chip.smith2022mtnlg-3") * 6 / 8
    other = _number(tables, "gpt-3.throughput_per_chip.patterson2021")
    peaks = [float(best(tables, chip, "peak_flop_per_s")["number"]) for chip in ("a100", "v100")]
    return tr(
        "MT-NLG's 113 TFLOP/s count the second forward pass. Without it they are {rate:.0f}, {share:.0%} of an A100's peak, beside an estimated {other:.1f}, {other_share:.1%} of a V100's, for GPT-3.",
        rate=rate / 1e12, share=rate / peaks[0], other=other / 1e12, other_share=other / peaks[1],
    )  # fmt: skip


def _never_trained(tables: Tables) -> str:
    saved = _number(tables, "m6-1t.claimed_saving.wang2021whale")
    return tr(
        "M6's \"{saved:.0%}\" is two things in its makers' own words, energy in one place and computing resources in another. NVIDIA's model, with which it is compared, was timed and never trained, so that there is no energy of it to save from.",
        saved=saved,
    )  # fmt: skip


def _two_years(tables: Tables) -> str:
    def day(evidence_id: str) -> date:
        return date.fromisoformat(tables.evidence_rows[evidence_id]["value"])

    size = day("pangu-alpha.announced.mindspore2021pangu") - day("gpt-3.paper.brown2020")
    return tr(
        "\"About two years ahead\" can be measured: the first Chinese dense model of GPT-3's size, PanGu-alpha, came {size} days after it.",
        size=size.days,
    )  # fmt: skip


def _largest(tables: Tables) -> str:
    claimed, forgotten = (date.fromisoformat(tables.published[article]) for article in ("004", "003"))
    return tr(
        "The expert billed as one of DAMO Academy's calls GPT-3 the largest model and puts Alibaba's in the class of hundreds of billions, {months} months after DAMO Academy announced ten trillion.",
        months=round((forgotten - claimed).days / 30.44),
    )  # fmt: skip
