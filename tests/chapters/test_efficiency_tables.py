"""Chips set side by side: a reader can work each row out again from its own count."""

import pytest

from helpers.chapters.efficiency_tables import GPUS_PER_TPU, chip_savings
from helpers.ledger.tables import Tables


def test_every_ratio_of_a_row_comes_from_its_own_count(real_tables: Tables) -> None:
    rows = chip_savings(real_tables)
    for row in rows.to_dict("records"):
        assert row["share_saved"] == pytest.approx(1 - row["own"] / row["other"])
        assert row["ratio"] == pytest.approx(row["other"] / row["own"])
        if row["chip"].startswith("TPU"):
            assert row["as_gpus"] == pytest.approx(row["ratio"] * GPUS_PER_TPU)
            assert row["day_ratio"] == pytest.approx(row["ratio"] * row["days"] / 3)  # M6: three days at most
        else:
            assert row["as_gpus"] != row["as_gpus"]  # a GPU is no TPU


def test_cores_and_chips_stand_in_rows_of_their_own(real_tables: Tables) -> None:
    google = chip_savings(real_tables).set_index("counted")
    assert google.loc["chips, as built", "other"] == 1024
    assert google.loc["cores, as printed", "other"] == 2048
    peaks = google.loc[["chips, as built", "cores, as printed"], "peak_ratio"]
    assert peaks.iloc[0] == pytest.approx(peaks.iloc[1])  # the same hardware


def test_one_number_of_systems(real_tables: Tables) -> None:
    """What the summary counts as systems claims are about, and what more the chapters list, add up."""
    about, named = real_tables.claimed_about, set(real_tables.named_in_articles["system_id"])
    assert about <= named
    assert len(named) - len(about) == len(named - about)
