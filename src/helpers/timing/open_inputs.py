"""What a run's row leaves open, and what that does to its predicted time.

An input that is not stated takes its usual value; here the other values it may well have had are tried too,
each with its chance. Their effect moves the middle of the prediction to where the chances balance, and widens
its interval: not at all where the input hardly matters, much where it decides. The memory estimate says how
likely recomputation is, but never rules anything out: runs that were published have not fitted it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from helpers.formulas.job import Array, Constants, Job
from helpers.formulas.memory import needed_bytes, stage_layers
from helpers.timing.performance import step_s
from helpers.timing.runs import Run

OPEN = ("recompute", "interleave", "micro_batch", "global_batch", "graphs", "flash_attention")
OTHER_SHARE = 0.3  # chance that an input has not its usual value
INTERLEAVES = (1.0, 2.0, 4.0, 8.0)
MICRO_BATCHES = (1.0, 2.0, 4.0, 8.0)
SLOW_NETWORK = 0.5  # of the usual server's network: clouds and older clusters (arXiv:2303.17564, 2211.05100)
LEAST_FULL, MOST_FULL = 0.05, 0.6  # chance of recomputing all, with room to spare and far beyond it
TIGHT, MEMORY_ERROR = 0.5, 0.15  # log of needed over given memory at which the chance is between, and its spread


@dataclass(frozen=True)
class Alternative:
    """Another value of one open input, for the runs where it is open."""

    rows: NDArray[np.intp]  # places of those runs
    weight: Array  # its chance in each
    job: Job  # those runs with the other value


def alternatives(runs: Sequence[Run], job: Job) -> list[Alternative]:
    """Other values of all open inputs."""
    opened = {name: np.array([name in run.assumed for run in runs]) for name in OPEN}
    found = [_alternative(job, opened[name] & (chance > 0), chance, change) for name, change, chance in variants(job)]
    open_network = np.array([run.network_bytes_per_s is None for run in runs])
    slow = replace(job.cluster, network_bytes_per_s=SLOW_NETWORK * job.cluster.network_bytes_per_s)
    found.append(_alternative(replace(job, cluster=slow), open_network, np.full(len(runs), OTHER_SHARE), {}))
    return [alternative for alternative in found if len(alternative.rows)]


def _alternative(job: Job, chosen: NDArray[np.bool_], weight: Array, change: dict[str, Array]) -> Alternative:
    rows = np.flatnonzero(chosen)
    return Alternative(rows, weight[rows], replace(job, layout=replace(job.layout, **change)).part(rows))


def variants(job: Job) -> Iterator[tuple[str, dict[str, Array], Array]]:
    """Values that inputs may have had beside their usual one: the row's column, the changed fields, the chance.

    One to eight chunks a stage, as many as it has layers, and sequences, as many as a device has; half and twice the
    batch; launches of which a graph records none or all; attention fused or not.
    """
    o, layers = job.layout, stage_layers(job)
    same = np.zeros(len(layers))
    for change, chance in recompute_values(job):
        yield "recompute", change, chance
    for chunks in INTERLEAVES:
        wanted = (o.pipeline > 1) & (chunks != o.interleave) & (chunks <= layers) & (o.micro_batches >= o.pipeline)
        yield "interleave", {"interleave": chunks + same}, wanted * OTHER_SHARE / len(INTERLEAVES)
    for size in MICRO_BATCHES:
        divides = (size != o.micro_batch) & (o.global_batch % (o.data * size) == 0)
        yield "micro_batch", {"micro_batch": size + same}, divides * OTHER_SHARE / len(MICRO_BATCHES)
    for factor in (0.5, 2.0):
        whole = (o.global_batch * factor) % (o.data * o.micro_batch) == 0
        yield "global_batch", {"global_batch": o.global_batch * factor}, whole * OTHER_SHARE / 2
    for recorded in (0.0, 2.0):
        yield "graphs", {"graphs": recorded + same}, (o.graphs != recorded) * OTHER_SHARE / 2
    yield "flash_attention", {"flash_attention": 1 - o.flash_attention}, 1 + same


def recompute_values(job: Job) -> Iterator[tuple[dict[str, Array], Array]]:
    """All layers, or none; how likely the first is follows from how far the job is beyond the memory without."""
    o = job.layout
    none = {"full_recompute": 0 * o.full_recompute, "selective_recompute": 0 * o.full_recompute}
    room = np.log(needed_bytes(replace(job, layout=replace(o, **none))) / job.cluster.memory_bytes)
    chance = LEAST_FULL + (MOST_FULL - LEAST_FULL) / (1 + np.exp(-(room - TIGHT) / MEMORY_ERROR))
    fused = o.flash_attention > 0
    full = np.where(fused, chance, 1 - OTHER_SHARE)
    yield {**none, "full_recompute": 1 + 0 * o.full_recompute}, full * (o.full_recompute == 0)
    yield none, (1 - full) * (o.full_recompute > 0)


def open_effect(found: Sequence[Alternative], usual_log_s: Array, constants: Constants) -> tuple[Array, Array]:
    """What open inputs do to log time: the shift of its middle, and the variance about it."""
    mean, square = np.zeros((2, len(usual_log_s)))
    for other in found:
        moved = np.log(step_s(other.job, constants)) - usual_log_s[other.rows]
        np.add.at(mean, other.rows, other.weight * moved)
        np.add.at(square, other.rows, other.weight * moved**2 - (other.weight * moved) ** 2)
    return mean, np.maximum(square, 0)
