"""Counts of verdicts: by grade, article, kind and system."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from helpers.constants import NINETY_FIVE_PERCENT
from helpers.language import later, term, tr
from helpers.ledger.evidence import strength
from helpers.ledger.tables import Tables
from helpers.ledger.verdicts import Grade, Strength
from helpers.numbers import readable

HOLD = {Grade.ACCURATE.value, Grade.CLOSE.value}
FAIL = {g.value for g in (Grade.INACCURATE, Grade.WRONG, Grade.MISLEADING, Grade.UNSUPPORTED)}
# What the press writes about, in the order in which the finding is told; kinds as in claims.csv.
GROUPS = {
    later("sizes of models"): {"parameters", "active_parameters", "layers", "context_length"},
    later("dates"): {"date"},
    later("who made what"): {"attribution"},
    later("hardware, time and work"): {
        "chip_count", "server_count", "core_count", "duration", "throughput", "utilisation", "compute", "energy", "emissions",
    },
    later("other counts and amounts"): {"count", "score", "rank", "money", "market"},
    later("statements without a figure"): {"other"},
    later("superlatives"): {"superlative"},
    later("comparisons in words"): {"comparison"},
    later("ratios and percentages"): {"ratio", "percent"},
    later("amounts of text"): {"tokens", "words", "dataset_size"},
}  # fmt: skip


def grade_counts(verdicts: pd.DataFrame) -> pd.Series:
    """Claims of each grade, in the order of the scale; zeros included."""
    return verdicts["grade"].value_counts().reindex([g.value for g in Grade], fill_value=0)


def strength_counts(verdicts: pd.DataFrame) -> pd.Series:
    """Claims by the strength of what their verdict rests on; zeros included."""
    names = [s.name.lower() for s in Strength]
    return verdicts["evidence_strength"].value_counts().reindex(names, fill_value=0)


def articles_in_words(counted: pd.DataFrame) -> str:
    """`by_article` as a sentence: how many claims of each article have which grade."""
    rows = (
        f"{article}: " + ", ".join(f"{n} {tr(str(grade))}" for grade, n in row.items() if n)
        for article, row in counted.iterrows()
    )
    return "; ".join(rows)


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


def verdicts_by_kind(tables: Tables, verdicts: pd.DataFrame) -> pd.DataFrame:
    """How the rated claims of each group of kinds fared, in the order of `GROUPS`.

    Columns: group, claims, rated, hold, fail, share (of the rated that hold), share_low and share_high (its 95 %
    range, Wilson).
    """
    joined = tables["claims"].merge(verdicts, on="claim_id")
    rows = []
    for group, kinds in GROUPS.items():
        grades = joined.loc[joined["kind"].isin(kinds), "grade"]
        hold, fail = int(grades.isin(HOLD).sum()), int(grades.isin(FAIL).sum())
        low, high = share_range(hold, hold + fail)
        share = hold / (hold + fail) if hold + fail else math.nan
        rows.append((tr(group), len(grades), hold + fail, hold, fail, share, low, high))
    return pd.DataFrame(rows, columns=["group", "claims", "rated", "hold", "fail", "share", "share_low", "share_high"])


def kind_finding(by_kind: pd.DataFrame) -> str:
    """The finding in one sentence to quote, from `verdicts_by_kind`."""
    rows = by_kind.set_index("group")

    def part(*groups: str) -> tuple[int, int]:
        chosen = rows.loc[[tr(g) for g in groups]]
        return int(chosen["hold"].sum()), int(chosen["rated"].sum())

    plain = part("sizes of models", "dates", "who made what")
    relative, text = part("ratios and percentages"), part("amounts of text")
    if relative[0] == 0:
        return tr(
            "Sizes, dates and makers hold in {a} of {b} cases ({ab:.0%}); ratios and percentages in none of {d}, amounts of text in {e} of {f} ({ef:.0%}).",
            a=plain[0], b=plain[1], ab=_share(*plain), d=relative[1], e=text[0], f=text[1], ef=_share(*text),
        )  # fmt: skip
    return tr(
        "Sizes, dates and makers hold in {a} of {b} cases ({ab:.0%}); ratios and percentages in {c} of {d}, amounts of text in {e} of {f} ({ef:.0%}).",
        a=plain[0], b=plain[1], ab=_share(*plain), c=relative[0], d=relative[1],
        e=text[0], f=text[1], ef=_share(*text),
    )  # fmt: skip


def _share(part: int, whole: int) -> float:
    return part / whole if whole else math.nan


def share_range(part: int, whole: int) -> tuple[float, float]:
    """95 % range of a share seen as `part` of `whole` (Wilson); not a number where nothing was seen."""
    if not whole:
        return math.nan, math.nan
    share, weight = part / whole, NINETY_FIVE_PERCENT**2 / whole
    middle, half = share + weight / 2, NINETY_FIVE_PERCENT * math.sqrt((share * (1 - share) + weight / 4) / whole)
    return max(0.0, (middle - half) / (1 + weight)), min(1.0, (middle + half) / (1 + weight))


def reading_table(tables: Tables) -> pd.DataFrame:
    """The readings of the claims, one a row, with how often each agreed with what stood before.

    Columns: date, reader, drawn, rows_read, differing, agreement (share of the rows read that did not differ),
    agreement_low and agreement_high (its 95 % range, Wilson), remark.
    """
    frame = tables["readings"]
    counts = frame[["rows_read", "differing"]].astype("Float64").to_numpy(dtype=float, na_value=math.nan)
    ranges = [(math.nan, math.nan) if math.isnan(d) else share_range(int(n - d), int(n)) for n, d in counts]
    return frame.assign(
        agreement=[1 - d / n for n, d in counts],
        agreement_low=[low for low, _ in ranges],
        agreement_high=[high for _, high in ranges],
    )


def by_strength(verdicts: pd.DataFrame) -> pd.DataFrame:
    """Rated claims by the strength of their evidence and by grade: which verdicts rest on little."""
    rated = verdicts[verdicts["evidence_strength"] != ""]
    order = [s.name.lower() for s in sorted(Strength, reverse=True)]
    frame = pd.crosstab(rated["evidence_strength"], rated["grade"])
    frame = frame.reindex(
        index=[s for s in order if s in frame.index], columns=[g.value for g in Grade if g.value in frame.columns]
    )
    return frame.rename_axis(columns=None).reset_index()


def evidence_of(tables: Tables, claim: Mapping[str, Any]) -> pd.DataFrame:
    """What a claim is held against. Columns: quantity, system, value, counts, source, locator, strength."""
    rows = [tables.evidence_rows[name] for name in str(claim["evidence_ids"]).split() if name in tables.evidence_rows]
    kept = ["quantity", "system_id", "value", "unit", "counts", "source_id", "locator"]
    frame = pd.DataFrame(rows, columns=kept).rename(columns={"source_id": "source"})
    values = [
        v if u in ("date", "text") else readable(float(v), u)
        for v, u in zip(frame["value"], frame["unit"], strict=True)
    ]
    return frame.assign(
        quantity=frame["quantity"].map(term),
        system=frame["system_id"].map(tables.name_of),
        value=values,
        strength=[tr(strength(row).name.lower()) for row in rows],
    )[["quantity", "system", "value", "counts", "source", "locator", "strength"]]
