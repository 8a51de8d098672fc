"""Counts of verdicts: by grade, article, kind and system."""

from __future__ import annotations

import pandas as pd

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
