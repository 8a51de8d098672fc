"""A process that has imported what is heavy, and forks a fresh one whenever it is asked.

It is started by itself, has one thread, and waits for orders only: nothing of its caller gets into its
children, and it never forks with a thread. Linux only: elsewhere processes cannot be tied to their parent's
life, and macOS forbids its own libraries after a fork.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from helpers.errors import ParameterProblem

ORDER_BYTES = 1 << 17  # with paths and parameters; the kernel takes 200 kB in one piece
# Arrow's allocator would start a thread at import; children do not inherit the setting, nor had they the thread.
AT_START = {"JE_ARROW_MALLOC_CONF": "background_thread:false"}
START = "import sys; del sys.path[0]; from helpers.build.warm import main; main(*sys.argv[1:])"
LEISURE_MS = 5000  # without an order for so long, there is time to import what is rarely used
PR_SET_PDEATHSIG = 1  # linux/prctl.h


def can_fork() -> bool:
    """Whether notebooks can run in forked processes here, and nobody asked for ordinary kernels."""
    able = sys.platform == "linux" and hasattr(os, "pidfd_open") and hasattr(os, "memfd_create")
    return able and os.environ.get("COMPUTE_CLAIMS_KERNEL", "forked") != "ordinary"


class Warm:
    """The caller's handle of such a process.

    Args:
        role: what its children do, a key of `roles()`.
        environment: its environment and theirs.
    """

    def __init__(self, role: str, environment: Mapping[str, str]):
        self.environment = dict(environment)
        self._lock = threading.Lock()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            number = str(theirs.fileno())
            self._process = subprocess.Popen(
                [sys.executable, "-c", START, role, number, str(os.getpid())],
                env=AT_START | self.environment,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=sys.__stderr__ if sys.__stderr__ else None,
                start_new_session=True,  # Ctrl-C is for the caller, who then closes this
            )

    def fork(self, order: Mapping[str, Any], *ends: socket.socket) -> int:
        """A new process that does `order` with these sockets; its number.

        Raises:
            ConnectionError: the warm process is gone.
        """
        return int(self._ask({"fork": dict(order)}, *ends))

    def kill(self, number: int) -> None:
        """End a process that this one forked, with everything that it started."""
        with contextlib.suppress(ConnectionError):
            self._ask({"kill": number})

    def _ask(self, question: Mapping[str, Any], *ends: socket.socket) -> Any:
        data = json.dumps(question).encode()
        if len(data) > ORDER_BYTES:
            raise ParameterProblem(
                f"parameters of {len(data)} bytes; at most {ORDER_BYTES}, put what is longer into a file"
            )
        with self._lock:
            try:
                socket.send_fds(self._control, [data], [end.fileno() for end in ends])
                answer = self._control.recv(ORDER_BYTES)
            except OSError:
                answer = b""
        if not answer:
            raise ConnectionError("the warm process is gone")
        return json.loads(answer)

    def close(self) -> None:
        """End it, and all that it forked."""
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)
        self._process.terminate()  # it may be importing still
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._control.close()


def main(role: str, control: str, parent: str) -> None:
    """The warm process itself."""
    from helpers.build.imports import imported
    from helpers.build.roles import AT_LEISURE, prepared

    work = prepared(role)
    for name, value in AT_START.items():
        if os.environ.get(name) == value:
            del os.environ[name]
    leisure = [lambda name=name: imported(name) for name in AT_LEISURE] if role == "cells" else []
    with contextlib.suppress(SystemExit):
        Forking(socket.socket(fileno=int(control)), int(parent), work, leisure).serve()
    os._exit(0)  # what was imported has nothing to clear up here, and IPython would begin to


Work = Callable[[dict[str, Any], list[socket.socket]], None]


class Forking:
    """Waits for orders, forks, and clears up after each child."""

    def __init__(self, control: socket.socket, parent: int, work: Work, leisure: Sequence[Callable[[], None]] = ()):
        self.control, self.work, self.leisure = control, work, list(leisure)
        self.children: set[int] = set()
        self.died, wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self.wake = wake
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        try:
            self.parent = os.pidfd_open(parent)
        except ProcessLookupError:
            sys.exit(0)

    def serve(self) -> None:
        """Until the caller hangs up or dies."""
        import select

        poller = select.poll()
        for watched in (self.control.fileno(), self.died, self.parent):
            poller.register(watched, select.POLLIN)
        try:
            while True:
                ready = {number for number, _ in poller.poll(LEISURE_MS if self.leisure else None)}
                if not ready:
                    self.leisure.pop(0)()
                if self.died in ready:
                    with contextlib.suppress(BlockingIOError):
                        os.read(self.died, 1024)
                    self._bury()
                if self.parent in ready or (self.control.fileno() in ready and not self._obey()):
                    return
        finally:
            for child in list(self.children):
                self._end(child)

    def _obey(self) -> bool:
        """Do one order; whether there was one."""
        message, numbers, _, _ = socket.recv_fds(self.control, ORDER_BYTES, 4)
        ends = [socket.socket(fileno=number) for number in numbers]
        if not message:
            return False
        order = json.loads(message)
        if "kill" in order:
            self._end(order["kill"])
            answer = order["kill"]
        else:
            answer = self._fork(order["fork"], ends)
        for end in ends:
            end.close()
        with contextlib.suppress(OSError):
            self.control.send(json.dumps(answer).encode())
        return True

    def _fork(self, order: dict[str, Any], ends: list[socket.socket]) -> int:
        server = os.getpid()
        if child := os.fork():
            self.children.add(child)
            return child
        status = 1
        try:
            self._leave(server)
            self.work(order, ends)
            status = 0
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(status)

    def _leave(self, server: int) -> None:
        """In the child: a session of its own, gone when the warm process is gone, nothing of its business left."""
        os.setsid()
        die_with_parent(server)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        for number in (self.died, self.wake, self.parent):
            os.close(number)
        self.control.close()

    def _bury(self) -> None:
        """Children that ended, and what they left running."""
        for child in list(self.children):
            if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                self._end(child)

    def _end(self, child: int) -> None:
        if child not in self.children:
            return
        self.children.remove(child)
        with contextlib.suppress(ProcessLookupError):  # between fork and setsid it has no group yet
            os.killpg(child, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)  # only now may its number be given to another process


def die_with_parent(parent: int) -> None:
    """Let the kernel of Linux end this process when its parent ends."""
    import ctypes

    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
