"""JavaScript from the formulas: a function of arithmetic is called with values that remember what is done to them.

No formula is written a second time for the page. The order of the operations is the function's own, so that a
browser comes to the same figure to the last bit, which rearranged symbols would not; and nothing has to be imported
for it (sympy: a second).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Never

LEVELS = {"+": 1, "-": 1, "*": 2, "/": 2, "neg": 3, "**": 4}
ATOM = 5


def _operation(sign: str, swapped: bool = False) -> Callable[[Traced, Any], Traced]:
    def operate(self: Traced, other: Any) -> Traced:
        return Traced(sign, (other, self) if swapped else (self, other))

    return operate


@dataclass(frozen=True)
class Traced:
    """A number that is not known yet: a name, or an operation on others. Equal work is equal."""

    operation: str  # of LEVELS; empty for a name
    parts: tuple[Any, ...]  # operands (traced or numbers), or the name
    key: int = field(init=False, repr=False)

    __array_ufunc__ = None  # NumPy's numbers leave arithmetic with traced ones to these

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", hash((self.operation, self.parts)))

    def __hash__(self) -> int:
        return self.key

    __add__, __radd__ = _operation("+"), _operation("+", swapped=True)
    __sub__, __rsub__ = _operation("-"), _operation("-", swapped=True)
    __mul__, __rmul__ = _operation("*"), _operation("*", swapped=True)
    __truediv__, __rtruediv__ = _operation("/"), _operation("/", swapped=True)
    __pow__ = _operation("**")

    def __neg__(self) -> Traced:
        return Traced("neg", (self,))

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
    names = list(inputs)
    figures = dict(formula(**{n: Traced("", (n,)) for n in names}))
    wanted = {n: figures[n] for n in outputs} if outputs else figures
    lines, returned = _statements(wanted)
    used = [n for n in names if Traced("", (n,)) in set(_walk(wanted.values()))]
    body = "\n".join(f"  {line}" for line in (*lines, f"return {{{', '.join(returned)}}};"))
    return f"const {name} = ({{{', '.join(used)}}}) => {{\n{body}\n}};"


def _walk(values: Iterable[Any]) -> Iterator[Traced]:
    """Every traced value once, what it is made of first."""
    seen: dict[Traced, None] = {}

    def visit(value: Any) -> None:
        if isinstance(value, Traced) and value not in seen:
            if value.operation:
                for part in value.parts:
                    visit(part)
            seen[value] = None

    for value in values:
        visit(value)
    return iter(seen)


def _statements(figures: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """A constant for each figure and for what is used more than once; and what is returned."""
    nodes = [node for node in _walk(figures.values()) if node.operation]
    uses = Counter(part for node in nodes for part in node.parts if isinstance(part, Traced))
    named = {
        value: name for name, value in reversed(list(figures.items())) if isinstance(value, Traced) and value.operation
    }
    shared = [node for node in nodes if uses[node] > 1 and node not in named]
    named |= {node: f"shared_{number}" for number, node in enumerate(shared, start=1)}
    lines = [f"const {named[node]} = {_code(node, named, top=True)};" for node in nodes if node in named]
    returned = []
    for name, value in figures.items():
        code = _code(value, named)
        returned.append(name if code == name else f"{name}: {code}")
    return lines, returned


def _code(value: Any, named: Mapping[Traced, str], level: int = 0, top: bool = False) -> str:
    """A value as JavaScript, in brackets where its place (a `level` of `LEVELS`) asks for them."""
    if not isinstance(value, Traced):
        return _literal(value)
    if not value.operation:
        return str(value.parts[0])
    if value in named and not top:
        return named[value]
    own = LEVELS[value.operation]
    if value.operation == "neg":
        text = f"-{_code(value.parts[0], named, ATOM)}"
    elif value.operation == "**" and value.parts[1] == 0.5:
        return f"Math.sqrt({_code(value.parts[0], named)})"
    elif value.operation == "**":
        text = f"{_code(value.parts[0], named, ATOM)} ** {_code(value.parts[1], named, ATOM)}"
    else:
        left, right = value.parts
        text = f"{_code(left, named, own)} {value.operation} {_code(right, named, own + 1)}"
    return f"({text})" if own < level else text


def _literal(value: Any) -> str:
    number = float(value)  # a TypeError for anything that is not a number
    if not math.isfinite(number):
        return "NaN" if math.isnan(number) else ("Infinity" if number > 0 else "(-Infinity)")
    text = repr(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    return f"({text})" if number < 0 else text
