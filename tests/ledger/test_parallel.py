"""Additions to one ledger at the same moment, by processes of their own: none is lost and the tables stay whole."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.ledger.own_ledger import read_own
from helpers.paths import DATA, PROJECT

MANY = 6


@pytest.mark.slow
def test_processes_that_add_at_once_lose_nothing(tmp_path: Path) -> None:
    """Each adds an article with a system that no table holds; all articles, figures and systems are there afterwards."""
    for i in range(MANY):
        text = f"Zephon-{i + 2} has {i + 11} billion parameters. GPT-3 has 175 billion parameters.\n"
        (tmp_path / f"news{i}.txt").write_text(text, encoding="utf-8")
    ledger = tmp_path / "mine"
    command = [sys.executable, "-m", "helpers", "scan", "--add", str(ledger)]
    running = [
        subprocess.Popen([*command, str(tmp_path / f"news{i}.txt")], cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for i in range(MANY)
    ]  # fmt: skip
    said = [process.communicate()[1].decode() for process in running]
    assert [process.returncode for process in running] == [0] * MANY, said
    tables = {name: _rows(ledger / f"{name}.csv") for name in ("articles", "claims", "systems")}
    assert {row["title"] for row in tables["articles"]} == {f"news{i}.txt" for i in range(MANY)}
    assert len({row["article_id"] for row in tables["articles"]}) == MANY
    assert len(tables["claims"]) == len({row["claim_id"] for row in tables["claims"]}) == 2 * MANY
    assert len({row["system_id"] for row in tables["systems"]}) == MANY
    read_own(ledger, DATA)
    assert sorted(path.suffix for path in ledger.iterdir() if path.suffix == ".new") == []


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
