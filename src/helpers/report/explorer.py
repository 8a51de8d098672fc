"""The explorer: a scenario whose numbers can be moved in the page, offline, by the package's own formulas.

The base case stands in the page as text and stays to the letter until something is moved. The script is
`templates/explorer.js` with `explorer_data.formulas_script()` before it; the page adds both where there is an explorer.
"""

import math
import re
from pathlib import Path
from typing import Any

from helpers.language import named, tr
from helpers.numbers import percent, times
from helpers.report import explorer_data
from helpers.report.number_words import WORDS, words_for
from helpers.report.run_strip import run_strip
from helpers.report.text import Html, as_json, escape, fill
from helpers.scenarios import scenario as scenarios
from helpers.scenarios.fields import FIELDS
from helpers.scenarios.inputs import Inputs, figures_of, inputs_of
from helpers.scenarios.scenario import Scenario
from helpers.scenarios.solving import SOLVED
from helpers.scenarios.whole_run import MOVED_WIDTH, settled
from helpers.scenarios.wording import amount, label, spread
from helpers.structured import read_toml

LABELS, UNKNOWNS, FIELD_WORDS = WORDS["labels"], WORDS["unknowns"], WORDS["fields"]
LISTS: dict[str, list[str]] = read_toml(Path(__file__).with_name("explorer.toml"))
MAIN, SHOWN, PRESETS = LISTS["fields"], LISTS["figures"], LISTS["presets"]
OPENS = PRESETS[0]  # what the report's calculator begins with
# Words, a field, and what may not begin a line after it.
FIELD = re.compile(r"([^\[]*)(?:\[(\w+)\]([,.;:)，。；：）、]*))?")


def explorer(scenario: Scenario) -> Html:
    """The explorer with a base case, and the scenarios that come with the project to start from; one on a page."""
    shipped = {name: settled(scenarios.read_scenario(name)) for name in scenarios.scenario_names()}
    base = settled(scenario)
    shipped = {name: other for name, other in shipped.items() if other.given != base.given}
    titles = {name: named(other.title) for name, other in shipped.items()}
    more = [name for name, field in FIELDS.items() if field.slider and name not in MAIN]
    texts = {"labels": words_for("labels"), "texts": words_for("explorer")}
    data = {**explorer_data.embedded({"": base, **shipped}), **texts}
    return fill(
        "explorer",
        data=Html(escape(as_json(data)).replace("&quot;", '"')),  # stands in single quotes
        starts={"": tr("{title} (base case)", title=named(base.title)), **titles},
        presets={**{name: titles[name] for name in PRESETS if name in titles}, "": named(base.title)},
        sentence=FIELD.findall(tr(FIELD_WORDS["sentence"])),
        groups=(("", MAIN), (tr("Experts, energy, carbon, purchase"), more)),
        labels={**words_for("labels"), **words_for("fields")}, automatic=words_for("automatic"),
        unknowns=words_for("unknowns"), accelerators=explorer_data.accelerator_names(base),
        grids=explorer_data.grid_names(), strip=run_strip(), rows=base_rows(inputs_of(base)),
        caption=tr("{title}: base case", title=named(base.title)), note=tr(FIELD_WORDS["note"], off=percent(math.expm1(MOVED_WIDTH), 2)),
    )  # fmt: skip


def base_rows(inputs: Inputs) -> list[dict[str, Any]]:
    """The figures of the base case as text, the unknown marked, and what they are beside others'."""
    figures, solved = figures_of(inputs), SOLVED[inputs.solve_for]
    rows = [
        _row(name, label(name), amount(name, f.middle), spread(name, f.low_90, f.high_90), name == solved)
        for name, f in ((name, figures[name]) for name in SHOWN)
    ]
    flop = explorer_data.reference_flop()
    active, training, count = (figures[name].middle for name in ("active_params", "training_flop", "count"))
    params = active if math.isnan(inputs.params) else inputs.params
    values = explorer_data.beside(training, params, count, inputs.accelerator.memory_bytes, **flop)
    full = values.pop("state_share")
    for name, value in sorted(values.items(), reverse=True):
        system = named(explorer_data.REFERENCES[name.removeprefix("times_")])
        rows.append(_row(explorer_data.identifier(name), tr("Compute, times {system}", system=system), times(value)))
    filled = tr("Memory that weights, gradients and optimiser states fill")
    return [*rows, _row("state_share", filled, percent(full, 3), tr("does not fit") if full > 1 else "")]


def _row(figure: str, label: str, value: str, reach: str = "", solved: bool = False) -> dict[str, Any]:
    return {"figure": figure, "label": label, "value": value, "range": reach, "solved": solved}
