"""First verdicts on the figures of an article: by evidence, by data sheets, by the article's own arithmetic, in this order.

A failing grade needs evidence, a bound of physics or two relations that single the figure out; figures that only do not fit each
other contradict, which accuses nobody. Rank 1: the sentence names the subject; rank 2: it is taken from a sentence before or from
the title, or the verdict is worked out from other figures.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from helpers.ledger.accelerators import NEARLY, against_data_sheet, plausible_cost, price_verdict
from helpers.ledger.agreement import agreeing, counted_otherwise, dated, of_a_relative, of_another_unit, slipped
from helpers.ledger.claimed import Printed, printed
from helpers.ledger.evidence import ids_of, strength, unit_on_file
from helpers.ledger.intervals import Interval, slip_of
from helpers.ledger.knowledge import Knowledge, Row
from helpers.ledger.matching import RANKS, evidence_on, is_asked, is_bare, is_denied, is_supposed
from helpers.ledger.nodes import FRACTIONS, SIZES, Node
from helpers.ledger.own_figures import SPENT, nodes_of, of_a_chip, on_file, peaks_of, with_relations
from helpers.ledger.quotients import multiple_of
from helpers.ledger.relations import relations
from helpers.ledger.verdicts import FAILS, HOLDING, HOLDS, OPEN, Estimate, FirstVerdict, Flaw, Grade, Strength, restated
from helpers.reader import Quantity, Reading
from helpers.reader.vocabulary import phrase, said
from helpers.rows import grouped

MOST_OTHERS = 3  # systems that a multiple may be of
PRECISE = 1.02  # what so few values admit is hardly another one's
TOO_FAR = 20.0  # times: who is so far off without a slip of the power of ten was misread
BEFORE = 400  # characters before a sentence in which such a system may be named


def first_verdicts(text: str, reading: Reading, knowledge: Knowledge) -> list[FirstVerdict | None]:
    """The first verdict on each figure of a text, None where nothing decides; linear in its length."""
    figures = [printed(text, q) for q in reading.quantities]
    verdicts = []
    for figure in figures:
        first = _by_evidence(figure, knowledge) or against_data_sheet(figure, knowledge)
        first = first or _by_price(figure, reading, knowledge) or _by_agreement(figure, reading, knowledge)
        verdicts.append(_unless_misread(figure, _cautious(figure, first, reading, knowledge), knowledge))
    nodes = nodes_of(text, figures)
    if len({n.system_id for n in reading.names if n.sort == "hardware"}) == 1:  # whatever it has, all chips have
        nodes = [of_a_chip(node) if knowledge.chips(node.system_id) else node for node in nodes]
    for node in nodes:
        known = verdicts[node.index]
        if known is None or (known.verdict.grade is Grade.UNSURE and not known.contradicts):
            found = _worked_out(node, figures[node.index], reading, nodes, knowledge)
            if known is None or (found and found.holds):  # over a mere estimate only if it holds
                verdicts[node.index] = found
    sure = [node for node in nodes if figures[node.index].q.how in RANKS]
    beyond, stated = on_file(sure, len(figures), knowledge)
    related = relations([*nodes, *beyond], peaks_of(reading, knowledge))
    judged = _dates_beside(figures, with_relations(related, [*verdicts, *stated]))
    meant = (_unless_misread(figure, first, knowledge) for figure, first in zip(figures, judged, strict=False))
    return [_unless_denied(figure, first) for figure, first in zip(figures, meant, strict=True)]


def _dates_beside(figures: Sequence[Printed], verdicts: Sequence[FirstVerdict | None]) -> Iterator[FirstVerdict | None]:
    """A date beside a figure that evidence bears out holds if it is what the row counts, or when its source was published."""
    pairs = list(zip(figures, verdicts, strict=False))
    borne = grouped((figure.start, v.decided_by) for figure, v in pairs if v and v.holds and v.decided_by)
    for figure, first in pairs:
        rows = [row for row in borne.get(figure.start, ()) if first is None and dated(figure, row)]
        yield FirstVerdict(HOLDS, rows[0], ids_of(rows), 2, "the date of what stands beside it") if rows else first


def _unless_misread(figure: Printed, first: FirstVerdict | None, knowledge: Knowledge) -> FirstVerdict | None:
    """What fails, but evidence knows as another quantity of its system, was probably misread: it accuses nobody."""
    if first is None or not first.fails or figure.q.unit == "date":
        return first
    if rows := of_another_unit(figure.q, figure.claimed, knowledge):
        why, ids = f"is its {rows[0]['quantity'].replace('_', ' ')}", first.evidence_ids + ids_of(rows)
        return replace(first, evidence_ids=ids, rank=2, contradicts=True, why=why)
    return first


def _unless_denied(figure: Printed, first: FirstVerdict | None) -> FirstVerdict | None:
    """What a sentence denies is not its own: it neither holds nor fails; nor does what it asks, supposes or says of a part fail."""
    if first is None or not (first.holds or first.fails):
        return first
    denied = is_denied(figure)
    if not denied and not (is_supposed(figure) if first.fails else is_asked(figure)):
        return first
    why = f"{'denied or told of others' if denied else 'asked, supposed or of a part'}; {first.why}".removesuffix("; ")
    left_open = replace(OPEN, ratio=first.verdict.ratio)
    return replace(first, verdict=left_open, rank=2, contradicts=denied and first.fails, why=why)


def _by_evidence(figure: Printed, knowledge: Knowledge) -> FirstVerdict | None:
    q, claimed = figure.q, figure.claimed
    rank = RANKS.get(q.how)
    if claimed is None or rank is None or is_bare(q):
        return None
    rows = evidence_on(figure, knowledge)
    if q.system_id in knowledge.sites:  # whose rows are of other phases, and do not divide each other
        rows = [row for row in rows if claimed.overlaps(knowledge.estimate(row).interval)] or rows
    hearsay = said("hearsay").search(figure.sentence) is not None
    first = _weighed(q, claimed, [(row, knowledge.estimate(row)) for row in rows], rank, hearsay)
    if first is not None and first.holds and q.bound == "at_most" and q.unit != "date":
        near = Interval(NEARLY * claimed.high, claimed.high)
        return first if any(near.overlaps(knowledge.estimate(row).interval) for row in rows) else None
    if first is not None and q.unit == "date" and not first.holds:
        told = phrase("verdicts year").search(q.as_printed)  # not taken from the article's own date
        if first.verdict.grade is Grade.INACCURATE or not told:
            return None  # a model has several dates: paper, announcement, weights
    if first is None or not first.fails:
        return first
    unit = unit_on_file(q.unit)
    alike = [row for row in knowledge.all_on(q.system_id) if row["unit"] == unit]
    others = [row for row in alike if claimed.overlaps(knowledge.estimate(row).interval)]
    if not others:
        return first
    if agreed := agreeing(figure._replace(context=""), knowledge):
        return _agreed(agreed)
    why = f"agrees with another count of it: {others[0]['counts'] or others[0]['quantity']}"
    active = said("active").search(figure.clause) is not None  # so the kind is what the clause says, not misread
    swapped = {q.kind, others[0]["quantity"]} == SIZES and active == (q.kind == "active_parameters")
    if not swapped and {q.kind, others[0]["quantity"]} == SIZES:
        return _agreed(others)  # with what the clause says
    return FirstVerdict(OPEN, others[0], ids_of(others), 2 if swapped else rank, why, contradicts=swapped)


def _weighed(
    q: Quantity, claimed: Interval, known: Sequence[tuple[Row, Estimate]], rank: int, hearsay: bool
) -> FirstVerdict | None:
    """The figure against the strongest evidence; estimates and leaks approve nothing and accuse nobody, nor does the press what is
    told as `hearsay`."""
    if not known:
        return None
    is_date = q.unit == "date"
    strongest = max(estimate.strength for _, estimate in known)

    if strongest <= Strength.WEAK:
        fair = [(row, replace(estimate, strength=Strength.FAIR)) for row, estimate in known]
        rows = [row for row, estimate in fair if restated(claimed, [estimate], is_date=is_date).grade in HOLDING]
        return _agrees_with_estimate(rows, hearsay)
    best = [(row, estimate) for row, estimate in known if estimate.strength == strongest]
    verdict = restated(claimed, [estimate for _, estimate in best], is_date=is_date)
    agreed = [(row, e) for row, e in known if claimed.overlaps(e.interval)]
    if verdict.grade in FAILS and any(estimate.strength >= Strength.FAIR for _, estimate in agreed):
        verdict, best = HOLDS, agreed
    if hearsay and strongest <= Strength.FAIR and verdict.grade in HOLDING:
        return _agrees_with_estimate([row for row, _ in agreed], hearsay)
    alike = [row for row, e in best if restated(claimed, [e], is_date=is_date).grade is verdict.grade]
    decided_by = [*alike, best[0][0]][0]  # of sources that are divided, the first
    return FirstVerdict(verdict, decided_by, ids_of([row for row, _ in best]), rank)


def _agrees_with_estimate(rows: Sequence[Row], hearsay: bool = False) -> FirstVerdict | None:
    """Only estimates, leaks or hearsay: unsure, and whom the figure agrees with; nothing where it agrees with none."""
    if not rows:
        return None
    reported = [row for row in rows if row["standing"] in ("primary", "secondary") and strength(row) > Strength.HINT]
    if reported and not hearsay:
        return FirstVerdict(HOLDS, reported[0], ids_of(reported), 2)
    source = rows[0].get("source_id", "")
    leak = f"agrees with the leak of {source}; the maker publishes nothing"
    why = leak if rows[0]["standing"] == "leak" else f"agrees with the estimate of {source}"
    return FirstVerdict(OPEN, rows[0], ids_of(rows), 1, why)


def _worked_out(
    node: Node, figure: Printed, reading: Reading, nodes: Sequence[Node], knowledge: Knowledge
) -> FirstVerdict | None:
    """What follows from evidence by formula, by two systems' figures or by rent; never of first rank."""
    q = figure.q
    if q.kind in FRACTIONS:
        return _by_multiple(node, figure, reading, nodes, knowledge)
    if q.how not in RANKS or q.system_id not in knowledge.names:
        return None
    on_it = [row for row in knowledge.all_on(q.system_id) if row["quantity"] == "chip" and row["unit"] == "text"]
    chips = [row["value"] for row in on_it] or [n.system_id for n in reading.names if n.sort == "hardware"]
    return _cautious(figure, plausible_cost(figure, chips, knowledge), reading, knowledge)


def _cautious(
    figure: Printed, first: FirstVerdict | None, reading: Reading, knowledge: Knowledge
) -> FirstVerdict | None:
    """A holding grade only where the row counts what the text says; a failing one only where the sentence names its owner and no
    other; else the figure contradicts what is on file.

    What was spent depends on the stage that a sentence means, so it contradicts as well. A figure that is another member's is the more likely misread: it contradicts too, and is not close to its own.
    """
    q, row = figure.q, first.decided_by if first else None
    if first and first.holds and row and "disputed" in row["counts"]:
        return replace(first, verdict=OPEN, rank=2, why=row["counts"])
    if first and first.holds and row and (why := counted_otherwise(figure, row, knowledge)):
        return replace(first, rank=2, contradicts=True, why=why)
    if first is None or first.contradicts or not (first.fails or first.verdict.grade is Grade.CLOSE):
        return first
    if row and q.system_id in knowledge.sites:
        slip = first.verdict.problem is Flaw.UNIT
        why = "differs from what is on file by a power of ten" if slip else "sites grow: of another date or phase"
        return replace(first, verdict=replace(first.verdict, grade=Grade.UNSURE), rank=2, why=why, contradicts=slip)
    known, claimed = knowledge.estimate(row).interval if row and q.unit != "date" else None, figure.claimed
    off = max(first.verdict.ratio, 1 / first.verdict.ratio) if known and first.verdict.ratio > 0 else 0.0
    start, end = (figure.start, figure.end) if q.how == "here" else (0, q.char_end)
    sorts = ("system", "place", "hardware") if knowledge.chips(q.system_id) else ("system", "place")
    named = {n.system_id for n in reading.names if n.sort in sorts and start <= n.char_start < end}
    rows: list[Row] = []
    if known and claimed and off > TOO_FAR and not slip_of(claimed, known):
        why = "so far from what is on file that it may count something else"
    elif claimed and q.unit != "date" and (rows := of_a_relative(q, claimed, knowledge)):
        why = f"is the figure of {knowledge.titles[rows[0]['system_id']]}"
    elif first.fails and (named - {q.system_id} or q.kind in SPENT):
        why = first.why or "does not fit what is on file"
    else:
        return first
    return replace(first, evidence_ids=first.evidence_ids + ids_of(rows), rank=2, contradicts=True, why=why)


def _by_agreement(figure: Printed, reading: Reading, knowledge: Knowledge) -> FirstVerdict | None:
    """What the figure agrees with, where nothing judges it: of second rank."""
    q, claimed = figure.q, figure.claimed
    precise = claimed is not None and claimed.high <= PRECISE * claimed.low
    pronoun = said("it").search(figure.before) or said("the_model").search(figure.before)
    systems, near = (n for n in reading.names if n.sort == "system"), range(1, BEFORE // 2 + 1)
    before = {n.system_id for n in systems if figure.start - n.char_start in near}
    here = any(n.system_id == q.system_id and figure.start <= n.char_start < figure.end for n in reading.names)
    one_of_several = pronoun and len(before) > 1 and not precise and not here
    if is_bare(q) or q.how not in (*RANKS, "inferred", "far", "aside", "") or (q.how == "far" and one_of_several):
        return None
    if rows := agreeing(figure, knowledge):
        return _agreed(rows)
    weak = agreeing(figure, knowledge, Strength.HINT)
    guessed = [row for row in weak if row["standing"] == "leak" or strength(row) > Strength.HINT]
    if guessed and q.unit != "date":
        return _agrees_with_estimate(guessed)
    if claimed and (rows := slipped(figure, claimed, knowledge)):
        off = replace(OPEN, problem=Flaw.UNIT, ratio=claimed.gap_ratio(knowledge.estimate(rows[0]).interval))
        by = "is the day of another year" if q.unit == "date" else "differs from what is on file by a power of ten"
        return FirstVerdict(off, rows[0], ids_of(rows), 2, by, contradicts=True)
    return None


def _agreed(rows: Sequence[Row]) -> FirstVerdict:
    """What fair evidence says too."""
    why = f"agrees with what is on file: {rows[0]['counts'] or rows[0]['quantity']}"
    return FirstVerdict(HOLDS, rows[0], ids_of(rows), 2, why)


def _by_price(figure: Printed, reading: Reading, knowledge: Knowledge) -> FirstVerdict | None:
    """A rent or price of the accelerator that owns the figure, else of the only one of the sentence, else of the last named."""
    if figure.q.kind != "money":
        return None
    chips, owner = [n for n in reading.names if n.sort == "hardware"], figure.q.system_id
    inside = list(dict.fromkeys(n.system_id for n in chips if figure.start <= n.char_start < figure.end))
    earlier = [n.system_id for n in chips if n.char_start < figure.start and owner not in knowledge.names]
    of = [owner] if knowledge.chips(owner) else inside if len(inside) == 1 else earlier[-1:]
    return price_verdict(figure, of, knowledge)


def _by_multiple(
    node: Node, figure: Printed, reading: Reading, nodes: Sequence[Node], knowledge: Knowledge
) -> FirstVerdict | None:
    """A multiple of the owner and of another system of the sentence, or of one that stands a little before it."""
    named = [n for n in reading.names if n.known and n.sort in ("system", "hardware")]
    near = [n for n in named if figure.start - BEFORE <= n.char_start < figure.end]
    inside = list(dict.fromkeys(n.system_id for n in near if n.char_start >= figure.start))
    owner = node.system_id or (inside[0] if len(inside) == 2 else "")
    others = list(dict.fromkeys(n.system_id for n in reversed(near) if n.system_id != owner))
    beside = [s for s in inside if s != owner]
    found = multiple_of(replace(node, system_id=owner), others[:MOST_OTHERS], beside or others[:1], nodes, knowledge)
    if found is None:
        return None
    verdict = HOLDS if found.holds else replace(OPEN, ratio=found.ratio)
    return FirstVerdict(verdict, None, found.ids, 2, found.why, contradicts=not found.holds)
