"""Where the predicted seconds of a training step go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from math import inf

import numpy as np
import pandas as pd

from helpers.chapters.accuracy_tables import rounded
from helpers.formulas.accounting import Recompute, duration_s
from helpers.formulas.architecture import Architecture, training_flop_per_sequence
from helpers.formulas.job import Array, Cluster, Constants, Job, Layout
from helpers.formulas.validation import choice
from helpers.language import later, tr
from helpers.timing.calibration import constants
from helpers.timing.performance import peak_flop_per_s, slowdown, step_items_s, step_s
from helpers.timing.published_runs import Observation
from helpers.timing.runs import job_of

# What the seconds of a step are spent on, in the order in which they are taken away.
SECONDS_PARTS = (
    "network",
    "memory traffic",
    "waits and software",
    "bubble",
    "recomputation",
    "below peak",
    "model at peak",
)

EXAMPLES = (
    "readme-175B-1024", "sc21-1T", "mtnlg-280dgx", "bloom-176B", "llama3-405B-8192-8192",
    "mosaic-a100_80gb-bf16-70b-s2048-n32",
)  # fmt: skip
ITEMS = {  # of `step_items_s`, with what each is
    "forward": (later("forward"), later("{m:.0f} micro-batches through the {layers:.3g} layers of a stage")),
    "backward": (later("backward"), later("the same the other way")),
    "recompute": (later("recomputation"), later("what was not kept is computed a second time")),
    "logits": (later("output layer"), later("a word for each token, and the loss")),
    "send": (later("hand-over"), later("activations to the next stage, for each micro-batch")),
    "bubble": (later("bubble"), later("{idle:.0f} passes of {pipeline:.0f} stages that wait, in {v:.0f} chunks")),
    "exchange": (later("exchange of gradients"), later("what shows of it among {data:.0f} copies")),
    "optimiser": (later("optimiser"), later("memory traffic of its states")),
    "fixed": (later("start and end"), later("of every step")),
}


def by_hand_table(o: Observation) -> pd.DataFrame:
    """The seconds of one run's step: each item, their sum, and with the factor of stragglers and software.

    Columns: item, how, seconds. Rows are keyed by item of `step_items_s`, then sum and predicted.
    """
    job, k = job_of([o.run]), constants()
    seconds = {name: float(value[0]) for name, value in step_items_s(job, k).items()}
    layout = {name: float(value) for name, value in o.run.layout.items()}
    pipeline, chunks = layout["pipeline"], layout["interleave"]
    words = {
        "m": float(job.layout.micro_batches[0]), "layers": o.run.shape["layers"] / pipeline, "idle": pipeline - 1,
        "pipeline": pipeline, "v": chunks, "data": layout["data"],
    }  # fmt: skip
    rows = {name: (tr(ITEMS[name][0]), tr(ITEMS[name][1], **words), s) for name, s in seconds.items() if s}
    factor = float(slowdown(job, k)[0])
    rows["sum"] = (tr("sum"), "", sum(seconds.values()))
    factored = tr(
        "× {factor:.3f} for the software and the slowest of {n:.0f} chips", factor=factor, n=float(job.layout.chips[0])
    )
    rows["predicted"] = (tr("predicted"), factored, rows["sum"][2] * factor)
    return rounded(pd.DataFrame.from_dict(rows, orient="index", columns=["item", "how", "seconds"]))


def seconds_table(found: Sequence[Observation], run_ids: Sequence[str]) -> pd.DataFrame:
    """Where the predicted seconds of some runs go: how many fall away as one obstacle after another is removed.

    First links and network become infinitely fast, then memory; then nobody waits, the pipeline has no bubble,
    and nothing is computed twice. What is left is arithmetic, of which the model's own at peak is the least.

    Returns:
        One row per run and part: run_id, label, part, seconds, share.

    Raises:
        ParameterProblem: no run has this id.
    """
    by_id = {o.run.run_id: o for o in found}
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
    best, o = constants(), job.layout
    ideal = replace(best, reduction_limit_bytes_per_s=inf)
    calm = replace(
        ideal,
        layer_gap_s=0.0,
        routing_gap_s=0.0,
        expert_gap_s=0.0,
        tail_flop=0.0,
        straggle=0.0,
        fixed_s=0.0,
        log_slowdown=0 * best.log_slowdown,
    )
    wired = _with(job, cluster={"link_bytes_per_s": inf, "network_bytes_per_s": inf})
    free = _with(wired, cluster={"memory_bytes_per_s": inf})
    once = _with(free, layout={"full_recompute": 0.0, "selective_recompute": 0.0})
    model_flop = training_flop_per_sequence(job.architecture, Recompute.NONE) * o.global_batch
    return [
        step_s(job, best),
        step_s(wired, ideal),
        step_s(free, ideal),
        step_s(free, calm),
        _without_bubble(free, calm),
        _without_bubble(once, calm),
        duration_s(model_flop, o.chips, peak_flop_per_s(job)),
    ]


def _with(job: Job, cluster: Mapping[str, float] | None = None, layout: Mapping[str, float] | None = None) -> Job:
    """The job with some fields of its cluster or layout set for all its runs."""

    def filled(values: Mapping[str, float] | None) -> dict[str, Array]:
        return {name: np.full(len(job.layout.chips), value) for name, value in (values or {}).items()}

    clusters: Cluster = replace(job.cluster, **filled(cluster))
    layouts: Layout = replace(job.layout, **filled(layout))
    return Job(job.architecture, layouts, clusters)


def _without_bubble(job: Job, k: Constants) -> Array:
    result: Array = step_s(job, k) - step_items_s(job, k)["bubble"]
    return result
