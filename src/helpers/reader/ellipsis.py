"""Figures that leave out what they count, because the figure before said it: Llama 2 took 539 tonnes, and Llama 3 2,290."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from helpers.reader.nouns import ACTIVE, PARAMETERS, TOKENS, Around, Kind
from helpers.reader.number import LARGE
from helpers.reader.parsing import Parsed
from helpers.reader.vocabulary import said

NEAR = 200  # characters back to the figure that said it
ALIKE = 40  # times as large or small
MOST_PARAMETERS = Decimal("2e12")
_HUNDRED_MILLION = LARGE["亿"]
_LINK = re.compile(
    r"(?:[ '’s]{0,3}(?:for|at|with|has|counts|,)|则?[为是有达约用花]了?|只[有要用]|仅|传闻为|[:：,，(（])? ?(?:约|近|about )?"
)
_FOR = re.compile(r" for (?=[A-Z])")
_OTHER = re.compile(r"[$¥€£]|元|美金|dollar|用户|users|估值|融资|股|人口|市值|营收")


class Ellipsis:
    """What was read last of a folded text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._last: tuple[Parsed, Kind] | None = None
        self._large: tuple[Parsed, Kind] | None = None

    def note(self, parsed: Parsed, kind: Kind) -> None:
        """Remember a figure and its kind."""
        self._last = (parsed, kind)
        if kind in (PARAMETERS, TOKENS, ACTIVE):
            self._large = (parsed, kind)

    def completed(
        self, parsed: Parsed, around: Around, name_end: int | None, named: bool
    ) -> tuple[Parsed, Kind] | None:
        """The figure with the unit and kind that it leaves out, None where nothing says them.

        `name_end` is where the last name before it ends, `named` whether its sentence names a model.
        """
        if parsed.unit is not None or parsed.number.bound == "range":
            return None
        if parsed.number.value >= _HUNDRED_MILLION and not parsed.printed.bare:
            return self._of_a_model(parsed, around, named)
        beside = name_end is not None and _LINK.fullmatch(self._text, name_end, parsed.start)
        if not self._last or not (beside or _FOR.match(self._text, parsed.end)):
            return None
        last, kind = self._last
        if (
            parsed.start - last.end > NEAR
            or last.unit is None
            or last.hint in ("percent", "ratio", "classifier", "days")
        ):
            return None
        number = parsed.number.times(last.unit.factor)
        return (
            (replace(parsed, number=number, unit=last.unit, base=last.base), kind)
            if _alike(number.value, last)
            else None
        )

    def _of_a_model(self, parsed: Parsed, around: Around, named: bool) -> tuple[Parsed, Kind] | None:
        """Hundreds of millions and more, of which only a model's parameters or tokens can be meant."""
        if _OTHER.search(around.clause_before + around.after[:12]):
            return None
        if said("reads").search(around.clause_before[-24:]) or said("reads").match(around.after.lstrip()):
            return parsed, TOKENS
        if self._large and _alike(parsed.number.value, self._large[0]) and self._lines_since(parsed) <= 1:
            kind = self._large[1]
            return parsed, PARAMETERS if kind is ACTIVE else kind
        if not named:
            return None
        return parsed, PARAMETERS if parsed.number.value < MOST_PARAMETERS else TOKENS

    def _lines_since(self, parsed: Parsed) -> int:
        return self._text.count("\n", self._large[0].end, parsed.start) if self._large else 0


def _alike(value: Decimal, other: Parsed) -> bool:
    return other.number.value / ALIKE <= value <= other.number.value * ALIKE
