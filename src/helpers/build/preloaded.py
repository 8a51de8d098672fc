"""Imported by the fork server before it forks: the process of a step then starts in a few hundredths of a second.

Nothing else imports this module.
"""

import contextlib
import gc
import io
import os
import warnings
from importlib import import_module

from helpers.build.fork_server import ONLY_AT_START, leave_out

MODULES = (
    "pandas",
    "pandas.io.formats.csvs",
    "pandas.io.formats.html",
    "pyarrow.dataset",
    "pyarrow.parquet",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_svg",
    "ipykernel.kernelapp",
    "helpers.build.fork_server",
    "helpers.notebook",
    "helpers.ledger.processed",
    "helpers.report.html_tables",
    "helpers.report.figures",
)
PAGES = ("helpers.report.page", "helpers.report.headline")  # no notebook imports them


def exercise() -> None:
    """Draw what nobody sees: fonts, formulas on axes and the writer of SVG are slow the first time only."""
    from matplotlib.figure import Figure

    figure = Figure()
    axes = figure.subplots()
    axes.plot([1, 10], [1, 10], label="a")
    axes.set_yscale("log")
    axes.legend()
    figure.savefig(io.StringIO(), format="svg", metadata={"Date": None})


os.setsid()  # Ctrl-C is for the caller, who then ends the steps
leave_out()
for module in MODULES:
    with contextlib.suppress(Exception):  # what is broken is told by the step that needs it
        import_module(module)
for module in PAGES:
    with contextlib.suppress(Exception), warnings.catch_warnings():  # what they filter is not for notebooks
        import_module(module)
with contextlib.suppress(Exception):
    exercise()
for name in ONLY_AT_START:
    os.environ.pop(name, None)
gc.collect()
gc.freeze()  # so that no child copies what it never changes
