"""What a warm process imports, and what its children do: run cells, or run papermill."""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import random
import socket
import sys
from collections.abc import Callable, Iterator
from typing import Any

from helpers.pipeline.wire import Wire

# What the notebooks of a project such as this import, in the order of time.
HEAVY = (
    "numpy",
    "pandas",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "matplotlib_inline.backend_inline",
    "scipy.optimize",
    "scipy.stats",
    "mistune",
    "latex2mathml.converter",
    "email.message",
    "http.client",
)


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
        from helpers.pipeline.cells import serve, warm_app
        from helpers.pipeline.observation import Observation

        app = warm_app()
    for name in HEAVY:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    settings = matplotlib_file()

    def work(order: dict[str, Any], ends: list[socket.socket]) -> None:
        os.chdir(order["folder"])
        _refresh(settings)
        shell, iopub = (Wire(end) for end in ends)
        serve(app, shell, iopub, Observation(order["roots"]))

    return work


def _papermill() -> Callable[[dict[str, Any], list[socket.socket]], None]:
    with without("rfc3987_syntax"):  # 1 s in every process that imports jsonschema, for a format nothing here uses
        from helpers.pipeline.runner import run_ordered
    return run_ordered


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


@contextlib.contextmanager
def without(name: str) -> Iterator[None]:
    """Let imports find that a package is not there."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]
