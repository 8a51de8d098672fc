"""The kernel of a forked notebook: ipykernel's own, without ZeroMQ, threads and start-up.

Everything that shapes an output (shell, display hooks, message dispatch, `input`, interrupts, comms) is
ipykernel's code. New here are the way messages travel (`wire`) and the two output streams, which need no thread.
"""

from __future__ import annotations

import asyncio
import atexit
import codecs
import contextlib
import fcntl
import io
import os
import sys
import threading
import time
from contextvars import ContextVar
from typing import Any

import zmq
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from jupyter_client.session import Session, extract_header
from tornado.ioloop import IOLoop
from traitlets import Any as AnyTrait

from helpers.build.observation import Observation
from helpers.build.wire import SEALED, Wire

FLUSH_SECONDS = 0.2  # as ipykernel's streams
STARTED_AS = "--HistoryManager.hist_file=:memory:"  # as nbclient starts a kernel: no file, and no thread for it


class CapturedStream(io.TextIOBase):
    """`sys.stdout` or `sys.stderr` of a notebook, with what is written to the file descriptor below it.

    A file in memory takes the place of the descriptor: unlike a pipe it never fills up, so that no thread has
    to empty it, and what C code and other processes wrote is found in its order among the text of Python.
    """

    encoding = "UTF-8"

    def __init__(self, session: Session, outlet: Any, name: str, echo: Any = None):
        self.session, self.outlet, self.name = session, outlet, name
        self._parent: ContextVar[dict[str, Any]] = ContextVar("parent")  # a task keeps that of the cell that made it
        self._last_parent: dict[str, Any] = {}  # for threads
        self._lock = threading.RLock()
        self._pieces: list[tuple[dict[str, Any], str]] = []
        self._since = 0.0
        self._owner = os.getpid()
        self._hooks: list[Any] = []
        self._number = {"stdout": 1, "stderr": 2}[name]
        self._original_stdstream_copy = os.dup(self._number)  # the name under which ipykernel looks for it
        self._capture = os.memfd_create(name)
        fcntl.fcntl(self._capture, fcntl.F_SETFL, os.O_APPEND)
        os.dup2(self._capture, self._number)
        self._read_bytes = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def fileno(self) -> int:
        """The descriptor that was there before, as in an ordinary kernel."""
        return self._original_stdstream_copy

    def writable(self) -> bool:
        """It is."""
        return True

    def isatty(self) -> bool:
        """It is not."""
        return False

    def set_parent(self, parent: dict[str, Any]) -> None:
        """The request that what follows belongs to."""
        self._last_parent = extract_header(parent)
        self._parent.set(self._last_parent)

    def set_thread_parent(self, parent: dict[str, Any]) -> Any:
        """The same for this thread only; `reset_thread_parent` takes what this returns."""
        return self._parent.set(extract_header(parent))

    def reset_thread_parent(self, token: Any) -> None:
        """Undo `set_thread_parent`."""
        self._parent.reset(token)

    @property
    def parent_header(self) -> dict[str, Any]:
        """The request that what is written now belongs to."""
        return self._parent.get(self._last_parent)

    def register_hook(self, hook: Any) -> None:
        """Let a function change or take messages before they go out."""
        self._hooks.append(hook)

    def unregister_hook(self, hook: Any) -> bool:
        """Undo `register_hook`; whether it was registered."""
        known = hook in self._hooks
        if known:
            self._hooks.remove(hook)
        return known

    def write(self, text: str) -> int:
        """Keep text until the stream is flushed."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        if os.getpid() != self._owner:  # a process that the notebook forked
            os.write(self._number, text.encode(errors="replace"))
            return len(text)
        with self._lock:
            self._drain()
            self._pieces.append((self.parent_header, text))
            now = time.monotonic()
            self._since = self._since or now
            if now - self._since > FLUSH_SECONDS:
                self.flush()
        return len(text)

    def flush(self) -> None:
        """Send what was written since."""
        if os.getpid() != self._owner:
            return
        with self._lock:
            self._drain()
            pieces, self._pieces, self._since = self._pieces, [], 0.0
        by_request: dict[str, tuple[dict[str, Any], list[str]]] = {}
        for parent, text in pieces:
            by_request.setdefault(parent.get("msg_id", ""), (parent, []))[1].append(text)
        for parent, texts in by_request.values():
            if text := "".join(texts):
                self._send(text, parent)

    def _send(self, text: str, parent: dict[str, Any]) -> None:
        message = self.session.msg("stream", {"name": self.name, "text": text}, parent=parent)
        for hook in self._hooks:
            message = hook(message)
            if message is None:
                return
        self.session.send(self.outlet, message, ident=f"stream.{self.name}".encode())

    def _drain(self) -> None:
        size = os.fstat(self._capture).st_size
        if size < self._read_bytes:  # somebody opened /dev/stdout anew, which empties it
            self._read_bytes = 0
        while size > self._read_bytes:
            data = os.pread(self._capture, size - self._read_bytes, self._read_bytes)
            self._read_bytes += len(data)
            self._pieces.append((self._last_parent, self._decoder.decode(data)))


class ForkedKernel(IPythonKernel):
    """ipykernel's kernel, whose sockets may be of any kind."""

    shell_stream = AnyTrait()
    _supports_kernel_subshells = False
    _execute_sleep = 0.0  # for ZeroMQ, which may deliver late

    class NoThread:
        """Stands where ipykernel has its thread for messages; it asks that one for the thread of the cells."""

        parent_thread = threading.main_thread()

        def __bool__(self) -> bool:
            return False


class ForkedKernelApp(IPKernelApp):
    """ipykernel's application; what belongs to one notebook is done in `serve`, after the fork."""

    def _nothing(self, **_: Any) -> None:
        """No sockets, no connection file, no threads."""

    init_connection_file = init_poller = init_sockets = init_heartbeat = _nothing
    write_connection_file = log_connection_info = init_io = init_signal = _nothing

    def init_kernel(self) -> None:
        """Create kernel and shell."""
        self.kernel = ForkedKernel.instance(
            parent=self,
            session=self.session,
            log=self.log,
            profile_dir=self.profile_dir,
            user_ns=self.user_ns,
            shell_channel_thread=ForkedKernel.NoThread(),
        )

    def adopt(self, shell: Wire, iopub: Wire) -> None:
        """Become the kernel of one notebook."""
        kernel, session = self.kernel, self.session
        session.pid = os.getpid()
        kernel.shell_stream, kernel.iopub_socket = shell, iopub
        kernel.shell.displayhook.pub_socket = kernel.shell.display_pub.pub_socket = iopub
        self.iopub_thread = self.iopub_socket = iopub
        self.outstream_class = f"{__name__}.{CapturedStream.__name__}"
        ordinary: Any = IPKernelApp
        ordinary.init_io(self)
        self.displayhook.get_execution_count = lambda: kernel.execution_count
        ordinary.init_signal(self)


def warm_app() -> ForkedKernelApp:
    """A kernel that is ready but for its notebook; to be called before anything that looks for a kernel is imported."""
    app: ForkedKernelApp = ForkedKernelApp.instance()
    app.session = Session(parent=app, key=SEALED)
    app.initialize([STARTED_AS])
    return app


def serve(app: ForkedKernelApp, shell: Wire, iopub: Wire, observation: Observation) -> None:
    """Run cells as they are asked for, until the other end hangs up; then tell what was seen."""
    app.adopt(shell, iopub)
    forget_helpers()
    asyncio.run(_serve(app.kernel, shell))
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()
    atexit._run_exitfuncs()
    with contextlib.suppress(OSError):
        app.session.send(iopub, "observed", observation.told())


def forget_helpers() -> None:
    """A notebook imports this project's modules as they are now, not as they were when the process was warmed."""
    for name in [n for n in sys.modules if n == "helpers" or n.startswith("helpers.")]:
        del sys.modules[name]


async def _serve(kernel: Any, shell: Wire) -> None:
    """The event loop goes on between cells, so that tasks that a cell left running do too."""
    kernel.io_loop = IOLoop.current()
    kernel._main_asyncio_lock = asyncio.Lock()
    while (request := await shell.message()) is not None:
        await kernel.shell_main(None, [zmq.Frame(part) for part in request])
