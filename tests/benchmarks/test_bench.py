"""`make bench`: sections under headings, the figure reader's scores, and what is said when something is missing."""

import argparse
import re

import pytest

from benchmarks import bench
from helpers.errors import Problem
from helpers.paths import DATA
from tests import samples


def test_sections_are_printed_in_order_and_a_problem_stops_only_its_own(capsys):
    def broken():
        yield "begun"
        raise Problem("no data. Mend: add some.")

    code = bench.print_sections([("First", broken), ("Second", lambda: iter(["done"]))])
    lines = capsys.readouterr().out.splitlines()
    assert code == 1
    assert lines[:4] == ["First", "=====", "begun", "error: no data. Mend: add some."]
    assert lines.index("Second") < lines.index("done")
    assert bench.print_sections([("Second", lambda: iter(["done"]))]) == 0


def options(*sections, **others):
    given = {"sections": list(sections), "texts": "", "data": DATA, "quick": False, "record": False}
    return argparse.Namespace(**{**given, **others})


def test_only_the_sections_that_are_asked_for_run(monkeypatch, capsys):
    from benchmarks import formula_speed as speed

    monkeypatch.setattr(speed, "speed_lines", lambda: iter(["fast"]))
    assert bench.run(options("speed")) == 0
    out = capsys.readouterr().out
    assert "fast" in out
    assert "runs" not in out
    with pytest.raises(
        Problem, match="no section sped; there are accuracy, speed, reader, composed, articles, sweep, page, pipeline"
    ):
        bench.run(options("sped"))


def test_every_section_has_its_name():
    assert tuple(bench.sections(DATA, "")) == bench.NAMES


def test_run_prints_accuracy_speed_and_reader(monkeypatch, capsys):
    from benchmarks import accuracy_bench as benchmark
    from benchmarks import formula_speed as speed

    monkeypatch.setattr(benchmark, "accuracy_lines", lambda found: iter([f"{len(found)} runs"]))
    monkeypatch.setattr(speed, "speed_lines", lambda: iter(["fast"]))
    monkeypatch.delenv(bench.TEXTS_VARIABLE, raising=False)
    assert bench.run(options("accuracy", "speed", "reader")) == 0
    out = capsys.readouterr().out
    assert re.search(r"^\d{3} runs$", out, re.M)
    assert "fast" in out
    assert "texts are not at hand" in out
    assert sum(line != "" and set(line) == {"="} for line in out.splitlines()) == 3


def test_scores_of_the_reader(data_dir, tmp_path):
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "any.txt").write_text(samples.TEXT, encoding="utf-8")
    head, article, everything = bench.reader_lines(data_dir, str(texts))
    assert head.split()[:4] == ["article", "rows", "read", "f1"]
    assert article.split()[:3] == ["000", "3", "3"]
    assert article.split()[3:6] == ["100.0"] * 3
    assert everything.split()[:-1] == ["all", *article.split()[1:-1]]


def test_a_folder_that_is_not_there(data_dir, tmp_path):
    with pytest.raises(Problem, match="no folder"):
        list(bench.reader_lines(data_dir, str(tmp_path / "nowhere")))


def test_composed_set_prints_first_readings_apart_from_todays(tmp_path):
    (tmp_path / "batch_1.txt").write_text(
        "=== zh-a\nGPT-3有[[1750亿|parameters|1.75e11|exact|gpt-3]]参数。\n", encoding="utf-8"
    )
    head = "batch,script,date,figures,f1,value,kind,bound,system\n"
    rows = "".join(f"1,{script},2024-05-06,1,0.5,1,1,1,0.25\n" for script in ("zh", "hant", "en"))
    (tmp_path / "first_readings.csv").write_text(head + rows, encoding="utf-8")
    lines = list(bench.composed_lines(DATA, tmp_path))
    assert "recorded" in lines[0]
    assert lines[2].split() == [
        "1",
        "simplified",
        "1",
        "first",
        "50.0",
        "100.0",
        "100.0",
        "100.0",
        "25.0",
        "(2024-05-06)",
    ]
    assert lines[3].split() == ["now", *["100.0"] * 5]
    [absent] = bench.composed_lines(DATA, tmp_path / "none")
    assert "not here" in absent


def test_claims_in_words_and_repetitions_are_neither_right_nor_wrong(data_dir):
    from helpers.ledger.tables import read_raw

    tables = read_raw(data_dir)
    rows, aside = bench.hand_made(tables, "000")
    assert {row["claim_id"] for row in rows} == {"000-size", "000-work", "000-day"}
    assert aside == []
    tables["dismissals"]["reason"] = "duplicate_of_span"
    assert bench.hand_made(tables, "000")[1] == [(samples.span("9")["char_start"], samples.span("9")["char_end"])]
