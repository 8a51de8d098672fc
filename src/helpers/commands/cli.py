"""Command line: `python -m helpers COMMAND`. Results go to standard output, problems to standard error."""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers import __version__
from helpers.commands.outcome import ended
from helpers.commands.plan_command import add_commands
from helpers.commands.scan_command import add_commands as add_scan
from helpers.errors import ParameterProblem, Problem
from helpers.paths import DATA, PROJECT

if TYPE_CHECKING:
    from helpers.ledger.dataset import Dataset

LEDGER_HELP = "a ledger of your own (made by scan --add), held against the evidence here"
MOST_OF_A_NAME = 120  # characters of a command line that an error repeats
TEXTS_HELP = "folder with the articles' texts, to check every printed figure"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status says how it ended, see `helpers.commands.outcome`."""
    options = _parser().parse_args(arguments)
    name = " ".join(sys.argv[1:] if arguments is None else arguments)
    return ended(name[:MOST_OF_A_NAME], lambda: int(options.run(options) or 0))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m helpers", description="Compute Claims: check, build, run.")
    parser.add_argument("--version", action="version", version=f"Compute Claims {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_build(commands)
    _add_run(commands)
    _add_tables(commands)
    add_scan(commands)
    add_commands(commands)
    return parser


def _add_build(commands: Any) -> None:
    for name, action, text in (
        ("build", _build, "run the notebooks that have changed, render report/"),
        ("explain", _explain, "say why each step of a build would run"),
        ("watch", _watch, "build whenever a file changes, until Ctrl-C"),
    ):
        command = commands.add_parser(name, help=text)
        command.add_argument("--texts", default="", metavar="DIR", help=TEXTS_HELP)
        place = "put report/ and data/processed/ into another folder"
        command.add_argument("--into", type=Path, metavar="DIR", help=place)
        how = {"nargs": 2, "action": "append", "default": [], "metavar": ("NOTEBOOK.NAME", "VALUE")}
        command.add_argument("-p", help="set a parameter of a notebook", **how)
        if name != "explain":
            most = "how many steps run at once (default: as many as there are cores)"
            command.add_argument("--workers", type=int, default=0, metavar="N", help=most)
        command.set_defaults(run=action)


def _add_run(commands: Any) -> None:
    command = commands.add_parser("run", help="run one notebook with checked parameters")
    command.add_argument("notebook", type=Path)
    command.add_argument("output", type=Path)
    command.add_argument("-p", nargs=2, action="append", default=[], metavar=("NAME", "VALUE"), help="set a parameter")
    command.set_defaults(run=_run)


def _add_tables(commands: Any) -> None:
    command = commands.add_parser("check", help="check the raw tables, without building anything")
    command.add_argument("--texts", default="", metavar="DIR", help=TEXTS_HELP)
    command.add_argument("--data", type=Path, default=DATA, metavar="DIR", help="another data folder")
    command.add_argument("--ledger", type=Path, metavar="DIR", help=LEDGER_HELP)
    command.set_defaults(run=_check)
    command = commands.add_parser("bench", help="measure models, figure reader, sweeps and pipeline")
    named = "accuracy, speed, reader, composed, articles, sweep or pipeline (default: all)"
    command.add_argument("sections", nargs="*", metavar="SECTION", help=named)
    command.add_argument("--quick", action="store_true", help="less of what takes minutes")
    command.add_argument("--record", action="store_true", help="write the pipeline's times to data/raw/timings.csv")
    command.add_argument("--texts", default="", metavar="DIR", help=TEXTS_HELP)
    command.add_argument("--data", type=Path, default=DATA, metavar="DIR", help="another data folder")
    command.set_defaults(run=_bench)
    command = commands.add_parser("verdicts", help="judge every claim and print the verdicts as CSV")
    command.add_argument("--data", type=Path, default=DATA, metavar="DIR", help="another data folder")
    command.add_argument("--texts", default="", metavar="DIR", help=TEXTS_HELP)
    command.add_argument("--ledger", type=Path, metavar="DIR", help=LEDGER_HELP)
    command.set_defaults(run=_verdicts)


def _build(options: argparse.Namespace) -> int:
    from helpers.build.build import build

    print(build(_overrides(options.p), options.texts, options.into, workers=options.workers))
    return 0


def _explain(options: argparse.Namespace) -> int:
    from helpers.build.build import explain, ready, scheduled
    from helpers.build.project import Project

    project = ready(Project(into=options.into))
    print("\n".join(explain(scheduled(project, _overrides(options.p), options.texts))))
    return 0


def _watch(options: argparse.Namespace) -> int:
    from helpers.build.watch import watch

    watch(_overrides(options.p), options.texts, options.into, workers=options.workers)
    return 0


def _overrides(given: Sequence[Sequence[str]]) -> dict[str, dict[str, Any]]:
    """Parameters by notebook, read as the notebook declares them."""
    if not given:
        return {}
    from helpers.parameters import from_text, notebook_parameters
    from helpers.paths import NOTEBOOKS

    texts: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for address, value in given:
        notebook, dot, name = address.rpartition(".")
        if not dot:
            raise ParameterProblem(f"-p {address}: write NOTEBOOK.NAME, such as 03_compute.attention")
        texts[notebook].append((name, value))
    return {
        notebook: _from_here(from_text(pairs, notebook_parameters(NOTEBOOKS / f"{notebook}.ipynb"), notebook))
        for notebook, pairs in texts.items()
    }


def _from_here(values: dict[str, Any]) -> dict[str, Any]:
    """Files are named as seen from where the command was given; a notebook runs elsewhere."""
    return {n: str(Path(v).resolve()) if isinstance(v, str) and _is_file(v) else v for n, v in values.items()}


def _is_file(text: str) -> bool:
    try:
        return bool(Path(text).suffix) and Path(text).is_file()
    except (OSError, ValueError):  # too long for a name, or no name at all
        return False


def _run(options: argparse.Namespace) -> int:
    from helpers.build.notebooks import execute
    from helpers.parameters import from_text, notebook_parameters

    values = from_text([tuple(p) for p in options.p], notebook_parameters(options.notebook), options.notebook.stem)
    execute(options.notebook, options.output, _from_here(values))
    print(options.output)
    return 0


def _check(options: argparse.Namespace) -> int:
    from helpers.ledger.judgement import judge_claims
    from helpers.ledger.processed import process
    from helpers.ledger.soundness import check_grades, without_place

    dataset = _dataset(options)
    tables = process(dataset.tables)
    check_grades(tables, judge_claims(tables), "claims.csv")
    for name, frame in dataset.tables.frames.items():
        print(f"{name}: {len(frame)} rows")
    print(f"evidence behind rated claims that names no place within its source: {len(without_place(tables))} rows")
    print(dataset.texts_message)
    return 0


def _dataset(options: argparse.Namespace) -> Dataset:
    """The project's tables, or the user's own among them."""
    from helpers.ledger.dataset import read_dataset
    from helpers.ledger.own import read_own

    if options.ledger:
        return read_own(options.ledger, options.data, options.texts)
    return read_dataset(options.data, options.texts)


def _verdicts(options: argparse.Namespace) -> int:
    from helpers.ledger.judgement import judge_claims
    from helpers.ledger.processed import process

    verdicts = judge_claims(process(_dataset(options).tables))
    verdicts.to_csv(sys.stdout, index=False, lineterminator="\n")
    return 0


def _bench(options: argparse.Namespace) -> int:
    if not (PROJECT / "benchmarks").is_dir():
        raise Problem("bench: the benchmarks are no part of the installed package. Mend: run it in a checkout.")
    sys.path.insert(0, str(PROJECT))
    from benchmarks.bench import run

    return run(options)
