"""A scenario as its author wrote it: read from TOML or a mapping, and held against the list of fields.

Whatever is wrong is one line: where, which key, what was given, what is accepted.
"""

from __future__ import annotations

import difflib
import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from helpers.errors import Problem
from helpers.paths import DATA, shown
from helpers.scenarios.fields import FIELDS, Field

FOLDER = DATA / "scenarios"
ARCHITECTURE = ("layers", "hidden", "heads")  # given together
UNKNOWN_ONLY = ("params", "tokens")  # as the unknown, these cannot be given as well
RIVALS = {"days": "budget_usd", "budget_usd": "days"}  # either decides how long the accelerators run
Given = float | str | tuple[float, float]


class ScenarioProblem(Problem):
    """A scenario that cannot be read; the message is one line for its author."""


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
        """What the scenario is called."""
        return str(self["title"]) or self.name

    @property
    def day(self) -> date | None:
        """The day whose prices count."""
        return date.fromisoformat(str(self["date"])) if self["date"] else None

    def number(self, name: str) -> float | None:
        """The middle of a numeric field: the geometric mean of a range; None where nothing is known."""
        value = self[name]
        return math.sqrt(value[0] * value[1]) if isinstance(value, tuple) else value

    def changed(self, values: Mapping[str, Any], where: str) -> Scenario:
        """The same with some fields given anew; what the change makes pointless is dropped.

        Raises:
            ScenarioProblem: a value is not accepted.
        """
        fresh = check_fields(values, where)
        kept = {name: value for name, value in self.given.items() if not _displaced(name, fresh)}
        return replace(self, given=check_together({**kept, **fresh}, where))


def _displaced(name: str, fresh: Mapping[str, Given]) -> bool:
    return RIVALS.get(name) in fresh or (name in UNKNOWN_ONLY and fresh.get("solve_for") == name)


def names() -> list[str]:
    """Scenarios that come with the project."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def read(name_or_path: str | Path) -> Scenario:
    """A scenario by the name of one that comes with the project, or from a TOML file.

    Raises:
        ScenarioProblem: there is none, or it cannot be used.
    """
    path = find_file(name_or_path)
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ScenarioProblem(f"{shown(path)}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise ScenarioProblem(f"{shown(path)}: not UTF-8 ({error.reason}); save the file as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise ScenarioProblem(f"{shown(path)}: not TOML: {error}; write one `key = value` on a line") from error
    return from_mapping(values, path.stem, shown(path))


def find_file(name_or_path: str | Path) -> Path:
    """The file of a scenario.

    Raises:
        ScenarioProblem: there is none.
    """
    text = str(name_or_path)
    if text.endswith(".toml") or "/" in text or "\\" in text:
        return Path(text)
    if not (FOLDER / f"{text}.toml").is_file():
        near = difflib.get_close_matches(text, names(), n=3, cutoff=0.4)
        hint = f"did you mean {', '.join(near)}?" if near else f"there are {', '.join(names())}"
        raise ScenarioProblem(f"scenario: {text!r} is unknown; {hint} or give the path of a .toml file")
    return FOLDER / f"{text}.toml"


def from_mapping(values: Mapping[str, Any], name: str = "scenario", where: str = "scenario") -> Scenario:
    """A scenario from fields by name.

    Raises:
        ScenarioProblem: a field is unknown or its value is not accepted.
    """
    return Scenario(name, check_together(check_fields(values, where), where))


def read_changes(text: str, where: str = "ranges") -> dict[str, Any]:
    """Fields written as an inline TOML table without its braces: `utilisation = [0.3, 0.5], pue = 1.2`.

    Raises:
        ScenarioProblem: it is not TOML.
    """
    try:
        return dict(tomllib.loads(f"fields = {{ {text.strip().strip(',')} }}")["fields"])
    except tomllib.TOMLDecodeError as error:
        raise ScenarioProblem(f"{where}: {text!r} is not TOML ({error}); write `name = [low, high], ...`") from error


def typed(name: str, text: str, where: str = "scenario") -> Given:
    """A field as typed on a command line: a number, a range such as [0.3,0.5], or text.

    Raises:
        ScenarioProblem: it is not accepted.
    """
    known = FIELDS.get(name)
    if known is None or not known.numeric:
        return _checked(name, text, where)
    try:
        value: Any = [float(end) for end in text[1:-1].split(",")] if text.startswith("[") else float(text)
    except ValueError:
        raise ScenarioProblem(f"{where}: {name}: {text!r} is not a number; accepted: {known.accepts}") from None
    return _checked(name, value, where)


def check_fields(values: Mapping[str, Any], where: str) -> dict[str, Given]:
    """Each field by itself.

    Raises:
        ScenarioProblem: names the first that is not accepted.
    """
    return {name: _checked(name, value, where) for name, value in values.items()}


def _checked(name: str, value: Any, where: str) -> Given:
    if name not in FIELDS:
        near = difflib.get_close_matches(name, FIELDS, n=1)
        hint = f"did you mean {near[0]}?" if near else f"accepted: {', '.join(FIELDS)}"
        what = "a section" if isinstance(value, dict) else "a field"
        raise ScenarioProblem(f"{where}: {name} is not {what} of a scenario; {hint}")
    known = FIELDS[name]
    if known.numeric:
        return _range(known, value, where) if isinstance(value, list | tuple) else _number(known, value, where)
    return _text(known, value, where)


def _number(known: Field, value: Any, where: str) -> float:
    good = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    accepted = known.accepted
    if good and accepted and accepted.low <= value <= accepted.high and (not accepted.whole or value == int(value)):
        return float(value)
    shown_value = f"{value:g}" if isinstance(value, float) else repr(value)
    raise ScenarioProblem(f"{where}: {known.name}: {shown_value[:60]} is not accepted; accepted: {known.accepts}")


def _range(known: Field, value: Any, where: str) -> Given:
    if not known.ranged or len(value) != 2:
        what = "two numbers make a range" if known.ranged else "this field takes one number"
        raise ScenarioProblem(
            f"{where}: {known.name}: {list(value)!r} is not accepted ({what}); accepted: {known.accepts}"
        )
    low, high = (_number(known, end, where) for end in value)
    if low > high:
        raise ScenarioProblem(f"{where}: {known.name}: [{low:g}, {high:g}] is reversed; write [{high:g}, {low:g}]")
    if low <= 0 and high > 0:
        raise ScenarioProblem(f"{where}: {known.name}: a range is accepted from above 0, not from {low:g}")
    return low if low == high else (low, high)


def _text(known: Field, value: Any, where: str) -> str:
    if known.kind == "date" and isinstance(value, date):
        return value.isoformat()[:10]
    if not isinstance(value, str):
        raise ScenarioProblem(f"{where}: {known.name}: {value!r} is not text; accepted: {known.accepts}, in quotes")
    if known.choices and value not in known.choices:
        near = difflib.get_close_matches(value, known.choices, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise ScenarioProblem(f"{where}: {known.name}: {value!r} is unknown; {hint}accepted: {known.accepts}")
    if known.kind == "date" and not _is_date(value):
        raise ScenarioProblem(f"{where}: {known.name}: {value!r} is not a date; accepted: {known.accepts}")
    return value


def _is_date(value: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", value) and date.fromisoformat(value))
    except ValueError:
        return False


def check_together(given: dict[str, Given], where: str) -> dict[str, Given]:
    """Fields that only make sense together.

    Raises:
        ScenarioProblem: names the fields that are at odds.
    """
    solve_for = str(given.get("solve_for", FIELDS["solve_for"].default))
    if solve_for in UNKNOWN_ONLY and solve_for in given:
        raise ScenarioProblem(
            f'{where}: {solve_for}: given, and the unknown (solve_for = "{solve_for}"); leave one out'
        )
    if solve_for in UNKNOWN_ONLY and {"days", "budget_usd"} <= given.keys():
        raise ScenarioProblem(f"{where}: days and budget_usd: both decide how long the accelerators run; give one")
    if solve_for == "params" and "active_params" in given:
        raise ScenarioProblem(f"{where}: active_params: cannot be given when params is the unknown; leave it out")
    some = [name for name in ARCHITECTURE if name in given]
    lacking = [name for name in ARCHITECTURE if name not in given]
    if some and lacking:
        raise ScenarioProblem(
            f"{where}: {lacking[0]}: needed when the architecture is given; accepted: {FIELDS[lacking[0]].accepts}"
        )
    _check_active(given, where)
    return given


def _check_active(given: Mapping[str, Given], where: str) -> None:
    """No more parameters are active than there are."""
    if "active_params" in given:
        total = given.get("params", FIELDS["params"].default)
        active = given["active_params"]
        ends = [max(v) if isinstance(v, tuple) else float(v or 0) for v in (active, total)]
        if ends[0] > ends[1]:
            raise ScenarioProblem(
                f"{where}: active_params: {ends[0]:g} is more than the {ends[1]:g} parameters; accepted: up to params"
            )
