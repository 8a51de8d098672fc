"""A grid of scenarios: millions of rows, each one computed from its number alone.

A grid is the product of its axes (words outermost), times the random draws if there are any. Nothing of it is
kept in memory: `SweepGrid.columns(start, stop)` works out any stretch of rows, on any machine, to the same bits.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.formulas.uncertainty import generator, log_parameters
from helpers.scenarios.solving import evaluate

Array = NDArray[np.float64]
BLOCK = 32_768  # rows evaluated at once: they stay in the processor's cache
DRAWS_AT_ONCE = 65_536  # random numbers of one seed


@dataclass(frozen=True)
class Axis:
    """A field and the values that it takes: numbers, or words such as accelerators."""

    name: str
    values: tuple[float, ...] | tuple[str, ...]

    @property
    def words(self) -> bool:
        """True for an axis of names."""
        return isinstance(self.values[0], str)


@dataclass(frozen=True)
class Draw:
    """A field drawn at random: lognormal, with this 90 % range."""

    name: str
    low: float
    high: float


@dataclass(frozen=True)
class SweepGrid:
    """A sweep, resolved: words have become the numbers that `evaluate` takes."""

    title: str
    solve_for: str
    axes: tuple[Axis, ...]  # axes of words first
    cases: tuple[Mapping[str, float], ...]  # numbers for each combination of the words, in their order
    outputs: tuple[str, ...]
    draws: tuple[Draw, ...] = ()
    samples: int = 1
    seed: int = 0
    code: str = field(default="", compare=False)  # fingerprint of the formulas it is to be computed with

    @cached_property
    def rows(self) -> int:
        """How many scenarios there are."""
        return math.prod(len(axis.values) for axis in self.axes) * self.samples

    @cached_property
    def key(self) -> str:
        """SHA-256 of everything that decides the rows."""
        facts: list[Any] = [self.solve_for, [[a.name, a.values] for a in self.axes], [dict(c) for c in self.cases]]
        facts += [self.outputs, [vars(d) for d in self.draws], self.samples, self.seed, self.code]
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()

    @property
    def names(self) -> list[str]:
        """Columns in their order: the axes, the draws, the results."""
        return [a.name for a in self.axes] + [d.name for d in self.draws] + list(self.outputs)

    def columns(self, start: int, stop: int) -> dict[str, Any]:
        """Rows `start` to `stop`: words as whole numbers (positions on their axis), all else as floats."""
        whole: dict[str, Any] = {
            name: np.empty(stop - start, np.int32 if name in self._words else float) for name in self.names
        }
        for begin in range(start, stop, BLOCK):
            end = min(begin + BLOCK, stop)
            for name, values in self._block(begin, end).items():
                whole[name][begin - start : end - start] = values
        return whole

    @cached_property
    def _words(self) -> set[str]:
        return {axis.name for axis in self.axes if axis.words}

    @cached_property
    def _numbers(self) -> dict[str, Array]:
        """The cases as columns; a quantity that no case has is absent."""
        names = sorted({name for case in self.cases for name in case})
        return {name: np.array([case.get(name, math.nan) for case in self.cases]) for name in names}

    def _block(self, start: int, stop: int) -> dict[str, Any]:
        positions, case, draw = self._positions(np.arange(start, stop))
        given: dict[str, Any] = {name: values[case] for name, values in self._numbers.items()}
        shown: dict[str, Any] = {}
        for axis in self.axes:
            at = positions[axis.name]
            shown[axis.name] = at if axis.words else np.asarray(axis.values, float)[at]
        shown |= {d.name: self._drawn(d, draw) for d in self.draws}
        given |= {name: values for name, values in shown.items() if name not in self._words}
        result = evaluate(self.solve_for, **given)
        return {**shown, **{name: result[name] for name in self.outputs}}

    def _positions(self, row: NDArray[np.int64]) -> tuple[dict[str, Any], Any, Any]:
        """Place of each row on every axis, its case, and the number of its draw; the last axis runs fastest."""
        row, draw = np.divmod(row, self.samples)
        positions: dict[str, Any] = {}
        for axis in reversed(self.axes):
            row, positions[axis.name] = np.divmod(row, len(axis.values))
        case = np.zeros_like(row)
        for axis in self.axes:
            if axis.words:
                case = case * len(axis.values) + positions[axis.name]
        return positions, case, draw

    def _drawn(self, spec: Draw, number: NDArray[np.int64]) -> Array:
        """Draws by their numbers. Each combination of the axes meets the same ones, so that they compare fairly."""
        mean, spread = log_parameters(spec.low, spec.high)
        normal = np.empty(len(number))
        for chunk in np.unique(number // DRAWS_AT_ONCE):
            here = number // DRAWS_AT_ONCE == chunk
            stream = generator(self.seed, f"{spec.name}/{chunk}").standard_normal(DRAWS_AT_ONCE)
            normal[here] = stream[number[here] % DRAWS_AT_ONCE]
        return np.exp(mean + spread * normal)


def combinations(axes: tuple[Axis, ...]) -> list[dict[str, str]]:
    """Every combination of the axes of words, the last one running fastest; one empty one if there are none."""
    worded = [axis for axis in axes if axis.words]
    return [dict(zip((a.name for a in worded), map(str, c), strict=True)) for c in product(*(a.values for a in worded))]
