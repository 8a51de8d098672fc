"""The papermill engine `forked`: each notebook in a kernel that is forked from a process with everything imported.

papermill, nbclient and jupyter_client do what they always do; new are where the kernel's process comes from (a
provisioner), and that its sockets are files (network ports collide now and then).
"""

import asyncio
import os
from pathlib import Path
from pkgutil import resolve_name
from typing import Any
from uuid import uuid4

from click import ClickException
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from nbclient.exceptions import DeadKernelError
from traitlets import Bool, Dict
from traitlets.config import Config

from helpers.build.fork_server import Kernel, can_fork, end, run_folder, start_kernel
from helpers.errors import ParameterProblem
from helpers.parameters import check_given

ARGUMENTS = ("-m", "ipykernel_launcher", "-f", "{connection_file}")
PAUSE_S = 0.003


class StoppedNotebook(Exception):
    """A kernel died; its argument is the notebook, as far as it came."""


class SocketFileManager(AsyncKernelManager):
    """A kernel manager whose sockets and connection file lie in this process's folder of passing files."""

    environment = Dict().tag(config=True)  # for the kernel, besides that of this process
    forked = Bool(False).tag(config=True)  # from the fork server; then it needs no entry in Jupyter's list of kernels

    def __init__(self, **options: Any):
        super().__init__(**options)
        self.kernel_id = str(uuid4())
        place = run_folder() / self.kernel_id[:8]
        self.connection_file = f"{place}.json"
        if os.name == "posix":
            self.transport, self.ip = "ipc", str(place)
        self.provisioner = ForkProvisioner(kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self)

    @property
    def kernel_spec(self) -> KernelSpec | None:
        """This interpreter where it is forked, whatever name the notebook was saved under."""
        own = KernelSpec(argv=["python", *ARGUMENTS], display_name="Python 3", language="python")
        return own if self.forked else super().kernel_spec


class ForkProvisioner(LocalProvisioner):
    """A kernel's process, from the fork server where that is wanted."""

    forked: Kernel | None = None

    async def pre_launch(self, **options: Any) -> dict[str, Any]:
        """As its parent, with the manager's variables."""
        given = options.pop("env", None) or os.environ
        return dict(await super().pre_launch(env={**given, **self.parent.environment}, **options))

    async def launch_kernel(self, cmd: list[str], **options: Any) -> Any:
        """Fork it, and be back when its socket is there."""
        if not self.parent.forked:
            return await super().launch_kernel(cmd, **options)
        folder = os.fspath(options.get("cwd") or Path.cwd())
        self.forked = start_kernel(cmd[cmd.index("-f") :], folder, dict(options["env"]))
        self.process, self.pid = self.forked, self.forked.pid
        socket = f"{self.connection_info['ip']}-{self.connection_info['shell_port']}"
        while not os.path.exists(socket) and await self.poll() is None:
            await asyncio.sleep(PAUSE_S)
        return self.connection_info

    async def cleanup(self, restart: bool = False) -> None:
        """As its parent; and what a kernel that died has started ends as well."""
        if self.forked:
            end(self.forked)
        await super().cleanup(restart)


class ForkedEngine:
    """papermill's own engine with a forked kernel; with an ordinary one where that is not to be had.

    papermill loads this module while it registers its engines, when it is half loaded itself: so it is asked here when
    it is called, and never imported above.
    """

    @classmethod
    def execute_notebook(cls, nb: Any, kernel_name: str, **options: Any) -> Any:
        """Execute the cells; beside papermill's options and nbclient's, `environment` has variables for the kernel."""
        from papermill.engines import NBClientEngine

        try:
            check_given(nb, Path(options.get("resources", {}).get("metadata", {}).get("path", "")))
        except ParameterProblem as problem:
            raise ClickException(str(problem)) from None  # one line of papermill's command line
        forked = can_fork() and nb.metadata.get("kernelspec", {}).get("language", "python") == "python"
        own = {"environment": options.pop("environment", {}), "forked": forked}
        settings = {
            "kernel_manager_class": SocketFileManager,
            "config": Config({SocketFileManager.__name__: own}),
            "shutdown_kernel": "immediate" if forked else "graceful",
        }
        try:
            return NBClientEngine.execute_notebook(nb, "python3" if forked else kernel_name, **settings, **options)
        except DeadKernelError as error:
            raise StoppedNotebook(nb) from error

    @staticmethod
    def nb_kernel_name(*given: Any) -> Any:
        """The kernel that a notebook names, unless one is given."""
        return resolve_name("papermill.utils:nb_kernel_name")(*given)

    @staticmethod
    def nb_language(*given: Any) -> Any:
        """The language of a notebook, unless one is given."""
        return resolve_name("papermill.utils:nb_language")(*given)
