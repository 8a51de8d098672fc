"""Grids for the tests of sweeps."""

from helpers.scenarios.sweep_grid import Axis, Draw, SweepGrid

CHIPS = {
    "A": {"peak_flop_per_s": 3e14, "device_power_w": 400.0},
    "B": {"peak_flop_per_s": 1e15, "device_power_w": 700.0},
}
COMMON = {"tokens": 3e11, "utilisation": 0.4, "price_per_chip_hour_usd": 2.0}


def small_grid(samples: int = 1, count_steps: int = 3, seed: int = 0) -> SweepGrid:
    """Two accelerators by name, two sizes, a few counts, and draws of the PUE where `samples` is above 1."""
    return SweepGrid(
        title="test",
        solve_for="days",
        axes=(
            Axis("accelerator", tuple(CHIPS)),
            Axis("params", (1e9, 1e11)),
            Axis("count", tuple(float(8 * (n + 1)) for n in range(count_steps))),
        ),
        cases=tuple({**COMMON, **chip} for chip in CHIPS.values()),
        outputs=("days", "cost_usd", "energy_kwh"),
        draws=(Draw("pue", 1.1, 1.5),) if samples > 1 else (),
        samples=samples,
        seed=seed,
    )
