"""What a warm process imports, and what its children do: run cells, or run papermill."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import random
import socket
import sys
from collections.abc import Callable
from typing import Any

from helpers.build.imports import IRI_GRAMMAR, imported, without
from helpers.build.wire import Wire

# What the notebooks of a project such as this import, modules that others import late among them.
HEAVY = (
    "numpy",
    "pandas",
    "pandas.io.formats.csvs",
    "pandas.io.formats.html",
    "pyarrow.dataset",
    "pyarrow.parquet",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "matplotlib_inline.backend_inline",
    "scipy.special",
    "bibtexparser",
    "mistune.plugins.math",
    "latex2mathml.converter",
    "email.message",
    "http.client",
)
# What few notebooks import, and takes long: when there is nothing else to do.
AT_LEISURE = ("frictionless",)


def prepared(role: str) -> Callable[[dict[str, Any], list[socket.socket]], None]:
    """Import everything; the work of a child."""
    gc.disable()
    work = {"cells": _cells, "papermill": _papermill}[role]()
    gc.collect()
    gc.freeze()
    gc.enable()
    return work


def _cells() -> Callable[[dict[str, Any], list[socket.socket]], None]:
    """The kernel first: pandas and matplotlib look for one when they are imported."""
    with without("debugpy"):  # 0.2 s, and no notebook is debugged here
        from helpers.build.cells import serve, warm_app
        from helpers.build.observation import Observation

        app = warm_app()
        shell: Any = app.shell
    with shell.builtin_trap:  # gives what is imported the `get_ipython` that it asks
        for name in HEAVY:
            imported(name)
        with without(IRI_GRAMMAR):
            imported("jsonschema")
        exercise()
    settings = matplotlib_file()

    def work(order: dict[str, Any], ends: list[socket.socket]) -> None:
        with contextlib.suppress(OSError):  # papermill goes there too, and says so
            os.chdir(order["folder"])
        _refresh(settings)
        shell, iopub = (Wire(end) for end in ends)
        serve(app, shell, iopub, Observation(order["roots"]))

    return work


def _papermill() -> Callable[[dict[str, Any], list[socket.socket]], None]:
    with without(IRI_GRAMMAR):
        from helpers.build.runner import run_ordered
    return run_ordered


def exercise() -> None:
    """Draw what nobody sees: fonts, formulas on axes and the writer of SVG are slow the first time only."""
    with contextlib.suppress(ImportError):
        from matplotlib.figure import Figure

        figure = Figure()
        axes = figure.subplots()
        axes.plot([1, 10], [1, 10], label="a")
        axes.set_yscale("log")
        axes.legend()
        figure.savefig(io.StringIO(), format="svg", metadata={"Date": None})


def _refresh(settings: str) -> None:
    """What a process of its own would have made anew: random states, and matplotlib's file of settings."""
    random.seed()
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()
    if "matplotlib" in sys.modules and matplotlib_file() != settings:
        import matplotlib

        matplotlib.rcParams.update(matplotlib.rc_params())
        matplotlib.rcParamsOrig = matplotlib.rcParams.copy()
        if backend := os.environ.get("MPLBACKEND"):
            matplotlib.rcParams["backend"] = backend


def matplotlib_file() -> str:
    """The matplotlibrc that holds in the current folder."""
    return str(sys.modules["matplotlib"].matplotlib_fname()) if "matplotlib" in sys.modules else ""
