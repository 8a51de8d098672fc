"""Accelerators by name, from `data/raw/hardware.csv`, or described by six figures of a data sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from helpers.errors import DataProblem
from helpers.formulas.chip_names import resolve
from helpers.formulas.validation import RANGES, InputError, check
from helpers.paths import RAW, shown
from helpers.rows import read_rows

# Where the table has none: PCIe 4.0 x16 in both directions, a share of the network between servers, a server's chips.
USUAL = {"link_bytes_per_s": 64e9, "network_bytes_per_s": 25e9, "link_domain": 8}
NOT_KNOWN = float("nan")
RECENT_PEAK_FLOP_PER_S = 5e14  # from here on, chips are trained on with the software of 2023 and later
# Kinds of matrix unit whose rates are alike; the time model has constants for each.
GENERATIONS = ("volta", "ampere", "ada", "hopper", "blackwell", "cdna", "tpu", "other")
# Watts for each FLOP/s of the 16-bit peak of a generation's first accelerator in servers.
USUAL_W_PER_FLOP_PER_S = {"ampere": 400 / 312e12, "hopper": 700 / 989e12, "blackwell": 1000 / 2.25e15}


@dataclass(frozen=True)
class Accelerator:
    """One accelerator: figures of a data sheet, and what is known of its server."""

    name: str
    peak_flop_per_s: float  # dense 16-bit matrix rate
    memory_bytes: float
    memory_bytes_per_s: float
    link_bytes_per_s: float  # to its neighbours on the fast link, both directions together
    network_bytes_per_s: float  # to others, one direction, its share
    device_power_w: float
    link_domain: int = 8  # accelerators joined by the fast link: a server, a rack, a pod
    generation: str = "other"  # one of GENERATIONS
    extrapolated: bool = True  # True if the time model was not calibrated on this kind
    title: str = ""  # for readers; the name, if none is given
    peak_fp8_flop_per_s: float = NOT_KNOWN
    peak_fp4_flop_per_s: float = NOT_KNOWN

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", self.title or self.name)

    @property
    def kind(self) -> str:
        """Accelerators whose utilisation is alike: "gpu", "tpu" or "other"."""
        return self.generation if self.generation in ("tpu", "other") else "gpu"

    @property
    def power_ratio(self) -> float:
        """Power for its peak, over what is usual of its generation; 1 where either is unknown."""
        usual = USUAL_W_PER_FLOP_PER_S.get(self.generation, NOT_KNOWN)
        ratio = self.device_power_w / self.peak_flop_per_s / usual
        return ratio if ratio == ratio else 1.0

    @property
    def recent(self) -> bool:
        """Whether it is trained on with the software of 2023 and later: fused attention, sharded optimiser."""
        return self.generation == "tpu" or self.peak_flop_per_s >= RECENT_PEAK_FLOP_PER_S


# The figures that may be stated, and the columns of the table that hold them.
DATA_SHEET = {
    "peak_flop_per_s": "peak_fp16_flop_per_s",
    "memory_bytes": "memory_byte",
    "memory_bytes_per_s": "memory_bandwidth_byte_per_s",
    "link_bytes_per_s": "intranode_link_byte_per_s",
    "network_bytes_per_s": "network_byte_per_s",
    "device_power_w": "tdp_w",
    "link_domain": "link_domain",
    "peak_fp8_flop_per_s": "peak_fp8_flop_per_s",
    "peak_fp4_flop_per_s": "peak_fp4_flop_per_s",
}
NEEDED = {  # the first three, in words
    "peak_flop_per_s": "16-bit rate",
    "memory_bytes": "memory",
    "memory_bytes_per_s": "memory bandwidth",
}


def described(name: str, figures: Mapping[str, float]) -> Accelerator:
    """An accelerator from what is stated of it; an unknown one needs at least its rate, memory and bandwidth.

    Figures that one of the table lacks must be stated, others are taken from the table, or as usual for an unknown one.

    Raises:
        InputError: a figure is in neither.
    """
    for figure, value in figures.items():
        check(figure, value)
    try:
        row = sheet(name)
    except InputError:
        row = {}
    missing = [needed for needed in NEEDED if needed not in figures and not row.get(DATA_SHEET[needed])]
    if missing and not row:
        raise InputError(
            f"{missing[0]}: needed for an accelerator that is not in the table; accepted: {RANGES[missing[0]]}"
        )
    if missing:
        raise InputError(f"{row['accelerator_id']}: the table has no {NEEDED[missing[0]]}; give {missing[0]}")
    if row:
        stated = {DATA_SHEET[n]: repr(v) for n, v in figures.items()}
        return replace(_accelerator({**row, **stated}), extrapolated=True)
    peak = figures["peak_flop_per_s"]
    given: dict[str, Any] = {**USUAL, "device_power_w": NOT_KNOWN, "peak_fp8_flop_per_s": 2 * peak, **figures}
    given["link_domain"] = int(given["link_domain"])
    generation = "hopper" if peak >= RECENT_PEAK_FLOP_PER_S else "other"
    return Accelerator(name or "described", generation=generation, **given)


@cache
def lookup(name: str, path: Path = RAW / "hardware.csv") -> Accelerator:
    """The accelerator meant by `name`: an identifier of the table, its name, or as people write it ("NVIDIA H100").

    Raises:
        InputError: the table has none, more than one may be meant, or its row lacks what the model needs.
    """
    row = sheet(name, path)
    chip = row["accelerator_id"]
    missing = [needed for needed in NEEDED if not row[DATA_SHEET[needed]]]
    if missing:
        raise InputError(f"{chip}: the table has no {NEEDED[missing[0]]}; give {missing[0]}")
    return read_table(path)[chip]


def sheet(name: str, path: Path = RAW / "hardware.csv") -> dict[str, str]:
    """The row of the table that a name stands for, whether or not it is complete.

    Raises:
        InputError: the table has none, or more than one may be meant.
    """
    rows = read_sheets(path)
    return rows[resolve(name, {chip: [row["name"], *_aliases(row)] for chip, row in rows.items()})]


def _aliases(row: Mapping[str, str]) -> list[str]:
    return [alias.strip() for alias in row["aliases"].split(";") if alias.strip()]


@cache
def read_sheets(path: Path) -> dict[str, dict[str, str]]:
    """Rows of the table by identifier, as text.

    Raises:
        DataProblem: the table cannot be read.
    """
    return {row["accelerator_id"]: row for row in read_rows(path, ("accelerator_id", "name"))}


@cache
def read_table(path: Path) -> dict[str, Accelerator]:
    """Accelerators of the table that have all figures the model needs.

    Raises:
        DataProblem: a cell is not a number.
    """
    rows = read_sheets(path).values()
    return {row["accelerator_id"]: _accelerator(row, path) for row in rows if all(row[DATA_SHEET[n]] for n in NEEDED)}


def _accelerator(row: Mapping[str, str], path: Path = RAW / "hardware.csv") -> Accelerator:
    figures: dict[str, Any] = {}
    for name, column in DATA_SHEET.items():
        try:
            figures[name] = float(row[column] or USUAL.get(name, NOT_KNOWN))
        except ValueError:
            where = f"row {row['accelerator_id']}, column {column}"
            what = f"{row[column][:40]!r} is not a number"
            raise DataProblem(shown(path), where, what, "write a number such as 3.12e14") from None
    figures |= {"link_domain": int(figures["link_domain"]), "generation": row["generation"]}
    return Accelerator(row["accelerator_id"], **figures, extrapolated=row["calibrated"] != "1", title=row["name"])
