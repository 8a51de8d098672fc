"""One run of doit over the steps, several at once, each in a process of its own."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from typing import Any

from doit.cmd_base import TaskLoader2
from doit.doit_cmd import DoitMain
from doit.reporter import ZeroReporter
from doit.task import Task

from helpers.build import workplace
from helpers.build.fork_server import can_fork, end_all, start_server
from helpers.build.graph import ContentChecker, Graph
from helpers.build.messages import say
from helpers.build.stages import Step
from helpers.errors import Problem

SHOWN = 12  # steps named in the summary, the slowest
MOST_WAIT_S = 5  # for steps to end that were told to
# More steps at once than cores: starting a kernel and waiting for its answers leaves a core idle for moments.
MORE = 1


def cores() -> int:
    """How many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Progress(ZeroReporter):
    """What a build says while it works, on standard error: a bar on a terminal, plain lines elsewhere."""

    def __init__(self, total: int):
        super().__init__(sys.stderr, {})
        self.total = total
        self.done = 0
        self.took: dict[str, float] = {}
        self.working: list[str] = []
        self._bar: Any = None

    def execute_task(self, task: Task) -> None:
        """A step goes to work."""
        if self._bar is None and sys.stderr.isatty():
            from tqdm import tqdm

            layout = "{n_fmt}/{total_fmt} |{bar:20}| {elapsed} {postfix}"
            self._bar = tqdm(total=self.total, initial=self.done, leave=False, file=sys.stderr, bar_format=layout)
        self.working.append(task.name)
        self._show()

    def add_success(self, task: Task) -> None:
        """A step has finished."""
        self.done += 1
        self.took[task.name] = seconds = task.values["seconds"]
        self.working.remove(task.name)
        if self._bar is None:
            say(f"[{self.done}/{self.total}] {task.name} {seconds:.1f} s")
        else:
            self._bar.update()
            self._show()

    def skip_uptodate(self, task: Task) -> None:
        """A step need not run."""
        self.done += 1
        if self._bar is not None:
            self._bar.update()

    def complete_run(self) -> None:
        """Nothing more will be said."""
        if self._bar is not None:
            self._bar.close()

    def _show(self) -> None:
        if self._bar is not None:
            self._bar.set_postfix_str(", ".join(self.working[:3]))

    def summary(self) -> str:
        """How many steps ran, and how long each took."""
        slowest = sorted(self.took.items(), key=lambda pair: -pair[1])
        named = [f"{step} {seconds:.1f} s" for step, seconds in slowest[:SHOWN]]
        more = [f"{len(slowest) - SHOWN} more"] if len(slowest) > SHOWN else []
        return f"{len(slowest)} of {self.total} steps ran" + (f" ({', '.join([*named, *more])})" if named else "")


class DoitRun(TaskLoader2):
    """Brings every step up to date."""

    def __init__(self, graph: Graph, workers: int):
        super().__init__()
        self.graph = graph
        self.workers = workers or cores() + MORE
        self.progress = Progress(len(graph.steps))
        self.failed: dict[str, Exception] = {}
        self.stopped = False
        self.at_work: set[str] = set()

    def setup(self, opt_values: Mapping[str, Any]) -> None:
        """As doit asks."""

    def load_doit_config(self) -> dict[str, Any]:
        """As doit asks."""
        return {
            "backend": "json",
            "dep_file": str(self.graph.database),
            "check_file_uptodate": ContentChecker,
            "reporter": self.progress,
            "num_process": self.workers,
            "par_type": "thread",
            "verbosity": 0,
        }

    def load_tasks(self, cmd: object, pos_args: object) -> list[Task]:
        """As doit asks."""
        return self.graph.tasks(self.do)

    def do(self, step: Step) -> dict[str, Any]:
        """Do one step; what doit remembers of it."""
        self.at_work.add(step.name)
        try:
            if self.stopped:
                raise Problem("stopped")
            seconds = workplace.run(step, self.graph.results)
            if changed := self.graph.changed(step):
                self.graph.results.forget(step.name)
                raise Problem(f"{changed[0]} changed while {step.name} read it. Mend: build again.")
            return {"seconds": round(seconds, 3)}
        except Exception as error:
            self.failed[step.name] = error
            raise
        finally:
            self.at_work.discard(step.name)

    def finish(self) -> str:
        """Run what must run; a summary of it.

        Raises:
            Problem: of the first step, in the order of the list, that failed; what others made is kept.
        """
        if can_fork():
            start_server()  # what it imports takes longest
        try:
            status = DoitMain(self, config_filenames=()).run(["run"])
        except BaseException:
            self.stop()
            raise
        for name in self.graph.steps:
            if name in self.failed:
                raise self.failed[name]
        if status:
            raise Problem(f"doit ended with status {status}. Mend: remove the folder build and try again.")
        return self.progress.summary()

    def stop(self) -> None:
        """End all steps that are at work, and wait for them."""
        self.stopped = True
        limit = time.monotonic() + MOST_WAIT_S
        while self.at_work and time.monotonic() < limit:
            end_all()
            time.sleep(0.02)
