"""A grid of scenarios: millions of rows, each one computed from its number alone.

A grid is the product of its axes (words outermost), times the random draws if there are any. Nothing of it is
kept in memory: `SweepGrid.columns(start, stop)` works out any stretch of rows, on any machine, to the same bits.

Where the combinations that decide a layout are few, each is worked out and a row is what `plan` says of it; where they
are many, a lattice of them is, and rows between take the share in between and the nearest layout.
"""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.formulas.job import Array
from helpers.formulas.uncertainty import generator, log_parameters
from helpers.scenarios.inputs import inputs_of
from helpers.scenarios.scenario import from_mapping
from helpers.scenarios.solving import CIRCUMSTANCES, Numbers, evaluate
from helpers.scenarios.whole_run import whole_run

BLOCK = 32_768  # rows evaluated at once: they stay in the processor's cache
ENDS = ("low_90", "high_90")
DRAWS_AT_ONCE = 65_536  # random numbers of one seed
MOST_NODES = 256  # combinations whose layouts are worked out
BESIDE = CIRCUMSTANCES.keys() - {"peak_flop_per_s"}  # what a run costs, not how it lies on its accelerators


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


@dataclass(frozen=True, eq=False)
class Lattice:
    """What `plan` says at each node: the first dimension is the case, the others are the axes."""

    axes: tuple[str, ...]
    nodes: tuple[Array, ...]
    log_share: Array  # last dimension: low, middle, high
    feasible: NDArray[np.bool_]
    layout: NDArray[np.int32]  # place in `layouts`
    layouts: tuple[str, ...]

    def at(self, case: NDArray[np.intp], columns: Mapping[str, Array]) -> tuple[Array, dict[str, Any]]:
        """Shares of peak (low, middle, high) of rows, and their columns `feasible` and `layout`."""
        places = [
            np.interp(np.log(columns[name]), np.log(nodes), np.arange(len(nodes)))
            for name, nodes in zip(self.axes, self.nodes, strict=True)
        ]
        below = [np.floor(place).astype(int) for place in places]
        share = np.zeros((3, len(case)))
        for corner in product((0, 1), repeat=len(places)):
            index = [np.minimum(b + up, len(n) - 1) for b, up, n in zip(below, corner, self.nodes, strict=True)]
            parts = [(p - b) if up else 1 - (p - b) for p, b, up in zip(places, below, corner, strict=True)]
            weight = np.prod(parts, axis=0) if parts else np.ones(len(case))
            if np.any(weight):
                share += weight * self.log_share[(case, *index)].T
        nearest = (case, *(np.rint(place).astype(int) for place in places))
        return np.exp(share), {"feasible": self.feasible[nearest], "layout": self.layout[nearest]}


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
    shared: Mapping[str, Any] | None = None  # fields that all rows have; None where the cases say everything
    spreads: tuple[Mapping[str, tuple[float, float]], ...] = ()  # 90 % ranges of each case's numbers

    @cached_property
    def rows(self) -> int:
        """How many scenarios there are."""
        return math.prod(len(axis.values) for axis in self.axes) * self.samples

    @cached_property
    def key(self) -> str:
        """SHA-256 of everything that decides the rows."""
        facts: list[Any] = [self.solve_for, [[a.name, a.values] for a in self.axes], [dict(c) for c in self.cases]]
        facts += [self.outputs, [vars(d) for d in self.draws], self.samples, self.seed]
        facts += [dict(self.shared or {}), [dict(s) for s in self.spreads]]
        return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()

    @property
    def names(self) -> list[str]:
        """Columns in their order: the axes, the draws, the results, their ranges, what is known of the layout."""
        moving = [a.name for a in self.axes] + [d.name for d in self.draws]
        ends = [f"{name}_{end}" for name in self.outputs for end in ENDS] if self.spreads else []
        return moving + list(self.outputs) + ends + (["feasible", "layout"] if self.shared is not None else [])

    @cached_property
    def words(self) -> dict[str, tuple[str, ...]]:
        """What the whole numbers of a column of words stand for."""
        axes = {a.name: tuple(map(str, a.values)) for a in self.axes if a.words}
        return axes | ({"layout": self.lattice.layouts} if self.shared is not None else {})

    @cached_property
    def lattice(self) -> Lattice:
        """Layouts of the combinations that decide one; worked out once, and carried to where rows are computed."""
        fixed = {d.name: math.sqrt(d.low * d.high) for d in self.draws}
        beside = {a.name: a.values[0] for a in self.axes if a.name in BESIDE}
        axes = {a.name: tuple(sorted(map(float, a.values))) for a in self.axes if not a.words and a.name not in BESIDE}
        return lattice({**(self.shared or {}), **fixed, **beside}, combinations(self.axes), axes)

    def columns(self, start: int, stop: int) -> dict[str, Any]:
        """Rows `start` to `stop`: words as whole numbers (positions on their axis), all else as floats."""
        kinds = {"feasible": np.bool_, **dict.fromkeys(self.words, np.int32)}
        whole: dict[str, Any] = {name: np.empty(stop - start, kinds.get(name, float)) for name in self.names}
        for begin in range(start, stop, BLOCK):
            end = min(begin + BLOCK, stop)
            for name, values in self._block(begin, end).items():
                whole[name][begin - start : end - start] = values
        return whole

    @cached_property
    def _numbers(self) -> dict[str, Array]:
        """The cases as columns; a quantity that no case has is absent."""
        names = sorted({name for case in self.cases for name in case})
        return {name: np.array([case.get(name, math.nan) for case in self.cases]) for name in names}

    def _block(self, start: int, stop: int) -> dict[str, Any]:
        row = np.arange(start, stop)
        *places, draw = np.unravel_index(row, (*(len(axis.values) for axis in self.axes), self.samples))
        positions: dict[str, Any] = {axis.name: place for axis, place in zip(self.axes, places, strict=True)}
        case = row // (self.rows // len(self.cases))  # words are outermost, the last axis runs fastest
        given: dict[str, Any] = {name: values[case] for name, values in self._numbers.items()}
        moving = {a.name: np.asarray(a.values, float)[positions[a.name]] for a in self.axes if not a.words}
        moving |= {d.name: self._drawn(d, draw) for d in self.draws}
        given |= moving
        ranges = {name: ends[:, case] for name, ends in self._ranges.items()}
        known: dict[str, Any] = {}
        if self.shared is not None:
            share, known = self.lattice.at(case, moving)
            if "utilisation" not in given:
                given["utilisation"] = share[1]
                ranges |= {"utilisation": share[::2]} if self.spreads else {}
        result = evaluate(self.solve_for, **given)
        asked = {name: result[name] for name in self.outputs}
        return positions | moving | asked | self._ends(given, ranges, result) | known

    @cached_property
    def _ranges(self) -> dict[str, Array]:
        """Ends of each input that has a range in some case; the middle twice where it has none."""
        names = sorted({name for spread in self.spreads for name in spread})
        middles = {name: zip(self.spreads, self._numbers[name], strict=True) for name in names}
        return {name: np.array([s.get(name, (m, m)) for s, m in pairs]).T for name, pairs in middles.items()}

    def _ends(self, given: Numbers, ranges: Mapping[str, Array], result: Numbers) -> dict[str, Any]:
        """Ends of each result's 90 % range: every input's, to the power with which it enters, as lognormals multiply."""
        if not self.spreads:
            return {}
        shift: dict[str, Any] = dict.fromkeys(self.outputs, 0.0)
        square: dict[str, Any] = dict.fromkeys(self.outputs, 0.0)
        for name, (low, high) in ranges.items():
            more = evaluate(self.solve_for, **{**given, name: given[name] * math.e})
            for output in self.outputs:
                power = np.log(more[output] / result[output])
                shift[output] = shift[output] + power * np.log(np.sqrt(low * high) / given[name])
                square[output] = square[output] + (power * np.log(high / low) / 2) ** 2
        return {
            f"{output}_{end}": result[output] * np.exp(shift[output] + sign * np.sqrt(square[output]))
            for output in self.outputs
            for end, sign in zip(ENDS, (-1, 1), strict=True)
        }

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


def thinned(axes: Sequence[tuple[float, ...]], cases: int) -> list[Array]:
    """Values of each axis that are worked out: all, or evenly spaced ones of the longest."""
    lengths = [len(values) for values in axes]
    while math.prod(lengths) * cases > MOST_NODES and max(lengths, default=0) > 2:
        longest = lengths.index(max(lengths))
        lengths[longest] = max(2, lengths[longest] * 3 // 4)
    return [
        np.asarray(values)[np.unique(np.linspace(0, len(values) - 1, n).round().astype(int))]
        for values, n in zip(axes, lengths, strict=True)
    ]


def lattice(
    shared: Mapping[str, Any], cases: Sequence[Mapping[str, str]], axes: Mapping[str, tuple[float, ...]]
) -> Lattice:
    """Work out the nodes of a sweep: the fields `shared` by all rows, the words of its `cases`, the axes of numbers that
    decide a layout, in increasing order."""
    nodes = thinned(list(axes.values()), len(cases))
    shape = (len(cases), *(len(values) for values in nodes))
    log_share, feasible, layout = np.empty((*shape, 3)), np.empty(shape, bool), np.empty(shape, np.int32)
    layouts: dict[str, int] = {}
    for place in np.ndindex(shape):
        numbers = {name: float(values[i]) for name, values, i in zip(axes, nodes, place[1:], strict=True)}
        scenario = from_mapping({**shared, **cases[place[0]], **numbers})
        inputs, fit = whole_run(scenario, inputs_of(scenario), 1)
        middle = inputs.numbers["utilisation"]
        low, high = inputs.ranges.get("utilisation", (middle, middle))
        log_share[place] = np.log([low, middle, high])
        feasible[place] = not fit.reason
        layout[place] = layouts.setdefault(fit.best.text if fit.best else "", len(layouts))
    return Lattice(tuple(axes), tuple(nodes), log_share, feasible, layout, tuple(layouts))
