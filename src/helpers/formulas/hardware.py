"""Accelerators by name, from `data/raw/hardware.csv`, or described by six figures of a data sheet."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from helpers.formulas.validation import RANGES, InputError, check_all, choice
from helpers.paths import RAW, shown

# Names that people write, and the row that is meant.
ALIASES = {
    "a100": "a100-sxm4-80gb",
    "ampere": "a100-sxm4-80gb",
    "a800": "a800-sxm4-80gb",
    "h100": "h100-sxm5-80gb",
    "h800": "h800-sxm5-80gb",
    "h200": "h200-sxm-141gb",
    "h20": "h20-96gb",
    "v100": "v100-sxm2-32gb",
    "ascend 910": "ascend-910-256",
}
# Network bytes/s of one accelerator, one direction: what its usual server brings. Not on the chip's data
# sheet; DGX A100: eight 200 Gbit/s cards for eight GPUs, DGX H100: eight 400 Gbit/s, DGX-2: eight 100 Gbit/s
# for sixteen. A TPU's pod links are both its link and its network.
NETWORK_BYTES_PER_S = {
    "v100": 6.25e9,
    "a100": 25e9,
    "a800": 25e9,
    "h100": 50e9,
    "h800": 50e9,
    "h200": 50e9,
    "h20": 50e9,
    "gh200": 50e9,
    "b100": 50e9,
    "b200": 50e9,
    "gb200": 50e9,
    "mi300x": 50e9,
    "ascend": 12.5e9,
}
OTHER_NETWORK_BYTES_PER_S = 25e9
NODE_SIZE = {"tpu-v2": 256, "tpu-v3": 1024, "tpu-v4": 4096, "tpu-v5p": 8960, "gb200": 72}
PCIE_BYTES_PER_S = 64e9  # both directions, PCIe 4.0 x16: for cards with no link of their own
FITTED = ("a100-sxm4", "h100-sxm5")  # the time model was calibrated on these
MODERN_PEAK_FLOP_PER_S = 5e14  # from here on the matrix units outrun power and memory, as on the H100


@dataclass(frozen=True)
class Accelerator:
    """One accelerator: six figures of a data sheet, and what is known of its server."""

    name: str
    peak_flop_per_s: float  # dense 16-bit matrix rate
    memory_bytes: float
    memory_bytes_per_s: float
    link_bytes_per_s: float  # to its neighbours in the server, both directions together
    network_bytes_per_s: float  # to other servers, one direction, its share
    device_power_w: float
    node_size: int = 8
    extrapolated: bool = True  # True if the time model was not calibrated on this kind
    title: str = ""  # for readers; the name, if none is given

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", self.title or self.name)

    @property
    def modern(self) -> float:
        """1 if matrix units of the H100's kind are assumed, 0 if of the A100's."""
        return float(self.peak_flop_per_s >= MODERN_PEAK_FLOP_PER_S)


def describe(
    name: str,
    peak_flop_per_s: float,
    memory_bytes: float,
    memory_bytes_per_s: float,
    link_bytes_per_s: float,
    network_bytes_per_s: float,
    device_power_w: float,
    node_size: int = 8,
) -> Accelerator:
    """An accelerator that is not in the table, from its data sheet; figures are checked."""
    described = Accelerator(
        name,
        peak_flop_per_s,
        memory_bytes,
        memory_bytes_per_s,
        link_bytes_per_s,
        network_bytes_per_s,
        device_power_w,
        node_size,
    )
    check_all(**{key: value for key, value in vars(described).items() if key in RANGES})
    return described


# The six figures, in the order of `describe`.
DATA_SHEET = (
    "peak_flop_per_s",
    "memory_bytes",
    "memory_bytes_per_s",
    "link_bytes_per_s",
    "network_bytes_per_s",
    "device_power_w",
)


def described(name: str, figures: Mapping[str, float]) -> Accelerator:
    """An accelerator from what is stated of it; an unknown one needs at least its rate, memory and bandwidth.

    Figures that a known one lacks are taken from the table, those of an unknown one as usual for its kind.
    """
    try:
        known = lookup(name)
    except InputError:
        known = None
    if known is not None:
        changed: dict[str, Any] = {**figures, "extrapolated": True}
        return replace(known, **changed)
    missing = [needed for needed in DATA_SHEET[:3] if needed not in figures]
    if missing:
        raise InputError(
            f"{missing[0]}: needed for an accelerator that is not in the table; accepted: {RANGES[missing[0]]}"
        )
    usual: dict[str, Any] = {
        "link_bytes_per_s": PCIE_BYTES_PER_S,
        "network_bytes_per_s": OTHER_NETWORK_BYTES_PER_S,
        "device_power_w": float("nan"),
    }
    return Accelerator(name or "described", **(usual | dict(figures)))


def lookup(name: str, path: Path = RAW / "hardware.csv") -> Accelerator:
    """The accelerator meant by `name`: an id of the table, its name, or part of it ("A100 80GB")."""
    rows = read_table(path)
    wanted = words(re.sub(r"\(.*", "", name)) or words(name)
    short = " ".join(wanted)
    if short in ALIASES and ALIASES[short] in rows:
        return rows[ALIASES[short]]
    for accelerator_id in rows:
        if wanted and set(wanted) <= set(words(accelerator_id)):
            return rows[accelerator_id]
    known = [alias for alias, row in ALIASES.items() if row in rows]
    return rows[choice("accelerator", name, [*known, *rows])]


@cache
def words(name: str) -> tuple[str, ...]:
    """A name as lower-case words; 80G and 80GB are the same word."""
    parts = re.findall(r"[a-z0-9]+", name.lower())
    return tuple(part + "b" if re.fullmatch(r"\d+g", part) else part for part in parts)


@cache
def read_table(path: Path) -> dict[str, Accelerator]:
    """Accelerators of the table that have all figures the model needs."""
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except OSError as error:
        raise InputError(f"accelerator: {shown(path)} cannot be read ({error.strerror})") from error
    read = (_accelerator(row) for row in rows)
    return {accelerator.name: accelerator for accelerator in read if accelerator is not None}


def _accelerator(row: dict[str, str]) -> Accelerator | None:
    name = row["accelerator_id"]
    needed = [row["peak_fp16_flop_per_s"], row["memory_byte"], row["memory_bandwidth_byte_per_s"]]
    if not all(needed):
        return None
    peak, memory, bandwidth = (float(cell) for cell in needed)
    link = float(row["intranode_link_byte_per_s"] or PCIE_BYTES_PER_S)
    network = _by_prefix(NETWORK_BYTES_PER_S, name, OTHER_NETWORK_BYTES_PER_S)
    return Accelerator(
        name=name,
        peak_flop_per_s=peak,
        memory_bytes=memory,
        memory_bytes_per_s=bandwidth,
        link_bytes_per_s=link,
        network_bytes_per_s=link / 2 if name.startswith("tpu") else network,
        device_power_w=float(row["tdp_w"] or "nan"),
        node_size=int(_by_prefix(NODE_SIZE, name, 8)),
        extrapolated=not name.startswith(FITTED),
        title=row["name"],
    )


def _by_prefix(table: dict[str, float] | dict[str, int], name: str, default: float) -> float:
    return next((value for prefix, value in table.items() if name.startswith(prefix)), default)
