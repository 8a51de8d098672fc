"""Hostile inputs at every entrance: each ends in order, in little time and memory, and leaves everything as it was."""

import hashlib
import resource
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.commands.cli import main
from helpers.commands.outcome import AS_TEXT, FAULT
from helpers.paths import PROJECT
from tests.hostile.cases import ACCEPTED, REFUSED, Case, all_cases

CASES = all_cases()
MOST_CPU_SECONDS = 30.0  # generous: a shared machine, and the first case imports everything
MOST_ADDRESS_SPACE = 6 << 30
LONGEST_LINE = 600  # characters that an error repeats and says


def test_corpus_has_six_hundred_inputs_of_at_least_twelve_kinds_at_each_entrance() -> None:
    commands = Counter(case.argv[0] for case in CASES)
    assert len(CASES) >= 600
    assert len({str(case) for case in CASES}) == len(CASES)
    assert min(commands[c] for c in ("scenario", "compare", "sweep", "predict", "plan", "scan", "article", "known", "run", "build", "check", "verdicts")) >= 12  # fmt: skip


@pytest.fixture
def little_memory() -> Iterator[None]:
    """An address space that no input may exceed: what would swallow the machine's memory ends as a fault."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_ADDRESS_SPACE, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, before)


def snapshot(folder: Path) -> dict[str, str]:
    """Every file of a folder with the hash of its content."""
    found = (p for p in folder.rglob("*") if p.is_file() and not p.is_symlink())
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in found}


def status_of(argv: list[str]) -> int:
    """The exit status of a command, of argparse's refusals too."""
    try:
        return main(argv)
    except SystemExit as end:
        return int(end.code or 0)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=str)
def test_hostile_input_ends_in_order(
    case: Case,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    little_memory: None,
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    for name, content in case.files.items():
        (here / name).parent.mkdir(exist_ok=True)
        (here / name).write_bytes(content)
    if case.prepare:
        case.prepare(here)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before, started = snapshot(here), time.process_time()
    status = status_of([a.replace("{here}", str(here)).replace("{project}", str(PROJECT)) for a in case.argv])
    seconds, (out, err) = time.process_time() - started, capsys.readouterr()

    assert status != FAULT, err
    assert status in (0, 1, 2), err
    assert seconds < MOST_CPU_SECONDS
    assert "Traceback" not in err
    assert not {c for c in out + err if ord(c) in AS_TEXT} - {"\r"}
    assert list(tmp_path.iterdir()) == [here], "something was left in the temporary folder or beside the input"
    if case.expected == ACCEPTED:
        assert status == 0, err
    if case.expected == REFUSED:
        assert status != 0, f"accepted: {out[:300]}"
    if status != 0:
        lines = [line for line in err.splitlines() if "error" in line] if status == 2 else err.splitlines()
        assert len(lines) == 1, err
        assert len(lines[0]) <= LONGEST_LINE
        assert snapshot(here) == before, "a refused input changed what was there"
