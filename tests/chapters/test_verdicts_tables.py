"""The finding by kind and the readings are counted from the tables, not told."""

import math

import pandas as pd
import pytest

from helpers.chapters.verdicts_tables import GROUPS, kind_finding, reading_table, share_range, verdicts_by_kind
from helpers.ledger.tables import Tables, read_package
from helpers.ledger.verdicts import Grade
from tests import samples


def test_every_kind_of_claim_belongs_to_one_group() -> None:
    fields = next(r for r in read_package()["resources"] if r["name"] == "claims")["schema"]["fields"]
    kinds = next(f for f in fields if f["name"] == "kind")["constraints"]["enum"]
    assert sorted(kind for group in GROUPS.values() for kind in group["kinds"]) == sorted(kinds)


def test_groups_count_every_claim_once_and_open_ones_are_left_out_of_the_share(
    real_tables: Tables, real_verdicts: pd.DataFrame
) -> None:
    verdicts = real_verdicts
    frame = verdicts_by_kind(real_tables, verdicts)
    grades = verdicts["grade"]
    assert frame["claims"].sum() == len(verdicts)
    assert frame["rated"].sum() == (~grades.isin([Grade.UNSURE, Grade.UNRATED])).sum()
    assert frame["hold"].sum() == grades.isin([Grade.ACCURATE, Grade.CLOSE]).sum()
    assert (frame["hold"] + frame["fail"] == frame["rated"]).all()
    assert frame["share"].between(frame["share_low"], frame["share_high"]).all()


def test_the_sentence_says_the_counts_of_the_table() -> None:
    rows = [(group, 0, 0, 0, 0, math.nan, math.nan, math.nan) for group in GROUPS]
    columns = ["group", "claims", "rated", "hold", "fail", "share", "share_low", "share_high"]
    frame = pd.DataFrame(rows, columns=columns, index=list(GROUPS))
    frame.loc["dates", ["rated", "hold"]] = 50, 45
    frame.loc["ratios", ["rated", "hold"]] = 10, 2
    frame.loc["texts", ["rated", "hold"]] = 4, 1
    text = kind_finding(frame)
    assert all(part in text for part in ("45 of 50 cases (90 %)", "in 2 of 10,", "1 of 4 (25 %)"))


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(9, 10, 0.5958, 0.9821), (0, 10, 0.0, 0.2775), (81, 263, 0.2553, 0.3662)],  # Newcombe 1998, Table I, method 3
)
def test_range_of_a_share_is_wilsons(part: int, whole: int, low: float, high: float) -> None:
    ends = share_range(pd.Series([part, 0]), pd.Series([whole, 0]))
    assert [end[0] for end in ends] == pytest.approx([low, high], abs=5e-4)
    assert all(math.isnan(end[1]) for end in ends)  # of nothing


def test_agreement_is_what_did_not_differ_and_open_where_nobody_counted() -> None:
    row = {"date": "2026-11-22", "reader": "second reading", "drawn": "all rows"}
    tables = samples.tables(
        readings=[row | {"rows_read": 90, "differing": 9}, row | {"rows_read": 50, "differing": pd.NA}]
    )
    frame = reading_table(tables)
    assert frame["agreement"].iloc[0] == pytest.approx(0.9)
    assert frame["agreement_low"].iloc[0] < 0.9 < frame["agreement_high"].iloc[0]
    assert frame[["agreement", "agreement_low"]].iloc[1].isna().all()
