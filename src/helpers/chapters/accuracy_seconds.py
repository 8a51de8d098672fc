"""Inside the time model: where the predicted seconds of a training step go, and its fitted constants."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from math import inf
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from helpers.chapters.accuracy_tables import WORDS, rounded
from helpers.formulas.accounting import Recompute, duration_s
from helpers.formulas.architecture import Architecture, training_flop_per_sequence
from helpers.formulas.job import Array, Cluster, Job, Layout
from helpers.formulas.validation import choice
from helpers.language import tr
from helpers.rows import read_rows
from helpers.timing.calibration import CONSTANTS_FILE, DEVIATIONS, PRIORS, SLOWDOWN_PRIORS, constants
from helpers.timing.performance import peak_flop_per_s, slowdown, step_items_s, step_s
from helpers.timing.published_runs import Observation
from helpers.timing.runs import job_of

MEANINGS, FACTORS, ITEMS = (WORDS[name] for name in ("meanings", "factors", "items"))
SECONDS_PARTS, EXAMPLES = WORDS["parts"], WORDS["examples"]
Part = TypeVar("Part", Cluster, Layout)


def by_hand_table(o: Observation) -> pd.DataFrame:
    """The seconds of one run's step: each item, their sum, and with the factor of stragglers and software.

    Columns: item, how, seconds. Rows are keyed by item of `step_items_s`, then sum and predicted.
    """
    job, k = job_of([o.run]), constants()
    seconds = {name: float(value[0]) for name, value in step_items_s(job, k).items()}
    layout = {name: float(value) for name, value in o.run.layout.items()}
    pipeline, chips = layout["pipeline"], float(job.layout.chips[0])
    words = {
        "m": float(job.layout.micro_batches[0]), "layers": o.run.shape["layers"] / pipeline, "idle": pipeline - 1,
        "pipeline": pipeline, "v": layout["interleave"], "data": layout["data"],
    }  # fmt: skip
    rows = {name: (tr(ITEMS[name][0]), tr(ITEMS[name][1], **words), s) for name, s in seconds.items() if s}
    whole, factor = sum(seconds.values()), float(slowdown(job, k)[0])
    factored = tr("× {factor:.3f} for the software and the slowest of {n:.0f} chips", factor=factor, n=chips)
    rows |= {"sum": (tr("sum"), "", whole), "predicted": (tr("predicted"), factored, whole * factor)}
    return rounded(pd.DataFrame.from_dict(rows, orient="index", columns=["item", "how", "seconds"]))


def seconds_table(found: Sequence[Observation], run_ids: Sequence[str]) -> pd.DataFrame:
    """Where the predicted seconds of some runs go: how many fall away as one obstacle after another is removed.

    First links and network become infinitely fast, then memory; then nobody waits, the pipeline has no bubble, and
    nothing is computed twice. What is left is arithmetic, of which the model's own at peak is the least.

    Columns: run_id, label, part, seconds, share; a row for each run and part. A ParameterProblem names an unknown run.
    """
    by_id, run_ids = {o.run.run_id: o for o in found}, run_ids or EXAMPLES
    for name in run_ids:
        choice("run", name, by_id)
    job = job_of([by_id[name].run for name in run_ids])
    levels, rows = _levels(job), []
    for i, name in enumerate(run_ids):
        left = [float(level[i]) for level in levels]
        lost = [a - b for a, b in pairwise(left)]
        for part, seconds in zip(SECONDS_PARTS, [*lost, left[-1]], strict=True):
            rows.append((name, run_label(by_id[name]), part, seconds, seconds / left[0]))
    return rounded(pd.DataFrame(rows, columns=["run_id", "label", "part", "seconds", "share"]))


def run_label(o: Observation) -> str:
    """A run for readers: 175B on 1024 A100."""
    size = float(o.run.params or Architecture(**o.run.shape).params) / 1e9
    chip = o.run.accelerator.name.split("-")[0].upper()
    return tr("{size:.0f}B on {n:.0f} {chip}", size=size, n=o.run.chips or o.run.layout["data"], chip=chip)


def _levels(job: Job) -> list[Array]:
    """Seconds per step: all of them, then without each of `SECONDS_PARTS` in turn but the last."""
    best = constants()
    ideal = replace(best, reduction_limit_bytes_per_s=inf)
    waits = ("layer_gap_s", "routing_gap_s", "expert_gap_s", "tail_flop", "straggle", "fixed_s")
    none: dict[str, Any] = dict.fromkeys(waits, 0.0)
    calm = replace(ideal, **none, log_slowdown=0 * best.log_slowdown)
    wired = replace(job, cluster=_with(job, job.cluster, link_bytes_per_s=inf, network_bytes_per_s=inf))
    free = replace(wired, cluster=_with(job, wired.cluster, memory_bytes_per_s=inf))
    once = replace(free, layout=_with(job, job.layout, full_recompute=0.0, selective_recompute=0.0))
    model_flop = training_flop_per_sequence(job.architecture, Recompute.NONE) * job.layout.global_batch
    return [
        step_s(job, best),
        step_s(wired, ideal),
        step_s(free, ideal),
        step_s(free, calm),
        step_s(free, calm) - step_items_s(free, calm)["bubble"],
        step_s(once, calm) - step_items_s(once, calm)["bubble"],
        duration_s(model_flop, job.layout.chips, peak_flop_per_s(job)),
    ]


def _with(job: Job, part: Part, **values: float) -> Part:
    """The cluster or the layout of a job with some fields set for all its runs."""
    filled: dict[str, Any] = {name: np.full(len(job.layout.chips), value) for name, value in values.items()}
    return replace(part, **filled)


def constant_table() -> pd.DataFrame:
    """The fitted constants with what was believed before any run; columns: constant, prior, spread before and after.

    Factors by kind of matrix unit and precision are fitted as logarithms and shown as factors.
    """
    kept = {row["constant"]: (float(row["value"]), float(row["spread"])) for row in read_rows(CONSTANTS_FILE)}
    rows = [(tr(MEANINGS[name]), prior.mean, prior.spread, *kept[name]) for name, prior in PRIORS.items()]
    for name, belief in DEVIATIONS.items():
        what, _, kind = name.partition(" ")
        before, after = np.exp([belief.mean, kept[name][0]])
        spreads = before * belief.spread, after * kept[name][1]
        rows.append((tr(FACTORS[what], kind=kind), before, spreads[0], after, spreads[1]))
    return pd.DataFrame(rows, columns=["constant", "prior", "prior_spread", "fitted", "fitted_spread"])


def software_by() -> dict[str, float]:
    """By how much software takes longer than the formula, as a fraction; and how much less two of them take."""
    more = {name: float(np.exp(constants().fitted[f"slowdown {name}"])) - 1 for name in SLOWDOWN_PRIORS}
    fastest = min(share for name, share in more.items() if name.startswith("megatron"))
    return {**more, "fastest_megatron": -fastest, "faster_megascale": -more["megascale"]}
