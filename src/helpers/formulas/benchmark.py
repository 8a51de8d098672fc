"""What `make bench` prints of the formulas: accuracy by source beside the peers', and speed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import numpy as np

from helpers.formulas import footprint
from helpers.formulas.accuracy import (
    HeldOut,
    Summary,
    baseline_log_errors,
    half_of_source,
    half_splits,
    is_megatron_class,
    leave_one_source_out,
    relative,
)
from helpers.formulas.architecture import Architecture
from helpers.formulas.calibration import constants, log_errors
from helpers.formulas.closed_form import estimate, stream
from helpers.formulas.hardware import lookup
from helpers.formulas.job import Cluster, Constants, Job, Layout
from helpers.formulas.layout import blocks, find
from helpers.formulas.memory import fits, needed_bytes
from helpers.formulas.performance import step_s
from helpers.formulas.published_runs import Observation, observations
from helpers.formulas.uncertainty import Input, propagate

SHARDED_SOURCE = "llm-foundry"
GPT3 = Architecture(96, 12288, 96, 51200, 2048)
# Measured 2026-11-21 on the 32 Megatron-class runs: median, 90th percentile, worst error in per cent.
PEERS = (
    ("6ND at 40 % MFU", "17.8", "-", "38.8"),
    ("6ND x fitted MFU, held out", "11.7", "32.7", "56.0"),
    ("Narayanan's FLOP x fitted HFU, held out", "9.3", "19.5", "24.0"),
    ("calculon caa4b11", "9.0", "28.0", "31.3"),
    ("calculon, two scalars refitted, held out", "3.9", "9.9", "12.0"),
    ("SimuMax 4dcaae5", "4.2", "13.0", "15.5"),
)
# Configurations per CPU-second, same day.
PEER_SPEEDS = (("calculon", "450-480"), ("llm-analysis", "2,700-3,300"), ("SimuMax", "9-13"))


def accuracy_lines(found: list[Observation] | None = None, splits: int = 50) -> Iterator[str]:
    """Accuracy chapter as text: every run by source, then what was held out, then the peers."""
    found = found or observations()
    yield from run_lines(found)
    yield ""
    head = f"{'held out, per cent':52s} runs median  p90 worst  bias covered half-width"
    yield head
    by_source = leave_one_source_out(found)
    for source, part in by_source.items():
        yield row(f"without {source}"[:52], part)
    yield row("every source left out in turn", HeldOut.join(by_source.values()))
    yield row(f"Megatron-class, {splits} half splits", HeldOut.join(half_splits(found, splits)))
    yield row("  the same, fitted to that half alone", HeldOut.join(half_splits(found, splits, alone=True)))
    yield row("fully sharded (llm-foundry), 10 half splits", HeldOut.join(half_of_source(found, SHARDED_SOURCE)))
    yield ""
    yield "peers on the Megatron-class runs (measured 2026-11-21): median, p90, worst"
    tested = [o for o in found if is_megatron_class(o)]
    trivial = Summary.of(relative(baseline_log_errors(tested)))
    yield f"  6ND at 40 %, computed here: {100 * trivial.median:.1f} {100 * trivial.p90:.1f} {100 * trivial.worst:.1f}"
    for name, *figures in PEERS:
        yield f"  {name}: {' '.join(figures)}"


def run_lines(found: list[Observation]) -> Iterator[str]:
    """Published and predicted seconds per step of every run, by source, with the shipped constants."""
    errors = relative(log_errors(found, constants()))
    yield f"{'run':44s} {'stack':14s} published predicted error %"
    for source in dict.fromkeys(o.source for o in found):
        yield source
        for o, error in zip(found, errors, strict=True):
            if o.source == source:
                predicted = o.step_s * (1 + error)
                yield f"  {o.run.run_id:42s} {o.run.stack:14s} {o.step_s:9.3g} {predicted:9.3g} {100 * error:+7.1f}"


def row(name: str, part: HeldOut) -> str:
    """One line of the held-out table."""
    s, width = part.summary, float(np.median(np.expm1(part.half_width)))
    figures = " ".join(f"{100 * x:6.1f}" for x in (s.median, s.p90, s.worst, s.bias))
    return f"{name:52s} {s.count:4d} {figures} {100 * part.coverage:7.0f} {100 * width:9.1f}"


def speed_lines(rows: int = 1_000_000) -> Iterator[str]:
    """Speed on one core, in CPU seconds, beside a naive loop and the peers."""
    best, job = constants(), random_job(rows)
    seconds = cpu_s(lambda: evaluate(job, best))
    yield f"physics, memory, energy, carbon, cost: {rows / seconds:,.0f} configurations per CPU-second"
    single = Job(GPT3, Layout(1536.0, 1.0, 8.0, 12.0, 16.0), Cluster.of(lookup("A100")))
    loop = cpu_s(lambda: [step_s(single, best) for _ in range(2000)]) / 2000
    yield f"one evaluation of the time: {1e6 * loop:.0f} microseconds; a naive loop: {1 / loop:,.0f} per CPU-second"
    columns = {name: np.full(10 * rows, value) for name, value in CLOSED_FORM.items()}
    total = cpu_s(lambda: sum(float(part["duration_s"][0]) for part in stream(estimate, columns)))
    yield f"closed form, {10 * rows:,} rows in blocks: {total:.2f} s"
    found = find(GPT3, lookup("A100"), 1024, 1536, best)
    search = cpu_s(lambda: find(GPT3, lookup("A100"), 1024, 1536, best))
    yield f"layouts of GPT-3 on 1,024 A100: {found.examined} in {1e3 * search:.0f} ms"
    draws = cpu_s(lambda: propagate(lambda **x: estimate(**x)["duration_s"], RANGES, rows))
    yield f"Monte Carlo, {rows:,} samples: {draws:.2f} s"
    yield "peers, configurations per CPU-second: " + ", ".join(f"{name} {speed}" for name, speed in PEER_SPEEDS)


CLOSED_FORM: dict[str, float] = {
    "params": 175e9,
    "tokens": 300e9,
    "chip_count": 1024.0,
    "peak_flop_per_s": 312e12,
    "utilisation": 0.4,
    "device_power_w": 400.0,
}
RANGES: dict[str, Input] = {**CLOSED_FORM, "tokens": (250e9, 350e9), "utilisation": (0.3, 0.5)}


def cpu_s(function: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    start = time.process_time()
    function()
    return time.process_time() - start


def random_job(rows: int, seed: int = 0) -> Job:
    """GPT-3 in random layouts."""
    rng = np.random.default_rng(seed)
    sizes = {name: rng.choice([1.0, 2.0, 4.0, 8.0], rows) for name in ("tensor", "pipeline", "data", "micro_batch")}
    flags = {name: rng.choice([0.0, 1.0], rows) for name in ("full_recompute", "sequence_parallel", "sharding")}
    return Job(GPT3, Layout(1536.0, **sizes, **flags), Cluster.of(lookup("A100")))


def evaluate(job: Job, best: Constants) -> float:
    """Time, memory, energy, carbon and cost of every row, in blocks; the cheapest that fits."""
    cheapest = float("inf")
    for piece in blocks(job):
        seconds = step_s(piece, best)
        chips = piece.layout.chips
        kwh = footprint.energy_kwh(footprint.energy_j(chips, seconds, 400.0, 1.1, 1.1))
        footprint.carbon_kg(kwh, 0.429)
        needed_bytes(piece)
        cost = np.where(fits(piece), footprint.rent(chips, seconds, 2.0), np.inf)
        cheapest = min(cheapest, float(cost.min()))
    return cheapest


if __name__ == "__main__":
    for line in (*accuracy_lines(), "", *speed_lines()):
        print(line)
