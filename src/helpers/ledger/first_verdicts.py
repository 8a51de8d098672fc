"""First verdicts on the figures of an article: by evidence, by data sheets, by the article's own arithmetic, in this order.

A failing grade needs evidence, a bound of physics or two relations that single the figure out; figures that only do not fit each
other contradict, which accuses nobody. Rank 1: the sentence names the subject; rank 2: it is taken from a sentence before or from
the title, or the verdict is worked out from other figures.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from helpers.ledger.agreement import agreeing, of_a_relative, slipped
from helpers.ledger.claimed import around, claimed_interval
from helpers.ledger.data_sheets import against_data_sheet
from helpers.ledger.evidence import strength
from helpers.ledger.intervals import Interval
from helpers.ledger.knowledge import Knowledge, Row
from helpers.ledger.matching import RANKS, all_evidence, evidence_on
from helpers.ledger.relations import Node, Relation, readings_of, relations
from helpers.ledger.verdicts import FAR, Estimate, Finding, Flaw, Grade, Strength, Verdict, judge
from helpers.ledger.worked_out import chips_of, from_evidence, multiple_of, plausible_cost
from helpers.numbers import plain
from helpers.reader import Quantity, Reading

CONTRADICTS = "contradicts"
HOLDS = (Grade.ACCURATE, Grade.CLOSE)
FAILS = (Grade.INACCURATE, Grade.WRONG, Grade.MISLEADING, Grade.UNSUPPORTED)
_BARE = re.compile(
    r"[准近约超]?[十百千万亿兆萬億零数數几幾]+[级級]?[个個卡张張块塊颗顆]?|(?:tens|dozens|hundreds|thousands|millions|billions|trillions)\b.*",
    re.I,
)
_BREAK = re.compile(r"(?:[!?！？;；\n]|(?<!\d)。|。(?!\d)|\.(?=\s))+\s*")
# the article itself calls the figure an estimate: then one that agrees with the estimate is right
_ESTIMATED = re.compile(
    r"估|推算|測算|测算|(?<![A-Za-z])(?:estimat\w*|put (?:it|the|its)|calculat\w*|analys\w+|according to|Epoch|AI Index)",
    re.I,
)
CLEARLY = 4.0  # beyond the slack of a relation: a slip, not another way of counting
NEARLY = 0.5  # up to 100 is no approval of 20
SLIP = 8.0  # from here on a power of ten between a figure and mere estimates is a slip
CONTEXT, SHORT = 400, 80  # characters around a figure that may say that a training run is spoken of


@dataclass(frozen=True)
class FirstVerdict:
    """A verdict, its rank, the evidence that decided it (none where the article's own figures did), and why."""

    verdict: Verdict
    decided_by: Row | None
    evidence_ids: tuple[str, ...]
    rank: int = 1
    why: str = ""
    contradicts: bool = False

    @property
    def grade(self) -> str:
        """A grade of the published scale, or `contradicts`."""
        return CONTRADICTS if self.contradicts else self.verdict.grade.value

    @property
    def holds(self) -> bool:
        """Whether the figure stands by evidence."""
        return not self.contradicts and self.verdict.grade in HOLDS

    @property
    def fails(self) -> bool:
        """Whether it accuses the figure."""
        return not self.contradicts and self.verdict.grade in FAILS


def first_verdicts(text: str, reading: Reading, knowledge: Knowledge) -> list[FirstVerdict | None]:
    """The first verdict on each figure of a text, None where nothing decides; linear in its length."""
    figures = reading.quantities
    said = [around(text, q.char_start, q.char_end) for q in figures]
    context = [text[max(0, q.char_start - CONTEXT) : q.char_end + SHORT] for q in figures]
    verdicts = [
        _by_evidence(q, *s, c, knowledge) or _by_sheet(q, *s, knowledge) or _by_agreement(q, *s, c, knowledge)
        for q, s, c in zip(figures, said, context, strict=True)
    ]
    verdicts = [_cautious(q, s, v, reading, knowledge) for q, s, v in zip(figures, said, verdicts, strict=True)]
    nodes = _nodes(text, figures, said)
    for node in nodes:
        if (known := verdicts[node.index]) is None or (known.verdict.grade is Grade.UNSURE and not known.contradicts):
            q, (before, after) = figures[node.index], said[node.index]
            sentence = (q.char_start - len(before), q.char_end + len(after))
            found = _worked_out(node, q, sentence, reading, knowledge)
            if known is None or (found and found.holds):
                verdicts[node.index] = _cautious(q, (before, after), found, reading, knowledge)
    return _with_relations(nodes, relations(nodes, _peaks(reading, knowledge)), verdicts, knowledge)


def _by_evidence(q: Quantity, before: str, after: str, context: str, knowledge: Knowledge) -> FirstVerdict | None:
    claimed = claimed_interval(q)
    rank = RANKS.get(q.how)
    if claimed is None or rank is None or _BARE.fullmatch(q.as_printed):
        return None
    rows = evidence_on(q, before, after, context, knowledge)
    first = weighed(
        q,
        claimed,
        [(row, knowledge.estimate(row)) for row in rows],
        rank,
        _ESTIMATED.search(before + after) is not None,
    )
    if first is not None and first.holds and q.bound == "at_most" and q.unit != "date":
        near = Interval(NEARLY * claimed.high, claimed.high)
        return first if any(near.overlaps(knowledge.estimate(row).interval) for row in rows) else None
    if first is not None and q.unit == "date" and first.verdict.grade is Grade.INACCURATE:
        return None  # a model has several dates: paper, announcement, weights
    if first is None or not first.fails:
        return first
    others = [row for row in all_evidence(q, knowledge) if claimed.overlaps(knowledge.estimate(row).interval)]
    if not others:
        return first
    why = f"agrees with another count of it: {others[0]['counts'] or others[0]['quantity']}"
    return FirstVerdict(Verdict(Grade.UNSURE), others[0], tuple(row["evidence_id"] for row in others), rank, why)


def weighed(
    q: Quantity, claimed: Interval, known: Sequence[tuple[Row, Estimate]], rank: int = 1, attributed: bool = False
) -> FirstVerdict | None:
    """The figure against the strongest evidence; estimates and leaks approve nothing and accuse nobody."""
    if not known:
        return None
    is_date = q.unit == "date"
    strongest = max(estimate.strength for _, estimate in known)

    def held_against(estimates: Sequence[Estimate], least: Strength) -> Verdict:
        return judge("restates", claimed, Finding(tuple(estimates), strength=least), is_date=is_date)

    if strongest <= Strength.WEAK:
        return _agrees_with_estimate(claimed, known, is_date, attributed)
    best = [(row, estimate) for row, estimate in known if estimate.strength == strongest]
    verdict = held_against([estimate for _, estimate in best], strongest)
    fair = [estimate for _, estimate in known if estimate.strength >= Strength.FAIR]
    if verdict.grade in FAILS and any(claimed.overlaps(estimate.interval) for estimate in fair):
        verdict, best = Verdict(Grade.ACCURATE, ratio=1.0), [(r, e) for r, e in known if claimed.overlaps(e.interval)]
    decided_by = next(row for row, e in best if held_against([e], e.strength).grade is verdict.grade)
    return FirstVerdict(verdict, decided_by, tuple(row["evidence_id"] for row, _ in best), rank)


def _agrees_with_estimate(
    claimed: Interval, known: Sequence[tuple[Row, Estimate]], is_date: bool, attributed: bool
) -> FirstVerdict | None:
    """Only estimates, leaks or hearsay: unsure, and whom the figure agrees with; nothing where it agrees with none."""
    rows = [
        row
        for row, e in known
        if judge("restates", claimed, Finding((replace(e, strength=Strength.FAIR),)), is_date=is_date).grade in HOLDS
    ]
    if not rows:
        return _slipped(claimed, known, is_date)
    row = rows[0]
    standings = ("primary", "secondary", "estimate") if attributed else ("primary", "secondary")
    reported = [r for r in rows if r["standing"] in standings and strength(r) > Strength.HINT]
    if reported:
        return FirstVerdict(
            Verdict(Grade.ACCURATE, ratio=1.0), reported[0], tuple(r["evidence_id"] for r in reported), 2
        )
    leak = row["standing"] == "leak"
    source = row.get("source_id", "")
    why = (
        f"agrees with the leak of {source}; the maker publishes nothing"
        if leak
        else f"agrees with the estimate of {source}"
    )
    return FirstVerdict(Verdict(Grade.UNSURE), row, tuple(r["evidence_id"] for r in rows), 1, why)


def _slipped(claimed: Interval, known: Sequence[tuple[Row, Estimate]], is_date: bool) -> FirstVerdict | None:
    """A figure that is off by a power of ten or a unit from all estimates is a slip; other differences accuse nobody."""
    estimates = [(row, replace(e, strength=Strength.FAIR)) for row, e in known if row["standing"] != "leak"]
    if not estimates or is_date:
        return None
    verdict = judge("restates", claimed, Finding(tuple(e for _, e in estimates)))
    if verdict.problem is not Flaw.UNIT or not (verdict.ratio >= SLIP or verdict.ratio <= 1 / SLIP):
        return None
    row = estimates[0][0]
    return FirstVerdict(
        verdict, row, tuple(r["evidence_id"] for r, _ in estimates), 2, "a slip of a power of ten or a unit"
    )


def _worked_out(
    node: Node, q: Quantity, said: tuple[int, int], reading: Reading, knowledge: Knowledge
) -> FirstVerdict | None:
    """What follows from evidence by formula, by two systems' figures or by rent; never of first rank."""
    if q.how not in RANKS or q.system_id not in knowledge.names:
        return None
    found = None
    if q.kind in ("ratio", "percent"):
        others = {
            n.system_id for n in reading.names if n.known and n.sort == "system" and said[0] <= n.char_start < said[1]
        }
        others -= {q.system_id}
        found = multiple_of(node, next(iter(others)), node.said, knowledge) if len(others) == 1 else None
    elif q.kind == "money":
        chips = chips_of(q.system_id, knowledge, [n.system_id for n in reading.names if n.sort == "hardware"])
        found = plausible_cost(q, node.interval, node.said, chips, knowledge)
    else:
        found = from_evidence(node, knowledge)
    if found is None:
        return None
    verdict, ids, why = found
    return FirstVerdict(verdict, None, ids, 2, why)


def _cautious(
    q: Quantity, said: tuple[str, str], first: FirstVerdict | None, reading: Reading, knowledge: Knowledge
) -> FirstVerdict | None:
    """A failing grade only where the sentence names its owner and no other; else the figure contradicts what is on file.

    A figure that is another member's is the more likely misread: it contradicts too, and is not close to its own.
    """
    if first is None or first.contradicts or not (first.fails or first.verdict.grade is Grade.CLOSE):
        return first
    claimed = claimed_interval(q)
    if first.fails and q.system_id in knowledge.sites:
        return replace(first, verdict=Verdict(Grade.UNSURE), why="sites grow: of another date or phase")
    others = of_a_relative(q, claimed, knowledge) if claimed and q.unit != "date" else []
    if others:
        ids = (*first.evidence_ids, *(row["evidence_id"] for row in others))
        why = f"is the figure of {knowledge.titles[others[0]['system_id']]}"
        return replace(first, evidence_ids=ids, why=why, rank=2, contradicts=True)
    start, end = (q.char_start - len(said[0]), q.char_end + len(said[1])) if q.how == "here" else (0, q.char_end)
    named = {n.system_id for n in reading.names if n.sort in ("system", "place") and start <= n.char_start < end}
    if first.fails and named - {q.system_id}:
        return replace(first, rank=2, contradicts=True, why=first.why or "does not fit what is on file")
    return first


def _by_agreement(q: Quantity, before: str, after: str, context: str, knowledge: Knowledge) -> FirstVerdict | None:
    """What the figure agrees with, where nothing judges it: of second rank."""
    claimed = claimed_interval(q)
    if q.how not in RANKS or _BARE.fullmatch(q.as_printed):
        return None
    rows = agreeing(q, claimed, before, after, context, knowledge)
    if not rows and claimed and (rows := slipped(q, claimed, before, after, knowledge)):
        ids, ratio = tuple(row["evidence_id"] for row in rows), claimed.gap_ratio(knowledge.estimate(rows[0]).interval)
        why = "differs from what is on file by a power of ten"
        return FirstVerdict(Verdict(Grade.UNSURE, Flaw.UNIT, ratio), rows[0], ids, 2, why, contradicts=True)
    if not rows:
        return None
    counts = rows[0]["counts"] or rows[0]["quantity"]
    why = f"agrees with what is on file: {counts}"
    leaked = any("leak" in row["standing"] or "leak" in row["counts"] for row in rows[:1])
    verdict = Verdict(Grade.UNSURE) if leaked else Verdict(Grade.ACCURATE, ratio=1.0)
    return FirstVerdict(verdict, rows[0], tuple(row["evidence_id"] for row in rows), 2, why)


def _by_sheet(q: Quantity, before: str, after: str, knowledge: Knowledge) -> FirstVerdict | None:
    """A fact of one accelerator against its data sheet."""
    claimed = claimed_interval(q)
    if claimed is not None and q.bound == "at_most":
        claimed = Interval(NEARLY * claimed.high, claimed.high)
    if claimed is None or q.how not in RANKS or (q.per not in ("", "chip") and q.kind != "throughput"):
        return None
    found = against_data_sheet(q, claimed, before + q.as_printed + after, knowledge)
    if found is None:
        return None
    verdict, ids, why = found
    return FirstVerdict(verdict, None, ids, RANKS[q.how], why)


def _nodes(text: str, figures: Sequence[Quantity], said: Sequence[tuple[str, str]]) -> list[Node]:
    """The figures as the relations see them; dates, ranks and bare magnitudes are left out."""
    breaks = [m.end() for m in _BREAK.finditer(text)]
    lines = [i for i, char in enumerate(text) if char == "\n"]
    nodes = []
    for i, q in enumerate(figures):
        claimed = claimed_interval(q) if q.unit not in ("date", "rank") else None
        if claimed is None or claimed.low <= 0 or _BARE.fullmatch(q.as_printed):
            continue
        readings, divisor = readings_of(q.unit, q.per)
        sentence, paragraph = bisect_right(breaks, q.char_start), bisect_right(lines, q.char_start)
        where = "".join(said[i])
        nodes.append(
            Node(i, q.kind, q.unit, claimed.scaled(1 / divisor), readings, q.system_id, q.char_start, sentence, paragraph, q.as_printed, q.per, where)
        )  # fmt: skip
    return nodes


def _peaks(reading: Reading, knowledge: Knowledge) -> dict[str, float]:
    """The peak rate of the only kind of accelerator that a text names."""
    chips = {name.system_id for name in reading.names if name.sort == "hardware"}
    rates = {
        float(row["peak_fp16_flop_per_s"])
        for chip in chips
        for row in knowledge.chips(chip)
        if row["peak_fp16_flop_per_s"]
    }
    return {"": max(rates)} if rates and max(rates) <= 1.05 * min(rates) else {}


def _with_relations(
    nodes: Sequence[Node], found: Sequence[Relation], verdicts: list[FirstVerdict | None], knowledge: Knowledge
) -> list[FirstVerdict | None]:
    """Verdicts of evidence first; then what relations single out, confirm or leave as a contradiction."""
    failing = [r for r in found if not r.holds]
    failures = Counter(i for r in failing for i in r.figures)
    held = {i for r in found if r.holds for i in r.figures}
    result = list(verdicts)
    for relation in failing:
        if any((v := verdicts[i]) and v.fails for i in relation.figures):
            continue  # the culprit is known
        loose = [i for i in relation.figures if i not in held] or list(relation.figures[:1])
        for i in loose:
            known = result[i]
            if known is None or known.verdict.grade is Grade.UNSURE:
                result[i] = _from_failing(i, relation, failures, held, verdicts)
    for relation in found:
        target = relation.figures[0]
        rest = [verdicts[i] for i in relation.figures[1:]]
        sound = all(v and v.holds for v in rest) and relation.name != "FLOP"
        plain_sum = relation.name in (
            "ratio",
            "sum",
            "money",
            "chip_time",
            "energy",
            "6ND",
            "chip_count",
            "rate",
        ) and not any((v := result[i]) and (v.fails or v.contradicts) for i in relation.figures)
        first = result[target]
        vague = first is None or (first.verdict.grade is Grade.UNSURE and first.rank == 2 and not first.contradicts)
        if relation.holds and vague and (sound or plain_sum):
            why = f"follows from the article's own figures: {relation.chain}"
            result[target] = FirstVerdict(Verdict(Grade.ACCURATE, ratio=1.0), None, _ids(rest), 2, why)
    return result


def _from_failing(
    i: int, relation: Relation, failures: Counter[int], held: set[int], verdicts: Sequence[FirstVerdict | None]
) -> FirstVerdict | None:
    """What a relation that fails makes of one of its figures."""
    others = [j for j in relation.figures if j != i]
    why = f"does not fit the article's own figures: {relation.chain}"
    by_evidence = all((v := verdicts[j]) and v.holds for j in others)
    twice = failures[i] >= 2 and all(j in held for j in others) and i not in held
    far = max(relation.ratio, 1 / relation.ratio) if relation.ratio > 0 else FAR
    if (by_evidence or twice) and relation.name != "ratio" and far >= CLEARLY:
        grade = Grade.WRONG if far >= FAR else Grade.INACCURATE
        ratio = relation.ratio if i == relation.figures[0] else 1 / relation.ratio if relation.ratio else 0.0
        return FirstVerdict(Verdict(grade, Flaw.VALUE, ratio), None, _ids([verdicts[j] for j in others]), 2, why)
    off = (
        f" (off by {plain(max(relation.ratio, 1 / relation.ratio))} times)" if 0 < relation.ratio < float("inf") else ""
    )
    return FirstVerdict(Verdict(Grade.UNSURE, ratio=relation.ratio), None, (), 2, why + off, contradicts=True)


def _ids(verdicts: Sequence[FirstVerdict | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(i for v in verdicts if v for i in v.evidence_ids))
