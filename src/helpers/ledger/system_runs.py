"""Published training runs: parameters, tokens and compute side by side, and the convention that these imply."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

from helpers.formulas import accounting
from helpers.formulas.accounting import Convention
from helpers.ledger.evidence import strength
from helpers.ledger.intervals import Interval, number_interval
from helpers.ledger.tables import Tables
from helpers.ledger.verdicts import Strength

RUN_QUANTITIES = ("active_parameters", "parameters", "training_tokens", "training_flop")
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
    evidence_ids: tuple[str, str, str]
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
        """The compute of this run, from its parameters and tokens, in a convention.

        Raises:
            ValueError: the convention counts attention and the dimensions are not published.
        """
        dimensions = self.dimensions or PublishedDimensions(self.params.middle, 0, 0, 0)
        if self.dimensions is None and convention not in (Convention.MODEL_6ND, Convention.RECOMPUTE_8ND):
            raise ValueError(f"{self.system_id}: layers, width or context not published, so no {convention}")
        return float(accounting.flop_per_token(convention, dimensions) * self.tokens.middle)

    def published_as(self, convention: Convention) -> bool:
        """Whether the published figure is in this convention, as its k says."""
        return self.conventions()[:1] == [convention]

    def flop_in(self, convention: Convention) -> float:
        """The published figure where it is in this convention, else the figure rebuilt from N and D."""
        return self.flop.middle if self.published_as(convention) else self.flop_as(convention)

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
    evidence = tables["evidence"]
    with_compute = evidence.loc[evidence["quantity"] == "training_flop", "system_id"].unique()
    runs = (_run(tables, str(system_id)) for system_id in with_compute)
    return sorted((run for run in runs if run), key=lambda run: run.flop.middle)


def find_run(tables: Tables, system_id: str) -> PublishedRun:
    """The published run of one system.

    Raises:
        KeyError: its parameters, tokens and compute are not all published.
    """
    run = _run(tables, system_id)
    if run is None:
        raise KeyError(f"no run of {system_id} with parameters, tokens and compute published")
    return run


def _run(tables: Tables, system_id: str) -> PublishedRun | None:
    evidence = tables["evidence"]
    mine = evidence[(evidence["system_id"] == system_id) & (evidence["standing"] == "primary")]
    rows = [row for row in mine.to_dict("records") if strength(row) >= Strength.FAIR]
    counts = {q: [r for r in rows if r["quantity"] == q] for q in (*RUN_QUANTITIES, *ATTENTION_QUANTITIES)}
    published = counts["training_flop"]
    sparse = tables.kind_of(system_id) == "mixture_of_experts"
    sizes = counts["active_parameters"] or ([] if sparse else counts["parameters"])
    if not (published and sizes and counts["training_tokens"]):
        return None
    options = list(itertools.product(published, sizes, counts["training_tokens"]))
    flop, param, token = min(
        options,
        key=lambda o: (
            o[1]["source_id"] != o[0]["source_id"],
            o[2]["source_id"] != o[0]["source_id"],
            _width(o[0]),
        ),
    )
    params, tokens, compute = (number_interval(row["value"]) for row in (param, token, flop))
    return PublishedRun(
        system_id=system_id,
        name=tables.name_of(system_id),
        params=params,
        tokens=tokens,
        flop=compute,
        evidence_ids=(param["evidence_id"], token["evidence_id"], flop["evidence_id"]),
        strength=min(strength(row) for row in (flop, param, token)),
        dimensions=_dimensions(counts, params.middle),
        counts=flop["counts"],
    )


def _width(row: dict[str, Any]) -> float:
    interval = number_interval(row["value"])
    return (interval.high - interval.low) / interval.middle


def _dimensions(counts: dict[str, list[dict[str, Any]]], params: float) -> PublishedDimensions | None:
    if not all(counts[quantity] for quantity in ATTENTION_QUANTITIES):
        return None
    layers, hidden, seq_len = (float(counts[quantity][0]["value"]) for quantity in ATTENTION_QUANTITIES)
    return PublishedDimensions(params, layers, hidden, seq_len)
