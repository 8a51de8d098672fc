"""Boxes in JupyterLab for the inputs of a scenario that matter most: the answer below them follows at once.

They need a reader at a live notebook. Executed by papermill, nbconvert or the build the chapter is complete without.
"""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from helpers.chapters.scenario_tables import FIGURE_COLUMNS, figure_table, rival_table
from helpers.errors import Problem
from helpers.files import write_whole
from helpers.language import tr
from helpers.report.charts.row_charts import rival_chart
from helpers.report.explorer_data import accelerator_names, grid_names
from helpers.report.figures import figure_html
from helpers.report.html_tables import column_formats, table_html
from helpers.report.number_words import WORDS
from helpers.report.outputs import outside
from helpers.report.text import Html, paragraphs
from helpers.scenarios.answer import answer
from helpers.scenarios.checking import Given, typed
from helpers.scenarios.fields import FIELDS
from helpers.scenarios.scenario import Scenario, as_toml
from helpers.scenarios.telling import paragraph, remarks

LIVE = "JPY_SESSION_NAME"  # Jupyter's server sets it for the kernels of notebooks that are open in a browser
BOXES = (  # and the unknown: a dozen
    "params", "active_params", "tokens", "accelerator", "count", "days", "budget_usd", "utilisation",
    "price_per_chip_hour_usd", "grid", "date",
)  # fmt: skip
NAMES = {**WORDS["labels"], **WORDS["fields"]}
FILE = "my_scenario.toml"


def controls(scenario: Scenario) -> Any:
    """The boxes with the answer below; None where nobody sits at the notebook or ipywidgets is not there.

    Args:
        scenario: what the boxes begin with. An emptied box takes its field back to the default.
    """
    if LIVE not in os.environ:
        return None
    try:
        import ipywidgets as widgets
    except ImportError:
        return None
    boxes = {name: _box(scenario, name, widgets) for name in ("solve_for", *BOXES)}
    begun = {name: box.value for name, box in boxes.items()}
    shown, said = widgets.HTML(), widgets.HTML()
    button = widgets.Button(description=tr("Write {file}", file=FILE), layout=widgets.Layout(width="auto"))

    def moved() -> dict[str, str]:
        return {name: box.value for name, box in boxes.items() if box.value != begun[name]}

    def follow(_: object = None) -> None:
        shown.value = outside(view(scenario, moved()))

    def write(_: object) -> None:
        said.value = written(scenario, moved(), Path(FILE))

    for box in boxes.values():
        box.observe(follow, names="value")
    button.on_click(write)
    follow()
    return widgets.VBox([*boxes.values(), button, said, shown])


def changed(scenario: Scenario, texts: Mapping[str, str]) -> Scenario:
    """The scenario with what stands in the boxes that were moved.

    Raises:
        ScenarioProblem: a text is not accepted.
    """
    kept = {name: value for name, value in scenario.given.items() if texts.get(name) != ""}
    values = {name: typed(name, text, "boxes") for name, text in texts.items() if text}
    return replace(scenario, given=kept).changed(values, "boxes")


def view(scenario: Scenario, texts: Mapping[str, str]) -> Html:
    """Answer, ranges and figure of the moved scenario, or why there is none."""
    try:
        found = answer(changed(scenario, texts))
    except (Problem, ValueError) as problem:
        return paragraphs([str(problem)])
    figures, systems = figure_table(found), rival_table(found).dropna(subset="training_flop")
    columns = {name: tr(head) for name, head in FIGURE_COLUMNS.items()}
    table = table_html(
        figures, "moved-figures", tr("The scenario in figures"), columns=columns, formats=column_formats(figures)
    )
    title, alt = tr("Training compute on one accounting"), paragraph(found)
    chart = Html("") if systems.empty else figure_html(rival_chart(systems), "moved", title, caption=title, alt=alt)
    return Html(paragraphs([paragraph(found), *remarks(found)]) + table + chart)


def written(scenario: Scenario, texts: Mapping[str, str], path: Path) -> Html:
    """Write the moved scenario as a file beside the notebook; what is said of it."""
    try:
        write_whole(path, as_toml(changed(scenario, texts)))
    except (Problem, OSError) as problem:
        return paragraphs([str(problem)])
    return paragraphs([tr("Written: {path}. On the command line: python -m helpers scenario {path}", path=path)])


def _box(scenario: Scenario, name: str, widgets: Any) -> Any:
    look = {"style": {"description_width": "22em"}, "layout": widgets.Layout(width="42em")}
    if name == "solve_for":
        unknowns = [(tr(said), unknown) for unknown, said in WORDS["unknowns"].items()]
        return widgets.Dropdown(options=unknowns, value=scenario[name], description=tr("Work out"), **look)
    names = {"accelerator": [n for group in accelerator_names().values() for n in group], "grid": list(grid_names())}
    look |= {"value": _text(scenario.given.get(name)), "placeholder": _text(FIELDS[name].default)}
    kind, options = (widgets.Combobox, {"options": names[name]}) if name in names else (widgets.Text, {})
    return kind(description=tr(NAMES[name]), continuous_update=False, **options, **look)


def _text(value: Given | None) -> str:
    if isinstance(value, tuple):
        return f"[{_text(value[0])}, {_text(value[1])}]"
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
