"""Files in are understood whole or refused with one line; files out are whole or not there."""

import csv
import io
import json
import multiprocessing
import os
import re
import time
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from helpers.errors import DataProblem, Problem
from helpers.files import alone, read_bytes, read_text, refuse_input, write_together, write_whole
from helpers.paths import PROJECT
from helpers.rows import csv_text, frame_csv, read_rows
from helpers.structured import MOST_DEPTH, MOST_TOML_BYTES, json_lines, parse_toml, read_json, read_toml

ONE_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
names = st.text("abcdefghij_", min_size=1, max_size=8)
cells = st.text(st.characters(blacklist_characters="\0\r", blacklist_categories=("Cs",)), max_size=12)
tables = st.lists(names, min_size=1, max_size=5, unique=True).flatmap(
    lambda header: st.tuples(
        st.just(header),
        st.lists(st.lists(cells, min_size=len(header), max_size=len(header)).filter(lambda r: any(map(str.strip, r)))),
    )
)


def write_table(path: Path, rows: list[list[str]], delimiter: str = ",", end: str = "\n", head: bytes = b"") -> Path:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(rows)
    path.write_bytes(head + text.getvalue().encode("utf-16-le" if head == b"\xff\xfe" else "utf-8"))
    return path


@ONE_FOLDER
@given(
    tables,
    st.sampled_from(",;\t"),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([b"", b"\xef\xbb\xbf", b"\xff\xfe"]),
)
def test_a_table_is_read_as_it_was_written(tmp_path, table, delimiter, end, mark):
    header, rows = table
    assume(len(header) > 1 or delimiter == ",")  # a header of one column does not tell what parts columns
    path = write_table(tmp_path / "t.csv", [header, *rows], delimiter, end, mark)
    known = {name: name for name in header}
    found = read_rows(path, known=known, any_delimiter=True)
    assert found == [dict(zip(header, row, strict=True)) for row in rows]


@ONE_FOLDER
@given(tables, st.data())
def test_a_cut_an_overlong_or_an_empty_row_is_named(tmp_path, table, data):
    header, rows = table
    place = data.draw(st.integers(0, len(rows)))
    wrong = data.draw(st.sampled_from([["x"] * (len(header) + 1), ["x"] * (len(header) - 1), [" "] * len(header)]))
    path = write_table(tmp_path / "t.csv", [header, *rows[:place], wrong or [" "], *rows[place:]])
    with pytest.raises(DataProblem, match=rf"row {place + 2}: (cut off|too long|all cells are empty)"):
        read_rows(path)


@ONE_FOLDER
@given(tables, st.data())
def test_a_column_unknown_or_twice_is_named(tmp_path, table, data):
    header, rows = table
    name = data.draw(st.sampled_from(header))
    twice = write_table(tmp_path / "t.csv", [[*header, name], *[[*row, "x"] for row in rows]])
    with pytest.raises(DataProblem, match=f"column '{name}' stands twice"):
        read_rows(twice)
    strange = write_table(tmp_path / "t.csv", [[*header, name + "x9"], *[[*row, "x"] for row in rows]])
    with pytest.raises(DataProblem, match=f"column '{name}x9' is unknown"):
        read_rows(strange, known=dict.fromkeys(header, "") | {n: n for n in header})


def test_two_names_of_one_column_stand_twice(tmp_path):
    path = write_table(tmp_path / "t.csv", [["layers", "num_layers"], ["1", "2"]])
    with pytest.raises(DataProblem, match="column 'layers' stands twice"):
        read_rows(path, known={"layers": "layers", "num_layers": "layers"})


def test_the_nearest_column_is_named(tmp_path):
    path = write_table(tmp_path / "t.csv", [["layrs", "hidden"], ["1", "2"]])
    with pytest.raises(DataProblem, match=r"column 'layrs' is unknown. Mend: did you mean layers\?"):
        read_rows(path, known={"layers": "layers", "hidden": "hidden"})
    with pytest.raises(DataProblem, match="no known column"):
        read_rows(path, known={"heads": "heads"})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it is empty"),
        (b"a,b\n1,\xff\n", "not UTF-8"),
        (b"a,b\n1,\0\n", "line 2: holds a NUL"),
        (b'a,b\n1,"2\n', "unexpected end of data"),
        (b"a,b\n1,2\n\n3,4\n", "row 3: is empty"),
        (b"a,\n1,2\n", "column 2 has no name"),
        (b"a,b\n" + b"x" * 200_000 + b",1\n", r"field larger than field limit|a cell of 200,000"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path, content, said):
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(DataProblem, match=said):
        read_rows(path)
    with pytest.raises(DataProblem, match=r"missing\.csv, whole file: cannot be read .No such file"):
        read_rows(tmp_path / "missing.csv")


@ONE_FOLDER
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(tmp_path, content):
    path = tmp_path / "x"
    path.write_bytes(content)
    for read in (read_rows, read_toml, read_json):
        with suppress(DataProblem):
            read(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = " + "9" * 401, "whole number of some 40[12] digits"),
        ("a = " + "9" * 5001, "not TOML"),
        ("a = 0x" + "f" * 6000, "whole number"),
        ("a = " + "[" * 5000 + "]" * 5000, "nested too deep|levels"),
        ("a = " + "[" * 30 + "]" * 30, f"more than {MOST_DEPTH} levels"),
        (".".join(["a"] * 50_000) + " = 1", "a key of 24 parts"),
        ("k" * 300 + " = 1", "300 characters"),
        ("a = 1\na = 2", "not TOML"),
        ("x" * (MOST_TOML_BYTES + 1), "more than 1,000,000 bytes"),
    ],
)
def test_what_no_person_writes_is_refused_at_once(tmp_path, text, said):
    path = tmp_path / "s.toml"
    path.write_text(text, encoding="utf-8")
    start = time.perf_counter()
    with pytest.raises(DataProblem, match=said):
        read_toml(path)
    assert time.perf_counter() - start < 5


def test_a_byte_order_mark_is_no_part_of_toml(tmp_path):
    path = tmp_path / "s.toml"
    path.write_bytes(b"\xef\xbb\xbfa = 1.5\r\n")
    assert read_toml(path) == {"a": 1.5} == parse_toml("a = 1.5", "x")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[" * 200_000, "nested too deep|not JSON"),
        ('{"a": ' + "9" * 4000 + "}", "a whole number of some 4000 digits"),
        ('{"a": 1, "b": 2, "a": 3}', "key 'a' stands twice"),
    ],
)
def test_json_has_the_bounds_of_toml(tmp_path, text, said):
    path = tmp_path / "n.json"
    path.write_text(text)
    with pytest.raises(DataProblem, match=said):
        read_json(path)


def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    for path in (tmp_path, tmp_path / "pipe", tmp_path / "loop", tmp_path / "nowhere", Path("/dev/zero")):
        with pytest.raises(DataProblem, match=f"^{re.escape(str(path))}, whole file: (is a folder|cannot be read)"):
            read_bytes(path, 100)
    with pytest.raises(OSError, match="No such device"):
        write_whole(tmp_path / "pipe", "nobody reads")


def test_what_a_shell_pipes_in_is_read():
    reading, writing = os.pipe()
    os.write(writing, b"piped")
    os.close(writing)
    assert read_bytes(Path(f"/dev/fd/{reading}"), 100) == b"piped"
    os.close(reading)


@pytest.mark.parametrize(
    "cell", ["=1+1", " =HYPERLINK(1)", "@SUM(1)", "+cmd|' /C calc'!A0", "-1+cmd|x", "\t=1", "＝1", "-x"]
)
def test_a_formula_is_text_in_what_is_exported(cell):
    assert csv_text([[cell, 1.5]]) == csv_text([["'" + cell, 1.5]])
    assert frame_csv(pd.DataFrame({"a": [cell], "b": [-1.5]})) == csv_text([["a", "b"], ["'" + cell, -1.5]])


@given(
    st.one_of(
        st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(["-5 %", "+1.5 billion", "-3–4", "a=b", ""])
    )
)
def test_figures_and_words_are_exported_as_they_are(cell):
    assert csv_text([["x", cell]]) == f"x,{cell}\n"


@ONE_FOLDER
@given(st.binary(max_size=2000), st.binary(max_size=2000))
def test_a_file_is_replaced_whole_and_keeps_its_mode(tmp_path, old, new):
    path = tmp_path / "out.csv"
    path.unlink(missing_ok=True)
    write_whole(path, old)
    path.chmod(0o640)
    write_whole(path, new)
    assert path.read_bytes() == new
    assert path.stat().st_mode & 0o777 == 0o640
    assert [p.name for p in tmp_path.iterdir()] == ["out.csv"]


def test_a_link_is_replaced_not_followed(tmp_path):
    victim, link = tmp_path / "victim", tmp_path / "out.csv"
    victim.write_text("kept")
    link.symlink_to(victim)
    write_whole(link, "new")
    assert (victim.read_text(), link.read_text(), link.is_symlink()) == ("kept", "new", False)


def test_a_device_is_written_to_as_it_is():
    write_whole(Path("/dev/null"), "gone")
    assert not Path("/dev/null").is_file()


def test_a_full_disk_leaves_what_was_there(tmp_path, monkeypatch):
    path = tmp_path / "out.csv"
    write_whole(path, "old")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    for write in (lambda: write_whole(path, "new"), lambda: write_together({tmp_path / "b": b"b", path: b"new"})):
        with pytest.raises(OSError, match="No space left"):
            write()
        assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {"out.csv": "old"}


def test_both_files_or_none(tmp_path, monkeypatch):
    first, second = tmp_path / "a", tmp_path / "b"
    write_together({first: b"1", second: b"1"})
    replace, calls = os.replace, []

    def failing(source: Path, target: Path) -> None:
        calls.append(target)
        if len(calls) == 2:
            raise PermissionError("no")
        replace(source, target)

    monkeypatch.setattr(os, "replace", failing)
    with pytest.raises(PermissionError):
        write_together({first: b"2", second: b"2"})
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"a": b"1", "b": b"1"}


def test_litter_of_the_dead_is_swept_and_of_the_living_kept(tmp_path):
    dead = multiprocessing.get_context("spawn").Process(target=time.sleep, args=(0,))
    dead.start()
    dead.join()
    for owner in (dead.pid, os.getppid()):
        (tmp_path / f".out.csv.{owner}-x.new").write_text("half")
    write_whole(tmp_path / "out.csv", "whole")
    assert sorted(p.name for p in tmp_path.iterdir()) == [f".out.csv.{os.getppid()}-x.new", "out.csv"]


def test_an_output_is_never_an_input(tmp_path):
    table = tmp_path / "r.csv"
    table.write_text("x")
    (tmp_path / "same.csv").symlink_to(table)
    for name in ("r.csv", "same.csv"):
        with pytest.raises(Problem, match="is what is read"):
            refuse_input(tmp_path / name, [table])
    refuse_input(tmp_path / "other.csv", [table])


def test_a_folder_is_for_one_at_a_time(tmp_path):
    with alone(tmp_path, "sweep"), pytest.raises(Problem, match="another sweep is writing"), alone(tmp_path, "sweep"):
        raise AssertionError("both had it")
    with alone(tmp_path, "sweep"):
        pass


def test_a_text_has_a_size(tmp_path):
    (tmp_path / "t").write_text("12345")
    assert read_text(tmp_path / "t", 5) == "12345"
    with pytest.raises(DataProblem, match="more than 4 bytes"):
        read_text(tmp_path / "t", 4)


plain = st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False, allow_infinity=False) | names
nested = st.recursive(plain, lambda part: st.lists(part, max_size=4) | st.dictionaries(names, part, max_size=4))


@given(nested)
def test_kept_json_says_what_was_kept(content: object) -> None:
    assert json.loads(json_lines(content)) == content


@pytest.mark.parametrize(
    "file", ["timing/held_out.json", "timing/utilisation.json", "scenarios/practice.json", "scenarios/shares.json"]
)
def test_kept_json_has_a_line_for_each_part(file: str) -> None:
    path = PROJECT / "src" / "helpers" / file
    assert path.read_text(encoding="utf-8") == json_lines(read_json(path)) + "\n"
