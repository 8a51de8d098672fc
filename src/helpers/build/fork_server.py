"""Processes for single steps, forked by the standard library's fork server from one that has imported everything.

Each step has a session of its own: a guard, which is the process that the fork server makes, and its child, which
does the work. The guard ends the whole session with the work, with the fork server, and so with the caller, whatever
ended that one: nothing that a notebook started is left.
"""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from functools import cache
from multiprocessing import forkserver, util
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

try:
    import fcntl
except ImportError:  # no such lock on this platform
    fcntl = None  # type: ignore[assignment]

from helpers.errors import Problem

KERNEL_ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "SOURCE_DATE_EPOCH": "0",
    "MPLBACKEND": "agg",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    # The order in which several threads add up depends on how many there are; and a process with threads is not forked.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
ONLY_AT_START = {"JE_ARROW_MALLOC_CONF": "background_thread:false"}  # Arrow's allocator would start a thread
# jsonschema compiles a grammar of this package for 1.5 s, to check the format "iri"; without it, it does not.
# No notebook is debugged here, and the debugger takes 0.2 s.
LEFT_OUT = ("rfc3987_syntax", "debugpy")
_starting = threading.Lock()
PREFIX = "compute-claims-"
LONGEST_TEMPORARY = 50  # characters; the path of a socket has at most 107
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of linux/prctl.h
context = multiprocessing.get_context("forkserver") if "forkserver" in multiprocessing.get_all_start_methods() else None


def can_fork() -> bool:
    """Whether steps can run in forked processes here, and nobody asked for ordinary kernels.

    Linux only: elsewhere processes cannot be tied to their parent's life, and macOS forbids its own libraries
    after a fork.
    """
    return sys.platform == "linux" and os.environ.get("COMPUTE_CLAIMS_KERNEL", "forked") != "ordinary"


def leave_out() -> None:
    """Let imports find that some packages are not there, unless something has imported them already."""
    for name in LEFT_OUT:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]


def run_folder() -> Path:
    """A folder in the temporary one for sockets and passing files of this process; removed when it ends.

    Folders of processes that were killed are removed here: their lock is free.
    """
    with _starting:
        return _run_folder()


@cache
def _run_folder() -> Path:
    base = tempfile.gettempdir()
    if len(base) > LONGEST_TEMPORARY and os.access("/tmp", os.W_OK):
        base = "/tmp"
    sweep(Path(base))
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base))
    if fcntl:
        fcntl.flock(os.open(folder / "new", os.O_RDWR | os.O_CREAT, 0o600), fcntl.LOCK_EX)  # held until the end
        os.rename(folder / "new", folder / "lock")  # locked before anybody sees it
    # After multiprocessing has removed its own folder in this one.
    util.Finalize(None, shutil.rmtree, args=[folder], kwargs={"ignore_errors": True}, exitpriority=-200)
    return folder


def sweep(base: Path) -> None:
    """Remove what killed processes of this user left in the temporary folder."""
    for folder in base.glob(f"{PREFIX}*") if fcntl else ():
        with contextlib.suppress(OSError):
            lock = os.open(folder / "lock", os.O_RDWR)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)


@contextlib.contextmanager
def _server_settings() -> Iterator[None]:
    """Environment and temporary folder of the fork server while it is started."""
    before, folder = dict(os.environ), tempfile.tempdir
    tempfile.tempdir = str(_run_folder())  # multiprocessing keeps the server's socket there
    os.environ.update({**KERNEL_ENVIRONMENT, **ONLY_AT_START})
    try:
        yield
    finally:
        tempfile.tempdir = folder
        os.environ.clear()
        os.environ.update(before)


def start_server() -> None:
    """Start the fork server, unless it runs; it imports while the caller goes on."""
    with _starting:
        forkserver.set_forkserver_preload(["helpers.build.preloaded"])
        with _server_settings():
            forkserver.ensure_running()


def start(work: Callable[..., None], *arguments: Any) -> ForkServerProcess:
    """A new process that calls `work`; its number is that of its session."""
    assert context is not None
    start_server()
    multiprocessing.current_process().daemon = False  # a worker of Dask is one, and then may start no process
    process = context.Process(target=_guard, args=(work, arguments), daemon=True)
    process.start()
    return process


def end(process: ForkServerProcess, number: int = signal.SIGKILL) -> None:
    """Signal a process and all that it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid or 0, number)
    if number == signal.SIGKILL:
        with contextlib.suppress(ProcessLookupError):  # before it had a session
            process.kill()


def end_all() -> None:
    """End every process that this one has started here."""
    for process in multiprocessing.active_children():
        if isinstance(process, ForkServerProcess):
            end(process)


def call(function: Callable[..., Any], *arguments: Any) -> Any:
    """What a function returns or raises in a process of its own.

    Raises:
        Problem: the process died.
    """
    if not can_fork():
        return function(*arguments)
    receiver, sender = multiprocessing.Pipe(duplex=False)
    process = start(_send, sender, function, arguments)
    sender.close()
    try:
        returned, error = receiver.recv()
    except EOFError:
        raise Problem(f"the process of {function.__name__} died; out of memory?") from None
    finally:
        receiver.close()
        process.join()
    if error is not None:
        raise error
    return returned


def _send(sender: Connection, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    answer: tuple[Any, Exception | None]
    try:
        answer = function(*arguments), None
    except Exception as error:
        answer = None, error.with_traceback(None)
    sender.send(answer)


def _guard(work: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    """In the new process: begin a session, do the work in a child, end the session with it."""
    os.setsid()
    signal.signal(signal.SIGTERM, lambda *_: os.killpg(0, signal.SIGKILL))
    _signal_at_parents_end(signal.SIGTERM)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    child = os.fork()
    if not child:
        _work(work, arguments)
    caller = multiprocessing.parent_process()
    wait([os.pidfd_open(child), *([caller.sentinel] if caller else [])])
    os.killpg(0, signal.SIGKILL)


def _work(work: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    try:
        _signal_at_parents_end(signal.SIGKILL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        work(*arguments)
    except Exception:
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(0)


def _signal_at_parents_end(number: int) -> None:
    """Let the kernel of Linux send a signal to this process when its parent ends."""
    parent = os.getppid()
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, number)
    if os.getppid() != parent:
        os._exit(1)
