"""The forked process of a notebook's kernel."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import random
import sys
from collections.abc import Mapping

SEARCH_PATH = tuple(sys.path[1:])  # of the fork server, which imports this; the first is where it was started
INLINE = "module://matplotlib_inline.backend_inline"  # ipykernel's own default


def run_kernel(arguments: list[str], folder: str, environment: Mapping[str, str]) -> None:
    """In the forked process: ipykernel's own application."""
    from ipykernel.kernelapp import IPKernelApp

    settle(folder, environment)
    IPKernelApp.launch_instance(argv=arguments, parent_handle=os.getppid())


def settle(folder: str, environment: Mapping[str, str]) -> None:
    """Its folder, its environment, and what a process of its own would have made anew."""
    with contextlib.suppress(OSError):
        os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.path[:] = SEARCH_PATH  # not that of the caller, who may be any program
    multiprocessing.current_process().daemon = False  # a notebook may start processes
    random.seed()
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()
    if "pandas" in sys.modules:
        sys.modules["pandas"].set_option("display.max_columns", 20)  # it was imported without a kernel
    if matplotlib := sys.modules.get("matplotlib"):
        if (file := matplotlib.matplotlib_fname()) != matplotlib.get_data_path() + "/matplotlibrc":
            matplotlib.rc_file(file)
            vars(matplotlib)["rcParamsOrig"] = matplotlib.rcParams.copy()
        matplotlib.rcParams["backend"] = environment.get("MPLBACKEND", INLINE)
