"""The commands `predict` and `plan`; the formulas are imported only when one of them runs."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from helpers.scenarios import scenario_commands

HELP = {
    "predict": "predict seconds per step for a table of training runs (CSV in, CSV out)",
    "plan": "a scenario from options: days, energy, money and layouts for a model on a cluster",
}
SHAPE = ("layers", "hidden", "heads", "vocab", "seq_len")
# Fields of a scenario, and the options of `plan` that stand for them.
PLAN_NUMBERS = {
    name: name for name in ("params", "tokens", "count", "active_params", "global_batch", "pue", *SHAPE)
} | {
    "price_per_chip_hour_usd": "price",
    "purchase_price_usd": "purchase_price",
    "carbon_kg_per_kwh": "carbon",
}


def add_commands(subparsers: Any) -> None:
    """Add every command to the object that `ArgumentParser.add_subparsers` returned."""
    for name, text in HELP.items():
        add_arguments(subparsers.add_parser(name, help=text, description=text), name)
    scenario_commands.add_commands(subparsers)


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
    add = parser.add_argument
    add("--params", required=True, help="parameters, such as 175e9")
    add("--tokens", required=True, help="training tokens, such as 300e9")
    add("--accelerator", required=True, help='such as A100, "H100 80GB", "TPU v4" (data/raw/hardware.csv)')
    add("--count", required=True, help="number of accelerators")
    add("--active-params", help="parameters each token uses, in a mixture of experts")
    for name in SHAPE:
        add(f"--{name.replace('_', '-')}", help=f"architecture: {name.replace('_', ' ')}")
    add("--global-batch", help="sequences per step")
    add("--price", help="rent per accelerator and hour, US dollars (default: the newest known)")
    add("--purchase-price", help="price of one accelerator, US dollars (default: the newest known)")
    add("--pue", default="1.1", help="power usage effectiveness (default 1.1)")
    add("--carbon", default="0.429", help="kg CO2e per kWh of the grid (default 0.429)")
    add("--layouts", type=int, default=5, help="how many layouts to show")


def run(args: argparse.Namespace) -> int:
    """Run the command that `args` were parsed for; 1 if any row of a table could not be used."""
    return _predict(args) if args.command == "predict" else _plan(args)


def _predict(args: argparse.Namespace) -> int:
    from pathlib import Path

    from helpers.formulas.prediction import predict_csv

    if args.output == "-":
        problems = predict_csv(args.runs, sys.stdout)
    else:
        with Path(args.output).open("w", encoding="utf-8", newline="") as stream:
            problems = predict_csv(args.runs, stream)
    for problem in problems:
        print(f"error: {problem}", file=sys.stderr)
    return 1 if problems else 0


def _plan(args: argparse.Namespace) -> int:
    from helpers.scenarios.answer import answer
    from helpers.scenarios.checking import typed
    from helpers.scenarios.scenario import from_mapping
    from helpers.scenarios.telling import lines

    texts = {name: getattr(args, option) for name, option in PLAN_NUMBERS.items()}
    given = {name: typed(name, text, "plan") for name, text in texts.items() if text is not None}
    scenario = from_mapping({"title": "This plan", "accelerator": args.accelerator, **given}, "plan", "plan")
    print("\n".join(lines(answer(scenario, args.layouts))))
    return 0
