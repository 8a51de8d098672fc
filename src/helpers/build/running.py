"""The running of a schedule: steps side by side, each as soon as what it needs is there."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path

from helpers.build import modules
from helpers.build.cache import Trace
from helpers.build.crew import Crew
from helpers.build.forkserver import Finished
from helpers.build.progress import Progress
from helpers.build.schedule import Schedule
from helpers.build.signatures import signature
from helpers.build.stages import Step
from helpers.build.workspace import Workspace, package_data
from helpers.errors import Problem
from helpers.paths import shown

# What executes notebooks has a say in every result.
MACHINERY = tuple(
    f"helpers.build.{name}" for name in ("cells", "engine", "forkserver", "notebooks", "parameters", "workspace")
)
VOLATILE = ("papermill", "execution", "ExecuteTime")  # metadata of an executed notebook that tells of one run only


@dataclass(frozen=True)
class Work:
    """A step that is being done."""

    step: Step
    place: Workspace


class Run:
    """One run of a schedule, until every step is up to date or one has failed."""

    def __init__(self, schedule: Schedule, crew: Crew, progress: Progress):
        self.schedule = schedule
        self.crew = crew
        self.progress = progress
        self.ran: list[str] = []
        self._sorter = TopologicalSorter({step.name: step.needs for step in schedule.steps.values()})
        self._working: dict[Future[Finished], Work] = {}
        self._failed: dict[str, Exception] = {}

    def finish(self) -> None:
        """Bring every step up to date.

        Raises:
            Problem: of the first step, in the order of the list, that failed; what others made is kept.
            graphlib.CycleError: steps need one another in a circle.
        """
        self._sorter.prepare()
        while self._sorter.is_active():
            ready = self._sorter.get_ready()
            for step in self._slowest_first(ready):
                self._begin(step)
            if not ready:
                if not self._working:
                    break
                for future in wait(self._working, return_when=FIRST_COMPLETED).done:
                    self._end(future, self._working.pop(future))
        if self._failed:
            raise self._failed[next(name for name in self.schedule.steps if name in self._failed)]

    def _slowest_first(self, names: Sequence[str]) -> list[Step]:
        """So that no long one is left for the end, when the other cores have nothing to do."""
        took = {name: sum(t.seconds for t in self.schedule.cache.traces(name)[:1]) for name in names}
        return [self.schedule.steps[name] for name in sorted(names, key=lambda name: -took[name])]

    def _begin(self, step: Step) -> None:
        trace = self.schedule.valid(step)
        if trace:
            self.schedule.done[step.name] = trace
            self.progress.spare()
            self._sorter.done(step.name)
        elif not self._failed:
            place = self._place(step)
            self.progress.begin(step.name)
            self._working[self.crew.submit(step, place.folder)] = Work(step, place)

    def _end(self, future: Future[Finished], work: Work) -> None:
        name = work.step.name
        try:
            finished = future.result()
            trace = self._trace(work, finished)
        except Exception as error:
            self.progress.stop(name)
            self._failed[name] = _told(error, work.place.folder)
            return
        finally:
            shutil.rmtree(work.place.folder, ignore_errors=True)
        self.schedule.cache.keep(trace)
        self.schedule.done[name] = trace
        self.ran.append(name)
        self.progress.end(name, finished.seconds)
        self._sorter.done(name)

    def _place(self, step: Step) -> Workspace:
        """A folder with what the step needs: tables for a notebook, everything for what makes pages."""
        content = {
            name: self.schedule.cache.object(sha)
            for name, sha in self.schedule.upstream(step).items()
            if not step.is_notebook or name.startswith("data/")
        }
        project = self.schedule.project
        return Workspace(project.build / "work" / step.name, project, content, self.schedule.given)

    def _trace(self, work: Work, finished: Finished) -> Trace:
        """What the step read and made; its files go into the cache.

        Raises:
            Problem: an input changed while it was being read.
        """
        step, made = work.step, work.place.made()
        if step.record in made:
            settle(made[step.record])
        now = self.schedule.now(step)
        read = {name: now(name) for name in sorted(self._read(work, finished))}
        self._steady(step, read)
        return Trace(
            step=step.name,
            action=step.action,
            values=step.values,
            under=self.schedule.under,
            read=read,
            made={name: self.schedule.cache.store(path) for name, path in made.items()},
            seconds=finished.seconds,
            peak_bytes=finished.max_rss_bytes,
        )

    def _read(self, work: Work, finished: Finished) -> set[str]:
        """Names of all files that had a say in the step's result."""
        step, place = work.step, work.place
        seen = bool(finished.files_read)
        names = place.names(finished.files_read) | place.unseen() if seen else place.everything()
        names |= place.listings(finished.folders_listed)
        names |= {name for name in self.schedule.given if name in step.values} | {"requirements.lock"}
        loaded = set(finished.modules)
        if not step.is_notebook:  # functions share a process, which may hold such a file in memory since an earlier one
            names |= package_data()
        else:
            loaded = loaded or modules.of_notebook(self.schedule.project.root / step.action)
            loaded |= modules.closure(MACHINERY)
            names.add(step.action)
        return names | {modules.name_of(path) for module in loaded if (path := modules.source_of(module))}

    def _steady(self, step: Step, read: Mapping[str, str]) -> None:
        schedule, upstream = self.schedule, self.schedule.upstream(step)
        for name in read:
            if name in upstream:
                content = schedule.cache.object(upstream[name])
                if schedule.hashes.of(content) != upstream[name]:
                    content.unlink(missing_ok=True)
                    raise Problem(f"{step.name} writes to {name}, which another step has made. Mend: use another name.")
            elif (
                not name.endswith("/")
                and name not in schedule.given
                and signature(schedule.project.locate(name)) != schedule.seen.get(name)
            ):
                raise Problem(f"{name} changed while {step.name} read it. Mend: build again.")


def settle(record: Path) -> None:
    """Take out of an executed notebook what differs from run to run: times, paths, the interpreter's patch level."""
    notebook = json.loads(record.read_text(encoding="utf-8"))
    for part in (notebook, *notebook["cells"]):
        for name in VOLATILE:
            part["metadata"].pop(name, None)
    notebook["metadata"].get("language_info", {}).pop("version", None)
    record.write_text(json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


def _told(error: Exception, folder: Path) -> Exception:
    """The error without the passing folder in which the step ran."""
    if isinstance(error, Problem):
        text = str(error)
        for prefix in (f"{shown(folder)}/", f"{folder}/"):
            text = text.replace(prefix, "")
        error.args = (text,)
    return error
