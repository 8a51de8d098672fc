"""The noun that a figure counts: straight after it (1750亿参数, 512 A100 GPUs), tied to it or nearest before it."""

import re
from collections import deque
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from helpers.reader.parsing import Parsed
from helpers.reader.units import CHIP_NAMES
from helpers.reader.vocabulary import filled, phrase
from helpers.rows import read_rows


@dataclass(frozen=True)
class Around:
    """What stands around a figure in folded text: its clause and sentence before it, and its clause (beyond: its sentence) after it."""

    clause_before: str
    sentence_before: str
    after: str
    sentence: str
    context: str = ""
    beyond: str = ""


@dataclass(frozen=True)
class Kind:
    """Kind of quantity and base unit; `factor` turns the value into the unit where the unit alone did not.

    `least` and `most` are what a noun that stands apart from its figure can count.
    """

    name: str
    unit: str
    factor: Decimal = Decimal(1)
    least: Decimal = Decimal(0)
    most: Decimal = Decimal("1e30")


KINDS = {
    row["id"]: Kind(row["name"], row["unit"], *(Decimal(row[part]) for part in ("factor", "least", "most")))
    for row in read_rows(Path(__file__).with_name("kinds.csv"), ("id", "name", "unit", "factor", "least", "most"))
}
CHIP = rf"(?:{CHIP_NAMES}|[Gg]raphics (?:cards?|processors?)|accelerators?|AI ?芯片|加速器|计算卡|算力卡|图形处理器|张量核心图形|处理器芯片|(?:super)?chips?|processors?(?! cores?)|昇腾|Ascend|Blackwell|Hopper|(?<![A-Za-z])cards?|晶圆|GPGPU)"
_OF_ITS = re.compile(r" of(?: (?:its|the|their|these|those|his|our|[A-Z][A-Za-z]+'s))?(?= )")
_FILL = r"[ -]?(?:多|余|[+]|左右|以上|的|个|级别?|量级|规模|张|块|颗|枚|片|台|万?套)*[ ]?"


def _nouns(side: str) -> tuple[tuple[str, Kind], ...]:
    """Nouns of nouns.csv on one side of a figure, in its order: the first that matches wins."""
    rows = read_rows(Path(__file__).with_name("nouns.csv"), ("side", "kind", "noun"))
    return tuple((filled(row["noun"], CHIP=CHIP), KINDS[row["kind"]]) for row in rows if row["side"] == side)


_NOUN_AFTER = tuple((re.compile(_FILL + f"(?:{pattern})"), kind) for pattern, kind in _nouns("after"))
_STOP_WORDS = phrase("nouns stop_words")
_BEFORE = _nouns("before")
_NOUN_BEFORE = re.compile("|".join(f"(?P<k{i}>{pattern})" for i, (pattern, _) in enumerate(_BEFORE)))
ACTIVE_BEFORE = re.compile(r"(?:激活|活跃|启用|fires? only|activat\w*|active|only uses?|uses only).{0,10}$", re.I)
ACTIVE_AFTER = phrase("nouns active_after")
_CLAUSE_ONLY = (KINDS["chips"], KINDS["servers"], KINDS["money"])
_LINK = r"(?:总?数|量|规模|大小)?(?:的)?(?:[,:，]|已经?|只|就|也|更是|仅|约|大约|近|将近|接近|共|总共|合计|高达|达到了?|达|为|是|有|超过了?|超|增至|增长到|提升到|提升至|扩展到|扩大到|跃升至|升至|降至|从|由|按|至少|不到|of|is|was|to|reach\w*| )*$"
_NOUN_LINKED = tuple(
    (re.compile(f"(?:{pattern}){_LINK}"), kind) for pattern, kind in _BEFORE if kind is not KINDS["chips"]
)
VERBAL = phrase("nouns verbal")


def kind_after(after: str, around: Around, few: bool = False) -> Kind | None:
    """The kind of the noun that begins the text after the figure; `few` things are no parameters (两个参数版本)."""
    after = _OF_ITS.sub("", after, count=1) if after.startswith(" of ") else after
    for pattern, kind in _NOUN_AFTER:
        found = pattern.match(after)
        if found and kind in (KINDS["parameters"], KINDS["active"], KINDS["compute"]) and few:
            continue
        if found and (kind is KINDS["throughput"] or not _STOP_WORDS.search(found.group())):
            return refined(kind, around)
    return None


def kind_beside(around: Around) -> Kind | None:
    """The kind of a noun that a verb ties to the figure behind it (层级只有12, 参数规模达到1750亿)."""
    for pattern, kind in _NOUN_LINKED:
        if pattern.search(around.clause_before[-30:]):
            return kind
    return None


def kind_before(around: Around) -> Kind | None:
    """The kind of the noun that stands nearest before the figure, in its clause or else in its sentence."""
    in_clause = _last_noun(around.clause_before)
    if in_clause:
        return in_clause
    in_sentence = _last_noun(around.sentence_before)
    return None if in_sentence in _CLAUSE_ONLY else in_sentence


def _last_noun(text: str) -> Kind | None:
    last = next(iter(deque(_NOUN_BEFORE.finditer(text), maxlen=1)), None)
    return _BEFORE[int(str(last.lastgroup)[1:])][1] if last else None


def plausible(kind: Kind, parsed: Parsed) -> bool:
    """Whether a noun before the figure can have that many; a sentence's other noun must not lend its kind."""
    return kind.least <= parsed.number.value < kind.most


def refined(kind: Kind, around: Around) -> Kind:
    """Bytes written 45T数据, context lengths written as tokens, active parameters, tokens of a context."""
    near = around.clause_before[-16:]
    if kind is KINDS["tokens"] and phrase("nouns of_context").search(near + around.after[:14]):
        return KINDS["context"]
    if kind is KINDS["words"] and phrase("nouns context_after").match(around.after):
        return KINDS["context_words"]
    if kind is KINDS["parameters"] and (ACTIVE_BEFORE.search(near) or ACTIVE_AFTER.match(around.after)):
        return KINDS["active"]
    return kind


def counted(parsed: Parsed, around: Around, classifier: str) -> Kind | None:
    """A plain count, where a classifier or a known noun straight after says that something is counted."""
    if classifier or phrase("nouns han_noun").match(around.after) or phrase("nouns han_group").match(around.after):
        return KINDS["count"]
    if parsed.number.style == "english" or around.after[:1] in (" ", "-"):
        after = _OF_ITS.sub("", around.after, count=1) if around.after.startswith(" of ") else around.after
        after = after.removeprefix(" of") if parsed.number.bound == "range" else after
        found = phrase("nouns english_noun").match(after)
        if found and not _STOP_WORDS.search(found.group()) and not phrase("nouns no_noun").search(found.group()):
            return KINDS["count"]
    return None


def strange_unit(parsed: Parsed, around: Around) -> bool:
    """Whether a bare number stands before a word that may be a unit nobody here knows: then it is not read."""
    head = around.after.lstrip("多余")[:1]
    return (
        parsed.printed.style == "arabic"
        and not parsed.unit
        and parsed.printed.scale == 1
        and "\u4e00" <= head <= "\u9fff"
        and not VERBAL.match(around.after.lstrip("多余"))
    )
