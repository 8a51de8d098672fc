"""Which steps must run: what each would read now, held against what its earlier runs have read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from helpers.build import state
from helpers.build.cache import Cache, Trace
from helpers.build.project import Project
from helpers.build.signatures import PASSED_OVER, Hashes, sha256
from helpers.build.stages import Step
from helpers.errors import Problem


class Schedule:
    """The steps of one build.

    Args:
        given: files and folders outside the project that parameters name, by parameter.
    """

    def __init__(self, project: Project, steps: Sequence[Step], given: Mapping[str, str]):
        self.project = project
        self.steps = {step.name: step for step in steps}
        self.given = {name: Path(place) for name, place in given.items()}
        self.seen = state.steady_inputs(project, given)
        self.under = state.environment()
        self.hashes = Hashes(project.cache / "hashes.json")
        self.cache = Cache(project.cache, self.hashes)
        self.done: dict[str, Trace] = {}
        self._known: dict[str, str] = {}

    def upstream(self, step: Step) -> dict[str, str]:
        """Names and hashes of the files that the steps it needs have made, as far as these are done."""
        done = [self.done[need] for need in step.needs if need in self.done]
        return {name: sha for trace in done for name, (sha, _) in trace.made.items()}

    def now(self, step: Step) -> Callable[[str], str]:
        """The present hash of anything that the step may read."""
        upstream = self.upstream(step)
        return lambda name: upstream.get(name) or self._hash(name)

    def valid(self, step: Step) -> Trace | None:
        """An earlier run that stands for one now."""
        now = self.now(step)
        for trace in self.cache.traces(step.name):
            same = trace.action == step.action and trace.values == step.values and trace.under == self.under
            if same and all(now(name) == sha for name, sha in trace.read.items()) and self.cache.whole(trace):
                return trace
        return None

    def made(self) -> dict[str, str]:
        """Names and hashes of all files that the steps have made.

        Raises:
            Problem: two steps have made different files of one name.
        """
        found: dict[str, tuple[str, str]] = {}
        for step, trace in self.done.items():
            for name, (sha, _) in trace.made.items():
                other, known = found.setdefault(name, (step, sha))
                if known != sha:
                    raise Problem(f"{other} and {step} both make {name}, and not alike. Mend: rename one.")
        return {name: sha for name, (_, sha) in found.items()}

    def reasons(self, step: Step, certain: bool = True) -> list[str]:
        """Why the step must run.

        Args:
            certain: every step it needs is done; else only reasons that do not depend on their results are given,
                and there may be none.
        """
        earlier = self.cache.traces(step.name)
        if not earlier:
            return ["it has not run yet"]
        last = earlier[0]
        made_before = {name for need in step.needs for trace in self.cache.traces(need) for name in trace.made}
        now = self.now(step)
        told = last.differences(
            step.values, self.under, lambda name: now(name) if certain or name not in made_before else last.read[name]
        )
        if last.action != step.action:
            told.insert(0, f"it runs {step.action} now")
        return told or (["its results are damaged"] if certain else [])

    def _hash(self, name: str) -> str:
        """The hash of an input as it was when the build began: whatever changes since is found by its signature."""
        if name not in self._known:
            self._known[name] = self._hashed(name)
        return self._known[name]

    def _hashed(self, name: str) -> str:
        if name.endswith("/"):  # a folder of which the names count
            present = self.project.locate(name)
            names = sorted(p.name for p in present.glob("[!.]*") if p.name not in PASSED_OVER)
            return sha256("\n".join(names).encode()) if present.is_dir() else ""
        place = self.given.get(name)
        if place is None:
            return self.hashes.of(self.project.locate(name))
        if not place.is_dir():
            return self.hashes.of(place)
        below = sorted(n for n in self.seen if n.startswith(f"{name}/"))
        return sha256("".join(n + self.hashes.of(place / n[len(name) + 1 :]) for n in below).encode())
