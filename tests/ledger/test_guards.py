"""By kind: what must not make a figure hold, and what must not make it fail."""

from __future__ import annotations

import pytest

from helpers.ledger.first_verdicts import _weighed
from helpers.ledger.intervals import Interval
from helpers.ledger.knowledge import Knowledge
from helpers.ledger.scan import scan
from helpers.ledger.verdicts import Estimate, Grade, Strength
from helpers.reader import Quantity

HOLDING, FAILING = {"accurate", "close"}, {"inaccurate", "wrong", "misleading", "unsupported"}


def grades(text: str, knowledge: Knowledge) -> dict[str, str]:
    """First verdicts by what is printed."""
    return {c.quantity.as_printed: c.first.grade if c.first else "" for c in scan(text, knowledge).candidates}


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Epoch AI estimates that training Grok 4 used 310 GWh of electricity.", "310 GWh"),  # an estimate approves nothing
        ("GPT-4 cost 78 million dollars to train, Stanford estimates.", "78 million dollars"),
        ("DeepSeek-R1 cost $294,000 to train from first token to last.", "$294,000"),  # a part said of the whole
        ("DeepSeek-V3 用 H800 训练,预训练共278.8万卡时。", "278.8万卡时"),  # the whole said of a stage
        ("With its siblings included, Llama 3.1 405B took 30.84 million GPU hours of training.", "30.84 million GPU hours"),
        ("The Nvidia H100 is rated at 400 W in SXM form.", "400 W"),  # another form of the chip
        ("AMD's MI300X delivers 2,615 TFLOPS.", "2,615 TFLOPS"),  # the rate of a format that is not named
        ("The rent of an H100 came down from $12.29 to $6.88, or by 56%.", "56%"),  # what is left, not what went
        ("Zephon-2 ran on 1,024 GPUs for 22 days: 450,000 GPU hours.", "450,000 GPU hours"),  # near is not the same
        ("Dealers speak of $3.1 million for 72 GPUs, $43,000 per GPU.", "$3.1 million"),  # hearsay that adds up
        ("DeepSeek-V3 cost $5.6m to train, it is said: the whole firm ran on $5.6m.", "$5.6m"),  # said of a company
    ],
)  # fmt: skip
def test_figure_does_not_hold(text: str, printed: str, knowledge: Knowledge) -> None:
    assert grades(text, knowledge)[printed] not in HOLDING


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("智谱GLM-4.5:总参数3550亿,激活320亿,小兄弟Air则是1060亿。", "1060亿"),  # another member's size
        ("Unlike the A100, the H100 has 40 GB of memory.", "40 GB"),  # two chips in one sentence
        ("DeepSeek-V3 took 2.788 million H800 hours at $2 an hour. DeepSeek-V3's reasoning stage cost $294,000 to train.", "$294,000"),
        ("An eight-way box: the H100 version got by on 10.2 kW.", "10.2 kW"),  # a machine of several chips
        ("H200每枚記憶體為141GB，即合共約36TB。", "36TB"),
    ],
)  # fmt: skip
def test_figure_does_not_fail(text: str, printed: str, knowledge: Knowledge) -> None:
    assert grades(text, knowledge)[printed] not in FAILING


def test_a_part_said_as_a_part_still_holds(knowledge: Knowledge) -> None:
    found = grades("DeepSeek-V3 用 H800 训练,预训练共266.4万卡时。", knowledge)
    assert found["266.4万卡时"] in HOLDING


def test_slip_of_a_power_of_ten_at_a_site_contradicts(knowledge: Knowledge) -> None:
    assert grades("Colossus 2 is to hold 55,000 GPUs.", knowledge)["55,000"] == "contradicts"


def test_divided_sources_of_the_same_strength_are_unsure_and_name_the_first() -> None:
    figure = Quantity(0, 3, "100", "money", 100.0, "USD", "exact", 100.0, 100.0, "x")
    rows = [
        ({"evidence_id": name}, Estimate(Interval(v, v), Strength.FAIR)) for name, v in (("a", 100.0), ("b", 900.0))
    ]
    first = _weighed(figure, Interval(100, 100), rows, 1)
    assert first is not None
    assert (first.verdict.grade, first.decided_by) == (Grade.UNSURE, {"evidence_id": "a"})
