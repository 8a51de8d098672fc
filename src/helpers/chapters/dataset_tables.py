"""Summaries of the dataset for its chapter."""

from pathlib import Path

import pandas as pd

from helpers.language import later, tr
from helpers.ledger.evidence import STRENGTHS, strength
from helpers.ledger.tables import Tables, read_package
from helpers.ledger.verdicts import Strength

STRENGTH_WORDS = {
    Strength.STRONG: later("read in the makers' own paper, code or announcement"),
    Strength.FAIR: later("quoted from the makers by others, reported by others, or transcribed by Epoch AI"),
    Strength.WEAK: later("an estimate, an assumption, or hearsay"),
    Strength.HINT: later("recalled, no text of the source seen; never decides a verdict"),
}


def article_summary(tables: Tables) -> pd.DataFrame:
    """One row per article with its claims and the coverage of its number-like tokens."""
    articles = tables["articles"]
    claims = tables["claims"].groupby("article_id").size().rename("claims").reset_index()
    frame = articles.merge(claims, on="article_id", how="left").fillna({"claims": 0}).astype({"claims": int})
    frame["unaccounted"] = frame["number_tokens"] - frame["tokens_claimed"] - frame["tokens_dismissed"]
    return frame


def kind_summary(tables: Tables) -> pd.DataFrame:
    """Claims by kind (rows) and article (columns), with totals, most frequent kinds first."""
    claims = tables["claims"]
    frame = pd.crosstab(claims["kind"].str.replace("_", " "), claims["article_id"])
    frame["all"] = frame.sum(axis=1)
    return frame.sort_values(["all"], ascending=False, kind="stable").rename_axis(columns=None).reset_index()


def evidence_summary(tables: Tables) -> pd.DataFrame:
    """Rows of evidence by strength, and how many of them a claim points to."""
    evidence = tables["evidence"]
    grades = pd.Series([strength(row) for row in evidence.to_dict("records")], index=evidence.index)
    used = evidence["evidence_id"].isin(set(" ".join(tables["claims"]["evidence_ids"]).split()))
    rows = []
    for grade in sorted({*STRENGTHS.values(), Strength.HINT}, reverse=True):
        mine = grades == grade
        rows.append((tr(grade.name.lower()), tr(STRENGTH_WORDS[grade]), int(mine.sum()), int((mine & used).sum())))
    return pd.DataFrame(rows, columns=["strength", "meaning", "rows", "used"])


def table_summary(tables: Tables, data_dir: Path) -> pd.DataFrame:
    """The tables of the data package with their size and description."""
    rows = [
        (r["name"], tr(r["title"]), len(tables[r["name"]]), len(r["schema"]["fields"]), tr(r["description"]))
        for r in read_package(data_dir)["resources"]
    ]
    return pd.DataFrame(rows, columns=["name", "title", "rows", "columns", "what"])
