"""Whether a scenario's model fits its accelerators, the best layouts, and how long their steps take."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

from helpers.formulas.architecture import Architecture
from helpers.formulas.hardware import Accelerator
from helpers.formulas.memory import BYTES_PER_GIB
from helpers.formulas.shape import DEFAULT_SEQ_LEN, DEFAULT_VOCAB, plausible_architecture, usual_batch
from helpers.language import tr
from helpers.numbers import plain, words
from helpers.scenarios.checking import architecture_of
from helpers.scenarios.scenario import Scenario
from helpers.timing.calibration import constants
from helpers.timing.layout_choices import LayoutSearch, divisors
from helpers.timing.layouts import FeasibleLayout, Found, job_of_candidate
from helpers.timing.performance import step_s
from helpers.timing.planning import (
    DENSE_RATIO,
    RangeEstimate,
    describe_shape,
    layouts_of,
    least_chips,
    memory_gib,
    step_days,
)

USUAL = {"seq_len": DEFAULT_SEQ_LEN, "vocab": DEFAULT_VOCAB}
SAME_SIZE = 0.2  # an architecture further than this from the parameters is another model's


@dataclass(frozen=True)
class Fit:
    """How a model lies on a cluster."""

    layouts: list[FeasibleLayout]  # best first; empty for a mixture of experts, whose layouts are not timed
    examined: int
    reason: str  # why it does not fit; empty if it does
    least: int  # accelerators without which its states have no room
    step_days: RangeEstimate | None  # of the best layout, nothing lost
    architecture: Architecture
    global_batch: int
    active: float  # parameters in use, and tokens, that it was timed for
    tokens: float
    memory: dict[str, float] = field(default_factory=dict)  # GiB of the best layout, by item
    batch_width: float = 0.0  # log time, 90 % of cases, that a batch not given brings
    assumed_shape: bool = False
    notes: list[str] = field(default_factory=list)

    @property
    def best(self) -> FeasibleLayout | None:
        """The fastest layout."""
        return self.layouts[0] if self.layouts else None


def fit_of(
    scenario: Scenario, chip: Accelerator, params: float, active: float, tokens: float, count: float, keep: int = 5
) -> Fit:
    """Search the layouts of a model on a cluster; a cluster that came out as a fraction is rounded up."""
    shape, notes, assumed = _shape(scenario, params, active)
    search = _search(scenario, chip, shape, tokens, whole(count), keep)
    found, remarks = layouts_of(params, active, search)
    reason = _other_recomputation(params, active, search) if found.reason and search.recompute else found.reason
    fit = Fit(
        found.layouts,
        found.examined,
        reason or found.reason,
        least_chips(params, chip),
        None,
        shape,
        search.global_batch,
        active,
        tokens,
        assumed_shape=assumed,
        notes=[] if found.reason else [*notes, *remarks],
    )
    return _timed(fit, search, found, "global_batch" in scenario.given) if found.layouts else fit


def _search(
    scenario: Scenario, chip: Accelerator, shape: Architecture, tokens: float, chips: int, keep: int
) -> LayoutSearch:
    given = scenario.number("global_batch")
    batch = int(given or usual_batch(tokens, float(shape.seq_len), chips))
    recompute, precision = str(scenario["recompute"] or ""), str(scenario["precision"])
    return LayoutSearch(shape, chip, chips, batch, keep, recompute, precision)


def _other_recomputation(params: float, active: float, search: LayoutSearch) -> str:
    """What is said where only the recomputation asked for stands in the way; empty if something else does."""
    others = layouts_of(params, active, replace(search, keep=1, recompute=""))[0].layouts
    if not others:
        return ""
    return tr(
        "does not fit with recompute = {given}; it does with {other}", given=search.recompute, other=others[0].recompute
    )


def _timed(fit: Fit, search: LayoutSearch, found: Found, given_batch: bool) -> Fit:
    """A fit with the days of its best layout's steps, and what they rest on."""
    best, chip, notes = found.layouts[0], search.accelerator, list(fit.notes)
    width = 0.0
    if not given_batch:
        width = _batch_width(search, best)
        tokens = words(search.global_batch * float(search.shape.seq_len), 2)
        notes.append(
            tr("global batch assumed: {batch} sequences, {tokens} tokens", batch=search.global_batch, tokens=tokens)
        )
    if best.tight:
        notes.append(
            tr(
                "the best layout needs {need:.0f} GiB by the estimate, {chip} has {room:.0f}: within the estimate's error",
                need=best.memory_gib,
                chip=chip.title,
                room=chip.memory_bytes / BYTES_PER_GIB,
            )
        )
    if chip.extrapolated:
        notes.append(tr("extrapolated: {chip} is beyond the fit of the time model", chip=chip.title))
    days = step_days(found, search, fit.active, fit.tokens)
    return replace(fit, step_days=days, batch_width=width, memory=memory_gib(best, search), notes=notes)


def _batch_width(search: LayoutSearch, best: FeasibleLayout) -> float:
    """How far the best layout's time for a sequence moves, on the log scale, with half and twice the batch."""
    moved = []
    for batch in (search.global_batch // 2, search.global_batch * 2):
        sizes = [m for m in divisors(max(batch // best.data, 1)) if m <= 2 * best.micro_batch]
        micro = [m for m in sizes if best.interleave == 1 or (batch // best.data // m) % best.pipeline == 0] or sizes
        changed = [replace(best, micro_batch=m) for m in micro[-2:]]
        times = [step_s(job_of_candidate(c, replace(search, global_batch=batch)), constants()) for c in changed]
        moved.append(abs(math.log(min(map(float, times)) / best.step_s * search.global_batch / max(batch, 1))))
    return max(moved)


def whole(count: float) -> int:
    """Accelerators are whole; what is a rounding error above a whole number is that number."""
    return max(1, math.ceil(count * (1 - 1e-9)))


def _shape(scenario: Scenario, params: float, active: float) -> tuple[Architecture, list[str], bool]:
    """The architecture given, or one that is plausible for the size; what is to be said, and whether it is assumed."""
    dense = params <= DENSE_RATIO * active
    shape, notes = architecture_of(scenario.given), []
    if shape:
        counted = {"params": (float(shape.params), params), "active_params": (float(shape.active_params), active)}
        if all(_alike(*pair) for pair in counted.values()):
            return shape, [], False
        notes = [_unlike(name, *pair) for name, pair in counted.items() if not _alike(*pair)][:1]
        if not dense:  # its experts are not described: the layers are known, the layouts cannot be timed
            return replace(shape, experts=1, active_experts=1, expert_layer_share=0), notes, False
    seq_len, vocab = (int(scenario.number(name) or usual) for name, usual in USUAL.items())
    assumed = plausible_architecture(active, seq_len, vocab)
    if dense:
        notes = [*notes, tr("architecture assumed: {shape}", shape=describe_shape(assumed))]
    return assumed, notes, True


def _unlike(name: str, counted: float, stated: float) -> str:
    return tr(
        "the architecture given is left aside: its {name} come to {counted}, {times} times the {stated} stated",
        name=name,
        counted=words(counted),
        times=plain(counted / stated, 3),
        stated=words(stated),
    )


def _alike(size: float, params: float) -> bool:
    return abs(size / params - 1) <= SAME_SIZE
