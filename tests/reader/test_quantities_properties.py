"""Properties: what is written in press style reads back, nothing else is raised, and the work grows with the length."""

import math
import random
import sys
from itertools import pairwise
from types import FrameType
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers.reader import UnreadableFigure, read_date, read_figure, read_text
from helpers.reader.dates import _FORMS as DATE_FORMS
from helpers.reader.dates import match_date

SETTINGS = settings(max_examples=150, deadline=None)
SYSTEMS = (("gpt-3", ("GPT-3",)), ("yuan-1-0", ("源1.0",)))
MAGNITUDES = {
    "": 1.0, "万": 1e4, "亿": 1e8, "万亿": 1e12, "億": 1e8, " billion": 1e9, " million": 1e6, "B": 1e9, "千": 1e3, "百万": 1e6,
}  # fmt: skip
HAN = "零一二三四五六七八九"
PIECES = [
    "1750亿",
    "2.5",
    "参数",
    "GPT-3",
    "的",
    "约",
    "超过",
    "0.5",
    "%",
    "万",
    "千",
    "亿",
    "token",
    "个",
    "，",
    "。",
    ".",
    ",",
    "年",
    "月",
    "日",
    "2021",
    "10",
    "(",
    ")",
    "$",
    "¥",
    "million",
    "billion",
    "one",
    "two",
    "half",
    "and",
    "B",
    "T",
    "GB",
    "TB/s",
    "PD",
    "petaflop/s-day",
    "第",
    "三",
    "几",
    "十",
    "数",
    "百",
    "半",
    "成",
    "倍",
    "分之",
    "~",
    "-",
    "到",
    "×",
    "10^",
    "²³",
    "e23",
    "E+",
    "/",
    "1024",
    "*",
    "A100",
    "GPU",
    "小时",
    "天",
    "层",
    "名",
    "http://",
    "www.",
    "@",
    "第一",
    "No.",
    "#",
    "１２",
    "\u200b",
    "😀",
    "數(shù)",
    "兆",
    "點",
    "餘",
    "—",
    "…",
    "\x00",
    "٣",
    "½",
    "Ⅷ",
    "9" * 30,
    "1e300",
    "10^99",
    "个",
    " words of ",
]


def press_number(mantissa: int, decimals: int, point: str) -> str:
    """A number as the press prints it: 1.75, 1。75, １．７５ or 1,750."""
    digits = f"{mantissa:0{decimals + 1}d}"
    return digits[:-decimals] + point + digits[-decimals:] if decimals else digits


def han(number: int) -> str:
    """A number up to 10^16 in Chinese: 十二, 一千零二十四, 三亿零五万."""
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        if number >= size:
            rest = number % size
            gap = "零" if rest and rest < size // 10 else ""
            return han(number // size) + unit + gap + (han(rest) if rest else "")
    text, gap = "", False
    for unit, size in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit, number = divmod(number, size)
        if digit:
            text += ("零" if gap else "") + HAN[digit] + unit
            gap = False
        elif text and number:
            gap = True
    return text or "零"


def test_the_helper_writes_chinese_numerals() -> None:
    assert [han(n) for n in (12, 1024, 300050000)] == ["一十二", "一千零二十四", "三亿零五万"]


@SETTINGS
@given(st.integers(1, 10**7), st.integers(0, 3), st.sampled_from(list(MAGNITUDES)), st.sampled_from([".", "。", "．"]))
def test_a_number_in_press_style_reads_back(mantissa: int, decimals: int, magnitude: str, point: str) -> None:
    """Formatting then reading gives the value, and the value lies in its own interval."""
    figure = read_figure(press_number(mantissa, decimals, point) + magnitude)
    value = mantissa / 10**decimals * MAGNITUDES[magnitude]
    assert math.isclose(figure.value, value, rel_tol=1e-12)
    assert figure.low <= figure.value < figure.high


@SETTINGS
@given(st.integers(1, 10**9))
def test_grouped_and_full_width_digits_read_as_plain_ones(number: int) -> None:
    wide = str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert read_figure(f"{number:,}").value == read_figure(wide).value == number


@SETTINGS
@given(st.integers(1, 10**12))
def test_a_chinese_numeral_reads_back(number: int) -> None:
    assert read_figure(han(number)).value == number


@SETTINGS
@given(st.integers(1, 10**6), st.integers(0, 2), st.sampled_from([1e3, 1e4, 1e8, 1e12]))
def test_a_scale_multiplies_value_and_interval(mantissa: int, decimals: int, scale: float) -> None:
    printed = press_number(mantissa, decimals, ".")
    one, many = read_figure(printed), read_figure(printed, scale)
    for part in ("value", "low", "high", "last"):
        assert math.isclose(getattr(many, part), getattr(one, part) * scale, rel_tol=1e-12)


@SETTINGS
@given(st.integers(1, 10**5), st.sampled_from(["万", "亿", "万亿"]), st.sampled_from(["", "个"]))
def test_a_figure_reads_the_same_alone_and_in_a_sentence(number: int, magnitude: str, classifier: str) -> None:
    printed = f"{number}{magnitude}{classifier}"
    (quantity,) = read_text(f"这个模型的参数量为{printed},表现出色。").quantities
    assert (quantity.as_printed, quantity.value, quantity.kind) == (printed, read_figure(printed).value, "parameters")


@SETTINGS
@given(st.integers(2, 900), st.integers(1, 90))
def test_a_range_holds_its_ends_and_its_middle(low: int, step: int) -> None:
    figure = read_figure(f"{low}~{low + step}亿")
    assert (figure.low, figure.high) == (pytest.approx(low * 1e8), pytest.approx((low + step) * 1e8))
    assert figure.value == pytest.approx((figure.low + figure.high) / 2)


@SETTINGS
@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=30).map("".join)))
def test_only_unreadable_figure_is_ever_raised(text: str) -> None:
    for reader in (read_figure, read_date):
        try:
            reader(text)
        except UnreadableFigure:
            continue
    read_text(text, SYSTEMS)


@SETTINGS
@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_no_digit_is_lost_and_no_two_spans_overlap(text: str) -> None:
    reading = read_text(text, SYSTEMS)
    items = sorted(
        (x.char_start, x.char_end, x.as_printed) for x in (*reading.quantities, *reading.unread, *reading.dismissed)
    )
    assert all(text[start:end] == printed for start, end, printed in items)
    assert all(before[1] <= after[0] for before, after in pairwise(items))
    covered = {at for start, end, _ in items for at in range(start, end)}
    assert {at for at, char in enumerate(text) if char in "0123456789０１２３４５６７８９"} <= covered


@SETTINGS
@given(st.integers(1, 999), st.integers(2, 4))
def test_digits_with_two_points_are_never_read_in_part(number: int, points: int) -> None:
    """12.3.4亿 is unread as a whole: no part of it becomes a quantity."""
    text = "参数为" + ".".join([str(number)] * (points + 1)) + "亿"
    assume(len(text) < 30)
    assert read_text(text).quantities == ()


HOSTILE = {
    "digits": "9", "grouped": "1,234", "points": "1.", "order words": "亿", "numerals": "一二三四五六七八九十百千万亿", "brackets": "((", "letters": "a",
    "hyphens": "a-", "no sentence end": "GPT-3有1750亿参数和", "ones": "1 ", "powers": "1x10^", "lines": "12\n", "tabs": "1\t2\t3\n",
    "ordinals": "第", "money": "$1 ", "addresses": "http://a", "notes": "數(shù)", "ranges": "1-", "fractions": "三分之", "names": "GPT-3 ",
    "commas": "1，", "ands": "1 and ", "worded": "one hundred ", "hedged": "约1个的", "mails": "a.b@",
}  # fmt: skip


def calls(text: str) -> int:
    """How many Python and C calls reading a text takes."""
    count = 0

    def tally(frame: FrameType, event: str, arg: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(tally)
    try:
        read_text(text, SYSTEMS)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("length", [1500, pytest.param(4000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", HOSTILE)
def test_the_work_on_a_hostile_text_grows_with_its_length(name: str, length: int) -> None:
    """Twice the text, at most twice the calls (and a little)."""
    text = HOSTILE[name] * (length // len(HOSTILE[name]))
    calls(text)  # what is loaded at the first reading counts for neither
    assert calls(text * 2) <= 2.2 * calls(text) + 500


@pytest.mark.parametrize("length", [10**5, pytest.param(10**6, marks=pytest.mark.slow)])
@pytest.mark.parametrize("piece", ["9", "1,234,", "1.2.", "(" * 99 + "1亿"])
def test_a_long_text_of_one_piece_does_not_hang(piece: str, length: int) -> None:
    text = piece * (length // len(piece))
    reading = read_text(text)
    assert all(quantity.as_printed == "1亿" for quantity in reading.quantities)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_a_long_mixture_of_scripts_without_line_ends_is_read_to_its_end(seed: int) -> None:
    """Digits, magnitudes, brackets, names and marks in any order, far beyond what a sentence holds."""
    mixture = "1亿万a参数GPT-3的約。，.% $第一二kB()[]名个天年月9e^×~到"
    text = "".join(random.Random(seed).choices(mixture, k=60_000))
    reading = read_text(text, SYSTEMS)
    items = sorted((x.char_start, x.char_end) for x in (*reading.quantities, *reading.unread, *reading.dismissed))
    assert all(before[1] <= after[0] for before, after in pairwise(items))
    covered = {at for start, end in items for at in range(start, end)}
    assert {at for at, char in enumerate(text) if char in "0123456789"} <= covered


@given(st.one_of([st.from_regex(form, fullmatch=True) for form, _ in DATE_FORMS]), st.sampled_from([None, 2021]))
@settings(max_examples=300, deadline=None)
def test_no_spelling_that_a_form_of_dates_allows_stops_the_reading(printed: str, year: int | None) -> None:
    date = match_date(printed, 0, year)
    assert date is None or date.end <= len(printed)
