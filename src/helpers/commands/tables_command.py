"""The commands on the raw tables: `check`, `verdicts`, `bench`."""

import argparse
import sys

from helpers.errors import Problem
from helpers.ledger.dataset import Dataset, read_dataset
from helpers.ledger.judgement import judge_claims
from helpers.ledger.own_ledger import read_own
from helpers.ledger.processed import process
from helpers.ledger.soundness import check_grades
from helpers.paths import PROJECT
from helpers.rows import frame_csv


def check(options: argparse.Namespace) -> None:
    """Check the tables, and say how many rows they have."""
    dataset = _dataset(options)
    tables = process(dataset.tables)
    check_grades(tables, judge_claims(tables), "claims.csv")
    for name, frame in dataset.tables.frames.items():
        print(f"{name}: {len(frame)} rows")
    print(dataset.texts_message)


def verdicts(options: argparse.Namespace) -> None:
    """Print the verdict on every claim."""
    sys.stdout.write(frame_csv(judge_claims(process(_dataset(options).tables))))


def _dataset(options: argparse.Namespace) -> Dataset:
    """The project's tables, or the user's own among them."""
    if options.ledger:
        return read_own(options.ledger, options.data, options.texts)
    return read_dataset(options.data, options.texts)


def bench(options: argparse.Namespace) -> int:
    """Run the benchmarks, which stand beside the package."""
    if not (PROJECT / "benchmarks").is_dir():
        raise Problem("bench: the benchmarks are no part of the installed package. Mend: run it in a checkout.")
    sys.path.insert(0, str(PROJECT))
    from benchmarks.bench import run

    return int(run(options))
