"""How much longer published whole runs took than the steps of their best layout by the time model.

Restarts, evaluation, layouts and software that were not the best, and hours that count more than one run: all
of it is in the ratio, and its spread between sources in the range of a whole run. Runs since 2023 lose half as much
as those before, whose software neither fused attention nor sharded activations. `data/raw/whole_runs.csv` has
the runs; what follows from them is kept in `practice.json`, which `python -m helpers.scenarios.published_hours` writes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from statistics import median

import numpy as np

from helpers.structured import read_json
from helpers.timing.planning import RangeEstimate
from helpers.timing.prediction_intervals import width_needed

PRACTICE_FILE = Path(__file__).with_name("practice.json")
RECENT_YEAR = 2023  # from here on whole runs are alike


@dataclass(frozen=True)
class WholeRunRow:
    """A published run: hours by its source, and by the steps of its best layout."""

    run_id: str
    title: str
    source_id: str
    recent: bool
    chip_hours: float
    steps_chip_hours: float
    half_width: float  # of the steps, log

    @property
    def predicted(self) -> RangeEstimate:
        """Hours predicted without the run's source, with their 90 % interval."""
        lost = practice(None if self.recent else date(RECENT_YEAR - 1, 1, 1), self.source_id)
        wide = max(self.half_width, math.log(lost.high_90 / lost.low_90) / 2)
        middle = self.steps_chip_hours * lost.middle
        return RangeEstimate(middle, middle / math.exp(wide), middle * math.exp(wide))

    @property
    def log_ratio(self) -> float:
        """Published hours over those of the steps."""
        return math.log(self.chip_hours / self.steps_chip_hours)


def practice(day: date | None = None, without: str = "") -> RangeEstimate:
    """Hours of whole runs over those of their steps: the median over sources, and a 90 % interval.

    Args:
        day: of the run; None is today.
        without: a source to leave out.
    """
    recent = day is None or day.year >= RECENT_YEAR
    return _pooled([row for row in read_practice() if row.recent == recent and row.source_id != without])


def _pooled(rows: Sequence[WholeRunRow]) -> RangeEstimate:
    sources = [row.source_id for row in rows]
    ratio = np.array([row.log_ratio for row in rows])
    middle = median(median(r for r, s in zip(ratio, sources, strict=True) if s == source) for source in set(sources))
    width = width_needed(ratio - middle, np.zeros(len(rows)), sources)
    return RangeEstimate(*(math.exp(x) for x in (middle, middle - width, middle + width)))


@cache
def read_practice(path: Path = PRACTICE_FILE) -> tuple[WholeRunRow, ...]:
    """The published runs with what was worked out of each."""
    return tuple(WholeRunRow(*row) for row in read_json(path))
