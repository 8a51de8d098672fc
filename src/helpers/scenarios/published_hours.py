"""Published whole runs, `data/raw/whole_runs.csv`, worked out by the time model; `python -m` writes `practice.json`."""

from __future__ import annotations

import json
import math
from datetime import date
from pathlib import Path

from helpers.paths import RAW
from helpers.rows import read_rows
from helpers.scenarios.fields import FIELDS
from helpers.scenarios.inputs import inputs_of
from helpers.scenarios.practice import PRACTICE_FILE, RECENT_YEAR
from helpers.scenarios.scenario import Scenario, from_mapping
from helpers.scenarios.whole_run import steps_of

TABLE = RAW / "whole_runs.csv"


def scenario_of(row: dict[str, str]) -> Scenario:
    """The scenario that a row of the table tells of."""
    cells = {name: text for name, text in row.items() if text and name in FIELDS and name not in ("title", "note")}
    return from_mapping(cells, row["run_id"], f"whole_runs.csv, {row['run_id']}")


def write_practice(path: Path = PRACTICE_FILE) -> None:
    """Work out every run of the table anew."""
    kept = []
    for row in read_rows(TABLE, ("run_id", "chip_hours")):
        scenario, hours = scenario_of(row), float(row["chip_hours"])
        steps = steps_of(scenario, inputs_of(scenario))
        recent = date.fromisoformat(row["date"]).year >= RECENT_YEAR
        half = math.log(steps.high_90 / steps.low_90) / 2
        figures = [float(f"{x:.5g}") for x in (hours, steps.middle, half)]
        kept.append([row["run_id"], row["title"], row["source_id"], recent, *figures])
    path.write_text("[\n" + ",\n".join(f" {json.dumps(row)}" for row in kept) + "\n]\n", encoding="utf-8")


if __name__ == "__main__":
    write_practice()
