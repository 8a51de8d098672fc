"""What a text says once: the noun of a list, the head of a column, the family of a size, the month of a year."""

import pytest

from helpers.reader import Quantity, read_text

SYSTEMS = (
    ("nova-7b", ("Nova 7B",)), ("nova-70b", ("Nova 70B",)), ("nova", ("Nova",)), ("orla-v1", ("Orla v1",)), ("orla", ("Orla",)),
    ("h100", ("H100",)), ("a100", ("A100",)), ("gpt-3", ("GPT-3",)), ("cluster-9", ("Cluster 9",)),
)  # fmt: skip
FAMILIES = ("nova", "orla")


def read(text: str) -> dict[str, Quantity]:
    return {q.as_printed: q for q in read_text(text, SYSTEMS, FAMILIES).quantities}


@pytest.mark.parametrize(
    ("text", "printed", "kind", "value"),
    [
        ("Model | Year | Tokens\nNova 7B | 2023 | 2T\nNova 70B | 2024 | 4T", "2023", "date", "2023"),
        ("型号\t芯片\t数量（颗）\nNova 7B\tH100\t1,024\nNova 70B\tH100\t2,048", "1,024", "chip_count", 1024.0),
        ("| 项目 | Nova 7B | Nova 70B |\n| 加速器 | 128 | 512 |\n| 天数 | 4 | 9 |", "512", "chip_count", 512.0),
        ("Nova 70B用了172万 A100卡时，7B是36.9万。", "36.9万", "duration", 36.9e4 * 3600),
        ("The 70B took 6.1 million H100 hours, 4 times as many; the 7B took 1.2 million.", "1.2 million", "duration", 1.2e6 * 3600),
        ("They own 4,096 H100 chips and lent 512 of them.", "512", "chip_count", 512.0),
        ("Nova 7B读了3万亿 token。\nNova 70B：7万亿，参数700亿。", "7万亿", "tokens", 7e12),
        ("训练量约2.3×10^23 FLOP；而 Nova 7B 约 9.6×10^22。", "9.6×10^22", "compute", 9.6e22),
        ("In 2026 it paid $4.10; a card went for $30,000 in March.", "March", "date", "2026-03"),
        ("每次回答排放1.14公克二氧化碳。", "1.14公克", "emissions", 0.00114),
        ("It needs 130,000 GPU hours per trillion tokens; with 11.2 trillion of them it took weeks.", "11.2 trillion", "tokens", 1.12e13),
        ("Nova 70B是3550亿、23万亿词元，7B分别读了3000亿和15万亿词元。", "3550亿", "parameters", 3.55e11),
        ("Nova 70B是3550亿、23万亿词元，7B分别读了3000亿和15万亿词元。", "3000亿", "tokens", 3e11),
        ("共278.8万卡时：预训练266.4万、扩上下文11.9万、后训练0.5万。", "11.9万", "duration", 11.9e4 * 3600),
        ("共278.8万卡时：预训练266.4万、扩上下文11.9万、后训练0.5万。", "0.5万", "duration", 5000 * 3600),
        ("The 70B took 512 H100s; the 7B ran on 96 of the same part.", "96", "chip_count", 96.0),
        ("The 70B emitted 645 tonnes of CO2, less than half of the 7B, at 1,354.", "1,354", "emissions", 1.354e6),
        ("Nova 70B更夸张，800亿里只激活30亿。", "800亿", "parameters", 8e10),
        ("问：你们的“远帆-Lite”参数量只有38亿，便宜吗？", "38亿", "parameters", 3.8e9),
    ],
)  # fmt: skip
def test_what_is_left_out_is_taken_from_where_it_was_said(
    text: str, printed: str, kind: str, value: float | str
) -> None:
    found = read(text)[printed]
    assert found.kind == kind
    assert found.value == (value if isinstance(value, str) else pytest.approx(value))


def test_stage_of_training_is_no_length_of_a_context() -> None:
    kinds = {q.kind for q in read_text("预训练266.4万、扩上下文11.9万、后训练0.5万，加起来278.8万小时。").quantities}
    assert kinds == {"duration"}


def test_number_of_a_name_is_no_day() -> None:
    dates = [q.char_start for q in read_text("小满2号用了512张A100，2号发布，3号公布。").quantities if q.kind == "date"]
    assert dates == [15, 20]


@pytest.mark.parametrize("text", ["In the year 99999999999, GPT-3 was old.", "In the year 99999999999 GPT-3 rose."])
def test_a_year_of_any_length_counts_no_parameters(text: str) -> None:
    assert "parameters" not in {q.kind for q in read(text).values()}


@pytest.mark.parametrize(
    ("text", "printed", "owner"),
    [
        ("Nova有两个尺寸：7B用了2万亿 token，70B用了5万亿 token。", "2万亿", "nova-7b"),
        ("Nova came in two sizes. The larger one took 512 H100s.", "512", "nova-70b"),
        ("Nova发布了。其中最小的那个用了2万亿 token。", "2万亿", "nova-7b"),
        ("It logged 30 million hours for its 70B Nova model.", "30 million hours", "nova-70b"),
        ("Orla is old. Version 1 ran on 256 A100s.", "256", "orla-v1"),
        ("| 项目 | Nova 7B | Nova 70B |\n| 加速器 | 128 | 512 |\n| 天数 | 4 | 9 |", "128", "nova-7b"),
        ("Their model FenModel has 3 billion parameters.", "3 billion", "FenModel"),
        ("自家的竹湾-20B以96张H100训练了50天。", "96张", "竹湾-20B"),
    ],
)  # fmt: skip
def test_a_size_belongs_to_the_family_that_the_text_speaks_of(text: str, printed: str, owner: str) -> None:
    assert read(text)[printed].system_id == owner
