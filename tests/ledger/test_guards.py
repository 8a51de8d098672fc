"""By kind: what must not make a figure hold, and what must not make it fail."""

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
        ("H100每张功耗350W,万卡机房吃不消。", "350W"),  # a plug-in card, and nobody says so
        ("DeepSeek-V3 took 2.788 million H800 hours, priced at $3 an hour.", "$3"),  # some seller asked it once
        ("自媒体说,DeepSeek-V3只花了557.6万美元训练。", "557.6万美元"),  # quoting somebody who errs
        ("The chipmaker NVIDIA has already handed over $100 billion to OpenAI.", "$100 billion"),  # planned, not done
        ("DeepSeek-V3 cost $5.6m to train, it is said: the whole firm ran on $5.6m.", "$5.6m"),  # said of a company
        ("After reinforcement learning, MiniMax-M1 was said to have been built, the whole thing, for $534,700.", "$534,700"),
        ("据斯坦福AI指数,投资在涨。这里的规模是孟菲斯的三成。", "三成"),  # a share of something else than before
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
        ("在该平台上训练的讯飞星火X1今年1月发布。", "1月"),  # the article's year, which nobody knows
        ("xAI's Colossus was doubled in 92 days.", "92 days"),  # another phase
        ("An eight-way box: the H100 version got by on 10.2 kW.", "10.2 kW"),  # a machine of several chips
        ("H200每枚記憶體為141GB，即合共約36TB。", "36TB"),
    ],
)  # fmt: skip
def test_figure_does_not_fail(text: str, printed: str, knowledge: Knowledge) -> None:
    assert grades(text, knowledge)[printed] not in FAILING


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Arctic has 480 billion parameters and lights up just 17 billion of them per token.", "17 billion"),
        ("The median Gemini text prompt needs 0.24 watt-hours.", "0.24 watt-hours"),
        ("Meta told investors that it would spend $64 billion to $72 billion in 2025.", "$64 billion to $72 billion"),
        ("In Memphis, xAI fills Colossus 2 with a planned 550,000 GPUs.", "550,000"),
        ("xAI built Colossus in 122 days.", "122 days"),
        ("DeepSeek-V3 读了14.8万亿词元,每次激活370亿参数。按六倍计,计算量约3.3×10²⁴FLOP。", "3.3×10²⁴FLOP"),
    ],
)
def test_what_is_on_file_holds(text: str, printed: str, knowledge: Knowledge) -> None:
    assert grades(text, knowledge)[printed] in HOLDING


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
    first = _weighed(figure, Interval(100, 100), rows, 1, hearsay=False)
    assert first is not None
    assert (first.verdict.grade, first.decided_by) == (Grade.UNSURE, {"evidence_id": "a"})


NEVER_ACCUSED = {
    "another phase or year of a site": (
        "The first version of Isambard-AI had 168 GH200 superchips.",
        "JUPITER runs at 17 MW at its peak and cost 273 million euros to buy.",
        "Prometheus will draw 1 GW in 2026, after 500 MW at first.",
        "Colossus draws 300 MW since it was doubled.",
        "Global data centres used 460 TWh in 2022.",
        "Stargate UAE is to have 5 GW, of which 200 MW by 2026.",
    ),
    "another year of a company or a law": (
        "Meta spent $39 billion on capital expenditure in 2024.",
        "Nvidia lost $279 billion of market value in September 2024.",
        "The EU AI Act was proposed in April 2021 and adopted in June 2024.",
        "全国电力平均排放因子2021年为0.5568千克。",
    ),
    "a part of a rack": (
        "GB200 NVL72 racks hold 18 compute trays with 36 Grace CPUs.",
        "A CloudMatrix 384 has 192 Kunpeng CPUs beside its 384 NPUs.",
    ),
    "another run of the same name": (
        "Reproducing GPT-2 took 24 hours on 8 H100s.",
        "Would GPT-2 cost $43,000 today? It costs $672.",
        "AlphaGo Zero needed 29 million games and 40 days in its larger version.",
        "GPT-3 Curie has 6.7 billion parameters.",
        "Evo 2 7B was trained on 2.4 trillion tokens.",
    ),
    "another variant": (
        "Llama 3.1 8B was trained on 15 trillion tokens and took 1.46 million GPU hours.",
        "GPT-4 Turbo has a context window of 128K tokens.",
        "DeepSeek-V3.1 has a context window of 128K tokens.",
        "Qwen2.5-72B was trained on 18 trillion tokens, Qwen2-72B on 7 trillion.",
        "DeepSeek-V2 was trained on 8.1 trillion tokens.",
        "Llama 2 7B has 7 billion parameters, one tenth of the largest.",
    ),
    "another counting": (
        "DeepSeek-V3 was trained on 2,048 GPUs in 256 servers.",
        "PaLM was trained on 2 pods of TPU v4.",
        "GPT-3 was trained on 499 billion tokens of prepared data, of which it saw 300 billion.",
        "BLOOM was trained on 350 billion tokens in 46 natural languages.",
        "BLOOM was trained on 384 GPUs, with 32 more in reserve.",
    ),
    "per chip and per server": (
        "Llama 3.1 405B was trained on 16,384 GPUs, 8 per server.",
        "Each of the servers that trained DeepSeek-V3 draws 10.2 kW.",
        "DeepSeek-V3 的训练用了 256 台服务器,每台 8 块 H800。",
        "A server with eight H100 holds 640 GB of memory.",
        "一台八卡 H100 服务器功耗 10.2 千瓦。",
        "The DGX H100 has 640 GB of GPU memory.",
        "GB200 NVL72 draws 120 kW per rack.",
    ),
    "per day, per unit and in all": (
        "Llama 3.1 405B burned 0.5 million GPU hours a day at its peak.",
        "DeepSeek-V3 took 180,000 H800 hours for each trillion tokens.",
        "GPT-3 serves 4.5 billion words per day.",
        "LLaMA-65B processed 380 tokens per second and GPU.",
        "DeepSeek-V3 每天训练约 2600 亿词元。",
        "Training DeepSeek-V3 cost $100,000 a day.",
    ),
    "a part and the whole": (
        "Hunyuan-Large was trained on 7 trillion tokens, of which 1.5 trillion tokens were synthetic.",
        "混元Large用了1.5萬億個合成詞元訓練。",
    ),
    "planned or supposed, and done": (
        "Meta plans to train Llama 3.1 405B on 350,000 H100s.",
        "Grok 4 will be trained on 1 million GPUs.",
        "GPT-3 was to have 1 trillion parameters at first.",
        "If GPT-3 were trained on 3 trillion tokens it would be better.",
        "计划中的 BLOOM 原本要在 1000 块 GPU 上训练。",
        "Had BLOOM been trained in Poland, it would have emitted 300 tonnes of CO2.",
    ),
    "sparse and dense, FP8 and BF16": (
        "The H100 delivers 1,979 teraflops in BF16 with sparsity.",
        "The H100 reaches 3,958 teraflops in FP8 with sparsity.",
        "The H100 SXM delivers 1,979 teraflops in FP8.",
        "DeepSeek-V3 trained in FP8 on H800 chips, each good for 1,979 teraflops in that format.",
        "A B200 delivers 4.5 petaflops in dense FP8.",
        "An A100 has 624 teraflops with sparsity.",
        "一块 H100 的 FP8 稠密算力为 1979 TFLOPS。",
        "DeepSeek-V3 sustained 400 teraflops per chip.",
        "An H100 offers 3,958 teraflops in FP8.",
    ),
    "active and in all": (
        "DeepSeek-V3 uses 37 billion parameters for each token.",
        "DeepSeek-V3 is a 37-billion-active-parameter model.",
        "Of the 671 billion, DeepSeek-V3 wakes 37 billion.",
        "Mixtral 8x7B runs as fast as a model of 13 billion parameters.",
        "每个词元只用到 DeepSeek-V3 的 370 亿参数。",
        "The router of DeepSeek-V3 has 20 billion parameters to choose from.",
    ),
    "a cluster and a job": (
        "xAI's Colossus holds 200,000 GPUs; Grok 3 was trained there.",
        "Meta owns two clusters of 24,576 GPUs; Llama 3 was trained on them.",
        "Llama 3.1 405B was trained in a cluster of 24,000 GPUs.",
        "The Alps machine with its 10,752 GPUs trained Apertus 70B.",
        "Microsoft built a supercomputer of 10,000 V100s for OpenAI, on which GPT-3 was trained.",
    ),
    "another thing of the same": (
        "An RTX 4090 with its 24 GB runs the 8-bit build, which takes up 13 GB.",
        "On an H100 of 80 GB the weights of a mid-sized model fill 26 GB.",
        "显存80GB的H100装得下这个模型,它的权重占26GB。",
        # a column whose head does not tell what a bare size counts
        "Falcon 180B was fed 3.5 trillion tokens in 7,000,000 GPU hours.\nIt scales up Falcon 40B, twice the size of Llama 2.\n\nModel | Size | Extent\nFalcon | 180B | 3,500B\n\nIt needs 640GB, that is 8 A100 cards of 80GB.",
        "DeepMind配了20个词元一个参数,所以Chinchilla的700亿参数配了1.4万亿。",
    ),
    "told of others who err": (
        "A blog claims that GPT-3 has 17 billion parameters, which is wrong.",
        '"GPT-3 has 1.75 trillion parameters," a caller insisted, mistaken.',
        "有人说 GPT-3 只有 17.5 亿参数,这是误传。",
        "It is a myth that GPT-3 was trained on 3 trillion tokens.",
        "The press release wrongly says that BLOOM has 17.6 billion parameters.",
    ),
    "denied": (
        "GPT-3 was not trained on 3 trillion tokens.",
        "GPT-3 never had 500 billion parameters.",
        "GPT-3 并非 1.75 万亿参数。",
        "Falcon 180B was trained on 3.5, not 5, trillion tokens.",
        "GPT-3 has 175 billion, not 17.5 billion, parameters.",
    ),
    "asked": (
        "Does GPT-3 have 17.5 billion parameters?",
        "Was BLOOM trained on 3,840 GPUs?",
        "GPT-3 真的有 17.5 亿参数吗?",
        "Who would train GPT-3 on 30 billion tokens?",
    ),
    "supposed": (
        "Suppose GPT-3 had 17.5 billion parameters.",
        "假如 BLOOM 只用 38 块 GPU 训练会怎样?",
        "A GPT-3 of 17.5 billion parameters would have cost a tenth.",
        "Imagine that DeepSeek-V3 had been trained on 20,480 GPUs.",
        "At 17.5 billion parameters GPT-3 would fit on one card.",
    ),
}


@pytest.mark.parametrize("kind", NEVER_ACCUSED)
def test_what_is_said_of_something_else_or_by_nobody_is_not_accused(kind: str, knowledge: Knowledge) -> None:
    found = {text: grades(text, knowledge) for text in NEVER_ACCUSED[kind]}
    assert sum(map(len, found.values())) >= len(found) / 2, "its figures are read at all"
    assert not {text: g for text, g in found.items() if FAILING & set(g.values())}


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("DeepSeek-V3: no, $5.6M is not all in, whatever it cost to train.", "$5.6M"),
        ("It is a myth that GPT-3 has 175 billion parameters.", "175 billion"),
        ("有人说 GPT-3 有 1750 亿参数。", "1750 亿"),
        ("The contract ran for three years. DBRX has 132 billion parameters, of which 36 billion are active.\n\nWe pay three times too much.", "three times"),
    ],
)  # fmt: skip
def test_what_is_denied_told_of_others_or_of_other_subjects_does_not_hold(
    text: str, printed: str, knowledge: Knowledge
) -> None:
    assert grades(text, knowledge)[printed] not in HOLDING


@pytest.mark.parametrize(
    "text",
    [
        "Hunyuan-Large was trained on 1.5 billion tokens.",  # 7 trillion on file
        "DeepSeek-V3 has a context length of 5,000 tokens.",
    ],
)
def test_what_is_too_far_off_may_have_been_misread_and_only_contradicts(text: str, knowledge: Knowledge) -> None:
    assert set(grades(text, knowledge).values()) <= {"contradicts", ""}
