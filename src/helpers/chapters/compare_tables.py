"""Scenarios side by side, in words and in numbers."""

from collections.abc import Sequence

import pandas as pd

from helpers.chapters.scenario_tables import figure_table
from helpers.language import tr
from helpers.scenarios.answer import Answer
from helpers.scenarios.wording import COMPARED_FIGURES, label, with_range


def comparison_table(answers: Sequence[Answer]) -> pd.DataFrame:
    """Scenarios side by side in words: a row for each figure, a column for each scenario by its name.

    Columns: figure, and the name of each scenario.
    """
    figures = [a.figures for a in answers]
    first = figures[0]["training_flop"].middle
    rows = [(tr("Accelerator"), *(a.inputs.accelerator.title for a in answers))]
    for name in COMPARED_FIGURES:
        rows.append((label(name), *(with_range(name, f[name]) for f in figures)))
    rows.append((tr("Compute on 6·N·D, first = 1"), *(f"{f['training_flop'].middle / first:.3g}" for f in figures)))
    rows.append((tr("In the way"), *(tr("; ").join(a.obstacles) for a in answers)))
    return pd.DataFrame(rows, columns=["figure", *(a.scenario.name for a in answers)])


def comparison_numbers(answers: Sequence[Answer]) -> pd.DataFrame:
    """The same as numbers, a row for each scenario and figure.

    Columns: name, scenario, quantity, figure, unit, middle, low_90, high_90.
    """
    frames = [figure_table(one).assign(scenario=one.scenario.title, key=one.scenario.name) for one in answers]
    columns = ["name", "scenario", "quantity", "figure", "unit", "middle", "low_90", "high_90"]
    together = pd.concat(frames).rename(columns={"name": "quantity", "key": "name"})
    return together.set_index("quantity", drop=False).loc[COMPARED_FIGURES, columns].reset_index(drop=True)
