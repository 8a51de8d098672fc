"""What an accelerator cost on a day: look-ups in `data/raw/prices.csv`, with a reason when nothing is known."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from statistics import median

from helpers.formulas.validation import InputError
from helpers.language import tr
from helpers.paths import RAW, shown

WINDOW_DAYS = 365  # a price further than this from the day that is asked for does not count
PURCHASE = "purchase"
PRICE_COLUMNS = {PURCHASE: "usd_purchase"}  # all others are rents by the hour
LEAST_FOR_RANGE = 3  # vendors that make a range; fewer say nothing of the spread


@dataclass(frozen=True)
class Row:
    """One price of the table."""

    accelerator_id: str
    vendor: str
    day: date
    commitment: str
    usd: float


@dataclass(frozen=True)
class Price:
    """A price found: the median over vendors, each at its day nearest to the one asked for."""

    usd: float
    low: float  # over vendors; equal to `usd` where they are few
    high: float
    vendors: int
    first: date
    last: date

    @property
    def text(self) -> str:
        """Where the figure comes from, in words."""
        one = self.first == self.last
        days = f"{self.last}" if one else tr("{low} to {high}", low=self.first, high=self.last)
        who = tr("one vendor") if self.vendors == 1 else tr("the median of {n} vendors", n=self.vendors)
        return tr("{who}, {when}", who=who, when=days)


@dataclass(frozen=True)
class Unknown:
    """Why there is no price."""

    reason: str


def find_price(
    accelerator_id: str,
    commitment: str = "on_demand",
    day: date | None = None,
    vendor: str = "",
    path: Path = RAW / "prices.csv",
) -> Price | Unknown:
    """The price nearest to a day; the newest price known, if no day is given."""
    rows = [r for r in read_prices(path) if r.accelerator_id == accelerator_id and r.commitment == commitment]
    what = tr("purchase price") if commitment == PURCHASE else tr("rent ({commitment})", commitment=commitment)
    if not rows:
        others = _others(accelerator_id, commitment, path)
        return Unknown(tr("no {what} of {chip} is known", what=what, chip=accelerator_id) + others)
    if vendor:
        named = [r for r in rows if r.vendor.lower() == vendor.lower()]
        if not named:
            return Unknown(
                tr(
                    "no {what} of {chip} at {vendor} is known; known: {others}",
                    what=what,
                    chip=accelerator_id,
                    vendor=vendor,
                    others=_vendors(rows),
                )
            )
        rows = named
    wanted = day or max(r.day for r in rows)
    near = [r for r in rows if abs((r.day - wanted).days) <= WINDOW_DAYS]
    if not near:
        return Unknown(
            tr(
                "price unknown at that date: no {what} of {chip} within {window} days of {wanted}; known from {first} to {last}",
                what=what,
                chip=accelerator_id,
                window=WINDOW_DAYS,
                wanted=wanted,
                first=min(r.day for r in rows),
                last=max(r.day for r in rows),
            )
        )
    return _over_vendors(near, wanted)


def _over_vendors(rows: list[Row], wanted: date) -> Price:
    nearest: dict[str, Row] = {}
    for row in sorted(rows, key=lambda r: (abs((r.day - wanted).days), r.day)):
        nearest.setdefault(row.vendor, row)
    usd, days = sorted(r.usd for r in nearest.values()), sorted(r.day for r in nearest.values())
    middle = median(usd)
    spread = len(usd) >= LEAST_FOR_RANGE
    return Price(middle, usd[0] if spread else middle, usd[-1] if spread else middle, len(usd), days[0], days[-1])


def _vendors(rows: list[Row]) -> str:
    return tr(", ").join(sorted({r.vendor for r in rows if r.vendor})) or tr("none named")


def _others(accelerator_id: str, commitment: str, path: Path) -> str:
    """Commitments that are known instead."""
    known = {r.commitment for r in read_prices(path) if r.accelerator_id == accelerator_id} - {commitment, PURCHASE}
    return tr("; known: {others}", others=tr(", ").join(sorted(known))) if known and commitment != PURCHASE else ""


@cache
def read_prices(path: Path = RAW / "prices.csv") -> tuple[Row, ...]:
    """Every price of the table.

    Raises:
        InputError: the table cannot be read.
    """
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except OSError as error:
        raise InputError(f"prices: {shown(path)} cannot be read ({error.strerror})") from error
    return tuple(
        Row(
            r["accelerator_id"],
            r["vendor"],
            date.fromisoformat(r["date"]),
            r["commitment"],
            float(r[PRICE_COLUMNS.get(r["commitment"], "usd_per_chip_hour")]),
        )
        for r in rows
    )
