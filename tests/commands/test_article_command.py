"""`article` and `known` on the command line."""

import io
import sys
from pathlib import Path

import pytest

from helpers.commands.cli import main
from helpers.ledger.own_ledger import read_own
from helpers.paths import DATA


def test_pasted_text_becomes_a_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pasted = "GPT-3 有1750亿参数。".encode("gb18030")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(pasted)))
    assert main(["article", "-", "--out", str(tmp_path / "out")]) == 0
    html = (tmp_path / "out" / "article.html").read_text(encoding="utf-8")
    assert "pasted text" in html
    assert "1750" in html
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["article.html"]


def test_known_prints_what_is_on_file_and_refuses_a_name_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["known", "DeepSeek V3"]) == 0
    assert "2.788 million chip-hours [training]" in capsys.readouterr().out
    assert main(["known", "a name " * 9999]) == 1
    assert capsys.readouterr().err == "error: known: 69993 characters are no name. Mend: write a system's name.\n"
    assert main(["known", "DeepSek V3"]) == 1
    assert "did you mean DeepSeek V3" in capsys.readouterr().err


def test_leak_is_unsure_and_named_as_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    article = tmp_path / "a.txt"
    article.write_text("GPT-4 was trained on 13 trillion tokens with 25,000 A100 chips for 95 days.", encoding="utf-8")
    assert main(["scan", str(article), "--add", str(tmp_path / "mine")]) == 0
    assert capsys.readouterr().out.count("unsure; agrees with the leak of") == 3
    assert len(read_own(tmp_path / "mine", DATA).tables["claims"]) == 3
