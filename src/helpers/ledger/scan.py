"""Scan an article: the figures of its text as candidates for claims, each with its sentence and a first verdict.

A first verdict holds a figure against the evidence on the same quantity of the same system, where the sentence names that
system and says the same of the figure (`matching`). Sentences are shown and never stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from helpers.errors import DataProblem
from helpers.ledger.evidence import strength
from helpers.ledger.intervals import Interval, date_interval, published_interval
from helpers.ledger.matching import EVIDENCE, RANKS, same_thing
from helpers.ledger.verdicts import Estimate, Finding, Verdict, judge
from helpers.paths import shown
from helpers.reader import PrintedFigure, Quantity, Token, interval, read_text
from helpers.rows import read_rows

Row = Mapping[str, str]

SENTENCE_REACH = 160
_END = re.compile(r"[!?！？;；\n]|(?<!\d)。|。(?!\d)|\.(?=\s)")


@dataclass(frozen=True)
class FirstVerdict:
    """A verdict, the evidence that decided it, and all evidence of that strength."""

    verdict: Verdict
    decided_by: Row
    evidence_ids: tuple[str, ...]


@dataclass(frozen=True)
class Candidate:
    """A figure, the name of its system, and what the evidence says first; `sentence` is for the screen only."""

    quantity: Quantity
    system: str
    before: str
    after: str
    first: FirstVerdict | None


@dataclass(frozen=True)
class Scan:
    """What was found in a text, and what could not be read."""

    candidates: tuple[Candidate, ...]
    unread: tuple[Token, ...]
    dismissed: tuple[Token, ...]


_SIZE = re.compile(r"^(?P<stem>[A-Za-z][A-Za-z]+[A-Za-z0-9. -]*?)[ -]\d+(?:\.\d+)?[BTM]$")


def _family(system_id: str, names: Sequence[str]) -> list[str]:
    """Names without their size where the system's id is without it too: bloom is BLOOM, not only BLOOM-176B; and the size in
    brackets spelled as a part of the name."""
    stems = [found["stem"] for name in names if (found := _SIZE.match(name))]
    own = [stem for stem in stems if stem.lower().replace(" ", "-") == system_id]
    sized = [f"{stem} {size}" for name in names for stem, size in _IN_BRACKETS.findall(name)]
    return [name for name in (*own, *sized) if name not in names]


_IN_BRACKETS = re.compile(r"^([A-Za-z][A-Za-z0-9. -]*?) \((\d+(?:\.\d+)?[BTM])\)$")


class Knowledge:
    """Names of systems and evidence on them, from a data folder.

    Raises:
        DataProblem: a table is missing or lacks a column.
    """

    def __init__(self, data_dir: Path) -> None:
        raw = data_dir / "raw"
        systems = read_rows(raw / "systems.csv", ("system_id", "name", "name_zh", "aliases"))
        models = read_rows(raw / "models.csv", ("model_id", "name"))
        self.names: dict[str, list[str]] = {}
        for row in systems:
            self._name(row["system_id"], row["name"], row["name_zh"], *row["aliases"].split("|"))
        for row in models:
            self._name(row["model_id"], row["name"])
        for system_id, known in self.names.items():
            known += _family(system_id, known)
        self._file = raw / "evidence.csv"
        self._evidence: dict[tuple[str, str, str], list[Row]] = {}
        needed = ("evidence_id", "system_id", "quantity", "value", "unit", "counts", "confidence", "standing")
        for row in read_rows(self._file, needed):
            self._evidence.setdefault((row["system_id"], row["quantity"], row["unit"]), []).append(row)

    def _name(self, system_id: str, *names: str) -> None:
        known = self.names.setdefault(system_id, [])
        known += [name for name in names if name and name not in known]

    def on(self, quantity: Quantity, before: str, after: str) -> list[tuple[Row, Estimate]]:
        """Evidence on what the sentence says of the figure; none where the sentence does not name the system."""
        unit = quantity.unit.replace(".", " ")
        if quantity.how not in RANKS or quantity.per:
            return []
        rows = [
            row
            for name in EVIDENCE.get(quantity.kind, ())
            for row in self._evidence.get((quantity.system_id, name, unit), ())
            if same_thing(quantity, row, before, after)
        ]
        return [(row, self._estimate(row)) for row in rows]

    def _estimate(self, row: Row) -> Estimate:
        try:
            return Estimate(published_interval(row["value"], row["unit"]), strength(row), row["evidence_id"])
        except ValueError as error:
            where = f"row {row['evidence_id']}, column value"
            raise DataProblem(shown(self._file), where, str(error), "write a number, or an ISO date") from None


def scan(text: str, knowledge: Knowledge) -> Scan:
    """Read the figures of a text; linear in its length."""
    reading = read_text(text, list(knowledge.names.items()))
    candidates = tuple(_candidate(text, q, knowledge) for q in reading.quantities)
    return Scan(candidates, reading.unread, reading.dismissed)


def _candidate(text: str, quantity: Quantity, knowledge: Knowledge) -> Candidate:
    names = knowledge.names.get(quantity.system_id)
    before, after = around(text, quantity.char_start, quantity.char_end)
    name = names[0] if names else quantity.system_id
    known = knowledge.on(quantity, before, after)
    return Candidate(quantity, name, before, after, first_verdict(quantity, known))


def around(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and after a figure in its sentence, within reach."""
    before = text[max(0, start - SENTENCE_REACH) : start]
    begins = max((m.end() for m in _END.finditer(before)), default=0)
    stop = _END.search(text, end, end + SENTENCE_REACH)
    return before[begins:].lstrip(), text[end : stop.end() if stop else end + SENTENCE_REACH].rstrip()


def first_verdict(quantity: Quantity, known: Sequence[tuple[Row, Estimate]]) -> FirstVerdict | None:
    """The figure against the strongest evidence; None where there is none, or the figure is no full date."""
    claimed = claimed_interval(quantity)
    if claimed is None or not known:
        return None
    strongest = max(estimate.strength for _, estimate in known)
    known = [(row, estimate) for row, estimate in known if estimate.strength == strongest]
    is_date = quantity.unit == "date"

    def held_against(estimates: Iterable[Estimate]) -> Verdict:
        return judge("restates", claimed, Finding(tuple(estimates), strength=strongest), is_date=is_date)

    verdict = held_against(estimate for _, estimate in known)
    decided_by = next(row for row, estimate in known if held_against([estimate]).grade is verdict.grade)
    return FirstVerdict(verdict, decided_by, tuple(row["evidence_id"] for row, _ in known))


def claimed_interval(quantity: Quantity) -> Interval | None:
    """What a figure says with its precision and its hedge; None for a date without a year."""
    try:
        if quantity.unit == "date":
            ends = [date_interval(end) for end in (range_ends(quantity) or (str(quantity.value),))]
            return Interval(ends[0].low, ends[-1].high)
        inherent = quantity.bound if quantity.hedge in ("", "多", "余") else "exact"  # 3000多 is an interval as printed
        figure = PrintedFigure(
            float(quantity.value), quantity.low, quantity.high, quantity.unit, inherent, quantity.as_printed
        )
        return Interval(*interval(figure, quantity.bound, quantity.hedge))
    except ValueError:
        return None


def range_ends(quantity: Quantity) -> tuple[str, str] | None:
    """The ends of a printed range, as text in the base unit; None where it is no range."""
    if not quantity.bound.startswith("range "):
        return None
    if quantity.unit == "date":
        low, _, high = quantity.bound.removeprefix("range ").partition("/")
        return low, high
    return number(quantity.low), number(quantity.high)


def number(value: float | str) -> str:
    """A value for a table: dates as they are, numbers without rounding that shows."""
    return value if isinstance(value, str) else f"{value:.15g}"
