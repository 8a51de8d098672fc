"""The fitted constants of the time model, with what was believed before any run, and how software differs."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd

from helpers.chapters.accuracy_tables import WORDS
from helpers.language import tr
from helpers.timing.calibration import CONSTANTS_FILE, DEVIATIONS, PRIORS, SLOWDOWN_PRIORS, constants

MEANINGS, FACTORS = WORDS["meanings"], WORDS["factors"]


def constant_table() -> pd.DataFrame:
    """The fitted constants with what was believed before any run; columns: constant, prior, spread before and after.

    Factors by kind of matrix unit and precision are fitted as logarithms and shown as factors.
    """
    kept = json.loads(CONSTANTS_FILE.read_text(encoding="utf-8"))["constants"]
    rows = [
        (tr(MEANINGS[name]), prior.mean, prior.spread, kept[name]["value"], kept[name]["spread"])
        for name, prior in PRIORS.items()
    ]
    for name, belief in DEVIATIONS.items():
        what, _, kind = name.partition(" ")
        before, after = np.exp([belief.mean, kept[name]["value"]])
        label = tr(FACTORS[what], kind=kind)
        rows.append(
            (label, float(before), float(before * belief.spread), float(after), float(after * kept[name]["spread"]))
        )
    return pd.DataFrame(rows, columns=["constant", "prior", "prior_spread", "fitted", "fitted_spread"])


def software_differences() -> dict[str, float]:
    """By how much software takes longer than the formula, as a fraction; `fastest megatron` of its releases."""
    more = {name: float(np.exp(constants().fitted[f"slowdown {name}"])) - 1 for name in SLOWDOWN_PRIORS}
    return {**more, "fastest megatron": min(share for name, share in more.items() if name.startswith("megatron"))}
