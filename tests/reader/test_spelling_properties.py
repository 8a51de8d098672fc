"""Grouping, script, width and blanks never change a value; what cannot be read whole is listed, never read in part."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.reader import Quantity, read_text
from helpers.reader.vocabulary import alternation, words

SETTINGS = settings(max_examples=80, deadline=None)
BLANKS = [" ", "\u00a0", "\u2007", "\u2008", "\u2009", "\u200a", "\u202f", "\u205f", "\u3000"]
FULL = str.maketrans("0123456789.,", "０１２３４５６７８９．，")
NUMBERS = st.integers(1_000, 999_999_999).filter(lambda n: n % 1000 or n < 1_000_000)


def the_one(text: str) -> Quantity:
    """The only quantity of a text."""
    found = read_text(text).quantities
    assert len(found) == 1, found
    return found[0]


def grouped(number: int, sign: str) -> str:
    return f"{number:,}".replace(",", sign)


@SETTINGS
@given(NUMBERS, st.sampled_from([*BLANKS, ",", "，", "'", "’"]), st.booleans())
def test_groups_and_width_do_not_change_a_value(number: int, sign: str, full: bool) -> None:
    plain = the_one(f"The run used {number} MWh of electricity.")
    printed = grouped(number, sign)
    text = f"The run used {printed.translate(FULL) if full else printed} MWh of electricity."
    read = read_text(text)
    if read.quantities:
        assert [q.value for q in read.quantities] == [plain.value]
        assert text[read.quantities[0].char_start : read.quantities[0].char_end].endswith("MWh")
    else:  # several groups between blanks may be a list: then all of it is listed
        assert printed in read.unread[0].as_printed or full


@SETTINGS
@given(st.integers(2, 9999), st.sampled_from(["亿", "億", "万", "萬", "万亿", "萬億"]), st.sampled_from(["", *BLANKS]))
def test_script_and_blanks_do_not_change_a_value(number: int, power: str, blank: str) -> None:
    simplified = power.replace("億", "亿").replace("萬", "万")
    assert (
        the_one(f"該模型有{number}{blank}{power}參數。").value == the_one(f"该模型有{number}{simplified}参数。").value
    )


@SETTINGS
@given(st.integers(2, 99), st.sampled_from([("lakh", 5), ("crore", 7), ("lakh crore", 12), ("crores", 7)]))
def test_magnitudes_of_south_asia_are_read_with_any_noun(number: int, magnitude: tuple[str, int]) -> None:
    word, power = magnitude
    assert the_one(f"It was fed {number} {word} tokens.").value == pytest.approx(number * 10**power)
    money = the_one(f"The bill came to Rs {number} {word}, he said.")
    assert (money.unit, money.value) == ("INR", pytest.approx(number * 10**power))


@SETTINGS
@given(st.integers(2, 400), st.integers(2, 40))
def test_two_sizes_of_a_cell_are_two_figures(total: int, active: int) -> None:
    head = "| System | Total / active params | Tokens |\n|---|---|---|\n"
    rows = "".join(f"| Nova {n} | {total}B / {active}B | {n}T |\n" for n in (2, 3))
    found = [(q.kind, q.value) for q in read_text(head + rows).quantities]
    assert found[:2] == [("parameters", total * 1e9), ("active_parameters", active * 1e9)]


@SETTINGS
@given(st.integers(2, 99), st.sampled_from(["小时", "天"]))
def test_money_before_a_time_is_one_amount(amount: int, time: str) -> None:
    assert the_one(f"按{amount}美元一{time}折算。").value == amount


@SETTINGS
@given(st.integers(1, 999), st.sampled_from(["\u0300", "\u0301", "\u20dd"]))
def test_digits_with_marks_are_not_read_in_part(number: int, mark: str) -> None:
    printed = mark.join(str(number)) + mark
    read = read_text(f"GPT-3 has {printed} billion parameters.")
    assert read.quantities == ()
    assert [token.reason for token in read.unread] == ["marks on its digits"]


@pytest.mark.parametrize("sign", ["-", "−", "－", "–"])
@pytest.mark.parametrize("before", [" ", "(", "约", "："])
def test_negative_figure_is_not_read_without_its_sign(sign: str, before: str) -> None:
    read = read_text(f"It has{before}{sign}175 billion parameters.")
    assert read.quantities == ()
    assert "negative" in read.unread[0].reason


@pytest.mark.parametrize("printed", ["1e999", "10^400", "3×10^99", "2e-77"])
def test_figure_beyond_all_bounds_is_listed(printed: str) -> None:
    read = read_text(f"It used {printed} FLOPs.")
    assert read.quantities == ()
    assert printed in read.unread[0].as_printed


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("It cost $0.6-1 B.", 6e8, 1e9),
        ("It cost $0.6 to 1 billion.", 6e8, 1e9),
        ("耗资6-8亿美元。", 6e8, 8e8),
        ("耗資6到8億美元。", 6e8, 8e8),
        ("It has 7-13B parameters.", 7e9, 13e9),
        ("It took 20-30 days.", 20 * 86400, 30 * 86400),
    ],
)
def test_suffix_of_a_range_covers_both_ends(text: str, low: float, high: float) -> None:
    read = the_one(text)
    assert (read.low, read.high) == (pytest.approx(low), pytest.approx(high))


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("It emitted 8.3 t CO₂eq.", "emissions", 8300),
        ("It emitted 8.3 tCO2e.", "emissions", 8300),
        ("It emitted 8.3 t CO2-eq.", "emissions", 8300),
        ("It emitted 2.1 kt CO2e.", "emissions", 2.1e6),
        ("It fell to 1/10 of that.", "percent", 0.1),
        ("The run used 4000颗昇腾.", "chip_count", 4000),
        ("Only 32 billion are active.", "active_parameters", 3.2e10),
        ("Carbon is counted at last: its emissions matter. " + "It grew on. " * 60 + "The run came to 5,390 tonnes.", "emissions", 5.39e6),
        ("Critics say it would release 626,155 lb of carbon dioxide.", "emissions", 626155 * 0.45359237),
        ("该模型总参7180亿。", "parameters", 7.18e11),
        ("该模型语料36万亿。", "tokens", 3.6e13),
        ("它用了96张4090。", "chip_count", 96),
        ("It holds 5,448 Nvidia superchips.", "chip_count", 5448),
        ("They ordered 400,000 GB200s.", "chip_count", 400_000),
        ("A delegate gave Colossus 20,000 GPUs.", "chip_count", 20_000),
        ("It was interrupted 419 times during the run.", "count", 419),
        ("It fails once every three hours.", "duration", 10800),
        ("R1本身則為80日。", "duration", 80 * 86400),
        ("It used twice the energy.", "ratio", 2),
        ("他花了4200萬鎂。", "money", 4.2e7),
        ("每度電六毛。", "money", 0.6),
        ("H20單卡BF16峰值148T。", "throughput", 1.48e14),
        ("政府撥30億。", "money", 3e9),
        ("叢集全是H100加速卡。後來又加384張。", "chip_count", 384),
        ("It spent tens of billions of dollars.", "money", 5.5e10),
        ("It took 8,404,992 TPUv4 chip-hours.", "duration", 8_404_992 * 3600),
        ("It took thousands of GPU-hours.", "duration", 5500 * 3600),
        ("It trained for 4 full days.", "duration", 4 * 86400),
        ("It trained for three straight weeks.", "duration", 21 * 86400),
        ("Training took half a day.", "duration", 43200),
        ("Five Weeks to Train It", "duration", 35 * 86400),
        ("It moves 36PB/sec.", "other", 3.6e16),
        ("It ran on 8 x A100.", "chip_count", 8),
        ("It ran on 16x TPU v4.", "chip_count", 16),
        ("It is 8 x faster.", "ratio", 8),
        ("it took 34,560 gpu hours", "duration", 34560 * 3600),
        ("it draws 1.4 kw", "other", 1400),
        ("it reaches 316 tflop/s", "throughput", 3.16e14),
        ("It took nine-tenths of it.", "percent", 0.9),
        ("总价9252万刀。", "money", 9.252e7),
    ],
)  # fmt: skip
def test_units_and_shares_of_the_press(text: str, kind: str, value: float) -> None:
    read = the_one(text)
    assert (read.kind, read.value) == (kind, pytest.approx(value))


@pytest.mark.parametrize(
    ("text", "per"),
    [
        ("It took 180K GPU hours per trillion tokens.", "1e+12 token"),
        ("每训练1万亿词元需18万GPU小时。", "1e+12 token"),
        ("每訓練一萬億詞元需18萬GPU小時。", "1e+12 token"),
        ("The price is $2 per GPU-hour.", "chip.h"),
        ("The price is $2/GPU hour.", "chip.h"),
        ("每GPU小时2美元。", "chip.h"),
        ("每张卡每小时2美元。", "chip.h"),
        ("Each server holds eight GPUs.", "server"),
        ("每台8张A100。", "server"),
        ("It draws 700 W per GPU.", "chip"),
        ("A query takes 3 Wh per prompt.", "query"),
        ("GPT-3 has 175 billion parameters.", ""),
    ],
)
def test_denominator_makes_a_rate_and_is_no_figure(text: str, per: str) -> None:
    assert the_one(text).per == per


def test_citation_marks_formats_and_hidden_digits_are_no_figures() -> None:
    text = "As shown [1][5][13], training in 16-bit or 8-bit works; see CloudMatrix 384."
    assert read_text(text).quantities == ()
    assert read_text(text).unread == ()


def test_words_are_data_and_a_missing_list_is_refused() -> None:
    assert "Llama" in words("stem")
    assert len(set(words("stem"))) == len(words("stem"))
    with pytest.raises(KeyError, match="no words for nothing"):
        alternation("nothing")
