"""Counts of verdicts: by grade, article, kind and system."""

from __future__ import annotations

import pandas as pd

from helpers.ledger.evidence import strength
from helpers.ledger.tables import Tables
from helpers.ledger.verdicts import Grade, Strength


def grade_counts(verdicts: pd.DataFrame) -> pd.Series:
    """Claims of each grade, in the order of the scale; zeros included."""
    return verdicts["grade"].value_counts().reindex([g.value for g in Grade], fill_value=0)


def by_article(tables: Tables, verdicts: pd.DataFrame) -> pd.DataFrame:
    """Claims by article (rows) and grade (columns, in the order of the scale)."""
    joined = tables["claims"].merge(verdicts, on="claim_id")
    return pd.crosstab(joined["article_id"], joined["grade"]).reindex(columns=[g.value for g in Grade], fill_value=0)


def by_kind(tables: Tables, verdicts: pd.DataFrame) -> pd.DataFrame:
    """Claims by kind and grade, most frequent kinds first, with a `kind` column."""
    joined = tables["claims"].merge(verdicts, on="claim_id")
    frame = pd.crosstab(joined["kind"].str.replace("_", " "), joined["grade"]).reindex(
        columns=[g.value for g in Grade], fill_value=0
    )
    frame = frame.assign(all=frame.sum(axis=1)).sort_values("all", ascending=False, kind="stable")
    return frame.rename_axis(columns=None).reset_index()


def by_strength(verdicts: pd.DataFrame) -> pd.DataFrame:
    """Rated claims by the strength of their evidence and by grade: which verdicts rest on little."""
    rated = verdicts[verdicts["evidence_strength"] != ""]
    order = [s.name.lower() for s in sorted(Strength, reverse=True)]
    frame = pd.crosstab(rated["evidence_strength"], rated["grade"])
    frame = frame.reindex(
        index=[s for s in order if s in frame.index], columns=[g.value for g in Grade if g.value in frame.columns]
    )
    return frame.rename_axis(columns=None).reset_index()


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
