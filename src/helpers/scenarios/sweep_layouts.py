"""Layouts over a sweep: the share of peak, its range, and whether the model fits, as `plan` has them.

Where the combinations that decide a layout are few, each is worked out and a row is what `plan` says of it; where they
are many, a lattice of them is, and rows between take the share in between and the nearest layout.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.formulas.job import Array
from helpers.scenarios.inputs import inputs_of
from helpers.scenarios.scenario import from_mapping
from helpers.scenarios.solving import CIRCUMSTANCES
from helpers.scenarios.whole_run import whole_run

MOST_NODES = 256  # combinations that are worked out
# Fields that say what a run costs, not how it lies on its accelerators.
BESIDE = CIRCUMSTANCES.keys() - {"peak_flop_per_s"}


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
