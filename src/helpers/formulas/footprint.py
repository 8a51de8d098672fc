"""Time, energy, carbon and money of a training run: plain arithmetic, each formula once, no layout.

Every argument may be a number, an array, a pint quantity or a sympy symbol.
"""

from helpers.constants import JOULE_PER_KWH, SECOND_PER_DAY, SECOND_PER_HOUR
from helpers.formulas.accounting import Value

DEFAULT_PUE = 1.1  # arXiv:2104.10350, table 4: 1.08 to 1.11 for large clouds
DEFAULT_CARBON_KG_PER_KWH = 0.429  # United States average, arXiv:2104.10350, table 4
# A running accelerator with its part of the server over its rated power: 330 W measured for V100 rated at
# 300 W (arXiv:2104.10350, table 4).
DEFAULT_POWER_FACTOR = 1.1
DEFAULT_LIFETIME_S = 4 * 365 * SECOND_PER_DAY  # bought accelerators are written off in four years


def energy_j(
    chip_count: Value, duration_s: Value, device_power_w: Value, power_factor: Value = 1, pue: Value = 1
) -> Value:
    """Joules: chips x time x power x PUE (arXiv:2104.10350, equation 1)."""
    return chip_count * duration_s * device_power_w * power_factor * pue


def energy_kwh(energy_j: Value) -> Value:
    """Kilowatt-hours from joules."""
    return energy_j / JOULE_PER_KWH


def carbon_kg(energy_kwh: Value, carbon_kg_per_kwh: Value) -> Value:
    """Kilograms of CO2 equivalent from energy and the grid's intensity (arXiv:2104.10350, equation 1)."""
    return energy_kwh * carbon_kg_per_kwh


def chip_hours(chip_count: Value, duration_s: Value) -> Value:
    """Accelerator-hours."""
    return chip_count * duration_s / SECOND_PER_HOUR


def rent(chip_count: Value, duration_s: Value, price_per_chip_hour: Value) -> Value:
    """Cost of renting, in the price's currency."""
    return chip_hours(chip_count, duration_s) * price_per_chip_hour


def amortised_purchase(chip_count: Value, duration_s: Value, purchase_price: Value) -> Value:
    """Share of the purchase that the run uses up, linear over `DEFAULT_LIFETIME_S`."""
    return chip_count * purchase_price * duration_s / DEFAULT_LIFETIME_S
