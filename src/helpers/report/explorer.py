"""The explorer: a scenario whose numbers can be moved in the page, offline, by the package's own formulas.

The base case stands in the page as text and stays to the letter until something is moved. The script is
`templates/explorer.js` with `explorer_data.formulas_script()` before it; the page adds both where there is an explorer.
"""

import math
import re
from collections.abc import Mapping
from typing import Any

from helpers.formulas.uncertainty import SolvedFigure
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

LABELS, UNKNOWNS, FIELD_WORDS = WORDS["labels"], WORDS["unknowns"], WORDS["fields"]
MAIN = ("params", "tokens", "count", "days", "budget_usd", "utilisation", "price_per_chip_hour_usd")
SHOWN = (
    "petaflop_s_day_6nd", "petaflop_s_day_8nd", "active_params", "tokens", "tokens_per_param", "count", "days",
    "chip_hours", "energy_kwh", "carbon_kg", "cost_usd", "purchase_usd",
)  # fmt: skip
FIELD = re.compile(
    r"([^\[]*)(?:\[(\w+)\]([,.;:)，。；：）、]*))?"
)  # words, a field, and what may not begin a line after it
OPENS = "today-70b"  # what the report's calculator begins with
PRESETS = (
    OPENS, "llama-3-1-70b", "llama-3-1-405b", "deepseek-v3", "qwen3-235b-a22b", "kimi-k2", "glm-4-5", "gpt-oss-120b", "gpt-3",
    "yuan-1-0", "cluster-2026",
)  # fmt: skip


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
    """The figures of the base case as text, the unknown marked."""
    figures = figures_of(inputs)
    solved = SOLVED[inputs.solve_for]
    rows = [_row(name, figures[name], name == solved) for name in SHOWN]
    middles = {name: figure.middle for name, figure in figures.items()}
    return [*rows, *_beside_rows(middles, inputs)]


def _row(name: str, figure: SolvedFigure, solved: bool) -> dict[str, Any]:
    ends = spread(name, figure.low_90, figure.high_90)
    return {"figure": name, "label": label(name), "value": amount(name, figure.middle), "range": ends, "solved": solved}


def _beside_rows(middles: Mapping[str, float], inputs: Inputs) -> list[dict[str, Any]]:
    flop = explorer_data.reference_flop()
    params = middles["active_params"] if math.isnan(inputs.params) else inputs.params
    memory = inputs.accelerator.memory_bytes
    values = explorer_data.beside(middles["training_flop"], params, middles["count"], memory, **flop)
    labels = {"state_share": tr("Memory that weights, gradients and optimiser states fill")}
    labels |= {f"times_{n}": tr("Compute, times {system}", system=named(explorer_data.REFERENCES[n])) for n in flop}
    return [
        {
            "figure": explorer_data.identifier(name),
            "label": labels[name],
            "value": percent(value, 3) if name == "state_share" else times(value),
            "range": tr("does not fit") if name == "state_share" and value > 1 else "",
            "solved": False,
        }
        for name, value in sorted(values.items(), reverse=True)
    ]
