"""Scenarios side by side, in words and in numbers."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from helpers.language import tr
from helpers.scenarios.answer import Answer
from helpers.scenarios.compare import COMPARED_FIGURES
from helpers.scenarios.wording import FIGURE_WORDS, label, told


def comparison_table(answers: Sequence[Answer]) -> pd.DataFrame:
    """Scenarios side by side in words: a row for each figure, a column for each scenario by its name.

    Columns: figure, and the name of each scenario.
    """
    rows: list[dict[str, str]] = [
        {"figure": tr("Accelerator"), **{_key(a): a.inputs.accelerator.title for a in answers}}
    ]
    for name in COMPARED_FIGURES:
        rows.append({"figure": label(name), **{_key(a): _cell(a, name) for a in answers}})
    first = answers[0].figures["training_flop"].middle
    ratios = {_key(a): f"{a.figures['training_flop'].middle / first:.3g}" for a in answers}
    rows.append({"figure": tr("Compute on 6·N·D, first = 1"), **ratios})
    rows.append({"figure": tr("In the way"), **{_key(a): tr("; ").join(a.obstacles) for a in answers}})
    return pd.DataFrame(rows)


def comparison_numbers(answers: Sequence[Answer]) -> pd.DataFrame:
    """The same as numbers, a row for each scenario and figure.

    Columns: name, scenario, quantity, figure, unit, middle, low_90, high_90.
    """
    rows = [
        {
            "name": _key(a),
            "scenario": a.scenario.title,
            "quantity": name,
            "figure": label(name),
            "unit": tr(FIGURE_WORDS[name].unit),
            "middle": a.figures[name].middle,
            "low_90": a.figures[name].low_90,
            "high_90": a.figures[name].high_90,
        }
        for name in COMPARED_FIGURES
        for a in answers
    ]
    return pd.DataFrame(rows)


def _key(answer: Answer) -> str:
    return answer.scenario.name


def _cell(answer: Answer, name: str) -> str:
    figure = answer.figures[name]
    return told(name, figure.middle, figure.low_90, figure.high_90)
