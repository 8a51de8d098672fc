"""How the numbers of a column are written, by the column's name: one place for all chapters."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd

from helpers.language import formatted
from helpers.numbers import grouped, percent, plain, plain_or_words, scientific, signed_percent, times, words
from helpers.report.html_tables import Format

BY_FORMAT: tuple[tuple[Format, str], ...] = (
    (percent, "share share_low share_high share_saved agreement agreement_low agreement_high difference"),
    (percent, "covered covered_by_source mfu"),
    (partial(formatted, spec=".1%"), "median mean p90 worst half_width fitted_median baseline_median"),
    (partial(formatted, spec=".1%"), "shift told_median told_mean told_p90"),
    (signed_percent, "error fitted_error"),
    (words, "params active_params parameters tokens printed_tokens paper_tokens"),
    (scientific, "training_flop model_flop flop_per_token"),
    (grouped, "pfday first_pfday second_pfday own other chips count"),
    (times, "ratio as_gpus peak_ratio day_ratio gain"),
    (plain, "days energy_mwh seconds cost_usd step_s memory_gib published_s predicted_s"),
    (plain, "prior prior_spread fitted fitted_spread"),
    (plain_or_words, "value low_90 high_90"),
    ("{:.2f}".format, "k k_low k_high printed_effective product"),
)
FORMATS: dict[str, Format] = {column: form for form, columns in BY_FORMAT for column in columns.split()}


def column_formats(frame: pd.DataFrame, own: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The formats of a table: those of its numeric columns by name, and before these its own."""
    known = {c: FORMATS[c] for c in frame.columns if c in FORMATS and pd.api.types.is_numeric_dtype(frame[c])}
    return {**known, **(own or {})}
