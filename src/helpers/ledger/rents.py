"""Prices of an accelerator in an article against the table of rents and purchases: by vendor where the sentence names one.

Prices move, so a price that fits no row accuses nobody: one that has the digits of a row with another power of ten, or lies far
outside all that was ever asked for the chip, contradicts what is on file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from helpers.ledger.graded import FirstVerdict
from helpers.ledger.intervals import Interval, slip_of
from helpers.ledger.knowledge import Knowledge, Row
from helpers.ledger.verdicts import Flaw, Grade, Verdict
from helpers.numbers import plain
from helpers.reader import Quantity
from helpers.reader.vocabulary import patterns, said

CNY_PER_USD = (7.0, 7.3)
CHIPS_PER_SERVER, HOURS_PER_MONTH = 8, 720
DEAREST_RENT, CHEAPEST_CHIP, DEAREST_CHIP = 150.0, 3000.0, 80_000.0  # USD: others are no price of one accelerator
CENT = 1.005  # list prices are printed to the cent
FAR = 3.0  # outside all prices on file by more than this
BEFORE = 40


def price_verdict(
    q: Quantity, claimed: Interval, sentence: str, left: str, chips: Sequence[str], knowledge: Knowledge
) -> FirstVerdict | None:
    """The verdict on a rent or price of the only accelerator that a figure can be of; `left`: what stands before the figure."""
    asked = _per_chip(q, claimed, left[-BEFORE:])
    if asked is None or not chips:
        return None
    rent = asked.high <= DEAREST_RENT
    if not said("rented" if rent else "bought").search(sentence) or not (
        rent or CHEAPEST_CHIP <= asked.low <= DEAREST_CHIP
    ):
        return None
    rows = knowledge.prices(chips, "usd_per_chip_hour" if rent else "usd_purchase")
    named = [[sold for sold in rows if _sells(sold[0]["vendor"], text)] for text in (left[-BEFORE:], sentence)]
    paid = named[0] or named[1] or rows
    wide = Interval(asked.low / CENT, asked.high * CENT)
    agreeing = [row for row, usd in paid if wide.low <= usd <= wide.high]
    if agreeing:
        why = f"a price on file, {agreeing[0]['vendor'] or 'market'}, {agreeing[0]['date']}"
        return FirstVerdict(Verdict(Grade.ACCURATE, ratio=1.0), None, _ids(agreeing), 2, why)
    return _off(asked, paid, rows) if paid else None


def _off(asked: Interval, paid: Sequence[tuple[Row, float]], rows: Sequence[tuple[Row, float]]) -> FirstVerdict | None:
    slipped = [row for row, usd in paid if slip_of(asked, Interval(usd, usd))]
    least, most = min(usd for _, usd in rows), max(usd for _, usd in rows)
    if not slipped and asked.high * FAR >= least and asked.low <= most * FAR:
        return None
    why = f"prices of this accelerator on file: {plain(least)} to {plain(most)} USD"
    if not slipped and asked.high >= least and asked.low <= most:
        return None
    ratio = asked.gap_ratio(Interval(least, most))
    return FirstVerdict(Verdict(Grade.UNSURE, Flaw.UNIT, ratio), None, _ids(slipped), 2, why, contradicts=True)


def _ids(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(row["price_id"] for row in rows[:3])


def _per_chip(q: Quantity, claimed: Interval, left: str) -> Interval | None:
    """The amount in USD for one chip (and hour): a server's by its chips, a month's by its hours."""
    if q.kind != "money" or q.unit not in ("USD", "CNY") or q.per not in ("", "h", "chip", "chip.h", "server"):
        return None
    usd = claimed if q.unit == "USD" else Interval(claimed.low / CNY_PER_USD[1], claimed.high / CNY_PER_USD[0])
    if q.per not in ("chip", "chip.h") and said("per_server").search(left):
        usd = usd.scaled(1 / CHIPS_PER_SERVER)
    return usd.scaled(1 / HOURS_PER_MONTH) if q.per != "chip.h" and said("per_month").search(left) else usd


def _sells(vendor: str, text: str) -> bool:
    """Whether the text names a vendor of the table, by its usual name."""
    usual = vendor.removeprefix("index (").rstrip(")").partition(" (")[0]
    words = patterns("seller").get(vendor) or re.compile(re.escape(usual), re.I)
    return bool(vendor) and words.search(text) is not None
