"""Published training runs: parameters, tokens and compute side by side, the convention that these imply, and where physics stops."""

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helpers.formulas import accounting
from helpers.formulas.accounting import Convention
from helpers.ledger.evidence import best, best_number, strength
from helpers.ledger.intervals import Interval, number_interval
from helpers.ledger.tables import Tables
from helpers.ledger.verdicts import Strength

LEAST_FLOP_PER_PARAM_TOKEN = 6.0  # forward and backward pass; no training does with less
BENCHMARKS = {"megatron-1t"}  # timed, never trained to the end
ATTENTION_QUANTITIES = ("layers", "hidden", "context_length")


@dataclass(frozen=True)
class PublishedDimensions:
    """What the accounting of attention needs, as published; `vocab` 0 leaves out the output matrix (about 1 %)."""

    active_params: float
    layers: float
    hidden: float
    seq_len: float
    vocab: float = 0.0


@dataclass(frozen=True)
class PublishedRun:
    """One published run. Parameters are those a token uses; compute in FLOP."""

    system_id: str
    name: str
    params: Interval
    tokens: Interval
    flop: Interval
    strength: Strength
    dimensions: PublishedDimensions | None = None
    counts: str = ""  # what the source says that its compute counts

    @property
    def implied(self) -> Interval:
        """k in C = k·N·D, within printed precision."""
        low = accounting.flop_per_param_token(self.flop.low, self.params.high, self.tokens.high)
        return Interval(low, accounting.flop_per_param_token(self.flop.high, self.params.low, self.tokens.low))

    @property
    def implied_middle(self) -> float:
        """k from the figures as printed."""
        return float(accounting.flop_per_param_token(self.flop.middle, self.params.middle, self.tokens.middle))

    def flop_as(self, convention: Convention) -> float:
        """The compute of this run, from its parameters and tokens, in a convention; a ValueError where that counts
        attention and the dimensions are not published."""
        dimensions = self.dimensions or PublishedDimensions(self.params.middle, 0, 0, 0)
        if self.dimensions is None and convention not in (Convention.MODEL_6ND, Convention.RECOMPUTE_8ND):
            raise ValueError(f"{self.system_id}: layers, width or context not published, so no {convention}")
        return float(accounting.flop_per_token(convention, dimensions) * self.tokens.middle)

    @property
    def convention(self) -> Convention | None:
        """The convention that the published figure is in, as its k says; None where it fits none."""
        return next(iter(self.conventions()), None)

    def coefficients(self) -> dict[Convention, float]:
        """k of every convention that can be computed for this run."""
        options = [Convention.MODEL_6ND, Convention.RECOMPUTE_8ND]
        if self.dimensions is not None:
            options += [Convention.MODEL_ATTENTION, Convention.RECOMPUTE_ATTENTION]
        return {c: self.flop_as(c) / (self.params.middle * self.tokens.middle) for c in options}

    def conventions(self) -> list[Convention]:
        """Conventions whose k lies within the printed precision."""
        return [c for c, k in self.coefficients().items() if self.implied.low <= k <= self.implied.high]


def published_runs(tables: Tables) -> list[PublishedRun]:
    """Every system whose makers' parameters, tokens and compute are all known, by compute.

    One row per system: the compute figure with the most digits, with parameters and tokens from the same
    source where it gives them. What others say of a system, estimates and recalled rows are left out, and
    so are mixtures of experts whose active parameters are not published.
    """
    systems = dict.fromkeys(system for system, quantity in tables.evidence_of if quantity == "training_flop")
    return sorted((run for s in systems if (run := _run(tables, s))), key=lambda run: run.flop.middle)


def find_run(tables: Tables, system_id: str) -> PublishedRun:
    """The published run of one system; a KeyError, if its parameters, tokens and compute are not all published."""
    if run := _run(tables, system_id):
        return run
    raise KeyError(f"no run of {system_id} with parameters, tokens and compute published")


def _run(tables: Tables, system_id: str) -> PublishedRun | None:
    def rows(quantity: str) -> list[dict[str, Any]]:
        of = tables.evidence_of.get((system_id, quantity), [])
        return [row for row in of if row["standing"] == "primary" and strength(row) >= Strength.FAIR]

    sparse = tables.kind_of(system_id) == "mixture_of_experts"
    sizes = rows("active_parameters") or ([] if sparse else rows("parameters"))
    options = list(itertools.product(rows("training_flop"), sizes, rows("training_tokens")))
    if not options:
        return None

    def elsewhere(option: tuple[dict[str, Any], ...]) -> tuple[bool, bool, float]:
        sources, work = [row["source_id"] for row in option], number_interval(option[0]["value"])
        return sources[1] != sources[0], sources[2] != sources[0], (work.high - work.low) / work.middle

    flop, param, token = min(options, key=elsewhere)
    params, tokens, compute = (number_interval(row["value"]) for row in (param, token, flop))
    shape = [float(found[0]["value"]) for quantity in ATTENTION_QUANTITIES if (found := rows(quantity))]
    return PublishedRun(
        system_id=system_id,
        name=tables.name_of(system_id),
        params=params,
        tokens=tokens,
        flop=compute,
        strength=min(strength(row) for row in (flop, param, token)),
        dimensions=PublishedDimensions(params.middle, *shape) if len(shape) == 3 else None,
        counts=flop["counts"],
    )


def physical_limits(tables: Tables, row: Mapping[str, Any]) -> Interval:
    """Least and greatest value of an evidence row, in its unit; 0 to infinity where nothing more is known.

    Shares end at 1 and a data centre's overhead begins there; a chip is no faster than its peak; and a published
    amount of compute is spent on at most C/(6·N) tokens, or by at most C/(6·D) parameters.
    """
    quantity, system_id = str(row["quantity"]), str(row["system_id"])
    if quantity == "pue":
        return Interval(1.0, math.inf)
    if row["unit"] == "fraction":
        return Interval(0.0, 1.0)
    if quantity == "throughput_per_chip":
        return Interval(0.0, peak_of(tables, system_id) or math.inf)
    if quantity in ("training_tokens", "parameters"):
        run = _run(tables, system_id)
        other = run and (run.params if quantity == "training_tokens" else run.tokens)
        if run and other:
            most = accounting.tokens_trained(run.flop.middle, other.middle, LEAST_FLOP_PER_PARAM_TOKEN)
            return Interval(0.0, float(most))
    return Interval(0.0, math.inf)


def peak_of(tables: Tables, system_id: str) -> float:
    """Peak of the chip that a system was trained on, as its evidence names it (FLOP/s); 0 where none is known."""
    try:
        chip = str(best(tables, system_id, "chip")["value"]).split()[1].lower()
        return best_number(tables, chip, "peak_flop_per_s")
    except (KeyError, IndexError):
        return 0.0
