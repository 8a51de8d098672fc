"""Input checks, kept apart so that the formulas stay symbolic.

Each check returns the value or raises `InputError` with one line: the name, what was given, what is accepted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from helpers.errors import ParameterProblem
from helpers.rows import read_rows
from helpers.written_numbers import read_number


class InputError(ParameterProblem):
    """A parameter outside its accepted range; the message is one line for the user."""


@dataclass(frozen=True)
class Range:
    """Accepted values of a parameter, both ends included."""

    low: float
    high: float
    unit: str = ""
    whole: bool = False
    ranged: bool = False  # whether a 90 % range [low, high] may stand in place of a number

    def __str__(self) -> str:
        kind = "a whole number" if self.whole else "a number"
        unit, ends = f" {self.unit}" if self.unit else "", ", or a range [low, high]" if self.ranged else ""
        return f"{kind} from {self.low:g} to {self.high:g}{unit}{ends}"


def figure(text: str) -> float:
    """A number of a table; whole numbers stay whole."""
    return int(text) if text.isdigit() else float(text)


# Accepted values by parameter: wide enough for anything announced, narrow enough to catch a slip of units.
RANGES = {
    row["name"]: Range(figure(row["low"]), figure(row["high"]), row["unit"], row["whole"] == "1")
    for row in read_rows(Path(__file__).with_name("ranges.csv"), ("name", "low", "high", "unit", "whole"))
}
MOST_WORDS = 12  # of a list of accepted words


def number(name: str, value: Any, accepted: Range | None = None) -> float:
    """One number within the range of `name`, also as people write it: with a scale word, or its unit with a prefix."""
    accepted = accepted or RANGES[name]
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        try:
            found = read_number(value if isinstance(value, str) else repr(value), accepted.unit.split(",")[0])
        except ValueError as error:
            raise InputError(f"{name}: {error}; accepted: {accepted}") from None
    flag = isinstance(value, bool)
    if flag or not accepted.low <= found <= accepted.high or (accepted.whole and found != int(found)):
        raise InputError(f"{name}: {value if flag else format(found, 'g')} is not accepted; accepted: {accepted}")
    return found


def choice(name: str, value: str, accepted: Iterable[str]) -> str:
    """Return `value` if it is one of the accepted words."""
    words = list(accepted)
    if value in words:
        return value
    near = get_close_matches(str(value), words, n=3, cutoff=0.5)
    more = ", ..." if len(words) > MOST_WORDS else ""
    hint = f"did you mean {', '.join(near)}? " if near else ""
    hint += f"accepted: {', '.join(words[:MOST_WORDS])}{more}"
    raise InputError(f"{name}: {value!r} is unknown; {hint}")


def check_shape(shape: Mapping[str, float]) -> None:
    """Refuse dimensions that do not go together."""
    heads = shape["heads"]
    kv_heads = shape.get("kv_heads", heads)
    if heads % kv_heads:
        raise InputError(f"kv_heads: {kv_heads:g} is not accepted; accepted: divisors of the {heads:g} heads")
    if "head_dim" not in shape and shape["hidden"] % heads:
        text = f"heads: {heads:g} does not divide the width (hidden) of {shape['hidden']:g}"
        raise InputError(f"{text}; accepted: its divisors, or state head_dim")
    experts, active = shape.get("experts", 1), shape.get("active_experts", 1)
    if active > experts:
        raise InputError(f"active_experts: {active:g} is more than the {experts:g} experts; accepted: 1 to {experts:g}")
