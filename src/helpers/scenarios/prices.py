"""What an accelerator cost on a day: look-ups in `data/raw/prices.csv`, with what they rest on, or why nothing is known."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from statistics import median, quantiles

from helpers.constants import DAY_PER_YEAR
from helpers.errors import DataProblem
from helpers.language import tr
from helpers.numbers import plain
from helpers.paths import RAW, shown
from helpers.rows import read_rows

WINDOW_DAYS = 365  # quotes within a year of the nearest one count together
CARRIED_DAYS = 90  # from here on it is said that a price is carried to another day
# Log of a rent, 90 % of cases, for each year it is carried: the contract index of the H100 stood at 1.70 dollars in
# October 2025 and at 2.35 five months later (semianalysis2026index), after falling by half in two years.
DRIFT_PER_YEAR = 0.4
SPREAD = 0.3  # log, at least: as far apart from the middle are the vendors of half of the accelerators in the table
TABLE = RAW / "prices.csv"
PURCHASE = "purchase"
# Their list price on demand is for single servers; it is left out where enough others are known.
ENOUGH = 3
LISTED = ("Amazon Web Services", "Google Cloud", "Microsoft Azure", "Oracle Cloud")
NOT_SOLD = "estimate of what it costs to make"  # begins the note of such a row
COMMITMENTS = ("on_demand", "1y", "3y")


@dataclass(frozen=True)
class Row:
    """One price of the table."""

    accelerator_id: str
    vendor: str
    day: date
    commitment: str
    usd: float
    note: str = ""


@dataclass(frozen=True)
class Price:
    """A price found: the median over vendors, each at its day nearest to the one asked for; NaN where none is known."""

    usd: float = math.nan
    low: float = math.nan  # over vendors, wider where they are few or the day is far
    high: float = math.nan
    vendors: tuple[str, ...] = ()
    first: date = date.min
    last: date = date.min
    remarks: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """False where `remarks` say why there is none."""
        return math.isfinite(self.usd)

    @property
    def text(self) -> str:
        """Where the figure comes from, in words, or why there is none."""
        if not self.known:
            return tr("; ").join(self.remarks)
        one = self.first == self.last
        days = f"{self.last}" if one else tr("{low} to {high}", low=self.first, high=self.last)
        names = tr(", ").join(name or tr("market") for name in self.vendors)
        if len(self.vendors) == 1:
            who = tr("one vendor ({names})", names=names)
        else:
            who = tr("the median of {n} vendors ({names})", n=len(self.vendors), names=names)
        return tr("; ").join([tr("{who}, {when}", who=who, when=days), *self.remarks])


def find_price(accelerator_id: str, commitment: str = "on_demand", day: date | None = None, vendor: str = "") -> Price:
    """The price nearest to a day; the newest price known, if no day is given.

    A commitment without a quote, or with one dearer than on demand, follows from another by the usual ratio.
    """
    found = _quoted(accelerator_id, commitment, day, vendor)
    if commitment == PURCHASE:
        return found
    for other in COMMITMENTS:
        base = _quoted(accelerator_id, other, day, vendor) if other != commitment else found
        dear = other == "on_demand" and found.usd >= base.usd
        if other != commitment and base.known and (dear or not found.known):
            return _converted(base, other, commitment, found)
    return found


def _quoted(chip: str, commitment: str, day: date | None, vendor: str) -> Price:
    what = tr("purchase price") if commitment == PURCHASE else tr("rent ({commitment})", commitment=commitment)
    every = quotes(chip, commitment)
    sold = [r for r in every if not r.note.startswith(NOT_SOLD)]
    rows = [r for r in sold if not vendor or _meant(vendor, r.vendor)]
    if not sold:
        reason, made = tr("no {what} of {chip} is known", what=what, chip=chip), plain(every[-1].usd) if every else ""
        more = tr("; it is not sold, and {usd} US dollars is what it may cost to make", usd=made) if every else ""
        return Price(remarks=(reason + more,))
    if not rows:
        names = {"what": what, "chip": chip, "vendor": vendor, "others": _vendors(sold)}
        return Price(remarks=(tr("no {what} of {chip} at {vendor} is known; known: {others}", **names),))
    wanted = day or max(r.day for r in rows)
    anchor = min((r.day for r in rows), key=lambda d: abs((d - wanted).days))
    near = [r for r in rows if abs((r.day - anchor).days) <= WINDOW_DAYS]
    price = _over_vendors(near, wanted, bool(vendor) or commitment == PURCHASE)
    days = abs((wanted - anchor).days)
    wider, remarks = math.exp(DRIFT_PER_YEAR * days / DAY_PER_YEAR), price.remarks  # the same middle, less sure
    if days > CARRIED_DAYS:
        years = plain(days / DAY_PER_YEAR, 2)
        remarks = (*remarks, tr("carried over {years} years to {day}, with a wider range", day=wanted, years=years))
    return replace(price, low=price.low / wider, high=price.high * wider, remarks=remarks)


def _meant(asked: str, vendor: str) -> bool:
    """Whether a vendor may be called so: by a part of its name, or by its initials, as AWS."""
    words = vendor.lower().split()
    return asked.lower() in (vendor.lower(), *words, "".join(word[0] for word in words))


def _over_vendors(rows: list[Row], wanted: date, every: bool) -> Price:
    nearest: dict[str, Row] = {}
    for row in sorted(rows, key=lambda r: (abs((r.day - wanted).days), r.day)):
        nearest.setdefault(row.vendor, row)
    listed = [row for name, row in nearest.items() if name in LISTED]
    others = [row for name, row in nearest.items() if name not in LISTED]
    taken, left = (others, listed) if not every and len(others) >= ENOUGH else ([*listed, *others], [])
    usd, days = [r.usd for r in taken], sorted(r.day for r in taken)
    middle, few = median(usd), math.exp(SPREAD)
    ends = quantiles(usd, n=20, method="inclusive") if len(usd) > 1 else usd
    low, high = min(ends[0], middle / few), max(ends[-1], middle * few)
    remarks: tuple[str, ...] = ()
    if left:
        least, most = plain(min(r.usd for r in left)), plain(max(r.usd for r in left))
        span = least if least == most else tr("{low} to {high}", low=least, high=most)
        remarks = (tr("without the list prices of {names} ({ends})", names=_vendors(left), ends=span),)
    return Price(middle, low, high, tuple(sorted(r.vendor for r in taken)), days[0], days[-1], remarks)


def _converted(base: Price, known: str, commitment: str, found: Price) -> Price:
    """A price for another commitment, by what vendors who quote both ask for each."""
    ratio, few = usual_ratio(commitment) / usual_ratio(known), math.exp(SPREAD)
    said: dict[str, object] = {"commitment": commitment, "known": known, "ratio": plain(ratio, 2)}
    remark = tr("no quote for {commitment}: from {known} at the usual ratio of {ratio}", **said)
    if found.known:
        said |= {"usd": plain(found.usd), "names": tr(", ").join(found.vendors)}
        remark = tr(
            "quotes for {commitment} ({usd}: {names}) are dearer than on demand: on demand at the usual ratio of {ratio}",
            **said,
        )
    usd, low, high = base.usd * ratio, base.low * ratio / few, base.high * ratio * few
    return replace(base, usd=usd, low=low, high=high, remarks=(*base.remarks, remark))


@cache
def usual_ratio(commitment: str) -> float:
    """Rent with a commitment over rent on demand, the median over vendors and days that quote both; 1 where none does."""
    quotes: dict[tuple[str, str, date], dict[str, float]] = {}
    for row in read_prices():
        quotes.setdefault((row.accelerator_id, row.vendor, row.day), {})[row.commitment] = row.usd
    ratios = [own[commitment] / own["on_demand"] for own in quotes.values() if {commitment, "on_demand"} <= own.keys()]
    return median(ratios) if ratios else 1.0


def _vendors(rows: Iterable[Row]) -> str:
    return tr(", ").join(sorted({r.vendor for r in rows if r.vendor})) or tr("none named")


@cache
def read_prices() -> tuple[Row, ...]:
    """Every price of the table; a DataProblem where a cell is not a number or a date."""
    return tuple(_price_row(row) for row in read_rows(TABLE, ("accelerator_id", "vendor", "date", "commitment")))


@cache
def quotes(chip: str, commitment: str) -> tuple[Row, ...]:
    """Every price of one accelerator with one commitment."""
    return tuple(row for row in read_prices() if (row.accelerator_id, row.commitment) == (chip, commitment))


def _price_row(cells: dict[str, str]) -> Row:
    column = "usd_purchase" if cells["commitment"] == PURCHASE else "usd_per_chip_hour"
    try:
        day, usd = date.fromisoformat(cells["date"]), float(cells[column])
    except ValueError as error:
        raise DataProblem(shown(TABLE), f"row {cells['price_id']}", str(error), "correct the cell") from None
    return Row(cells["accelerator_id"], cells["vendor"], day, cells["commitment"], usd, cells.get("note", ""))
