"""Raw tables against their schema: whatever breaks it stops with one line that says where, what and how to mend it."""

import subprocess
import sys
from pathlib import Path

import pytest

from helpers.commands.cli import main
from helpers.errors import DataProblem
from helpers.ledger.tables import Tables, read_raw
from helpers.paths import PROJECT
from tests import samples


def line_of(folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What `check` says of a data folder: exactly one line, on standard error, with exit status 1."""
    status = main(["check", "--data", str(folder)])
    out, err = capsys.readouterr()
    assert (status, out) == (1, "")
    assert len(err.splitlines()) == 1, err
    assert err.startswith("error: ")
    assert " Mend: " in err
    return err


def planted(tmp_path: Path, table: str, index: int, **changed: object) -> Path:
    """A data folder with one row changed."""
    rows = samples.rows()
    rows[table][index] |= changed
    return samples.write_data(tmp_path / "data", rows)


def edited(folder: Path, table: str, old: str, new: str) -> Path:
    """A data folder with a piece of a file's text replaced."""
    path = folder / samples.PATHS[table]
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def assert_says(line: str, *parts: str) -> None:
    missing = [part for part in parts if part not in line]
    assert not missing, f"{missing} not in: {line}"


def test_a_folder_without_a_fault_is_read_with_its_types(data_dir: Path) -> None:
    tables = read_raw(data_dir)
    assert list(tables["claims"]["claim_id"]) == ["000-size", "000-work", "000-day"]
    assert tables["claims"]["article_id"][0] == "000"  # not the number 0
    assert tables["claims"]["char_start"].dtype == "Int64"
    assert tables["models"]["parameters"].dtype == "float64"
    assert tables["claims"]["value"][0] == "1.75e11"  # as written; numbers come with their intervals later
    assert tables["systems"]["name_zh"][0] == ""  # empty text, not a missing value
    assert tables.references["paper"]["title"] == "Title of paper"


# Planted errors: the file, the row and its identifier, the column, the mend --------------------------------------


def test_unknown_unit_of_a_claim(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = line_of(planted(tmp_path, "claims", 1, unit="furlong"), capsys)
    assert_says(line, "raw/claims.csv, row 3 (000-work), column unit", "furlong", "datapackage.json allows")


def test_unknown_unit_of_evidence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = line_of(planted(tmp_path, "evidence", 0, unit="furlong"), capsys)
    assert_says(line, "raw/evidence.csv, row 2 (alpha.size), column unit", "furlong")


@pytest.mark.parametrize("table", ["claims", "evidence", "systems", "articles", "hardware", "models", "dismissals"])
def test_missing_column(table: str, data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    column = list(samples.FIELDS[table])[-1]
    line = line_of(edited(data_dir, table, f",{column}\n", "\n"), capsys)
    assert_says(line, f"raw/{table}.csv, header line", f"column {column} is missing", "restore")


def test_extra_column(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = line_of(edited(data_dir, "evidence", ",note\n", ",note,mood\n"), capsys)
    assert_says(line, "raw/evidence.csv, header line", "column 'mood' is unknown", "remove it")


def test_columns_in_another_order(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = line_of(edited(data_dir, "systems", "system_id,name,", "name,system_id,"), capsys)
    assert_says(line, "raw/systems.csv, header line", "another order")


@pytest.mark.parametrize(
    ("table", "key", "value"),
    [("claims", "claim_id", "000-size"), ("evidence", "evidence_id", "alpha.size"), ("systems", "system_id", "alpha")],
)
def test_duplicate_identifier(
    table: str, key: str, value: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = line_of(planted(tmp_path, table, 1, **{key: value}), capsys)
    assert_says(line, f"raw/{table}.csv, row 3 ({value})", "identifier of its own")


@pytest.mark.parametrize(("column", "value"), [("system_id", "gamma"), ("reference_id", "delta"), ("article_id", "9")])
def test_claim_about_something_unknown(
    column: str, value: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = line_of(planted(tmp_path, "claims", 1, **{column: value}), capsys)
    assert_says(line, "raw/claims.csv, row 3 (000-work)", column, value, "add the row it points to")


def test_identifier_of_the_wrong_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = line_of(planted(tmp_path, "systems", 1, system_id="Beta One"), capsys)
    assert_says(line, "raw/systems.csv, row 3 (Beta One), column system_id", "Beta One")


def test_required_cell_left_empty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = line_of(planted(tmp_path, "evidence", 1, locator=""), capsys)
    assert_says(line, "raw/evidence.csv, row 3 (alpha.work), column locator", "required")


def test_text_where_a_number_belongs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = line_of(planted(tmp_path, "claims", 0, char_start="ten"), capsys)
    assert_says(line, "raw/claims.csv, row 2 (000-size), column char_start", '"ten"')


def test_row_with_an_unquoted_comma(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = line_of(edited(data_dir, "systems", "beta,Beta,", "beta,Beta, the second,"), capsys)
    assert_says(line, "raw/systems.csv, row 3", "cells under", "quote cells")


@pytest.mark.parametrize("table", ["articles", "systems", "claims", "evidence"])
def test_empty_file(table: str, data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data_dir / samples.PATHS[table]).write_text("", encoding="utf-8")
    assert_says(line_of(data_dir, capsys), f"raw/{table}.csv, whole file", "it is empty")


@pytest.mark.parametrize("table", ["articles", "systems", "claims", "evidence"])
def test_table_without_rows(table: str, data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = data_dir / samples.PATHS[table]
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    assert_says(line_of(data_dir, capsys), f"raw/{table}.csv, whole file", "no rows")


@pytest.mark.parametrize("name", ["raw/claims.csv", "raw/hardware.csv", "raw/references.bib", "datapackage.json"])
def test_missing_file(name: str, data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data_dir / name).unlink()
    assert_says(line_of(data_dir, capsys), f"{name}, whole file", "No such file", "restore")


def test_missing_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert_says(line_of(tmp_path / "nowhere", capsys), "nowhere/datapackage.json, whole file", "restore")


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"resources": 3}', '{"name": "x"}', '{"resources": [{"name": "claims"}]}']
)
def test_descriptor_that_is_not_one(text: str, data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data_dir / "datapackage.json").write_text(text, encoding="utf-8")
    assert_says(line_of(data_dir, capsys), "datapackage.json, whole file", "restore the ")


def test_file_in_another_encoding(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = data_dir / "raw" / "claims.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    assert_says(line_of(data_dir, capsys), "raw/claims.csv, whole file", "UTF-8")


def test_byte_order_mark_of_a_spreadsheet_changes_nothing(data_dir: Path) -> None:
    before, path = read_raw(data_dir), data_dir / "raw" / "claims.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_raw(data_dir)["claims"].equals(before["claims"])


def test_bibliography_with_a_key_twice(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = data_dir / "raw" / "references.bib"
    path.write_text(path.read_text(encoding="utf-8") + "\n@misc{paper,\n  title = {{Again}},\n}\n", encoding="utf-8")
    assert_says(line_of(data_dir, capsys), "raw/references.bib, entry paper", "the key stands twice", "rename")


def test_command_line_ends_with_status_1_one_line_and_no_traceback(tmp_path: Path) -> None:
    """The same in a process of its own, as `make check` runs it."""
    folder = planted(tmp_path, "claims", 1, unit="furlong")
    command = [sys.executable, "-m", "helpers", "check", "--data", str(folder)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert_says(done.stderr, "error: ", "raw/claims.csv, row 3 (000-work), column unit", "Mend: ")


# What the tables say of systems ------------------------------------------------------------------------------------


def test_names_and_kinds_come_from_systems_then_models_then_the_identifier() -> None:
    tables: Tables = samples.tables(
        systems=[samples.system("alpha", "mixture_of_experts")],
        models=[samples.model("alpha", "2020", 1e9), samples.model("gamma", "2020", 1e9)],
    )
    assert [tables.name_of(s) for s in ("alpha", "gamma", "zeta")] == ["Alpha", "Gamma", "zeta"]
    assert [tables.kind_of(s) for s in ("alpha", "gamma", "zeta")] == ["mixture_of_experts", "dense", ""]


def test_problem_reads_as_file_place_what_and_mend() -> None:
    problem = DataProblem("a.csv", "row 2", "it is wrong", "right it")
    assert str(problem) == "a.csv, row 2: it is wrong. Mend: right it."
