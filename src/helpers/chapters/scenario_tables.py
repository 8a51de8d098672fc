"""Answers as tables: numbers for the CSV, and the same in words for the reader."""

import pandas as pd

from helpers.language import tr
from helpers.scenarios.answer import Answer, Rival
from helpers.scenarios.solving import SOLVED
from helpers.scenarios.wording import FIGURE_WORDS, LABELS, UNITS, WORDS, amount, label, spread

HIDDEN = {"optimal_params", "optimal_tokens"}
FIGURE_COLUMNS: dict[str, str] = WORDS["figure_columns"]


def figure_table(answer: Answer) -> pd.DataFrame:
    """Figures of an answer; columns: name, figure, unit, middle, low_90, high_90, text, range, driver, share."""
    rows = []
    for name in (name for name in FIGURE_WORDS if name not in HIDDEN):
        figure = answer.figures[name]
        ends = figure.low_90, figure.high_90
        said = amount(name, figure.middle), spread(name, *ends), tr(LABELS.get(figure.driver, ""))
        unit = tr(FIGURE_WORDS[name]["unit"])
        rows.append((name, label(name), unit, figure.middle, *ends, *said, figure.shares.get(figure.driver)))
    columns = ["name", "figure", "unit", "middle", "low_90", "high_90", "text", "range", "driver", "share"]
    return pd.DataFrame(rows, columns=columns)


def share_table(answer: Answer) -> pd.DataFrame:
    """Share of each uncertain input in the spread of the unknown and of days, energy, carbon and rent.

    Columns: name, figure, input, share; without rows where nothing is uncertain.
    """
    names = dict.fromkeys([SOLVED[answer.inputs.solve_for], "days", "energy_kwh", "carbon_kg", "cost_usd"])
    rows = [
        (name, label(name), tr(LABELS[source]), share)
        for name in names
        for source, share in sorted(answer.figures[name].shares.items(), key=lambda item: -item[1])
    ]
    return pd.DataFrame(rows, columns=["name", "figure", "input", "share"])


def input_table(answer: Answer) -> pd.DataFrame:
    """What the answer rests on; columns: input, value, low_90, high_90, unit, origin."""
    inputs, rows = answer.inputs, []
    for name, value in inputs.numbers.items():
        ends, unit = inputs.ranges.get(name, (None, None)), tr(UNITS[name]) if name in UNITS else ""
        rows.append((tr(LABELS[name]), value, *ends, unit, inputs.origins[name]))
    return pd.DataFrame(rows, columns=["input", "value", "low_90", "high_90", "unit", "origin"])


def layout_table(answer: Answer) -> pd.DataFrame:
    """The best layouts found; without rows where none is timed."""
    return pd.DataFrame([vars(layout) for layout in (answer.fit.layouts if answer.fit else [])])


def rival_table(answer: Answer) -> pd.DataFrame:
    """Compute of the systems of the articles and of the scenario, on 6·N·D, largest first.

    Columns: name, system, active_params, tokens, training_flop, ratio, own.
    """
    scenario = answer.scenario
    params, tokens, flop = (answer.figures[name].middle for name in ("active_params", "tokens", "training_flop"))
    own = Rival(scenario.name, scenario.title, params, tokens, flop, ratio=1.0)
    frame = pd.DataFrame([{**vars(one), "own": one is own} for one in (own, *answer.rivals)])
    frame = frame.rename(columns={"title": "system", "params": "active_params"})
    return frame.sort_values("training_flop", ascending=False, ignore_index=True)
