"""Accelerators by name, from `data/raw/hardware.csv`, or described by six figures of a data sheet.

Names are as people write them: "NVIDIA H100", "H100 SXM", "DGX-GB200", "TPUv5p", 昇腾910C.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from helpers.errors import DataProblem
from helpers.formulas.validation import RANGES, InputError, choice
from helpers.paths import RAW, shown
from helpers.rows import read_rows
from helpers.structured import read_toml

TABLE = RAW / "hardware.csv"
NAMES = read_toml(Path(__file__).with_name("names.toml"))
DATA_SHEET: dict[str, str] = NAMES["data_sheet"]
NEEDED: dict[str, str] = NAMES["needed"]
IDLE = frozenset(NAMES["accelerators"]["idle"].split())
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

    def rate(self, precision: str) -> float:
        """Dense rate of matrix products in a precision of `job.PRECISIONS`; an InputError where the table has none."""
        own = {"bf16": self.peak_flop_per_s, "nvfp4": self.peak_fp4_flop_per_s}
        peak = own.get(precision, self.peak_fp8_flop_per_s)
        if peak != peak:
            accepted = "bf16" if self.peak_fp8_flop_per_s != self.peak_fp8_flop_per_s else "bf16, fp8"
            raise InputError(f"precision: {self.title} has no rate of {precision} in the table; accepted: {accepted}")
        return peak

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


def described(name: str, figures: Mapping[str, float]) -> Accelerator:
    """An accelerator from what is stated of it; an unknown one needs at least its rate, memory and bandwidth.

    Figures that one of the table lacks must be stated, others are taken from the table, or as usual for an unknown one;
    an InputError where a figure is in neither.
    """
    try:
        row = sheet(name)
    except InputError:
        row = {}
    if row:
        stated = {DATA_SHEET[figure]: repr(value) for figure, value in figures.items()}
        return replace(_of_row({**row, **stated}), extrapolated=True)
    for needed in NEEDED:
        if needed not in figures:
            accepted = f"needed for an accelerator that is not in the table; accepted: {RANGES[needed]}"
            raise InputError(f"{needed}: {accepted}")
    peak = figures["peak_flop_per_s"]
    given: dict[str, Any] = {**USUAL, "device_power_w": NOT_KNOWN, "peak_fp8_flop_per_s": 2 * peak, **figures}
    given["link_domain"] = int(given["link_domain"])
    generation = "hopper" if peak >= RECENT_PEAK_FLOP_PER_S else "other"
    return Accelerator(name or "described", generation=generation, **given)


@cache
def lookup(name: str) -> Accelerator:
    """The accelerator meant by `name`: an identifier of the table, its name, or as people write it ("NVIDIA H100").

    An InputError: the table has none, more than one may be meant, or its row lacks what the model needs.
    """
    return _of_row(sheet(name))


def sheet(name: str) -> dict[str, str]:
    """The row of the table that a name stands for, complete or not; an InputError where none or more than one may be."""
    if not name.isprintable():
        raise InputError(f"accelerator: {name!r} holds signs that cannot be seen; accepted: letters, digits and blanks")
    counted = re.fullmatch(r"\s*(\d+)\s*[xX×*]\s*(\D.*)", name)
    if counted:
        mend = f"write {counted[2][:50]!r}, and count {counted[1]}"
        raise InputError(f"accelerator: {name[:60]!r} says how many, too; {mend}")
    rows, (by_name, by_word) = read_sheets(), _chips_by_name()
    bare = re.sub(r"\(.*", "", name)  # a remark in brackets may be left aside, and the plural of "H100s"
    for asked in map(telling_words, (name, bare, re.sub(r"(?<=\d)s\b", "", bare))):
        if "".join(asked) in by_name:
            return rows[by_name["".join(asked)]]
        meant = [chip for chip, own in by_word.items() if asked and set(asked) <= own]
        if len(meant) > 1:
            raise InputError(f"accelerator: {name[:60]!r} may be {', '.join(meant[:6])}; accepted: one of these")
        if meant:
            return rows[meant[0]]
    return rows[choice("accelerator", name[:60], [*(one for row in rows.values() for one in _called(row)), *rows])]


@cache
def _chips_by_name() -> tuple[dict[str, str], dict[str, frozenset[str]]]:
    """Identifiers by their names written in one word, and the words of each."""
    by_name, by_word = dict[str, str](), dict[str, frozenset[str]]()
    for chip, row in read_sheets().items():
        names = [chip, *_called(row)]
        for one in names:
            if (other := by_name.setdefault("".join(telling_words(one)), chip)) != chip:
                raise InputError(f"accelerator: the name {one} stands for {other} and {chip}")
        by_word[chip] = frozenset(word for one in names for word in telling_words(one))
    return by_name, by_word


def _called(row: Mapping[str, str]) -> list[str]:
    """The name of a row's accelerator, and what else it is called."""
    return [one.strip() for one in f"{row['name']};{row['aliases']}".split(";") if one.strip()]


@cache
def telling_words(name: str) -> tuple[str, ...]:
    """A name as lower-case words; 80G and 80GB are the same word, and makers are left out where more is said."""
    text = unicodedata.normalize("NFKC", name).lower()
    for other, word in NAMES["accelerators"]["translated"].items():
        text = text.replace(other, word)
    parts = re.findall(r"[a-z0-9]+", text)
    telling = [part for part in parts if part not in IDLE] or parts
    return tuple(part + "b" if re.fullmatch(r"\d+g", part) else part for part in telling)


@cache
def read_sheets() -> dict[str, dict[str, str]]:
    """Rows of the table by identifier, as text."""
    return {row["accelerator_id"]: row for row in read_rows(TABLE, ("accelerator_id", "name"))}


@cache
def read_table() -> dict[str, Accelerator]:
    """Accelerators of the table that have all figures the model needs; a DataProblem where a cell is not a number."""
    rows = read_sheets().values()
    return {row["accelerator_id"]: _of_row(row) for row in rows if all(row[DATA_SHEET[n]] for n in NEEDED)}


def _of_row(row: Mapping[str, str]) -> Accelerator:
    chip, figures = row["accelerator_id"], dict[str, Any]()
    for needed, called in NEEDED.items():
        if not row[DATA_SHEET[needed]]:
            raise InputError(f"{chip}: the table has no {called}; give {needed}")
    for name, column in DATA_SHEET.items():
        try:
            figures[name] = float(row[column] or USUAL.get(name, NOT_KNOWN))
        except ValueError:
            where, what = f"row {chip}, column {column}", f"{row[column][:40]!r} is not a number"
            raise DataProblem(shown(TABLE), where, what, "write a number such as 3.12e14") from None
    figures |= {"link_domain": int(figures["link_domain"]), "generation": row["generation"]}
    return Accelerator(chip, **figures, extrapolated=row["calibrated"] != "1", title=row["name"])
