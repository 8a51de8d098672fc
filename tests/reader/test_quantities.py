"""One printed figure or date: value, unit, interval of printed precision, bound; refusal of what cannot be read whole."""

import pytest

from helpers.reader import PrintedFigure, UnreadableFigure, bound_of, interval, read_date, read_figure

DAY = 86400.0

FIGURES = [
    ("1750亿", 1.75e11, "", "exact"),
    ("1。75万亿", 1.75e12, "", "exact"),
    ("1.6 万亿", 1.6e12, "", "exact"),
    ("１７５０億", 1.75e11, "", "exact"),
    ("3,390億個", 3.39e11, "", "exact"),
    ("1亿5000万", 1.5e8, "", "exact"),
    ("一亿五千万", 1.5e8, "", "exact"),
    ("一千七百五十亿", 1.75e11, "", "exact"),
    ("两千零五", 2005, "", "exact"),
    ("一万二", 12000, "", "exact"),
    ("一点五亿", 1.5e8, "", "exact"),
    ("二十", 20, "", "exact"),
    ("285,000", 285000, "", "exact"),
    ("1.6 trillion", 1.6e12, "", "exact"),
    ("175-billion", 1.75e11, "", "exact"),
    ("three hundred and five", 305, "", "exact"),
    ("540B", 5.4e11, "", "exact"),
    ("32k", 32000, "", "exact"),
    ("3.14×10^23", 3.14e23, "", "exact"),
    ("3.14×10²³", 3.14e23, "", "exact"),
    ("3.14E+23", 3.14e23, "", "exact"),
    ("1024*1024", 1048576, "", "exact"),
    ("4095PD", 4095 * 8.64e19, "FLOP", "exact"),
    ("3,640 petaflop/s-days", 3640 * 8.64e19, "FLOP", "exact"),
    ("3.14E23 FLOPs", 3.14e23, "FLOP", "exact"),
    ("312 TFLOPS", 3.12e14, "FLOP/s", "exact"),
    ("1.1 EFLOPS", 1.1e18, "FLOP/s", "exact"),
    ("163 teraFLOP/s", 1.63e14, "FLOP/s", "exact"),
    ("5TB", 5e12, "byte", "exact"),
    ("825 GiB", 825 * 2.0**30, "byte", "exact"),
    ("16天", 16 * DAY, "s", "exact"),
    ("6个月", 6 * 30.4375 * DAY, "s", "exact"),
    ("两年", 2 * 365.25 * DAY, "s", "exact"),
    ("两年半", 2.5 * 365.25 * DAY, "s", "exact"),
    ("半年", 0.5 * 365.25 * DAY, "s", "exact"),
    ("3个半月", 3.5 * 30.4375 * DAY, "s", "exact"),
    ("34 days", 34 * DAY, "s", "exact"),
    ("1.3M GPU hours", 1.3e6 * 3600, "chip.s", "exact"),
    ("1287 MWh", 1287 * 3.6e9, "J", "exact"),
    ("120万千瓦时", 1.2e6 * 3.6e6, "J", "exact"),
    ("552吨", 552000, "kg", "exact"),
    ("80%", 0.8, "fraction", "exact"),
    ("八成", 0.8, "fraction", "exact"),
    ("百分之八点五", 0.085, "fraction", "exact"),
    ("三分之一", 1 / 3, "fraction", "exact"),
    ("two thirds", 2 / 3, "fraction", "exact"),
    ("11倍", 11, "ratio", "exact"),
    ("10x", 10, "ratio", "exact"),
    ("1200万美元", 1.2e7, "USD", "exact"),
    ("$4.6 million", 4.6e6, "USD", "exact"),
    ("¥3000万", 3e7, "CNY", "exact"),
    ("新台币30亿元", 3e9, "TWD", "exact"),
    ("480块", 480, "", "exact"),
    ("512卡", 512, "chip", "exact"),
    ("第一梯队", 1, "rank", "exact"),
    ("第3名", 3, "rank", "exact"),
    ("一百多", 100, "", "at_least"),
    ("5300多亿", 5.3e11, "", "at_least"),
    ("32,000多", 32000, "", "at_least"),
    ("30余项", 30, "", "at_least"),
    ("数百亿", 5.5e10, "", "range 10000000000-100000000000"),
    ("千亿级", 5.5e11, "", "range 100000000000-1000000000000"),
    ("几十", 60, "", "range 20-100"),
    ("十几", 15.5, "", "range 11-20"),
    ("七八个", 7.5, "", "range 7-8"),
    ("2~3", 2.5, "", "range 2-3"),
    ("2-3万亿", 2.5e12, "", "range 2000000000000-3000000000000"),
    ("10%-20%", 0.15, "fraction", "range 0.1-0.2"),
    ("数百亿到千亿", 5.5e10, "", "range 10000000000-100000000000"),
]


@pytest.mark.parametrize(("printed", "value", "unit", "bound"), FIGURES)
def test_a_printed_figure_has_its_value_in_base_units_and_its_bound(
    printed: str, value: float, unit: str, bound: str
) -> None:
    figure = read_figure(printed)
    assert (figure.value, figure.unit, figure.bound) == (pytest.approx(value, rel=1e-12), unit, bound)
    assert figure.text == printed


@pytest.mark.parametrize(
    ("printed", "low", "high"),
    [
        ("1750亿", 1745e8, 1755e8),
        ("1000亿", 950e8, 1050e8),
        ("3亿", 2.5e8, 3.5e8),
        ("三亿", 2.5e8, 3.5e8),
        ("4095", 4094.5, 4095.5),
        ("10", 9.5, 10.5),
        ("1.6万亿", 1.55e12, 1.65e12),
        ("410。00", 409.995, 410.005),
        ("1亿5000万", 1.45e8, 1.55e8),
        ("数百亿", 1e10, 1e11),
        ("几十", 20, 100),
        ("三千多", 3000, 4000),
        ("5300多亿", 5300e8, 5400e8),
        ("80%", 0.795, 0.805),
        ("16天", 15.5 * DAY, 16.5 * DAY),
    ],
)
def test_the_interval_is_the_printed_precision(printed: str, low: float, high: float) -> None:
    figure = read_figure(printed)
    assert (figure.low, figure.high) == (pytest.approx(low), pytest.approx(high))


def test_the_scale_of_a_table_head_multiplies_value_and_interval() -> None:
    figure = read_figure("410。00", 1e8)
    assert (figure.value, figure.low, figure.high) == (4.1e10, pytest.approx(4.09995e10), pytest.approx(4.10005e10))


@pytest.mark.parametrize(
    "printed",
    [
        "", " ", "abc", "GPT-3", "1.2.3亿", "12,34亿", "3..5", "3.14×1023", "2021年10月", "2021年", "10月", "9" * 31, "九" * 31,
        "三四五", "1750亿参数", "1750亿和3亿", "亿万", "12亿34亿", "三千四万", "分之一", "1e", "½", "٣", "--5",
    ],
)  # fmt: skip
def test_what_is_not_whole_one_figure_is_refused_and_named(printed: str) -> None:
    with pytest.raises(UnreadableFigure) as refusal:
        read_figure(printed)
    assert isinstance(refusal.value, ValueError)
    assert len(str(refusal.value)) > 10


@pytest.mark.parametrize(
    ("printed", "year", "iso"),
    [
        ("2021年10月", None, "2021-10"),
        ("2021 年 1 月", None, "2021-01"),
        ("2021年,12月", None, "2021-12"),
        ("10月", 2021, "2021-10"),
        ("8月12日", 2021, "2021-08-12"),
        ("2021年", None, "2021"),
        ("2021", None, "2021"),
        ("21年10月", None, "2021-10"),
        ("二〇二一年六月", None, "2021-06"),
        ("2022/1/14", None, "2022-01-14"),
        ("October 12, 2021", None, "2021-10-12"),
        ("12 October 2021", None, "2021-10-12"),
        ("May 2020", None, "2020-05"),
        ("3-5月", 2023, "2023-04"),
        ("2019年初", None, "2019-02"),
        ("early 2019", None, "2019-02"),
        ("2025年6月底", None, "2025-06"),
        ("29 February 2024", None, "2024-02-29"),
        ("29 February 2023", None, "2023-02"),  # no such day: the month is what is said
        ("2024年2月30日", None, "2024-02"),
    ],
)
def test_a_printed_date_becomes_the_iso_text_of_what_is_printed(printed: str, year: int | None, iso: str) -> None:
    assert read_date(printed, year) == iso


@pytest.mark.parametrize("printed", ["10月", "11日", "1750亿", "2021年13月", "soon", ""])
def test_a_date_that_lacks_its_year_or_is_none_is_refused(printed: str) -> None:
    with pytest.raises(UnreadableFigure):
        read_date(printed)


@pytest.mark.parametrize(
    ("hedge", "bound"),
    [
        ("约", "about"), ("左右", "about"), ("近", "about"), ("nearly", "about"), ("超过", "at_least"), ("多", "at_least"),
        ("以上", "at_least"), ("more than", "at_least"), ("不到", "at_most"), ("以内", "at_most"), ("up to", "at_most"),
        ("高达", "exact"), ("达到", "exact"), ("共", "exact"), ("", "exact"), ("約", "about"), ("大約", "about"), ("超過", "at_least"),
        ("餘", "at_least"), ("以內", "at_most"), ("將近", "about"), ("快", "about"), ("出頭", "about"), ("有多", "at_least"),
        ("or below", "at_most"), ("or above", "at_least"), ("直逼", "about"), ("级", "exact"), ("beyond", "at_least"),
    ],
)  # fmt: skip
def test_a_hedge_makes_its_bound(hedge: str, bound: str) -> None:
    assert bound_of(hedge) == bound


@pytest.mark.parametrize(
    ("printed", "hedge", "low", "high"),
    [
        ("1750亿", "", 1745e8, 1755e8),
        ("1750亿", "约", 1575e8, 1925e8),
        ("1750亿", "近", 1575e8, 1755e8),
        ("1750亿", "超", 1750e8, 3500e8),
        ("300", "多", 300, 400),
        ("5300多亿", "多", 5300e8, 5400e8),
        ("10天", "内", 0, 10.5 * DAY),
        ("2~3", "约", 2, 3),
        ("千亿", "级", 1e11, 1e12),
        ("1000亿", "高达", 950e8, 1050e8),
    ],
)
def test_a_hedge_widens_or_cuts_the_interval(printed: str, hedge: str, low: float, high: float) -> None:
    figure = read_figure(printed)
    assert interval(figure, bound_of(hedge), hedge) == (pytest.approx(low), pytest.approx(high))


def test_an_unknown_bound_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown bound 'roughly'"):
        interval(PrintedFigure(1, 0, 2, "", "exact", "1"), "roughly")
