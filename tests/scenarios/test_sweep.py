"""Sweeps: what lies in the folder is whole, complete, and the same however it came about."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from helpers.errors import Problem
from helpers.files import alone
from helpers.scenarios import sweep as sweeps
from helpers.scenarios.sweep import is_whole, missing, part_bytes, part_name, sweep
from tests.scenarios.sweeps import small_grid


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeps, "PART_ROWS", 5)


def hashes(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}


def test_the_folder_holds_every_row_once(tmp_path: Path) -> None:
    grid = small_grid()
    assert sweep(grid, tmp_path) == grid.rows == 12
    table = pq.read_table(tmp_path)
    assert table.num_rows == 12
    expected = grid.columns(0, 12)
    assert np.array_equal(table["days"].to_numpy(), expected["days"])
    assert table["accelerator"].to_pylist() == ["A"] * 6 + ["B"] * 6


def test_two_threads_write_the_same_bytes(tmp_path: Path) -> None:
    grid = small_grid(samples=50)
    sweep(grid, tmp_path / "one", workers=1)
    sweep(grid, tmp_path / "two", workers=2)
    assert hashes(tmp_path / "one") == hashes(tmp_path / "two")


def test_a_torn_part_and_litter_are_mended_and_whole_parts_are_kept(tmp_path: Path) -> None:
    grid = small_grid()
    sweep(grid, tmp_path)
    before = hashes(tmp_path)
    torn, kept = tmp_path / part_name(1), tmp_path / part_name(0)
    torn.write_bytes(torn.read_bytes()[:-20])
    (tmp_path / f".{torn.name}.999999999-killed.new").write_bytes(b"half")  # no process has this number
    stamp = kept.stat().st_mtime_ns
    assert sweep(grid, tmp_path) == 5
    assert hashes(tmp_path) == before
    assert kept.stat().st_mtime_ns == stamp


def test_any_bit_that_flips_in_a_part_is_noticed(tmp_path: Path) -> None:
    grid = small_grid()
    sweep(grid, tmp_path)
    part = tmp_path / part_name(1)
    content = part.read_bytes()
    assert is_whole(part, grid, 1)
    for place in range(len(content)):
        part.write_bytes(content[:place] + bytes([content[place] ^ 1 << place % 8]) + content[place + 1 :])
        assert not is_whole(part, grid, 1), f"byte {place} of {len(content)}"
    part.write_bytes(b"\0" * 1000 + content[1000:])
    assert sweep(grid, tmp_path) == 5
    assert part.read_bytes() == content


@pytest.mark.parametrize("name", ["part-000000.parquet", "notes.txt"])
def test_a_folder_with_something_else_is_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(part_bytes(small_grid(seed=9, samples=7), 0))
    with pytest.raises(Problem, match=f"{name} belongs to another sweep"):
        sweep(small_grid(), tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_a_second_sweep_into_the_same_folder_is_refused(tmp_path: Path) -> None:
    with alone(tmp_path, "sweep"), pytest.raises(Problem, match="another sweep is writing there"):
        sweep(small_grid(), tmp_path)


def test_a_full_disk_keeps_whole_parts_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    grid, real = small_grid(), os.replace
    monkeypatch.setattr(os, "replace", lambda a, b: real(a, b) if "000000" in str(b) else _full())
    with pytest.raises(OSError, match="No space"):
        sweep(grid, tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == [part_name(0)]
    monkeypatch.undo()
    assert missing(grid, tmp_path)


def _full() -> None:
    raise OSError(28, "No space left on device")


SLOW_SWEEP = """
import sys, time
from pathlib import Path
from helpers.scenarios import sweep as sweeps
from tests.scenarios.sweeps import small_grid
sweeps.PART_ROWS = 5
real = sweeps.part_bytes
sweeps.part_bytes = lambda grid, number: (time.sleep(0.02), real(grid, number))[1]
sweeps.sweep(small_grid(samples=20), Path(sys.argv[1]))
"""


def test_killed_at_any_moment_it_goes_on_where_it_was(tmp_path: Path) -> None:
    grid = small_grid(samples=20)
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    sweep(grid, whole)
    killed.mkdir()
    for _ in range(2):
        process = subprocess.Popen([sys.executable, "-c", SLOW_SWEEP, str(killed)], stderr=subprocess.DEVNULL)
        there = len(list(killed.glob("part-*")))
        deadline = time.monotonic() + 30
        while len(list(killed.glob("part-*"))) < there + 5 and time.monotonic() < deadline:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.wait()
    left = len(missing(grid, killed))
    assert 0 < left < sweeps.part_count(grid)
    assert sweep(grid, killed) == left * 5
    assert hashes(killed) == hashes(whole)
