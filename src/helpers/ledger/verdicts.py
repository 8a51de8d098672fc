"""Verdicts: a pure function from what is claimed and what is known to a grade on a published scale.

What is wrong (`Flaw`) is kept apart from how wrong (a ratio). The function sees intervals, the strength
of the evidence and the kind of check, and nothing else: not who wrote the article, not the topic.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from pathlib import Path

from helpers.ledger.intervals import Interval, like_days
from helpers.rows import read_rows

CLOSE = 1.10  # within ten per cent of the evidence
FAR = 2.0  # a factor of two
CLOSE_DAYS, FAR_DAYS = 31, 365
POWER_OF_TEN_TOLERANCE = 0.06
CLOCK_UNITS = (24.0, 60.0, 1440.0, 3600.0)  # days, hours, minutes and seconds taken for one another
CLOCK_TOLERANCE = 0.02

RATIO_DIGITS = 3  # the last rounding of a count should not move a grade: 2048 against 1024 is a factor of two


class Strength(IntEnum):
    """How much a piece of evidence bears."""

    HINT = 0  # recalled, no text of the source seen
    WEAK = 1  # somebody's estimate or assumption
    FAIR = 2  # seen second-hand, or reported by others
    STRONG = 3  # read in the makers' own paper, code or announcement


class Grade(StrEnum):
    """The scale, best first; the last three are not ranks."""

    ACCURATE = "accurate"
    CLOSE = "close"
    INACCURATE = "inaccurate"
    WRONG = "wrong"
    MISLEADING = "misleading"
    UNSUPPORTED = "unsupported"
    UNSURE = "unsure"
    UNRATED = "not rated"


CONTRADICTS = "contradicts"  # of first verdicts: does not fit other figures, which accuses nobody
HOLDING = (Grade.ACCURATE, Grade.CLOSE)
FAILS = (Grade.INACCURATE, Grade.WRONG, Grade.MISLEADING, Grade.UNSUPPORTED)


class Flaw(StrEnum):
    """What is wrong, apart from how wrong."""

    NONE = ""
    VALUE = "value"
    UNIT = "unit"
    DATE = "date"
    SCOPE = "scope"
    COMPARABILITY = "comparability"
    ATTRIBUTION = "attribution"
    UNSUPPORTED = "unsupported"


DEFINITIONS = {Grade(row["grade"]): row["definition"] for row in read_rows(Path(__file__).with_name("grades.csv"))}


@dataclass(frozen=True)
class Estimate:
    """One route to the true value: an interval, how strong it is, and where it comes from."""

    interval: Interval
    strength: Strength
    label: str = ""
    later: bool = False  # press written after the article, which may have it from there
    standing: str = ""  # who says so, as in `evidence.standing`


@dataclass(frozen=True)
class Finding:
    """What a check found out about one claim.

    Either `estimates` (a claimed figure is held against them) or `holds` (a yes-or-no statement) is given.
    `comparable` is False when figures are set side by side that do not count the same thing.
    """

    estimates: tuple[Estimate, ...] = ()
    holds: bool | None = None
    strength: Strength = Strength.HINT
    comparable: bool = True
    problem: Flaw = Flaw.NONE
    partly: bool = False  # a statement that is right only in part
    silent: bool = False  # the sources that should say it were seen and do not
    why: str = ""
    flip: str = ""


@dataclass(frozen=True)
class Verdict:
    """The outcome: grade, what is wrong, how wrong."""

    grade: Grade
    problem: Flaw = Flaw.NONE
    ratio: float = math.nan


HOLDS, OPEN = Verdict(Grade.ACCURATE, ratio=1.0), Verdict(Grade.UNSURE)


@dataclass(frozen=True)
class FirstVerdict:
    """A verdict, the row of evidence that decided it (none where the article's own figures did), its rank and why."""

    verdict: Verdict
    decided_by: Mapping[str, str] | None
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
        return not self.contradicts and self.verdict.grade in HOLDING

    @property
    def fails(self) -> bool:
        """Whether it accuses the figure."""
        return not self.contradicts and self.verdict.grade in FAILS


def is_rated(check: str) -> bool:
    """Whether a kind of check, as in `claims.check`, has a grade on the scale."""
    return check not in ("opinion", "uncheckable")


def judge(check: str, claimed: Interval | None, finding: Finding, *, is_date: bool = False) -> Verdict:
    """The verdict on one claim.

    Args:
        check: kind of check, as in `claims.check`.
        claimed: the printed figure as an interval; None for a statement without a figure.
        finding: what the check found.
        is_date: the figure is a date, in days.
    """
    if not is_rated(check):
        return Verdict(Grade.UNRATED)
    if claimed is not None and finding.estimates:
        return _held_against(claimed, finding, is_date)
    if finding.strength == Strength.HINT:
        return OPEN
    if finding.holds is not None:
        return _statement(finding)
    return Verdict(Grade.UNSUPPORTED, Flaw.UNSUPPORTED) if finding.silent else OPEN


def restated(claimed: Interval, estimates: Sequence[Estimate], *, is_date: bool = False) -> Verdict:
    """The verdict on a figure that restates what these estimates say."""
    return judge("restates", claimed, Finding(tuple(estimates)), is_date=is_date)


def _compared(verdict: Verdict, finding: Finding) -> Verdict:
    """Right numbers in a wrong comparison are a grade of their own; wrong numbers stay wrong."""
    if verdict.grade in HOLDING and not finding.comparable:
        return Verdict(Grade.MISLEADING, Flaw.COMPARABILITY, verdict.ratio)
    if verdict.problem is not Flaw.NONE and finding.problem is not Flaw.NONE:
        return Verdict(verdict.grade, finding.problem, verdict.ratio)
    return verdict


def _statement(finding: Finding) -> Verdict:
    weak = finding.strength == Strength.WEAK
    if finding.partly:
        return Verdict(Grade.UNSURE if weak else Grade.INACCURATE, finding.problem or Flaw.SCOPE)
    if finding.holds and not finding.comparable:
        return Verdict(Grade.MISLEADING, finding.problem or Flaw.COMPARABILITY)
    if weak or finding.holds:
        return OPEN if weak else Verdict(Grade.ACCURATE)
    return Verdict(Grade.WRONG, finding.problem or Flaw.VALUE)


def decisive(claimed: Interval, estimates: Sequence[Estimate], *, is_date: bool = False) -> Estimate:
    """The estimate that decides: of the strongest, the one that speaks most for the claim, early ones first."""
    strongest = [e for e in estimates if e.strength == max(e.strength for e in estimates)]
    return min(strongest, key=lambda e: (list(Grade).index(_one(claimed, e.interval, is_date).grade), e.later))


def divided(claimed: Interval, estimates: Sequence[Estimate], *, is_date: bool = False) -> list[Estimate]:
    """Of the strongest estimates, those that a claim that agrees with another is a factor of two or more off.

    Dates are not divided: a thing is announced on one day and published on another.
    """
    strongest = [e for e in estimates if e.strength == max(e.strength for e in estimates)]
    return [] if is_date else [e for e in strongest if _one(claimed, e.interval, is_date).grade is Grade.WRONG]


def _held_against(claimed: Interval, finding: Finding, is_date: bool) -> Verdict:
    """Against the strongest estimates. Where these are divided, or none but later press agrees, it stays open."""
    best = decisive(claimed, finding.estimates, is_date=is_date)
    verdict = _one(claimed, best.interval, is_date)
    if verdict.grade in HOLDING and (best.later or divided(claimed, finding.estimates, is_date=is_date)):
        return Verdict(Grade.UNSURE, ratio=verdict.ratio)
    return _weighed(_compared(verdict, finding), best.strength)


def _one(claimed: Interval, known: Interval, is_date: bool) -> Verdict:
    if claimed.overlaps(known):
        return Verdict(Grade.ACCURATE, ratio=1.0)
    if is_date:
        days = like_days(claimed, known)
        grade = Grade.CLOSE if days <= CLOSE_DAYS else Grade.INACCURATE if days < FAR_DAYS else Grade.WRONG
        return Verdict(grade, Flaw.NONE if grade is Grade.CLOSE else Flaw.DATE)
    ratio = claimed.gap_ratio(known)
    error = math.inf if ratio <= 0 else round(max(ratio, 1 / ratio), RATIO_DIGITS)
    if error <= CLOSE:
        return Verdict(Grade.CLOSE, ratio=ratio)
    problem = Flaw.UNIT if _slip(claimed.middle, known.middle) else Flaw.VALUE
    return Verdict(Grade.INACCURATE if error < FAR else Grade.WRONG, problem, ratio)


def _slip(claimed: float, known: float) -> bool:
    """Whether the two differ by a power of ten or by a unit of the clock: a slip of a unit or a magnitude word."""
    if claimed <= 0 or known <= 0:
        return False
    factor = max(claimed, known) / min(claimed, known)
    decades = math.log10(factor)
    ten = round(decades) >= 1 and abs(decades - round(decades)) < POWER_OF_TEN_TOLERANCE
    return ten or any(abs(factor / unit - 1) < CLOCK_TOLERANCE for unit in CLOCK_UNITS)


def _weighed(verdict: Verdict, strength: Strength) -> Verdict:
    """Weaker evidence never makes a verdict better: it keeps it, or leaves it open.

    An estimate or a leak alone makes no claim accurate: who repeats it may still be wrong with it.
    """
    if strength == Strength.HINT:
        return Verdict(Grade.UNSURE)
    if strength == Strength.WEAK and verdict.grade in (*HOLDING, Grade.INACCURATE):
        return Verdict(Grade.UNSURE, ratio=verdict.ratio)
    return verdict
