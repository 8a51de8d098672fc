"""A scanned figure, and its first verdict, in words."""

from __future__ import annotations

from helpers.ledger.evidence import strength
from helpers.ledger.scan import Candidate, FirstVerdict, range_ends
from helpers.numbers import plain, readable


def statement(candidate: Candidate) -> str:
    """A neutral phrase made from the figure alone: Parameters of GPT-3: about 175 billion."""
    kind = candidate.quantity.kind.replace("_", " ")
    of = f" of {candidate.system}" if candidate.system else ""
    return f"{kind.capitalize()}{of}: {spoken(candidate).removesuffix(f' {kind}')}"


def spoken(candidate: Candidate) -> str:
    """A figure with its bound in units that readers know: at least 175 billion parameters, 10 to 20 days."""
    q = candidate.quantity
    ends = range_ends(q)
    if ends:
        return " to ".join(_readable(end if q.unit == "date" else float(end), q.unit) for end in ends)
    bound = "" if q.bound == "exact" else q.bound.replace("_", " ") + " "
    return bound + _readable(q.value, q.unit)


def _readable(value: float | str, unit: str) -> str:
    if isinstance(value, str):
        return value
    return f"{readable(value / 3600, '')}chip-hours" if unit == "chip.s" else readable(value, unit)


def how_far(first: FirstVerdict) -> str:
    """How far off the figure is at least, or nothing."""
    ratio = first.verdict.ratio
    if not 0 < ratio < float("inf") or ratio == 1:
        return ""
    return f"at least {plain(max(ratio, 1 / ratio))} times too {'large' if ratio > 1 else 'small'}"


def evidence_line(first: FirstVerdict) -> str:
    """What the evidence that decided says: its quantity, value, identifier, strength and how many others are as strong."""
    row = first.decided_by
    value = row["value"] if row["unit"] == "date" else readable(float(row["value"]), row["unit"])
    others = len(first.evidence_ids) - 1
    more = f"; {counted(others, 'other')} as strong" if others else ""
    says = f"{row['quantity'].replace('_', ' ')} {value}".removesuffix(" parameters")
    return f"{says} ({row['evidence_id']}, {strength(row).name.lower()}{more})"


def verdict_line(first: FirstVerdict) -> str:
    """The grade, how far off, and the evidence that decided it."""
    off = how_far(first)
    return f"{first.verdict.grade.value}{', ' if off else ''}{off}; {evidence_line(first)}"


def counted(count: int, noun: str) -> str:
    """1 row, 2 rows."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
