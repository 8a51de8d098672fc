"""Counts of verdicts by grade, article, kind and system; and what the same figures also show."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from helpers.constants import NINETY_FIVE_PERCENT, SECOND_PER_DAY
from helpers.formulas import accounting
from helpers.language import evidence_text, term, tr
from helpers.ledger.evidence import best_number, strength
from helpers.ledger.system_runs import find_run
from helpers.ledger.tables import Tables
from helpers.ledger.verdicts import Grade, Strength
from helpers.numbers import readable
from helpers.structured import read_toml

HOLD = {Grade.ACCURATE.value, Grade.CLOSE.value}
GRADES, STRENGTH_NAMES = [g.value for g in Grade], [s.name.lower() for s in sorted(Strength, reverse=True)]
FAIL = {g.value for g in (Grade.INACCURATE, Grade.WRONG, Grade.MISLEADING, Grade.UNSUPPORTED)}
# What the press writes about, in the order in which the finding is told; kinds as in claims.csv.
GROUPS: dict[str, dict[str, Any]] = read_toml(Path(__file__).with_name("claim_groups.toml"))
# What the same figures also show: findings that no article prints, each a sentence with its numbers worked out.
TPU_IN_GPUS = (2.0, 3.0)  # as article 004 prints it
TEXTS: dict[str, str] = read_toml(Path(__file__).with_name("findings.toml"))
GUESSED_RATE = 2.733e13  # FLOP/s: the digits that article 002 prints, a hundred times as much
DAY_PER_MONTH = 30.44


def grade_counts(verdicts: pd.DataFrame) -> pd.Series:
    """Claims of each grade, in the order of the scale; zeros included."""
    return verdicts["grade"].value_counts().reindex(GRADES, fill_value=0)


def strength_counts(verdicts: pd.DataFrame) -> pd.Series:
    """Claims by the strength of what their verdict rests on; zeros included."""
    return verdicts["evidence_strength"].value_counts().reindex(STRENGTH_NAMES, fill_value=0)


def by_kind(tables: Tables, verdicts: pd.DataFrame) -> pd.DataFrame:
    """Claims by kind and grade, most frequent kinds first, with a `kind` column."""
    frame = graded_by("kind", tables, verdicts)
    frame = frame.assign(all=frame.sum(axis=1)).sort_values("all", ascending=False, kind="stable")
    return frame.rename_axis(columns=None).reset_index()


def graded_by(column: str, tables: Tables, verdicts: pd.DataFrame) -> pd.DataFrame:
    """Claims by what stands in a column of theirs (rows) and grade (columns, in the order of the scale)."""
    joined = tables["claims"].merge(verdicts, on="claim_id")
    frame = pd.crosstab(joined[column].str.replace("_", " "), joined["grade"])
    return frame.reindex(columns=GRADES, fill_value=0)


def by_strength(verdicts: pd.DataFrame) -> pd.DataFrame:
    """Rated claims by the strength of their evidence and by grade: which verdicts rest on little."""
    rated = verdicts[verdicts["evidence_strength"] != ""]
    frame = pd.crosstab(rated["evidence_strength"], rated["grade"])
    frame = frame.loc[[s for s in STRENGTH_NAMES if s in frame.index], [g for g in GRADES if g in frame.columns]]
    return frame.rename_axis(columns=None).reset_index()


def verdicts_by_kind(tables: Tables, verdicts: pd.DataFrame) -> pd.DataFrame:
    """How the rated claims of each group of kinds fared, keyed and ordered as in `GROUPS`.

    Columns: group, claims, rated, hold, fail, share (of the rated that hold), share_low and share_high (its 95 %
    range, Wilson).
    """
    joined, rows = tables["claims"].merge(verdicts, on="claim_id"), []
    for group in GROUPS.values():
        grades = joined.loc[joined["kind"].isin(group["kinds"]), "grade"]
        hold, fail = int(grades.isin(HOLD).sum()), int(grades.isin(FAIL).sum())
        rows.append((tr(group["name"]), len(grades), hold + fail, hold, fail))
    frame = pd.DataFrame(rows, columns=["group", "claims", "rated", "hold", "fail"], index=list(GROUPS))
    low, high = share_range(frame["hold"], frame["rated"])
    return frame.assign(share=frame["hold"] / frame["rated"], share_low=low, share_high=high)


def kind_finding(by_kind: pd.DataFrame) -> str:
    """The finding in one sentence to quote, from `verdicts_by_kind`."""
    parts = (["sizes", "dates", "makers"], ["ratios"], ["texts"])
    (a, b), (c, d), (e, f) = (by_kind.loc[part, ["hold", "rated"]].sum() for part in parts)
    values = {"a": a, "b": b, "ab": a / b, "c": c, "d": d, "e": e, "f": f, "ef": e / f}
    return tr(
        "Sizes, dates and makers hold in {a} of {b} cases ({ab:.0%}); ratios and percentages in {c} of {d}, amounts of text in {e} of {f} ({ef:.0%})."
        if c
        else "Sizes, dates and makers hold in {a} of {b} cases ({ab:.0%}); ratios and percentages in none of {d}, amounts of text in {e} of {f} ({ef:.0%}).",
        **values,
    )


def share_range(part: pd.Series, whole: pd.Series) -> tuple[pd.Series, pd.Series]:
    """95 % ranges of shares seen as `part` of `whole` (Wilson); not a number where nothing was seen."""
    share, weight = part / whole, NINETY_FIVE_PERCENT**2 / whole
    middle, half = share + weight / 2, NINETY_FIVE_PERCENT * np.sqrt((share * (1 - share) + weight / 4) / whole)
    low, high = ((middle + end) / (1 + weight) for end in (-half, half))
    return low.clip(lower=0.0), high.clip(upper=1.0)


def reading_table(tables: Tables) -> pd.DataFrame:
    """The readings of the claims, one a row, with how often each agreed with what stood before.

    Columns: date, reader, drawn, rows_read, differing, agreement (share of the rows read that did not differ),
    agreement_low and agreement_high (its 95 % range, Wilson), remark.
    """
    frame = tables["readings"]
    read, differing = (frame[name].astype("Float64").astype(float) for name in ("rows_read", "differing"))
    low, high = share_range(read - differing, read)
    return frame.assign(agreement=1 - differing / read, agreement_low=low, agreement_high=high)


def evidence_of(tables: Tables, claim: Mapping[str, Any]) -> pd.DataFrame:
    """What a claim is held against. Columns: quantity, system, value, counts, source, locator, strength."""
    rows = [tables.evidence_rows[name] for name in str(claim["evidence_ids"]).split() if name in tables.evidence_rows]
    texts = ("date", "text")
    return pd.DataFrame(
        {
            "quantity": [term(row["quantity"]) for row in rows],
            "system": [tables.name_of(row["system_id"]) for row in rows],
            "value": [r["value"] if r["unit"] in texts else readable(float(r["value"]), r["unit"]) for r in rows],
            "counts": [evidence_text(row["counts"]) for row in rows],
            "source": [row["source_id"] for row in rows],
            "locator": [evidence_text(row["locator"]) for row in rows],
            "strength": [tr(strength(row).name.lower()) for row in rows],
        }
    )


def findings(tables: Tables) -> pd.DataFrame:
    """One finding a row, in the order in which they matter; column `finding`."""
    values = {**_of_chips(tables), **_of_dates(tables), "at_most": _at_most(tables)}
    return pd.DataFrame({"finding": [tr(text, **values[name]) for name, text in TEXTS.items()]})


def _of_chips(tables: Tables) -> dict[str, dict[str, float]]:
    def number(evidence_id: str) -> float:
        return float(tables.evidence_rows[evidence_id]["number"])

    own, cores = number("m6-1t.chip_count.yang2021m6t"), number("switch-c.core_count.yang2021m6t")
    low, high = (cores * gpus / own for gpus in TPU_IN_GPUS)
    chips = number("gpt-3.chip_count.microsoft2020supercomputer")
    time_s = float(accounting.duration_s(find_run(tables, "gpt-3").flop.middle, chips, GUESSED_RATE))
    rate = number("mt-nlg.throughput_per_chip.smith2022mtnlg-3") * 6 / 8
    other = number("gpt-3.throughput_per_chip.patterson2021")
    peak, other_peak = (best_number(tables, chip, "peak_flop_per_s") for chip in ("a100", "v100"))
    share, other_share = rate / peak, other / other_peak
    return {
        "two_rivals": {"a": number("megatron-1t.chip_count.narayanan2021") / own, "low": low, "high": high},
        "hundred_times": {"rate": GUESSED_RATE / 1e12, "chips": chips, "days": time_s / SECOND_PER_DAY},
        "like_for_like": {"rate": rate / 1e12, "share": share, "other": other / 1e12, "other_share": other_share},
        "never_trained": {"saved": number("m6-1t.claimed_saving.wang2021whale")},
        "two_baselines": {"share": number("m6.claimed_energy_ratio.zdnet2021alibaba")},
    }


def _at_most(tables: Tables) -> dict[str, float]:
    """Chips times days times peak: no run does more than its hardware can."""
    peak, gpt3 = best_number(tables, "v100", "peak_flop_per_s"), find_run(tables, "gpt-3").flop.middle
    values = {"gpt3": float(accounting.petaflop_s_day(gpt3))}
    for system_id, mark in (("m6-10t", ""), ("m6-1t", "1")):
        chips, time_s = (best_number(tables, system_id, q) for q in ("chip_count", "training_duration"))
        most = chips * time_s * peak
        values |= {f"n{mark}": chips, f"days{mark}": time_s / SECOND_PER_DAY, f"share{mark}": most / gpt3}
        values[f"pd{mark}"] = float(accounting.petaflop_s_day(most))
    return values


def _of_dates(tables: Tables) -> dict[str, dict[str, float]]:
    names = (
        "gpt-3.paper.brown2020", "pangu-alpha.announced.mindspore2021pangu", "chatgpt.announced.openai2022chatgpt",
        "ernie-bot.announced.mittr2023ernie",
    )  # fmt: skip
    days = [tables.evidence_rows[name]["value"] for name in names] + [tables.published[name] for name in ("004", "003")]
    gpt3, chinese, chatgpt, ernie, claimed, forgotten = map(date.fromisoformat, days)
    return {
        "two_years": {"size": (chinese - gpt3).days, "chat": (ernie - chatgpt).days},
        "largest": {"months": round((forgotten - claimed).days / DAY_PER_MONTH)},
    }
