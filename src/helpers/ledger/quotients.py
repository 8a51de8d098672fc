"""Multiples and shares: what one may mean as a quotient of two figures, and those of an article against the figures beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations

from helpers.ledger.intervals import Interval
from helpers.ledger.nodes import FRACTIONS, Node, Relation, held, over
from helpers.reader.vocabulary import said

ROUGHLY, ROUGHLY_SHARE = 1.25, 1.07
ADJACENT = 4  # characters beside a share that say less or more
MOST = 10  # figures beside a multiple
_SIZES = {"parameters", "active_parameters"}
_OTHERS = FRACTIONS | {"date", "rank", "utilisation", "score"}


def quotients(target: Node, sentences: Mapping[int, list[Node]]) -> Iterator[Relation]:
    """A multiple or share against the quotient of two figures of one kind beside it."""
    beside = sentences[target.sentence]
    if len(beside) < 3:
        beside = [n for i in range(target.sentence - 2, target.sentence + 2) for n in sentences.get(i, ())]
    able = [n for n in beside if n.kind not in _OTHERS and n.interval.low > 0][:MOST]
    for above, below in combinations(able, 2):
        alike = above.kind == below.kind or {above.kind, below.kind} == _SIZES
        if alike and (above.unit, above.per) == (below.unit, below.per) and (found := _quotient(target, above, below)):
            same = [n for n in able if (n.kind, n.unit, n.per) == (above.kind, above.unit, above.per)]
            yield replace(found, may_fail=_compares(found, only=len(same) == 2))


def _quotient(target: Node, above: Node, below: Node) -> Relation | None:
    """The sense in which a multiple holds, else the first; none that holds only because a figure has one digit."""
    small, large = sorted((above, below), key=lambda n: n.interval.middle)
    if large.interval.middle == small.interval.middle:
        return None
    exact = large.interval.middle / small.interval.middle
    near = ROUGHLY if target.kind == "ratio" else ROUGHLY_SHARE
    tried = [
        held("ratio", target, (large, small), way, f"{large.printed} / {small.printed}")
        for way in ways_of_quotient(target, over(large.interval, small.interval), over(small.interval, large.interval))
    ]
    points = ways_of_quotient(target, Interval(exact, exact), Interval(1 / exact, 1 / exact))
    close = [p.middle and 1 / near <= target.interval.middle / p.middle <= near for p in points]
    best = [way for way, is_close in zip(tried, close, strict=True) if way.holds and is_close]
    return best[0] if best else None if any(way.holds for way in tried) else tried[0]


def _compares(found: Relation, *, only: bool) -> bool:
    """Whether a multiple or share is of these two: of one sentence or the only two of their kind, of one subject if in use."""
    target, above, below = found.nodes
    if {above.kind, below.kind} == _SIZES:
        return (
            said("active").search(target.said) is not None
            and above.system_id == below.system_id == target.system_id != ""
        )
    changed = said("less").search(target.said) or said("more").search(target.said)
    if target.kind == "percent":
        return only and found.spread == 0 and changed is not None
    return target.kind == "ratio" and (found.spread == 0 or (only and found.spread == 1))


def ways_of_quotient(target: Node, up: Interval, down: Interval) -> list[Interval]:
    """What a multiple or a share of two figures may mean: n times, n times more; a share, a saving, a rise."""
    less = Interval(max(0.0, 1 - down.high), max(0.0, 1 - down.low))
    more = Interval(max(0.0, up.low - 1), max(0.0, up.high - 1))
    before, _, after = target.said.partition(target.printed)
    beside = before[-ADJACENT:] + "|" + after[: 2 * ADJACENT]
    if target.kind == "ratio":
        return [up, more] if said("more").search(beside) else [up]
    changes = ((less, said("less")), (more, said("more")))
    change = (
        target.said if before.endswith(" by ") else beside
    )  # fell by 56%, 少了四成, 46% less: nothing else can be meant
    return [way for way, words in changes if words.search(change)] or [
        down,
        *(way for way, words in changes if words.search(target.said)),
    ]
