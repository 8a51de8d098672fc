"""The article against itself: what its own figures allow, without any evidence; what does not fit contradicts and accuses nobody."""

import pytest

from helpers.ledger.knowledge import Knowledge
from helpers.ledger.scan import scan


def grades(text: str, knowledge: Knowledge) -> dict[str, str]:
    """First verdicts by what is printed."""
    return {c.quantity.as_printed: c.first.grade for c in scan(text, knowledge).candidates if c.first}


# Names that no table holds, so that only arithmetic decides; each relation once right and once off by ten.
RELATIONS = [
    ("Zephon-2 ran on 2,048 H800 GPUs for 57 days: {} GPU hours.", "2.8 million", "28 million"),
    ("天穹-2用2048块H800训练57天,共{}GPU小时。", "280万", "2800万"),
    ("天穹-2以2048塊H800訓練57天,共{}GPU小時。", "280萬", "2800萬"),
    ("Zephon-2 took 2.8 million GPU hours; at $2 per GPU hour that is {}.", "$5.6 million", "$56 million"),
    ("天穹-2耗时280万GPU小时,按每GPU小时2美元计算,成本{}。", "560万美元", "5600万美元"),
    ("Zephon-2 has 100 billion parameters, saw 2 trillion tokens and used {}.", "1.2e24 FLOPs", "1.2e25 FLOPs"),
    ("天穹-2有1000亿参数,训练2万亿词元,计算量{}。", "1.2×10²⁴FLOPs", "1.2×10²³FLOPs"),
    ("The cluster of Zephon-2 drew 20 MW for 90 days, {} in all.", "43,200 MWh", "4,320 MWh"),
    ("天穹-2的训练花费557.6万美元,约合人民币{}。", "4000万元", "4亿元"),
    ("天穹-2的訓練花費29.4萬美元,折合約{}。", "229萬港元", "2,290萬港元"),
    ("Training Zephon-2 cost $2 million, or about {}.", "€1.8 million", "€18 million"),
    ("Zephon-2 used 3.1 GWh of hydropower at 28 g per kWh, hence {} of CO2.", "87 tonnes", "8.7 tonnes"),
    ("Zephon-2 runs on 128 servers, each with eight A100 GPUs, {} GPUs in all.", "1,024", "10,240"),
    ("Zephon-2 took 180,000 GPU hours per trillion tokens for 14 trillion tokens: {}.", "2.52 million GPU hours", "25 million GPU hours"),
    ("Zephon-2 has 70 billion parameters, {} the 35 billion of Norvik-1.", "two times", "20 times"),
    ("天穹-2总参数6000亿,激活300亿,仅占{}。", "5%", "50%"),
    ("天穹-2共用去2,688 GPU天,换算等于{}。", "64,512 GPU小时", "6,451 GPU小时"),
    ("The chips of Zephon-2 drew 10.8 MWh; with a PUE of 1.4 the site drew {}.", "15.1 MWh", "151 MWh"),
    ("天穹-2的每块加速卡显存为100GB,256块共{}。", "25.6TB", "256TB"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "right", "slip"), RELATIONS)
def test_figures_of_one_article_are_held_against_each_other(text: str, right: str, slip: str, knowledge) -> None:
    good, bad = grades(text.format(right), knowledge), grades(text.format(slip), knowledge)
    assert "contradicts" not in good.values(), good
    assert set(good.values()) <= {"accurate"}, good
    assert len(good) >= 1
    assert set(bad.values()) == {"contradicts"}, bad
    assert len(bad) >= 2, "a relation that fails names all its figures"


def test_contradiction_says_the_chain_and_has_no_evidence(knowledge) -> None:
    text = "Zephon-2 ran on 2,048 H800 GPUs for 57 days: 28 million GPU hours."
    firsts = [c.first for c in scan(text, knowledge).candidates if c.first]
    assert len(firsts) == 3
    assert all("2,048 x 57 days" in first.why and first.evidence_ids == () and first.rank == 2 for first in firsts)


def test_figure_that_evidence_singles_out_fails_alone(knowledge) -> None:
    """GPT-3: 175 billion parameters and 300 billion tokens are on file, so 6 N D accuses the compute alone."""
    text = "GPT-3 has 175 billion parameters. It was trained on 300 billion tokens. It took 3.14e24 FLOPs."
    found = grades(text, knowledge)
    assert found["175 billion"] == found["300 billion"] == "accurate"
    assert found["3.14e24 FLOPs"] == "wrong"


@pytest.mark.parametrize(
    "text",
    [
        "Zephon-2 ran on 2,048 GPUs for 57 days. Norvik-1 took 28 million GPU hours.",  # two subjects
        "Zephon-2 has 70 billion parameters and 80 layers.",
        "Zephon-2 used 100 GPUs, then 200 GPUs, for 10 days or 20 days: 90,000 GPU hours.",  # more than one way
        "天穹-2的万亿参数,训练2万亿词元,计算量1.2×10²³FLOPs。",  # a bare magnitude
    ],
)
def test_no_contradiction_where_figures_are_not_tied(text: str, knowledge) -> None:
    assert "contradicts" not in grades(text, knowledge).values()


@pytest.mark.parametrize(
    ("text", "printed", "holds"),
    [
        ("天穹-2整机6.2万元,天穹-1只要1.35万元,前者是后者的4.6倍。", "4.6倍", True),
        (
            "天穹-2整机6.2万元,天穹-1只要1.35万元,前者是后者的3.6倍。",
            "3.6倍",
            False,
        ),  # that many more, not that many times
        ("天穹-2有3890亿参数,每次激活520亿,占12%。", "12%", False),  # 13 %
        ("天穹-2的算力利用率从18.9%提高到30%,提升了1.6倍。", "1.6倍", True),
        ("天穹-2的算力利用率从18.9%提高到30%,提升了2.6倍。", "2.6倍", False),
    ],
)
def test_a_multiple_or_a_share_that_does_not_follow_is_not_approved(
    text: str, printed: str, holds: bool, knowledge: Knowledge
) -> None:
    found = {as_printed: grade for as_printed, grade in grades(text, knowledge).items() if printed in as_printed}
    assert (set(found.values()) == {"accurate"}) == holds, found


def test_a_racks_power_shared_out_is_no_data_sheets_power(knowledge: Knowledge) -> None:
    found = grades("一个 GB200 NVL72 机柜功耗120 kW,平均每颗1.67 kW。", knowledge)
    assert not {"inaccurate", "wrong", "misleading"} & set(found.values())


@pytest.mark.parametrize(("share", "expected"), [("26%", "accurate"), ("55%", "contradicts")])
def test_utilisation_is_a_rate_over_the_peak(share: str, expected: str, knowledge) -> None:
    found = grades(f"Zephon-2 ran on H100s at 255 TFLOP/s per GPU, {share} MFU.", knowledge)
    assert {grade for printed, grade in found.items() if share in printed} == {expected}


@pytest.mark.parametrize(
    ("text", "printed", "right"),
    [
        ("项目总投资32亿元,其中设备26亿元、土建6亿元。", "32亿元", True),
        ("项目总投资32亿元,其中设备26亿元、土建9亿元。", "32亿元", False),  # parts above their total
        ("The Basin campus draws 300 MW and burned 2.6 TWh a year.", "2.6 TWh", True),
        ("The Basin campus draws 300 MW and burned 4.9 TWh a year.", "4.9 TWh", False),  # more than it draws
        ("Zephon-2 has 100 billion parameters and read 1 trillion tokens in 13,824 GPU-hours on A100s.", "1 trillion", False),
    ],
)  # fmt: skip
def test_totals_years_and_peaks_bound_what_an_article_says(text: str, printed: str, right: bool, knowledge) -> None:
    assert (grades(text, knowledge).get(printed) == "contradicts") != right


def test_a_premise_is_not_confirmed_by_its_consequence(knowledge) -> None:
    found = grades("Zephon-2 took 1 million GPU hours. At $70 million that would be $70 an hour.", knowledge)
    assert found.get("$70 million") != "accurate"


def test_every_figure_of_a_relation_that_holds_is_confirmed(knowledge) -> None:
    found = grades("Zephon-2 ran on 256 GPUs for 33 days, 202,752 GPU-hours.", knowledge)
    assert found == {"256": "accurate", "33 days": "accurate", "202,752 GPU-hours": "accurate"}


def test_a_multiple_confirms_neither_of_its_figures(knowledge) -> None:
    found = grades("Zephon-2 has 70 billion parameters, two times the 35 billion of Norvik-1.", knowledge)
    assert found == {"two times": "accurate"}


@pytest.mark.parametrize(
    "text",
    [
        "Full tuning wants 5120GB of memory, a thrifty one 160GB. Inference needs 640GB, that is 8 A100 cards of 80GB.",
        "Zephon-2 ran on 64 chips for five days; a search of a year before took 4,300,000 GPU hours.",
    ],
)
def test_a_product_that_gives_one_figure_or_is_of_another_size_altogether_contradicts_no_other(
    text: str, knowledge: Knowledge
) -> None:
    assert "contradicts" not in grades(text, knowledge).values()
