"""Commands killed at random moments, cold and warm: the same bytes afterwards, no litter, no orphan.

COMPUTE_CLAIMS_KILLS kills of each command, 25 if not given; builds are killed in tests/build/test_killed.py.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.paths import PROJECT, REPORT
from tests.build.processes import all_end, descendants

KILLS = int(os.environ.get("COMPUTE_CLAIMS_KILLS", "25"))
PAGE = REPORT / "scenarios" / "killed.html"
ARTICLE = "GPT-3 has 175 billion parameters and was trained on 300 billion tokens with 3640 petaflop/s-days.\n"
SCENARIO = 'params = 1e9\ntokens = 2e10\naccelerator = "A100"\ncount = 8\n'
SWEEP = f"[scenario]\n{SCENARIO.replace('count = 8', '')}[grid]\ncount = {{from = 1, to = 1000, steps = 1000}}\npue = {{from = 1.0, to = 2.0, steps = 1500}}\n"
COMMANDS = {
    "sweep": ("sweep", "w.toml", "--out", "out"),
    "scan": ("scan", "a.txt", "--add", "out"),
    "page": ("scan", "a.txt", "--page", "out/p.html"),
    "article": ("article", "a.txt", "--out", "out"),
    "render": ("scenario", "killed.toml", "--render"),
}
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """A folder with the inputs; the page of the scenario is taken away in the end."""
    for name, text in {"a.txt": ARTICLE, "w.toml": SWEEP, "killed.toml": SCENARIO}.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "tmp").mkdir()
    yield tmp_path
    PAGE.unlink(missing_ok=True)


def start(place: Path, command: str) -> subprocess.Popen[bytes]:
    """The command in a process of its own, with a folder of passing files of its own."""
    argv = [sys.executable, "-m", "helpers", *COMMANDS[command]]
    environment = {**os.environ, "TMPDIR": str(place / "tmp"), "PYTHONPATH": str(PROJECT / "src")}
    quiet = subprocess.DEVNULL
    return subprocess.Popen(argv, cwd=place, env=environment, stdout=quiet, stderr=quiet, start_new_session=True)


def finished(place: Path, command: str) -> dict[str, bytes]:
    """What the command leaves when nobody disturbs it; no passing files are among it."""
    assert start(place, command).wait(300) == 0
    assert list((place / "tmp").iterdir()) == []
    files = [PAGE] if command == "render" else [p for p in (place / "out").rglob("*") if p.is_file()]
    return {path.name: path.read_bytes() for path in files}


def clear(place: Path) -> None:
    shutil.rmtree(place / "out", ignore_errors=True)
    PAGE.unlink(missing_ok=True)


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_killed_command_leaves_nothing_behind_and_does_the_same_afterwards(command: str, place: Path) -> None:
    begun = time.monotonic()
    whole = finished(place, command)
    took = time.monotonic() - begun
    chance, orphans = random.Random(command), []
    for number in range(KILLS):
        if number % 2 == 0:
            clear(place)
        process = start(place, command)
        time.sleep(chance.uniform(0, took))
        orphans += descendants(process.pid)
        process.send_signal(SIGNALS[number % len(SIGNALS)])
        process.wait(60)
        if number % 5 == 4 or number == KILLS - 1:
            assert finished(place, command) == whole, f"after kill {number}"
    assert all_end(orphans)
