"""JavaScript generated from the formulas says what they say; tests/browser/test_explorer.py runs it in a browser."""

import math
import re
from collections.abc import Mapping
from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.report.javascript import function
from helpers.scenarios.solving import CIRCUMSTANCES, WAYS, evaluate

WAY = [(unknown, way.names) for unknown, ways in WAYS.items() for way in ways]


def run(script: str, **numbers: float) -> dict[str, float]:
    """What a generated function returns: arithmetic reads the same in Python."""
    scope: dict[str, Any] = {"Math": SimpleNamespace(sqrt=math.sqrt), "NaN": math.nan, **numbers}
    for name, code in re.findall(r"^  const (\w+) = (.*);$", script, re.M):
        scope[name] = eval(code, {}, scope)
    parts = re.search(r"return \{(.*)\};", script)[1].split(", ")
    pairs = (part.partition(": ") for part in parts)
    return {name: eval(code or name, {}, scope) for name, _, code in pairs}


def test_a_function_is_short_and_readable() -> None:
    def figures(width: Any, height: Any) -> Mapping[str, Any]:
        area = width * height
        return {"area": area, "two": area * 2, "side": area**0.5, "width": width, "one": 1}

    assert function("figures", figures, ["width", "height"]) == (
        "const figures = ({width, height}) => {\n"
        "  const area = width * height;\n"
        "  const two = area * 2;\n"
        "  const side = Math.sqrt(area);\n"
        "  return {area, two, side, width, one: 1};\n"
        "};"
    )


def test_work_that_is_done_twice_is_written_once() -> None:
    script = function("f", lambda a, b: {"x": (a + b) * 2, "y": 3 / (a + b)}, ["a", "b"])
    assert script.count("a + b") == 1


def test_inputs_and_figures_that_are_not_wanted_are_left_out() -> None:
    script = function("f", lambda a, b: {"x": 2 * a, "y": 3 * b}, ["a", "b"], ["x"])
    assert "b" not in script.split("=>", 1)[0]
    assert "y" not in script


@pytest.mark.parametrize(
    "formula",
    [
        lambda a, b, c: a - (b - c),
        lambda a, b, c: a / (b / c),
        lambda a, b, c: a / (b * c) * 3,
        lambda a, b, c: a * (b * c) + (a * b) * c,
        lambda a, b, c: (a + b) * c - 1 / a,
        lambda a, b, c: -(a + b) - -c,
        lambda a, b, c: (-a) ** 2 + (a + b) ** 0.5 * c,
        lambda a, b, c: 1e-30 * a + 6.02e23 * b - 2**60 * c,
        lambda a, b, c: np.float64(3.5) * a / np.float64(7) + b - c,
    ],
)
@given(numbers=st.tuples(*[st.floats(1e-6, 1e6)] * 3))
def test_brackets_and_order_are_the_formulas_own(formula: Any, numbers: tuple[float, float, float]) -> None:
    names = dict(zip("abc", numbers, strict=True))
    script = function("f", lambda **n: {"y": formula(**n)}, "abc")
    assert run(script, **names)["y"] == pytest.approx(float(formula(**names)), rel=1e-15)


@pytest.mark.parametrize(("unknown", "names"), WAY)
def test_every_way_of_solving_is_the_same_to_the_last_bit(unknown: str, names: tuple[str, ...]) -> None:
    chosen = np.random.default_rng(5)
    inputs = [*names, *CIRCUMSTANCES]
    script = function("solve", partial(evaluate, unknown), inputs)
    for _ in range(50):
        numbers = {name: float(x) for name, x in zip(inputs, 10 ** chosen.uniform(-2, 12, len(inputs)), strict=True)}
        wanted = evaluate(unknown, **numbers)
        assert run(script, **numbers) == {name: float(value) for name, value in wanted.items()}


def test_a_price_that_is_not_known_stays_so() -> None:
    assert "NaN" in function("f", lambda a: {"cost": a * math.nan}, ["a"])


def test_a_formula_that_asks_about_a_value_is_refused() -> None:
    with pytest.raises(TypeError, match="without branches"):
        function("f", lambda a: {"x": a if a > 1 else 1}, ["a"])
    with pytest.raises(TypeError):
        function("f", lambda a: {"x": math.sqrt(a)}, ["a"])
