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
from helpers.scenarios.ranges import SolvedFigure, figures_of
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
TEXTS = {
    "explorer": later("Try it: move one number"),
    "presets": later("Start from"),
    "boxes": later("All boxes: energy, carbon, ranges, another unknown"),
    "all_active": later("all of them"),
    "newest": later("the newest known"),
    "impossible": later("Impossible as it stands: weights, gradients and optimiser states alone need {share} of the accelerators' memory."),
    "answer": later("{label}: {value}. Rent: {rent}."),
    "not_number": later("{text} is not a number that can be taken here. Mend: write 70B, 15T, 700亿 or 1e10."),
    "controls": later("What would it take"),
    "start": later("Start from"),
    "solve_for": later("Work out"),
    "way": later("Given"),
    "accelerator": later("Accelerator"),
    "grid": later("Electricity grid"),
    "more": later("Experts, energy, carbon, purchase"),
    "slider": later("slider"),
    "reset": later("Reset"),
    "copy_link": later("Copy link"),
    "copy_toml": later("Copy as TOML"),
    "figure": later("Figure"),
    "value": later("Value"),
    "range": later("90 % range"),
    "against": later("Change"),
    "unknown": later("unknown"),
    "base_case": later("{title}: base case"),
    "changed": later("{title}, changed"),
    "link_copied": later("Link copied."),
    "toml_copied": later("Copied: save it as a .toml file in data/scenarios/."),
    "select": later("Copy the marked text."),
    "file": later("The same as a scenario file"),
    "file_help": later("Save as my.toml and run: python -m helpers scenario my.toml"),
    "not_accepted": later("Accepted: {accepts}."),
    "over": later("More than the scenario has: {value}, against {limit}."),
    "times": later("Compute, times {system}"),
    "states": later("Memory that weights, gradients and optimiser states fill"),
    "no_room": later("does not fit"),
    "labelled": later("{label}: {value}"),
    "with_range": later("{value} ({ends})"),
}
# The sentence to fill in; a field stands where its name is.
SENTENCE = later("Train a model of [params] parameters, [active_params] active, on [tokens] tokens, with [count] [accelerator], at prices of [date].")
DATE = later("Day of the prices")
PRESETS = ("gpt-3", "yuan-1-0", "llama-like-70b", "h100-cluster", "cluster-2026")
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
    texts, unknowns, labels = (_translated(words) for words in (TEXTS, UNKNOWNS, LABELS))
    data = {**explorer_data.embedded({"": base, **shipped}), "texts": texts, "unknowns": unknowns, "labels": labels}
    return Html(
        _template()
        .render(
            texts=texts,
            data=_single_quoted(json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)),
            starts={"": tr("{title} (base case)", title=base.title), **{name: s.title for name, s in shipped.items()}},
            unknowns=unknowns,
            accelerators=explorer_data.accelerator_names(base),
            groups=_groups(),
            grids=explorer_data.grid_names(),
            sentence=_sentence(),
            presets={name: shipped[name].title for name in PRESETS if name in shipped},
            strip=run_strip(),
            caption=tr(TEXTS["base_case"], title=base.title),
            rows=base_rows(inputs_of(base)),
            note=tr(NOTE),
        )
        .strip()
    )


def _single_quoted(text: str) -> Html:
    """Text for an attribute in single quotes, in which the many double quotes of JSON stay as they are."""
    return Html(escape(text).replace("&quot;", '"'))


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
        {"folded": True, "title": tr(TEXTS["more"]), "knobs": [_knob(name) for name in more]},
    ]


def _sentence() -> list[dict[str, str]]:
    """The sentence cut at its fields."""
    labels = LABELS | {"accelerator": TEXTS["accelerator"], "date": DATE}
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
    labels = {"state_share": tr(TEXTS["states"])}
    labels |= {f"times_{n}": tr(TEXTS["times"], system=named(explorer_data.REFERENCES[n])) for n in flop}
    return [
        {
            "figure": explorer_data.identifier(name),
            "label": labels[name],
            "value": percent(value, 3) if name == "state_share" else times(value),
            "range": tr(TEXTS["no_room"]) if name == "state_share" and value > 1 else "",
            "solved": False,
        }
        for name, value in sorted(values.items(), reverse=True)
    ]
