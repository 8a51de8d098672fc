"""From a new article to verdicts: scan, add, correct, check, judge, with the evidence at hand."""

import csv
import hashlib
from pathlib import Path

import pytest
from benchmarks.composed import batches

from helpers.errors import Problem
from helpers.ledger.additions import add_to_ledger, language_of
from helpers.ledger.judgement import judge_claims
from helpers.ledger.knowledge import Knowledge
from helpers.ledger.own_ledger import LedgerFaults, read_own
from helpers.ledger.processed import process
from helpers.ledger.scan import scan
from helpers.paths import DATA, PROJECT

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


def test_rows_are_not_put_under_a_header_of_fewer_columns(tmp_path: Path) -> None:
    (tmp_path / "systems.csv").write_text("system_id,name\n", encoding="utf-8")
    with pytest.raises(Problem, match=r"systems\.csv, header line: column .* is missing"):
        add_to_ledger(tmp_path, "new.txt", OWN_TEXT, scan(OWN_TEXT, Knowledge(DATA)), DATA)


def test_date_that_its_neighbours_evidence_bears_out_gets_no_evidence_of_another_unit(tmp_path: Path) -> None:
    text = "2019年2月,OpenAI的GPT-2以15亿参数问世。"
    add_to_ledger(tmp_path, "new.txt", text, scan(text, Knowledge(DATA)), DATA)
    evidence = {row["as_printed"]: row["evidence_ids"] for row in rows_of(tmp_path / "claims.csv")}
    assert evidence == {"2019年2月": "", "15亿": "gpt-2.parameters.radford2019"}
    assert read_own(tmp_path, DATA)


# Systems, evidence and sources of one's own --------------------------------------------------------------------------

OWN_TEXT = "Zorilla-7B was trained on 3 trillion tokens with 512 GPUs for 40 days, 491,520 GPU-hours in all.\n"


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    add_to_ledger(tmp_path / "mine", "new.txt", OWN_TEXT, scan(OWN_TEXT, Knowledge(DATA)), DATA)
    return tmp_path / "mine"


def with_evidence(folder: Path, row: str, source: str = "zoo2026") -> None:
    header = "evidence_id,system_id,quantity,value,unit,counts,source_id,locator,confidence,standing"
    (folder / "evidence.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    (folder / "references.bib").write_text(f"@misc{{{source},\n  title = {{A zoo}},\n}}\n", encoding="utf-8")


def attach(folder: Path, unit: str, evidence: str) -> int:
    """Evidence for the first claim in a unit; the row's number."""
    row = next(n for n, r in enumerate(rows_of(folder / "claims.csv"), start=2) if r["unit"] == unit)
    lines = (folder / "claims.csv").read_text(encoding="utf-8").splitlines()
    lines[row - 1] = lines[row - 1].replace("restates,,,", f"restates,,{evidence},")
    (folder / "claims.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return row


ZORILLA = "zorilla.tokens,own-zorilla-7b,training_tokens,3e12,token,trained,zoo2026,page 2,seen,primary"


def test_name_that_the_tables_lack_becomes_a_system_of_the_ledgers_own_and_the_ledger_passes(mine: Path) -> None:
    assert [(row["system_id"], row["name"]) for row in rows_of(mine / "systems.csv")] == [
        ("own-zorilla-7b", "Zorilla-7B")
    ]
    tables = read_own(mine, DATA).tables
    assert set(tables["claims"]["system_id"]) <= {"own-zorilla-7b", ""}
    assert set(judge_claims(process(tables))["grade"]) == {"unsure"}


def test_own_evidence_decides_the_next_scan_and_the_ledger(mine: Path) -> None:
    with_evidence(mine, ZORILLA)
    firsts = [c.first for c in scan(OWN_TEXT, Knowledge(DATA, mine)).candidates if c.first and c.first.decided_by]
    assert [first.grade for first in firsts if first.evidence_ids == ("zorilla.tokens",)] == ["accurate"]
    attach(mine, "token", "zorilla.tokens")
    assert "accurate" in set(judge_claims(process(read_own(mine, DATA).tables))["grade"])


def test_rows_of_the_ledger_are_inputs_of_its_own_relations(mine: Path) -> None:
    claims = rows_of(mine / "claims.csv")
    chips, days, hours = (next(r for r in claims if r["unit"] == unit) for unit in ("chip", "s", "chip s"))
    hours |= {
        "check": "derives",
        "formula": "product_of",
        "evidence_ids": f"{chips['claim_id']} claim:{days['claim_id']}",
    }
    with (mine / "claims.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(claims[0]))
        writer.writeheader()
        writer.writerows(claims)
    verdicts = judge_claims(process(read_own(mine, DATA).tables)).set_index("claim_id")
    assert verdicts.loc[hours["claim_id"], "grade"] == "accurate"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_tables_are_read_in_the_encoding_they_were_saved_in(encoding: str, mine: Path) -> None:
    edit(mine / "systems.csv", "Zorilla-7B,", "Zorilla-7B,我们自己的大模型名称，用于这里的测试,")
    edit(mine / "systems.csv", "测试,,", "测试,")
    path = mine / "systems.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    assert "own-zorilla-7b" in set(read_own(mine, DATA).tables["systems"]["system_id"])


def test_all_faults_are_listed_at_once_with_the_users_own_file_and_row(mine: Path) -> None:
    with_evidence(mine, f"{ZORILLA}\nzorilla.chips,own-zorilla-7b,chip_count,1e400,token,,nobody,page 3,seen,primary")
    with pytest.raises(LedgerFaults) as problem:
        read_own(mine, DATA)
    said = str(problem.value)
    assert said.startswith("3 faults:")
    for part in ("row 3: source nobody", "chip_count in the unit token", "1e400 is below 0 or beyond 1e+40"):
        assert f"{mine.as_posix()}/evidence.csv, " in said
        assert part in said


def test_evidence_in_another_unit_is_refused_by_the_check_in_the_users_own_file(mine: Path) -> None:
    with_evidence(mine, ZORILLA)
    row = attach(mine, "chip", "zorilla.tokens")
    with pytest.raises(LedgerFaults, match=rf"mine/claims\.csv, row {row}, .*is in token, the claim in chip"):
        read_own(mine, DATA)


def test_identifier_of_the_projects_own_is_refused(mine: Path) -> None:
    with_evidence(mine, ZORILLA.replace("zorilla.tokens", "gpt-3.parameters.brown2020"))
    with pytest.raises(LedgerFaults, match=r"mine/evidence\.csv, row 2, column evidence_id: gpt-3"):
        read_own(mine, DATA)


@pytest.mark.slow
def test_everything_that_is_added_from_the_composed_texts_passes_the_check_and_is_judged(tmp_path: Path) -> None:
    """The kind: hedges of any length, money of any currency or none, names that no table holds, three scripts."""
    knowledge, folder = Knowledge(DATA), PROJECT / "tests" / "reader" / "data" / "composed"
    texts = [text for _, scripts in batches(folder) for texts in scripts.values() for text, _ in texts]
    texts.append("It cost approximately 3 million to train and drew approximately 5 MW for a year.")
    rows = sum(add_to_ledger(tmp_path, f"{n}.txt", t, scan(t, knowledge), DATA).rows for n, t in enumerate(texts))
    assert len(judge_claims(process(read_own(tmp_path, DATA).tables))) == rows > 600
