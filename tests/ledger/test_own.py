"""From a new article to verdicts: scan, add, correct, check, judge, with the evidence at hand."""

import csv
import hashlib
from pathlib import Path

import pytest

from helpers.errors import Problem
from helpers.ledger.additions import add_to_ledger, language_of
from helpers.ledger.judgement import judge_claims
from helpers.ledger.own import read_own
from helpers.ledger.processed import process
from helpers.ledger.scan import Knowledge, scan
from helpers.paths import DATA

TEXT = (
    "3月14日消息：GPT-3拥有约1750亿个参数，训练用了3000亿个token，耗电128.7万度。重跑一次要100万GPU小时。\n"
    "Falcon-180B was trained on 3.5 trillion tokens. Its makers rank it in first place.\n"
    "模型|参数（亿）|层数\nPaLM|5400|118\nM6|100|24\n"
)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "new.txt").write_text(TEXT, encoding="utf-8", newline="")
    added = add_to_ledger(tmp_path / "mine", "new.txt", TEXT, scan(TEXT, Knowledge(DATA)), DATA)
    assert set(added.left_out) >= {"3月14日", "first place"}
    return tmp_path / "mine"


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_what_was_added_passes_the_checks_with_its_text_and_is_judged(ledger: Path) -> None:
    dataset = read_own(ledger, DATA, str(ledger.parent / "texts"))
    assert dataset.texts_message.startswith("1 of 1 texts at hand")
    verdicts = judge_claims(process(dataset.tables))
    grades = dict(zip(dataset.tables["claims"]["as_printed"], verdicts["grade"], strict=True))
    assert grades["1750亿个"] == grades["3000亿个"] == "accurate"
    assert grades["100万GPU小时"] == "unsure"  # supposed, so that no evidence was proposed


def test_magnitude_of_a_tables_head_becomes_the_scale(ledger: Path) -> None:
    cells = {row["as_printed"]: row for row in rows_of(ledger / "claims.csv")}
    assert (float(cells["5400"]["scale"]), float(cells["5400"]["value"])) == (1e8, 5.4e11)
    assert float(cells["128.7万度"]["scale"]) == pytest.approx(3.6e6)


def test_offsets_hash_and_language_are_those_of_the_text(ledger: Path) -> None:
    [article] = rows_of(ledger / "articles.csv")
    assert article["sha256"] == hashlib.sha256(TEXT.encode()).hexdigest()
    assert article["language"] == "zh-Hans"
    for row in rows_of(ledger / "claims.csv"):
        assert TEXT[int(row["char_start"]) : int(row["char_end"])] == row["as_printed"]


def test_correction_by_hand_changes_the_verdict(ledger: Path) -> None:
    edit(ledger / "claims.csv", ",1750亿个,parameters,gpt-3,", ",1750亿个,parameters,palm,")
    edit(ledger / "claims.csv", "gpt-3.parameters.brown2020", "palm.parameters.chowdhery2022")
    verdicts = judge_claims(process(read_own(ledger, DATA).tables))
    assert "wrong" in set(verdicts["grade"])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (",1750亿个,", ",1751亿个,", "the text has '1750亿个'"),
        ("175000000000,", "185000000000,", "reads as 1.75e+11, the row says 1.85e+11"),
        ("gpt-3.parameters.brown2020", "gpt-3.parameters.nobody", "no evidence gpt-3.parameters.nobody"),
        ("parameters,gpt-3", "parameters,gpt-9", '"gpt-9"'),
    ],
)
def test_slip_of_the_hand_is_named_in_the_users_own_file(old: str, new: str, said: str, ledger: Path) -> None:
    edit(ledger / "claims.csv", old, new)
    with pytest.raises(Problem) as problem:
        read_own(ledger, DATA, str(ledger.parent / "texts"))
    assert said in str(problem.value) or "1751" in str(problem.value)
    assert f"{ledger.as_posix()}/claims.csv" in str(problem.value)


def test_folder_without_a_ledger_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="scan ARTICLE --add"):
        read_own(tmp_path, DATA)


@pytest.mark.parametrize(
    ("text", "tag"),
    [("這個模型擁有參數", "zh-Hant"), ("这个模型拥有参数", "zh-Hans"), ("GPT-3 has parameters", "en")],
)
def test_language_is_told_by_the_characters(text: str, tag: str) -> None:
    assert language_of(text) == tag
