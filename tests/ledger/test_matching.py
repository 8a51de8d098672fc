"""First verdicts only where the sentence names the system and says of the figure what the evidence counts."""

import pytest

from helpers.ledger.knowledge import Knowledge
from helpers.ledger.scan import scan


def judged(text: str, knowledge: Knowledge) -> dict[str, str]:
    """Grades by what is printed, for the figures that have one."""
    found = scan(text, knowledge).candidates
    return {c.quantity.as_printed: c.first.verdict.grade.value for c in found if c.first}


@pytest.mark.parametrize(
    ("text", "printed", "grade"),
    [
        ("GPT-3拥有1750亿参数。", "1750亿", "accurate"),
        ("GPT-3擁有17.5億參數。", "17.5億", "wrong"),
        ("GPT-3 was trained on 300 billion tokens.", "300 billion", "accurate"),
        ("源1.0的训练用了2128块GPU。", "2128块", "accurate"),
        ("源1.0训练耗时16天。", "16天", "accurate"),
        ("The training of PaLM took 64 years, and PaLM has 118 layers.", "118", "accurate"),
        ("PaLM, unveiled in April 2022, has 540 billion parameters.", "April 2022", "accurate"),
    ],
)
def test_what_says_the_same_is_judged(text: str, printed: str, grade: str, knowledge: Knowledge) -> None:
    assert judged(text, knowledge)[printed] == grade


@pytest.mark.parametrize(
    "text",
    [
        "GPT-3解决了延续50年的难题。",  # no time of training
        "未来50年,GPT-3的训练仍将继续。",  # a forecast
        "如果用1000块A100训练GPT-3,需要34天。",  # supposed
        "GPT-3发布了,BERT也发布了。它训练用了5000块GPU。",  # one of two in another sentence
        "类似GPT-3的模型训练了90天。",  # a yardstick
        "以BLOOM为基础的新模型有30亿参数。",
        "该模型比GPT-3多10亿参数。",  # a difference
        "GPT-3每次推理用8块GPU。",  # not for training
        "GPT-3 has 48 attention layers.",
        "BLOOM trained for 118 days, 5 hours and 41 minutes.",  # parts of one duration
        "The GPT-3 team read 12 TB of data.",  # nothing says that it is the corpus
        "Each server that trained GPT-3 held 8 GPUs.",
        "MT-NLG was trained on servers, and DGX of this kind hold 8 GPUs.",
        "A report published in April 2024 names GPT-4.",
        "研究者2019年开始做GPT-3。",
    ],
)
def test_what_counts_something_else_has_no_verdict(text: str, knowledge: Knowledge) -> None:
    assert judged(text, knowledge) == {}


def test_hardware_and_model_utilisation_are_not_held_against_each_other(knowledge: Knowledge) -> None:
    text = "PaLM was trained at 46.2% MFU. PaLM was trained at 46.2% hardware FLOPs utilization."
    verdicts = [c.first for c in scan(text, knowledge).candidates]
    counts = [v.decided_by["counts"] for v in verdicts if v]
    assert len(counts) == sum(v is not None for v in verdicts)
    assert not any(c.startswith("hardware") for c in counts[:1])
