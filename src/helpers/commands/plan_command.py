"""The commands `predict` and `plan`; the formulas are imported only when one of them runs."""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.commands.outcome import said
from helpers.commands.scenario_command import say

if TYPE_CHECKING:
    from helpers.scenarios.scenario import Scenario

# Fields of a scenario that have another name as an option of `plan`.
SHORT = {"price_per_chip_hour_usd": "price", "purchase_price_usd": "purchase_price", "carbon_kg_per_kwh": "carbon"}
NEEDED = ("params", "tokens", "accelerator", "count")
ELSEWHERE = ("title", "note", "solve_for", "days", "budget_usd")  # of scenario files only


def add_fields(parser: argparse.ArgumentParser) -> None:
    """Every field of a scenario as an option of `plan`."""
    from helpers.scenarios.fields import FIELDS

    for name, field in FIELDS.items():
        if name not in ELSEWHERE:
            default = f" (default {field.default})" if field.default and name not in NEEDED else ""
            option = f"--{SHORT.get(name, name).replace('_', '-')}"
            parser.add_argument(option, dest=name, help=(field.help + default).replace("%", "%%"))


def predict(options: argparse.Namespace) -> int:
    """Predict every run of a table; 1 if any row of it could not be used."""
    from helpers.files import refuse_input, write_whole
    from helpers.timing.prediction import predict_csv

    if options.output != "-":
        refuse_input(Path(options.output), [Path(options.runs)])
    table = io.StringIO()
    problems = predict_csv(options.runs, table)
    if options.output == "-":
        sys.stdout.write(table.getvalue())
    else:
        write_whole(Path(options.output), table.getvalue())
    return max((said(f"error: {problem}", 1) for problem in problems), default=0)


def plan(options: argparse.Namespace) -> None:
    """Answer a scenario that is given by options."""
    from helpers.formulas.validation import number
    from helpers.language import using
    from helpers.scenarios.answer import answer
    from helpers.scenarios.checking import ScenarioProblem, typed
    from helpers.scenarios.fields import FIELDS

    texts = {name: getattr(options, name) for name in FIELDS if name not in ELSEWHERE}
    given = {name: typed(name, text, "plan") for name, text in texts.items() if text is not None}
    base = _base(options)
    known = {**base.given, **given}
    missing = [f"--{name}" for name in NEEDED if name not in known and (name != "params" or "layers" not in known)]
    if missing:
        raise ScenarioProblem(f"plan: {', '.join(missing)}: needed; or start from --model, or for params from --config")
    with using(options.language):
        found = answer(base.changed(given, "plan"), int(number("layouts", options.layouts)))
    say([found], options)


def _base(options: argparse.Namespace) -> Scenario:
    """What the options change: a known model, a configuration, or nothing."""
    from helpers.scenarios.model_config import read_config
    from helpers.scenarios.scenario import from_mapping, read_scenario

    fields = read_config(options.config) if options.config else {}
    if options.model:
        return read_scenario(options.model).changed(fields, "plan")
    return from_mapping({"title": "This plan", **fields}, "plan", "plan")
