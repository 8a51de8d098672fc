"""Multiples and shares: what one may mean as a quotient of two figures, of those beside it in the article or of two on file.

The sentence says of which quantity a multiple of two systems is: 3.8 times the parameters of GPT-3, half the power of an H100. One
that is right in a usual sense holds; one that is far off in all of them contradicts, where the sentence leaves no choice of
systems and quantity.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, product
from typing import NamedTuple

from helpers.ledger.evidence import KIND_OF
from helpers.ledger.intervals import Interval, slip_of
from helpers.ledger.knowledge import Knowledge
from helpers.ledger.matching import part_of_it
from helpers.ledger.nodes import FRACTIONS, MONEY, SIZES, Node, Relation, held, over
from helpers.numbers import plain
from helpers.reader.vocabulary import patterns, phrase, said

ROUGHLY, ROUGHLY_SHARE = 1.2, 1.07
ADJACENT = 4  # characters beside a share that say less or more
MOST = 10  # figures beside a multiple
NEAR = 1.05  # of two on file
VAGUE, A_LITTLE = 1.5, 1.15
MOST_OFF = 5.0
FAR = 1.5  # a multiple that is further off in every sense is no rounding
TOO_FAR = 30.0  # and beyond this it is of other things
MOST_ROWS = 3
_UNITS = {"emissions": "kg", "energy": "J", "training_cost": "money"}  # of a quantity that words name without doubt
_OTHERS = FRACTIONS | {"date", "rank", "utilisation", "score"}
Value = tuple[Interval, str]  # and the row that says so, if any


class Multiple(NamedTuple):
    """Whether a multiple of two systems holds, what it rests on, and why."""

    holds: bool
    ids: tuple[str, ...]
    why: str
    of: str  # which quantity of the two
    in_clause: bool  # whether the clause of the figure says so
    ratio: float


def quotients(target: Node, sentences: Mapping[int, list[Node]]) -> Iterator[Relation]:
    """A multiple or share against the quotient of two figures of one kind beside it."""
    beside = sentences[target.sentence]
    if len(beside) < 3:
        beside = [n for i in range(target.sentence - 2, target.sentence + 2) for n in sentences.get(i, ())]
    left_out = _OTHERS - {"utilisation"} if target.kind == "ratio" else _OTHERS  # one rose to n times the other
    able = [n for n in beside if n.kind not in left_out and n.interval.low > 0][:MOST]
    found = list(_quotients(target, able))
    before = [way for way in found if way.spread == 0 and all(node.start < target.start for node in way.nodes[1:])]
    if not any(way.holds for way in found) and len(before) > 1:  # of several the two systems', and what was just said
        found = [max(before, key=lambda way: (_of_both(way), min(node.start for node in way.nodes[1:])))]
    yield from found


def _of_both(found: Relation) -> bool:
    """Whether a multiple is of its owner's figure and of another's."""
    target, above, below = found.nodes
    return above.system_id != below.system_id and target.system_id in (above.system_id, below.system_id)


def _quotients(target: Node, able: Sequence[Node]) -> Iterator[Relation]:
    """All quotients of two figures that a multiple or share may be."""
    for above, below in combinations(able, 2):
        alike = above.kind == below.kind or {above.kind, below.kind} == SIZES
        alike = alike and (above.unit, above.per) == (below.unit, below.per) and _said_of(target, above)
        if alike and (found := _quotient(target, above, below)):
            same = [n for n in able if (n.kind, n.unit, n.per) == (above.kind, above.unit, above.per)]
            yield replace(found, may_fail=_compares(found, only=len(same) == 2))


def _clause(target: Node) -> str:
    """The clause in which a multiple stands."""
    return next((c for c in phrase("quotients clause_end").split(target.said) if target.printed in c), "")


def _said_of(target: Node, above: Node) -> bool:
    """Whether a multiple may be of such figures: one of emissions, energy or cost is of no hours."""
    told = {unit for of, unit in _UNITS.items() if patterns("multiple")[of].search(_clause(target))}
    return not told or ("money" if above.unit in MONEY else above.unit) in told


def _quotient(target: Node, above: Node, below: Node) -> Relation | None:
    """The sense in which a multiple holds, else the first; none that holds only because a figure has one digit."""
    small, large = sorted((above, below), key=lambda n: n.interval.middle)
    if large.interval.middle == small.interval.middle:
        return None
    exact = large.interval.middle / small.interval.middle
    near = ROUGHLY if target.kind == "ratio" else ROUGHLY_SHARE
    ways = ways_of_quotient(target, over(large.interval, small.interval), over(small.interval, large.interval))
    tried = [held("ratio", target, (large, small), w, f"{large.printed} / {small.printed}") for w in ways]
    points = ways_of_quotient(target, Interval(exact, exact), Interval(1 / exact, 1 / exact))
    close = [p.middle and 1 / near <= target.interval.middle / p.middle <= near for p in points]
    best = [way for way, is_close in zip(tried, close, strict=True) if way.holds and is_close]
    return best[0] if best else None if any(way.holds for way in tried) else tried[0]


def _compares(found: Relation, *, only: bool) -> bool:
    """Whether a multiple or share is of these two: of one sentence or the only two of their kind, of one subject if in use."""
    target, above, below = found.nodes
    if {above.kind, below.kind} == SIZES:
        of_one = above.system_id == below.system_id == target.system_id != ""
        return of_one and said("active").search(target.said) is not None
    told = any(said(kind).search(target.said) for kind in ("less", "more", "share"))
    if phrase("quotients a_year").match(target.said.partition(target.printed)[2]):
        return False  # of a growth that goes on
    if target.kind == "percent" and not found.slipped and not 1 / MOST_OFF <= found.ratio <= MOST_OFF:
        return False  # a share of something else
    if target.kind == "percent":
        return only and ((found.spread <= 1 and told) or found.slipped)
    return target.kind == "ratio" and (found.spread == 0 or (only and (found.spread == 1 or found.slipped)))


def ways_of_quotient(target: Node, up: Interval, down: Interval) -> list[Interval]:
    """What a multiple or a share of two figures may mean: n times, n times more; a share, a saving, a rise."""
    less = Interval(max(0.0, 1 - down.high), max(0.0, 1 - down.low))
    more = Interval(max(0.0, up.low - 1), max(0.0, up.high - 1))
    before, _, after = target.said.partition(target.printed)
    beside = before[-ADJACENT:] + "|" + after[: 2 * ADJACENT]
    if target.kind == "ratio":
        return [up, more] if said("more").search(beside) else [up]
    changes = ((less, said("less")), (more, said("more")))
    # fell by 56%, 少了四成, 46% less: nothing else can be meant
    change = target.said if before.endswith(" by ") else beside
    meant = [way for way, words in changes if words.search(change)]
    return meant or [down, *(way for way, words in changes if words.search(target.said))]


def multiple_of(
    target: Node, others: Sequence[str], named: Sequence[str], nodes: Sequence[Node], knowledge: Knowledge
) -> Multiple | None:
    """A multiple against its two systems; `others` may be what it is of, `named` are those of the sentence itself.

    Contradicts only if the sentence names one other system and says one quantity.
    """
    found = [(o, m) for o in others for m in (*_tried(target, o, knowledge), *_just_said(target, o, nodes, knowledge))]
    one = len({m.of for _, m in found}) == 1
    holding = [m for _, m in found if m.holds and (m.in_clause or one)]
    if holding:  # figures that may be wrong themselves bear out nothing
        return next((m for m in holding if m.ids), None)
    off = [m for other, m in found if [other] == list(named) and m.in_clause]
    return off[0] if len({m.of for m in off}) == 1 and all(FAR < m.ratio <= TOO_FAR for m in off) else None


def _tried(target: Node, other: str, knowledge: Knowledge) -> Iterator[Multiple]:
    """Every quantity that the sentence says and both systems have."""
    clause = _clause(target)
    chip_hours = patterns("multiple")["chip_time"]
    for of, words in patterns("multiple").items():
        texts = (target.said, clause)
        sentence, part = (chip_hours.sub("", text) for text in texts) if of == "chip_count" else texts
        if words.search(sentence):
            for mine, its in product(*(_values(system, of, knowledge) for system in (target.system_id, other))):
                yield _of_two(target, mine, its, of, in_clause=words.search(part) is not None)


def _just_said(target: Node, other: str, nodes: Sequence[Node], knowledge: Knowledge) -> Iterator[Multiple]:
    """The figure just before a multiple against the same of the other system, as the article prints it, else as it is on file."""
    before = [n for n in nodes if n.start < target.start and n.sentence == target.sentence and n.kind not in _OTHERS]
    if target.kind != "ratio" or not before or before[-1].system_id not in ("", target.system_id):
        return
    mine = before[-1]
    alike = [n for n in nodes if n.system_id == other and (n.kind, n.unit, n.per) == (mine.kind, mine.unit, mine.per)]
    its = [(n.interval, "") for n in alike]
    if not its and not mine.per:
        rows = [r for r in knowledge.numbers(other) if r["unit"] == mine.unit and not part_of_it(r)]
        rows = [r for r in rows if KIND_OF.get(r["quantity"], mine.kind) == mine.kind]
        its = [(knowledge.estimate(r).interval, r["evidence_id"]) for r in rows]
    for value in its:
        yield _of_two(target, (mine.interval, ""), value, mine.kind, in_clause=True)


def _values(system: str, quantity: str, knowledge: Knowledge) -> list[Value]:
    """What an accelerator has by its sheets, or a system by evidence, strongest first, each with the row that says so."""
    sheets = [row for row in knowledge.chips(system) if row.get(quantity)]
    if sheets:
        return [(Interval(float(row[quantity]), float(row[quantity])), row["accelerator_id"]) for row in sheets]
    rows = [row for row in knowledge.numbers(system) if row["quantity"] == quantity and not part_of_it(row)]
    strongest = sorted(rows, key=lambda row: knowledge.estimate(row).strength, reverse=True)[:MOST_ROWS]
    return [(knowledge.estimate(row).interval, row["evidence_id"]) for row in strongest]


def _of_two(target: Node, mine: Value, its: Value, of: str, *, in_clause: bool) -> Multiple:
    """The multiple in its usual senses: n times the other's, or the other n times this one's."""
    up, ids = over(mine[0], its[0]), tuple(row for row in (mine[1], its[1]) if row)
    small, large = sorted((up, over(its[0], mine[0])), key=lambda way: way.middle)
    ways, claimed = ways_of_quotient(target, large, small), target.interval
    why = f"{of.replace('_', ' ')} of the two, {plain(up.middle)} to 1"
    low, high = claimed.low, claimed.high
    if high > VAGUE * low:  # more than, or less than: what lies a little beyond
        low, high = (low, low * A_LITTLE) if low > 0 else (high / A_LITTLE, high)
    holds = any(Interval(low, high).overlaps(Interval(way.low / NEAR, way.high * NEAR)) for way in ways)
    gaps = [claimed.gap_ratio(way) for way in ways if way.low > 0]
    off = 1.0 if holds else min((max(gap, 1 / gap) for gap in gaps if gap > 0), default=1.0)
    slipped = " (a power of ten off)" if not holds and slip_of(claimed, ways[0]) else ""
    return Multiple(holds, ids, why + slipped, of, in_clause, off)
