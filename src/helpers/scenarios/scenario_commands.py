"""The commands `scenario` and `compare`; what they need is imported only when one of them runs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

CHAPTER = "06_scenario"
HELP = {
    "scenario": "answer a scenario: what would it take? (data/scenarios/, or a TOML file)",
    "compare": "set two to six scenarios side by side",
}


def add_commands(subparsers: Any) -> None:
    """Add both commands to the object that `ArgumentParser.add_subparsers` returned."""
    command = subparsers.add_parser("scenario", help=HELP["scenario"], description=HELP["scenario"])
    command.add_argument("scenario", metavar="NAME_OR_PATH", help="such as gpt-3; 'list' lists them all")
    command.add_argument(
        "--set", nargs=2, action="append", default=[], metavar=("FIELD", "VALUE"), help="change a field of the scenario"
    )
    command.add_argument("--layouts", type=int, default=5, help="how many layouts to show")
    command.add_argument("--render", action="store_true", help="render report/scenarios/NAME.html instead")
    command.set_defaults(command="scenario", run=_scenario)
    command = subparsers.add_parser("compare", help=HELP["compare"], description=HELP["compare"])
    command.add_argument("scenarios", nargs="+", metavar="NAME_OR_PATH")
    command.set_defaults(command="compare", run=_compare)


def _scenario(args: argparse.Namespace) -> int:
    from helpers.scenarios.checking import typed
    from helpers.scenarios.scenario import names, read

    if args.scenario == "list":
        print("\n".join(f"{name:18s} {read(name).title}" for name in names()))
        return 0
    changes = {name: typed(name, text, "--set") for name, text in args.set}
    if args.render:
        from helpers.paths import shown

        print(shown(render(args.scenario, changes)))
        return 0
    from helpers.scenarios.answer import answer
    from helpers.scenarios.telling import lines

    print("\n".join(lines(answer(read(args.scenario).changed(changes, "--set"), args.layouts))))
    return 0


def render(name_or_path: str, changes: dict[str, Any]) -> Path:
    """Execute the scenario chapter for one scenario and render it as a page of its own.

    Raises:
        ScenarioProblem: before anything runs, if the scenario cannot be used.
    """
    import shutil
    import tempfile

    from helpers.paths import NOTEBOOKS, REPORT
    from helpers.pipeline.notebooks import execute
    from helpers.report.page import write_single
    from helpers.scenarios.scenario import find_file, read

    scenario = read(name_or_path).changed(changes, "--set")
    with tempfile.TemporaryDirectory(prefix="scenario-") as folder:
        file = Path(folder) / f"{scenario.name}.toml"
        shutil.copy(find_file(name_or_path), file)
        executed = Path(folder) / f"{CHAPTER}.ipynb"
        given = {"scenario": file.name, **parameters(changes)}
        execute(NOTEBOOKS / f"{CHAPTER}.ipynb", executed, given, Path(folder))
        target = REPORT / "scenarios" / f"{scenario.name}.html"
        write_single(
            executed, target, scenario.title, f"What would it take? The scenario {scenario.name} of Compute Claims."
        )
    return target


def parameters(changes: dict[str, Any]) -> dict[str, Any]:
    """Changed fields as parameters of the notebook; ranges go into the one called `ranges`."""
    ranges = ", ".join(f"{name} = [{v[0]!r}, {v[1]!r}]" for name, v in changes.items() if isinstance(v, tuple))
    plain = {name: value for name, value in changes.items() if not isinstance(value, tuple)}
    return {**plain, **({"ranges": ranges} if ranges else {})}


def _compare(args: argparse.Namespace) -> int:
    from helpers.scenarios.compare import lines, read_all

    print("\n".join(lines(read_all(args.scenarios))))
    return 0
