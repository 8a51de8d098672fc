"""Prices of an accelerator in an article against the table of rents and purchases: by vendor where the sentence names one.

Prices move, so a price that fits no row accuses nobody: one that has the digits of a row with another power of ten, or lies far
outside all that was ever asked for the chip, contradicts what is on file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from helpers.ledger.graded import FirstVerdict
from helpers.ledger.intervals import Interval
from helpers.ledger.knowledge import Knowledge, Row
from helpers.ledger.slips import slip_of
from helpers.ledger.verdicts import Flaw, Grade, Verdict
from helpers.numbers import plain
from helpers.reader import Quantity

CNY_PER_USD = (7.0, 7.3)
CHIPS_PER_SERVER, HOURS_PER_MONTH = 8, 720
DEAREST_RENT, CHEAPEST_CHIP, DEAREST_CHIP = (
    150.0,
    3000.0,
    80_000.0,
)  # USD: other amounts are no price of one accelerator
CENT = 1.005  # list prices are printed to the cent
FAR = 3.0  # outside all prices on file by more than this
BEFORE = 40
_HIRED = re.compile(
    r"租|每小时|每小時|卡时|卡時|时价|時價|牌价|牌價|单卡|單卡|(?<![A-Za-z])(?:rent\w*|hour\w*|hr|list\w*|rates?|charg\w+|cloud|median|asked)(?![A-Za-z])",
    re.I,
)
_BOUGHT = re.compile(
    r"售|买|買|单价|單價|采购|採購|每[张張块塊颗顆片]|(?<![A-Za-z])(?:buy\w*|bought|sold|sells?|purchas\w*|went for|apiece|a piece|used|street|price[ds]?|cost)(?![A-Za-z])",
    re.I,
)
_SERVER = re.compile(
    r"整台|整机|整機|八卡|8 ?卡|服务器|伺服器|(?<![A-Za-z])(?:whole|entire|instance|server|node|machine)(?![A-Za-z])",
    re.I,
)
_MONTH = re.compile(r"月租|每月|(?<![A-Za-z])(?:a|per) month", re.I)
_OF_VENDOR = {
    "Amazon Web Services": r"AWS|Amazon|亚马逊|亞馬遜", "Google Cloud": r"Google|谷歌|Iowa", "Microsoft Azure": r"Azure|Microsoft|微软|微軟",
    "Lambda Labs": "Lambda", "Oracle Cloud": r"Oracle|甲骨文", "market (China)": r"中国|中國|国内|大陆|大陸|China|Chinese",
}  # fmt: skip


def price_verdict(
    q: Quantity, claimed: Interval, sentence: str, left: str, chips: Sequence[str], knowledge: Knowledge
) -> FirstVerdict | None:
    """The verdict on a rent or price of the only accelerator that a figure can be of; `left`: what stands before the figure."""
    asked = _per_chip(q, claimed, left[-BEFORE:])
    if asked is None or not chips:
        return None
    rent = asked.high <= DEAREST_RENT
    if not (_HIRED if rent else _BOUGHT).search(sentence) or not (rent or CHEAPEST_CHIP <= asked.low <= DEAREST_CHIP):
        return None
    rows = knowledge.prices(chips, "usd_per_chip_hour" if rent else "usd_purchase")
    named = [(row, usd) for row, usd in rows if _sells(row["vendor"], left[-BEFORE:])] or [
        (row, usd) for row, usd in rows if _sells(row["vendor"], sentence)
    ]
    paid = named or rows
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
    if q.per not in ("chip", "chip.h") and _SERVER.search(left):
        usd = usd.scaled(1 / CHIPS_PER_SERVER)
    return usd.scaled(1 / HOURS_PER_MONTH) if q.per != "chip.h" and _MONTH.search(left) else usd


def _sells(vendor: str, text: str) -> bool:
    """Whether the text names a vendor of the table, by its usual name."""
    words = _OF_VENDOR.get(vendor) or re.escape(vendor.removeprefix("index (").rstrip(")").partition(" (")[0])
    return bool(vendor) and re.search(words, text, re.I) is not None
