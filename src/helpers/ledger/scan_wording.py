"""In words: a scanned figure, its first verdict, and what the tables hold on a system."""

import re
from calendar import month_name
from collections.abc import Iterator

from helpers.constants import SECOND_PER_HOUR
from helpers.errors import Problem, nearest
from helpers.ledger.claimed import range_ends
from helpers.ledger.evidence import UNITS_OF, strength, unit_on_file
from helpers.ledger.knowledge import Knowledge, Row
from helpers.ledger.scan import Candidate
from helpers.ledger.verdicts import FirstVerdict
from helpers.numbers import plain, readable
from helpers.reader.names import canonical

BEARS = ("decides nothing", "weak", "fair", "strong")  # by strength
DIGITS = 7  # as many as are printed: 16,384 chips, not 16,380
_YEARLESS = re.compile(r"--(\d\d)?(?:-(\d\d))?")
_PETAFLOP_DAYS = re.compile(r"PD|PF|[Pp]eta|天|日|day")


def statement(candidate: Candidate) -> str:
    """A neutral phrase made from the figure alone: Parameters of GPT-3: about 175 billion."""
    kind = candidate.quantity.kind.replace("_", " ")
    of = f" of {candidate.system}" if candidate.system else ""
    return f"{kind.capitalize()}{of}: {spoken(candidate).removesuffix(f' {kind}')}"


def spoken(candidate: Candidate) -> str:
    """A figure with its bound in units that readers know: at least 175 billion parameters, 10 to 20 days."""
    q, unit = candidate.quantity, unit_on_file(candidate.quantity.unit)
    if ends := range_ends(q):
        return " to ".join(_readable(end if unit == "date" else float(end), unit, q.as_printed) for end in ends)
    bound = "" if q.bound == "exact" else q.bound.replace("_", " ") + " "
    return bound + _readable(q.value, unit, q.as_printed)


def _readable(value: float | str, unit: str, printed: str = "") -> str:
    """A value in words; of compute in the unit that was printed, and in both where nothing was."""
    if isinstance(value, str):
        return _date(value)
    if unit == "FLOP" and not _PETAFLOP_DAYS.search(printed):
        flop = f"{value:.4g} FLOP"
        return flop if printed else f"{flop} ({readable(value, unit)})"
    if unit == "chip s":
        return f"{readable(value / SECOND_PER_HOUR, '', DIGITS)}chip-hours"
    return readable(value, unit, DIGITS)


def _date(value: str) -> str:
    """A date as it is; one that is printed without its year in words: 8 November."""
    found = _YEARLESS.fullmatch(value)
    if not found:
        return value
    month, day = (int(part or 0) for part in found.groups())
    return f"{day or ''} {month_name[month]}".strip() if month else f"day {day}"


def how_far(first: FirstVerdict) -> str:
    """How far off the figure is at least, or nothing."""
    ratio = first.verdict.ratio
    if not 0 < ratio < float("inf") or ratio == 1:
        return ""
    return f"at least {plain(max(ratio, 1 / ratio))} times too {'large' if ratio > 1 else 'small'}"


def evidence_line(first: FirstVerdict) -> str:
    """What decided: the evidence's quantity, value, identifier and strength, or the arithmetic."""
    row = first.decided_by
    if row is None:
        return first.why
    others = len(first.evidence_ids) - 1
    more = f"; {counted(others, 'other')} as strong" if others else ""
    says = f"{row['quantity'].replace('_', ' ')} {in_words(row)}".removesuffix(" parameters")
    known = f"{says} ({row['evidence_id']}, {strength(row).name.lower()}{more})"
    return f"{first.why}; {known}" if first.why else known


def in_words(row: Row) -> str:
    """The value of an evidence row in units that readers know; words and dates as they are."""
    if row["unit"] in ("date", "text"):
        return row["value"]
    return _readable(float(row["value"]), row["unit"])


def verdict_line(first: FirstVerdict) -> str:
    """The grade, how far off, and what decided it."""
    off = "" if first.contradicts else how_far(first)
    second = " (second rank)" if first.rank == 2 and not first.contradicts else ""
    return f"{first.grade}{second}{', ' if off else ''}{off}; {evidence_line(first)}"


def counted(count: int, noun: str) -> str:
    """1 row, 2 rows."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def system_called(name: str, knowledge: Knowledge) -> str:
    """The identifier of a system by any of its names.

    Raises:
        Problem: no table holds the name; the nearest are named.
    """
    if name in knowledge.names:
        return name
    all_names = [(known, system_id) for system_id, names in knowledge.names.items() for known in names]
    called = [system_id for known, system_id in all_names if canonical(known) == canonical(name)]
    if called:
        return called[0]
    mend = ". Mend: another of its names, or rows on it in a ledger of your own"
    raise Problem(f"{name}: no table holds this name{nearest(name, [known for known, _ in all_names]) or mend}")


def lines_on(name: str, knowledge: Knowledge) -> Iterator[str]:
    """What is on file on a system, a line each.

    Raises:
        Problem: no table holds the name.
    """
    system_id = system_called(name, knowledge)
    title = knowledge.titles[system_id]
    others = [known for known in knowledge.names[system_id] if known != title]
    yield f"{title} ({system_id}); also: {', '.join(others[:8]) or 'no other name'}"
    if system_id in knowledge.families:
        yield "A family, company or product: it gives evidence to none of its members, nor they to it."
    rows = sorted(knowledge.all_on(system_id), key=strength, reverse=True)
    there = {row["quantity"] for row in rows}
    for quantity in [q for q in UNITS_OF if q in there] + sorted(there - set(UNITS_OF)):
        yield f"{quantity.replace('_', ' ')}:"
        yield from (_line(row) for row in rows if row["quantity"] == quantity)
    missing = [quantity.replace("_", " ") for quantity in UNITS_OF if quantity not in there]
    yield f"Missing: {', '.join(missing) or 'none of the usual quantities'}."


def _line(row: Row) -> str:
    """Value, what it counts, how much it bears, source and place, identifier."""
    counts = f" [{row['counts']}]" if row["counts"] else ""
    bears = f"{row['standing']}, {BEARS[strength(row)]}"
    return f"  {in_words(row)}{counts}; {bears}; {row['source_id']}, {row['locator']} ({row['evidence_id']})"
