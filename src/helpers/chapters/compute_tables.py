"""Two runs side by side: the same accounting for both, what "efficiency" could mean, the pace and use of a chip."""

from typing import NamedTuple

import pandas as pd

from helpers.constants import SECOND_PER_DAY
from helpers.formulas import accounting, architecture
from helpers.formulas.accounting import Convention, Recompute
from helpers.formulas.architecture import Architecture
from helpers.formulas.hardware import lookup, sheet
from helpers.language import later, tr
from helpers.ledger.evidence import best_number
from helpers.ledger.system_runs import PublishedRun
from helpers.ledger.tables import Tables

ASSUMED_CHIP = "v100-sxm2-32gb"  # of the reference run, as its estimate assumes
CONVENTION_WORDS = {
    Convention.MODEL_6ND: later("6·N·D: forward and backward pass"),
    Convention.RECOMPUTE_8ND: later("8·N·D: and a second forward pass (recomputation)"),
    Convention.MODEL_ATTENTION: later("6·N·D with attention"),
    Convention.RECOMPUTE_ATTENTION: later("8·N·D with attention"),
}


def like_for_like(first: PublishedRun, second: PublishedRun) -> pd.DataFrame:
    """Both runs in each convention that both can be computed in, in petaFLOP/s-days.

    A published figure stands where it is in that convention; the others are rebuilt from parameters and
    tokens. Columns: convention, words, first_pfday, second_pfday, published (which of them is), ratio.
    """
    rows = []
    for c in (c for c in first.coefficients() if c in second.coefficients()):
        flop = [run.flop.middle if run.convention is c else run.flop_as(c) for run in (first, second)]
        a, b = map(float, map(accounting.petaflop_s_day, flop))
        published = ", ".join(run.name for run in (first, second) if run.convention is c) or tr("neither")
        rows.append((c.value, tr(CONVENTION_WORDS[c]), a, b, published, a / b))
    return pd.DataFrame(rows, columns=["convention", "words", "first_pfday", "second_pfday", "published", "ratio"])


def passes(first: PublishedRun, second: PublishedRun) -> pd.DataFrame:
    """The work of both runs by pass through the model, rebuilt from parameters and tokens.

    Columns: system, step, pfday, counted (whether the published figure holds it). Rows are keyed by system_id and
    pass: forward, backward, again.
    """
    names = {"forward": tr("forward pass"), "backward": tr("backward pass"), "again": tr("second forward pass")}
    rows = {}
    for run in (first, second):
        unit = float(accounting.petaflop_s_day(run.flop_as(Convention.MODEL_6ND))) / 3  # 2 FLOP of the 6
        for step, name in names.items():
            counted = step != "again" or Convention.RECOMPUTE_8ND in run.conventions()
            rows[run.system_id, step] = (run.name, name, unit * (1 + (step == "backward")), counted)
    index = pd.MultiIndex.from_tuples(rows)
    return pd.DataFrame(list(rows.values()), columns=["system", "step", "pfday", "counted"], index=index)


def implied_table(runs: list[PublishedRun]) -> pd.DataFrame:
    """k = C/(N·D) of each run, the conventions that fit within printed precision, and what the source says of it."""
    rows = []
    for run in runs:
        sizes = run.params.middle, run.tokens.middle, run.flop.middle
        k = run.implied_middle, run.implied.low, run.implied.high
        fits = ", ".join(c.value for c in run.conventions()) or "none"
        rows.append((run.system_id, run.name, *sizes, *k, fits, run.counts))
    columns = ["system_id", "system", "params", "tokens", "training_flop", "k", "k_low", "k_high", "fits", "counts"]
    return pd.DataFrame(rows, columns=columns)


def tokens_for_equal_compute(first: PublishedRun, second: PublishedRun) -> float:
    """Tokens at which the first run would need as much 6·N·D compute as the second: where the answer flips."""
    return float(accounting.tokens_trained(second.flop_as(Convention.MODEL_6ND), first.params.middle, 6))


class Pace(NamedTuple):
    """A run's published compute spread over its chips and days; rates of one chip in FLOP/s, counted as published."""

    pfday: float
    chip_count: float
    flop_per_s_per_chip: float
    peak_flop_per_s: float
    share_of_peak: float
    accelerator: str


def pace(tables: Tables, run: PublishedRun, days: float, accelerator: str) -> Pace:
    """The pace of a published run over its days (above 0) on a known chip as people name it, at its dense FP16 peak."""
    used, chips = sheet(accelerator), best_number(tables, run.system_id, "chip_count")
    peak = float(used["peak_fp16_flop_per_s"])  # all that is asked of it: its memory need not be known
    rate = float(accounting.flop_per_s_per_chip(run.flop.middle, chips, days * SECOND_PER_DAY))
    share = float(accounting.utilisation(rate, peak))
    return Pace(float(accounting.petaflop_s_day(run.flop.middle)), chips, rate, peak, share, used["name"])


def forward_items(model: Architecture) -> pd.DataFrame:
    """FLOP that one token costs on the way forward, item by item. Columns: item, flop_per_token, share."""
    items = {name: flop / model.seq_len for name, flop in architecture.forward_flop_items(model).items() if flop}
    frame = pd.DataFrame({"item": items.keys(), "flop_per_token": items.values()})
    return frame.assign(share=frame["flop_per_token"] / sum(items.values()))


def counted_ways(run: PublishedRun, model: Architecture) -> pd.DataFrame:
    """One training counted item by item, by the short rule, and by the formulas of three papers.

    Columns: way, counts, flop_per_token, pfday, difference (from the items that count the same passes, as a fraction).
    """
    s, size = model.seq_len, (1, model.seq_len, model.layers, model.hidden, model.vocab)
    by_item, head_dim = architecture.training_flop_per_sequence, model.hidden / model.heads
    by_rule = {c: run.flop_as(c) / run.tokens.middle for c in (Convention.MODEL_6ND, Convention.RECOMPUTE_8ND)}
    by_palm = architecture.palm_flop_per_token(run.params.middle, model.layers, model.heads, head_dim, s)
    once, twice = tr("forward and backward"), tr("and a second forward pass")
    ways = [
        (tr("item by item"), once, by_item(model) / s),
        ("6·N·D", once, by_rule[Convention.MODEL_6ND]),
        ("Chowdhery et al. 2022, B", once, by_palm),
        ("Korthikanti et al. 2022, (7)", once, architecture.korthikanti_model_flop(*size) / s),
        (tr("item by item"), twice, by_item(model, Recompute.FULL) / s),
        ("8·N·D", twice, by_rule[Convention.RECOMPUTE_8ND]),
        ("Narayanan et al. 2021, (3)", twice, architecture.narayanan_flop_per_iteration(*size) / s),
    ]
    frame = pd.DataFrame(ways, columns=["way", "counts", "flop_per_token"])
    frame["pfday"] = accounting.petaflop_s_day(frame["flop_per_token"] * run.tokens.middle)
    base = frame.groupby("counts", sort=False)["flop_per_token"].transform("first")
    return frame.assign(difference=(frame["flop_per_token"] / base - 1).round(6))


class ShareOfPeak(NamedTuple):
    """Share of the peak rate that a run used, as a fraction: as its source prints it, and on 6·N·D."""

    printed: float
    on_6nd: float


def utilisations(tables: Tables, first: PublishedRun, second: PublishedRun) -> tuple[ShareOfPeak, ShareOfPeak]:
    """Utilisation of both runs: the first's counts hardware FLOP and is converted, the second's is an estimated rate
    over the peak of the chip that the estimate assumes. A KeyError, where a source is not in the tables.
    """
    ours = best_number(tables, first.system_id, "utilisation", "wu2021yuan")
    theirs = best_number(tables, second.system_id, "utilisation", "chowdhery2022")
    rate = best_number(tables, second.system_id, "throughput_per_chip", "patterson2021")
    on_6 = rate / lookup(ASSUMED_CHIP).peak_flop_per_s
    return ShareOfPeak(ours, on_6nd(ours, first)), ShareOfPeak(theirs, on_6)


def on_6nd(hardware_share: float, run: PublishedRun) -> float:
    """A utilisation that counts what the run's published compute counts, on 6·N·D."""
    return hardware_share * 6 / run.implied_middle


def efficiency_readings(first: PublishedRun, second: PublishedRun, *used: ShareOfPeak) -> pd.DataFrame:
    """What "computing efficiency" could mean, each reading for both runs, which used these shares of their peak;
    `gain` > 1 favours the first.
    """
    runs = first, second

    def per_day(flop: list[float]) -> list[float]:
        return [r.params.middle / float(accounting.petaflop_s_day(f)) for r, f in zip(runs, flop, strict=True)]

    printed, alike = ([r.flop.middle for r in runs], [r.flop_as(Convention.MODEL_6ND) for r in runs])
    equal = tr("hardware and software, if the chips are as assumed")
    mixed = tr("mixes two conventions")
    readings = [
        (tr("Parameters per PD, as printed"), *per_day(printed), 1, mixed),
        (tr("Parameters per PD, both on 6ND"), *per_day(alike), 1, tr("fewer tokens per parameter")),
        (tr("FLOP per parameter and token"), *(r.implied_middle for r in runs), -1, tr("what is counted")),
        (tr("Share of peak used, as printed"), *(share.printed for share in used), 1, mixed),
        (tr("Share of peak used, both on 6ND"), *(share.on_6nd for share in used), 1, equal),
    ]
    frame = pd.DataFrame(readings, columns=["reading", "first", "second", "sign", "means"])
    return frame.assign(gain=(frame["first"] / frame["second"]) ** frame["sign"]).drop(columns="sign")
