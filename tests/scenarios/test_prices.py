"""Prices and grids: look-ups by date, with a reason where nothing is known."""

import csv
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.errors import DataProblem
from helpers.formulas.validation import InputError
from helpers.paths import RAW
from helpers.scenarios import operations, prices
from helpers.scenarios.prices import PURCHASE

ROWS = """\
price_id,accelerator_id,vendor,date,commitment,usd_per_chip_hour,usd_purchase
a,card,North,2023-01-01,on_demand,4,
b,card,North,2024-01-01,on_demand,3,
c,card,South,2024-02-01,on_demand,2,
d,card,West,2024-03-01,on_demand,7,
e,card,South,2024-02-01,1y,1.5,
f,card,,2024-02-01,purchase,,20000
"""
WITHOUT_A_YEAR = ROWS.replace("e,card,South,2024-02-01,1y,1.5,\n", "")


@pytest.fixture
def write_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Puts a table of its own in the place of the project's, for one test."""

    def write(rows: str) -> None:
        (tmp_path / "prices.csv").write_text(rows, encoding="utf-8")
        monkeypatch.setattr(prices, "TABLE", tmp_path / "prices.csv")
        forget()

    def forget() -> None:
        prices.read_prices.cache_clear()
        prices.quotes.cache_clear()
        prices.usual_ratio.cache_clear()

    yield write
    forget()


@pytest.fixture
def table(write_table: Callable[[str], None]) -> None:
    write_table(ROWS)


def test_newest_price_is_the_median_over_vendors_each_at_its_nearest_day(table):
    found = prices.find_price("card")
    assert (found.usd, found.vendors) == (3.0, ("North", "South", "West"))
    assert (found.first, found.last) == (date(2024, 1, 1), date(2024, 3, 1))
    assert found.low < 3 / 1.3
    assert 6 < found.high <= 7
    assert found.text == "the median of 3 vendors (North, South, West), 2024-01-01 to 2024-03-01"


def test_nearest_day_counts_and_a_carried_price_is_less_sure(table):
    near, far = (prices.find_price("card", day=day) for day in (date(2023, 1, 1), date(2020, 6, 1)))
    assert (near.usd, far.usd, near.first) == (4.0, 4.0, date(2023, 1, 1))
    assert far.low < near.low < 4 < near.high < far.high
    assert far.text.endswith("carried over 2.6 years to 2020-06-01, with a wider range")


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 4000), st.sampled_from(["on_demand", "1y", "3y"]))
def test_a_rent_is_never_unknown_for_its_day_alone_and_grows_less_sure(days, commitment):
    """A price that is known at all is known, with a range, for every later day."""
    last = max(r.day for r in prices.read_prices())
    now, later = (prices.find_price("h100-sxm5-80gb", commitment, last + timedelta(d)) for d in (days, days + 200))
    assert later.high / later.low > now.high / now.low > 1


@pytest.mark.parametrize("chip", sorted({r.accelerator_id for r in prices.read_prices() if r.commitment != PURCHASE}))
@pytest.mark.parametrize("day", [date(2021, 1, 1), date(2023, 6, 1), date(2025, 3, 17), date(2026, 11, 1)])
def test_no_commitment_is_dearer_than_on_demand(chip, day):
    free, bound = (prices.find_price(chip, commitment, day) for commitment in ("on_demand", "1y"))
    assert bound.usd < free.usd


def test_a_dear_commitment_is_said_to_be_one(write_table):
    """Google's year of an H100 stood at 7.67 dollars in March 2025, where others rented it on demand for 3."""
    write_table(WITHOUT_A_YEAR + "g,card,Google Cloud,2024-01-01,1y,9,\n")
    found = prices.find_price("card", "1y")
    assert found.known
    assert "dearer than on demand" in found.text


def test_hyperscalers_list_prices_do_not_stand_for_the_market(write_table):
    """Single servers are rented at them; clusters are not."""
    write_table(WITHOUT_A_YEAR + "h,card,Google Cloud,2024-02-01,on_demand,12,\n")
    found = prices.find_price("card")
    assert (found.usd, found.vendors) == (3.0, ("North", "South", "West"))
    assert "without the list prices of Google Cloud (12)" in found.text


def test_one_vendor(table):
    assert prices.find_price("card", vendor="south").usd == 2.0
    unknown = prices.find_price("card", vendor="East")
    assert (unknown.known, unknown.text) == (
        False,
        "no rent (on_demand) of card at East is known; known: North, South, West",
    )


@pytest.mark.parametrize(
    ("asked", "vendor"), [("AWS", "Amazon Web Services"), ("amazon", "Amazon Web Services"), ("lambda", "Lambda Labs")]
)
def test_a_vendor_by_the_names_that_people_write(asked, vendor):
    found = prices.find_price("h100-sxm5-80gb", vendor=asked)
    assert found.known
    assert found.vendors == (vendor,)


def test_commitment_and_purchase(table):
    assert prices.find_price("card", "1y").usd == 1.5
    assert prices.find_price("card", PURCHASE).usd == 20000
    assert "no quote for 3y: from on_demand at the usual ratio of" in prices.find_price("card", "3y").text


def test_what_is_not_sold_has_no_price():
    """TPUs: Epoch's figure is what one may cost to make."""
    assert "it is not sold" in prices.find_price("tpu-v5p", PURCHASE).text


def test_project_table_is_about_known_accelerators_and_sound():
    rows = prices.read_prices()
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


def test_a_bad_cell_is_one_line(write_table):
    write_table(ROWS.replace("2024-01-01", "2024-13-01"))
    with pytest.raises(DataProblem, match=r"prices\.csv, row b: .*Mend: correct the cell"):
        prices.read_prices()


def test_grid_by_identifier_name_and_day():
    assert operations.find_grid("us-2021").carbon_kg_per_kwh == 0.429
    assert operations.find_grid("China", date(2021, 5, 1)).year == 2022
    assert operations.find_grid("china").year == 2024
    assert operations.find_grid("united states").year == 2024


def test_unknown_grid_names_near_ones():
    with pytest.raises(InputError, match="grid: 'frence' is unknown; did you mean france"):
        operations.find_grid("frence")


def test_grids_derived_from_emissions_over_energy(evidence):
    """Patterson's and others' net emissions over energy, from the evidence table."""
    for grid, system, source in [
        ("site-t5-2021", "t5-11b", "patterson2021"),
        ("site-switch-2021", "switch-c", "patterson2021"),
        ("site-gshard-2021", "gshard-600b", "patterson2021"),
    ]:
        kg = float(evidence[f"{system}.emissions.{source}"]["value"])
        kwh = float(evidence[f"{system}.energy.{source}"]["value"]) / 3.6e6
        assert operations.find_grid(grid).carbon_kg_per_kwh == pytest.approx(kg / kwh, rel=2e-3)
