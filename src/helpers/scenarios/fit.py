"""Whether a scenario's model fits its accelerators, the best layouts, and how long their steps take."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

from helpers.formulas.architecture import Architecture
from helpers.formulas.hardware import Accelerator
from helpers.formulas.shape import DEFAULT_SEQ_LEN, DEFAULT_VOCAB, plausible_architecture, usual_batch
from helpers.language import tr
from helpers.numbers import words
from helpers.scenarios.checking import architecture_of
from helpers.scenarios.scenario import Scenario
from helpers.timing.layouts import FeasibleLayout, LayoutSearch
from helpers.timing.planning import DENSE_RATIO, RangeEstimate, describe_shape, layouts_of, least_chips, step_days

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
    notes: list[str] = field(default_factory=list)

    @property
    def best(self) -> FeasibleLayout | None:
        """The fastest layout."""
        return self.layouts[0] if self.layouts else None


def fit_of(
    scenario: Scenario, chip: Accelerator, params: float, active: float, tokens: float, count: float, keep: int = 5
) -> Fit:
    """Search the layouts of a model on a cluster; a cluster that came out as a fraction is rounded up."""
    chips = whole(count)
    shape, notes = _shape(scenario, params, active)
    given_batch = scenario.number("global_batch")
    batch = int(given_batch or usual_batch(active, int(shape.seq_len), chips))
    recompute = str(scenario["recompute"] or "")
    search = LayoutSearch(shape, chip, chips, batch, keep, recompute)
    found, remarks = layouts_of(params, active, search)
    reason = found.reason
    if reason and recompute:
        others = layouts_of(params, active, replace(search, keep=1, recompute=""))[0].layouts
        if others:
            reason = tr(
                "does not fit with recompute = {given}; it does with {other}",
                given=recompute,
                other=others[0].recompute,
            )
    notes = notes + remarks if not reason else []
    if found.layouts and not given_batch:
        notes.append(tr("global batch assumed: {batch} sequences", batch=batch))
    if found.layouts and chip.extrapolated:
        notes.append(tr("extrapolated: {chip} is beyond the fit of the time model", chip=chip.title))
    days = step_days(found, shape, chip, batch, active, tokens) if found.layouts else None
    return Fit(found.layouts, found.examined, reason, least_chips(params, chip), days, shape, batch, notes)


def whole(count: float) -> int:
    """Accelerators are whole; what is a rounding error above a whole number is that number."""
    return max(1, math.ceil(count * (1 - 1e-9)))


def _shape(scenario: Scenario, params: float, active: float) -> tuple[Architecture, list[str]]:
    """The architecture given, or one that is plausible for the size."""
    dense = params <= DENSE_RATIO * active
    shape, notes = architecture_of(scenario.given), []
    if shape:
        size = float(shape.params)
        if _alike(size, params) and _alike(float(shape.active_params), active):
            return shape, []
        if not dense:  # its experts are not described: the layers are known, the layouts cannot be timed
            return replace(shape, experts=1, active_experts=1, expert_layer_share=0), []
        size_and_active = {"size": words(size), "active": words(active)}
        notes = [tr("the architecture given has {size} parameters, not {active}; it is left aside", **size_and_active)]
    seq_len, vocab = (int(scenario.number(name) or usual) for name, usual in USUAL.items())
    assumed = plausible_architecture(active, seq_len, vocab)
    if dense:
        notes = [*notes, tr("architecture assumed: {shape}", shape=describe_shape(assumed))]
    return assumed, notes


def _alike(size: float, params: float) -> bool:
    return abs(size / params - 1) <= SAME_SIZE
