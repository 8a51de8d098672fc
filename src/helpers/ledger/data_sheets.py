"""Facts of one accelerator in an article against its data sheet: rate by format, memory, bandwidth, power."""

from __future__ import annotations

import math
import re

from helpers.ledger.intervals import Interval
from helpers.ledger.knowledge import Knowledge, Row
from helpers.ledger.verdicts import Estimate, Finding, Flaw, Grade, Strength, Verdict, judge
from helpers.reader import Quantity
from helpers.reader.vocabulary import patterns, said

_FIELDS = {
    "byte": ("memory_byte",),
    "byte/s": ("memory_bandwidth_byte_per_s", "intranode_link_byte_per_s"),
    "W": ("tdp_w",),
}
_NARROW = ("peak_fp16_flop_per_s", "peak_fp8_flop_per_s", "peak_fp4_flop_per_s")  # formats with a sparse rate


def against_data_sheet(
    quantity: Quantity, claimed: Interval, sentence: str, knowledge: Knowledge
) -> tuple[Verdict, tuple[str, ...], str] | None:
    """Verdict, rows and the reason for a figure of one accelerator; None where no sheet says it or it is a measured rate."""
    rows = knowledge.chips(quantity.system_id)
    fields = _fields(quantity, sentence)
    if not rows or not fields:
        return None
    values = [(row, field, float(row[field])) for row in rows for field in fields if row.get(field)]
    if not values:
        return None
    verdict = _judged(claimed, [value for *_, value in values])
    if verdict.grade in (Grade.ACCURATE, Grade.CLOSE):
        return verdict, (_row_of(claimed, values),), "its data sheet"
    if quantity.unit == "W" and said("shared_power").search(sentence):
        return None  # a part of what a rack or a server draws
    if quantity.unit == "FLOP/s":
        narrow = [2 * value for _, field, value in values if field in _NARROW]
        doubled = _judged(claimed, narrow) if narrow else Verdict(Grade.UNSURE)
        if doubled.grade is Grade.ACCURATE:
            says_so = said("sparse").search(sentence) and not said("in_fact").search(sentence)
            grade = Grade.ACCURATE if says_so else Grade.MISLEADING
            flaw = Flaw.NONE if grade is Grade.ACCURATE else Flaw.COMPARABILITY
            return Verdict(grade, flaw, 1.0), (_row_of(claimed, values),), "the sparse rate, twice the dense one"
        if said("achieved").search(sentence) and claimed.low <= max(value for *_, value in values):
            return None  # a measured rate lies below the peak
    return verdict, (_row_of(claimed, values),), "its data sheet"


def _fields(quantity: Quantity, sentence: str) -> tuple[str, ...]:
    if quantity.unit == "FLOP/s":
        formats = patterns("format")
        named = tuple(field for field, words in formats.items() if words.search(sentence))
        if "peak_fp32_flop_per_s" in named and re.search(r"累加|accumulat", sentence, re.I):
            return ()  # rates by what is added up in are on no sheet
        return named or tuple(formats)
    return _FIELDS.get(quantity.unit, ())


def _judged(claimed: Interval, values: list[float]) -> Verdict:
    """The verdict of the nearest of several versions: 40 and 80 GB are both an A100."""
    nearest = min(
        (Interval(v * 0.985, v * 1.015) for v in values), key=lambda known: abs(math.log(known.middle / claimed.middle))
    )
    return judge("restates", claimed, Finding((Estimate(nearest, Strength.FAIR),), strength=Strength.FAIR))


def _row_of(claimed: Interval, values: list[tuple[Row, str, float]]) -> str:
    row, *_ = min(values, key=lambda value: abs(value[2] - claimed.middle))
    return str(row["accelerator_id"])
