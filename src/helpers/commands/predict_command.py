"""The command `predict`, apart from those on scenarios, whose modules take longer to import than a row to predict."""

import argparse
import io
import sys
from pathlib import Path

from helpers.commands.outcome import fail
from helpers.files import refuse_input, write_whole
from helpers.language import using
from helpers.timing.prediction import predict_csv


def predict(options: argparse.Namespace) -> int:
    """Predict every run of a table; 1 if any row of it could not be used."""
    if options.output != "-":
        refuse_input(Path(options.output), [Path(options.runs)])
    table = io.StringIO()
    with using(options.language):
        problems = predict_csv(options.runs, table)
    if options.output == "-":
        sys.stdout.write(table.getvalue())
    else:
        write_whole(Path(options.output), table.getvalue())
    return max((fail(f"error: {problem}", 1) for problem in problems), default=0)
