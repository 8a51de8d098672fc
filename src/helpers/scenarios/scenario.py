"""A scenario as its author wrote it: read from TOML, a mapping or a notebook's parameters."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from helpers.errors import DataProblem, nearest
from helpers.language import named
from helpers.paths import shown
from helpers.scenarios.checking import ARCHITECTURE, Given, ScenarioProblem, check_fields, check_together, middle_of
from helpers.scenarios.fields import FIELDS, FURTHER, SCENARIOS
from helpers.scenarios.solving import NOT_GIVEN
from helpers.structured import parse_toml, read_json, read_toml

EITHER = {"days": "budget_usd", "budget_usd": "days"}  # either decides how long the accelerators run


@dataclass(frozen=True)
class Scenario:
    """What was given, by field, checked; fields left out keep their defaults."""

    name: str
    given: dict[str, Given] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        """What was given, or the default."""
        return self.given.get(name, FIELDS[name].default)

    @property
    def title(self) -> str:
        """What the scenario is called, in the current language if it comes with the project."""
        return named(self["title"] or self.name)

    @property
    def note(self) -> str:
        """What the reader should know, likewise; empty if there is nothing."""
        return named(self["note"])

    @property
    def day(self) -> date | None:
        """The day whose prices count."""
        return date.fromisoformat(str(self["date"])) if self["date"] else None

    def number(self, name: str) -> float | None:
        """The middle of a numeric field: the geometric mean of a range; None where nothing is known."""
        middle: float | None = middle_of(self[name])
        return middle

    def changed(self, values: Mapping[str, Any], where: str) -> Scenario:
        """With some fields given anew, and without what that makes pointless; a ScenarioProblem where one is not accepted."""
        fresh = check_fields(values, where)
        kept = {name: value for name, value in self.given.items() if not _displaced(name, fresh)}
        return replace(self, given=check_together({**kept, **fresh}, where))


def _displaced(name: str, fresh: Mapping[str, Given]) -> bool:
    resized = "params" in fresh and not fresh.keys() & set(ARCHITECTURE)  # layers and width are of another model
    unknown = name in NOT_GIVEN and fresh.get("solve_for") == name
    return EITHER.get(name) in fresh or unknown or (resized and name in ARCHITECTURE)


def scenario_names() -> list[str]:
    """Scenarios that come with the project."""
    return sorted(path.stem for path in SCENARIOS.glob("*.toml"))


def read_scenario(name_or_path: str | Path) -> Scenario:
    """A scenario by the name of one that comes with the project, or from a TOML or JSON file.

    A DataProblem where that cannot be read, a ScenarioProblem where there is none or it cannot be used.
    """
    path = find_file(name_or_path)
    values = read_json(path) if path.suffix.lower() == ".json" else read_toml(path)
    if not isinstance(values, dict):
        raise ScenarioProblem(f"{shown(path)}: not a scenario; accepted: a JSON object of its fields")
    return from_mapping(values, path.stem, shown(path))


def find_file(name_or_path: str | Path) -> Path:
    """The file of a scenario, by its name or as a path; a ScenarioProblem where there is none."""
    text = str(name_or_path)
    if text.endswith((".toml", ".json")) or "/" in text or "\\" in text:
        return Path(text)
    slug = "-".join(re.findall(r"[a-z0-9]+", text.lower()))  # "Llama 3.1 70B" is llama-3-1-70b
    begun = [name for name in scenario_names() if name.startswith(f"{slug}-")]
    for name in (slug, text, *(begun if len(begun) == 1 else ())):
        if (SCENARIOS / f"{name}.toml").is_file():
            return SCENARIOS / f"{name}.toml"
    there = f"; there are {', '.join(begun or scenario_names())}"
    hint = there if begun else nearest(slug, scenario_names()) or there
    raise ScenarioProblem(f"scenario: {text!r} is unknown{hint} or give the path of a .toml file")


def from_mapping(values: Mapping[str, Any], name: str = "scenario", where: str = "scenario") -> Scenario:
    """A scenario from fields by name; a ScenarioProblem names the first that is not accepted."""
    return Scenario(name, check_together(check_fields(values, where), where))


def read_changes(text: str, where: str = "fields") -> dict[str, Any]:
    """Fields as `utilisation = [0.3, 0.5], pue = 1.2`, an inline TOML table without braces; else a ScenarioProblem."""
    try:
        return dict(parse_toml(f"fields = {{ {text.strip().strip(',')} }}", where)["fields"])
    except DataProblem:
        raise ScenarioProblem(f"{where}: {text[:80]!r} is not TOML; write `name = [low, high], ...`") from None


def from_parameters(namespace: Mapping[str, Any]) -> Scenario:
    """A scenario from a notebook's parameters, its `globals()`: `scenario` names it, or none is given but fields.

    Fields that are not 0 or empty change it; `fields`, once called `ranges`, holds more of them as an inline TOML table.
    A ScenarioProblem where it or a changed field is not accepted.
    """
    changes = {name: namespace[name] for name in FIELDS if namespace.get(name)}
    for name in FURTHER:
        changes |= read_changes(namespace.get(name, ""), name)
    base = read_scenario(namespace["scenario"]) if namespace["scenario"] else Scenario("scenario")
    return base.changed(changes, "parameters")


def as_toml(scenario: Scenario) -> str:
    """A scenario as a file: what was given, a field a line."""
    return "".join(f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in scenario.given.items())
