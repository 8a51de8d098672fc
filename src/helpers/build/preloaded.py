"""Imported by the fork server alone, before it forks: a step's process then starts in a few hundredths of a second."""

import atexit
import contextlib
import gc
import io
import os
import shutil
import tempfile
import warnings
from importlib import import_module
from pathlib import Path

from helpers.build.fork_server import CALLERS_FOLDER, ONLY_AT_START, PREFIX, leave_out

MODULES = (
    "pandas", "pandas.io.formats.csvs", "pandas.io.formats.html", "pyarrow.dataset", "pyarrow.parquet",
    "matplotlib.pyplot", "matplotlib.backends.backend_svg", "ipykernel.kernelapp", "helpers.build.fork_server",
    "helpers.notebook", "helpers.ledger.processed", "helpers.report.html_tables", "helpers.report.figures",
)  # fmt: skip
# No notebook imports the first two.
PAGES = ("helpers.report.page", "helpers.report.stepper", "helpers.report.explorer_data")


def exercise() -> None:
    """Do what nobody sees, and what is slow the first time only: draw, check a notebook, compile templates."""
    import nbformat
    from matplotlib.figure import Figure

    from helpers.report.chapter_html import render_chapter
    from helpers.report.text import environment

    figure = Figure()
    axes = figure.subplots()
    axes.plot([1, 10], [1, 10], label="a")
    axes.set_yscale("log")
    axes.legend()
    figure.savefig(io.StringIO(), format="svg", metadata={"Date": None})
    with tempfile.TemporaryDirectory(prefix=f"{PREFIX}{os.getpid()}-") as folder:
        notebook = Path(folder) / "a.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# A")]), notebook)
        render_chapter(notebook)
    for name in ("frame.html.j2", "index.html.j2", "page.html.j2"):
        environment().get_template(name)


os.setsid()  # Ctrl-C is for the caller, who then ends the steps
atexit.register(shutil.rmtree, os.environ.pop(CALLERS_FOLDER, ""), ignore_errors=True)
leave_out()
for module in (*MODULES, *PAGES):
    keeping = warnings.catch_warnings() if module in PAGES else contextlib.nullcontext()  # what pages filter is theirs
    with contextlib.suppress(Exception), keeping:  # what is broken is told by the step that needs it
        import_module(module)
with contextlib.suppress(Exception):
    exercise()
for name in ONLY_AT_START:
    os.environ.pop(name, None)
gc.set_threshold(200_000, 20, 20)  # a step ends before its memory matters
gc.collect()
gc.freeze()  # so that no child copies what it never changes
