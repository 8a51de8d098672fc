"""Why each step would run, or would not."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import TopologicalSorter

from helpers.build.progress import listed
from helpers.build.project import PUBLISHED
from helpers.build.schedule import Schedule
from helpers.build.stages import Step


def explain(schedule: Schedule) -> Iterator[str]:
    """A line for each step in the order in which they would run, and one for the whole."""
    would = waiting = 0
    order = TopologicalSorter({step.name: step.needs for step in schedule.steps.values()})
    for name in order.static_order():
        step = schedule.steps[name]
        open_needs = [need for need in step.needs if need not in schedule.done]
        reasons = _reasons(schedule, step, open_needs)
        if reasons:
            would += 1
            yield f"{name}: would run; {listed(reasons)}"
        elif open_needs:
            waiting += 1
            yield f"{name}: runs if the results of {listed(open_needs)} turn out different"
        else:
            yield f"{name}: up to date"
    yield from (f"{name}: would be put back; it was altered or is missing" for name in displaced(schedule))
    more = f", {waiting} more if results change" if waiting else ""
    yield f"{would} of {len(schedule.steps)} steps would run{more}"


def _reasons(schedule: Schedule, step: Step, open_needs: list[str]) -> list[str]:
    """Why a step must run for reasons of its own; remembers it as done if it need not run at all."""
    if open_needs:
        return schedule.reasons(step, certain=False)
    trace = schedule.valid(step)
    if trace:
        schedule.done[step.name] = trace
        return []
    return schedule.reasons(step)


def displaced(schedule: Schedule) -> list[str]:
    """Results of steps that are up to date but do not lie where they belong."""
    place = schedule.project.target
    return [
        name
        for name, sha in sorted(schedule.made().items())
        if name.startswith(PUBLISHED) and schedule.hashes.of(place / name) != sha
    ]
