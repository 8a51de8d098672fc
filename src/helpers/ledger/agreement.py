"""Figures that agree with what is on file though the sentence does not say all that a judgement needs: they hold, of second rank.

Agreement accuses nobody, so it may look further than `matching`: at parts of a run that the text names, at all members of a
family, at dates without a word of release. A figure agrees only if it tells something: no bare magnitude, no vague bound.
"""

import math
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from helpers.ledger.claimed import Printed
from helpers.ledger.evidence import KIND_OF, strength, unit_on_file
from helpers.ledger.intervals import Interval, date_interval, slip_of
from helpers.ledger.knowledge import Knowledge, Row
from helpers.ledger.matching import EVIDENCE, all_evidence, another_release, contrary, part_of_it
from helpers.ledger.nodes import FRACTIONS, SIZES
from helpers.ledger.verdicts import FAR, Strength
from helpers.reader import Quantity
from helpers.reader.vocabulary import meanings, patterns, phrase, said
from helpers.rows import read_rows

TELLING = 1.5  # the ends of what a figure admits lie no further apart, or it agrees with too much
ITSELF = 0.005
LEAST_COUNT = 3
KIBI = 1.05
BEYOND = 1.3  # how far above "more than" or below "less than" a value still agrees
_ALIKE = ("announced", "first_announced", "context_length", "training_tokens", "layers", "experts", "vocabulary")
_DATES = ("announced", "first_announced", "paper")
_STAGES = ("pre-training", "reinforcement", "fine-tuning", "longer context", "unplanned")
SPENT_ON = {"chip_count", "server_count", "core_count"}
SHORT, BESIDE = 0.98, 24
DIGITS = 3  # of a count that needs no noun
_SUPPOSED = re.compile("planned|window|for each")  # what a sentence may say so
_YEARS = re.compile(r"(?<!\d)20\d\d(?!\d)")
_YEAR = 300  # days: a bare year agrees with a lot, so the name has to stand beside it
_MISFITS = read_rows(Path(__file__).with_name("misfits.csv"), ("has", "lacks", "quantity", "said", "unless", "why"))
# What a row counts a part of, and the nouns of what is counted, each with the words by which a text says so.
_PARTS = [(tuple(kind.split("|")), words) for kind, words in patterns("part").items()]
_COUNTED = {quantity: words for kind, words in patterns("noun").items() for quantity in kind.split("|")}


def agreeing(figure: Printed, knowledge: Knowledge, least: Strength = Strength.FAIR) -> list[Row]:
    """Rows of this strength or better that the figure agrees with, by what the text says of it."""
    q, claimed = figure.q, figure.claimed
    if q.per not in ("", "query", "year", "kWh"):
        return []
    many = knowledge.sites | knowledge.families  # of which most is planned, and much serves
    no_fact = q.per != "query" and q.system_id not in many and contrary(figure, figure.clause)
    if q.unit == "date":
        return [] if no_fact else _same_date(figure, knowledge)
    if claimed is None:
        return []
    claimed = _near_its_end(q, claimed)
    if q.kind == "context_length":
        claimed = Interval(claimed.low, claimed.high * KIBI)  # 128K of 1,024 or of 1,000
    if claimed.low <= 0 or (q.unit == "count" and claimed.low < LEAST_COUNT):
        return []
    rows = _fits(claimed, [*_rows(q, knowledge), *_on_topic(figure, knowledge)], knowledge, least)
    if claimed.high > TELLING * claimed.low:  # of few digits: only what is the very value
        exact = rows if q.bound == "exact" else []
        rows = [row for row in exact if math.isclose(float(row["value"]), float(q.value), rel_tol=ITSELF)]
    rows = [r for r in rows if not no_fact or _SUPPOSED.search(r["counts"]) or r["system_id"] in patterns("topic")]
    rows = [row for row in rows if part_of_it(row) or not _disputed(row, knowledge)]
    return [row for row in rows if _is_said(figure, row)]


def _fits(claimed: Interval, rows: Iterable[Row], knowledge: Knowledge, least: Strength = Strength.FAIR) -> list[Row]:
    """The rows of this strength or better that a figure may be."""
    fair = [row for row in rows if strength(row) >= least and row["unit"] != "text"]
    return [row for row in fair if claimed.overlaps(knowledge.estimate(row).interval)]


def counted_otherwise(figure: Printed, row: Row, knowledge: Knowledge) -> str:
    """Why a row that a figure agrees with counts something else than the text says of it: a member for its family, a part for the
    whole, the whole for a stage; empty where nothing speaks against it."""
    counts, alike, claimed = row["counts"], _alike(row, knowledge), figure.claimed
    for case in _MISFITS:
        of_it = (
            case["has"] in counts and (case["lacks"] or "?") not in counts and case["quantity"] in ("", row["quantity"])
        )
        unless = case["unless"] and said(case["unless"]).search(figure.sentence)
        if of_it and said(case["said"]).search(figure.sentence) and not unless:
            return f"{case['why']}: {counts}"
    if claimed is None or row["unit"] in ("date", "text"):
        return ""
    if figure.q.bound == "at_least" and claimed.low >= SHORT * float(row["value"]) and said("no_more").search(counts):
        return f"not more than that: {counts}"
    active = [r for r in knowledge.all_on(row["system_id"]) if r["quantity"] == "active_parameters"]
    if row["quantity"] == "parameters" and active and said("all_active").search(figure.clause):
        return "" if _fits(claimed, active, knowledge) else f"each token uses {active[0]['value']} of them"
    for part in (r for r in alike if r is not row and r["counts"].startswith("part: ")):
        name = part["counts"].removeprefix("part: ").partition(",")[0]
        named = re.search(rf"(?<![A-Za-z]){re.escape(name)}(?!\d)", figure.after[:BESIDE])
        if named and knowledge.estimate(part).interval.high < SHORT * claimed.low:
            return f"not all of it: {name} is {part['value']}"
    stages = [r for r in alike if r is not row and _stage_said(r["counts"], figure)]
    if stages and not _stage_said(counts, figure) and not _fits(claimed, stages, knowledge):
        return f"counts {counts or 'the whole'}, not {stages[0]['counts']}"
    return ""


def _stage_said(counts: str, figure: Printed) -> bool:
    """Whether the clause of a figure names the stage of training that a row counts."""
    stages = (stage for stage in _STAGES if counts.removeprefix("part: ").startswith(stage))
    return any(patterns("part")[stage].search(figure.clause) for stage in stages)


def _alike(row: Row, knowledge: Knowledge) -> list[Row]:
    """Rows on the same quantity of the same system in the same unit."""
    on = ("quantity", "unit")
    return [r for r in knowledge.all_on(row.get("system_id", "")) if all(r[name] == row[name] for name in on)]


def _disputed(row: Row, knowledge: Knowledge) -> bool:
    """Whether evidence as strong puts the same quantity of a system at less than half or more than double; companies, sites and
    countries have many of one kind."""
    if row["quantity"] not in KIND_OF or row["system_id"] in knowledge.families | knowledge.sites:
        return False
    known, rows = knowledge.estimate(row).interval, _alike(row, knowledge)
    others = [knowledge.estimate(r).interval for r in rows if not part_of_it(r) and strength(r) >= strength(row)]
    return any(not 1 / FAR < known.gap_ratio(other) < FAR for other in others)


def _near_its_end(q: Quantity, claimed: Interval) -> Interval:
    """More than a thousand agrees with what lies a little above it, less than a thousand with what lies a little below."""
    ends = {"at_least": (claimed.low, claimed.low * BEYOND), "at_most": (claimed.high / BEYOND, claimed.high)}
    return Interval(*ends[q.bound]) if q.bound in ends else claimed


def _rows(q: Quantity, knowledge: Knowledge) -> Iterator[Row]:
    """Evidence in the figure's unit on its system; of a family its own rows and those in which all its members agree."""
    unit = unit_on_file(q.unit)
    yield from (row for row in knowledge.all_on(q.system_id) if row["unit"] == unit)
    for quantity in _ALIKE if q.system_id in knowledge.families else ():
        members = [row for row in knowledge.of_members(q.system_id, quantity) if row["unit"] == unit]
        if members and len({float(row["value"]) for row in members}) == 1:
            yield from members


def _on_topic(figure: Printed, knowledge: Knowledge) -> Iterator[Row]:
    """Evidence on what a sentence is about, where nobody owns the figure, or a country, and no company is named."""
    owner, unit = knowledge.titles.get(figure.q.system_id, figure.q.system_id), unit_on_file(figure.q.unit)
    local = said("of_a_country").search(figure.sentence) and not said("of_the_world").search(figure.sentence)
    place = owner or ("part: " if local else "")
    for topic, words in patterns("topic").items() if owner in ("", *meanings("country").values()) else ():
        share = figure.q.kind in FRACTIONS  # of what its own sentence says
        about = words.search(figure.sentence if share else figure.context + figure.after)
        if about and not any(company.search(figure.sentence) for company in patterns("company").values()):
            yield from (r for r in knowledge.all_on(topic) if r["unit"] == unit and (share or place in r["counts"]))


def of_a_relative(q: Quantity, claimed: Interval, knowledge: Knowledge) -> list[Row]:
    """Rows on the same quantity of the family or of other members of it that the figure agrees with."""
    rows = [row for relative in knowledge.relatives(q.system_id) for row in knowledge.all_on(relative)]
    quantities = SIZES if q.kind in SIZES else EVIDENCE.get(q.kind, ())
    alike = [r for r in rows if r["quantity"] in quantities and r["unit"] == unit_on_file(q.unit)]
    return _fits(claimed, alike, knowledge)


def of_another_unit(q: Quantity, claimed: Interval | None, knowledge: Knowledge) -> list[Row]:
    """Rows on another quantity of the same system that the bare number agrees with: what it counts was probably misread."""
    other = [row for row in knowledge.numbers(q.system_id) if row["unit"] != unit_on_file(q.unit)]
    return _fits(claimed, other, knowledge) if claimed else []


def slipped(figure: Printed, claimed: Interval, knowledge: Knowledge) -> list[Row]:
    """Rows whose digits the figure has with another power of ten, or whose day and month in another year, where it agrees with none."""
    q = figure.q
    if q.per or contrary(figure, figure.clause):
        return []
    if q.unit == "date":
        told = phrase("verdicts year").search(q.as_printed) and said("released").search(figure.clause)
        year, rest = str(q.value)[:4], str(q.value)[4:]
        alike = [row for row in all_evidence(q, knowledge) if rest and row["value"][4:].startswith(rest)]
        same = another_release(figure) or any(row["value"][:4] == year for row in alike)
        return [] if same or not told else alike
    rows = [row for row in all_evidence(q, knowledge) if strength(row) >= Strength.WEAK]
    claimed = Interval(float(q.value), float(q.value)) if q.bound in ("at_least", "at_most") else claimed
    if any(claimed.overlaps(knowledge.estimate(row).interval) for row in rows) or of_a_relative(q, claimed, knowledge):
        return []
    return [row for row in rows if slip_of(claimed, knowledge.estimate(row).interval)]


def _is_said(figure: Printed, row: Row) -> bool:
    """Whether the text says of the figure what the row counts: its kind or noun, and the part if it is one."""
    kind, noun = figure.q.kind, _COUNTED.get(row["quantity"])
    years = _YEARS.findall(row["counts"])
    if years and (told := _YEARS.findall(figure.sentence)) and not set(years) & set(told):
        return False
    if figure.q.unit == "count" or (noun and kind == "money"):
        if not (noun and noun.search(figure.sentence)) and not (figure.q.unit == "count" and _tells_itself(figure)):
            return False
    elif {kind, row["quantity"]} == SIZES:  # one is easily misread for the other
        if (row["quantity"] == "active_parameters") != (said("active").search(figure.clause) is not None):
            return False
    elif kind not in ("other", KIND_OF.get(row["quantity"], "" if kind in SPENT_ON else kind)):  # other: litres, watts
        return False
    words = [words for parts, words in _PARTS if any(part in row["counts"] for part in parts)]
    if not words:
        return not part_of_it(row) or "leaked" in row["counts"]
    return any(word.search(figure.sentence) or word.search(figure.context) for word in words)


def _tells_itself(figure: Printed) -> bool:
    """Whether a count has digits enough to be no other one: 1,509, not 40."""
    return len(f"{float(figure.q.value):.6e}".partition("e")[0].replace(".", "").rstrip("0")) >= DIGITS


def dated(figure: Printed, row: Row) -> bool:
    """Whether a date is the year that a row counts, or the day or month when its source was published; the year only of a paper."""
    if figure.claimed is None or figure.q.unit != "date" or figure.q.bound.startswith("range"):
        return False
    days = [row["published"]] if row.get("published") else []
    paper = figure.claimed.high - figure.claimed.low <= _YEAR or said("other_release").search(figure.sentence)
    known = [*_YEARS.findall(row["counts"]), *(days if paper else [])]
    return any(figure.claimed.overlaps(date_interval(day)) for day in known)


def _same_date(figure: Printed, knowledge: Knowledge) -> list[Row]:
    """The day or month of an announcement; a year only where the name stands beside it."""
    q, claimed = figure.q, figure.claimed
    if another_release(figure) or q.bound.startswith("range"):
        return []
    vague = claimed is not None and claimed.high - claimed.low > _YEAR
    told = said("released").search(figure.before + figure.after) or phrase("agreement beside").search(figure.before)
    if vague and not told:
        return []
    rows = knowledge.all_on(q.system_id)
    for quantity in _DATES if q.system_id in knowledge.families else ():
        rows += knowledge.of_members(q.system_id, quantity)
    dates = [row for row in rows if row["quantity"] in _DATES and row["unit"] == "date"]
    dates += knowledge.releases(q.system_id)
    if claimed is None:
        return [row for row in dates if row["value"][5:] == str(q.value)[2:]]  # a day without its year
    return [row for row in dates if claimed.overlaps(knowledge.estimate(row).interval)]
