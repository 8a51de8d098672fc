"""The command `scan`: what it prints, and what it adds to a ledger of the user's own."""

import csv
import io
import sys
from pathlib import Path

import pytest

from helpers.commands import cli
from helpers.errors import Problem
from helpers.ledger.tables import read_package
from tests.report.hostile import HOSTILE

HEADER = "char_start,char_end,as_printed,kind,value,unit,bound,system,first_verdict,rank,evidence,why"
TEXT = "GPT-3拥有约1750亿个参数，用了300到500块V100。\n其训练耗时超过30天，总计12b7x。"
SENTENCES = ("拥有", "用了", "训练耗时", "总计")


def run(*arguments: str | Path) -> int:
    """The command as `python -m helpers` runs it."""
    try:
        return cli.run(cli.parser().parse_args(["scan", *map(str, arguments)]))
    except (Problem, OSError) as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 1


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_bytes(TEXT.encode())
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_csv_has_exactly_these_columns_and_true_offsets(article: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(article, "--format", "csv") == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out.splitlines()[0] == HEADER
    rows = list(csv.DictReader(io.StringIO(out)))
    assert all(TEXT[int(row["char_start"]) : int(row["char_end"])] == row["as_printed"] for row in rows)
    facts = [(r["as_printed"], r["kind"], float(r["value"]), r["unit"], r["bound"], r["system"]) for r in rows]
    assert facts == [
        ("1750亿个", "parameters", 1.75e11, "parameter", "about", "gpt-3"),
        ("300到500块", "chip_count", 400, "chip", "range 300-500", "gpt-3"),
        ("30天", "duration", 30 * 86400, "s", "at_least", "gpt-3"),
    ]


def test_screen_shows_sentences_verdicts_and_what_was_not_read(
    article: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(article) == 0
    out = capsys.readouterr().out
    assert "parameters: about 175 billion parameters  [GPT-3]" in out
    assert "    GPT-3拥有约[1750亿个]参数，用了300到500块V100。" in out
    assert "chip count: 300 chips to 500 chips" in out
    assert "first verdict: accurate; parameters 17" in out
    assert "Not read, for you to look at:" in out
    assert "3 figures, " in out


def test_text_that_was_scanned_can_be_had(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.html").write_text("<p>GPT-3有<b>1750</b>亿参数<p>完", encoding="utf-8")
    assert run(tmp_path / "a.html", "--format", "text") == 0
    assert capsys.readouterr().out == "GPT-3有1750亿参数\n完"


def test_add_twice_adds_once_with_the_columns_of_the_project(
    article: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = tmp_path / "mine"
    assert run(article, "--add", ledger) == 0
    assert "Added 3 rows of article 000" in capsys.readouterr().out
    before = {path.name: path.read_bytes() for path in ledger.iterdir()}
    assert run(article, "--add", ledger, "--format", "csv") == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[0] == HEADER
    assert "Added 0 rows" in err
    assert "3 had a row already" in err
    assert {path.name: path.read_bytes() for path in ledger.iterdir()} == before
    fields = {r["name"]: [f["name"] for f in r["schema"]["fields"]] for r in read_package()["resources"]}
    assert set(before) == {"articles.csv", "claims.csv"}
    for name in ("articles", "claims"):
        assert list(rows_of(ledger / f"{name}.csv")[0]) == fields[name]


def test_rows_carry_the_figure_and_never_a_sentence(article: Path, tmp_path: Path) -> None:
    run(article, "--add", tmp_path / "mine")
    [about, chips, days] = rows_of(tmp_path / "mine" / "claims.csv")
    assert about["statement"] == "Parameters of GPT-3: about 175 billion"
    assert about["evidence_ids"].startswith("gpt-3.parameters.")
    assert (chips["bound"], chips["value"], chips["value_low"], chips["value_high"]) == ("range", "300", "300", "500")
    assert (days["bound"], days["hedge"], days["value"]) == ("at_least", "超过", "2592000")
    stored = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "mine").iterdir())
    assert not [words for words in SENTENCES if words in stored]


def test_what_stands_in_the_ledger_is_kept_byte_for_byte(article: Path, tmp_path: Path) -> None:
    ledger = tmp_path / "mine"
    run(article, "--add", ledger)
    claims = ledger / "claims.csv"
    edited = claims.read_bytes().replace(b"chip_count", b"server_count").removesuffix(b"\n")
    claims.write_bytes(edited)
    (tmp_path / "b.txt").write_text("Alpha 有 70亿参数", encoding="utf-8")
    assert run(tmp_path / "b.txt", "--add", ledger) == 0
    assert claims.read_bytes().startswith(edited + b"\n001-parameters-")
    assert [row["article_id"] for row in rows_of(ledger / "articles.csv")] == ["000", "001"]
    assert run(article, "--add", ledger) == 0  # a row that was corrected is not added again
    assert len(rows_of(claims)) == 4


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"\xff\xfe", b'claim_id\n"open'])
def test_file_that_is_no_ledger_is_left_alone(
    content: bytes, article: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "claims.csv").write_bytes(content)
    assert run(article, "--add", tmp_path / "mine") == 1
    err = capsys.readouterr().err
    assert len(err.splitlines()) == 1
    assert "claims.csv" in err
    assert [(path.name, path.read_bytes()) for path in (tmp_path / "mine").iterdir()] == [("claims.csv", content)]


@pytest.mark.parametrize("name", ["a,\"b'\n=1+1\x1b[2J.txt", "<script>.txt", "模型.txt", "\udcff.txt"])
def test_hostile_names_and_contents_stay_one_row_and_one_line(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    path.write_text("\x1b[K" + "，".join(f"{h}有9亿参数" for h in HOSTILE) + "\x00\r\u2028", "utf-8", newline="")
    assert run(path, "--add", tmp_path / "mine") == 0
    out = capsys.readouterr().out
    assert all(line.isprintable() for line in out.split("\n"))
    [row] = rows_of(tmp_path / "mine" / "articles.csv")
    assert row["title"].isprintable()
    assert {r["as_printed"] for r in rows_of(tmp_path / "mine" / "claims.csv")} == {"9亿"}


@pytest.mark.parametrize(("name", "said"), [("none.txt", "no such file"), ("a.doc", "is no .txt"), (".", "is no .txt")])
def test_article_that_cannot_be_read_is_one_line_with_status_1(
    name: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / name, "--add", tmp_path / "mine") == 1
    out, err = capsys.readouterr()
    assert (out, len(err.splitlines())) == ("", 1)
    assert said in err
    assert not (tmp_path / "mine").exists()
