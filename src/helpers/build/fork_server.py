"""Processes for single steps, forked by the standard library's fork server from one that has imported everything.

Each process has a session of its own, which is ended as a whole: by its caller, with the step, and by itself, when
its caller has ended, whatever ended that one. Nothing that a notebook started is left.
"""

import atexit
import contextlib
import multiprocessing
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from multiprocessing import forkserver
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from helpers.errors import Problem
from helpers.files import left_by_dead

KERNEL_ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "SOURCE_DATE_EPOCH": "0",
    "MPLBACKEND": "agg",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    # The order in which several threads add up depends on how many there are; and a process with threads is not forked.
    **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
}
ONLY_AT_START = {"JE_ARROW_MALLOC_CONF": "background_thread:false"}  # Arrow's allocator would start a thread
# jsonschema compiles a grammar of this package for 1.5 s, to check the format "iri"; without it, it does not.
# No notebook is debugged here, and the debugger takes 0.2 s.
LEFT_OUT = ("rfc3987_syntax", "debugpy")
MOST_END_S = 5.0
PREFIX = "compute-claims-"
CALLERS_FOLDER = "COMPUTE_CLAIMS_FOLDER"  # tells the fork server what to remove in the end
LONGEST_TEMPORARY = 50  # characters; the path of a socket has at most 107
SEARCH_PATH = tuple(sys.path[1:])  # in the fork server, its own; the first is where it was started
INLINE = "module://matplotlib_inline.backend_inline"  # ipykernel's own default
_starting = threading.Lock()


def can_fork() -> bool:
    """Whether steps can run in forked processes here (macOS forbids that), and nobody asked for ordinary kernels."""
    return sys.platform == "linux" and os.environ.get("COMPUTE_CLAIMS_KERNEL", "forked") != "ordinary"


def leave_out() -> None:
    """Let imports find that some packages are not there, unless something has imported them already."""
    for name in LEFT_OUT:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]


@cache
def run_folder() -> Path:
    """A folder in the temporary one for sockets and passing files of this process.

    The fork server, which ends after this process, whatever ended that, removes it; where there is none, this process
    does. Folders of processes that were killed are removed here: their names hold numbers that no process has.
    """
    base = Path(tempfile.gettempdir())
    if len(str(base)) > LONGEST_TEMPORARY and os.access("/tmp", os.W_OK):
        base = Path("/tmp")
    for left in left_by_dead(base.glob(f"{PREFIX}*-*"), PREFIX):
        shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=base))
    atexit.register(_remove_if_empty, folder)
    return folder


def _remove_if_empty(folder: Path) -> None:
    with contextlib.suppress(OSError):
        folder.rmdir()


def start_server() -> None:
    """Start the fork server, unless it runs; it imports while the caller goes on."""
    multiprocessing.current_process().daemon = False  # a worker of Dask is one, and then may start no process
    settings = {**KERNEL_ENVIRONMENT, **ONLY_AT_START, CALLERS_FOLDER: str(run_folder())}
    with _starting:
        before, temporary = {name: os.environ.get(name) for name in settings}, tempfile.tempdir
        tempfile.tempdir = str(run_folder())  # multiprocessing keeps the server's socket there
        os.environ.update(settings)
        try:
            forkserver.set_forkserver_preload(["helpers.build.preloaded"])
            forkserver.ensure_running()
        finally:
            tempfile.tempdir = temporary
            for name, value in before.items():
                os.environ.pop(name) if value is None else os.environ.update({name: value})


class Kernel(ForkServerProcess):
    """A process that runs a kernel, see `run_kernel`, with the methods of Popen that a provisioner calls."""

    stdin = stdout = stderr = None

    def poll(self) -> int | None:
        """Its exit status; None while it runs."""
        return self.exitcode

    def wait(self) -> int | None:
        """Its exit status, when it has ended."""
        self.join()
        return self.exitcode

    def send_signal(self, number: int) -> None:
        """Signal it and all that it started; after the one that ends it, be back when it has ended."""
        end(self, number)
        if number == signal.SIGKILL:
            self.join(MOST_END_S)


def start_kernel(*arguments: Any) -> Kernel:
    """A new process that runs a kernel; its number is that of its session."""
    start_server()
    kernel = Kernel(target=run_kernel, args=arguments, daemon=True)
    try:
        kernel.start()
    except (EOFError, ConnectionError):
        mend = "allow more memory and open files (ulimit -v, ulimit -n)"
        raise Problem(f"the process that notebooks are forked from died. Mend: {mend}.") from None
    return kernel


def end(process: ForkServerProcess, number: int = signal.SIGKILL) -> None:
    """Signal a process and all that it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid or 0, number)
    if number == signal.SIGKILL:
        with contextlib.suppress(ProcessLookupError):  # before it had a session
            process.kill()


@atexit.register
def end_all() -> None:
    """End every process that this one has started here."""
    for process in multiprocessing.active_children():
        if isinstance(process, ForkServerProcess):
            end(process)


def call(function: Callable[..., Any], *arguments: Any) -> Any:
    """What a function returns or raises in a process of its own; a Problem, if the process died."""
    if not can_fork():
        return function(*arguments)
    start_server()
    try:
        with ProcessPoolExecutor(1, multiprocessing.get_context("forkserver"), _begin_session) as pool:
            return pool.submit(function, *arguments).result()
    except BrokenProcessPool:
        raise Problem(f"the process of {function.__name__} died; out of memory?") from None


def run_kernel(arguments: list[str], folder: str, environment: Mapping[str, str]) -> None:
    """In a forked process: ipykernel's own application, in its folder and environment."""
    from ipykernel.kernelapp import IPKernelApp

    _begin_session()
    with contextlib.suppress(OSError):
        os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.path[:] = SEARCH_PATH  # not that of the caller, who may be any program
    multiprocessing.current_process().daemon = False  # a notebook may start processes
    settle_libraries()
    IPKernelApp.launch_instance(argv=arguments, parent_handle=os.getppid())


def settle_libraries() -> None:
    """What a process of its own would have made anew of the libraries that are imported already."""
    random.seed()
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()
    if "pandas" in sys.modules:
        sys.modules["pandas"].set_option("display.max_columns", 20)  # it was imported without a kernel
    if matplotlib := sys.modules.get("matplotlib"):
        if (file := matplotlib.matplotlib_fname()) != matplotlib.get_data_path() + "/matplotlibrc":
            matplotlib.rc_file(file)
        matplotlib.rcParams["backend"] = os.environ.get("MPLBACKEND", INLINE)


def _begin_session() -> None:
    """In a new process: a session of its own, which ends with its caller."""
    os.setsid()
    threading.Thread(target=_end_with_caller, daemon=True).start()


def _end_with_caller() -> None:
    if caller := multiprocessing.parent_process():
        caller.join()
        os.killpg(0, signal.SIGKILL)
