"""The article against itself: every relation that its own figures allow, with intervals and the chain, no outside evidence.

A figure has dimensions (chips, seconds, tokens, FLOP, joules, money, and what it is per). Figures of one subject whose product
has the dimensions of another one are held against it: chips x days against chip-hours, hours x price against cost, watts x hours
against energy, a rate x its denominator against the whole. Formulas add 6 N D against FLOP, 2 N against FLOP a token and FLOP
over chips x peak x days as utilisation. A multiple or share is held against the two figures beside it, a total against its parts.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations, product

from helpers.formulas import accounting
from helpers.ledger.intervals import Interval
from helpers.ledger.slips import slip_of

Dims = tuple[tuple[str, int], ...]
_CHIP, _S, _TOKEN, _FLOP, _J = ("chip", 1), ("s", 1), ("token", 1), ("FLOP", 1), ("J", 1)
_UNITS: dict[str, tuple[tuple[tuple[str, int], ...], ...]] = {
    "parameter": ((("parameter", 1),),),
    "token": ((_TOKEN,),),
    "chip": ((_CHIP,),),
    "server": ((("server", 1),),),
    "s": ((_S,),),
    "chip.s": ((_CHIP, _S),),
    "FLOP": ((_FLOP,),),
    "FLOP/s": ((_FLOP, ("s", -1)), (_FLOP, ("s", -1), ("chip", -1))),
    "J": ((_J,),),
    "W": ((_J, ("s", -1)), (_J, ("s", -1), ("chip", -1))),
    "kg": ((("kg", 1),),),
    "token/s": ((_TOKEN, ("s", -1)),),
}
_MONEY = frozenset({"USD", "CNY", "EUR", "GBP", "JPY", "HKD", "TWD", "KRW"})
# What a denominator is, and how many base units: money per chip.h, chip hours per 1e12 token.
PER = {
    "chip.h": ((_CHIP, _S), 3600.0),
    "chip": ((_CHIP,), 1.0),
    "server": ((("server", 1),), 1.0),
    "h": ((_S,), 3600.0),
    "day": ((_S,), 86_400.0),
    "token": ((_TOKEN,), 1.0),
    "kWh": ((_J,), 3.6e6),
}
# How far printed over worked out may lie from 1: what the relation itself leaves open (restarts, PUE, accounting).
SLACK = {
    "chip_time": (0.7, 1.06),
    "money": (0.94, 1.07),
    "energy": (0.6, 1.8),
    "power": (0.9, 2.0),
    "chip_count": (0.97, 1.03),
    "6ND": (0.88, 1.5),
    "FLOP": (0.02, 1.05),
    "utilisation": (0.75, 1.33),
    "ratio": (0.93, 1.07),
    "sum": (0.98, 1.02),
}
NEXT = 2  # lines between the figures of a relation that confirms
ROUGHLY, ROUGHLY_SHARE = 1.25, 1.07
ADJACENT = 4  # characters beside a share that say less or more
AGREE = 1.1
OTHER_SLACK = (0.9, 1.11)
MOST = 28  # figures of one subject that are related with each other
BESIDE = 300  # characters to a rate that belongs to an accelerator or to nobody: $2 per GPU-hour
REACH = 600  # characters between the figures of a relation
_FRACTIONS = frozenset({"percent", "ratio"})


@dataclass(frozen=True)
class Node:
    """A figure as the relations see it: what it admits, its dimensions (all that it may have), and where it stands."""

    index: int
    kind: str
    unit: str
    interval: Interval
    readings: tuple[Dims, ...]
    system_id: str
    start: int
    sentence: int
    paragraph: int
    printed: str
    per: str = ""
    said: str = ""


@dataclass(frozen=True)
class Relation:
    """Figures (by index, the result first) that one relation ties, and whether it holds; `ratio`: printed over worked out."""

    name: str
    figures: tuple[int, ...]
    holds: bool
    ratio: float
    chain: str
    worked: float = 0.0  # the middle of what was worked out
    may_fail: bool = True  # whether a miss says anything: other products of figures only confirm
    slipped: bool = False  # off by a power of ten alone


def readings_of(unit: str, per: str) -> tuple[tuple[Dims, ...], float]:
    """What dimensions a figure may have, and by how much its value is divided; none where relations cannot use it."""
    amount, _, base = per.rpartition(" ")
    bases = (((unit, 1),),) if unit in _MONEY else _UNITS.get(unit, ())
    if not per:
        return tuple(tuple(sorted(dims)) for dims in bases), 1.0
    base = "chip.h" if base == "h" and unit in _MONEY else base  # an hour is billed for a chip
    if base not in PER:
        return (), 1.0
    dims_per, factor = PER[base]
    least = bases[:1]
    return tuple(_summed((dims, _inverse(dims_per))) for dims in least), factor * float(amount or 1)


@cache
def _inverse(dims: Dims) -> Dims:
    return tuple((name, -power) for name, power in dims)


@cache
def _summed(all_dims: tuple[Dims, ...]) -> Dims:
    total: dict[str, int] = {}
    for dims in all_dims:
        for name, power in dims:
            total[name] = total.get(name, 0) + power
    return tuple(sorted((name, power) for name, power in total.items() if power))


def times(*intervals: Interval) -> Interval:
    """The product of positive intervals."""
    return Interval(math.prod(i.low for i in intervals), math.prod(i.high for i in intervals))


def over(above: Interval, below: Interval) -> Interval:
    """The quotient of positive intervals."""
    return Interval(above.low / below.high, above.high / below.low) if below.low > 0 else Interval(0, math.inf)


def relations(nodes: Sequence[Node], peaks: dict[str, float]) -> list[Relation]:
    """All relations among the figures of a text; `peaks` are peak rates of the chips by system."""
    found: list[Relation] = []
    places = {node.index: node for node in nodes}
    sentences: dict[int, list[Node]] = {}
    for node in nodes:
        sentences.setdefault(node.sentence, []).append(node)
    for group in _groups(nodes):
        for target in group:
            for ways in (_products(target, group), _compute(target, group), _utilisation(target, group, peaks)):
                found += _best(ways, places)
    for node in nodes:
        if node.kind in _FRACTIONS and not node.per:
            found += _best(_quotients(node, sentences), places)
    found += _sums(sentences.values())
    found = [r for r in found if any(places[i].start >= 0 for i in r.figures)]
    return list({frozenset(r.figures) | {r.name}: r for r in reversed(found)}.values())[::-1]


def _groups(nodes: Sequence[Node]) -> Iterator[list[Node]]:
    """Figures of one subject, with the rates printed beside them; without a name, those of one paragraph."""
    groups: dict[tuple[str, int], list[Node]] = {}
    for node in nodes:
        if node.interval.low > 0:
            key = (node.system_id, 0) if node.system_id else ("", node.paragraph)
            groups.setdefault(key, []).append(node)
    shared = [n for n in nodes if n.per and n.interval.low > 0]
    starts = [n.start for n in shared]
    for (system, _), own in groups.items():
        beside = {
            n.index: n
            for member in own
            for n in shared[bisect_left(starts, member.start - BESIDE) : bisect_right(starts, member.start + BESIDE)]
            if n.system_id != system
        }
        members = sorted([*own, *beside.values()], key=lambda n: n.start)
        for begin in range(0, len(members), MOST // 2):
            yield members[begin : begin + MOST]
            if begin + MOST >= len(members):
                break


def _best(found: Iterable[Relation], places: Mapping[int, Node]) -> list[Relation]:
    """What holds, if anything does; else what fails, where it is the only way that stands nearest."""
    ways = list(found)
    held = [way for way in ways if way.holds]
    placed = [way for way in ways if way.slipped or all(places[i].start >= 0 for i in way.figures)]
    telling = [way for way in placed if way.may_fail]  # with what is on file only a power of ten tells
    if held:
        confirming = [way for way in held if _close_by([places[i] for i in way.figures])]
        doubted = _apart(held, places) and any(not w.holds and not _apart([w], places) for w in telling)
        return [] if doubted else confirming[:2]
    ways = telling or [way for way in ways if way.slipped and _one_sentence([places[i] for i in way.figures])][:1]
    for near in (_one_sentence, _one_paragraph, _anywhere):
        close = [way for way in ways if near([places[i] for i in way.figures])]
        if close:
            return close[:1] if _agree(close) else []
    return []


def _agree(ways: Sequence[Relation]) -> bool:
    """Whether all ways lead to about the same result."""
    results = [way.worked for way in ways]
    return max(results) <= AGREE * min(results)


def _one_sentence(nodes: Sequence[Node]) -> bool:
    return len({node.sentence for node in nodes if node.start >= 0}) == 1


def _apart(ways: Sequence[Relation], places: Mapping[int, Node]) -> bool:
    """Whether no way stays within one sentence."""
    return not any(_one_sentence([places[i] for i in way.figures]) for way in ways)


def _close_by(nodes: Sequence[Node]) -> bool:
    paragraphs = [node.paragraph for node in nodes if node.start >= 0]
    return not paragraphs or max(paragraphs) - min(paragraphs) <= NEXT


def _one_paragraph(nodes: Sequence[Node]) -> bool:
    return len({node.paragraph for node in nodes if node.start >= 0}) == 1


def _anywhere(nodes: Sequence[Node]) -> bool:
    return True


def _tied(nodes: Sequence[Node]) -> bool:
    """Whether each figure shares its sentence with another one."""
    places = [node.sentence for node in nodes if node.start >= 0]
    return all(places.count(place) > 1 for place in places)


def _near(*nodes: Node) -> bool:
    starts = [node.start for node in nodes if node.start >= 0]
    return not starts or max(starts) - min(starts) <= REACH


def _products(target: Node, group: Sequence[Node]) -> Iterator[Relation]:
    """Two or three figures whose dimensions multiply to those of the target."""
    if not target.readings:
        return
    others = [n for n in group if n.index != target.index and n.kind not in _FRACTIONS and _near(n, target)]
    by_dims: dict[Dims, list[int]] = {}
    for place, node in enumerate(others):
        for dims in node.readings:
            by_dims.setdefault(dims, []).append(place)
    for first, second in combinations(range(len(others)), 2):
        for readings in product(others[first].readings, others[second].readings):
            missing = _summed((target.readings[0], _inverse(readings[0]), _inverse(readings[1])))
            thirds = [()] if not missing else [(third,) for third in by_dims.get(missing, ()) if third > second]
            for third in thirds:
                factors = tuple(others[place] for place in (first, second, *third))
                if len({(n.kind, n.unit, n.per) for n in (*factors, target)}) > len(factors):
                    worked = times(*(n.interval for n in factors))
                    said = " x ".join(n.printed for n in factors)
                    held = _held(_name(target, factors), target, factors, worked, said)
                    tied = len(factors) < 3 or _tied([target, *factors])
                    yield replace(held, may_fail=tied and _telling(target, factors))


def _telling(target: Node, factors: Sequence[Node]) -> bool:
    """Whether a product is one that must come out: chips x time, hours x price of an hour, power x time, chips a server."""
    units = {(n.unit, n.per) for n in factors}
    shapes: dict[str, tuple[set[tuple[str, str]], ...]] = {
        "chip.s": ({("chip", ""), ("s", "")},),
        "J": ({("W", ""), ("s", "")}, {("W", "chip"), ("chip", ""), ("s", "")}, {("W", "chip"), ("chip.s", "")}),
        "chip": ({("server", ""), ("chip", "server")},),
        "W": ({("W", "chip"), ("chip", "")},),
        "FLOP/s": ({("FLOP/s", "chip"), ("chip", "")},),
    }
    if target.unit in _MONEY:
        prices = [(target.unit, "chip.h"), (target.unit, "h")]
        shapes_of = [shape for p in prices for shape in ({p, ("chip.s", "")}, {p, ("chip", ""), ("s", "")})]
        shapes_of.append({("J", ""), (target.unit, "kWh")})
        return not target.per and units in shapes_of
    if target.unit == "chip.s" and not target.per and len(factors) == 2:
        rates = [n for n in factors if n.unit == "chip.s" and n.per.endswith("token")]
        return units in shapes["chip.s"] or (len(rates) == 1 and any(n.unit == "token" for n in factors))
    return not target.per and units in shapes.get(target.unit, ())


def _name(target: Node, factors: Sequence[Node]) -> str:
    if target.unit == "chip.s":
        return "chip_time" if not any(n.per for n in factors) else "rate"
    if target.unit in _MONEY:
        return "money"
    return {"J": "energy", "W": "power", "FLOP": "FLOP", "chip": "chip_count"}.get(target.unit, "rate")


def _held(name: str, target: Node, factors: Sequence[Node], worked: Interval, said: str) -> Relation:
    low, high = SLACK.get(name, OTHER_SLACK)
    admitted = Interval(worked.low * low, worked.high * high)
    holds = target.interval.overlaps(admitted)
    ratio = 1.0 if holds else target.interval.gap_ratio(admitted)
    figures = (target.index, *(n.index for n in factors))
    slipped = slip_of(target.interval, worked) != 0
    return Relation(name, figures, holds, ratio, f"{said} ~ {target.printed}", worked.middle, slipped=slipped)


def _compute(target: Node, group: Sequence[Node]) -> Iterator[Relation]:
    """6 N D against FLOP (N: active parameters, where they are printed), 2 N or 6 N against FLOP a token."""
    if target.unit != "FLOP":
        return
    active = [n for n in group if n.kind == "active_parameters"]
    sizes = active or [n for n in group if n.kind == "parameters"]
    if target.per.endswith("token"):
        for size in sizes:
            ways = [_held("rate", target, (size,), size.interval.scaled(k), f"{k} x {size.printed}") for k in (2, 6, 8)]
            yield next((way for way in ways if way.holds), ways[0])
        return
    tokens = [n for n in group if n.kind == "tokens" and not n.per]
    for size, read in product(sizes, tokens):
        if target.kind == "compute" and not target.per and _near(target, size, read):
            worked = accounting.training_flop(1, 1) * 1.0
            both = times(size.interval, read.interval).scaled(worked)
            yield _held("6ND", target, (size, read), both, f"6 x {size.printed} x {read.printed}")


def _utilisation(target: Node, group: Sequence[Node], peaks: dict[str, float]) -> Iterator[Relation]:
    """FLOP over chips x time x peak against the printed utilisation; or a printed rate a chip over the peak."""
    peak = peaks.get(target.system_id) or peaks.get("")
    if target.kind != "utilisation" or not peak:
        return
    work = [n for n in group if n.unit == "FLOP" and not n.per]
    times_spent = [n for n in group if n.unit == "chip.s" and not n.per]
    for flop, spent in product(work, times_spent):
        worked = over(flop.interval, spent.interval.scaled(peak))
        yield _held("utilisation", target, (flop, spent), worked, f"{flop.printed} / ({spent.printed} x peak)")
    if times_spent:
        return
    chips = [n for n in group if n.unit == "chip" and not n.per]
    spans = [n for n in group if n.unit == "s" and not n.per]
    for flop, count, span in product(work, chips, spans):
        worked = over(flop.interval, times(count.interval, span.interval).scaled(peak))
        yield _held(
            "utilisation",
            target,
            (flop, count, span),
            worked,
            f"{flop.printed} / ({count.printed} x {span.printed} x peak)",
        )


def _quotients(target: Node, sentences: Mapping[int, list[Node]]) -> Iterator[Relation]:
    """A multiple or share against the quotient of two figures of one kind beside it."""
    beside = sentences[target.sentence]
    if len(beside) < 3:
        beside = [n for i in range(target.sentence - 2, target.sentence + 2) for n in sentences.get(i, ())]
    able = [
        n for n in beside if n.kind not in (*_FRACTIONS, "date", "rank", "utilisation", "score") and n.interval.low > 0
    ][:10]
    for above, below in combinations(able, 2):
        if (above.unit, above.per) != (below.unit, below.per) or not _same_kind(above, below):
            continue
        large, small = sorted((above, below), key=lambda n: n.interval.middle, reverse=True)
        if large.interval.middle == small.interval.middle:
            continue
        tried = [
            _held("ratio", target, (large, small), way, f"{large.printed} / {small.printed}")
            for way in ways_of_quotient(
                target, over(large.interval, small.interval), over(small.interval, large.interval)
            )
        ]
        up, down = large.interval.middle / small.interval.middle, small.interval.middle / large.interval.middle
        points = ways_of_quotient(target, Interval(up, up), Interval(down, down))
        near_to = ROUGHLY if target.kind == "ratio" else ROUGHLY_SHARE
        close = [p.middle and 1 / near_to <= target.interval.middle / p.middle <= near_to for p in points]
        held = [way for way, near in zip(tried, close, strict=True) if way.holds and near]
        if not held and any(way.holds for way in tried):
            continue  # only because a figure is printed with one digit
        best = held[0] if held else tried[0]
        alike = [n for n in able if (n.kind, n.unit, n.per) == (above.kind, above.unit, above.per)]
        only = len(alike) == 2 and _one_paragraph([target, above, below])
        yield replace(best, may_fail=_compares(target, above, below, only))


def _compares(target: Node, above: Node, below: Node, only: bool) -> bool:
    """Whether a multiple or share is of these two: of one sentence or the only two of their kind, of one subject if in use."""
    if {above.kind, below.kind} == {"parameters", "active_parameters"}:
        return _ACTIVE.search(target.said) is not None and above.system_id == below.system_id == target.system_id != ""
    return target.kind == "ratio" and (only or _one_sentence([target, above, below]))


def _same_kind(a: Node, b: Node) -> bool:
    return a.kind == b.kind or {a.kind, b.kind} == {"parameters", "active_parameters"}


def ways_of_quotient(target: Node, up: Interval, down: Interval) -> list[Interval]:
    """What a multiple or a share of two figures may mean: n times, n times more; a share, a saving, a rise."""
    less = Interval(max(0.0, 1 - down.high), max(0.0, 1 - down.low))
    more = Interval(max(0.0, up.low - 1), max(0.0, up.high - 1))
    before, _, after = target.said.partition(target.printed)
    beside = before[-ADJACENT:] + "|" + after[: 2 * ADJACENT]
    if target.kind == "ratio":
        return [up, more] if _MORE.search(beside) else [up]
    if _LESS.search(beside) or _MORE.search(beside):  # 少了四成, 46% less: nothing else can be meant
        return [way for way, words in ((less, _LESS), (more, _MORE)) if words.search(beside)]
    return [down, *(way for way, words in ((less, _LESS), (more, _MORE)) if words.search(target.said))]


_LESS = re.compile(
    r"[少低省降减減跌缩縮]|(?<![A-Za-z])(?:less|fewer|lower|below|sav\w*|cut\w*|drop\w*|fell|fall\w*|reduc\w*|down|cheaper|smaller)(?![A-Za-z])",
    re.I,
)
_MORE = re.compile(
    r"[多高增涨漲升]|(?<![A-Za-z])(?:more|higher|above|ris\w*|rose|increas\w*|up|grow\w*|grew|larger|dearer)(?![A-Za-z])",
    re.I,
)
_ACTIVE = re.compile(r"激活|启用|啟用|activ", re.I)
_TOTAL = ("合计", "总计", "共计", "一共", "加起来", "in total", "altogether", "combined", "together", "sum")


def _sums(sentences: Iterable[list[Node]]) -> Iterator[Relation]:
    """A total against its parts, where a sentence says that it is one."""
    for members in sentences:
        if not any(word in members[0].said for word in _TOTAL):
            continue
        kinds = {(n.kind, n.unit, n.per) for n in members if n.kind not in ("date", "rank", "percent", "ratio")}
        for kind in kinds:
            same = [n for n in members if (n.kind, n.unit, n.per) == kind]
            if 3 <= len(same) <= 6:
                total = max(same, key=lambda n: n.interval.middle)
                parts = [n for n in same if n.index != total.index]
                worked = Interval(sum(n.interval.low for n in parts), sum(n.interval.high for n in parts))
                whole = _held("sum", total, parts, worked, " + ".join(n.printed for n in parts))
                if whole.holds or whole.ratio < 1:  # a total above the sum may have parts that are not printed
                    yield whole
