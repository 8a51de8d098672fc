"""First verdicts: what each state of evidence, data sheet, name and sentence makes of a figure. Own sentences, facts of the tables."""

import pytest

from helpers.ledger.knowledge import Knowledge
from helpers.ledger.scan import Candidate, scan


def figures(text: str, knowledge: Knowledge) -> dict[str, Candidate]:
    return {c.quantity.as_printed: c for c in scan(text, knowledge).candidates}


def first(text: str, printed: str, knowledge: Knowledge) -> tuple[str, int]:
    """Grade and rank of the figure's first verdict, or an empty grade."""
    found = figures(text, knowledge)[printed].first
    return (found.grade, found.rank) if found else ("", 0)


@pytest.mark.parametrize(
    "text",
    [
        "Llama 4 was trained on 2 trillion tokens.",
        "Meta trained LLaMA 3 on 24,000 GPUs.",
        "Code Llama was trained on 500 billion tokens.",
        "GPT-4 Turbo was trained on 50,000 GPUs.",
        "GPT-4o was trained on 13 billion tokens.",
        "Hunyuan-Huge has 389 billion parameters.",
        "GPT-3.5用了5亿词元训练。",
        "文心9.5的参数量为12亿。",
        "Grok 9 was trained with 200,000 GPUs.",
        "After GPT-3 the field moved on. Grok 9 was trained with 200,000 GPUs.",
        "与英伟达的万亿参数模型相比,M6 的能耗低八成。",
        "GPT-3 has -175 billion parameters.",
        "参数为准万亿级的GPT-3发布。",
    ],
)
def test_no_grade_by_another_ones_evidence_nor_on_what_was_not_read(text: str, knowledge: Knowledge) -> None:
    graded = {p: c.first.grade for p, c in figures(text, knowledge).items() if c.first}
    assert set(graded.values()) <= {"unsure"}, graded


@pytest.mark.parametrize(
    ("text", "printed", "expected"),
    [
        ("Falcon 180B was trained on 3.5 trillion tokens.", "3.5 trillion", ("accurate", 1)),
        ("Falcon 180B is a model of TII. It was trained on 3.5 trillion tokens.", "3.5 trillion", ("accurate", 2)),
        ("Falcon 180B and GPT-3 are models. It was trained on 3.5 trillion tokens.", "3.5 trillion", ("", 0)),
        ("GPT-3 has 17.5 billion parameters.", "17.5 billion", ("wrong", 1)),
        ("GPT-3擁有17.5億參數。", "17.5億", ("wrong", 1)),
        ("Each H100 chip delivers 9 petaflops in 16-bit training.", "9 petaflops", ("wrong", 1)),
        ("Each H100 chip delivers 989 teraflops in 16-bit training.", "989 teraflops", ("accurate", 1)),
        ("Each H100 chip delivers 1,979 teraflops in 16-bit training.", "1,979 teraflops", ("contradicts", 1)),
        ("An A100 has 80 GB of memory.", "80 GB", ("accurate", 1)),
        ("An A100 has 160 GB of memory.", "160 GB", ("inaccurate", 1)),
        ("GPT-3 cost 100 million dollars to train.", "100 million dollars", ("contradicts", 2)),
        (
            "GPT-3 used 1,287 GWh of electricity for its training.",
            "1,287 GWh",
            ("contradicts", 2),
        ),  # only estimates are on file
        ("DeepSeek-V3 has 3.8 times the parameters of GPT-3.", "3.8 times", ("accurate", 2)),
        ("LLaMA 训练每千亿token用时1.5天。", "1.5天", ("accurate", 2)),  # 1.4 trillion tokens in 21 days are on file
    ],
)
def test_grade_and_rank(text: str, printed: str, expected: tuple[str, int], knowledge: Knowledge) -> None:
    assert first(text, printed, knowledge) == expected


def test_what_repeats_a_leak_is_unsure_and_says_so(knowledge: Knowledge) -> None:
    text = "GPT-4 was trained on 13 trillion tokens with 25,000 A100 chips for 95 days."
    for printed in ("25,000", "95 days"):
        found = figures(text, knowledge)[printed].first
        assert found is not None
        assert found.grade == "unsure"
        assert "leak" in found.why
        assert "publishes nothing" in found.why


def test_figure_that_agrees_with_another_count_is_not_accused(knowledge: Knowledge) -> None:
    """BLOOM: 24.7 t by its power alone, 50.5 t over its life."""
    text = "The training of BLOOM emitted 24.7 tonnes of CO2, or 50.5 tonnes over its life."
    assert first(text, "24.7 tonnes", knowledge)[0] == "unsure"


def test_three_states_of_a_name_are_told_apart(knowledge: Knowledge) -> None:
    found = figures("Zephon-2 has 9 billion parameters. GPT-3 knows 12 languages.\n\nThere are 70 servers.", knowledge)
    states = {p: (c.system, c.known) for p, c in found.items()}
    assert states["9 billion"] == ("Zephon-2", False)
    assert states["12"] == ("GPT-3", True)
    assert found["12"].first is None


@pytest.mark.parametrize(
    "text",
    [
        "The H100's L2 cache holds 50 MB.",
        "Each H100 gets a 400 Gb/s InfiniBand port.",
        "A seventh of an A100, a slice of 10 GB, is enough for the demo.",
        "The V100's NVLink has six links of 50 GB/s.",
        "H100s were throttled to 500 W.",
        "The H100 idles at 70 W.",
        "A TPU v3 core has 16 GB.",
        "An H100 offers 67 teraflops in FP64.",
        "In practice an H100 delivers 400 teraflops in BF16.",
        "With a pair of H200s you get 282 GB in total.",
        "我有两张3090,加起来48G显存。",
        "A modified RTX 4090 with 48 GB of memory is sold in Shenzhen.",
        "A100 memory errors took 8 GB modules out.",
        "DeepSeek-R1's largest distillation has 70 billion parameters.",
        "DeepSeek-R1的蒸馏版只有70亿参数。",
        "A pruned GLM-130B with 65 billion parameters answers as well.",
        "PaLM's smaller brother has 62 billion parameters.",
        "BLOOM's multilingual sibling mT0 has 13 billion parameters.",
        "Each expert of Mixtral 8x7B has 5.6 billion parameters in its feed-forward layers.",
        "A student trained Falcon 40B further on 10 billion legal tokens.",
        "Nemotron-4 340B was trained on 6,144 H100s for 8 trillion tokens and 1 trillion more in continued training.",
    ],
)
def test_a_part_an_addition_or_what_was_made_of_a_system_accuses_nobody(text: str, knowledge: Knowledge) -> None:
    graded = {printed: candidate.first for printed, candidate in figures(text, knowledge).items()}
    assert not {printed: first.grade for printed, first in graded.items() if first and first.fails}


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("DeepSeek-V3 was founded, staffed and built for $5.6 million.", "$5.6 million"),
        ("DeepSeek-R1 was trained from nothing for $294,000.", "$294,000"),
        ("DeepSeek-R1连同底座共花29.4万美元。", "29.4万美元"),
        ("DeepSeek-V3 is a dense model of 671 billion parameters.", "671 billion"),
        ("Mixtral 8x7B computes with all its 46.7 billion parameters for each token.", "46.7 billion"),
        ("The H100 has 989 teraflops with sparsity in BF16.", "989 teraflops"),
        ("BLOOM仅用电就排放50.5吨二氧化碳。", "50.5吨"),
        ("Llama 3.1 405B emitted 8,930 tonnes by market-based accounting.", "8,930 tonnes"),
        ("US data centres used 4.4% of the world's electricity in 2023.", "4.4%"),
        ("中国数据中心2024年用电415太瓦时。", "415太瓦时"),
        ("欧洲数据中心2024年用电415太瓦时。", "415太瓦时"),
        ("Colossus had 250,000 GPUs in July 2025.", "250,000"),
    ],
)
def test_what_is_right_of_another_count_is_not_approved(text: str, printed: str, knowledge: Knowledge) -> None:
    assert first(text, printed, knowledge)[0] not in ("accurate", "close")


@pytest.mark.parametrize(
    ("text", "printed", "expected"),
    [
        ("智谱的GLM-4.5于2024年7月28日开源。", "2024年7月28日", "contradicts"),
        ("月之暗面的Kimi K2於2023年7月開源。", "2023年7月", "contradicts"),
        ("月之暗面的Kimi K2於2025年7月開源。", "2025年7月", "accurate"),
        ("The Swiss model Apertus 70B used up to 40,960 processors for its training.", "40,960", "contradicts"),
        ("Card | Memory | Dense BF16\nH200 SXM | 141 GB | 1,979 TFLOPS", "1,979 TFLOPS", "contradicts"),
        ("Card | Memory | Dense BF16\nH200 SXM | 141 GB | 989 TFLOPS", "989 TFLOPS", "accurate"),
        ("Llama 3.1 405B was interrupted 419 times in 54 days.", "54 days", "accurate"),
        ("數碼港超算中心首階段算力1,300 PFLOPS。", "1,300 PFLOPS", "accurate"),
    ],
)
def test_slips_of_the_year_heads_of_tables_and_parts_that_are_named(
    text: str, printed: str, expected: str, knowledge: Knowledge
) -> None:
    assert first(text, printed, knowledge)[0] == expected
