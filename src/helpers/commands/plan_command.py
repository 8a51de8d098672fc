"""The commands `predict` and `plan`; the formulas are imported only when one of them runs."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from helpers.commands import scenario_command as scenario_commands
from helpers.commands import sweep_command

if TYPE_CHECKING:
    from helpers.scenarios.scenario import Scenario

HELP = {
    "predict": "predict seconds per step for a table of training runs (CSV in, CSV out)",
    "plan": "a scenario from options: days, energy, money and layouts for a model on a cluster",
}
# Fields of a scenario that have another name as an option of `plan`.
SHORT = {"price_per_chip_hour_usd": "price", "purchase_price_usd": "purchase_price", "carbon_kg_per_kwh": "carbon"}
NEEDED = ("params", "tokens", "accelerator", "count")
ELSEWHERE = ("title", "note", "solve_for", "days", "budget_usd")  # of scenario files only


def add_commands(subparsers: Any) -> None:
    """Add every command to the object that `ArgumentParser.add_subparsers` returned."""
    for name, text in HELP.items():
        add_arguments(subparsers.add_parser(name, help=text, description=text), name)
    scenario_commands.add_commands(subparsers)
    sweep_command.add_command(subparsers)


def add_arguments(parser: argparse.ArgumentParser, command: str) -> None:
    """The arguments of one command; sets `run` as its action."""
    if command == "predict":
        parser.add_argument(
            "runs", metavar="RUNS.csv", help="columns as in data/raw/megatron_runs.csv, or some of them"
        )
        parser.add_argument("-o", "--output", metavar="FILE", default="-", help="write here instead of the screen")
    else:
        _add_plan_arguments(parser)
    parser.set_defaults(command=command, run=run)


def _add_plan_arguments(parser: argparse.ArgumentParser) -> None:
    from helpers.scenarios.fields import FIELDS

    for name, field in FIELDS.items():
        if name not in ELSEWHERE:
            default = f" (default {field.default})" if field.default and name not in NEEDED else ""
            option = f"--{SHORT.get(name, name).replace('_', '-')}"
            parser.add_argument(option, dest=name, help=(field.help + default).replace("%", "%%"))
    parser.add_argument("--model", metavar="NAME", help="start from a scenario, such as 'Llama 3.1 70B'")
    parser.add_argument("--config", metavar="config.json", help="start from a model's configuration, as hubs keep it")
    parser.add_argument("--layouts", default="5", help="how many layouts to show")
    scenario_commands.add_ways_out(parser)


def run(args: argparse.Namespace) -> int:
    """Run the command that `args` were parsed for; 1 if any row of a table could not be used."""
    return _predict(args) if args.command == "predict" else _plan(args)


def _predict(args: argparse.Namespace) -> int:
    import io
    from pathlib import Path

    from helpers.files import refuse_input, write_whole
    from helpers.timing.prediction import predict_csv

    if args.output != "-":
        refuse_input(Path(args.output), [Path(args.runs)])
    table = io.StringIO()
    problems = predict_csv(args.runs, table)
    if args.output == "-":
        sys.stdout.write(table.getvalue())
    else:
        write_whole(Path(args.output), table.getvalue())
    for problem in problems:
        print(f"error: {problem}", file=sys.stderr)
    return 1 if problems else 0


def _plan(args: argparse.Namespace) -> int:
    from helpers.formulas.validation import number
    from helpers.language import using
    from helpers.scenarios.answer import answer
    from helpers.scenarios.checking import ScenarioProblem, typed
    from helpers.scenarios.fields import FIELDS

    texts = {name: getattr(args, name) for name in FIELDS if name not in ELSEWHERE}
    given = {name: typed(name, text, "plan") for name, text in texts.items() if text is not None}
    base = _base(args)
    known = {**base.given, **given}
    missing = [f"--{name}" for name in NEEDED if name not in known and (name != "params" or "layers" not in known)]
    if missing:
        raise ScenarioProblem(f"plan: {', '.join(missing)}: needed; or start from --model, or for params from --config")
    with using(args.language):
        found = answer(base.changed(given, "plan"), int(number("layouts", args.layouts)))
    scenario_commands.say([found], args)
    return 0


def _base(args: argparse.Namespace) -> Scenario:
    """What the options change: a known model, a configuration, or nothing."""
    from helpers.scenarios.model_config import read_config
    from helpers.scenarios.scenario import from_mapping, read_scenario

    fields = read_config(args.config) if args.config else {}
    if args.model:
        return read_scenario(args.model).changed(fields, "plan")
    return from_mapping({"title": "This plan", **fields}, "plan", "plan")
