"""Sweeps: a grid of scenarios streamed to Parquet, part by part, resumable at any moment.

A part is a file of its own, written beside its place and moved there whole, and carries the key of its sweep and
its own hash, which is verified.
Whatever is found in the folder is either such a file, complete, or is computed again: nothing is lost, nothing
is there twice, and no lock or journal has to be mended after a kill.
"""

import io
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from helpers.errors import Problem
from helpers.files import alone, sha256, write_whole
from helpers.scenarios.sweep_grid import SweepGrid
from helpers.scenarios.workers import results, worker_pool

PART_ROWS = 262_144
KEY = b"compute_claims.sweep"
UNSEALED = b"0" * 64
SETTINGS: dict[str, Any] = {"compression": "lz4", "write_statistics": False, "store_schema": True}


def part_count(grid: SweepGrid) -> int:
    """Number of files that a sweep is written as."""
    return -(-grid.rows // PART_ROWS)


def part_name(number: int) -> str:
    """File of a part."""
    return f"part-{number:06d}.parquet"


def part_bytes(grid: SweepGrid, number: int) -> bytes:
    """A part as a Parquet file with its own hash in its metadata; the same bytes wherever it is computed."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    start, words, buffer = number * PART_ROWS, grid.words, io.BytesIO()
    columns = {
        name: pa.DictionaryArray.from_arrays(pa.array(values), pa.array(words[name])) if name in words else values
        for name, values in grid.columns(start, min(start + PART_ROWS, grid.rows)).items()
    }
    table = pa.table(columns).replace_schema_metadata({KEY: _part_label(grid, number) + UNSEALED})
    floats = [f.name for f in table.schema if str(f.type) == "double"]
    moving = {*(a.name for a in grid.axes), *(d.name for d in grid.draws)}
    few = [*(name for name in floats if name in moving), *words]
    many = [name for name in floats if name not in moving]
    pq.write_table(table, buffer, use_dictionary=few, use_byte_stream_split=many, **SETTINGS)
    return _sealed(buffer.getvalue(), _part_label(grid, number))


def _part_label(grid: SweepGrid, number: int) -> bytes:
    """What stands in a part's metadata before its hash: its sweep, its number, its rows."""
    return f"{grid.key}/{number}/{_row_count(grid, [number])}/".encode()


def _sealed(content: bytes, label: bytes) -> bytes:
    """The content with the SHA-256 of all of it, with `UNSEALED` in the place of the hash, after the label."""
    place = content.rindex(label) + len(label)
    blank = b"".join((content[:place], UNSEALED, content[place + len(UNSEALED) :]))
    return blank[:place] + sha256(blank).encode() + blank[place + len(UNSEALED) :]


def is_whole(path: Path, grid: SweepGrid, number: int) -> bool:
    """Whether a file is this part of this sweep, to the last bit."""
    content, label = path.read_bytes() if path.is_file() else b"", _part_label(grid, number)
    return label in content and _sealed(content, label) == content


def missing(grid: SweepGrid, folder: Path) -> list[int]:
    """Parts that are still to be computed; a Problem where the folder holds a sweep of something else, or other files."""
    numbers = range(part_count(grid))
    names = {part_name(n) for n in numbers}
    found = sorted(path for path in folder.iterdir() if not path.name.startswith(".part-")) if folder.exists() else []
    strange = [path.name for path in found if path.name not in names or not path.is_file()]
    lacking = [n for n in numbers if not is_whole(folder / part_name(n), grid, n)]
    foreign = [part_name(n) for n in lacking if _is_foreign(folder / part_name(n), grid)]
    if strange or foreign:
        raise Problem(
            f"{folder}: {(strange + foreign)[0]} belongs to another sweep. Mend: name another folder with --out, or empty this one."
        )
    return lacking


def _is_foreign(path: Path, grid: SweepGrid) -> bool:
    """A readable Parquet file that is not of this sweep; a damaged one is only to be written again."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        facts = pq.read_metadata(path).metadata or {}
    except (OSError, pa.ArrowException):
        return False
    return not facts.get(KEY, b"").startswith(grid.key.encode())


def sweep(grid: SweepGrid, folder: Path, workers: int = 1, scheduler: str = "") -> int:
    """Evaluate a grid into `folder`, as Parquet parts, and return how many rows are new; what is there already is kept.

    Workers are threads of this process (NumPy and Parquet leave the interpreter free while they work), or those of the
    Dask scheduler at an address. A Problem: the folder holds something else, another sweep is writing there, or the
    cluster fails. After an OSError, as of a full disk, whole parts stay.
    """
    from tqdm import tqdm

    lacking = missing(grid, folder)
    with worker_pool(workers, scheduler) as pool:
        folder.mkdir(parents=True, exist_ok=True)
        with alone(folder, "sweep"):
            there = grid.rows - _row_count(grid, lacking)
            _ = grid.words if lacking else {}  # layouts are worked out once, before any worker gets to work
            with tqdm(total=grid.rows, initial=there, unit=" rows", unit_scale=True, file=sys.stderr) as bar:
                for place, content in results(pool, part_bytes, ((grid, number) for number in lacking)):
                    write_whole(folder / part_name(lacking[place]), content)
                    bar.update(_row_count(grid, [lacking[place]]))
    return _row_count(grid, lacking)


def _row_count(grid: SweepGrid, numbers: Iterable[int]) -> int:
    return sum(min(PART_ROWS, grid.rows - n * PART_ROWS) for n in numbers)
