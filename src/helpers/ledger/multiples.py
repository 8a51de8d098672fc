"""Multiples and shares of two systems or accelerators: 3.8 times the parameters of GPT-3, half the power of an H100.

The sentence says of which quantity; what each has is evidence or its data sheet. A multiple that is right in one of its usual
senses holds; one that is far off in all of them contradicts, where the sentence leaves no choice of systems and quantity.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

from helpers.ledger.intervals import Interval
from helpers.ledger.knowledge import Knowledge
from helpers.ledger.matching import part_of_it
from helpers.ledger.relations import Node, over, ways_of_quotient
from helpers.ledger.slips import slip_of
from helpers.numbers import plain

NEAR = 1.05
VAGUE, A_LITTLE = 1.5, 1.15
FAR = 1.5  # a multiple that is further off in every sense is no rounding
MOST_ROWS = 3


@dataclass(frozen=True)
class Multiple:
    """Whether the figure holds, what it rests on, and why."""

    holds: bool
    ids: tuple[str, ...]
    why: str
    ratio: float = 1.0
    in_clause: bool = True  # whether the clause of the figure says of which quantity


_CLAUSE = re.compile(r"[,，、;；:：()（）]")
# A quantity of evidence, the column of a data sheet that answers to it, and the words by which a sentence says it.
_NOUNS = tuple(
    (quantity, field, re.compile(words, re.I))
    for quantity, field, words in (
        ("parameters", "", r"参数|參數|規模|规模|(?<![A-Za-z])(?:parameters?|size|larger?|big(?:ger)?|small(?:er)?)(?![A-Za-z])"),
        ("training_tokens", "", r"词元|詞元|语料|語料|token|训练数据|訓練資料|(?<![A-Za-z])data(?![A-Za-z])"),
        ("chip_time", "", r"卡时|卡時|(?:GPU|[A-Z]\d{2,4}) ?小[时時]|(?:GPU|chip|[A-Z]\d{2,4})[- ]hours?|(?<![A-Za-z])budget"),
        ("training_flop", "", r"算力|计算量|計算量|运算量|運算量|FLOP|(?<![A-Za-z])comput(?:e|ing)(?![A-Za-z])"),
        ("chip_count", "", r"[张張块塊颗顆]|GPUs?(?! ?hour)|(?<![A-Za-z])(?:chips?|cards?)(?![- ]?hour)"),
        ("energy", "", r"能耗|耗电|耗電|用电|用電|电力|電力|energy|electricity"),
        ("emissions", "", r"排放|碳|emi(?:ssion|tt)|carbon|CO2|tonnes"),
        ("training_cost", "", r"成本|费用|費用|花费|花費|造价|造價|(?<![A-Za-z])(?:costs?|expensive|cheap\w*|price|money|bill)(?![A-Za-z])"),
        ("", "peak_fp16_flop_per_s", r"FLOP|算力|峰值|BF16|FP16|(?<![A-Za-z])(?:peak|compute|arithmetic|faster)(?![A-Za-z])"),
        ("", "memory_byte", r"显存|顯存|内存|記憶體|记忆体|容量|HBM|memory|GB"),
        ("", "memory_bandwidth_byte_per_s", r"带宽|頻寬|bandwidth|TB/s"),
        ("", "tdp_w", r"功耗|瓦|power|watts?|draws|(?<=\d) ?W(?![A-Za-z])"),
    )
)  # fmt: skip


def multiple_of(target: Node, others: Sequence[str], named: Sequence[str], knowledge: Knowledge) -> Multiple | None:
    """A multiple against its two systems; `others` may be what it is of, `named` are those of the sentence itself.

    Contradicts only if the sentence names one other system and says one quantity.
    """
    found = [(other, m) for other in others for m in _tried(target, other, knowledge)]
    one = len({m.why.partition(" of the two")[0] for _, m in found}) == 1
    held = next((m for _, m in found if m.holds and (m.in_clause or one)), None)
    if held is not None:
        return held
    off = [m for other, m in found if [other] == list(named) and m.in_clause]
    same = {m.why.partition(" of the two")[0] for m in off}
    return off[0] if len(same) == 1 and (all(m.ratio > FAR for m in off)) else None


def _tried(target: Node, other: str, knowledge: Knowledge) -> list[Multiple]:
    tried = []
    for quantity, field, words in _NOUNS:
        if not words.search(target.said):
            continue
        clause = next((c for c in _CLAUSE.split(target.said) if target.printed in c), "")
        mine, its = (_values(system, quantity, field, knowledge) for system in (target.system_id, other))
        for (a, first), (b, second) in product(mine, its):
            multiple = _held(target, a, b, (first, second), (quantity or field).replace("_", " "))
            tried.append(replace(multiple, in_clause=words.search(clause) is not None))
    return tried


def _values(system: str, quantity: str, field: str, knowledge: Knowledge) -> list[tuple[Interval, str]]:
    """What a system has of a quantity, strongest first, or an accelerator by its sheets, with the row that says so."""
    if field:
        sheets = [row for row in knowledge.chips(system) if row.get(field)]
        return [(Interval(float(row[field]), float(row[field])), row["accelerator_id"]) for row in sheets]
    rows = [row for row in knowledge.numbers(system) if row["quantity"] == quantity and not part_of_it(row)]
    strongest = sorted(rows, key=lambda row: knowledge.estimate(row).strength, reverse=True)[:MOST_ROWS]
    return [(knowledge.estimate(row).interval, row["evidence_id"]) for row in strongest]


def _held(target: Node, a: Interval, b: Interval, ids: tuple[str, str], name: str) -> Multiple:
    up, down = over(a, b), over(b, a)
    large, small = (up, down) if up.middle >= down.middle else (down, up)
    ways = ways_of_quotient(target, large, small)
    why = f"{name} of the two, {plain(up.middle)} to 1"
    low, high = target.interval.low, target.interval.high
    if high > VAGUE * low:  # more than, or less than: what lies a little beyond
        low, high = (low, low * A_LITTLE) if low > 0 else (high / A_LITTLE, high)
    if any(Interval(low, high).overlaps(Interval(way.low / NEAR, way.high * NEAR)) for way in ways):
        return Multiple(True, ids, why)
    gaps = [target.interval.gap_ratio(way) for way in ways if way.low > 0]
    off = min((max(gap, 1 / gap) for gap in gaps if gap > 0), default=1.0)
    slipped = any(slip_of(target.interval, way) for way in ways[:1])
    return Multiple(False, ids, why + (" (a power of ten off)" if slipped else ""), off)
