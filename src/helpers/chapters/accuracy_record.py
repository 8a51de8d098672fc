"""What the accuracy chapter rests on, worked out once: the published runs and how far each is predicted off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from helpers.chapters.accuracy_modern import modern_table
from helpers.chapters.accuracy_tables import run_table, source_names, source_table, split_table
from helpers.formulas.validation import choice
from helpers.timing.held_out import Kept, read_held_out
from helpers.timing.published_runs import Observation, observations
from helpers.timing.runs import run_rows


@dataclass(frozen=True)
class Record:
    """Published runs beside their predictions; tables as the functions that make them say."""

    found: list[Observation]
    kept: Kept
    names: dict[str, str]  # of sources
    runs: pd.DataFrame
    by_source: pd.DataFrame
    tests: pd.DataFrame
    modern: pd.DataFrame

    def run(self, run_id: str) -> Observation:
        """A published run.

        Raises:
            InputError: there is none of this name.
        """
        by_id = {o.run.run_id: o for o in self.found}
        return by_id[choice("run", run_id, by_id)]


def read_record(raw: Path, references: Mapping[str, Mapping[str, str]]) -> Record:
    """The record from the tables of runs in a folder, and the predictions that were kept."""
    found = observations(raw)
    kept, names = read_held_out(found), source_names(references)
    runs = run_table(found, kept)
    return Record(
        found, kept, names, runs, source_table(runs, names), split_table(runs, kept), modern_table(found, runs)
    )


def kinship(record: Record, raw: Path) -> dict[str, float]:
    """How much of the record rests on what was recalled, and on one source."""
    runs, detailed = record.runs, run_rows(raw / "megatron_runs.csv")
    recalled = [row["run_id"] for row in detailed if row["confidence"] == "memory"]
    read = runs[(runs["group"] == "megatron") & ~runs["run_id"].isin(recalled)]
    sharded, h100 = runs["group"] == "sharded", runs["accelerator"].str.startswith("h100")
    return {
        "recalled": len(recalled),
        "detailed": len(detailed),
        "sure": float(read["error"].abs().median()),
        "sharded": int(sharded.sum()),
        "modern": int((sharded & h100).sum()),
        "h100": int(h100.sum()),
    }
