"""Jupyter's own kernel: where there is no fork, and as the reference that forked execution is compared with."""

from __future__ import annotations

import ast
import json
import os
from collections.abc import Sequence
from queue import Empty
from typing import Any

from jupyter_client.manager import AsyncKernelManager

OBSERVE = "__import__('helpers.build.observation', fromlist=['begin']).begin({roots!r})"
TELL = "__import__('helpers.build.observation', fromlist=['told_text']).told_text()"
ANSWER_SECONDS = 5


def observed_manager(told: dict[str, Any], roots: Sequence[str], sockets: str) -> type[AsyncKernelManager]:
    """A kernel manager whose kernel says, before it is shut down, what it read; `told` receives it.

    Its sockets lie in the folder `sockets`: Jupyter would put them into the current one, where those of two
    kernels collide. The requests to note and to tell are silent, they neither count as cells nor show anything.
    """

    class ObservedKernelManager(AsyncKernelManager):
        """Talks over files instead of network ports, where the platform has them: ports collide now and then."""

        transport = "ipc" if os.name == "posix" else "tcp"

        def __init__(self, **options: Any):
            super().__init__(**options)
            if self.transport == "ipc":
                self.ip = os.path.join(sockets, "kernel")

        def client(self, **options: Any) -> Any:
            known = self.known = super().client(**options)
            wait = known.wait_for_ready

            async def wait_and_observe(timeout: float | None = None) -> None:
                await wait(timeout)
                known.execute(OBSERVE.format(roots=list(roots)), silent=True)

            known.wait_for_ready = wait_and_observe
            return known

        async def shutdown_kernel(self, now: bool = False, restart: bool = False) -> None:
            if not now and not restart:
                told.update(await _asked(self.known))
            await super().shutdown_kernel(now=now, restart=restart)

    return ObservedKernelManager


async def _asked(client: Any) -> dict[str, Any]:
    number = client.execute("", silent=True, user_expressions={"told": TELL})
    try:
        while True:
            reply = await client.get_shell_msg(timeout=ANSWER_SECONDS)
            if reply["parent_header"].get("msg_id") == number:
                text = reply["content"]["user_expressions"]["told"]["data"]["text/plain"]
                return dict(json.loads(ast.literal_eval(text)))
    except (Empty, KeyError):  # it died, or is stuck
        return {}
