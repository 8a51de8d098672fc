"""What `make bench` prints of the time model's accuracy: by source, held out, beside the peers'."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from helpers.chapters.accuracy_record import kind_of_run
from helpers.chapters.accuracy_tables import PEERS
from helpers.timing.calibration import constants, log_errors
from helpers.timing.held_out import (
    SHARDED_SOURCE,
    baseline_log_errors,
    coverage,
    is_megatron_class,
    read_held_out,
    summary,
)
from helpers.timing.published_runs import Observation, observations

STRETCHES: dict[str, Callable[[Observation], bool]] = {
    "modern, GPU, dense": lambda o: o.is_modern and kind_of_run(o)[0] != "tpu" and kind_of_run(o)[2] == "dense",
    "modern, GPU, mixtures": lambda o: o.is_modern and kind_of_run(o)[0] != "tpu" and kind_of_run(o)[2] == "mixture",
    "modern, TPU": lambda o: o.is_modern and kind_of_run(o)[0] == "tpu",
    "on A100": lambda o: o.run.accelerator.name.startswith("a100"),
    "Megatron-class": is_megatron_class,
    "fully sharded on A100": lambda o: SHARDED_SOURCE in o.source and o.run.accelerator.name.startswith("a100"),
    "fully sharded on H100": lambda o: SHARDED_SOURCE in o.source and o.run.accelerator.name.startswith("h100"),
}


def accuracy_lines(found: list[Observation] | None = None) -> Iterator[str]:
    """Accuracy chapter as text: every run by source, then what was held out, then the peers."""
    found = found or observations()
    kept = read_held_out(found)
    yield from run_lines(found)
    yield ""
    yield f"{'held out, per cent':52s} runs median  p90 worst  bias covered half-width"
    for group in dict.fromkeys(o.group for o in found):
        yield row(f"without {group}"[:52], kept.sources[[o.group == group for o in found]])
    yield row("every group left out in turn", kept.sources)
    for name, chosen in STRETCHES.items():
        yield row(f"  of these, {name}", kept.sources[[chosen(o) for o in found]])
    for name, split in kept.splits.items():
        errors = " ".join(f"{100 * split[figure]:6.1f}" for figure in ("median", "p90", "worst", "bias"))
        last = f"{100 * split['coverage']:7.0f} {100 * split['half_width']:9.1f}"
        title = f"{name}, {split['splits']} half splits"
        yield f"{title:52s} {split['runs']:4d} {errors} {last}"
    yield ""
    yield "peers on the Megatron-class runs (measured 2026-11-21): median, p90, worst"
    tested = [o for o in found if is_megatron_class(o)]
    trivial = summary(np.expm1(baseline_log_errors(tested)))
    figures = " ".join(f"{100 * trivial[name]:.1f}" for name in ("median", "p90", "worst"))
    yield f"  6ND at 40 %, computed here: {figures}"
    for name, *figures in PEERS:
        yield f"  {name}: {' '.join(figures)}"


def run_lines(found: list[Observation]) -> Iterator[str]:
    """Published and predicted seconds per step of every run, by source, with the shipped constants."""
    errors = np.expm1(log_errors(found, constants()))
    yield f"{'run':44s} {'stack':14s} published predicted error %"
    for source in dict.fromkeys(o.source for o in found):
        yield source
        for o, error in zip(found, errors, strict=True):
            if o.source == source:
                predicted = o.step_s * (1 + error)
                yield f"  {o.run.run_id:42s} {o.run.stack:14s} {o.step_s:9.3g} {predicted:9.3g} {100 * error:+7.1f}"


def row(name: str, part: pd.DataFrame) -> str:
    """One line of the held-out table."""
    s, width = summary(np.expm1(part["log_error"])), float(np.expm1(part["half_width"]).median())
    figures = " ".join(f"{100 * s[figure]:6.1f}" for figure in ("median", "p90", "worst", "bias"))
    return f"{name:52s} {len(part):4d} {figures} {100 * coverage(part):7.0f} {100 * width:9.1f}"


if __name__ == "__main__":
    from benchmarks.formula_speed import speed_lines

    for line in (*accuracy_lines(), "", *speed_lines()):
        print(line)
