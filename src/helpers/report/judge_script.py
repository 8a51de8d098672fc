"""The functions of a verdict as JavaScript, for a page in which figures can be corrected."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from helpers.ledger import intervals, verdicts
from helpers.ledger.intervals import Interval
from helpers.report.branches import translated


def judge_script() -> str:
    """What a claimed figure is held against evidence by, as JavaScript."""
    functions: list[Callable[..., Any]] = [
        verdicts._held_against, verdicts.decisive, verdicts.divided, verdicts._one, verdicts._slip, verdicts._weighed,
        verdicts._compared, intervals.like_days,
    ]  # fmt: skip
    methods = [Interval.overlaps, Interval.gap_ratio, Interval.gap, Interval.middle]
    script = translated(functions, [verdicts.Verdict], methods, ("date_precision", "_first_day"))
    given = "const date_precision = (x) => x.precision;\nconst _first_day = (x, length) => x.first[length];\n"
    return f"// Translated from helpers.ledger.verdicts.\n{given}{script}"
