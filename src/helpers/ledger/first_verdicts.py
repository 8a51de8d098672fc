"""First verdicts on the figures of an article: by evidence, by data sheets, by the article's own arithmetic, in this order.

A failing grade needs evidence, a bound of physics or two relations that single the figure out; figures that only do not fit each
other contradict, which accuses nobody. Rank 1: the sentence names the subject; rank 2: it is taken from a sentence before or from
the title, or the verdict is worked out from other figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from helpers.ledger.agreement import agreeing, of_a_relative, slipped
from helpers.ledger.claimed import around, claimed_interval
from helpers.ledger.data_sheets import against_data_sheet
from helpers.ledger.evidence import strength
from helpers.ledger.graded import FAILS, HOLDS, FirstVerdict
from helpers.ledger.intervals import Interval
from helpers.ledger.knowledge import Knowledge, Row
from helpers.ledger.matching import RANKS, all_evidence, evidence_on, is_bare
from helpers.ledger.multiples import multiple_of
from helpers.ledger.nodes import Node
from helpers.ledger.own_figures import nodes_of, on_file, peaks_of, with_relations
from helpers.ledger.relations import relations
from helpers.ledger.rents import price_verdict
from helpers.ledger.verdicts import Estimate, Finding, Flaw, Grade, Strength, Verdict, judge
from helpers.ledger.worked_out import chips_of, plausible_cost
from helpers.reader import Quantity, Reading
from helpers.reader.vocabulary import said

NEARLY = 0.5  # up to 100 is no approval of 20
_SPENT = {"chip_count", "server_count", "core_count", "duration", "money", "energy", "emissions", "utilisation"}
MOST_OTHERS = 3  # systems that a multiple may be of
CONTEXT, SHORT = 400, 80  # characters around a figure that may say that a training run is spoken of


def first_verdicts(text: str, reading: Reading, knowledge: Knowledge) -> list[FirstVerdict | None]:
    """The first verdict on each figure of a text, None where nothing decides; linear in its length."""
    figures = reading.quantities
    sides = [around(text, q.char_start, q.char_end) for q in figures]
    context = [text[max(0, q.char_start - CONTEXT) : q.char_end + SHORT] for q in figures]
    verdicts = [
        _by_evidence(q, *s, c, knowledge)
        or _by_sheet(q, *s, knowledge)
        or _by_price(q, *s, reading, knowledge)
        or _by_agreement(q, *s, c, knowledge)
        for q, s, c in zip(figures, sides, context, strict=True)
    ]
    verdicts = [_cautious(q, s, v, reading, knowledge) for q, s, v in zip(figures, sides, verdicts, strict=True)]
    nodes = nodes_of(text, figures, sides)
    for node in nodes:
        i = node.index
        verdicts[i] = _completed(node, verdicts[i], figures[i], sides[i], reading, knowledge)
    sure = [node for node in nodes if figures[node.index].how in RANKS]
    beyond, stated = on_file(sure, len(figures), knowledge)
    found = relations([*nodes, *beyond], peaks_of(reading, knowledge))
    return with_relations(found, [*verdicts, *stated])[: len(figures)]


def _completed(
    node: Node, first: FirstVerdict | None, q: Quantity, sides: tuple[str, str], reading: Reading, knowledge: Knowledge
) -> FirstVerdict | None:
    """What follows by formula where nothing is decided; over a mere estimate only if it holds."""
    if first is not None and (first.verdict.grade is not Grade.UNSURE or first.contradicts):
        return first
    sentence = (q.char_start - len(sides[0]), q.char_end + len(sides[1]))
    found = _cautious(q, sides, _worked_out(node, q, sentence, reading, knowledge), reading, knowledge)
    return found if first is None or (found and found.holds) else first


def _by_evidence(q: Quantity, before: str, after: str, context: str, knowledge: Knowledge) -> FirstVerdict | None:
    claimed = claimed_interval(q)
    rank = RANKS.get(q.how)
    if claimed is None or rank is None or is_bare(q):
        return None
    rows = evidence_on(q, before, after, context, knowledge)
    # the article itself calls the figure an estimate: then one that agrees with the estimate is right
    attributed = said("estimated").search(before + after) is not None
    first = weighed(q, claimed, [(row, knowledge.estimate(row)) for row in rows], rank, attributed)
    if first is not None and first.holds and q.bound == "at_most" and q.unit != "date":
        near = Interval(NEARLY * claimed.high, claimed.high)
        return first if any(near.overlaps(knowledge.estimate(row).interval) for row in rows) else None
    if first is not None and q.unit == "date" and first.verdict.grade is Grade.INACCURATE:
        return None  # a model has several dates: paper, announcement, weights
    if first is None or not first.fails:
        return first
    others = [row for row in all_evidence(q, knowledge) if claimed.overlaps(knowledge.estimate(row).interval)]
    if not others or (agreed := agreeing(q, claimed, before, after, "", knowledge)):
        return _agreed(agreed) if others else first
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
        return None
    row = rows[0]
    standings = ("primary", "secondary", "estimate") if attributed else ("primary", "secondary")
    reported = [r for r in rows if r["standing"] in standings and strength(r) > Strength.HINT]
    if reported:
        ids = tuple(r["evidence_id"] for r in reported)
        return FirstVerdict(Verdict(Grade.ACCURATE, ratio=1.0), reported[0], ids, 2)
    why = f"agrees with the estimate of {row.get('source_id', '')}"
    if row["standing"] == "leak":
        why = f"agrees with the leak of {row.get('source_id', '')}; the maker publishes nothing"
    return FirstVerdict(Verdict(Grade.UNSURE), row, tuple(r["evidence_id"] for r in rows), 1, why)


def _worked_out(
    node: Node, q: Quantity, sentence: tuple[int, int], reading: Reading, knowledge: Knowledge
) -> FirstVerdict | None:
    """What follows from evidence by formula, by two systems' figures or by rent; never of first rank."""
    if q.kind in ("ratio", "percent"):
        return _by_multiple(node, sentence, reading, knowledge)
    if q.how not in RANKS or q.system_id not in knowledge.names:
        return None
    chips = chips_of(q.system_id, knowledge, [n.system_id for n in reading.names if n.sort == "hardware"])
    found = plausible_cost(q, node.interval, node.said, chips, knowledge)
    if found is None:
        return None
    verdict, ids, why = found
    return FirstVerdict(verdict, None, ids, 2, why)


def _cautious(
    q: Quantity, sides: tuple[str, str], first: FirstVerdict | None, reading: Reading, knowledge: Knowledge
) -> FirstVerdict | None:
    """A failing grade only where the sentence names its owner and no other; else the figure contradicts what is on file.

    What was spent depends on the stage that a sentence means, so it contradicts as well. A figure that is another member's is the more likely misread: it contradicts too, and is not close to its own.
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
    start, end = (q.char_start - len(sides[0]), q.char_end + len(sides[1])) if q.how == "here" else (0, q.char_end)
    named = {n.system_id for n in reading.names if n.sort in ("system", "place") and start <= n.char_start < end}
    if first.fails and (named - {q.system_id} or q.kind in _SPENT):
        return replace(first, rank=2, contradicts=True, why=first.why or "does not fit what is on file")
    return first


def _by_agreement(q: Quantity, before: str, after: str, context: str, knowledge: Knowledge) -> FirstVerdict | None:
    """What the figure agrees with, where nothing judges it: of second rank."""
    claimed = claimed_interval(q)
    if q.how not in RANKS or is_bare(q):
        return None
    rows = agreeing(q, claimed, before, after, context, knowledge)
    if not rows and claimed and (rows := slipped(q, claimed, before, after, knowledge)):
        ids, ratio = tuple(row["evidence_id"] for row in rows), claimed.gap_ratio(knowledge.estimate(rows[0]).interval)
        why = "differs from what is on file by a power of ten"
        return FirstVerdict(Verdict(Grade.UNSURE, Flaw.UNIT, ratio), rows[0], ids, 2, why, contradicts=True)
    return _agreed(rows) if rows else None


def _agreed(rows: Sequence[Row]) -> FirstVerdict:
    """What fair evidence or a leak says too."""
    counts = rows[0]["counts"] or rows[0]["quantity"]
    why = f"agrees with what is on file: {counts}"
    leaked = any("leak" in row["standing"] or "leak" in row["counts"] for row in rows[:1])
    verdict = Verdict(Grade.UNSURE) if leaked else Verdict(Grade.ACCURATE, ratio=1.0)
    return FirstVerdict(verdict, rows[0], tuple(row["evidence_id"] for row in rows), 2, why)


def _by_price(q: Quantity, before: str, after: str, reading: Reading, knowledge: Knowledge) -> FirstVerdict | None:
    """A rent or price of the accelerator that owns the figure, else of the only one of the sentence, else of the last named."""
    claimed = claimed_interval(q) if q.kind == "money" else None
    if claimed is None:
        return None
    chips = [n for n in reading.names if n.sort == "hardware"]
    start, end = q.char_start - len(before), q.char_end + len(after)
    inside = list(dict.fromkeys(n.system_id for n in chips if start <= n.char_start < end))
    earlier = [n.system_id for n in chips if n.char_start < start and q.system_id not in knowledge.names]
    of = [q.system_id] if knowledge.chips(q.system_id) else inside if len(inside) == 1 else earlier[-1:]
    return price_verdict(q, claimed, before + q.as_printed + after, before, of, knowledge)


def _by_multiple(node: Node, sentence: tuple[int, int], reading: Reading, knowledge: Knowledge) -> FirstVerdict | None:
    """A multiple of the owner and of another system of the sentence, or of one that stands a little before it."""
    start, end = sentence
    named = [n for n in reading.names if n.known and n.sort in ("system", "hardware")]
    near = [n for n in named if start - CONTEXT <= n.char_start < end]
    inside = list(dict.fromkeys(n.system_id for n in near if n.char_start >= start))
    owner = node.system_id or (inside[0] if len(inside) == 2 else "")
    others = list(dict.fromkeys(n.system_id for n in reversed(near) if n.system_id != owner))
    beside = [s for s in inside if s != owner]
    found = multiple_of(replace(node, system_id=owner), others[:MOST_OTHERS], beside or others[:1], knowledge)
    if found is None:
        return None
    verdict = Verdict(Grade.ACCURATE if found.holds else Grade.UNSURE, ratio=found.ratio)
    return FirstVerdict(verdict, None, found.ids, 2, found.why, contradicts=not found.holds)


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
