"""The parameter race: record holders by date, and how fast the record grew."""

import re
from calendar import isleap
from datetime import date

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from helpers.formulas.uncertainty import RangeEstimate
from helpers.ledger.intervals import date_interval
from helpers.ledger.tables import Tables

LABELLED = (
    "bert-large", "gpt-2", "megatron-lm", "turing-nlg", "gpt-3", "mt-nlg", "palm", "gshard-600b", "switch-c",
    "wudao-2-0", "m6-10t",
)  # fmt: skip
LARGEST = "最大|主要来源"  # by which words the press calls something the largest


def language_models(tables: Tables, start: str, end: str) -> pd.DataFrame:
    """Language models published from `start` to `end` (ISO dates), oldest first, with `day`, `year` and `sparse`."""
    frame = tables["models"][tables["models"]["domain"].str.contains("Language")]
    frame = frame.assign(day=[date_interval(day).low for day in frame["published"]])
    frame = frame[frame["day"].between(date_interval(start).low, date_interval(end).high)]
    days, sparse = [date.fromordinal(int(day)) for day in frame["day"]], frame["kind"] == "mixture_of_experts"
    years = [day.year + (day.timetuple().tm_yday - 1) / (365 + isleap(day.year)) for day in days]
    return frame.assign(year=years, sparse=sparse).sort_values(["day", "parameters"], kind="stable", ignore_index=True)


def chart_labels(tables: Tables) -> dict[str, str]:
    """Names of the models that the chart labels, without what stands in brackets, by system_id."""
    return {model: re.split(r" \(|（", tables.name_of(model))[0] for model in LABELLED}


def about_rank(claims: pd.DataFrame) -> pd.Series:
    """Which claims say "largest", as they are printed, or "first" to reach a size."""
    named = claims["as_printed"].str.contains(LARGEST) & (claims["kind"] == "superlative")
    return named | claims["formula"].isin(["largest", "first_to_reach"])


def lead(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """By how many times the record of `first` was ahead of that of `second`, on each day that either changed.

    Columns: published, ratio.
    """
    both = pd.concat([one.rename(columns={"parameters": name}) for name, one in (("first", first), ("second", second))])
    both = both.sort_values("day").ffill().drop_duplicates("day", keep="last").dropna(subset=["first", "second"])
    return both.assign(ratio=both["first"] / both["second"])[["published", "ratio"]].reset_index(drop=True)


def records(models: pd.DataFrame) -> pd.DataFrame:
    """The models that were larger than every one before them."""
    best = models["parameters"].cummax().shift(fill_value=0.0)
    return models[models["parameters"] > best * 1.005].reset_index(drop=True)


def growth(record: pd.DataFrame) -> RangeEstimate:
    """Factor a year of a record of at least three: regression of its logarithm on time, a 90 % interval (Student's t)."""
    if len(record) < 3:
        raise ValueError(f"growth needs three records, there are {len(record)}")
    (slope, _), covariance = np.polyfit(record["year"], np.log10(record["parameters"]), 1, cov=True)
    reach = stdtrit(len(record) - 2, 0.95) * np.sqrt(covariance[0, 0])  # Student's t: 5 % on either side
    return RangeEstimate(*(float(10**power) for power in (slope, slope - reach, slope + reach)))
