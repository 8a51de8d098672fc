"""Prices and grids: look-ups by date, with a reason where nothing is known."""

import csv
from datetime import date
from pathlib import Path

import pytest

from helpers.formulas.validation import InputError
from helpers.paths import RAW
from helpers.scenarios import grids, prices
from helpers.scenarios.prices import PURCHASE, Price, Unknown

ROWS = """\
price_id,accelerator_id,vendor,date,commitment,usd_per_chip_hour,usd_purchase
a,card,North,2023-01-01,on_demand,4,
b,card,North,2024-01-01,on_demand,3,
c,card,South,2024-02-01,on_demand,2,
d,card,West,2024-03-01,on_demand,7,
e,card,South,2024-02-01,1y,1.5,
f,card,,2024-02-01,purchase,,20000
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "prices.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def test_newest_price_is_the_median_over_vendors_each_at_its_nearest_day(table):
    found = prices.find_price("card", path=table)
    assert found == Price(3.0, 2.0, 7.0, 3, date(2024, 1, 1), date(2024, 3, 1))
    assert found.text == "the median of 3 vendors, 2024-01-01 to 2024-03-01"


def test_nearest_day_counts(table):
    found = prices.find_price("card", day=date(2022, 6, 1), path=table)
    assert (found.usd, found.vendors, found.first) == (4.0, 1, date(2023, 1, 1))


def test_few_vendors_make_no_range(table):
    found = prices.find_price("card", day=date(2023, 2, 10), path=table)
    assert (found.low, found.usd, found.high, found.vendors) == (3.0, 3.0, 3.0, 2)


def test_one_vendor(table):
    assert prices.find_price("card", vendor="south", path=table).usd == 2.0
    unknown = prices.find_price("card", vendor="East", path=table)
    assert unknown == Unknown("no rent (on_demand) of card at East is known; known: North, South, West")


def test_commitment_and_purchase(table):
    assert prices.find_price("card", "1y", path=table).usd == 1.5
    assert prices.find_price("card", PURCHASE, path=table).usd == 20000
    assert prices.find_price("card", "3y", path=table) == Unknown("no rent (3y) of card is known; known: 1y, on_demand")


def test_no_price_near_the_day(table):
    reason = prices.find_price("card", day=date(2030, 1, 1), path=table).reason
    assert reason.startswith("price unknown at that date: no rent (on_demand) of card within 365 days of 2030-01-01")
    assert reason.endswith("known from 2023-01-01 to 2024-03-01")


def test_project_table_is_about_known_accelerators_and_sound():
    rows = prices.read_prices(RAW / "prices.csv")
    assert len(rows) > 400
    with (RAW / "hardware.csv").open(encoding="utf-8") as lines:
        assert {row.accelerator_id for row in rows} <= {row["accelerator_id"] for row in csv.DictReader(lines)}
    assert all(row.usd > 0 for row in rows)
    keys = [(r.accelerator_id, r.vendor, r.day, r.commitment) for r in rows]
    assert len(keys) == len(set(keys))


def test_known_prices():
    """Amazon's p4de of eight A100 80GB, 40.97 dollars an hour (Epoch's table)."""
    found = prices.find_price("a100-sxm4-80gb", day=date(2022, 8, 19), vendor="Amazon Web Services")
    assert found.usd == pytest.approx(40.97 / 8, rel=1e-3)


def test_prices_file_missing(tmp_path):
    with pytest.raises(InputError, match=r"prices: .*nowhere\.csv cannot be read"):
        prices.read_prices(tmp_path / "nowhere.csv")


def test_grid_by_identifier_name_and_day():
    assert grids.find_grid("us-2021").carbon_kg_per_kwh == 0.429
    assert grids.find_grid("China", date(2021, 5, 1)).year == 2022
    assert grids.find_grid("china").year == 2024
    assert grids.find_grid("united states").year == 2024


def test_unknown_grid_names_near_ones():
    with pytest.raises(InputError, match="grid: 'frence' is unknown; did you mean france"):
        grids.find_grid("frence")


def test_grids_derived_from_emissions_over_energy(evidence):
    """Patterson's and others' net emissions over energy, from the evidence table."""
    for grid, system, source in [
        ("site-t5-2021", "t5-11b", "patterson2021"),
        ("site-switch-2021", "switch-c", "patterson2021"),
        ("site-gshard-2021", "gshard-600b", "patterson2021"),
    ]:
        kg = float(evidence[f"{system}.emissions.{source}"]["value"])
        kwh = float(evidence[f"{system}.energy.{source}"]["value"]) / 3.6e6
        assert grids.find_grid(grid).carbon_kg_per_kwh == pytest.approx(kg / kwh, rel=2e-3)
