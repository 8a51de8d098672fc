"""The article against itself: every relation that its own figures allow, with intervals and the chain, no outside evidence.

Figures of one subject whose product has the dimensions of another one are held against it: chips x days against chip-hours, hours
x price against cost, watts x hours against energy, a rate x its denominator against the whole. Formulas add 6 N D against FLOP,
2 N against FLOP a token and FLOP over chips x peak x days as utilisation. A total is held against its parts.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations, product

from helpers.constants import SECOND_PER_YEAR
from helpers.formulas import accounting
from helpers.ledger.intervals import Interval
from helpers.ledger.nodes import FRACTIONS, MONEY, RATES, RELATIONS, Node, Relation, held, over, over_dims, times
from helpers.ledger.quotients import quotients
from helpers.numbers import plain
from helpers.reader.vocabulary import said
from helpers.rows import grouped

MOST_OFF, MOST_SLIPPED = 100.0, 1000.0  # what is further off is another quantity
NEXT = 2  # lines between the figures of a relation that confirms
AGREE = 1.1
NARROW = 2.0  # how much faster formats of eight bits are
MOST = 28  # figures of one subject that are related with each other
BESIDE = 300  # characters to a rate that belongs to an accelerator or to nobody: $2 per GPU-hour
BESIDE_EACH_OTHER, AT_ONCE = 40, 12  # characters between an amount and the same in another currency, in another unit
REACH = 600  # characters between the figures of a relation
_OF = {row["result"]: row for row in RELATIONS if row["result"]}


def relations(nodes: Sequence[Node], peaks: dict[str, float]) -> list[Relation]:
    """All relations among the figures of a text; `peaks` are peak rates of the chips by system."""
    sentences = grouped((node.sentence, node) for node in nodes)
    pairs = [(target, group) for group in _groups(nodes) for target in group]
    tried = [law(*pair) for pair in pairs for law in (_products, _compute, _overhead, _yearly)]
    tried += [_utilisation(*pair, peaks) for pair in pairs]
    tried += [_restated(node, sentences[node.sentence]) for node in nodes if node.readings]
    tried += [quotients(node, sentences) for node in nodes if node.kind in FRACTIONS and not node.per]
    found = [relation for ways in tried for relation in _best(ways)] + list(_sums(sentences.values()))
    placed = [relation for relation in found if relation.placed]
    return list({frozenset(r.figures) | {r.name}: r for r in reversed(list(_unrivalled(placed)))}.values())[::-1]


def _groups(nodes: Sequence[Node]) -> Iterator[list[Node]]:
    """Figures of one subject, with the rates printed beside them; without a name, those of one paragraph."""
    able = (node for node in nodes if node.interval.low > 0)
    groups = grouped(((node.system_id, 0 if node.system_id else node.paragraph), node) for node in able)
    shared = [n for n in nodes if n.per and n.interval.low > 0]
    starts = [n.start for n in shared]
    for (system, _), own in groups.items():
        places = [(bisect_left(starts, n.start - BESIDE), bisect_right(starts, n.start + BESIDE)) for n in own]
        beside = {n.index: n for low, high in places for n in shared[low:high] if n.system_id != system}
        members = sorted([*own, *beside.values()], key=lambda n: n.start)
        for begin in range(0, len(members), MOST // 2):
            yield members[begin : begin + MOST]
            if begin + MOST >= len(members):
                break


def _best(found: Iterable[Relation]) -> list[Relation]:
    """What holds, if anything does; else what fails, where it is the only way that stands nearest."""
    ways = list(found)
    telling = [way for way in ways if _tells(way)]
    if holding := [way for way in ways if way.holds]:
        doubted = all(way.spread for way in holding) and any(not way.holds and way.spread == 0 for way in telling)
        return [] if doubted else [way for way in holding if way.lines <= NEXT][:2]
    telling = telling or [way for way in ways if way.slipped and way.spread == 0][:1]
    close = [way for way in telling if way.spread == min(way.spread for way in telling)]
    results = [way.worked for way in close]
    return close[:1] if close and max(results) <= AGREE * min(results) else []


def _tells(way: Relation) -> bool:
    """Whether a miss may be a mistake: with what is on file only a power of ten is one."""
    most = MOST_SLIPPED if way.slipped else MOST_OFF
    able = way.may_fail and (way.slipped or len(way.placed) == len(way.nodes))
    return able and 1 / most <= way.ratio <= most


def _unrivalled(found: Sequence[Relation]) -> Iterator[Relation]:
    """What holds, and what fails unless the same figures give another one that stands as near."""
    same = grouped((frozenset(way.figures[1:]), way) for way in found)
    for way in found:
        rivals = [rival for rival in same[frozenset(way.figures[1:])] if rival.figures[0] != way.figures[0]]
        if way.holds or not any(r.holds and r.spread <= way.spread for r in rivals):
            yield way


def _near(*nodes: Node) -> bool:
    starts = [node.start for node in nodes if node.start >= 0]
    return not starts or max(starts) - min(starts) <= REACH


def _products(target: Node, group: Sequence[Node]) -> Iterator[Relation]:
    """Two or three figures whose dimensions multiply to those of the target."""
    if not target.readings:
        return
    others = [n for n in group if n.index != target.index and n.kind not in FRACTIONS and _near(n, target)]
    by_dims = grouped((dims, place) for place, node in enumerate(others) for dims in node.readings)
    for first, second in combinations(range(len(others)), 2):
        for readings in product(others[first].readings, others[second].readings):
            missing = over_dims(target.readings[0], *readings)
            thirds = [()] if not missing else [(third,) for third in by_dims.get(missing, ()) if third > second]
            for third in thirds:
                factors = tuple(others[place] for place in (first, second, *third))
                if len({(n.kind, n.unit, n.per) for n in (*factors, target)}) > len(factors):
                    yield _product(target, factors)


def _product(target: Node, factors: Sequence[Node]) -> Relation:
    """One product; of three factors a miss tells only where each figure shares its sentence with another one."""
    worked, words = times(*(n.interval for n in factors)), " x ".join(n.printed for n in factors)
    sentences = [n.sentence for n in (target, *factors) if n.start >= 0]
    tied = len(factors) < 3 or all(sentences.count(sentence) > 1 for sentence in sentences)
    of = _OF.get("money" if target.unit in MONEY else target.unit)
    name = of["name"] if of and not (target.unit == "chip s" and any(n.per for n in factors)) else "rate"
    # money of the target's currency; hours of a chip per trillion tokens
    units = ["money" if n.unit in MONEY and n.unit == target.unit else n.unit for n in factors]
    shape = {f"{unit}/{n.per.rpartition(' ')[2]}".removesuffix("/") for unit, n in zip(units, factors, strict=True)}
    must = of is not None and any(shape == set(way.split(" x ")) for way in of["factors"].split("|"))
    return replace(held(name, target, factors, worked, words), may_fail=tied and must and not target.per)


def _compute(target: Node, group: Sequence[Node]) -> Iterator[Relation]:
    """6 N D against FLOP (N: active parameters, where they are printed), 2 N or 6 N against FLOP a token."""
    if target.unit != "FLOP":
        return
    sizes = [n for n in group if n.kind == "active_parameters"] or [n for n in group if n.kind == "parameters"]
    if target.per.endswith("token"):
        for size in sizes:
            ways = [held("rate", target, (size,), size.interval.scaled(k), f"{k} x {size.printed}") for k in (2, 6, 8)]
            yield next((way for way in ways if way.holds), ways[0])
        return
    tokens = [n for n in group if n.kind == "tokens" and not n.per]
    for size, read in product(sizes, tokens):
        if target.kind == "compute" and not target.per and _near(target, size, read):
            worked = times(size.interval, read.interval).scaled(float(accounting.training_flop(1, 1)))
            yield held("6ND", target, (size, read), worked, f"6 x {size.printed} x {read.printed}")


def _restated(target: Node, sentence: Sequence[Node]) -> Iterator[Relation]:
    """A figure beside the one that it restates: dollars in another currency at the rates of recent years, or in another unit."""
    for other in sentence:
        first, last = sorted((target, other), key=lambda n: n.start)
        exchanged = other.unit == "USD" and target.unit in RATES
        same = other is first and other.unit == target.unit and _unit_printed(other) != _unit_printed(target)
        between = target.said.partition(first.printed)[2].partition(last.printed)[0]
        if other.per != target.per or not (exchanged or same) or not said("converted").search(between):
            continue
        rates = RATES[target.unit] if exchanged else Interval(1, 1)
        chain = other.printed + (f" x {plain(rates.low)} to {plain(rates.high)}" if exchanged else "")
        if len(between) <= (BESIDE_EACH_OTHER if exchanged else AT_ONCE):
            found = held("exchange", target, (other,), times(other.interval, rates), chain)
            yield replace(found, may_fail=exchanged or found.slipped)


def _unit_printed(node: Node) -> str:
    return re.sub(r"[\d.,\s]", "", node.printed)


def _utilisation(target: Node, group: Sequence[Node], peaks: dict[str, float]) -> Iterator[Relation]:
    """FLOP over chips x time x peak, or a rate over the peak, against the printed utilisation; tokens that no peak allows."""
    peak = peaks.get(target.system_id) or peaks.get("")
    if not peak or target.kind not in ("utilisation", "tokens"):
        return
    units = ("FLOP", "chip s", "chip", "s")
    work, spent, chips, spans = ([n for n in group if n.unit == unit and not n.per] for unit in units)
    ways: list[tuple[Node, ...]] = [(n,) for n in spent] or list(product(chips, spans))
    sizes = [n for n in group if n.kind == "active_parameters"] or [n for n in group if n.kind == "parameters"]
    for top, factors in product(work if target.kind == "utilisation" else sizes, ways):
        most, words = times(*(n.interval for n in factors)).scaled(peak), " x ".join(n.printed for n in factors)
        if target.kind == "utilisation":
            share, chain = over(top.interval, most), f"{top.printed} / ({words} x peak)"
            yield held("utilisation", target, (top, *factors), share, chain)
        elif not target.per and _near(target, top, *factors):
            read = over(most.scaled(NARROW / float(accounting.training_flop(1, 1))), top.interval)
            found = held("peak", target, (top, *factors), read, f"{words} x peak / (6 x {top.printed})")
            yield from () if found.holds else (found,)
    for rate in group if target.kind == "utilisation" else ():
        beside = (rate.unit, rate.per) == ("FLOP/s", "chip") and abs(rate.sentence - target.sentence) < NEXT
        if beside and rate.interval.high < peak:
            share, chain = rate.interval.scaled(1 / peak), f"{rate.printed} / {plain(peak)} FLOP/s"
            yield held("utilisation", target, (rate,), share, chain)


def _yearly(target: Node, group: Sequence[Node]) -> Iterator[Relation]:
    """The energy of a year against the power that is drawn."""
    rate = target.per == "year"
    told = target.unit == "J" and (rate or (not target.per and said("yearly").search(target.said)))
    for power in group if told else ():
        if power.unit == "W" and not power.per and power.sentence == target.sentence:
            worked = power.interval.scaled(1.0 if rate else SECOND_PER_YEAR)
            yield held("year", target, (power,), worked, f"{power.printed} x a year")


def _overhead(target: Node, group: Sequence[Node]) -> Iterator[Relation]:
    """What a whole data centre draws against what its chips draw, times the PUE that is printed between or beside them."""
    for pue in group:
        named = pue.kind == "ratio" and "PUE" in pue.said.partition(pue.printed)[0]
        for chips in group if named and target.unit in ("J", "W") else ():
            alike = (chips.unit, chips.per) == (target.unit, target.per)
            if alike and chips.start < target.start and _near(chips, pue, target):
                worked = times(chips.interval, pue.interval)
                yield held("overhead", target, (chips, pue), worked, f"{chips.printed} x {pue.printed}")


def _sums(sentences: Iterable[list[Node]]) -> Iterator[Relation]:
    """A total against its parts, where a sentence says that it is one."""
    for members in sentences:
        if not said("summed").search(members[0].said):
            continue
        kinds = {(n.kind, n.unit, n.per) for n in members if n.kind not in ("date", "rank", *FRACTIONS)}
        for kind in kinds:
            same = [n for n in members if (n.kind, n.unit, n.per) == kind]
            if 3 <= len(same) <= 6:
                total = max(same, key=lambda n: n.interval.middle)
                parts = [n for n in same if n.index != total.index]
                worked = Interval(sum(n.interval.low for n in parts), sum(n.interval.high for n in parts))
                whole = held("sum", total, parts, worked, " + ".join(n.printed for n in parts))
                if whole.holds or whole.ratio < 1:  # a total above the sum may have parts that are not printed
                    yield whole
