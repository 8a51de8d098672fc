"""Chinese numerals: 一亿五千万, 三千多, 数百亿, 几十, 十几, 七八, 百亿, 一点五亿."""

import re
from decimal import Decimal

from helpers.reader.number import (
    HAN_DIGITS,
    LARGE,
    MAX_DIGITS,
    POWERS,
    PREFIXED_UNIT,
    SMALL,
    Number,
    UnreadableFigure,
    chain,
    more_than,
    printed,
    spelled,
)
from helpers.reader.vocabulary import phrase

_RUN = re.compile(r"[零〇一二两三四五六七八九十百千万亿兆]+")
_POSITIONAL = re.compile(r"[零〇一二三四五六七八九]{3,12}(?![十百千万亿兆])")
_NO_LIMIT = Decimal("1e30")
_TEN_POWER = re.compile(r"十[万亿兆]+(?=级|量级|数量级|甚至|规模)")
_POINT = re.compile(r"([零〇一二三四五六七八九十]{1,3})点([零〇一二三四五六七八九]{1,6})")


def match_han(text: str, start: int) -> Number | None:
    """The Chinese numeral at `start`, None where the characters make a word; raises UnreadableFigure if malformed."""
    if phrase("han plain_word").match(text, start):
        return None
    for reader in (_vague, _pointed):
        number = reader(text, start)
        if number:
            return number
    if _TEN_POWER.match(text, start):
        return _power_word(text, start)
    if _POSITIONAL.match(text, start):
        raise UnreadableFigure("digits written one by one")
    if text[start] in "几数":
        return None
    if text[start] in POWERS and text[start] != "十":
        return _power_word(text, start)
    return _plain(text, start)


def _power_word(text: str, start: int) -> Number | None:
    """百亿, 千亿, 万: between one and ten of that unit; a following 多/余 makes it at least one."""
    power, end = chain(text, start)
    if power == 1:
        return None
    if text[end : end + 1] in ("多", "余"):
        return Number(power, power, 2 * power, end + 1, "at_least", style="chinese")
    return Number(power * Decimal("5.5"), power, power * 10, end, "range", power, style="chinese")


def _vague(text: str, start: int) -> Number | None:
    """数百亿 (one to ten of the unit), 几十 (from 20 to below 100), 几年, 二十几亿, 七八, 十七八亿, 两、三年."""
    found = phrase("han vague").match(text, start)
    power, end = chain(text, found.end()) if found else (Decimal(1), start)
    if not found or (found["several"] and power == 1):
        return None
    low, high = (bound * power for bound in _ends(found))
    return Number((low + high) / 2, low, high, end, "range", style="chinese")


def _ends(found: re.Match[str]) -> tuple[Decimal, Decimal]:
    """Between what a vague numeral lies, in the unit behind it."""
    if found["few"] or found["several"]:
        return Decimal(1 if found["several"] == "数" else 2), Decimal(10)
    if found["tens"] is not None:
        tens = HAN_DIGITS[found["tens"] or "一"] * 10
        return tens + 1, tens + 10
    base, pair = POWERS.get(found["base"] or "", Decimal(0)), found["listed"] or found["pair"]
    return base + HAN_DIGITS[pair[0]], base + HAN_DIGITS[pair[-1]]


def _pointed(text: str, start: int) -> Number | None:
    """一点五亿: a Chinese decimal."""
    found = _POINT.match(text, start)
    if not found:
        return None
    whole, _ = _section(found.group(1), 0)
    decimals = "".join(str(int(HAN_DIGITS[char])) for char in found.group(2))
    power, end = chain(text, found.end())
    return printed(f"{whole}.{decimals}", power, end, "chinese")


def _section(text: str, start: int) -> tuple[Decimal, int]:
    """A Chinese numeral below 万 (一千七百五十, 十二, 三千五 = 3500) and its end; stops where order is broken."""
    total, last, i, zero = Decimal(0), Decimal(10000), start, False
    while i < len(text):
        if text[i] in "零〇" and i > start and not zero:
            zero, i = True, i + 1
            continue
        digit = HAN_DIGITS.get(text[i])
        unit = SMALL.get(text[i] if digit is None else text[i + 1 : i + 2])
        if (digit is None and (unit is None or text[i] != "十")) or (unit is not None and unit >= last):
            break
        if unit is None:
            assert digit is not None
            if last in (100, 1000) and text[i + 1 : i + 2] in LARGE and not zero:
                break  # 三千四万 is no numeral
            spoken = not zero and Decimal(100) <= last < Decimal(10000)
            return total + (digit * last / 10 if spoken else digit), i + 1
        total, last, zero = total + (Decimal(1) if digit is None else digit) * unit, unit, False
        i += 1 if digit is None else 2
    return total, i - zero


def _plain(text: str, start: int) -> Number | None:
    """一亿五千万, 一万五千亿, 三千多, 二十: segments of a section and its magnitudes, in decreasing order."""
    found = _RUN.match(text, start)
    if not found or len(found.group()) > MAX_DIGITS:
        raise UnreadableFigure("a Chinese numeral that is too long")
    total, last, end, unit = Decimal(0), _NO_LIMIT, start, Decimal(1)
    while end < found.end():
        gap = end > start and text[end] in "零〇"
        section, after = _section(text, end + gap)
        if after == end + gap:
            break
        vague = text[after : after + 1] in ("多", "余") and text[after + 1 : after + 2] in LARGE
        power, after_power = chain(text, after + vague)
        if after - end == 1 and power == 1 and last < _NO_LIMIT and text[end] in HAN_DIGITS:
            power, after_power = last / 10, after  # 一万二 = 12,000
        total, last = _added(total, section, power, last)
        end, unit = after_power, power
        if vague:
            return more_than(printed(spelled(total / power), power, end, "chinese"), end)
        if power == 1:
            break
    return _plain_end(text, found.end(), total, unit, end)


def _added(total: Decimal, section: Decimal, power: Decimal, last: Decimal) -> tuple[Decimal, Decimal]:
    """The sum so far with one more segment, and the magnitude below which the next must stay (一万五千亿: 15,000 x 亿)."""
    if section * power < last:
        return total + section * power, power
    if last == LARGE["万"] > section and power == LARGE["亿"]:
        return (total + section) * power, power
    raise UnreadableFigure("a Chinese numeral out of order")


def _plain_end(text: str, run_end: int, total: Decimal, unit: Decimal, end: int) -> Number | None:
    if end < run_end and not PREFIXED_UNIT.match(text, end):
        raise UnreadableFigure("a Chinese numeral out of order")
    number = printed(spelled(total / unit), unit, end, "chinese")
    if text[end : end + 1] in ("多", "余") and total >= 10:
        return more_than(number, end + 1)
    return number
