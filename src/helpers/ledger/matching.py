"""Whether a figure of an article counts what a piece of evidence counts: only then may the one be held against the other.

Kind and unit are not enough: fifty years of research are no training time, a corpus is not what a model was trained on, and
a plan or a supposition is no fact. What is in doubt gets no first verdict.
"""

from helpers.ledger.claimed import Printed
from helpers.ledger.evidence import KIND_OF, unit_on_file
from helpers.ledger.knowledge import Knowledge, Row
from helpers.ledger.nodes import FRACTIONS
from helpers.reader import Quantity
from helpers.reader.fold import fold
from helpers.reader.vocabulary import phrase, said

# What evidence on a system may say about a figure of this kind; only rows in the figure's own unit are used.
EVIDENCE = {kind: tuple(q for q in KIND_OF if KIND_OF[q] == kind) for kind in dict.fromkeys(KIND_OF.values())}
PER = {("chip s", "1e+12 token"): ("chip_time_per_trillion_tokens",), ("USD", "chip.h"): ("chip_hour_price",)}
# What a data centre holds, trained with or not.
_SITE = ("installed", "in the data centre", "of the site", "of the cluster")
NEAR = 40
A_SERVER = 16  # so few chips are those of one machine of a run
# How the text names the system, and the rank of a verdict that rests on it: 1 in the sentence, 2 before it or in title and lead.
RANKS = {"here": 1, "before": 2, "title": 2}
_RUN_KINDS = {
    "tokens", "compute", "throughput", "utilisation", "chip_count", "server_count", "core_count", "duration", "energy",
    "emissions", "money",
}  # fmt: skip


def evidence_on(figure: Printed, knowledge: Knowledge) -> list[Row]:
    """Evidence on what the sentence says of the figure; none on a rate, and none where the sentence says something else."""
    q = figure.q
    if q.per:
        unit = unit_on_file(q.unit)
        return knowledge.evidence(q.system_id, PER.get((unit, q.per), ()), unit)
    if q.kind in FRACTIONS:
        return []  # of many things
    return [row for row in all_evidence(q, knowledge) if _same_thing(figure, row)]


def contrary(figure: Printed, words: str) -> bool:
    """Whether the words say that the figure is no fact of the system: supposed, of its use, a difference, a part of a time."""
    supposed = said("supposed").search(words) or said("serving").search(words)
    left, right = _sides(figure)
    no_fact = figure.q.kind in _RUN_KINDS and supposed is not None
    return no_fact or is_window(figure.q, left, right) or phrase("matching difference").search(left) is not None


def _sides(figure: Printed) -> tuple[str, str]:
    """What stands before and after a figure in its sentence, folded, without what only sets off."""
    return phrase("matching in_contrast").sub("", fold(figure.before).text), fold(figure.after).text


def is_bare(quantity: Quantity) -> bool:
    """Whether a figure is a bare magnitude, which no evidence decides: 千亿, tens of thousands."""
    return phrase("matching bare").fullmatch(quantity.as_printed) is not None


def is_denied(figure: Printed) -> bool:
    """Whether the sentence denies the figure or leaves it to others: is not 56B, 绝非614颗, folklore, someone claims."""
    before, after = phrase("matching denied_before"), phrase("matching denied_after")
    denied = before.search(figure.before) or after.match(figure.after) or said("disputed").search(figure.sentence)
    return denied is not None


def is_asked(figure: Printed) -> bool:
    """Whether a sentence asks, or repeats a saying: is it $6 million?, the "$6 million" model."""
    asked = figure.sentence.rstrip('”』」" ').endswith(("?", "？"))
    quoted = phrase("matching quote_opens").search(figure.before) and phrase("matching quote_ends").match(figure.after)
    return asked or quoted is not None


def is_supposed(figure: Printed) -> bool:
    """Whether the sentence asks, supposes, plans, compares or speaks of a part or a version: it is not said of the whole."""
    return is_asked(figure) or any(said(kind).search(figure.clause) for kind in ("unasserted", "derived"))


def is_window(quantity: Quantity, before: str, after: str) -> bool:
    """Whether a time is one that something was watched for or recurs after, or a part: 118 days, 5 hours and 41 minutes."""
    if quantity.unit != "s":
        return False
    more = phrase("matching more_time").match(after) or phrase("matching before_time").search(before)
    return (more or said("window").search(before[-NEAR:] + after[:NEAR])) is not None


def another_release(figure: Printed) -> bool:
    """Whether a date is one of a report, a paper or a list."""
    left, right = _sides(figure)
    return said("other_release").search(f"{left[-NEAR:]}|{right[:NEAR]}") is not None


def part_of_it(row: Row) -> bool:
    """Whether evidence counts something else than the whole run of the system."""
    counts = row.get("counts", "")
    return said("of_a_part").search(counts) is not None or phrase("matching first_of_several").match(counts) is not None


def all_evidence(quantity: Quantity, knowledge: Knowledge) -> list[Row]:
    """All evidence on quantities of the figure's kind, whatever it counts."""
    return knowledge.evidence(quantity.system_id, EVIDENCE.get(quantity.kind, ()), unit_on_file(quantity.unit))


def _same_thing(figure: Printed, row: Row) -> bool:
    """Whether the sentence around the figure says of it what the evidence states: the same quantity, as a fact."""
    q, (left, right) = figure.q, _sides(figure)
    if part_of_it(row) or (q.kind == "chip_count" and q.high <= A_SERVER < float(row["value"])):
        return False
    sentence = f"{left}{q.as_printed}{right}"
    if contrary(figure, sentence) or (q.kind in _RUN_KINDS and said("compared").search(left)):
        return False
    if q.kind == "layers" and said("sort_of_layer").search(right[:NEAR]):
        return False
    if q.kind == "date":
        told = said("released").search(left[-NEAR:] + "|" + right[:NEAR]) and not another_release(figure)
        return bool(told) and not phrase("matching span").match(right)
    return _says(sentence, row, figure.context)


def _says(sentence: str, row: Row, context: str) -> bool:
    """Whether a sentence says what a row of evidence counts."""

    def has(kind: str, text: str = sentence) -> bool:
        return said(kind).search(text) is not None

    quantity, counts, trained = row["quantity"], row.get("counts", ""), has("training")
    if "|" in sentence:
        return True  # the head of its column says what it is
    if quantity in ("energy", "emissions", "training_flop", "chip_time"):
        return not has("deployed") or counts.startswith(_SITE)
    if quantity in ("chip_count", "server_count", "core_count", "training_duration", "training_cost"):
        ran = has("ran") or has("training", fold(context).text)
        return trained or (ran and not has("deployed")) or counts.startswith(_SITE)
    if quantity == "training_tokens":
        read = has("data") or has("training", fold(context).text)
        return phrase("matching corpus_itself").search(sentence) is None if trained else read
    if quantity in ("corpus_tokens", "corpus_words", "corpus_bytes", "raw_corpus_bytes"):
        return has("corpus") and has("raw_corpus") == (quantity == "raw_corpus_bytes")
    if quantity == "throughput_per_chip":
        return has("each")
    if quantity == "throughput":
        return has("together") and not has("each")
    if quantity == "utilisation":  # hardware FLOP against hardware FLOP, model FLOP against model FLOP
        return "mixed" not in counts and has("hardware_flop") == counts.startswith("hardware")
    return True
