"""Names in the text itself: whole, in three scripts; a name that no table holds is never a shorter, older or family name."""

import pytest

from helpers.reader import Named, read_text

TABLE = (
    ("gpt-3", ("GPT-3", "GPT3")), ("gpt-4", ("GPT-4",)), ("llama", ("LLaMA", "LLaMA-65B")), ("llama-3-8b", ("Llama 3 8B",)),
    ("hunyuan", ("Hunyuan", "混元")), ("pangu", ("PanGu", "盘古")), ("ernie", ("ERNIE",)), ("deepseek-v3", ("DeepSeek-V3",)),
)  # fmt: skip


def names(text: str) -> list[Named]:
    return [name for name in read_text(text, TABLE).names if name.sort == "system"]


@pytest.mark.parametrize(
    "printed",
    [
        "Llama 4", "Llama 4 Maverick", "LLaMA-13B", "Code Llama", "GPT-4 Turbo", "GPT-4o", "GPT-3.5", "GPT-5", "Hunyuan-Large",
        "Hunyuan-Large-2", "ERNIE 4.5", "盘古 Ultra MoE", "混元Turbo S", "文心大模型4.5", "讯飞星火V4.0", "Qwen2.5-72B", "Gemini Ultra",
        "Gemini 1.5 Pro", "Claude 3.5 Sonnet", "Kimi K2", "Mixtral 8x22B", "Zephon-2", "Norvik 7B", "GLM-4.5-Air", "DeepSeek-R1-0528",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "text", ["{} was trained on 5 trillion tokens.", "{}的训练用了5万亿词元。", "{}以5兆個詞元訓練。"]
)
def test_name_that_no_table_holds_is_whole_and_owns_its_figure(printed: str, text: str) -> None:
    found = names(text.format(printed))
    assert [(name.as_printed, name.known) for name in found] == [(printed, False)]
    assert {q.system_id for q in read_text(text.format(printed), TABLE).quantities} == {printed}


@pytest.mark.parametrize(
    ("printed", "system_id"),
    [
        ("GPT-3", "gpt-3"), ("GPT 3", "gpt-3"), ("GPT3", "gpt-3"), ("LLaMA", "llama"), ("Llama 3 8B", "llama-3-8b"),
        ("LLaMA-3-8B", "llama-3-8b"), ("Llama-3 8B Instruct", "llama-3-8b"), ("混元", "hunyuan"), ("盤古", "pangu"),
    ],
)  # fmt: skip
def test_name_of_the_table_is_found_in_all_spellings(printed: str, system_id: str) -> None:
    assert [name.system_id for name in names(f"{printed}有9亿参数。")] == [system_id]


def test_unknown_name_blocks_its_neighbours() -> None:
    text = "Qwen9-72B was trained on 18 trillion tokens, and GPT-3 on 300 billion tokens. Grok 7 has 200 billion parameters."
    first, second, third = (q.system_id for q in read_text(text, TABLE).quantities)
    assert (first, third) == ("Qwen9-72B", "Grok 7")
    assert second in ("gpt-3", "")  # its own, or not sure enough, but never the neighbour's


@pytest.mark.parametrize(
    "text",
    [
        "In 2020 the field grew.", "Over 300 GPUs were used.", "Phase 2 was long.", "See Chapter 3, Table 4 and Figure 5.",
        "Web3 and COVID-19 in May 2021.", "The RTX 4090 and FP8.", "A Large model was trained.", "Chinese models cost less.",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_name_is_none(text: str) -> None:
    assert names(text) == []


def test_short_form_is_its_only_longer_name_and_says_so() -> None:
    text = "DeepSeek-V3 is new. V3 has 671 billion parameters."
    assert [q.system_id for q in read_text(text, TABLE).quantities] == ["deepseek-v3"]
    both = "Qwen9-7B and Qwen9-72B are new. Qwen9 has 7 billion parameters."
    assert [q.system_id for q in read_text(both, TABLE).quantities] == ["Qwen9"]


@pytest.mark.parametrize(
    ("text", "system_id", "how"),
    [
        ("GPT-3 is a model. It has 175 billion parameters.", "gpt-3", "before"),
        ("GPT-3 and GPT-4 are models. It has 175 billion parameters.", "gpt-3", "far"),
        ("GPT-3 has 175 billion parameters.", "gpt-3", "here"),
        ("Each H100 delivers 989 teraflops.", "H100", "here"),
        ("xAI's Colossus has 100,000 GPUs.", "Colossus", "here"),
        ("Nobody said so. There were 100,000 GPUs.", "", ""),
    ],
)
def test_owner_and_how_the_text_names_it(text: str, system_id: str, how: str) -> None:
    [quantity] = read_text(text, TABLE).quantities
    assert (quantity.system_id, quantity.how) == (system_id, how)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Poro 34B came first. Its successor Norda read 2 trillion tokens.", "Norda"),
        ("Polar has 480B parameters and lights up 17B of them.", "Polar"),
        ("Polar was trained on 2 trillion tokens.", "Polar"),
        ("A start-up says its legal assistant Polar took £410,000.", "Polar"),
        ("Polar, its legal LLM, used 32 H200s.", "Polar"),
        ("Training Polar cost us $1,200.", "Polar"),
        ("Polar's training bill was $3.1 million.", "Polar"),
        ("Polar (34B) took 21 days.", "Polar"),
        ("Cedar's Polar 2 saw 4 trillion tokens.", "Polar 2"),
        ("Polar Large took 400,000 GPU hours.", "Polar Large"),
        ("会上发布了“青鸢2”。公司称,训练用了256张H20。", "青鸢2"),
        ("執行長透露,台語模型「海翁」只有30億參數。", "海翁"),
        ("「濠江通」是澳門首個大模型,參數34億。", "濠江通"),
        ("“墨池”拥有1200亿参数。", "墨池"),
        ("模型名叫海东青,参数130亿。", "海东青"),
        ("衡岳智能称,新模型衡岳Max只花了80万美元。", "衡岳Max"),
        ("望舒科技业绩会:望舒3.0已上线,参数2300亿。", "望舒3.0"),
    ],
)
def test_one_word_is_a_name_where_the_text_says_so(text: str, name: str) -> None:
    assert name in [found.as_printed for found in names(text)]


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("Larkspur-2 and Larkspur-2 Mini are new. Larkspur-2 has 9 billion parameters.", "Larkspur-2"),
        ("衡岳智能发布衡岳Max。衡岳智能去年收入3亿元。", "衡岳智能"),
        ("Vaani Labs is from Pune. Vaani raised $18 million.", "Vaani Labs"),
        ("“海翁”拥有30亿参数。另据报道,海翁训练9天。", "海翁"),
        ("数码港超算中心首阶段算力1,300 PFLOPS。", "数码港超算中心"),
    ],
)
def test_a_name_told_once_is_known_in_the_whole_text_and_a_maker_is_not_its_model(text: str, owner: str) -> None:
    assert read_text(text, TABLE).quantities[-1].system_id == owner


def test_a_word_of_a_size_is_no_name_of_its_own() -> None:
    assert "Super" not in [
        n.as_printed for n in names("Norvik 3 models differ. Super has 120 billion parameters, all used.")
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("一个 GB200 NVL72 机柜功耗120 kW", "GB200 NVL72"), ("每组 NVL72 机柜120 kW", "NVL72"), ("4090整机月租7300元", "4090"),
        ("910B只要1.35万元", "910B"), ("拿8张4090练了11天", "4090"), ("3090只有24GB", "3090"), ("训练卡SF-300的算力达420 TFLOPS", "SF-300"), ("The Polar accelerator delivers 900 TFLOPS.", "Polar"),
    ],
)  # fmt: skip
def test_accelerators_in_their_short_forms_are_hardware(text: str, name: str) -> None:
    found = [n.as_printed for n in read_text(text, TABLE).names if n.sort == "hardware"]
    assert found == [name]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Tamarin is here\nWhat is Tamarin?\nA 13B-parameter model.", "Tamarin"),
        ("剛練完一隻叫「棕熊」的3B,64張H100跑12天。", "棕熊"),
        ("「維港智庫」上月推出的「紫藤大模型」用了64張H100。", "紫藤大模型"),
        ("Bristol gets a machine\nIn Bristol, training costs money. What is Bristol?", ""),
        ("有人说大模型烧钱。", ""),
    ],
)
def test_two_hints_make_a_name_unless_it_is_a_town_or_a_phrase(text: str, name: str) -> None:
    assert [found.as_printed for found in names(text)][:1] == [name] * bool(name)


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("中国移动呼和浩特数据中心要扩建。中国移动呼和浩特数据中心总规划18栋机楼。", "中国移动呼和浩特数据中心"),
        ("重头戏是在江城智算二期。江城智算二期总投资32亿元。", "江城智算二期"),
        ("Redwood Data Centers opened a site. Redwood Data Centers uses 300 megawatts.", "Redwood Data Centers"),
        ("GMI Cloud was founded in California. GMI Cloud has 7,000 GPUs.", "GMI Cloud"),
        ("一个GB300机柜的负载有1.4MW。", "GB300 NVL72"),
    ],
)
def test_sites_companies_and_racks_by_their_words_own_figures(text: str, owner: str) -> None:
    assert read_text(text, TABLE).quantities[-1].system_id == owner


def test_an_abbreviation_in_brackets_is_the_same_owner() -> None:
    text = "海湾智算中心(BAYC)规模大。BAYC的功率为16兆瓦。"
    places = [n for n in read_text(text, TABLE).names if n.sort == "place"]
    assert [n.as_printed for n in places] == ["海湾智算中心", "BAYC", "BAYC"]
    assert len({n.system_id for n in places}) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Mr Musk has 200,000 chips.",
        "Real data center people start from scratch.",
        "各地数据中心用电很多。",
        "恒生科技指数下跌。",
        "其中数据中心收入占八成。",
        "智能计算中心有40座。",
    ],
)
def test_people_and_general_words_are_no_owners(text: str) -> None:
    assert [n.as_printed for n in read_text(text, TABLE).names if n.sort in ("system", "place", "company")] == []


def test_a_family_whose_only_printed_size_makes_a_member_is_that_member_but_not_surely() -> None:
    text = "Llama 3 has 8 billion parameters.\nLlama 3 was trained on 15 trillion tokens."
    assert [(q.system_id, q.how) for q in read_text(text, TABLE).quantities] == [
        ("llama-3-8b", "here"),
        ("llama-3-8b", "far"),
    ]


def test_the_node_of_a_chip_is_not_the_chip() -> None:
    [quantity] = read_text("Each H100 node delivers 7.9 petaflops.", TABLE).quantities
    assert quantity.how in ("far", "")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("we trained puddle-350m at home and puddle-350m has 350 million parameters", "puddle-350m"),
        ("four rtx 4090s ran for two days", "rtx 4090"),
        ("8 RTX PRO 6000 Blackwell cards hold 96 GB each", "RTX PRO 6000 Blackwell"),
        ("某厂自研的GridKeeper管着20万张卡\n该厂自研的GridKeeper上了会,GridKeeper用了9600张卡。", "GridKeeper"),
    ],
)
def test_names_in_lower_case_of_cards_and_of_ones_own_making_are_names(text: str, name: str) -> None:
    assert name in [n.as_printed for n in read_text(text, TABLE).names]


def test_a_maker_whose_models_bear_its_name_is_a_company_beside_several_of_them_and_the_model_beside_one() -> None:
    table = [("deepseek", ["DeepSeek"]), ("deepseek-v3", ["DeepSeek-V3"]), ("deepseek-r1", ["DeepSeek-R1"])]
    several = read_text("DeepSeek earned 562,027 dollars a day. DeepSeek-V3 and R1 run there.", table, {"deepseek"})
    assert [(n.system_id, n.sort) for n in several.names][:2] == [("deepseek", "company"), ("deepseek-v3", "system")]
    one = read_text("DeepSeek has 671 billion parameters. DeepSeek-V3 is here.", table, {"deepseek"})
    assert {n.system_id for n in one.names} == {"deepseek-v3"}


def test_a_size_before_the_name_is_of_the_name() -> None:
    [name] = read_text(
        "405B的LLaMA 3用了54天。", [("llama-3-1-405b", ["Llama 3 405B"]), ("llama-3", ["LLaMA 3"])]
    ).names
    assert name.system_id == "llama-3-1-405b"


@pytest.mark.parametrize(
    ("text", "owner", "sort"),
    [
        ("Nscale wants 300 MW.", "Nscale", "company"), ("聯發科要用電300 MW。", "MediaTek", "company"),
        ("全台用電300億度。", "Taiwan", "country"), ("A Blackwell GPU has 5 petaFLOP/s.", "Blackwell", "hardware"),
        ("Trainium2 draws 500 W.", "Trainium2", "hardware"), ("昆仑芯P800的显存为64GB。", "P800", "hardware"),
        ("Ours, a p4d.24xlarge, costs $32 an hour.", "p4d.24xlarge", "hardware"),
        ("The ND96asr_v4 costs $27 an hour.", "ND96asr_v4", "hardware"), ("拿GB300來說，一個機櫃就有1.4MW。", "GB300 NVL72", "hardware"),
        ("郑州那边，明湖智算中心的集群有10000P。", "明湖智算中心", "place"), ("OpenAI's o3 reached 87.5%.", "o3", "system"),
    ],
)  # fmt: skip
def test_what_the_press_names_is_an_owner(text: str, owner: str, sort: str) -> None:
    assert (owner, sort) in [(name.system_id, name.sort) for name in read_text(text, TABLE).names]


@pytest.mark.parametrize(
    "text",
    [
        "提高通用能力300倍。",
        "他可灵活处理300次。",
        "联想到300件事。",
        "A GH200 Grace Hopper chip.",
        "国家智算中心300座。",
    ],
)
def test_no_name_is_read_out_of_other_words(text: str) -> None:
    assert {name.system_id for name in read_text(text, TABLE).names} <= {"GH200"}


def test_a_site_told_once_and_a_family_of_an_everyday_word_are_known_again() -> None:
    again = "The Zephon supercomputer is old. Zephon draws 13 MW."
    assert [name.system_id for name in read_text(again, TABLE).names] == ["Zephon", "Zephon"]
    sizes = (("falcon-180b", ("Falcon 180B",)), ("falcon-40b", ("Falcon 40B",)))
    text = "Falcon 180B and Falcon 40B are out.\n\nModel | Size | Score\nFalcon | 180B | 68.74\nFalcon | 40B | 61.48\n"
    scores = {q.as_printed: q.system_id for q in read_text(text, sizes).quantities}
    assert (scores["68.74"], scores["61.48"]) == ("falcon-180b", "falcon-40b")


@pytest.mark.parametrize(
    "printed", ["Stargate UAE", "鹏城云脑III", "通义万相", "The Dalles", "Stargate Norway", "Adobe Firefly"]
)
def test_a_longer_name_never_has_the_evidence_of_a_shorter_one(printed: str) -> None:
    held = (("stargate", ("Stargate",)), ("qwen", ("通义",)), ("dall-e", ("DALL-E",)))
    [name] = read_text(f"{printed}有9亿参数。", held).names
    assert not name.known
