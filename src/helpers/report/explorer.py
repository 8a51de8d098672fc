"""The explorer: a scenario whose numbers can be moved in the page, offline, by the package's own formulas.

The base case stands in the page as text and stays to the letter until something is moved. The script is
`templates/explorer.js` with `explorer_data.formulas_script()` before it; the page adds both where there is an explorer.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from helpers.language import later, named, tr, translated
from helpers.numbers import percent, times
from helpers.report import explorer_data
from helpers.report.run_strip import run_strip
from helpers.report.text import Html, escape
from helpers.scenarios import scenario as scenarios
from helpers.scenarios.fields import FIELDS
from helpers.scenarios.inputs import Inputs, inputs_of
from helpers.formulas.uncertainty import SolvedFigure
from helpers.scenarios.inputs import figures_of
from helpers.scenarios.scenario import Scenario
from helpers.scenarios.solving import SOLVED
from helpers.scenarios.whole_run import settled
from helpers.scenarios.wording import amount, label, spread

TEMPLATES = Path(__file__).parent / "templates"

LABELS = {
    "params": later("Parameters"),
    "active_params": later("Parameters in use for each token"),
    "tokens": later("Training tokens"),
    "count": later("Accelerators"),
    "days": later("Days"),
    "budget_usd": later("Budget, US dollars"),
    "utilisation": later("Share of the peak rate reached"),
    "price_per_chip_hour_usd": later("Rent, US dollars per accelerator-hour"),
    "purchase_price_usd": later("Price of an accelerator, US dollars"),
    "pue": later("Data centre overhead (PUE)"),
    "carbon_kg_per_kwh": later("Carbon, kg CO2e per kWh"),
    "device_power_w": later("Rated power, watts"),
    "power_factor": later("Power drawn, times the rated"),
}
MAIN = ("params", "tokens", "count", "days", "budget_usd", "utilisation", "price_per_chip_hour_usd")
UNKNOWNS = {
    "days": later("the days it takes"),
    "params": later("the parameters it allows"),
    "tokens": later("the tokens it allows"),
    "count": later("the accelerators it needs"),
    "budget_usd": later("the money it costs"),
}
AUTOMATIC = {
    "active_params": later("use all parameters"),
    "utilisation": later("as published runs reached"),
    "device_power_w": later("as on the data sheet"),
    "power_factor": later("as measured on such servers"),
    "price_per_chip_hour_usd": later("as in the table of prices"),
    "purchase_price_usd": later("as in the table of prices"),
    "carbon_kg_per_kwh": later("as of the grid"),
}
SHOWN = (
    "petaflop_s_day_6nd",
    "petaflop_s_day_8nd",
    "active_params",
    "tokens",
    "tokens_per_param",
    "count",
    "days",
    "chip_hours",
    "energy_kwh",
    "carbon_kg",
    "cost_usd",
    "purchase_usd",
)
# The sentence to fill in; a field stands where its name is.
SENTENCE = later("Train a model of [params] parameters, [active_params] active, on [tokens] tokens, with [count] [accelerator], at prices of [date].")
DATE = later("Day of the prices")
PRESETS = (
    "llama-3-1-70b", "llama-3-1-405b", "deepseek-v3", "qwen3-235b-a22b", "kimi-k2", "glm-4-5", "gpt-oss-120b", "gpt-3",
    "yuan-1-0", "cluster-2026",
)  # fmt: skip
NOTE = later(
    "Compute counts 6 operations per parameter and token, or 8 where work is done twice to save memory; systems are "
    "compared on the same count. The range comes from the spread of the inputs, mostly of the share of peak. "
    "It is that of the time model for the scenario as it starts, and of published whole runs where another accelerator "
    "is chosen; the command line looks for layouts anew. Nothing is sent anywhere: the page works it out."
)


def explorer(scenario: Scenario | None = None, others: Mapping[str, Scenario] | None = None) -> Html:
    """The explorer with a base case; one on a page.

    Args:
        scenario: the base case; GPT-3's, if not given.
        others: scenarios to start from, by name; those that come with the project, if not given.
    """
    shipped = (
        {name: scenarios.read_scenario(name) for name in scenarios.scenario_names()} if others is None else dict(others)
    )
    shipped = {name: settled(one) for name, one in shipped.items()}
    base = settled(scenario) if scenario else shipped["gpt-3"]
    shipped = {name: other for name, other in shipped.items() if other.given != base.given}
    data = {**explorer_data.embedded({"": base, **shipped}), "labels": _translated(LABELS)}

    def embedded(texts: Mapping[str, str]) -> Html:
        whole = json.dumps({**data, "texts": texts}, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return Html(escape(whole).replace("&quot;", '"'))  # stands in single quotes

    return Html(
        _template()
        .render(
            tr=tr,
            translated=translated,
            embedded=embedded,
            starts={"": tr("{title} (base case)", title=base.title), **{name: s.title for name, s in shipped.items()}},
            unknowns=_translated(UNKNOWNS),
            accelerators=explorer_data.accelerator_names(base),
            groups=_groups(),
            grids=explorer_data.grid_names(),
            sentence=_sentence(),
            presets={name: shipped[name].title for name in PRESETS if name in shipped},
            strip=run_strip(),
            caption=tr("{title}: base case", title=base.title),
            rows=base_rows(inputs_of(base)),
            note=tr(NOTE),
        )
        .strip()
    )


def _translated(words: Mapping[str, str]) -> dict[str, str]:
    """Texts in the current language, their {places} left for the script."""
    return {name: translated(text) for name, text in words.items()}


@cache
def _template() -> jinja2.Template:
    """Every value passes through the package's one escaping function."""
    environment = jinja2.Environment(
        autoescape=False, finalize=escape, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    return environment.from_string((TEMPLATES / "explorer.html.j2").read_text(encoding="utf-8"))


def _groups() -> list[dict[str, Any]]:
    names = [name for name, field in FIELDS.items() if field.slider]
    more = [name for name in names if name not in MAIN]
    return [
        {"folded": False, "knobs": [_knob(name) for name in MAIN]},
        {"folded": True, "title": tr("Experts, energy, carbon, purchase"), "knobs": [_knob(name) for name in more]},
    ]


def _sentence() -> list[dict[str, str]]:
    """The sentence cut at its fields."""
    labels = LABELS | {"accelerator": later("Accelerator"), "date": DATE}
    parts = re.split(r"\[(\w+)\]", translated(SENTENCE))
    return [
        {"field": part, "label": translated(labels[part]), "text": ""} if n % 2 else {"field": "", "text": part}
        for n, part in enumerate(parts)
    ]


def _knob(name: str) -> dict[str, Any]:
    accepted = FIELDS[name].accepted
    assert accepted is not None
    return {
        "name": name,
        "label": tr(LABELS[name]),
        "low": f"{accepted.low:g}",
        "high": f"{accepted.high:g}",
        "automatic": tr(AUTOMATIC.get(name, "")),
    }


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
