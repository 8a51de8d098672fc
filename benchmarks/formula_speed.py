"""What `make bench` prints of the formulas' speed on one core, beside the goals, a naive loop and the peers."""

import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator

import numpy as np

from helpers.formulas import footprint
from helpers.formulas.accounting import Value
from helpers.formulas.architecture import Architecture
from helpers.formulas.hardware import lookup
from helpers.formulas.job import Cluster, Constants, Job, Layout
from helpers.formulas.memory import needed_bytes
from helpers.formulas.uncertainty import SolvedFigure, sample, summarise
from helpers.paths import PROJECT
from helpers.scenarios import solving
from helpers.timing.calibration import constants
from helpers.timing.layouts import LayoutSearch, blocks, find_layouts
from helpers.timing.performance import step_s

BLOCK = 16_384  # rows of the closed form at once: a handful of columns stay in the processor's cache
GPT3 = Architecture(96, 12288, 96, 51200, 2048)
# Measured 2026-11-21 on another machine: configurations per CPU-second, and seconds to import.
PEERS = (
    ("calculon caa4b11, logging off", "450-480", "0.39"),
    ("calculon caa4b11, its own search", "65", "0.39"),
    ("llm-analysis d841e40", "2,700-3,300", "0.4"),
    ("LLMCarbon", "16,000-18,000", "0.06"),
    ("SimuMax 4dcaae5", "9-13", "1.1"),
)
PEER_SEARCH = "calculon's smallest sensible search took 438 CPU-seconds and chose 62 % MFU, above any published run"
PLAN = ("plan", "--params", "175e9", "--tokens", "300e9", "--accelerator", "A100", "--count", "1024")
CLOSED_FORM: dict[str, float] = {
    "params": 175e9,
    "tokens": 300e9,
    "count": 1024.0,
    "peak_flop_per_s": 312e12,
    "utilisation": 0.4,
    "device_power_w": 400.0,
}
RANGES = {"tokens": (250e9, 350e9), "utilisation": (0.3, 0.5)}


def speed_lines(rows: int = 1_000_000, processes: int = 5) -> Iterator[str]:
    """Speed on one core, in CPU seconds; start-up of whole processes, in seconds by the clock."""
    best, job = constants(), random_job(rows)
    seconds = cpu_s(lambda: evaluate(job, best))
    yield f"physics, memory, energy, carbon, cost: {rows / seconds:,.0f} configurations per CPU-second (goal 1,000,000)"
    single = Job(GPT3, Layout(1536.0, 1.0, 8.0, 12.0, 16.0), Cluster.of(lookup("A100")))
    loop = min(cpu_s(lambda: [step_s(single, best) for _ in range(200)]) for _ in range(20)) / 200
    yield f"one evaluation of the time: {1e6 * loop:.0f} microseconds (goal 50); a naive loop: {1 / loop:,.0f} per CPU-second"
    yield from closed_form_lines(rows)
    yield from search_lines(rows, best)
    draws = cpu_s(lambda: monte_carlo(rows))
    yield f"Monte Carlo, {rows:,} samples: {draws:.2f} s (goal about 1)"
    yield from start_lines(processes)
    yield "peers (measured 2026-11-21), configurations per CPU-second and seconds to import:"
    for name, speed, start in PEERS:
        yield f"  {name}: {speed}; {start}"


def closed_form_lines(rows: int) -> Iterator[str]:
    """6·N·D, time, energy, carbon and money; tokens, chips and utilisation differ from row to row."""
    for count, goal in ((rows, "20 ms"), (10 * rows, "0.5 s and 300 MiB")):
        columns = random_columns(count)
        seconds = min(cpu_s(lambda: run_through(columns)) for _ in range(3))  # noqa: B023
        tracemalloc.start()
        run_through(columns)
        peak = tracemalloc.get_traced_memory()[1] / 2**20
        tracemalloc.stop()
        held = sum(column.nbytes for column in columns.values() if np.ndim(column)) / 2**20
        text = f"closed form, {count:,} rows in blocks: {1e3 * seconds:.0f} ms (goal {goal})"
        yield f"{text}; {peak:.1f} MiB beside the {held:.0f} MiB of input"


def search_lines(rows: int, best: Constants) -> Iterator[str]:
    """Layout searches for GPT-3: one cluster, and cluster after cluster until so many points were looked at."""
    chip = lookup("A100")
    found = find_layouts(LayoutSearch(GPT3, chip, 1024, 1536), best)
    once = min(cpu_s(lambda: find_layouts(LayoutSearch(GPT3, chip, 1024, 1536), best)) for _ in range(3))
    yield f"layouts of GPT-3 on 1,024 A100: {found.examined:,} in {1e3 * once:.0f} ms; {PEER_SEARCH}"
    points, clusters, begun = 0, 0, time.process_time()
    while points < rows:
        points += find_layouts(
            LayoutSearch(GPT3, chip, 256 + 8 * (clusters % 512), 1536 * (1 + clusters // 512)), best
        ).examined
        clusters += 1
    seconds = time.process_time() - begun
    yield f"layout search with memory, {points:,} points on {clusters} clusters: {seconds:.2f} s (goal 2)"


def start_lines(processes: int) -> Iterator[str]:
    """Seconds by the clock of fresh processes, the least and the middle of a few."""
    for name, arguments, goal in (
        ("bare Python", ["-c", "pass"], "none"),
        ("import numpy", ["-c", "import numpy"], "none"),
        ("import helpers", ["-c", "import helpers"], "0.15"),
        ("helpers plan", ["-m", "helpers", *PLAN], "0.3"),
    ):
        times = sorted(clock_s(arguments) for _ in range(processes))
        yield f"{name}: {times[0]:.2f} s, middle of {processes} {times[len(times) // 2]:.2f} (goal {goal})"


def clock_s(arguments: list[str]) -> float:
    """Seconds by the clock of one Python process."""
    paths = os.pathsep.join([str(PROJECT / "src"), os.environ.get("PYTHONPATH", "")])
    start = time.perf_counter()
    command = [sys.executable, *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": paths})
    return time.perf_counter() - start


def cpu_s(function: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    start = time.process_time()
    function()
    return time.process_time() - start


def random_columns(rows: int, seed: int = 0) -> dict[str, Value]:
    """Inputs of the closed form: three columns within 10 % of GPT-3's, the rest numbers."""
    rng = np.random.default_rng(seed)
    varied = {name: CLOSED_FORM[name] * rng.uniform(0.9, 1.1, rows) for name in ("tokens", "count", "utilisation")}
    return {**CLOSED_FORM, **varied}


def run_through(columns: dict[str, Value]) -> float:
    """The closed form of every row, block by block, kept as one sum."""
    rows, total = max(len(column) for column in columns.values() if np.ndim(column)), 0.0
    for start in range(0, rows, BLOCK):
        part = {n: c[start : start + BLOCK] if np.ndim(c) else c for n, c in columns.items()}
        total += float(solving.evaluate(**part)["duration_s"].sum())
    return total


def monte_carlo(rows: int) -> SolvedFigure:
    """The duration's distribution over the ranges."""
    drawn = sample(RANGES, rows)
    return summarise(solving.evaluate(**{**CLOSED_FORM, **drawn})["duration_s"], drawn)


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
        fits = needed_bytes(piece) <= piece.cluster.memory_bytes
        cost = np.where(fits, footprint.rent(chips, seconds, 2.0), np.inf)
        cheapest = min(cheapest, float(cost.min()))
    return cheapest
