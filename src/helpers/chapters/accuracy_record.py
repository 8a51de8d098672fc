"""What the accuracy chapter rests on, worked out once: the published runs, those of today by kind, and whole runs."""

from collections.abc import Mapping, Sequence
from math import inf
from pathlib import Path

import pandas as pd

from helpers.chapters import accuracy_tables as tables
from helpers.formulas.validation import choice
from helpers.language import tr
from helpers.scenarios.whole_run import read_practice
from helpers.timing.held_out import read_held_out
from helpers.timing.published_runs import Observation, observations
from helpers.timing.runs import run_rows

GOALS = {"dense": (0.07, 0.18), "mixture": (0.15, 0.4), "tpu": (0.11, inf)}  # errors: middle, nine in ten


class Record:
    """Published runs of the tables in a folder beside the predictions kept; tables as what makes them says."""

    def __init__(self, raw: Path, references: Mapping[str, Mapping[str, str]]):
        self.found = observations(raw)
        self.kept, self.names = read_held_out(self.found), tables.source_names(references)
        self.runs = tables.run_table(self.found, self.kept)
        self.by_source = tables.source_table(self.runs, self.names)
        self.tests = tables.split_table(self.runs, self.kept)
        self.modern = modern_table(self.found, self.runs)

    def run(self, run_id: str) -> Observation:
        """A published run; an InputError, where there is none of this name."""
        by_id = {o.run.run_id: o for o in self.found}
        return by_id[choice("run", run_id, by_id)]


def kinship(record: Record, raw: Path) -> dict[str, float]:
    """How much of the record rests on what was recalled, and on one source."""
    runs, detailed = record.runs, run_rows(raw / "megatron_runs.csv")
    recalled = [row["run_id"] for row in detailed if row["confidence"] == "memory"]
    read = runs[(runs["group"] == "megatron") & ~runs["run_id"].isin(recalled)]
    sharded, h100 = runs["group"] == "sharded", runs["accelerator"].str.startswith("h100")
    counted = {"sharded": sharded.sum(), "modern": (sharded & h100).sum(), "h100": h100.sum()}
    return {"recalled": len(recalled), "detailed": len(detailed), "sure": read["error"].abs().median(), **counted}


def kind_of_run(o: Observation) -> tuple[str, str, str]:
    """Chips, precision and kind of model of a run of today, as its table tells them."""
    chip, bits = o.run.accelerator, {0: "16", 3: "4"}.get(int(o.run.layout["precision"]), "8")
    kind = "mixture" if o.run.shape.get("expert_layer_share", 0) else "dense"
    return chip.generation, bits, "adapters" if o.run.layout["adapters"] else kind


def modern_table(found: Sequence[Observation], runs: pd.DataFrame) -> pd.DataFrame:
    """Runs of 2024 to 2026 by chips, precision and kind, each group left out of the fit in turn; then summed up.

    Rows are keyed by `key`. Columns: key, what, runs, median, p90, worst, covered, half_width, fitted_median.
    """
    part = runs[[o.is_modern for o in found]].assign(key=[" ".join(kind_of_run(o)) for o in found if o.is_modern])
    gpu = ~part["key"].str.startswith("tpu")
    names, parts = tables.WORDS["modern"], dict[str, tuple[str, pd.DataFrame]]()
    for key, rest in part.groupby("key"):
        chip, bits, kind = str(key).split(" ")
        said = tr("{chip}, {bits} bits, {kind}", chip=tr(names[chip]), bits=bits, kind=tr(names[kind]))
        parts[str(key)] = said, rest
    parts |= {
        "dense": (tr("GPUs, dense"), part[gpu & part["key"].str.endswith("dense")]),
        "mixture": (tr("GPUs, mixtures of experts"), part[gpu & part["key"].str.endswith("mixture")]),
        "tpu": (tr("TPUs"), part[~gpu]),
        "all": (tr("all of them"), part),
    }
    table = tables.figures_by("what", parts)
    return table.rename_axis("key").assign(key=table.index)[["key", "what", *tables.ERROR_COLUMNS, "fitted_median"]]


def goals_met(modern: pd.DataFrame) -> list[str]:
    """Kinds of which half of the runs, and nine in ten, are no further off than is aimed at; from `modern_table`."""
    return [kind for kind, goal in GOALS.items() if (modern.loc[kind, ["median", "p90"]] <= list(goal)).all()]


def furthest(found: Sequence[Observation], runs: pd.DataFrame) -> tuple[str, float]:
    """The model of today whose runs are furthest off in the middle when left out, among those with several, and how far."""
    models = [o.run.row.get("model", "") if o.is_modern else "" for o in found]
    errors = runs.loc[[bool(model) for model in models], "error"].groupby([model for model in models if model])
    middle = errors.median()[errors.size() >= tables.LEAST_RUNS]
    name = str(middle.abs().idxmax())
    return name, float(middle[name])


def predictor_table() -> pd.DataFrame:
    """What others publish of predictors of today; columns: name, accuracy, runs, measured."""
    rows = [(name, *map(tr, words)) for name, *words in tables.WORDS["predictors"]]
    return pd.DataFrame(rows, columns=["name", "accuracy", "runs", "measured"])


def whole_run_table() -> pd.DataFrame:
    """Hours of published whole runs beside those predicted without their source, longest first.

    Columns: title, published, predicted, low_90, high_90, error, inside; by run_id.
    """
    rows = [(run.run_id, run.title, run.chip_hours, *vars(run.predicted).values()) for run in read_practice()]
    columns = ["run_id", "title", "published", "predicted", "low_90", "high_90"]
    frame = pd.DataFrame(rows, columns=columns).set_index("run_id").sort_values("published", ascending=False)
    published = frame["published"]
    inside = published.between(frame["low_90"], frame["high_90"])
    return tables.rounded(frame.assign(error=frame["predicted"] / published - 1, inside=inside))
