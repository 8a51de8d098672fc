"""The commands `scenario` and `compare`; what they need is imported only when one of them runs."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.language import using
from helpers.paths import shown

if TYPE_CHECKING:
    from helpers.scenarios.answer import Answer

HELP = {
    "scenario": "answer a scenario: what would it take? (data/scenarios/, or a TOML file)",
    "compare": "set two to six scenarios side by side",
}


def add_commands(subparsers: Any) -> None:
    """Add both commands to the object that `ArgumentParser.add_subparsers` returned."""
    command = subparsers.add_parser("scenario", help=HELP["scenario"], description=HELP["scenario"])
    command.add_argument("scenario", nargs="+", metavar="NAME_OR_PATH", help="such as gpt-3; 'list' lists them all")
    command.add_argument(
        "--set", nargs=2, action="append", default=[], metavar=("FIELD", "VALUE"), help="change a field of the scenario"
    )
    command.add_argument("--layouts", type=int, default=5, help="how many layouts to show")
    command.add_argument("--render", action="store_true", help="render report/scenarios/NAME.html instead")
    command.add_argument("--scheduler", default="", metavar="ADDRESS", help="a Dask scheduler that is to render")
    add_ways_out(command)
    command.set_defaults(command="scenario", run=_scenario)
    command = subparsers.add_parser("compare", help=HELP["compare"], description=HELP["compare"])
    command.add_argument("scenarios", nargs="+", metavar="NAME_OR_PATH")
    add_ways_out(command)
    command.set_defaults(command="compare", run=_compare)


def add_ways_out(command: argparse.ArgumentParser) -> None:
    """How an answer is written: as text, JSON or CSV, and in which language."""
    from helpers.language import TAGS

    command.add_argument(
        "--format", default="text", choices=("text", "json", "csv"), help="text, json or csv (default: text)"
    )
    command.add_argument("--language", default="en", choices=tuple(TAGS), help="en or zh (default: en)")


def say(answers: Sequence[Answer], args: argparse.Namespace) -> None:
    """Print answers as the options ask."""
    from helpers.scenarios import exporting, telling

    with using(args.language):
        if args.format == "json":
            print(exporting.as_json(answers))
        elif args.format == "csv":
            print(exporting.as_csv(answers), end="")
        else:
            print("\n".join(line for answer in answers for line in telling.lines(answer)))


def _scenario(args: argparse.Namespace) -> int:
    from helpers.scenarios.checking import typed
    from helpers.scenarios.scenario import read_scenario, scenario_names

    if args.scenario == ["list"]:
        print("\n".join(f"{name:18s} {read_scenario(name).title}" for name in scenario_names()))
        return 0
    changes = {name: typed(name, text, "--set") for name, text in args.set}
    if args.render:
        for page in render(args.scenario, changes, args.scheduler):
            print(shown(page))
        return 0
    from helpers.scenarios.answer import answer

    with using(args.language):
        answers = [answer(read_scenario(name).changed(changes, "--set"), args.layouts) for name in args.scenario]
    say(answers, args)
    return 0


def render(scenarios: Sequence[str], changes: dict[str, Any], scheduler: str = "") -> Iterator[Path]:
    """Render scenarios to pages of their own in `report/scenarios`, each put there whole.

    Args:
        scenarios: names or paths; a name with changed fields gets a page called `<name>-changed`.
        scheduler: address of a Dask scheduler that is to do the work.

    Raises:
        ScenarioProblem: before anything runs, if a scenario cannot be used.
    """
    from helpers.commands.scenario_pages import Order, render_here, render_on_cluster
    from helpers.files import write_whole
    from helpers.paths import REPORT
    from helpers.scenarios.scenario import find_file, read_scenario, scenario_names

    orders = []
    for one in scenarios:
        scenario = read_scenario(one).changed(changes, "--set")
        name = f"{scenario.name}-changed" if changes and scenario.name in scenario_names() else scenario.name
        text = find_file(one).read_text(encoding="utf-8")
        orders.append(Order(name, scenario.title, text, parameters(changes)))
    made = (
        render_on_cluster(orders, scheduler)
        if scheduler
        else render_here(orders, min(len(orders), os.cpu_count() or 1))
    )
    for order, html in made:
        target = REPORT / "scenarios" / f"{order.name}.html"
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, html.encode())
        yield target


def parameters(changes: dict[str, Any]) -> dict[str, Any]:
    """Changed fields as the parameter of the notebook that takes them all."""
    from helpers.scenarios.scenario import as_fields

    return {"fields": as_fields(changes)} if changes else {}


def _compare(args: argparse.Namespace) -> int:
    from helpers.scenarios.compare import lines, read_all

    with using(args.language):
        answers = read_all(args.scenarios)
        if args.format == "text":
            print("\n".join(lines(answers)))
    if args.format != "text":
        say(answers, args)
    return 0
