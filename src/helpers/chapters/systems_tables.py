"""The systems that the articles name: how their claims fared, and their compute like for like."""

import math

import pandas as pd

from helpers.chapters.verdicts_tables import FAIL, HOLD
from helpers.formulas import accounting
from helpers.ledger.evidence import known, strength
from helpers.ledger.system_runs import BENCHMARKS
from helpers.ledger.tables import Tables
from helpers.ledger.verdicts import Strength

ENCODER_DECODERS = {"t5-11b"}  # each token passes half of the parameters, as GPT-3's paper counts T5 (Table D.1)


def system_table(tables: Tables, verdicts: pd.DataFrame) -> pd.DataFrame:
    """One row per system that the articles name: what is published, how often it is claimed about, and how the claims fared.

    Columns: system_id, name, name_zh, organisation, kind, parameters, training_flop, claims, held, failed.
    """
    joined = tables["claims"].merge(verdicts, on="claim_id")
    fared = joined.assign(held=joined["grade"].isin(HOLD), failed=joined["grade"].isin(FAIL)).groupby("system_id")
    counts = fared.agg(claims=("claim_id", "size"), held=("held", "sum"), failed=("failed", "sum"))
    frame = tables.named_in_articles.merge(counts, left_on="system_id", right_index=True, how="left")
    frame[counts.columns] = frame[counts.columns].fillna(0).astype(int)
    for quantity in ("parameters", "training_flop"):
        frame[quantity] = [_published(tables, system_id, quantity) for system_id in frame["system_id"]]
    return frame.sort_values(["claims", "name"], ascending=[False, True], kind="stable", ignore_index=True)


def _published(tables: Tables, system_id: str, quantity: str) -> float:
    """The best published value, not a number where there is none; estimates and weak evidence do not count."""
    row = next(iter(known(tables, system_id, quantity)), None)
    return float(row["number"]) if row and strength(row) >= Strength.FAIR else math.nan


def compute_table(tables: Tables) -> pd.DataFrame:
    """Named systems whose parameters and tokens are published, on 6·N·D, largest first.

    Columns: system_id, name, params, tokens, model_flop, pfday, over_gpt3, sources.
    """
    rows = [row for system_id in tables.named_in_articles["system_id"] if (row := _compute_row(tables, system_id))]
    columns = ["system_id", "name", "params", "tokens", "model_flop", "pfday", "sources"]
    frame = pd.DataFrame(rows, columns=columns).sort_values("model_flop", ascending=False, ignore_index=True)
    reference = float(frame.set_index("system_id").loc["gpt-3", "model_flop"])
    return frame.assign(over_gpt3=frame["model_flop"] / reference)


def _compute_row(tables: Tables, system_id: str) -> tuple[object, ...] | None:
    size = "active_parameters" if tables.kind_of(system_id) == "mixture_of_experts" else "parameters"
    quantities = (size, "training_tokens")
    params, read = (_published(tables, system_id, quantity) for quantity in quantities)
    if system_id in BENCHMARKS or math.isnan(params * read):
        return None
    params /= 2 if system_id in ENCODER_DECODERS else 1
    flop = float(accounting.training_flop(params, read, 6))
    sources = dict.fromkeys(str(known(tables, system_id, quantity)[0]["source_id"]) for quantity in quantities)
    pfday = float(accounting.petaflop_s_day(flop))
    return system_id, tables.name_of(system_id), params, read, flop, pfday, ", ".join(sources)
