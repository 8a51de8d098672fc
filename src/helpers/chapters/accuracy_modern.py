"""Chapter 07 on the runs of today: by chips, precision and kind; and what others publish of their predictors."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

import pandas as pd

from helpers.chapters.accuracy_tables import PREDICTORS, figures_of, rounded
from helpers.language import later, tr
from helpers.scenarios.whole_run import read_practice
from helpers.timing.published_runs import Observation


def kind_of(o: Observation) -> tuple[str, str, str]:
    """Chips, precision and kind of model of a run of today, as its table tells them."""
    chip, bits = o.run.accelerator, {0: "16", 3: "4"}.get(int(o.run.layout["precision"]), "8")
    if o.run.layout["adapters"]:
        return chip.generation, bits, "adapters"
    return chip.generation, bits, "mixture" if o.run.shape.get("expert_layer_share", 0) else "dense"


GOALS = {"dense": (0.07, 0.18), "mixture": (0.15, 0.4), "tpu": (0.11, inf)}  # errors: middle, nine in ten
WORDS = {
    "tpu": later("TPU"),
    "hopper": later("H100, H200"),
    "blackwell": later("B200, B300, GB200, GB300"),
    "cdna": later("MI300X, MI325X"),
    "dense": later("dense"),
    "mixture": later("mixture of experts"),
    "adapters": later("adapters only"),
}


def modern_table(found: Sequence[Observation], runs: pd.DataFrame) -> pd.DataFrame:
    """Runs of 2024 to 2026 by chips, precision and kind, each group left out of the fit in turn; then summed up.

    Rows are keyed by `key`. Columns: key, what, runs, median, p90, worst, covered, half_width, fitted_median.
    """
    modern = [o.is_modern for o in found]
    part = runs[modern].assign(key=[" ".join(kind_of(o)) for o in found if o.is_modern])
    rows = [_modern_row(str(key), _spoken(str(key)), rest) for key, rest in part.groupby("key")]
    gpu, mixture = ~part["key"].str.startswith("tpu"), part["key"].str.endswith("mixture")
    for key, name, chosen in (
        ("dense", tr("GPUs, dense"), gpu & part["key"].str.endswith("dense")),
        ("mixture", tr("GPUs, mixtures of experts"), gpu & mixture),
        ("tpu", tr("TPUs"), ~gpu),
        ("all", tr("all of them"), gpu | ~gpu),
    ):
        rows.append(_modern_row(key, name, part[chosen]))
    return rounded(pd.DataFrame(rows).set_index("key", drop=False))


def goals_missed(modern: pd.DataFrame) -> list[str]:
    """Kinds of which half of the runs, or nine in ten, are further off than was aimed at; from `modern_table`."""
    far = modern[["median", "p90"]]
    return [kind for kind, goal in GOALS.items() if (far.loc[kind] > list(goal)).any()]


def _spoken(key: str) -> str:
    chip, bits, kind = key.split(" ")
    return tr("{chip}, {bits} bits, {kind}", chip=tr(WORDS[chip]), bits=bits, kind=tr(WORDS[kind]))


def _modern_row(key: str, what: str, part: pd.DataFrame) -> dict[str, object]:
    columns = ("runs", "median", "p90", "worst", "covered", "half_width", "fitted_median")
    figures = figures_of(part)
    return {"key": key, "what": what, **{name: figures[name] for name in columns}}


def predictor_table() -> pd.DataFrame:
    """What others publish of predictors of today; columns: name, accuracy, runs, measured."""
    rows = [(name, *map(tr, words)) for name, *words in PREDICTORS]
    return pd.DataFrame(rows, columns=["name", "accuracy", "runs", "measured"])


def whole_run_table() -> pd.DataFrame:
    """Hours of published whole runs beside those predicted without their source, longest first.

    Columns: title, published, predicted, low_90, high_90, error, inside; by run_id.
    """
    rows = []
    for run in read_practice():
        hours = run.predicted
        inside = hours.low_90 <= run.chip_hours <= hours.high_90
        error = hours.middle / run.chip_hours - 1
        rows.append((run.run_id, run.title, run.chip_hours, hours.middle, hours.low_90, hours.high_90, error, inside))
    columns = ["run_id", "title", "published", "predicted", "low_90", "high_90", "error", "inside"]
    table = pd.DataFrame(rows, columns=columns).set_index("run_id").sort_values("published", ascending=False)
    return rounded(table)
