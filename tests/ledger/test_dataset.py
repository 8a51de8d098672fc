"""The dataset: sources, links, printed figures and positions, each checked before anything is built."""

import math
import shutil
from pathlib import Path

import pytest

from helpers.errors import DataProblem, Problem
from helpers.ledger.dataset import claim_interval, read_dataset
from helpers.ledger.intervals import Interval, date_interval
from helpers.paths import DATA
from tests import samples


def refused(tmp_path: Path, table: str, index: int, **changed: object) -> str:
    """The one line that a data folder with one changed row is refused with."""
    rows = samples.rows()
    rows[table][index] |= changed
    folder = samples.write_data(tmp_path / "data", rows)
    with pytest.raises(DataProblem) as problem:
        read_dataset(folder)
    line = str(problem.value)
    assert "\n" not in line
    assert " Mend: " in line
    return line


def test_a_folder_without_a_fault_is_read(data_dir: Path) -> None:
    dataset = read_dataset(data_dir)
    assert len(dataset.tables["claims"]) == 3
    assert dataset.texts == {}
    assert "not at hand" in dataset.texts_message


# Sources and links --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("table", "where"), [("evidence", "row 3"), ("models", "row 3")])
def test_source_that_is_not_in_the_bibliography(table: str, where: str, tmp_path: Path) -> None:
    line = refused(tmp_path, table, 1, source_id="hearsay2020")
    assert f"raw/{table}.csv, {where}" in line
    assert "source hearsay2020 is not in references.bib" in line


def test_evidence_without_a_source(tmp_path: Path) -> None:
    line = refused(tmp_path, "evidence", 1, source_id="")
    assert "raw/evidence.csv, row 3 (alpha.work), column source_id" in line


@pytest.mark.parametrize("value", ["3e2x", "about 3", "nan", "inf", "三百"])
def test_evidence_whose_value_is_not_a_number(value: str, tmp_path: Path) -> None:
    line = refused(tmp_path, "evidence", 1, value=value)
    assert "raw/evidence.csv, row 3 (alpha.work), column value" in line
    assert value in line


@pytest.mark.parametrize("value", ["2021-13", "2021-02-30", "last year", "2021-10-12-08", "20211012"])
def test_evidence_whose_value_is_not_a_date(value: str, tmp_path: Path) -> None:
    assert "raw/evidence.csv, row 4 (beta.day), column value" in refused(tmp_path, "evidence", 2, value=value)


def test_claim_pointing_to_evidence_that_is_not_there(tmp_path: Path) -> None:
    line = refused(tmp_path, "claims", 1, evidence_ids="alpha.work alpha.wrok")
    assert "raw/claims.csv, row 3 (000-work), column evidence_ids" in line
    assert "no evidence alpha.wrok" in line


def test_claim_may_lean_on_another_claim_of_the_same_article(tmp_path: Path) -> None:
    rows = samples.rows()
    rows["claims"][1]["evidence_ids"] = "claim:000-size"
    assert len(read_dataset(samples.write_data(tmp_path / "data", rows)).tables["claims"]) == 3


def test_claim_leaning_on_a_claim_that_is_not_there(tmp_path: Path) -> None:
    line = refused(tmp_path, "claims", 1, evidence_ids="claim:000-gone")
    assert "raw/claims.csv, row 3 (000-work), column evidence_ids" in line
    assert "000-gone" in line


# Printed figures ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "reads_as"),
    [
        ({"value": "1.75e12"}, "1.75e+11"),  # a slip of ten
        ({"value": "1.75e8"}, "1.75e+11"),  # 亿 taken for a hundred thousand
        ({"value": "1.76e11"}, "1.75e+11"),
        ({"value": "1750", "scale": "1e8"}, "1.75e+19"),  # 亿 is in the token: no scale is left over
    ],
)
def test_printed_figure_that_does_not_read_as_its_value(changed: dict[str, str], reads_as: str, tmp_path: Path) -> None:
    line = refused(tmp_path, "claims", 0, **changed)
    assert "raw/claims.csv, row 2 (000-size), columns as_printed and value" in line
    assert f"'1750亿' reads as {reads_as}" in line


def test_printed_unit_that_is_not_the_rows_unit(tmp_path: Path) -> None:
    line = refused(tmp_path, "claims", 1, unit="FLOP/s")
    assert "raw/claims.csv, row 3 (000-work)" in line
    assert "is in FLOP, the row says FLOP/s" in line


def test_printed_token_that_is_not_a_figure(tmp_path: Path) -> None:
    line = refused(tmp_path, "claims", 1, **samples.span("训练用了"))
    assert "raw/claims.csv, row 3 (000-work), columns as_printed and value" in line


def test_figure_without_a_value(tmp_path: Path) -> None:
    line = refused(tmp_path, "claims", 0, value="")
    assert "row 2 (000-size), column value: kind parameters has no value" in line


def test_statement_without_a_figure_needs_no_value(tmp_path: Path) -> None:
    rows = samples.rows()
    rows["claims"][0] |= {"kind": "attribution", "value": "", "unit": "none", "evidence_ids": ""}
    assert read_dataset(samples.write_data(tmp_path / "data", rows))


def test_range_without_its_ends(tmp_path: Path) -> None:
    line = refused(tmp_path, "claims", 0, bound="range")
    assert "row 2 (000-size)" in line
    assert "value_low" in line


@pytest.mark.parametrize("value", ["2020-10", "2021-11", "2021-10-12"])
def test_printed_date_that_is_not_the_rows_date(value: str, tmp_path: Path) -> None:
    """2021年10月 is neither another year nor another month, nor a day that was not printed."""
    line = refused(tmp_path, "claims", 2, value=value)
    assert "raw/claims.csv, row 4 (000-day), columns as_printed and value" in line
    assert value in line


# Positions ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", [0, 2, len(samples.TEXT) - 3, 5000])
def test_span_outside_the_body(start: int, tmp_path: Path) -> None:
    line = refused(tmp_path, "claims", 0, char_start=start, char_end=start + 5)
    assert "raw/claims.csv, row 2" in line
    assert f"span {start}-{start + 5} is outside the body" in line


def test_span_of_another_length_than_the_token(tmp_path: Path) -> None:
    line = refused(tmp_path, "claims", 0, char_start=10, char_end=12)
    assert "not as long as '1750亿'" in line


def test_span_whose_ends_are_swapped(tmp_path: Path) -> None:
    assert "raw/dismissals.csv, row 2" in refused(tmp_path, "dismissals", 0, char_start=44, char_end=43)


def texts_in(folder: Path, text: str = samples.TEXT) -> str:
    folder.mkdir()
    (folder / "any name.txt").write_text(text, encoding="utf-8", newline="")
    return str(folder)


def test_text_is_found_by_its_hash_and_every_figure_in_its_place(data_dir: Path, tmp_path: Path) -> None:
    dataset = read_dataset(data_dir, texts_in(tmp_path / "texts"))
    assert dataset.texts == {"000": samples.TEXT}
    assert dataset.texts_message.startswith("1 of 1 texts at hand")


def test_text_changed_by_one_letter_is_not_taken(data_dir: Path, tmp_path: Path) -> None:
    assert read_dataset(data_dir, texts_in(tmp_path / "texts", samples.TEXT + "。")).texts == {}


def test_figure_that_stands_elsewhere_in_the_text(tmp_path: Path) -> None:
    rows = samples.rows()
    rows["claims"][0] |= {"char_start": 9, "char_end": 14}
    folder = samples.write_data(tmp_path / "data", rows)
    with pytest.raises(DataProblem, match=r"claims.csv, row 2: the text has .* at 9-14, not '1750亿'"):
        read_dataset(folder, texts_in(tmp_path / "texts"))


def test_folder_of_texts_that_does_not_exist(data_dir: Path) -> None:
    with pytest.raises(Problem, match=r"no folder /nowhere/texts. Mend: "):
        read_dataset(data_dir, "/nowhere/texts")


# What a claim says, as an interval --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "low", "high"),
    [
        (("1750亿", "1.75e11", "parameter", {}), 1.745e11, 1.755e11),
        (("1750", "1.75e11", "parameter", {"scale": 1e8}), 1.745e11, 1.755e11),  # 亿 stands in the table's head
        (("1750亿", "1.75e11", "parameter", {"bound": "about", "hedge": "约"}), 1.575e11, 1.925e11),
        (("1750亿", "1.75e11", "parameter", {"bound": "about", "hedge": "近"}), 1.575e11, 1.755e11),
        (("1750亿", "1.75e11", "parameter", {"bound": "at_most", "hedge": "不到"}), 0, 1.755e11),
        (("2~3", "2.5", "ratio", {"bound": "range", "value_low": "2", "value_high": "3"}), 2, 3),
    ],
)
def test_interval_of_a_claim(row: tuple, low: float, high: float) -> None:
    *cells, more = row
    found = claim_interval({"scale": math.nan, "hedge": "", **samples.claim("000-x", *cells, **more)})
    assert found is not None
    assert (found.low, found.high) == (pytest.approx(low), pytest.approx(high))


def test_interval_of_a_date_is_its_days() -> None:
    row = {"hedge": "", **samples.claim("000-x", "2021年10月", "2021-10", "date")}
    assert claim_interval(row) == date_interval("2021-10")


def test_interval_of_a_span_of_dates_goes_from_the_first_day_to_the_last() -> None:
    ends = {"bound": "range", "value_low": "2018", "value_high": "2020"}
    row = {"hedge": "", **samples.claim("000-x", "2018-2020年", "2019", "date", **ends)}
    assert claim_interval(row) == Interval(date_interval("2018").low, date_interval("2020").high)


def test_statement_without_a_figure_has_no_interval() -> None:
    assert claim_interval({"hedge": "", **samples.claim("000-x", "第一", "", "none")}) is None


# The project's own tables -------------------------------------------------------------------------------------------


def test_every_printed_figure_of_the_five_articles_stands_where_its_row_says(article_texts: str) -> None:
    """And no number-like token of a body is unaccounted for: `read_dataset` refuses both."""
    dataset = read_dataset(DATA, article_texts)
    assert sorted(dataset.texts) == ["000", "001", "002", "003", "004"]


# What a later step could not use (refused where it enters) ----------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "index", "changed", "said"),
    [
        ("evidence", 1, {"value": "1e400"}, "beyond 1e+40"),
        ("evidence", 1, {"value": "-3.1e23"}, "below 0"),
        ("evidence", 0, {"unit": "token"}, "parameters in the unit token"),
        ("evidence", 0, {"published": "2022-02-30"}, "column published"),
        ("articles", 0, {"published": "2022-02-30"}, "column published"),
        ("models", 0, {"published": "2021-13"}, "column published"),
        ("claims", 0, {"value": "1e400"}, "column"),
        ("claims", 0, {"value_low": "9e99"}, "is not between value_low"),
        ("claims", 0, {"note": "a\0b"}, "NUL"),
    ],
)
def test_what_verdicts_could_not_use_does_not_pass_the_check(table, index, changed, said, tmp_path: Path) -> None:
    assert said in refused(tmp_path, table, index, **changed)


@pytest.mark.parametrize(
    ("table", "old", "new", "column"),
    [
        ("hardware", ",9.894e14,1.979e15,", ",0,1.979e15,", "peak_fp16_flop_per_s"),
        ("prices", "2016-07-01,purchase,,10500", "2016-13-01,purchase,,10500", "date"),
        ("prices", "2016-07-01,purchase,,10500", "2016-07-01,purchase,,1e400", "usd_purchase"),
        ("prices", "2016-07-01,purchase,,10500", "2016-07-01,purchase,,-1", "usd_purchase"),
    ],
)
def test_rates_and_prices_that_no_formula_could_use(table, old, new, column, tmp_path: Path) -> None:
    shutil.copytree(DATA / "raw", tmp_path / "raw")
    shutil.copy(DATA / "datapackage.json", tmp_path)
    path = tmp_path / "raw" / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataProblem, match=rf"raw/{table}\.csv, row \d+.*column {column}"):
        read_dataset(tmp_path)


def test_an_entry_of_the_bibliography_that_is_not_whole_is_named(tmp_path: Path) -> None:
    folder = samples.write_data(tmp_path / "data", samples.rows())
    path = folder / "raw" / "references.bib"
    path.write_text(
        path.read_text(encoding="utf-8") + "\n@misc{torn2020,\n  title = {{Torn},\n  year = {2020},\n}\n",
        encoding="utf-8",
    )
    with pytest.raises(DataProblem, match="entry torn2020: cannot be read to its end"):
        read_dataset(folder)
