"""A first verdict: its grade or that it contradicts, its rank, what decided it and why."""

from __future__ import annotations

from dataclasses import dataclass

from helpers.ledger.knowledge import Row
from helpers.ledger.verdicts import Grade, Verdict

CONTRADICTS = "contradicts"
HOLDS = (Grade.ACCURATE, Grade.CLOSE)
FAILS = (Grade.INACCURATE, Grade.WRONG, Grade.MISLEADING, Grade.UNSUPPORTED)


@dataclass(frozen=True)
class FirstVerdict:
    """A verdict, its rank, the evidence that decided it (none where the article's own figures did), and why."""

    verdict: Verdict
    decided_by: Row | None
    evidence_ids: tuple[str, ...]
    rank: int = 1
    why: str = ""
    contradicts: bool = False

    @property
    def grade(self) -> str:
        """A grade of the published scale, or `contradicts`."""
        return CONTRADICTS if self.contradicts else self.verdict.grade.value

    @property
    def holds(self) -> bool:
        """Whether the figure stands by evidence."""
        return not self.contradicts and self.verdict.grade in HOLDS

    @property
    def fails(self) -> bool:
        """Whether it accuses the figure."""
        return not self.contradicts and self.verdict.grade in FAILS
