"""What a figure is per: $2 per GPU-hour, 180K GPU hours per trillion tokens, 每卡每小时1美元, 每张80GB; the denominator is no figure."""

import re
from decimal import Decimal
from pathlib import Path

from helpers.reader.vocabulary import listed, phrase, powers
from helpers.rows import read_rows

WHOLE = frozenset(listed("kind", "whole"))  # no rates: 370亿 active for each token
_POWER = {"": Decimal(1), **powers("power")}
_AMOUNT = r"(?P<n>\d{1,4}(?:\.\d)?|一)?[ -]?(?P<power>thousand|million|billion|trillion|[KMBT](?= )|万亿|千亿|百亿|十亿|千万|百万|亿|万|千)?s?[ -]?个?"
_CHIP = r"(?:(?:NVIDIA|Nvidia|英伟达)? ?(?:[A-Z]{1,2}\d{2,3}[A-Z]?|GPU|TPU|NPU|chip|card|accelerator|加速卡|显卡|芯片|卡|昇腾 ?\d{3}[A-Z]?)s?[ -]?){1,2}"
_BASES = tuple(
    (row["base"], row["noun"].replace("{CHIP}", _CHIP))
    for row in read_rows(Path(__file__).with_name("denominators.csv"), ("base", "noun"))
)
_BASE = "|".join(f"(?P<b{i}>{pattern})" for i, (_, pattern) in enumerate(_BASES))
_AFTER = phrase("rates after", AMOUNT=_AMOUNT, BASE=_BASE)
_BEFORE = phrase("rates before", AMOUNT=_AMOUNT, BASE=_BASE)
_EACH_BEFORE = phrase("rates each_before", AMOUNT=_AMOUNT, BASE=_BASE)
_OF_TWO = re.compile(r"\d/$|\d[KMBT] ?/ ?$|[万亿] ?/ ?$")  # 671B / 37B
SAME_AGAIN = phrase("rates same_again")


def per_of(text: str, start: int, end: int, clause: tuple[int, int]) -> str:
    """The denominator of the figure text[start:end], such as "chip.h" or "1e12 token"; empty where it is no rate."""
    found = _AFTER.match(text, end)
    if not found:
        before = text[max(clause[0], start - 40) : start]
        if phrase("rates time_too").search(before):
            return "chip.h"
        found = _BEFORE.search(before) or _EACH_BEFORE.search(before)
        if not found:
            han = phrase("rates han_each").search(before)
            if han:
                return "server" if han["unit"] in ("台", "机", "节点") else "chip"
            if phrase("rates each_with").search(before):
                return "server"
            return "chip" if phrase("rates each_after").match(text, end) else ""
    base = next(name for i, (name, _) in enumerate(_BASES) if found[f"b{i}"])
    power = _POWER[found["power"] or ""] * Decimal("1" if found["n"] in (None, "一") else found["n"])
    return base if power == 1 else f"{float(power):g} {base}"


def is_denominator(text: str, start: int) -> bool:
    """Whether the numeral at `start` is what something is counted per: 每1万亿词元, per 1,000 tokens."""
    if _OF_TWO.search(text, max(0, start - 4), start):
        return False
    return phrase("rates denominator").search(text, max(0, start - 10), start) is not None
