"""Whether a figure of an article counts what a piece of evidence counts: only then may the one be held against the other.

Kind and unit are not enough: fifty years of research are no training time, a corpus is not what a model was trained on, and
a plan or a supposition is no fact. What is in doubt gets no first verdict.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from helpers.ledger.knowledge import Knowledge
from helpers.reader import Quantity
from helpers.reader.fold import fold
from helpers.reader.vocabulary import said

Row = Mapping[str, str]

# What evidence on a system may say about a figure of this kind; only rows in the figure's own unit are used.
EVIDENCE = {
    "parameters": ("parameters",),
    "active_parameters": ("active_parameters",),
    "tokens": ("training_tokens", "corpus_tokens"),
    "words": ("corpus_words",),
    "dataset_size": ("corpus_bytes", "raw_corpus_bytes"),
    "compute": ("training_flop",),
    "throughput": ("throughput_per_chip", "throughput"),
    "utilisation": ("utilisation",),
    "chip_count": ("chip_count",),
    "server_count": ("server_count",),
    "core_count": ("core_count",),
    "duration": ("training_duration", "chip_time"),
    "date": ("announced", "first_announced"),
    "energy": ("energy",),
    "emissions": ("emissions",),
    "layers": ("layers",),
    "other": ("power",),
    "context_length": ("context_length",),
    "money": ("training_cost",),
}
PER = {("chip.s", "1e+12 token"): "chip_time_per_trillion_tokens", ("USD", "chip.h"): "chip_hour_price"}
_BARE = re.compile(
    r"[准近约超]?[十百千万亿兆萬億零数數几幾]+[级級]?[个個卡张張块塊颗顆]?|(?:tens|dozens|hundreds|thousands|millions|billions|trillions)\b.*",
    re.I,
)
_OF_A_PART = re.compile(
    r"\bpart\b|variant|version|benchmark|encoder|decoder|instruction tuning|^first (?!public)|whole machine|filtering|statement|dense|compressed|one GPU|not a run|theoretical|conjecture|assum|not the model"
)
_TRAINING = said("training")
_RAN = said("ran")
_DEPLOYED = said("deployed")
_DATA = said("data")
_CORPUS = said("corpus")
_RAW = said("raw_corpus")
_EACH = re.compile(
    r"每(?:台|个|颗|块|张|卡|节点|枚)|单[卡机颗]|平均|(?<![A-Za-z])(?:each|per|apiece|a single)(?![A-Za-z])", re.I
)
_TOGETHER = said("together")
_RELEASED = said("released")
_SUPPOSED = re.compile(
    r"预计|预测|未来|有望|计划|目标|如果|若|假[如设]|倘若|恐怕|或许|今天|如今|下一代|推理|类似|同类|重跑|重新训练|每(?:次|天|日|年|小时|百万)|延续|持续了?\d+年|至少需要|需要?\d"
    r"|(?<![A-Za-z])(?:if|would|could|will|may|might|plans?|planned|expect\w*|forecast\w*|predict\w*|today|queries|query|inference|per day|daily|next)(?![A-Za-z])",
    re.I,
)
_SERVING = re.compile(r"推理|部署|(?<![A-Za-z])(?:infer|serv|deploy)", re.I)
_COMPARED = said("compared")
_SITE = (
    "installed",
    "in the data centre",
    "of the site",
    "of the cluster",
)  # what a data centre holds, trained with or not
_IN_CONTRAST = re.compile(r"(?:相比|对比|相较)之下[,，]?|(?:[Bb]y|[Ii]n) (?:comparison|contrast),?")
_SPAN = re.compile(r" ?(?:开始|起|以来|至|到|-)")
NEAR = 40
A_SERVER = 16  # so few chips are those of one machine of a run
# How the text names the system, and the rank of a verdict that rests on it: 1 in the sentence, 2 before it or in title and lead.
RANKS = {"here": 1, "before": 2, "title": 2}
_DIFFERENCE = re.compile(r"(?:[多少高低差]|增加|减少)(?:了|出|约|近)*$")
_MORE_TIME = re.compile(r"[ ,，又零和and]{0,6}\d{1,3} ?(?:hours?|minutes?|days?|小时|分钟|天)")
_BEFORE_TIME = re.compile(r"(?:hours?|minutes?|days?|小时|天)[ ,，又零和and]{0,6}$")
_WINDOW = re.compile(r"观测|觀測|窗口|期间|期間|每隔|平均|(?<![A-Za-z])(?:window|snapshot|observ\w*|on average)", re.I)
_OTHER_RELEASE = re.compile(r"报告|论文|榜单|消息|(?<![A-Za-z])(?:report|study|leaderboard|list)(?![A-Za-z])", re.I)
_SORT_OF_LAYER = re.compile(r"MoE|expert|专家|attention|注意力|encoder|decoder|编码|解码", re.I)
_HARDWARE_FLOP = re.compile(r"HFU|硬件|hardware", re.I)
_RUN_KINDS = frozenset(
    {
        "tokens",
        "compute",
        "throughput",
        "utilisation",
        "chip_count",
        "server_count",
        "core_count",
        "duration",
        "energy",
        "emissions",
        "money",
    }
)


def evidence_on(quantity: Quantity, before: str, after: str, context: str, knowledge: Knowledge) -> list[Row]:
    """Evidence on what the sentence says of the figure; none on a rate, and none where the sentence says something else."""
    if quantity.per:
        quantity_per = PER.get((quantity.unit, quantity.per))
        return (
            knowledge.evidence(quantity.system_id, (quantity_per,), quantity.unit.replace(".", " "))
            if quantity_per
            else []
        )
    return [row for row in all_evidence(quantity, knowledge) if same_thing(quantity, row, before, after, context)]


def contrary(quantity: Quantity, sentence: str, before: str, after: str) -> bool:
    """Whether the sentence says that the figure is no fact of the system: supposed, of its use, a difference, a part of a time."""
    left, right = _IN_CONTRAST.sub("", fold(before).text), fold(after).text
    if quantity.kind in _RUN_KINDS and (_SUPPOSED.search(sentence) or _SERVING.search(sentence)):
        return True
    return is_window(quantity, left, right) or _DIFFERENCE.search(left) is not None


def is_bare(quantity: Quantity) -> bool:
    """Whether a figure is a bare magnitude, which no evidence decides: 千亿, tens of thousands."""
    return _BARE.fullmatch(quantity.as_printed) is not None


def is_window(quantity: Quantity, before: str, after: str) -> bool:
    """Whether a time is one that something was watched for or recurs after, or a part: 118 days, 5 hours and 41 minutes."""
    if quantity.kind != "duration":
        return False
    watched = _WINDOW.search(before[-NEAR:] + after[:NEAR])
    return (watched or _MORE_TIME.match(after) or _BEFORE_TIME.search(before)) is not None


def another_release(before: str, after: str) -> bool:
    """Whether a date is one of a report, a paper or a list."""
    return _OTHER_RELEASE.search(fold(before).text[-NEAR:] + "|" + fold(after).text[:NEAR]) is not None


def part_of_it(row: Row) -> bool:
    """Whether evidence counts something else than the whole run of the system."""
    return _OF_A_PART.search(row.get("counts", "")) is not None


def all_evidence(quantity: Quantity, knowledge: Knowledge) -> list[Row]:
    """All evidence on quantities of the figure's kind, whatever it counts."""
    return knowledge.evidence(quantity.system_id, EVIDENCE.get(quantity.kind, ()), quantity.unit.replace(".", " "))


def same_thing(quantity: Quantity, row: Row, before: str, after: str, context: str = "") -> bool:
    """Whether the sentence around the figure says of it what the evidence states: the same quantity, as a fact."""
    if row["quantity"] not in EVIDENCE.get(quantity.kind, ()) or part_of_it(row):
        return False
    if quantity.kind == "chip_count" and quantity.high <= A_SERVER < float(row["value"]):
        return False
    left, right = _IN_CONTRAST.sub("", fold(before).text), fold(after).text
    said = f"{left}{quantity.as_printed}{right}"
    if quantity.kind in _RUN_KINDS and (_SUPPOSED.search(said) or _COMPARED.search(left)):
        return False
    if _DIFFERENCE.search(left) or (quantity.kind == "layers" and _SORT_OF_LAYER.search(right[:NEAR])):
        return False
    if is_window(quantity, left, right):
        return False
    if quantity.kind == "date":
        if _OTHER_RELEASE.search(left[-NEAR:] + "|" + right[:NEAR]):
            return False
        return _RELEASED.search(left[-NEAR:] + "|" + right[:NEAR]) is not None and not _SPAN.match(right)
    tests = _TESTS.get(row["quantity"])
    if tests is _in_training and row["counts"].startswith(_SITE):
        return not _SUPPOSED.search(said)
    if quantity.kind in ("emissions", "energy"):
        return not _DEPLOYED.search(said)
    if tests is _in_training and not _TRAINING.search(said):
        trained = _TRAINING.search(fold(context).text) or _RAN.search(said)
        return trained is not None and not _DEPLOYED.search(said)
    if tests is _trained and quantity.unit in ("chip.s", "FLOP"):
        return not _DEPLOYED.search(said)
    if tests is _tokens_seen and not _TRAINING.search(said):
        return _DATA.search(said) is not None or _TRAINING.search(fold(context).text) is not None
    return tests is None or tests(said, row)


def _trained(said: str, row: Row) -> bool:
    return _TRAINING.search(said) is not None


def _in_training(said: str, row: Row) -> bool:
    return _trained(said, row)


def _tokens_seen(said: str, row: Row) -> bool:
    return _trained(said, row) and not re.search(r"语料库|(?<![A-Za-z])corpus(?![A-Za-z])", said, re.I)


def _corpus(said: str, row: Row) -> bool:
    return _CORPUS.search(said) is not None and not _RAW.search(said)


def _raw_corpus(said: str, row: Row) -> bool:
    return _CORPUS.search(said) is not None and _RAW.search(said) is not None


def _per_chip(said: str, row: Row) -> bool:
    return _EACH.search(said) is not None


def _all_chips(said: str, row: Row) -> bool:
    return _TOGETHER.search(said) is not None and not _EACH.search(said)


def _used(said: str, row: Row) -> bool:
    """Hardware FLOP against hardware FLOP, model FLOP against model FLOP."""
    counts = row.get("counts", "")
    hardware = _HARDWARE_FLOP.search(said) is not None
    return "mixed" not in counts and hardware == counts.startswith("hardware")


_TESTS = {
    "training_tokens": _tokens_seen, "corpus_tokens": _corpus, "corpus_words": _corpus, "corpus_bytes": _corpus,
    "raw_corpus_bytes": _raw_corpus, "training_flop": _trained, "chip_count": _in_training, "server_count": _in_training,
    "core_count": _in_training, "training_duration": _in_training, "chip_time": _trained, "energy": _in_training,
    "emissions": _in_training, "throughput_per_chip": _per_chip, "throughput": _all_chips, "utilisation": _used, "training_cost": _in_training,
}  # fmt: skip
