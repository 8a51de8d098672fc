"""The papermill engine `forked`: cells run in a process forked from one that has imported everything.

`papermill --engine forked in.ipynb out.ipynb` uses it as well as this project's own runner. papermill and
nbclient do what they always do; only kernel and channels are others.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import threading
from pathlib import Path
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.session import Session
from papermill.engines import NBClientEngine

from helpers.build.warm import Warm, can_fork
from helpers.build.wire import SEALED, Wire

PYTHON_KERNELS = ("python3", "python")
FAREWELL_SECONDS = 5.0  # as jupyter_client waits for a kernel that shuts down


class Channel(AsyncZMQSocketChannel):
    """jupyter_client's channel over a wire."""

    def __init__(self, wire: Wire, session: Session):
        self.socket: Any = wire
        self.session = session

    def start(self) -> None:
        """Nothing to start."""

    def stop(self) -> None:
        """The kernel's handle closes the wire."""


class ForkedClient(AsyncKernelClient):
    """jupyter_client's client, with channels that need no ports and are ready at once."""

    def __init__(self, kernel: ForkedKernel):
        super().__init__(session=Session(key=SEALED))
        self.allow_stdin = False
        self._kernel = kernel
        self._shell_channel = Channel(kernel.shell, self.session)
        self._iopub_channel = Channel(kernel.iopub, self.session)

    def start_channels(self, **_: Any) -> None:
        """They are."""

    def stop_channels(self) -> None:
        """The kernel's handle closes them."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """A forked kernel is ready; what is asked before it looks waits in the socket."""

    async def is_alive(self) -> bool:
        """Whether the kernel's process is there."""
        return self._kernel.alive()


class ForkedKernel:
    """A kernel's process as nbclient handles it; takes the place of jupyter_client's kernel manager."""

    has_kernel = True
    ipykernel = True

    def __init__(self, number: int, shell: socket.socket, iopub: socket.socket):
        self.number = number
        self.shell, self.iopub = Wire(shell), Wire(iopub)
        self.told: dict[str, Any] = {}

    def client(self) -> ForkedClient:
        """A client of this kernel."""
        return ForkedClient(self)

    def alive(self) -> bool:
        """Whether its process is there: it would hang up when it ends."""
        return not self.shell.ended and os.path.exists(f"/proc/{self.number}")

    def interrupt_kernel(self) -> None:
        """Interrupt the cell at work, with the programs that it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.number, signal.SIGINT)

    def finish(self) -> None:
        """Hang up, and take what the kernel tells of its work."""
        with contextlib.suppress(OSError):
            self.shell.end.shutdown(socket.SHUT_WR)
        while message := self.iopub.message_within(FAREWELL_SECONDS):
            header, *_, content = message[message.index(b"<IDS|MSG>") + 2 :][:4]
            if json.loads(header)["msg_type"] == "observed":
                self.told = json.loads(content)
                return  # all that is left to it is to end

    def close(self) -> None:
        """End whatever is left of it."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if self.alive():
                os.killpg(self.number, signal.SIGKILL)
        self.shell.close()
        self.iopub.close()


class ForkedEngine(NBClientEngine):
    """papermill's own engine with a forked kernel; with an ordinary one where that is not to be had."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, kernel: ForkedKernel | None = None, **options: Any
    ) -> Any:
        """Execute the cells; `kernel` is one that is at hand, else one is forked."""
        if kernel is None and (not can_fork() or kernel_name not in PYTHON_KERNELS):
            return super().execute_managed_notebook(nb_man, kernel_name, **options)
        kernel = kernel or fork_kernel()
        try:
            done = super().execute_managed_notebook(nb_man, kernel_name, km=kernel, **options)
            kernel.finish()
            return done
        finally:
            kernel.close()


_warm: list[Warm] = []
_warm_lock = threading.Lock()


def fork_kernel() -> ForkedKernel:
    """A kernel in the current folder with the current environment, from a warm process that this one keeps."""
    environment = dict(os.environ)
    with _warm_lock:
        if _warm and _warm[0].environment != environment:
            _warm.pop().close()
        if not _warm:
            _warm.append(Warm("cells", environment))
        return forked_by(_warm[0], Path.cwd())


def forked_by(warm: Warm, folder: Path, *roots: Path) -> ForkedKernel:
    """A kernel from a warm process."""
    (shell, its_shell), (iopub, its_iopub) = socket.socketpair(), socket.socketpair()
    with its_shell, its_iopub:
        number = warm.fork({"folder": str(folder), "roots": [str(r) for r in (folder, *roots)]}, its_shell, its_iopub)
    return ForkedKernel(number, shell, iopub)
