"""Accelerators by name, from `data/raw/hardware.csv`, or described by six figures of a data sheet."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
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
    "gb200": "gb200-nvl72",
    "gb300": "gb300-nvl72",
    "ascend 910": "ascend-910-256",
    "trillium": "tpu-v6e-trillium",
    "ironwood": "tpu-v7-ironwood",
    "tpu7x": "tpu-v7-ironwood",
}
# Makers, servers and kinds that people write around a name.
AROUND = {"nvidia", "amd", "intel", "google", "huawei", "aws", "amazon", "cloud", "instinct", "tesla", "geforce"} | {
    "dgx", "hgx", "gpu", "gpus", "npu", "chip", "tensor", "core", "class", "oam", "habana", "pod", "server"
}  # fmt: skip
CHINESE = {"昇腾": "ascend ", "昇騰": "ascend ", "英伟达": "", "輝達": "", "华为": "", "華為": "", "谷歌": ""}
# Kinds of matrix unit whose rates are alike; a constant is fitted for each.
GENERATIONS = ("volta", "ampere", "ada", "hopper", "blackwell", "cdna", "tpu", "other")
OTHER_NETWORK_BYTES_PER_S = 25e9
USUAL_DOMAIN = 8  # accelerators in a server
PCIE_BYTES_PER_S = 64e9  # both directions, PCIe 4.0 x16: for cards with no link of their own
RECENT_PEAK_FLOP_PER_S = 5e14  # an accelerator that is not in the table is of the H100's kind from here on


@dataclass(frozen=True)
class Accelerator:
    """One accelerator: six figures of a data sheet, and what is known of its server."""

    name: str
    peak_flop_per_s: float  # dense 16-bit matrix rate
    memory_bytes: float
    memory_bytes_per_s: float
    link_bytes_per_s: float  # to its neighbours on the fast link, both directions together
    network_bytes_per_s: float  # to others, one direction, its share
    device_power_w: float
    link_domain: int = USUAL_DOMAIN  # accelerators joined by the fast link: a server, a rack, a pod
    generation: str = "other"
    peak_fp8_flop_per_s: float = float("nan")  # dense; nan if it has no such unit
    peak_fp4_flop_per_s: float = float("nan")
    extrapolated: bool = True  # True if the time model was not calibrated on this kind
    title: str = ""  # for readers; the name, if none is given

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", self.title or self.name)

    @property
    def kind(self) -> str:
        """Accelerators whose utilisation is alike: "gpu", "tpu" or "other"."""
        return self.generation if self.generation in ("tpu", "other") else "gpu"

    @property
    def recent(self) -> bool:
        """Whether it is trained on with the software of 2023 and later: fused attention, sharded optimiser."""
        return self.peak_flop_per_s >= RECENT_PEAK_FLOP_PER_S


# The figures of a data sheet that a run may state, and the column of the table that holds each.
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
NEEDED = tuple(DATA_SHEET)[:3]


def described(name: str, figures: Mapping[str, float], path: Path = RAW / "hardware.csv") -> Accelerator:
    """An accelerator from what is stated of it; an unknown one needs at least its rate, memory and bandwidth.

    Figures that a known one lacks are taken from the table, those of an unknown one as usual for its kind.
    """
    check_all(**{key: value for key, value in figures.items() if key in RANGES})
    try:
        row = find_row(name, path)
    except InputError:
        recent = figures.get("peak_flop_per_s", 0) >= RECENT_PEAK_FLOP_PER_S
        row = {"generation": "hopper" if recent else "other", "peak_fp8_flop_per_s": ""}
        if "peak_flop_per_s" in figures:
            figures = {"peak_fp8_flop_per_s": 2 * figures["peak_flop_per_s"], **figures}
    return _accelerator(row, figures, name or "described")


def lookup(name: str, path: Path = RAW / "hardware.csv") -> Accelerator:
    """The accelerator meant by `name`: an id of the table, its name, or part of it ("A100 80GB", "DGX-H100").

    Raises:
        InputError: no row is meant, or the row lacks a figure that the time model needs.
    """
    return _known(name, path)


@cache
def _known(name: str, path: Path) -> Accelerator:
    return _accelerator(find_row(name, path), {}, name)


def find_row(name: str, path: Path = RAW / "hardware.csv") -> dict[str, str]:
    """The row meant by `name`."""
    rows = _rows(path)
    wanted = words(re.sub(r"\(.*", "", name)) or words(name)
    short = " ".join(wanted)
    if short in ALIASES and ALIASES[short] in rows:
        return rows[ALIASES[short]]
    for accelerator_id, row in rows.items():
        if wanted and set(wanted) <= set(words(accelerator_id)):
            return row
    known = [alias for alias, row in ALIASES.items() if row in rows]
    return rows[choice("accelerator", name, [*known, *rows])]


@cache
def words(name: str) -> tuple[str, ...]:
    """A name as lower-case words, without its maker; 80G and 80GB are the same word."""
    for chinese, english in CHINESE.items():
        name = name.replace(chinese, english)
    parts = re.findall(r"[a-z0-9]+", re.sub(r"(?i)ascend(?=\d)", "ascend ", name).lower())
    return tuple(part + "b" if re.fullmatch(r"\d+g", part) else part for part in parts if part not in AROUND)


@cache
def read_table(path: Path) -> dict[str, Accelerator]:
    """Accelerators of the table that have all figures the model needs."""
    rows = _rows(path)
    whole = [name for name, row in rows.items() if all(row[DATA_SHEET[needed]] for needed in NEEDED)]
    return {name: _accelerator(rows[name], {}, name) for name in whole}


@cache
def _rows(path: Path) -> dict[str, dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            return {row["accelerator_id"]: row for row in csv.DictReader(lines)}
    except OSError as error:
        raise InputError(f"accelerator: {shown(path)} cannot be read ({error.strerror})") from error


USUAL = {
    "link_bytes_per_s": PCIE_BYTES_PER_S,
    "network_bytes_per_s": OTHER_NETWORK_BYTES_PER_S,
    "link_domain": USUAL_DOMAIN,
}


def _accelerator(row: Mapping[str, str], stated: Mapping[str, float], name: str) -> Accelerator:
    table = {field: float(row[column]) for field, column in DATA_SHEET.items() if row.get(column)}
    figures = {**dict.fromkeys(DATA_SHEET, float("nan")), **USUAL, **table, **stated}
    missing = [needed for needed in NEEDED if figures[needed] != figures[needed]]
    if missing and "accelerator_id" in row:
        raise InputError(f"accelerator: the table has no {missing[0]} of {row['name']}; state it: {RANGES[missing[0]]}")
    if missing:
        raise InputError(
            f"{missing[0]}: needed for an accelerator that is not in the table; accepted: {RANGES[missing[0]]}"
        )
    sheet: dict[str, Any] = {**figures, "link_domain": int(figures["link_domain"])}
    return Accelerator(
        name=row.get("accelerator_id", name),
        **sheet,
        generation=row["generation"],
        extrapolated=bool(stated) or row.get("calibrated") != "1",
        title=row.get("name", name),
    )
