"""Accelerators in an article: facts against the data sheet, prices against the table, costs of training against hours x rent.

Prices move, so a price that fits no row accuses nobody: one that has the digits of a row with another power of ten, or lies far
outside all that was ever asked for the chip, contradicts what is on file. A cost is doubted only where no rent explains it.
"""

import math
import re
from collections.abc import Iterable, Sequence

from helpers.constants import SECOND_PER_HOUR
from helpers.ledger.claimed import Printed
from helpers.ledger.intervals import Interval, slip_of
from helpers.ledger.knowledge import Knowledge, Row
from helpers.ledger.matching import RANKS, part_of_it
from helpers.ledger.nodes import RATES
from helpers.ledger.verdicts import HOLDING, HOLDS, Estimate, FirstVerdict, Flaw, Grade, Strength, Verdict, restated
from helpers.numbers import plain
from helpers.reader import Quantity
from helpers.reader.vocabulary import patterns, said

_BYTE_RATES = ("memory_bandwidth_byte_per_s", "intranode_link_byte_per_s")
_FIELDS = {"byte": ("memory_byte",), "byte/s": _BYTE_RATES, "W": ("tdp_w",)}
_NARROW = ("peak_fp16_flop_per_s", "peak_fp8_flop_per_s", "peak_fp4_flop_per_s")  # formats with a sparse rate
_UNUSUAL = patterns("format").keys() - {"peak_fp16_flop_per_s"}
_OTHER_RATE = Verdict(Grade.MISLEADING, Flaw.COMPARABILITY, 1.0)
FORMS = ("sxm", "pcie", "nvl")
NEARLY = 0.5  # up to 100 is no approval of 20
CHIPS_PER_SERVER, HOURS_PER_MONTH = 8, 720
DEAREST_RENT, CHEAPEST_CHIP, DEAREST_CHIP = 150.0, 3000.0, 80_000.0  # USD: others are no price of one accelerator
CENT = 1.005  # list prices are printed to the cent
OUTSIDE = 3.0  # outside all prices on file by more than this
BESIDE = 40  # characters before a price that name what it is of
USE = (0.15, 0.65)  # shares of the peak that runs have reached
RENT_USD = (0.4, 12.0)  # a chip and hour where the table has no price for it
IMPLAUSIBLE = 3.0  # beyond this factor outside the range a cost is doubted
MACHINE = 3.0  # what is more times the sheet's is of several chips: a server, a rack, all of them together


def against_data_sheet(figure: Printed, knowledge: Knowledge) -> FirstVerdict | None:
    """A figure of one accelerator; None where no sheet says it or it is a measured rate."""
    q, sentence, claimed = figure.q, figure.sentence, figure.claimed
    rack = re.search(r"NVL ?\d", q.system_id, re.I) and q.per != "chip"  # and the sheet is of one chip
    of_one = q.per in ("", "chip") or q.kind == "throughput"
    if claimed is None or claimed.middle <= 0 or rack or q.how not in RANKS or not of_one:
        return None
    if q.bound == "at_most":
        claimed = Interval(NEARLY * claimed.high, claimed.high)
    fields = _fields(q, figure.context if re.search(r"[|\t]", sentence) else sentence)  # a table says it in its head
    sheets = _of_form(knowledge.chips(q.system_id), sentence)
    sheets = [row for row in sheets if q.unit != "W" or "tdp (Epoch)" not in row["note"]]  # whose power is an estimate
    values = [(float(row[f]), f, row["accelerator_id"]) for row in sheets for f in fields if row.get(f)]
    if not values:
        return None
    # of several versions the nearest: 40 and 80 GB are both an A100
    nearest, field, sheet = min(values, key=lambda value: abs(math.log(value[0] / claimed.middle)))
    verdict, why, contradicts = _judged(claimed, nearest), "its data sheet", False
    if verdict.grade in HOLDING:
        card = q.unit == "W" and "-sxm" not in sheet and any("-sxm" in row["accelerator_id"] for row in sheets)
        narrow = field in _UNUSUAL and not patterns("format")[field].search(sentence)
        if (card and len(sheets) > 1) or narrow:
            return None  # of a plug-in card, of a narrow format, and the sentence does not say so
        if field in _NARROW and said("sparse").search(figure.clause) and not said("dense").search(figure.clause):
            verdict, why, contradicts = _OTHER_RATE, "the dense rate, half the sparse one", True
    elif any(_judged(claimed, 2 * value).grade is Grade.ACCURATE for value, field, _ in values if field in _NARROW):
        told = said("sparse").search(sentence) and not said("in_fact").search(sentence)
        verdict, contradicts = HOLDS if told else _OTHER_RATE, not told  # data sheets print it too
        why = "the sparse rate, twice the dense one"
    elif _of_less_or_more(figure, claimed, max(value for value, *_ in values)):
        return None
    elif not patterns("sheet")[q.unit].search(figure.clause):
        contradicts = True  # what is kept, drawn or reached there may be another thing
    return FirstVerdict(verdict, None, (sheet,), RANKS[q.how], why, contradicts)


def _of_less_or_more(figure: Printed, claimed: Interval, most: float) -> bool:
    """Whether a figure is of a machine, of a part or of several of them, or a rate that was measured and lies below the peak."""
    q = figure.q
    machine = q.per != "chip" and claimed.low > MACHINE * most
    part = said("piece").search(figure.clause) or (q.unit == "W" and said("shared_power").search(figure.sentence))
    measured = q.unit == "FLOP/s" and said("achieved").search(figure.sentence) and claimed.low <= most
    return bool(machine or part or measured)


def _of_form(sheets: list[Row], sentence: str) -> list[Row]:
    """The sheets of the form that the sentence names: SXM, PCIe or NVL, of which the last is rare and always named."""
    named = [form for form in FORMS if re.search(rf"(?<![A-Za-z]){form}(?![A-Za-z])", sentence, re.I)]
    forms = [row for row in sheets if any(f"-{form}" in row["accelerator_id"] for form in named)]
    return forms or [row for row in sheets if "-nvl-" not in row["accelerator_id"]] or sheets


def _fields(quantity: Quantity, sentence: str) -> tuple[str, ...]:
    if quantity.unit == "FLOP/s":
        formats = patterns("format")
        named = tuple(field for field, words in formats.items() if words.search(sentence))
        if "peak_fp32_flop_per_s" in named and re.search(r"累加|accumulat", sentence, re.I):
            return ()  # rates by what is added up in are on no sheet
        return named or tuple(formats)
    return _FIELDS.get(quantity.unit, ())


def _judged(claimed: Interval, value: float) -> Verdict:
    """A figure against one value of a data sheet."""
    return restated(claimed, [Estimate(Interval(value * 0.985, value * 1.015), Strength.FAIR)])


def price_verdict(figure: Printed, chips: Sequence[str], knowledge: Knowledge) -> FirstVerdict | None:
    """The verdict on a rent or price of the only accelerator that a figure can be of."""
    left, sentence = figure.before[-BESIDE:], figure.sentence
    asked = _per_chip(figure.q, figure.claimed, left) if figure.claimed else None
    if asked is None:
        return None
    rent = asked.high <= DEAREST_RENT
    able = rent or CHEAPEST_CHIP <= asked.low <= DEAREST_CHIP
    rows = knowledge.prices(chips, "usd_per_chip_hour" if rent else "usd_purchase")
    if not (able and rows and said("rented" if rent else "bought").search(sentence)):
        return None
    named = [[sold for sold in rows if _sells(sold[0]["vendor"], text)] for text in (left, sentence)]
    paid = named[0] or named[1] or rows
    wide = Interval(asked.low / CENT, asked.high * CENT)
    if agreeing := [row for row, usd in paid if wide.low <= usd <= wide.high]:
        if not any(named):
            return None  # nobody is named who asked it, and prices are many
        why = f"a price on file, {agreeing[0]['vendor'] or 'market'}, {agreeing[0]['date']}"
        return FirstVerdict(HOLDS, None, tuple(row["price_id"] for row in agreeing[:3]), 2, why)
    least, most = min(usd for _, usd in rows), max(usd for _, usd in rows)
    slipped = [row for row, usd in paid if slip_of(asked, Interval(usd, usd)) and not least <= asked.middle <= most]
    if not slipped and asked.overlaps(Interval(least / OUTSIDE, most * OUTSIDE)):
        return None
    why = f"prices of this accelerator on file: {plain(least)} to {plain(most)} USD"
    off, ids = asked.gap_ratio(Interval(least, most)), tuple(row["price_id"] for row in slipped[:3])
    return FirstVerdict(Verdict(Grade.UNSURE, Flaw.UNIT, off), None, ids, 2, why, contradicts=True)


def _per_chip(q: Quantity, claimed: Interval, left: str) -> Interval | None:
    """The amount in USD for one chip (and hour): a server's by its chips, a month's by its hours."""
    if q.kind != "money" or q.unit not in ("USD", "CNY") or q.per not in ("", "h", "chip", "chip.h", "server"):
        return None
    rate = Interval(1.0, 1.0) if q.unit == "USD" else RATES[q.unit]
    usd = Interval(claimed.low / rate.high, claimed.high / rate.low)
    if q.per not in ("chip", "chip.h") and said("per_server").search(left):
        usd = usd.scaled(1 / CHIPS_PER_SERVER)
    return usd.scaled(1 / HOURS_PER_MONTH) if q.per != "chip.h" and said("per_month").search(left) else usd


def _sells(vendor: str, text: str) -> bool:
    """Whether the text names a vendor of the table, by its usual name."""
    usual = vendor.removeprefix("index (").rstrip(")").partition(" (")[0]
    words = patterns("seller").get(vendor) or re.compile(re.escape(usual), re.I)
    return bool(vendor) and words.search(text) is not None


def plausible_cost(figure: Printed, chips: Iterable[str], knowledge: Knowledge) -> FirstVerdict | None:
    """A cost of training against chip-hours x rent, of second rank; doubted only where no rent explains it."""
    q, sentence, claimed = figure.q, figure.sentence, figure.claimed
    if q.unit != "USD" or q.per or not said("training").search(sentence) or said("whole_purse").search(sentence):
        return None
    hours, ids = _chip_hours(q.system_id, chips, knowledge)
    if hours is None or claimed is None:
        return None
    rents = [usd for _, usd in knowledge.prices(chips, "usd_per_chip_hour")] or RENT_USD
    low, high = min(rents), max(rents)
    cost = Interval(hours.low * low, hours.high * high)
    chain = f"{plain(hours.low)} to {plain(hours.high)} chip-hours x {plain(low)} to {plain(high)} USD"
    if claimed.overlaps(Interval(cost.low / IMPLAUSIBLE, cost.high * IMPLAUSIBLE)):
        return FirstVerdict(Verdict(Grade.UNSURE), None, ids, 2, f"plausible as rent: {chain}")
    doubted = Verdict(Grade.INACCURATE, Flaw.VALUE, claimed.gap_ratio(cost))
    return FirstVerdict(doubted, None, ids, 2, f"not plausible as rent: {chain}")


def _chip_hours(system: str, chips: Iterable[str], knowledge: Knowledge) -> tuple[Interval | None, tuple[str, ...]]:
    """Chip-hours on file, else FLOP over the peak of the only kind of chip at a share that runs have reached."""
    rows = [row for row in knowledge.numbers(system) if not part_of_it(row)]
    stated = [row for row in rows if row["quantity"] == "chip_time" and row["unit"] == "chip s"]
    if stated:
        return knowledge.estimate(stated[0]).interval.scaled(1 / SECOND_PER_HOUR), (stated[0]["evidence_id"],)
    work = [r for r in rows if r["quantity"] == "training_flop" and knowledge.estimate(r).strength >= Strength.FAIR]
    peaks = [peak for chip in chips for peak in knowledge.peaks(chip)]
    if not work or not peaks:
        return None, ()
    flop = knowledge.estimate(work[0]).interval
    slow, fast = (rate * SECOND_PER_HOUR for rate in (min(peaks) * USE[0], max(peaks) * USE[1]))
    return Interval(flop.low / fast, flop.high / slow), (work[0]["evidence_id"],)
