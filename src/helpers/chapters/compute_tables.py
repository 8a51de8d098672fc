"""Two runs side by side: the same accounting for both, what "efficiency" could mean, and the pace of a chip."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from helpers.constants import SECOND_PER_DAY
from helpers.formulas import accounting
from helpers.formulas.accounting import Convention, Recompute
from helpers.formulas.architecture import (
    Architecture,
    forward_flop_items,
    korthikanti_model_flop,
    narayanan_flop_per_iteration,
    palm_flop_per_token,
    training_flop_per_sequence,
)
from helpers.formulas.hardware import sheet
from helpers.language import later, tr
from helpers.ledger.evidence import best
from helpers.ledger.system_runs import PublishedRun
from helpers.ledger.tables import Tables

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
        a, b = (float(accounting.petaflop_s_day(run.flop_in(c))) for run in (first, second))
        published = ", ".join(run.name for run in (first, second) if run.published_as(c)) or tr("neither")
        rows.append((c.value, tr(CONVENTION_WORDS[c]), a, b, published, a / b))
    return pd.DataFrame(rows, columns=["convention", "words", "first_pfday", "second_pfday", "published", "ratio"])


def passes(first: PublishedRun, second: PublishedRun) -> pd.DataFrame:
    """The work of both runs by pass through the model, rebuilt from parameters and tokens.

    Columns: system, step, pfday, counted (whether the published figure holds it). Rows are keyed by system_id and
    pass: forward, backward, again.
    """
    rows, keys = [], []
    for run in (first, second):
        unit = float(accounting.petaflop_s_day(run.flop_as(Convention.MODEL_6ND))) / 3  # 2 FLOP of the 6
        again = Convention.RECOMPUTE_8ND in run.conventions()
        rows += [
            (run.name, tr("forward pass"), unit, True),
            (run.name, tr("backward pass"), 2 * unit, True),
            (run.name, tr("second forward pass"), unit, again),
        ]
        keys += [(run.system_id, step) for step in ("forward", "backward", "again")]
    index = pd.MultiIndex.from_tuples(keys)
    return pd.DataFrame(rows, columns=["system", "step", "pfday", "counted"], index=index)


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
        return float(seconds / SECOND_PER_DAY)


def pace(tables: Tables, run: PublishedRun, days: float, accelerator: str) -> Pace:
    """The pace of a published run.

    Args:
        days: training time, days, above 0.
        accelerator: a chip as people name it; its dense FP16 peak counts.

    Raises:
        InputError: the accelerator is not known.
        ValueError: days is not positive.
    """
    hardware = tables["hardware"].set_index("accelerator_id")
    if not days > 0:
        raise ValueError(f"days: {days} is not above 0")
    row = hardware.loc[sheet(accelerator)["accelerator_id"]]
    chips = float(best(tables, run.system_id, "chip_count")["value"])
    peak = float(row["peak_fp16_flop_per_s"])
    return Pace(run.flop.middle, chips, days * SECOND_PER_DAY, peak, str(row["name"]))


def forward_items(model: Architecture) -> pd.DataFrame:
    """FLOP that one token costs on the way forward, item by item. Columns: item, flop_per_token, share."""
    items = {name: flop / model.seq_len for name, flop in forward_flop_items(model).items() if flop}
    whole = sum(items.values())
    return pd.DataFrame(
        [(name, flop, flop / whole) for name, flop in items.items()], columns=["item", "flop_per_token", "share"]
    )


def counted_ways(run: PublishedRun, model: Architecture) -> pd.DataFrame:
    """One training counted item by item, by the short rule, and by the formulas of three papers.

    Columns: way, counts, flop_per_token, pfday, difference (from the items that count the same passes, as a fraction).
    """
    s, size = model.seq_len, (1, model.seq_len, model.layers, model.hidden, model.vocab)
    items = {again: training_flop_per_sequence(model, again) / s for again in (Recompute.NONE, Recompute.FULL)}
    by_rule = {c: run.flop_as(c) / run.tokens.middle for c in (Convention.MODEL_6ND, Convention.RECOMPUTE_8ND)}
    by_palm = palm_flop_per_token(run.params.middle, model.layers, model.heads, model.hidden / model.heads, s)
    once, twice = tr("forward and backward"), tr("and a second forward pass")
    ways = [
        (tr("item by item"), once, items[Recompute.NONE]),
        ("6·N·D", once, by_rule[Convention.MODEL_6ND]),
        ("Chowdhery et al. 2022, B", once, by_palm),
        ("Korthikanti et al. 2022, (7)", once, korthikanti_model_flop(*size) / s),
        (tr("item by item"), twice, items[Recompute.FULL]),
        ("8·N·D", twice, by_rule[Convention.RECOMPUTE_8ND]),
        ("Narayanan et al. 2021, (3)", twice, narayanan_flop_per_iteration(*size) / s),
    ]
    frame = pd.DataFrame(ways, columns=["way", "counts", "flop_per_token"])
    frame["pfday"] = accounting.petaflop_s_day(frame["flop_per_token"] * run.tokens.middle)
    base = frame.groupby("counts", sort=False)["flop_per_token"].transform("first")
    return frame.assign(difference=(frame["flop_per_token"] / base - 1).round(6))
