"""JavaScript from the formulas: a function of arithmetic is called with values that write down what is done to them.

No formula is written a second time for the page. The order of the operations is the function's own, so that a
browser comes to the same figure to the last bit, which rearranged symbols would not; and nothing has to be imported
for it (sympy: a second).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Never

NAME = re.compile(r"(?<![\w.])[a-z_]\w*")


def _operation(form: str) -> Callable[..., Traced]:
    def operate(self: Traced, *other: Any) -> Traced:
        code = form.format(self.name, *map(_said, other))
        return Traced(self.tape.setdefault(code, f"step_{len(self.tape) + 1}"), self.tape)

    return operate


@dataclass(frozen=True)
class Traced:
    """A number that is not known yet: its name, and the tape of all operations, each with the name of what it gives."""

    name: str
    tape: dict[str, str] = field(repr=False)

    __array_ufunc__ = None  # NumPy's numbers leave arithmetic with traced ones to these

    __add__, __radd__ = _operation("{0} + {1}"), _operation("{1} + {0}")
    __sub__, __rsub__ = _operation("{0} - {1}"), _operation("{1} - {0}")
    __mul__, __rmul__ = _operation("{0} * {1}"), _operation("{1} * {0}")
    __truediv__, __rtruediv__ = _operation("{0} / {1}"), _operation("{1} / {0}")
    __neg__, _root, _power = _operation("-{0}"), _operation("Math.sqrt({0})"), _operation("{0} ** {1}")

    def __pow__(self, power: Any) -> Traced:
        return self._root() if power == 0.5 else self._power(power)

    def __bool__(self) -> Never:
        raise TypeError("a formula for the page cannot ask about the value of a number: write it without branches")

    __lt__ = __le__ = __gt__ = __ge__ = __float__ = lambda self, *_: self.__bool__()


def function(
    name: str, formula: Callable[..., Mapping[str, Any]], inputs: Iterable[str], outputs: Iterable[str] = ()
) -> str:
    """A JavaScript function that does what `formula` does: an object of numbers in, an object of figures out.

    Args:
        inputs: names of numbers, passed to the formula as keywords.
        outputs: the figures that are wanted; all, if not given.

    Raises:
        TypeError: the formula asks about a value, or uses something else than arithmetic.
    """
    names, tape = list(inputs), dict[str, str]()
    figures = dict(formula(**{n: Traced(n, tape) for n in names}))
    said = {figure: _said(figures[figure]) for figure in outputs or figures}
    used, lines = set(said.values()), list[str]()
    for code, step in reversed(tape.items()):  # what nothing wanted comes from is left out
        if step in used:
            used |= set(NAME.findall(code))
            lines.insert(0, f"  const {step} = {code};")
    own = {step: figure for figure, step in said.items() if step in tape.values()}
    returned = [figure if own.get(step, step) == figure else f"{figure}: {step}" for figure, step in said.items()]
    body = "\n".join([*lines, f"  return {{{', '.join(returned)}}};"])
    body = NAME.sub(lambda word: own.get(word[0], word[0]), body)
    return f"const {name} = ({{{', '.join(n for n in names if n in used)}}}) => {{\n{body}\n}};"


def _said(value: Any) -> str:
    """A traced value by its name, a number as a literal."""
    if isinstance(value, Traced):
        return value.name
    number = float(value)  # a TypeError for anything that is not a number
    if not math.isfinite(number):
        return "NaN" if math.isnan(number) else ("Infinity" if number > 0 else "(-Infinity)")
    text = repr(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    return f"({text})" if number < 0 else text
