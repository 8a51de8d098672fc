"""The papermill engine `forked`: each notebook in a kernel that is forked from a process with everything imported.

`papermill --engine forked in.ipynb out.ipynb` uses it as well as this project's build. papermill, nbclient and
jupyter_client do what they always do; new are where the kernel's process comes from (a provisioner), that its
sockets are files (network ports collide now and then), and that nobody waits for what is known to be ready.
"""

from __future__ import annotations

import asyncio
import os
import time
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from queue import Empty
from typing import Any
from uuid import uuid4

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.engines import NBClientEngine
from traitlets import Dict
from traitlets.config import Config

from helpers.build.fork_server import can_fork, end, run_folder, start
from helpers.build.kernel import run_kernel

ARGUMENTS = ("-m", "ipykernel_launcher", "-f", "{connection_file}")
ANSWER_S = 0.05  # a kernel that listens answers sooner; then it is asked again
PAUSE_S = 0.003


class StoppedNotebook(Exception):
    """A kernel died, or a cell took too long; `notebook` is as far as it came."""

    def __init__(self, notebook: Any, cause: Exception):
        super().__init__(str(cause))
        self.notebook = notebook
        self.cause = cause


class ReadyClient(AsyncKernelClient):
    """jupyter_client's client, which does not wait after the kernel has answered on both channels."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Ask until what the kernel publishes arrives: what it shows from then on is not lost.

        Raises:
            RuntimeError: the kernel died, or did not answer in time.
        """
        limit = time.monotonic() + (timeout or float("inf"))
        while time.monotonic() < limit:
            self.kernel_info()
            try:
                await self.get_iopub_msg(timeout=ANSWER_S)
                await self.get_shell_msg(timeout=max(limit - time.monotonic(), ANSWER_S))
                return
            except Empty:
                if not await self.is_alive():
                    raise RuntimeError("Kernel died before replying to kernel_info") from None
        raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")


class SocketFileManager(AsyncKernelManager):
    """A kernel manager whose sockets and connection file lie in this process's folder of passing files.

    Args:
        environment: variables for the kernel, besides those of this process.
    """

    environment = Dict().tag(config=True)
    client_factory = ReadyClient
    client_class = f"{__name__}.{ReadyClient.__name__}"

    def __init__(self, **options: Any):
        super().__init__(**options)
        self.kernel_id = str(uuid4())
        place = run_folder() / self.kernel_id[:8]
        self.connection_file = f"{place}.json"
        if os.name == "posix":
            self.transport, self.ip = "ipc", str(place)
        self.provisioner = self.new_provisioner()

    def new_provisioner(self) -> LocalProvisioner:
        """Jupyter's own: a program is started."""
        return EnvironmentProvisioner(kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self)


class ForkedManager(SocketFileManager):
    """A kernel manager whose kernel is forked: it needs no entry in Jupyter's list of kernels."""

    @property
    def kernel_spec(self) -> KernelSpec:
        """This interpreter, whatever name the notebook was saved under."""
        return KernelSpec(argv=["python", *ARGUMENTS], display_name="Python 3", language="python")

    def new_provisioner(self) -> LocalProvisioner:
        """Ours."""
        return ForkedProvisioner(kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self)


class EnvironmentProvisioner(LocalProvisioner):
    """Gives a kernel the variables that its manager is configured with, and waits for its end no longer than needed."""

    async def pre_launch(self, **options: Any) -> dict[str, Any]:
        """As its parent, with the manager's variables."""
        given = options.pop("env", None) or os.environ
        return dict(await super().pre_launch(env={**given, **self.parent.environment}, **options))

    async def kill(self, restart: bool = False) -> None:
        """End the kernel, and be back when it has ended."""
        await super().kill(restart)
        while self.has_process and await self.poll() is None:
            await asyncio.sleep(PAUSE_S)


class Handle:
    """A multiprocessing process with the methods of Popen that a provisioner calls."""

    stdin = stdout = stderr = None

    def __init__(self, process: ForkServerProcess):
        self.process = process
        self.pid = process.pid

    def poll(self) -> int | None:
        """Its exit status; None while it runs."""
        return self.process.exitcode

    def wait(self, timeout: float | None = None) -> int | None:
        """Its exit status, when it has ended."""
        self.process.join(timeout)
        return self.process.exitcode

    def send_signal(self, number: int) -> None:
        """Signal it and all that it started."""
        end(self.process, number)

    def kill(self) -> None:
        """End it and all that it started."""
        end(self.process)

    def terminate(self) -> None:
        """End it: it has nothing to clear up."""
        end(self.process)


class ForkedProvisioner(EnvironmentProvisioner):
    """A kernel's process from the fork server."""

    async def launch_kernel(self, cmd: list[str], **options: Any) -> Any:
        """Fork it, and be back when its socket is there."""
        folder = os.fspath(options.get("cwd") or Path.cwd())
        process = start(run_kernel, cmd[cmd.index("-f") :], folder, dict(options["env"]))
        self.process, self.pid = Handle(process), process.pid
        socket = f"{self.connection_info['ip']}-{self.connection_info['shell_port']}"
        while not os.path.exists(socket) and await self.poll() is None:
            await asyncio.sleep(PAUSE_S)
        return self.connection_info


class ForkedEngine(NBClientEngine):
    """papermill's own engine with a forked kernel; with an ordinary one where that is not to be had."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> Any:
        """Execute the cells.

        Args:
            options: papermill's and nbclient's; `environment`: variables for the kernel.

        Raises:
            StoppedNotebook: the kernel died, or a cell took too long.
        """
        forked = can_fork() and nb_man.nb.metadata.get("kernelspec", {}).get("language", "python") == "python"
        environment = options.pop("environment", {})
        settings = {
            "kernel_manager_class": ForkedManager if forked else SocketFileManager,
            "config": Config({"SocketFileManager": {"environment": environment}}),
            "shutdown_kernel": "immediate" if forked else "graceful",
        }
        try:
            return super().execute_managed_notebook(nb_man, "python3" if forked else kernel_name, **settings, **options)
        except (DeadKernelError, CellTimeoutError) as error:
            raise StoppedNotebook(nb_man.nb, error) from error
