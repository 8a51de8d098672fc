"""What can be moved in the page brings styles and script of its own; a page without it carries neither."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers import numbers
from helpers.language import is_source, translated

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Part:
    """Styles and script that are added to the page's own."""

    styles: str
    script: str


def parts(html: str) -> list[Part]:
    """The parts that a page with this content needs, in order.

    Args:
        html: the chapters, in which an explorer has the id `explorer`, a panel of assumptions `assumptions`.
    """
    wanted = [name for name in SCRIPTS if f'id="{name}"' in html]
    found = [Part(_file(f"{name}.css"), f"{SCRIPTS[name]()}{_file(f'{name}.js')}") for name in wanted]
    return [Part("", _file("numbers.js")), *found] if found else []


def _formulas() -> str:
    """The formulas as JavaScript; imported only where a page needs them."""
    from helpers.report.explorer_data import formulas_script

    return f"// Generated from helpers.scenarios.solving and what it calls.\n{formulas_script()}{_file('explorer_model.js')}"


# What comes before each script.
SCRIPTS: dict[str, Callable[[], str]] = {"explorer": _formulas, "assumptions": str}


def _file(name: str) -> str:
    return f"\n{(TEMPLATES / name).read_text(encoding='utf-8')}"


def number_words(units: Iterable[str] = ()) -> dict[str, Any]:
    """What `numbers.js` needs to write numbers as `helpers.numbers` and `helpers.scenarios.wording` do.

    Args:
        units: base units that will be asked for, besides those of `helpers.numbers`.
    """
    known = {*units, *numbers.PLURALS} - numbers.BARE - {"fraction"}
    return {
        "readable": {
            unit: [[least, divisor, translated(name)] for least, divisor, name in steps]
            for unit, steps in numbers.READABLE.items()
        },
        "scales": numbers.scales(),
        "spoken": [] if is_source() else numbers.CHINESE_SCALES,
        "units": {form: translated(form) for unit in sorted(known) for form in _forms(unit)},
        "plurals": sorted(numbers.PLURALS),
        "bare": sorted(numbers.BARE),
        "percent": numbers.percent(0.01)[1:],
        "amounts": amount_words(),
        "range": translated("{low} to {high}"),
        "unknown": translated("unknown"),
    }


def _forms(unit: str) -> tuple[str, ...]:
    return (unit, f"{unit}s") if unit in numbers.PLURALS else (unit,)


def amount_words() -> dict[str, str]:
    """Figures with their units as `helpers.scenarios.wording` writes them, the number left open."""
    return {
        "parameters": translated("{n} parameters"),
        "tokens": translated("{n} tokens"),
        "accelerator": translated("{n} accelerator"),
        "accelerators": translated("{n} accelerators"),
        "hours": translated("{n} hours"),
        "days": translated("{n} days"),
        "years": translated("{n} years"),
        "chip_hours": translated("{n} accelerator-hours"),
        "carbon": translated("{mass} CO2e"),
        "dollars": translated("{n} US dollars"),
    }
