"""What `make bench` prints of the time model's accuracy: by source, held out, beside the peers'."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from helpers.chapters.accuracy_tables import PEERS
from helpers.timing.accuracy import (
    SHARDED_SOURCE,
    HeldOut,
    Summary,
    baseline_log_errors,
    half_of_source,
    half_splits,
    is_megatron_class,
    leave_one_source_out,
    relative,
)
from helpers.timing.calibration import constants, log_errors
from helpers.timing.published_runs import Observation, observations

STRETCHES: dict[str, Callable[[Observation], bool]] = {
    "on A100": lambda o: o.run.accelerator.name.startswith("a100"),
    "Megatron-class": is_megatron_class,
    "fully sharded on A100": lambda o: SHARDED_SOURCE in o.source and o.run.accelerator.name.startswith("a100"),
    "fully sharded on H100": lambda o: SHARDED_SOURCE in o.source and o.run.accelerator.name.startswith("h100"),
}


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
    in_order = [o for source in by_source for o in found if o.source == source]
    for name, chosen in STRETCHES.items():
        yield row(f"  of these, {name}", HeldOut.join(by_source.values()).part([chosen(o) for o in in_order]))
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


if __name__ == "__main__":
    from benchmarks.formula_speed import speed_lines

    for line in (*accuracy_lines(), "", *speed_lines()):
        print(line)
