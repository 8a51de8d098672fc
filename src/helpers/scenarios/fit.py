"""Whether a scenario's model fits its accelerators, the best layouts, and how long their steps take."""

import math
from collections import defaultdict
from dataclasses import dataclass, field, replace

import numpy as np

from helpers.constants import SECOND_PER_DAY
from helpers.formulas.architecture import Architecture
from helpers.formulas.hardware import Accelerator
from helpers.formulas.memory import BYTES_PER_GIB, memory_items, state_bytes_per_chip
from helpers.formulas.shape import DEFAULT_SEQ_LEN, DEFAULT_VOCAB, plausible_architecture, usual_batch
from helpers.formulas.uncertainty import RangeEstimate
from helpers.language import tr, translated
from helpers.numbers import plain, words
from helpers.scenarios.checking import architecture_of
from helpers.scenarios.scenario import Scenario
from helpers.timing.calibration import constants
from helpers.timing.layouts import FeasibleLayout, Found, LayoutSearch, divisors, find_layouts, job_of_candidate
from helpers.timing.performance import step_s
from helpers.timing.prediction_intervals import half_width, prediction_interval, spreads

USUAL = {"seq_len": DEFAULT_SEQ_LEN, "vocab": DEFAULT_VOCAB}
SAME_SIZE = 0.2  # an architecture further than this from the parameters is another model's
DENSE_RATIO = 1.2  # parameters over active ones, from which a model counts as a mixture of experts
LAYOUT_VARIANCE = 0.002  # of log time: layout and software are the finder's, not a published run's


@dataclass(frozen=True)
class Fit(Found):
    """How a model lies on a cluster; a mixture of experts without an architecture has no layouts, as they are not timed."""

    reason: str  # why it does not; empty if it does
    global_batch: int
    least: int  # accelerators without which its states have no room
    active: float  # parameters in use, and tokens, that it was timed for
    tokens: float
    assumed_shape: bool
    notes: list[str]
    step_days: RangeEstimate | None = None  # of the best layout, nothing lost
    memory: dict[str, float] = field(default_factory=dict)  # GiB of the best layout, by item
    batch_width: float = 0.0  # log time, 90 % of cases, that a batch not given brings


def fit_of(
    scenario: Scenario, chip: Accelerator, params: float, active: float, tokens: float, count: float, keep: int = 5
) -> Fit:
    """Search the layouts of a model on a cluster; a cluster that came out as a fraction is rounded up."""
    shape, notes, assumed = _shape(scenario, params, active)
    chips, recompute, precision = whole(count), str(scenario["recompute"] or ""), str(scenario["precision"])
    batch = int(scenario.number("global_batch") or usual_batch(tokens, float(shape.seq_len), chips))
    search = LayoutSearch(shape, chip, chips, batch, keep, recompute, precision)
    found, reason, remarks = layouts_of(params, active, search)
    if reason and recompute:
        other = layouts_of(params, active, replace(search, keep=1, recompute=""))[0].best
        if other:  # only the recomputation asked for stands in the way
            said = {"given": recompute, "other": other.recompute}
            reason = tr("does not fit with recompute = {given}; it does with {other}", **said)
    least = math.ceil(state_bytes_per_chip(params, 1) / chip.memory_bytes)  # with nothing left for the work
    known = [] if reason else [*notes, *remarks]
    fit = Fit(found.layouts, found.examined, found.leanest, reason, batch, least, active, tokens, assumed, known)
    return _timed(fit, search, "global_batch" in scenario.given) if found.layouts else fit


def layouts_of(params: float, active: float, search: LayoutSearch) -> tuple[Found, str, list[str]]:
    """Layouts, why there are none, and remarks; of a mixture whose experts are not told, only whether its states fit."""
    chip = search.accelerator
    if params <= DENSE_RATIO * active or np.any(search.shape.expert_layer_share):
        found = find_layouts(search, constants())
        return found, "" if found.layouts else reason_of(found, search), []
    need, room = (size / BYTES_PER_GIB for size in (state_bytes_per_chip(params, search.chips), chip.memory_bytes))
    gib, none = {"need": need, "room": room, "chip": chip.title}, Found([], 0, None)
    reason = tr(
        "does not fit: weights, gradients and optimiser states need {need:.1f} GiB a device, spread evenly; {chip} has {room:.1f}",
        **gib,
    )
    note = tr(
        "mixture of experts without an architecture: no layout is timed; weights, gradients and optimiser states take {need:.1f} GiB a device of {room:.1f}",
        **gib,
    )
    return (none, reason, []) if need >= room else (none, "", [note])


def reason_of(found: Found, search: LayoutSearch) -> str:
    """Why there is no layout: no sizes, or no memory for the largest items, `optimiser/layers` as optimiser of layers."""
    shape, chip = search.shape, search.accelerator
    if found.leanest is None:
        return tr(
            "does not fit: no tensor size (up to {domain}, dividing {heads:g} heads) x pipeline size (up to {layers:g} layers) "
            "x data size (dividing a batch of {batch} sequences) uses more than half of {chips} accelerators",
            **{"domain": chip.link_domain, "heads": shape.heads, "layers": shape.layers, "chips": search.chips},
            batch=search.global_batch,
        )
    items = memory_items(job_of_candidate(found.leanest, search))
    largest = sorted(((float(size), name.replace("/", " of ")) for name, size in items.items()), reverse=True)[:2]
    said = tr(" and ").join(f"{translated(name)} {size / BYTES_PER_GIB:.1f} GiB" for size, name in largest)
    gib = {"need": found.leanest.memory_gib, "room": chip.memory_bytes / BYTES_PER_GIB, "chip": chip.title}
    return tr(
        "does not fit: the leanest layout needs {need:.1f} GiB a device (above all {largest}), {chip} has {room:.1f}",
        largest=said,
        **gib,
    )


def _timed(fit: Fit, search: LayoutSearch, given_batch: bool) -> Fit:
    """A fit with the days of its best layout's steps, scaled to the very number of parameters, and what they rest on."""
    best, chip, notes, width = fit.layouts[0], search.accelerator, list(fit.notes), 0.0
    batch, batch_tokens = fit.global_batch, fit.global_batch * float(search.shape.seq_len)
    if not given_batch:
        width, tokens = _batch_width(search, best), words(batch_tokens, 2)
        notes.append(tr("global batch assumed: {batch} sequences, {tokens} tokens", batch=batch, tokens=tokens))
    if best.tight:
        gib = {"need": best.memory_gib, "room": chip.memory_bytes / BYTES_PER_GIB, "chip": chip.title}
        tight = tr(
            "the best layout needs {need:.0f} GiB by the estimate, {chip} has {room:.0f}: within the estimate's error",
            **gib,
        )
        notes.append(tight)
    if chip.extrapolated:
        notes.append(tr("extrapolated: {chip} is beyond the fit of the time model", chip=chip.title))
    job = job_of_candidate(best, search)
    ends = prediction_interval(np.asarray(best.step_s), half_width(job, spreads(), LAYOUT_VARIANCE))
    steps = fit.tokens / batch_tokens * fit.active / float(search.shape.active_params)
    days = RangeEstimate(best.step_s, *map(float, ends)).times(steps / SECOND_PER_DAY)
    memory = defaultdict[str, float](float)
    for name, value in memory_items(job).items():
        memory[name.split("/")[0]] += float(value) / BYTES_PER_GIB
    memory["reserve"] = best.memory_gib - sum(memory.values())  # what the allocator loses and the software keeps
    return replace(fit, step_days=days, batch_width=width, memory=memory, notes=notes)


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
        notes = [_unlike(name, *pair) for name, pair in counted.items() if abs(pair[0] / pair[1] - 1) > SAME_SIZE][:1]
        if not notes:
            return shape, [], False
        if not dense:  # its experts are not described: the layers are known, the layouts cannot be timed
            return replace(shape, experts=1, active_experts=1, expert_layer_share=0), notes, False
    seq_len, vocab = (int(scenario.number(name) or usual) for name, usual in USUAL.items())
    assumed = plausible_architecture(active, seq_len, vocab)
    if dense:
        sizes = {"layers": assumed.layers, "hidden": assumed.hidden, "heads": assumed.heads, "length": assumed.seq_len}
        said = tr("{layers} layers, width {hidden}, {heads} heads, sequence {length}", **sizes)
        notes = [*notes, tr("architecture assumed: {shape}", shape=said)]
    return assumed, notes, True


def _unlike(name: str, counted: float, stated: float) -> str:
    sizes = {"name": name, "counted": words(counted), "times": plain(counted / stated, 3), "stated": words(stated)}
    return tr(
        "the architecture given is left aside: its {name} come to {counted}, {times} times the {stated} stated", **sizes
    )
