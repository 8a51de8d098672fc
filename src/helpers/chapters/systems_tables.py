"""The systems that the articles name: how their claims fared, and their compute like for like."""

from __future__ import annotations

import pandas as pd

from helpers.formulas import accounting
from helpers.ledger.evidence import known, strength
from helpers.ledger.system_runs import BENCHMARKS
from helpers.ledger.tables import Tables
from helpers.ledger.verdicts import Grade, Strength


def system_table(tables: Tables, verdicts: pd.DataFrame) -> pd.DataFrame:
    """One row per system that the articles name: what is published, how often it is claimed about, and how the claims fared.

    Columns: system_id, name, name_zh, organisation, kind, parameters, training_flop, claims, held, failed.
    """
    joined = tables["claims"].merge(verdicts, on="claim_id")
    held = joined["grade"].isin([Grade.ACCURATE, Grade.CLOSE])
    failed = joined["grade"].isin([Grade.INACCURATE, Grade.WRONG, Grade.MISLEADING, Grade.UNSUPPORTED])
    counts = (
        joined.assign(held=held, failed=failed)
        .groupby("system_id")
        .agg(claims=("claim_id", "size"), held=("held", "sum"), failed=("failed", "sum"))
    )
    frame = tables.named_in_articles.merge(counts, left_on="system_id", right_index=True, how="left")
    frame = frame.fillna({"claims": 0, "held": 0, "failed": 0}).astype({"claims": int, "held": int, "failed": int})
    best = _published(tables, ("parameters", "training_flop"))
    for quantity in ("parameters", "training_flop"):
        frame[quantity] = [best.get((s, quantity), float("nan")) for s in frame["system_id"]]
    return frame.sort_values(["claims", "name"], ascending=[False, True], kind="stable", ignore_index=True)


def _published(tables: Tables, quantities: tuple[str, ...]) -> dict[tuple[str, str], float]:
    """The best published value of each system's quantities; estimates and weak evidence do not count."""
    evidence = tables["evidence"]
    best: dict[tuple[str, str], tuple[Strength, float]] = {}
    for row in evidence[evidence["quantity"].isin(quantities) & (evidence["standing"] != "estimate")].to_dict(
        "records"
    ):
        key, grade = (row["system_id"], row["quantity"]), strength(row)
        if grade >= Strength.FAIR and (key not in best or grade > best[key][0]):
            best[key] = grade, float(row["number"])
    return {key: number for key, (_, number) in best.items()}


def compute_table(tables: Tables) -> pd.DataFrame:
    """Named systems whose parameters and tokens are published, on 6·N·D, largest first.

    Columns: system_id, name, params, tokens, model_flop, pfday, over_gpt3, sources.
    """
    rows = [row for system_id in tables.named_in_articles["system_id"] if (row := _compute_row(tables, system_id))]
    frame = pd.DataFrame(rows).sort_values("model_flop", ascending=False, ignore_index=True)
    return frame.assign(
        over_gpt3=frame["model_flop"] / float(frame.loc[frame["system_id"] == "gpt-3", "model_flop"].iloc[0])
    )


# Each token passes the encoder or the decoder, so half of the parameters, as GPT-3's paper counts T5 (Table D.1).
ENCODER_DECODERS = {"t5-11b"}


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
    params /= 2 if system_id in ENCODER_DECODERS else 1
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
