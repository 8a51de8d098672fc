"""The explorer: a scenario whose numbers can be moved in the page, offline, by the package's own formulas.

The base case stands in the page as text and stays to the letter until something is moved. The script is
`templates/explorer.js` with `explorer_data.formulas_script()` before it; the page adds both where there is an explorer.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from helpers.numbers import percent, times
from helpers.report import explorer_data
from helpers.report.text import Html, escape
from helpers.scenarios import scenario as scenarios
from helpers.scenarios.fields import FIELDS
from helpers.scenarios.figures import Figure, figures_of
from helpers.scenarios.inputs import Inputs, inputs_of
from helpers.scenarios.scenario import Scenario
from helpers.scenarios.solving import SOLVED
from helpers.scenarios.wording import FIGURES, amount, spread

TEMPLATES = Path(__file__).parent / "templates"

LABELS = {
    "params": "Parameters",
    "active_params": "Parameters in use for each token",
    "tokens": "Training tokens",
    "count": "Accelerators",
    "days": "Days",
    "budget_usd": "Budget, US dollars",
    "utilisation": "Share of the peak rate reached",
    "price_per_chip_hour_usd": "Rent, US dollars per accelerator-hour",
    "purchase_price_usd": "Price of an accelerator, US dollars",
    "pue": "Data centre overhead (PUE)",
    "carbon_kg_per_kwh": "Carbon, kg CO2e per kWh",
    "device_power_w": "Rated power, watts",
    "power_factor": "Power drawn, times the rated",
}
MAIN = ("params", "tokens", "count", "days", "budget_usd", "utilisation", "price_per_chip_hour_usd")
UNKNOWNS = {
    "days": "the days it takes",
    "params": "the parameters it allows",
    "tokens": "the tokens it allows",
    "count": "the accelerators it needs",
    "budget_usd": "the money it costs",
}
AUTOMATIC = {
    "active_params": "use all parameters",
    "utilisation": "as published runs reached",
    "device_power_w": "as on the data sheet",
    "price_per_chip_hour_usd": "as in the table of prices",
    "purchase_price_usd": "as in the table of prices",
    "carbon_kg_per_kwh": "as of the grid",
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
COMPUTE = {"petaflop_s_day_6nd": "Compute, 6·N·D", "petaflop_s_day_8nd": "Compute, 8·N·D"}
TEXTS = {
    "explorer": "Try it: move one number",
    "controls": "What would it take",
    "start": "Start from",
    "base": "base case",
    "solve_for": "Work out",
    "way": "Given",
    "accelerator": "Accelerator",
    "grid": "Electricity grid",
    "more": "Experts, energy, carbon, purchase",
    "slider": "slider",
    "reset": "Reset",
    "copy_link": "Copy link",
    "copy_toml": "Copy as TOML",
    "figure": "Figure",
    "value": "Value",
    "range": "90 % range",
    "against": "Change",
    "to": "to",
    "unknown": "unknown",
    "base_case": "{title}: base case",
    "changed": "{title}, changed",
    "link_copied": "Link copied.",
    "toml_copied": "Copied: save it as a .toml file in data/scenarios/.",
    "select": "Copy the marked text.",
    "file": "The same as a scenario file",
    "file_help": "Save as my.toml and run: python -m helpers scenario my.toml",
    "not_accepted": "Accepted: {accepts}.",
    "over": "More than the scenario has: {value}, against {limit}.",
    "times": "Compute, times {system}",
    "states": "Memory that weights, gradients and optimiser states fill",
    "no_room": "does not fit",
}
NOTE = (
    "Compute counts 6 operations per parameter and token, or 8 where work is done twice to save memory; systems are "
    "compared on the same count. The range comes from the spread of the inputs, mostly of the share of peak that "
    "published runs reached. Nothing is sent anywhere: the page works it out."
)


def explorer(scenario: Scenario | None = None, others: Mapping[str, Scenario] | None = None) -> Html:
    """The explorer with a base case; one on a page.

    Args:
        scenario: the base case; GPT-3's, if not given.
        others: scenarios to start from, by name; those that come with the project, if not given.
    """
    shipped = {name: scenarios.read(name) for name in scenarios.names()} if others is None else dict(others)
    base = scenario or shipped["gpt-3"]
    shipped = {name: other for name, other in shipped.items() if other.given != base.given}
    data = {**explorer_data.embedded({"": base, **shipped}), "texts": TEXTS, "unknowns": UNKNOWNS, "labels": LABELS}
    return Html(
        _template()
        .render(
            texts=TEXTS,
            data=json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False),
            starts={"": f"{base.title} ({TEXTS['base']})", **{name: s.title for name, s in shipped.items()}},
            unknowns=UNKNOWNS,
            accelerators=explorer_data.accelerator_names(),
            groups=_groups(),
            grids=explorer_data.grid_names(),
            caption=TEXTS["base_case"].format(title=base.title),
            rows=base_rows(inputs_of(base)),
            note=NOTE,
        )
        .strip()
    )


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
        {"folded": True, "title": TEXTS["more"], "knobs": [_knob(name) for name in more]},
    ]


def _knob(name: str) -> dict[str, Any]:
    accepted = FIELDS[name].accepted
    assert accepted is not None
    return {
        "name": name,
        "label": LABELS[name],
        "low": f"{accepted.low:g}",
        "high": f"{accepted.high:g}",
        "automatic": AUTOMATIC.get(name, ""),
    }


def base_rows(inputs: Inputs) -> list[dict[str, Any]]:
    """The figures of the base case as text, the unknown marked."""
    figures = figures_of(inputs)
    solved = SOLVED[inputs.solve_for]
    rows = [_row(name, figures[name], name == solved) for name in SHOWN]
    middles = {name: figure.middle for name, figure in figures.items()}
    return [*rows, *_beside_rows(middles, inputs)]


def _row(name: str, figure: Figure, solved: bool) -> dict[str, Any]:
    ends = spread(name, figure.low_90, figure.high_90)
    label = COMPUTE.get(name, FIGURES[name].label)
    return {"figure": name, "label": label, "value": amount(name, figure.middle), "range": ends, "solved": solved}


def _beside_rows(middles: Mapping[str, float], inputs: Inputs) -> list[dict[str, Any]]:
    flop = explorer_data.reference_flop()
    params = middles["active_params"] if math.isnan(inputs.params) else inputs.params
    memory = inputs.accelerator.memory_bytes
    values = explorer_data.beside(middles["training_flop"], params, middles["count"], memory, **flop)
    labels = {"state_share": TEXTS["states"]}
    labels |= {f"times_{n}": TEXTS["times"].format(system=explorer_data.REFERENCES[n]) for n in flop}
    return [
        {
            "figure": explorer_data.identifier(name),
            "label": labels[name],
            "value": percent(value, 3) if name == "state_share" else times(value),
            "range": TEXTS["no_room"] if name == "state_share" and value > 1 else "",
            "solved": False,
        }
        for name, value in sorted(values.items(), reverse=True)
    ]
