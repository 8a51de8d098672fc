"""The commands on scenarios: `plan`, `scenario`, `compare`, `sweep`."""

import argparse
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from helpers.errors import refuse_twice
from helpers.formulas.validation import Range, number
from helpers.language import using
from helpers.paths import shown
from helpers.scenarios import exporting, sweep, telling
from helpers.scenarios.answer import Answer, answer, read_all
from helpers.scenarios.checking import ScenarioProblem, typed
from helpers.scenarios.fields import FIELDS
from helpers.scenarios.model_config import read_config
from helpers.scenarios.scenario import from_mapping, read_scenario, scenario_names
from helpers.scenarios.sweep_file import find_sweep, read_grid

# Fields of a scenario that have another name as an option of `plan`.
SHORT = {"price_per_chip_hour_usd": "price", "purchase_price_usd": "purchase_price", "carbon_kg_per_kwh": "carbon"}
NEEDED = ("params", "tokens", "accelerator", "count")
ELSEWHERE = ("title", "note", "solve_for", "days", "budget_usd")  # of scenario files only


def print_answers(
    answers: Sequence[Answer], options: argparse.Namespace, lines: Callable[..., list[str]] | None = None
) -> None:
    """Print answers as the options ask; `lines` puts them on the screen, by default one after the other."""
    with using(options.language):
        if options.format == "json":
            print(exporting.answers_json(answers))
        elif options.format == "csv":
            print(exporting.answers_csv(answers), end="")
        else:
            shown = lines(answers) if lines else [line for answer in answers for line in telling.lines(answer)]
            print("\n".join(shown))


def add_fields(parser: argparse.ArgumentParser) -> None:
    """Every field of a scenario as an option of `plan`."""
    for name, field in FIELDS.items():
        if name not in ELSEWHERE:
            default = f" (default {field.default})" if field.default and name not in NEEDED else ""
            option = f"--{SHORT.get(name, name).replace('_', '-')}"
            parser.add_argument(option, dest=name, help=(field.help + default).replace("%", "%%"))


def plan(options: argparse.Namespace) -> None:
    """Answer a scenario that is given by options."""
    texts = {name: getattr(options, name) for name in FIELDS if name not in ELSEWHERE}
    given = {name: typed(name, text, "plan") for name, text in texts.items() if text is not None}
    fields = read_config(options.config) if options.config else {}
    if options.model:  # what the options change: a known model, a configuration, or nothing
        base = read_scenario(options.model).changed(fields, "plan")
    else:
        base = from_mapping({"title": "This plan", **fields}, "plan", "plan")
    known = {**base.given, **given}
    missing = [f"--{name}" for name in NEEDED if name not in known and (name != "params" or "layers" not in known)]
    if missing:
        raise ScenarioProblem(f"plan: {', '.join(missing)}: needed; or start from --model, or for params from --config")
    with using(options.language):
        found = answer(base.changed(given, "plan"), int(number("layouts", options.layouts)))
    print_answers([found], options)


def scenario(options: argparse.Namespace) -> None:
    """Answer scenarios, list those that come with the project, or render them."""
    if options.scenario == ["list"]:
        print("\n".join(f"{name:18s} {read_scenario(name).title}" for name in scenario_names()))
        return
    refuse_twice("--set", [name for name, _ in options.set])
    changes = {name: typed(name, text, "--set") for name, text in options.set}
    if options.render:
        from helpers.commands.scenario_pages import render_scenarios

        for page in render_scenarios(options.scenario, changes, options.scheduler):
            print(shown(page))
        return
    layouts = int(number("layouts", options.layouts))
    with using(options.language):
        answers = [answer(read_scenario(name).changed(changes, "--set"), layouts) for name in options.scenario]
    print_answers(answers, options)


def compare(options: argparse.Namespace) -> None:
    """Set scenarios side by side."""
    with using(options.language):
        answers = read_all(options.scenarios)
    print_answers(answers, options, telling.comparison)


def sweep_file(options: argparse.Namespace) -> None:
    """Sweep what a file asks for into a folder of Parquet files, and say how much was done."""
    asked = (os.cpu_count() or 1) if options.workers is None else options.workers
    workers = int(number("workers", asked, Range(1, 4096)))
    file = find_sweep(options.file)
    grid = read_grid(file)
    folder = options.out or Path(file.stem)
    begun = time.perf_counter()
    done = sweep.sweep(grid, folder, workers, options.scheduler)
    seconds = time.perf_counter() - begun
    kept = f", {grid.rows - done:,} were there" if done < grid.rows else ""
    parts = f"{folder}/part-*.parquet: {', '.join(grid.names)}"
    print(f"{grid.title}: {done:,} scenarios in {seconds:.1f} s{kept}; {parts}")
