"""What "computing efficiency" could mean, and the share of the peak rate that two runs used."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from helpers.formulas import accounting
from helpers.formulas.accounting import Convention
from helpers.language import tr
from helpers.ledger.evidence import best
from helpers.ledger.system_runs import PublishedRun
from helpers.ledger.tables import Tables

ASSUMED_CHIP = "v100-sxm2-32gb"  # of the reference run, as its estimate assumes


class ShareOfPeak(NamedTuple):
    """Share of the peak rate that a run used, as a fraction: as its source prints it, and on 6·N·D."""

    printed: float
    on_6nd: float


def utilisations(tables: Tables, first: PublishedRun, second: PublishedRun) -> tuple[ShareOfPeak, ShareOfPeak]:
    """Utilisation of both runs: the first's counts hardware FLOP and is converted, the second's is an estimated rate
    over the peak of the chip that the estimate assumes.

    Raises:
        KeyError: a source is not in the tables.
    """
    ours = float(best(tables, first.system_id, "utilisation", "wu2021yuan")["number"])
    theirs = float(best(tables, second.system_id, "utilisation", "chowdhery2022")["number"])
    rate = float(best(tables, second.system_id, "throughput_per_chip", "patterson2021")["number"])
    peak = float(tables["hardware"].set_index("accelerator_id").loc[ASSUMED_CHIP, "peak_fp16_flop_per_s"])
    return ShareOfPeak(ours, on_6nd(ours, first)), ShareOfPeak(theirs, rate / peak)


def on_6nd(hardware_share: float, run: PublishedRun) -> float:
    """A utilisation that counts what the run's published compute counts, on 6·N·D."""
    return hardware_share * 6 / run.implied_middle


def efficiency_readings(
    first: PublishedRun, second: PublishedRun, first_use: ShareOfPeak, second_use: ShareOfPeak
) -> pd.DataFrame:
    """What "computing efficiency" could mean, each reading for both runs; `gain` > 1 favours the first.

    Args:
        first_use, second_use: the share of peak that each used.
    """

    def per_day(run: PublishedRun, flop: float) -> float:
        return run.params.middle / float(accounting.petaflop_s_day(flop))

    model = [run.flop_as(Convention.MODEL_6ND) for run in (first, second)]
    readings = [
        (
            tr("Parameters per PD, as printed"),
            per_day(first, first.flop.middle),
            per_day(second, second.flop.middle),
            1,
            tr("mixes two conventions"),
        ),
        (
            tr("Parameters per PD, both on 6ND"),
            per_day(first, model[0]),
            per_day(second, model[1]),
            1,
            tr("fewer tokens per parameter"),
        ),
        (tr("FLOP per parameter and token"), first.implied_middle, second.implied_middle, -1, tr("what is counted")),
        (tr("Share of peak used, as printed"), first_use.printed, second_use.printed, 1, tr("mixes two conventions")),
        (
            tr("Share of peak used, both on 6ND"),
            first_use.on_6nd,
            second_use.on_6nd,
            1,
            tr("hardware and software, if the chips are as assumed"),
        ),
    ]
    frame = pd.DataFrame(readings, columns=["reading", "first", "second", "sign", "means"])
    return frame.assign(gain=(frame["first"] / frame["second"]) ** frame["sign"]).drop(columns="sign")
