"""Command line: `python -m helpers COMMAND`. Results go to standard output, problems to standard error.

The commands and their arguments stand in `commands.toml`.
"""

import argparse
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

from helpers import __version__
from helpers.commands.outcome import ended
from helpers.errors import Problem
from helpers.paths import DATA

COMMANDS = Path(__file__).with_name("commands.toml")
MOST_OF_A_NAME = 120  # characters of a command line that an error repeats
TYPES = {"path": Path, "folder": str, "int": int}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status says how it ended, see `helpers.commands.outcome`."""
    words = sys.argv[1:] if arguments is None else arguments
    options = parser(words).parse_args(words)
    return ended(" ".join(words)[:MOST_OF_A_NAME], lambda: run(options))


def run(options: argparse.Namespace) -> int:
    """Run the command that was asked for; its module is imported only now. A folder to read must be there."""
    for name in ("texts", "ledger"):
        folder = getattr(options, name, None)
        if folder and not Path(folder).is_dir():
            raise Problem(f"--{name}: no folder {folder}. Mend: name one that is there.")
    return int(resolve_name(f"helpers.commands.{options.run}")(options) or 0)


def parser(words: Sequence[str] = ()) -> argparse.ArgumentParser:
    """The parser of a command line; the many fields of a scenario are options only where these words ask for them."""
    table = tomllib.loads(COMMANDS.read_text(encoding="utf-8"))
    shared = table.pop("arguments")
    top = argparse.ArgumentParser(prog="python -m helpers", description="Compute Claims: check, build, run.")
    top.add_argument("--version", action="version", version=f"Compute Claims {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, told in table.items():
        command = commands.add_parser(name, help=told["help"], description=told["help"], epilog=told.get("more"))
        if told.get("fields") and name in words:
            resolve_name("helpers.commands.scenario_command:add_fields")(command)
        for argument, settings in (told.get("own", {}) | {a: shared[a] for a in told.get("takes", ())}).items():
            _add_argument(command, argument, settings)
        command.set_defaults(command=name, run=told["run"])
    return top


def _add_argument(command: argparse.ArgumentParser, argument: str, settings: Mapping[str, Any]) -> None:
    given: dict[str, Any] = {
        key: tuple(value) if key == "metavar" and isinstance(value, list) else value for key, value in settings.items()
    }
    names = [name for name in (given.pop("short", ""), argument) if name]
    if "type" in given:
        given["type"] = TYPES[given["type"]]
    if argument == "--data":
        given["default"] = DATA
    command.add_argument(*names, **given)
