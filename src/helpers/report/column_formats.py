"""How the numbers of a column are written, by the column's name: one place for all chapters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from helpers.numbers import grouped, percent, plain, scientific, times, words
from helpers.report.html_tables import Format

BY_FORMAT: tuple[tuple[Format, str], ...] = (
    (percent, "share share_low share_high share_saved agreement agreement_low agreement_high difference"),
    (words, "params parameters tokens printed_tokens paper_tokens"),
    (scientific, "training_flop model_flop flop_per_token"),
    (grouped, "first_pfday second_pfday own other chips"),
    (times, "ratio as_gpus peak_ratio day_ratio gain"),
    (plain, "days energy_mwh seconds"),
    ("{:.2f}".format, "k k_low k_high printed_effective product"),
)
FORMATS: dict[str, Format] = {column: form for form, columns in BY_FORMAT for column in columns.split()}


def column_formats(frame: pd.DataFrame, own: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The formats of a table: those of its numeric columns by name, and before these its own."""
    known = {c: FORMATS[c] for c in frame.columns if c in FORMATS and pd.api.types.is_numeric_dtype(frame[c])}
    return {**known, **(own or {})}
