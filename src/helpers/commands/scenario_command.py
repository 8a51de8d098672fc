"""The commands `scenario` and `compare`; what they need is imported only when one of them runs."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.errors import refuse_twice
from helpers.language import using
from helpers.paths import REPORT, shown

if TYPE_CHECKING:
    from helpers.scenarios.answer import Answer


def say(answers: Sequence[Answer], options: argparse.Namespace) -> None:
    """Print answers as the options ask."""
    from helpers.scenarios import exporting, telling

    with using(options.language):
        if options.format == "json":
            print(exporting.as_json(answers))
        elif options.format == "csv":
            print(exporting.as_csv(answers), end="")
        else:
            print("\n".join(line for answer in answers for line in telling.lines(answer)))


def scenario(options: argparse.Namespace) -> None:
    """Answer scenarios, list those that come with the project, or render them."""
    from helpers.formulas.validation import number
    from helpers.scenarios.answer import answer
    from helpers.scenarios.checking import typed
    from helpers.scenarios.scenario import read_scenario, scenario_names

    if options.scenario == ["list"]:
        print("\n".join(f"{name:18s} {read_scenario(name).title}" for name in scenario_names()))
        return
    refuse_twice("--set", [name for name, _ in options.set])
    changes = {name: typed(name, text, "--set") for name, text in options.set}
    if options.render:
        for page in render(options.scenario, changes, options.scheduler):
            print(shown(page))
        return
    layouts = int(number("layouts", options.layouts))
    with using(options.language):
        answers = [answer(read_scenario(name).changed(changes, "--set"), layouts) for name in options.scenario]
    say(answers, options)


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
    from helpers.scenarios.scenario import read_scenario, scenario_names

    orders = []
    for one in scenarios:
        asked = read_scenario(one).changed(changes, "--set")
        name = f"{asked.name}-changed" if changes and asked.name in scenario_names() else asked.name
        orders.append(Order(name, asked.title, json.dumps(asked.given)))
    workers = min(len(orders), os.cpu_count() or 1)
    made = render_on_cluster(orders, scheduler) if scheduler else render_here(orders, workers)
    for order, html in made:
        target = REPORT / "scenarios" / f"{order.name}.html"
        write_whole(target, html)
        yield target


def compare(options: argparse.Namespace) -> None:
    """Set scenarios side by side."""
    from helpers.scenarios.compare import lines, read_all

    with using(options.language):
        answers = read_all(options.scenarios)
        if options.format == "text":
            print("\n".join(lines(answers)))
    if options.format != "text":
        say(answers, options)
