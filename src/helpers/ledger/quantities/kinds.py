"""The kind of a figure, decided by its unit, the noun it counts and the sentence around it.

The unit decides first (GB, PD, %, 天); then the noun straight after (1750亿参数, 512 A100 GPUs); then the nearest noun
before it in its sentence (参数量达到1750亿). What none of them decides has no kind, and is reported as unread.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from helpers.ledger.quantities.figures import Parsed
from helpers.ledger.quantities.tables import Cell
from helpers.ledger.quantities.units import CHIP_NAMES, match_unit


@dataclass(frozen=True)
class Around:
    """What stands around a figure in folded text: its clause and sentence before it, and its clause after it."""

    clause_before: str
    sentence_before: str
    after: str
    sentence: str


@dataclass(frozen=True)
class Kind:
    """Kind of quantity and base unit; `factor` turns the value into the unit where the unit alone did not."""

    name: str
    unit: str
    factor: Decimal = Decimal(1)


PARAMETERS = Kind("parameters", "parameter")
ACTIVE = Kind("active_parameters", "parameter")
TOKENS = Kind("tokens", "token")
WORDS = Kind("words", "word")
CONTEXT = Kind("context_length", "token")
LAYERS = Kind("layers", "layer")
CHIPS = Kind("chip_count", "chip")
SERVERS = Kind("server_count", "server")
CORES = Kind("core_count", "core")
SCORE = Kind("score", "score")
RANK = Kind("rank", "rank")
COUNT = Kind("count", "count")
PERCENT = Kind("percent", "fraction")
UTILISATION = Kind("utilisation", "fraction")
DATASET = Kind("dataset_size", "byte")
EMISSIONS = Kind("emissions", "kg")

_CHIP = rf"(?:{CHIP_NAMES}|[Gg]raphics (?:cards?|processors?)|accelerators?|AI ?芯片|计算卡|算力卡|图形处理器|张量核心图形|处理器芯片|chips?|processors?(?! cores?)|Cerebras|晶圆|GPGPU)"
_FILL = r"[ -]?(?:多|余|[+]|左右|以上|的|个|级别?|量级|规模|张|块|颗|枚|片|台|万?套)*[ ]?"
_NOUNS: tuple[tuple[str, Kind], ...] = (
    (r"(?:个)?(?:激活|活跃)的?参数|(?:activated?|active) (?:parameters?|params?)", ACTIVE),
    (
        r"(?:可?训练|可学习|模型|总|有效)?的?参数|(?:[a-z-]+ ){0,2}?(?:parameters?|params?)(?![a-z])|权重(?!文件)",
        PARAMETERS,
    ),
    (
        r"(?:个)?(?:[Tt]okens?|词元|标记)(?:的)?(?:的?上下文|的?长度|的?窗口|的?序列| ?context| ?window| ?sequence)|上下文|的?上下文|context(?: window| length)?|-?token context",
        CONTEXT,
    ),
    (r"(?:[a-z-]+ ){0,3}?tokens?(?![a-z])|[Tt]okens?|TOKENS?|词元|标记(?!数据)|语元", TOKENS),
    (
        r"(?:[a-z-]+ ){0,2}?words?(?![a-z])|个?单词|词(?![典条向汇表])|词汇量|汉字|字(?![段节符典])|个?(?:中文|英文)?(?:词|字)(?![段节符典条向])|characters?(?![a-z])|字符",
        WORDS,
    ),
    (
        r"(?:[^,，。、;\d]{0,12}?)?(?:(?<![A-Za-z])核(?!心[^处数]|武|电|能|查)|CPU核心?|处理器核心?|个?CPU ?核心|(?:[A-Za-z]+ ){0,2}?(?:CPU )?cores?(?![a-z]))",
        CORES,
    ),
    (
        r"(?:[^,，。、;\d]{0,14}?)(?:服务器|节点|计算节点|(?:[A-Za-z]+ ){0,2}?(?:servers?|nodes?)(?![a-z]))",
        SERVERS,
    ),
    (r"DGX[- ]?[12A-Z]\w*", SERVERS),
    (rf"(?:[^,，。、;\d的]{{0,8}}?|(?:[A-Za-z0-9.-]+ ){{0,3}}?){_CHIP}s?(?![a-z])", CHIPS),
    (
        r"(?:个)?(?:[Tt]ransformer|网络|神经网络|解码器|编码器|隐藏)?的?层(?!级?的?[嵌楼面次含意])|(?:[A-Za-z-]+ ){0,2}?layers?(?![a-z])",
        LAYERS,
    ),
    (r"分(?![之钟布])|points?(?![a-z])", SCORE),
)
_NOUN_AFTER = tuple((re.compile(_FILL + f"(?:{pattern})"), kind) for pattern, kind in _NOUNS)
_STOP_WORDS = re.compile(
    r"(?<![A-Za-z-])(?:of|in|on|at|for|to|from|by|and|or|with|than|while|per|as|is|was|were|are|using|trained|the|a|an|that|which)(?![A-Za-z-])",
    re.I,
)

_BEFORE: tuple[tuple[str, Kind], ...] = (
    (r"激活(?:的)?(?:专家)?参数(?:量|规模|数)?|active parameters|activated parameters", ACTIVE),
    (
        r"参数(?:总)?(?:量|规模|数量?|总数|体量|级别)?|parameter (?:count|size|scale)|(?:number of )?parameters|params|模型(?:的)?规模|模型(?:的)?大小|model size|参数",
        PARAMETERS,
    ),
    (
        r"上下文(?:长度|窗口|的?长度)?|[Tt]oken的?(?:长度|窗口|上限)|序列长度|最大长度|输入长度|context (?:length|window|size)|sequence length|窗口(?:长度|大小)",
        CONTEXT,
    ),
    (r"[Tt]okens?(?:数|数量|总量|量)?|词元(?:数|数量)?|训练语料(?:量|规模)?(?=.{0,6}token)", TOKENS),
    (r"(?:单)?词(?:数|量)|单词量|字数|词汇量|word count", WORDS),
    (r"(?:模型)?(?:层级|层数|网络深度)|number of layers|layers", LAYERS),
    (rf"{_CHIP}(?:的)?(?:数量?|总数|总量|规模|集群)?", CHIPS),
    (r"服务器(?:数量|总数)?|节点数", SERVERS),
    (
        r"得分|分数|成绩|评分|总分|平均分|跑分|准确率|正确率|困惑度|scor(?:e|es|ed|ing)|accuracy|perplexity|BLEU|ROUGE|\bF1\b|MMLU|GSM8K|HumanEval|C-?Eval|CMMLU|SuperGLUE|GLUE|Elo|BBH",
        SCORE,
    ),
)
_NOUN_BEFORE = tuple((re.compile(pattern), kind) for pattern, kind in _BEFORE)
_MODEL_AFTER = re.compile(
    r"(?:级别?|规模|量级|-?scale|参数)?(?:的)?(?:[\u4e00-\u9fffA-Za-z\" -]{0,14}?)?(?:模型|大模型|(?<![a-z])models?(?![a-z])|LLM)"
)
_MEMORY = re.compile(
    r"显存|内存|缓存|显卡内存|HBM|memory|VRAM|\bRAM\b|SRAM|DRAM|带宽版|版本的?(?:A100|V100|H100|GPU)", re.I
)
_HARDWARE_BEFORE = re.compile(rf"{CHIP_NAMES}[ (]?$")
_HARDWARE_AFTER = re.compile(rf" ?(?:的|版|版本)?(?:的)?(?:{CHIP_NAMES}|张量核心|显卡|卡)")
_EMISSION = re.compile(r"碳|CO2|CO₂|二氧化碳|排放|温室气体|emission|carbon|greenhouse", re.I)
_UTILISATION = re.compile(
    r"利用率|使用率|MFU|HFU|utili[sz]ation|占用率|of (?:the )?(?:theoretical )?peak|峰值(?:性能|算力)?的$|扩展效率|并行效率|加速效率|scaling efficiency",
    re.I,
)
_SCORE_PERCENT = re.compile(
    r"准确率|正确率|精度(?:达|为|提)|精确率|召回率|得分|通过率|胜率|accuracy|\bF1\b|MMLU|HumanEval|pass@|GSM8K|score|win rate|recall",
    re.I,
)
_RATE = re.compile(
    r"每秒|/秒|per second|/s\b|峰值|peak|算力|性能|每块|单卡|每张|per GPU|per chip|吞吐|throughput|sustain",
    re.I,
)
_MARKET = re.compile(
    r"市场规模|市场(?:总额|价值|空间|份额|收入)|产业规模|行业规模|market (?:size|value|volume)|(?:market|industry) (?:will|is expected|to reach|worth|was worth|valued)|市场.{0,12}(?:将达|达到|规模)",
    re.I,
)
_PER_SECOND = re.compile(
    r"(?:每秒钟?|每秒(?:可|能)?(?:进行|完成|执行|运算|计算)?)(?:可|能|达|达到|约|高达|超过|近|为|处理|进行|执行|完成|运算|的)*$"
)
_FEW_CENTURIES = Decimal("1e19")
_LARGE = Decimal(10**8)
_HUGE_RATE = Decimal("1e21")


def kind_of(parsed: Parsed, around: Around, named_after: bool) -> Kind | None:
    """The kind of a figure; `named_after` says that the name of a system follows it. None: nothing says what it counts."""
    if parsed.pixels:
        return Kind("count", "pixel")
    by_unit = _BY_HINT.get(parsed.hint)
    if by_unit:
        return by_unit(parsed, around)
    return _by_noun(parsed, around, named_after)


_HEAD_RATIO = re.compile(r"[Ee]pochs?|轮数|倍")
_HEAD_DATE = re.compile(r"年份|日期|时间$|[Yy]ear|[Dd]ate|[Rr]eleased?")


def in_column(parsed: Parsed, cell: Cell) -> tuple[Parsed, Kind] | None:
    """A figure of a table cell with magnitude, unit and kind of its column; None where the head does not tell."""
    if parsed.unit is None and parsed.printed.bare:
        number = parsed.number
        unit = match_unit(cell.unit, 0) if cell.unit else None
        factor = cell.scale * (unit.factor if unit else 1)
        scaled = replace(number, value=number.value * factor, low=number.low * factor, high=number.high * factor)
        parsed = replace(parsed, number=scaled, unit=unit, base=unit.base if unit else "")
    around = Around(cell.head + " ", cell.head + " ", "", cell.head)
    if _HEAD_RATIO.search(cell.head) and parsed.unit is None:
        return parsed, Kind("ratio", "ratio")
    kind = None if _HEAD_DATE.search(cell.head) else kind_of(parsed, around, named_after=False)
    return (parsed, kind) if kind else None


def _bytes(parsed: Parsed, around: Around) -> Kind:
    memory = _MEMORY.search(around.after[:12]) or _MEMORY.search(around.clause_before[-12:])
    chip = _HARDWARE_BEFORE.search(around.clause_before[-16:]) or _HARDWARE_AFTER.match(around.after)
    return Kind("other", "byte") if memory or chip else DATASET


def _share(parsed: Parsed, around: Around) -> Kind:
    if _UTILISATION.search(around.clause_before) or _UTILISATION.match(around.after.lstrip(" 的")):
        return UTILISATION
    return Kind("score", "fraction") if _SCORE_PERCENT.search(around.clause_before[-24:]) else PERCENT


def _mass(parsed: Parsed, around: Around) -> Kind | None:
    if _EMISSION.search(around.sentence):
        return EMISSIONS
    return None if parsed.hint == "pound" else Kind("other", "kg")


def _money(parsed: Parsed, around: Around) -> Kind:
    return Kind("market" if _MARKET.search(around.sentence_before[-40:]) else "money", parsed.base)


def _flop(parsed: Parsed, around: Around) -> Kind:
    near = around.sentence_before[-20:] + "|" + around.after[:12]
    rate = _RATE.search(near) and parsed.number.value < _FEW_CENTURIES
    return Kind("throughput", "FLOP/s") if rate else Kind("compute", "FLOP")


def _rate(parsed: Parsed, around: Around) -> Kind:
    return Kind("throughput", "FLOP/s") if parsed.number.value < _HUGE_RATE else Kind("compute", "FLOP")


def _operations(parsed: Parsed, around: Around) -> Kind:
    rate = _PER_SECOND.search(around.clause_before) or re.match(r".{0,12}(?:每秒|/秒)", around.after)
    return Kind("throughput", "FLOP/s") if rate else Kind("compute", "FLOP")


def _peta(parsed: Parsed, around: Around) -> Kind | None:
    computing = re.search(r"算力|智算|计算中心|FLOP|每秒|超算", around.sentence_before[-30:] + around.after[:10])
    return Kind("throughput", "FLOP/s") if computing else None


def _ratio(parsed: Parsed, around: Around) -> Kind:
    return Kind("ratio", "ratio")


def _plain(name: str) -> object:
    return lambda parsed, around: Kind(name, parsed.base)


_BY_HINT = {
    "percent": _share, "tenth": _share, "bytes": _bytes, "mass": _mass, "pound": _mass, "money": _money, "flop": _flop,
    "flops": _rate, "throughput": _rate, "operations": _operations, "P": _peta, "ratio": _ratio,
    "compute": lambda parsed, around: Kind("compute", "FLOP"),
    "duration": lambda parsed, around: Kind("duration", "s"),
    "chip_time": lambda parsed, around: Kind("duration", "chip.s"),
    "energy": lambda parsed, around: Kind("energy", "J"),
    "power": lambda parsed, around: Kind("other", "W"),
    "bandwidth": lambda parsed, around: Kind("other", "byte/s"),
    "length": lambda parsed, around: Kind("other", "m"),
    "other": lambda parsed, around: Kind("other", parsed.base),
}  # fmt: skip


def _by_noun(parsed: Parsed, around: Around, named_after: bool) -> Kind | None:
    classifier = parsed.unit.printed if parsed.unit else ""
    if parsed.printed.letter in ("K", "M", "T") and _LETTER_DATA.match(around.after):
        return DATASET
    after = classifier.strip("个多余") + around.after if classifier in ("词", "字", "层", "核", "分") else around.after
    for pattern, kind in _NOUN_AFTER:
        found = pattern.match(after)
        if found and not _STOP_WORDS.search(found.group()):
            return _refined(kind, parsed, around)
    by_classifier = _by_classifier(classifier, around)
    if by_classifier:
        return by_classifier
    beside = _beside(around)
    if beside and (not classifier or classifier in ("个", "项", "位")):
        return _refined(beside, parsed, around)
    if parsed.number.value >= _LARGE and (named_after or _MODEL_AFTER.match(after)) and not classifier.strip("个"):
        return PARAMETERS
    before = _nearest_before(around)
    if before and (not classifier or (classifier == "个" and before not in (SCORE, CHIPS))):
        return _refined(before, parsed, around)
    return _counted(parsed, around, classifier)


def _refined(kind: Kind, parsed: Parsed, around: Around) -> Kind:
    """Bytes written 45T数据, context lengths written as tokens, active parameters, tokens of a context."""
    near = around.clause_before[-16:]
    if kind is TOKENS and re.search(
        r"上下文|窗口|序列|长度|context|window|sequence|输入长度", near + around.after[:14], re.I
    ):
        return CONTEXT
    if kind is PARAMETERS and re.search(r"激活|活跃|activat|active", near[-10:], re.I):
        return ACTIVE
    return kind


def _by_classifier(classifier: str, around: Around) -> Kind | None:
    if classifier == "卡":
        return CHIPS
    if classifier in ("块", "张", "片", "颗", "枚"):
        chip = re.search(_CHIP, around.sentence)
        return CHIPS if chip and not _OTHER_THING.match(around.after) else COUNT
    if classifier == "台":
        return SERVERS if re.search(r"服务器|节点|DGX|机器|集群", around.sentence) else COUNT
    return None


_LETTER_DATA = re.compile(
    r" ?(?:的)?(?:高质量|清洗后|原始|训练|文本|中文|英文|互联网|网页|开源|压缩)*的?(?:数据|语料|文本)(?!集群|中心|条)"
)
_OTHER_THING = re.compile(
    r"(?:的)?[\u4e00-\u9fff]{0,4}(?:图|照片|网|脸|嘴|表|纸|票|牌|海报|桌|床|屏|电池|拼图|饼|蛋糕|地|钱|业务|内容)"
)


_LINK = r"(?:总?数|量|规模|大小)?(?:的)?(?:[,:，]|已经?|只|就|也|更是|仅|约|大约|近|将近|接近|共|总共|合计|高达|达到了?|达|为|是|有|超过了?|超|增至|增长到|提升到|提升至|扩展到|扩大到|跃升至|升至|降至|从|由|至少|不到|of|is|was|to|reach\w*| )*$"


_NOUN_LINKED = tuple((re.compile(f"(?:{pattern}){_LINK}"), kind) for pattern, kind in _BEFORE if kind is not CHIPS)


def _beside(around: Around) -> Kind | None:
    """The kind of a noun that a verb ties to the figure behind it (层级只有12, 参数规模达到1750亿)."""
    for pattern, kind in _NOUN_LINKED:
        if pattern.search(around.clause_before[-30:]):
            return kind
    return None


def _nearest_before(around: Around) -> Kind | None:
    """The kind of the noun that stands nearest before the figure, in its clause or else in its sentence."""
    for text in (around.clause_before, around.sentence_before):
        best: tuple[int, Kind] | None = None
        for pattern, kind in _NOUN_BEFORE:
            last = max((m.end() for m in pattern.finditer(text)), default=-1)
            if last >= 0 and (best is None or last > best[0]):
                best = (last, kind)
        if best:
            return best[1]
    return None


_VERBAL = re.compile(
    r"[的了是为时后而与和及在从到被将把又也都就则即使让对于比以于等但并或这那其中上下左右内外前,，。、;:!?)）】》\"”(（ ]|$"
)
_ENGLISH_NOUN = re.compile(
    r"[ -](?:[a-z][a-z'-]{1,20} ){0,2}?(?:[A-Za-z-]{2,20}s|people|data|staff|children|men|women)(?![A-Za-z])"
)
_NO_NOUN = re.compile(
    r" (?:was|is|has|as|this|its|his|versus|across|thus|plus|besides|unless|always|perhaps|hours|days|does)(?![a-z])"
)


def _counted(parsed: Parsed, around: Around, classifier: str) -> Kind | None:
    """A plain count, where a classifier or a noun straight after says that something is counted."""
    if classifier:
        return COUNT
    if parsed.number.style == "english" or around.after[:1] in (" ", "-"):
        found = _ENGLISH_NOUN.match(around.after)
        if found and not _STOP_WORDS.search(found.group()) and not _NO_NOUN.match(around.after):
            return COUNT
    head = around.after[:1]
    if (
        "\u4e00" <= head <= "\u9fff"
        and not _VERBAL.match(around.after)
        and not (parsed.number.bare and "." in str(parsed.number.value))
    ):
        return COUNT
    return None
