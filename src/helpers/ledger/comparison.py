"""Two runs side by side: the same accounting for both, and what "efficiency" could mean."""

from __future__ import annotations

import pandas as pd

from helpers.formulas import accounting
from helpers.formulas.accounting import Convention
from helpers.language import later, tr
from helpers.ledger.evidence import known, strength
from helpers.ledger.system_runs import PublishedRun
from helpers.ledger.tables import Tables
from helpers.ledger.verdicts import Strength

BENCHMARKS = {"megatron-1t"}  # timed, never trained to the end
CONVENTION_WORDS = {
    Convention.MODEL_6ND: later("6·N·D: forward and backward pass"),
    Convention.RECOMPUTE_8ND: later("8·N·D: and a second forward pass (recomputation)"),
    Convention.MODEL_ATTENTION: later("6·N·D with attention"),
    Convention.RECOMPUTE_ATTENTION: later("8·N·D with attention"),
}


def like_for_like(first: PublishedRun, second: PublishedRun) -> pd.DataFrame:
    """Both runs in each convention that both can be computed in, in petaFLOP/s-days.

    A published figure stands where it is in that convention; the others are rebuilt from parameters and
    tokens. Columns: convention, words, first_pfday, second_pfday, published (which of them is), ratio.
    """
    shared = [c for c in first.coefficients() if c in second.coefficients()]
    rows = []
    for convention in shared:
        days = [float(accounting.petaflop_s_day(run.flop_in(convention))) for run in (first, second)]
        published = [run.name for run in (first, second) if run.published_as(convention)]
        rows.append(
            {
                "convention": convention.value,
                "words": tr(CONVENTION_WORDS[convention]),
                "first_pfday": days[0],
                "second_pfday": days[1],
                "published": ", ".join(published) or tr("neither"),
                "ratio": days[0] / days[1],
            }
        )
    return pd.DataFrame(rows)


def press_pair(first: PublishedRun, second: PublishedRun) -> pd.DataFrame:
    """Both runs as the press sets them side by side, then in 6·N·D, then in 8·N·D.

    Columns: label, first_pfday, second_pfday.
    """
    printed = [float(accounting.petaflop_s_day(run.flop.middle)) for run in (first, second)]
    same = like_for_like(first, second).set_index("convention")
    label = tr("as printed\n({a:.0f} and {b:.0f} operations)", a=first.implied_middle, b=second.implied_middle)
    rows = [(label, *printed)]
    rows += [
        (tr("both at\n{k} operations", k=k[0]), same.loc[k, "first_pfday"], same.loc[k, "second_pfday"])
        for k in ("6ND", "8ND")
    ]
    return pd.DataFrame(rows, columns=["label", "first_pfday", "second_pfday"])


def passes(first: PublishedRun, second: PublishedRun) -> pd.DataFrame:
    """The work of both runs by pass through the model, rebuilt from parameters and tokens.

    Columns: system, step, pfday, counted (whether the published figure holds it).
    """
    rows = []
    for run in (first, second):
        unit = float(accounting.petaflop_s_day(run.flop_as(Convention.MODEL_6ND))) / 3  # 2 FLOP of the 6
        again = Convention.RECOMPUTE_8ND in run.conventions()
        rows += [
            (run.name, tr("forward pass"), unit, True),
            (run.name, tr("backward pass"), 2 * unit, True),
            (run.name, tr("second forward pass"), unit, again),
        ]
    return pd.DataFrame(rows, columns=["system", "step", "pfday", "counted"])


def implied_table(runs: list[PublishedRun]) -> pd.DataFrame:
    """k = C/(N·D) of each run, the conventions that fit within printed precision, and what the source says of it."""
    rows = []
    for run in runs:
        fits = run.conventions()
        rows.append(
            {
                "system_id": run.system_id,
                "system": run.name,
                "params": run.params.middle,
                "tokens": run.tokens.middle,
                "training_flop": run.flop.middle,
                "k": run.implied_middle,
                "k_low": run.implied.low,
                "k_high": run.implied.high,
                "fits": ", ".join(c.value for c in fits) if fits else "none",
                "counts": run.counts,
            }
        )
    return pd.DataFrame(rows)


def efficiency_readings(
    first: PublishedRun, second: PublishedRun, first_use: tuple[float, float], second_use: tuple[float, float]
) -> pd.DataFrame:
    """What "computing efficiency" could mean, each reading for both runs; `gain` > 1 favours the first.

    Args:
        first_use, second_use: utilisation as printed, and on 6·N·D, as fractions.
    """

    def per_day(run: PublishedRun, flop: float) -> float:
        return run.params.middle / float(accounting.petaflop_s_day(flop))

    model = [run.flop_as(Convention.MODEL_6ND) for run in (first, second)]
    readings = [
        (
            tr("Parameters per PD, as printed"),
            per_day(first, first.flop.middle),
            per_day(second, second.flop.middle),
            1,
            tr("mixes two conventions"),
        ),
        (
            tr("Parameters per PD, both on 6ND"),
            per_day(first, model[0]),
            per_day(second, model[1]),
            1,
            tr("fewer tokens per parameter"),
        ),
        (tr("FLOP per parameter and token"), first.implied_middle, second.implied_middle, -1, tr("what is counted")),
        (tr("Share of peak used, as printed"), first_use[0], second_use[0], 1, tr("mixes two conventions")),
        (
            tr("Share of peak used, both on 6ND"),
            first_use[1],
            second_use[1],
            1,
            tr("hardware and software, if the chips are as assumed"),
        ),
    ]
    frame = pd.DataFrame(readings, columns=["reading", "first", "second", "sign", "means"])
    return frame.assign(gain=(frame["first"] / frame["second"]) ** frame["sign"]).drop(columns="sign")


def tokens_for_equal_compute(first: PublishedRun, second: PublishedRun) -> float:
    """Tokens at which the first run would need as much 6·N·D compute as the second: where the answer flips."""
    return float(accounting.tokens_trained(second.flop_as(Convention.MODEL_6ND), first.params.middle, 6))


def compute_table(tables: Tables) -> pd.DataFrame:
    """Named systems whose parameters and tokens are published, on 6·N·D, largest first.

    Columns: system_id, name, params, tokens, model_flop, pfday, over_gpt3, sources.
    """
    rows = [row for system_id in tables["systems"]["system_id"] if (row := _compute_row(tables, system_id))]
    frame = pd.DataFrame(rows).sort_values("model_flop", ascending=False, ignore_index=True)
    return frame.assign(
        over_gpt3=frame["model_flop"] / float(frame.loc[frame["system_id"] == "gpt-3", "model_flop"].iloc[0])
    )


def _compute_row(tables: Tables, system_id: str) -> dict[str, object] | None:
    sparse = tables.kind_of(system_id) == "mixture_of_experts"
    sizes = known(tables, system_id, "active_parameters" if sparse else "parameters")
    tokens = known(tables, system_id, "training_tokens")
    if system_id in BENCHMARKS:
        return None
    found = [rows[0] for rows in (sizes, tokens) if rows and strength(rows[0]) >= Strength.FAIR]
    if len(found) < 2:
        return None
    params, read = (float(row["number"]) for row in found)
    if params != params or read != read:
        return None
    flop = float(accounting.training_flop(params, read, 6))
    return {
        "system_id": system_id,
        "name": tables.name_of(system_id),
        "params": params,
        "tokens": read,
        "model_flop": flop,
        "pfday": float(accounting.petaflop_s_day(flop)),
        "sources": ", ".join(dict.fromkeys(str(row["source_id"]) for row in found)),
    }
