"""How well a reading agrees with hand-made rows: span F1, and value, kind, bound and system of what was found.

Rows are quantities or mappings with the columns of the claims table. Spans that the hand-made rows keep for statements
without a number, or list as repetitions, are neither right nor wrong.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from helpers.reader.reading import Quantity

Row = Mapping[str, str]
VALUE_TOLERANCE = 0.001
_NUMERAL = re.compile(r"[0-9０-９零一二两兩三四五六七八九十百千万萬亿億几幾数數]")


@dataclass(frozen=True)
class Score:
    """Shares between 0 and 1; `precision` and `recall` count exact spans, the others the figures found."""

    expected: int
    predicted: int
    precision: float
    recall: float
    overlap_f1: float
    value: float
    kind: float
    bound: float
    system: float
    all_right: float

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall of exact spans."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def score(predicted: Sequence[Quantity], expected: Sequence[Row], neutral: Iterable[tuple[int, int]] = ()) -> Score:
    """Score quantities against hand-made rows of the same text (several rows may share a span: any may agree)."""
    rows: dict[tuple[int, int], list[Row]] = {}
    for row in expected:
        rows.setdefault((int(row["char_start"]), int(row["char_end"])), []).append(row)
    aside = tuple(neutral)
    counted = [
        q for q in predicted if _matching(q, rows) or not any(a < q.char_end and q.char_start < b for a, b in aside)
    ]
    exact = sum((q.char_start, q.char_end) in rows for q in counted)
    pairs = [(q, matched) for q in counted if (matched := _matching(q, rows))]
    overlapped = len(pairs)
    tests = [_agreement(q, matched) for q, matched in pairs]
    shares = (_share(sum(t[i] for t in tests), overlapped) for i in range(5))
    found = _share(overlapped, len(counted)), _share(min(overlapped, len(rows)), len(rows))
    overlap_f1 = 2 * found[0] * found[1] / sum(found) if sum(found) else 0.0
    return Score(len(rows), len(counted), _share(exact, len(counted)), _share(exact, len(rows)), overlap_f1, *shares)


def split_rows(rows: Iterable[Row]) -> tuple[list[Row], list[tuple[int, int]]]:
    """Hand-made rows that a reader of figures can find, and the spans of the others (statements without a number)."""
    kept: list[Row] = []
    spans: list[tuple[int, int]] = []
    for row in rows:
        if row["value"] and row["kind"] != "comparison" and _NUMERAL.search(row["as_printed"]):
            kept.append(row)
        else:
            spans.append((int(row["char_start"]), int(row["char_end"])))
    return kept, spans


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _matching(quantity: Quantity, rows: Mapping[tuple[int, int], list[Row]]) -> list[Row]:
    """Rows of the same span, or else of a span that overlaps it."""
    same = rows.get((quantity.char_start, quantity.char_end))
    if same:
        return same
    return [
        row
        for (start, end), group in rows.items()
        if start < quantity.char_end and quantity.char_start < end
        for row in group
    ]


def _agreement(quantity: Quantity, rows: Sequence[Row]) -> tuple[bool, bool, bool, bool, bool]:
    """Value, kind, bound, system, and all four together, each right for some row of the span."""
    tests = [
        (
            same_value(quantity.value, row["value"]),
            quantity.kind == row["kind"],
            quantity.bound.split(" ")[0] == row["bound"].split(" ")[0],
            quantity.system_id == row["system_id"],
        )
        for row in rows
    ]
    value, kind, bound, system = (any(test[i] for test in tests) for i in range(4))
    return value, kind, bound, system, any(all(test) for test in tests)


def same_value(value: float | str, printed: str) -> bool:
    """Whether a value is the expected one: dates by their text, numbers within a thousandth."""
    try:
        number = float(printed)
    except ValueError:
        return value == printed
    if isinstance(value, str):
        return value == printed
    return math.isclose(value, number, rel_tol=VALUE_TOLERANCE)
