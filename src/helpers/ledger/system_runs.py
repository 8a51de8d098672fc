"""Published training runs: parameters, tokens and compute side by side, the convention that these imply, and where physics stops."""

import itertools
import math
from dataclasses import dataclass
from typing import Any

from helpers.formulas import accounting
from helpers.formulas.accounting import Convention
from helpers.ledger.evidence import best, best_number, strength
from helpers.ledger.intervals import Interval, number_interval
from helpers.ledger.tables import Row, Tables
from helpers.ledger.verdicts import Strength

LEAST_FLOP_PER_PARAM_TOKEN = 6.0  # forward and backward pass; no training does with less
WITHOUT_ATTENTION = (Convention.MODEL_6ND, Convention.RECOMPUTE_8ND)
BENCHMARKS = {"megatron-1t"}  # timed, never trained to the end
ATTENTION_QUANTITIES = ("layers", "hidden", "context_length")


@dataclass(frozen=True)
class PublishedRun:
    """One published run, as `accounting.flop_per_token` takes it. Parameters are those a token uses; compute in FLOP."""

    system_id: str
    name: str
    params: Interval
    tokens: Interval
    flop: Interval
    strength: Strength
    counts: str = ""  # what the source says that its compute counts
    layers: float = 0  # these three as attention needs them; 0 where one of them is not published
    hidden: float = 0
    seq_len: float = 0
    vocab: float = 0  # leaves out the output matrix (about 1 %)

    @property
    def active_params(self) -> float:
        """Parameters as printed."""
        return self.params.middle

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
        if not self.layers and convention not in WITHOUT_ATTENTION:
            raise ValueError(f"{self.system_id}: layers, width or context not published, so no {convention}")
        return float(accounting.flop_per_token(convention, self) * self.tokens.middle)

    @property
    def convention(self) -> Convention | None:
        """The convention that the published figure is in, as its k says; None where it fits none."""
        return next(iter(self.conventions()), None)

    def coefficients(self) -> dict[Convention, float]:
        """k of every convention that can be computed for this run."""
        options = Convention if self.layers else WITHOUT_ATTENTION
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

    chosen = min(options, key=elsewhere)
    flop, params, tokens = (number_interval(row["value"]) for row in chosen)
    shape = [float(found[0]["value"]) for quantity in ATTENTION_QUANTITIES if (found := rows(quantity))]
    shape = shape if len(shape) == len(ATTENTION_QUANTITIES) else []
    weakest, counts = min(strength(row) for row in chosen), chosen[0]["counts"]
    return PublishedRun(system_id, tables.name_of(system_id), params, tokens, flop, weakest, counts, *shape)


def physical_limits(tables: Tables, row: Row) -> Interval:
    """Least and greatest value of an evidence row, in its unit; 0 to infinity where nothing more is known.

    Shares end at 1 and a data centre's overhead begins there; a chip is no faster than its peak; and a published
    amount of compute is spent on at most C/(6·N) tokens, or by at most C/(6·D) parameters.
    """
    quantity, system_id = str(row["quantity"]), str(row["system_id"])
    if quantity == "pue":
        return Interval(1.0, math.inf)
    most = 1.0 if row["unit"] == "fraction" else math.inf
    if quantity == "throughput_per_chip":
        most = peak_of(tables, system_id) or most
    if quantity in ("training_tokens", "parameters") and (run := _run(tables, system_id)):
        other = run.params if quantity == "training_tokens" else run.tokens
        most = float(accounting.tokens_trained(run.flop.middle, other.middle, LEAST_FLOP_PER_PARAM_TOKEN))
    return Interval(0.0, most)


def peak_of(tables: Tables, system_id: str) -> float:
    """Peak of the chip that a system was trained on, as its evidence names it (FLOP/s); 0 where none is known."""
    try:
        chip = str(best(tables, system_id, "chip")["value"]).split()[1].lower()
        return best_number(tables, chip, "peak_flop_per_s")
    except (KeyError, IndexError):
        return 0.0
