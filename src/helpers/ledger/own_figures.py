"""What the relations among the figures of an article make of them: confirmed, singled out, or contradicting each other."""

import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from helpers.ledger.claimed import Printed, printed
from helpers.ledger.evidence import KIND_OF, strength, unit_on_file
from helpers.ledger.intervals import Interval
from helpers.ledger.knowledge import Knowledge
from helpers.ledger.matching import is_bare, is_window, part_of_it
from helpers.ledger.nodes import Node, Relation, readings_of
from helpers.ledger.relations import relations
from helpers.ledger.verdicts import HOLDS, FirstVerdict, Flaw, Grade, Verdict
from helpers.numbers import plain
from helpers.reader import Quantity, Reading
from helpers.reader.vocabulary import phrase, said

OWN = "the article's own figures"
NEAR = 1.08
CLEARLY = 4.0  # beyond the slack of a relation: a slip, not another way of counting
_ON_FILE = (
    "training_tokens", "parameters", "active_parameters", "chip_count", "training_duration", "chip_time", "training_flop",
    "energy", "server_count", "power_per_chip",
)  # fmt: skip
SPENT = {"chip_count", "server_count", "core_count", "duration", "money", "energy", "emissions", "utilisation"}
DEAREST = 150.0  # money an hour of one chip at the most


def nodes_of(text: str, figures: Sequence[Printed]) -> list[Node]:
    """The figures as the relations see them; dates, ranks, windows, bare magnitudes and what an ellipsis counts are left out."""
    breaks = [m.end() for m in phrase("figures sentence_end").finditer(text)]
    lines = [i for i, char in enumerate(text) if char == "\n"]
    nodes = []
    for i, figure in enumerate(figures):
        q, claimed, unit = figure.q, figure.claimed, unit_on_file(figure.q.unit)
        left_out = q.unit in ("date", "rank") or is_bare(q) or is_window(q, figure.before, figure.after)
        if q.how == "inferred" or claimed is None or claimed.low <= 0 or left_out:
            continue
        places = (q.char_start, bisect_right(breaks, q.char_start), bisect_right(lines, q.char_start))
        for per in (q.per, "chip.h") if _may_be_rent(figure, claimed.high) else (q.per,):
            readings, divisor = readings_of(unit, per)
            of = (q.kind, unit, claimed.scaled(1 / divisor), readings, q.system_id)
            nodes.append(Node(i, *of, *places, q.as_printed, per, figure.sentence))
    return nodes


def of_a_chip(node: Node) -> Node:
    """A fact of an accelerator, which is one of each; that of a rack of them stays as it is."""
    if node.per or node.unit not in ("W", "FLOP/s", "byte") or re.search(r"NVL ?\d", node.system_id, re.I):
        return node
    return replace(node, per="chip", readings=readings_of(node.unit, "chip")[0])


def _may_be_rent(figure: Printed, amount: float) -> bool:
    """A small amount of money that the words before it call a price may be that of a chip and hour."""
    cheap = figure.q.kind == "money" and not figure.q.per and amount <= DEAREST
    return cheap and said("unit_price").search(figure.before) is not None


def on_file(nodes: Sequence[Node], first: int, knowledge: Knowledge) -> tuple[list[Node], list[FirstVerdict]]:
    """What is on file of the systems of the figures, as nodes from index `first` without a place, each with its verdict."""
    found: list[Node] = []
    stated: list[FirstVerdict] = []
    for system in dict.fromkeys(node.system_id for node in nodes if node.system_id in knowledge.names):
        rows = sorted(knowledge.numbers(system), key=strength, reverse=True)
        whole = [r for r in rows if r["quantity"] in _ON_FILE and not part_of_it(r) and "planned" not in r["counts"]]
        strongest = {row["quantity"]: row for row in reversed(whole)}
        for quantity, row in strongest.items():
            unit, per = row["unit"], "chip" if quantity == "power_per_chip" else ""
            readings, divisor = readings_of(unit, per)
            interval, kind = knowledge.estimate(row).interval.scaled(1 / divisor), KIND_OF.get(quantity, "other")
            words = f"{quantity.replace('_', ' ')} on file"
            found.append(Node(first + len(found), kind, unit, interval, readings, system, -1, -1, -1, words, per))
            stated.append(FirstVerdict(HOLDS, row, (row["evidence_id"],)))
    return found, stated


def all_relations(text: str, figures: Sequence[Quantity]) -> list[tuple[Relation, tuple[int, ...]]]:
    """Relations of the figures as they are owned and as if all had one owner, with the figures that are rates."""
    nodes = nodes_of(text, [printed(text, q) for q in figures])
    rates = {node.index for node in nodes if node.per}
    one = relations([replace(node, system_id="one") for node in nodes], {})
    found = {(r.name, r.figures): r for r in (*one, *relations(nodes, {}))}
    return [(r, tuple(i for i in r.figures if i in rates)) for r in found.values()]


def peaks_of(reading: Reading, knowledge: Knowledge) -> dict[str, float]:
    """The peak rate of the only kind of accelerator that a text names, in its fastest form, which is the one that trains."""
    chips = {name.system_id for name in reading.names if name.sort == "hardware"}
    rates = [max(knowledge.peaks(chip), default=0.0) for chip in chips]
    return {"": max(rates)} if rates and max(rates) <= 1.05 * min(rates) else {}


def with_relations(found: Sequence[Relation], verdicts: Sequence[FirstVerdict | None]) -> list[FirstVerdict | None]:
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
            if _open(result[i]):
                result[i] = _from_failing(i, relation, failures, held, verdicts)
    for relation in found:
        if relation.holds:
            _confirm(relation, result, verdicts)
    return result


def _open(first: FirstVerdict | None) -> bool:
    return first is None or (first.verdict.grade is Grade.UNSURE and not first.contradicts)


def _confirm(relation: Relation, result: list[FirstVerdict | None], verdicts: Sequence[FirstVerdict | None]) -> None:
    """The figures of an exact relation imply each other, but two figures follow from no multiple, an amount from no other currency, and
    nothing from what another sentence only supposes; what evidence gives follows too."""
    target, doubted = relation.nodes[0], any((v := result[i]) and (v.fails or v.contradicts) for i in relation.figures)
    worked = Interval(relation.worked / NEAR, relation.worked * NEAR)
    if not target.interval.overlaps(worked):
        return  # within what a relation leaves open, and not what the others give
    others = {node.system_id for node in relation.nodes[1:]}
    if relation.name == "ratio" and relation.spread and (relation.spread > 1 or target.system_id not in others):
        return  # two figures of other subjects that happen to give it
    rumoured = said("hearsay").search(target.said) or said("estimated").search(target.said)
    for i in relation.figures:
        rest, known = [verdicts[j] for j in relation.figures if j != i], result[i]
        sound = all(v and v.holds for v in rest) and relation.name not in ("FLOP", "ratio")
        implied = relation.name != "FLOP" and (i == target.index or relation.name not in ("ratio", "exchange"))
        exact = implied and not doubted and not rumoured and not _supposed(relation, i)
        if _open(known) and (sound or (exact and (known is None or known.rank == 2))):
            result[i] = FirstVerdict(HOLDS, None, _ids(rest), 2, f"follows from {OWN}: {relation.chain}")


def _supposed(relation: Relation, i: int) -> bool:
    """Whether another sentence than that of figure i only supposes what the relation needs."""
    own = relation.by_index(i).sentence
    if any(node.sentence != own and said("unasserted").search(node.said) for node in relation.placed):
        return True
    mine, beside = relation.by_index(i), [node for node in relation.placed if node.sentence == own and node.index != i]
    first, consequence = all(node.start > mine.start for node in beside), mine.said.partition(mine.printed)[2]
    return bool(beside) and first and said("supposed_then").search(consequence) is not None


def _from_failing(
    i: int, relation: Relation, failures: Counter[int], held: set[int], verdicts: Sequence[FirstVerdict | None]
) -> FirstVerdict | None:
    """What a relation that fails makes of one of its figures."""
    others = [j for j in relation.figures if j != i]
    why = f"does not fit {OWN}: {relation.chain}"
    by_evidence = all((v := verdicts[j]) and v.holds for j in others)
    twice = failures[i] >= 2 and all(j in held for j in others) and i not in held
    far = max(relation.ratio, 1 / relation.ratio) if relation.ratio > 0 else 0.0
    spent = relation.by_index(i).kind in SPENT  # of which stage or phase?
    if (by_evidence or twice) and relation.name != "ratio" and not spent and far >= CLEARLY:
        wrong = Verdict(Grade.WRONG, Flaw.VALUE, relation.ratio if i == relation.figures[0] else 1 / relation.ratio)
        return FirstVerdict(wrong, None, _ids([verdicts[j] for j in others]), 2, why)
    off = f" (off by {plain(far)} times)" if 0 < far < math.inf else ""
    return FirstVerdict(Verdict(Grade.UNSURE, ratio=relation.ratio), None, (), 2, why + off, contradicts=True)


def _ids(verdicts: Sequence[FirstVerdict | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(i for v in verdicts if v for i in v.evidence_ids))
