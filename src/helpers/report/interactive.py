"""What can be moved in the page brings styles and script of its own; a page without it carries neither."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from helpers.report.text import TEMPLATES


class Part(NamedTuple):
    """Styles and script that are added to the page's own."""

    styles: str
    script: str


def parts(html: str) -> list[Part]:
    """The parts that a page of these chapters needs, in order: each by the id that it has in them."""
    wanted = [name for name in SCRIPTS if f'id="{name}"' in html]
    found = [Part(template_text(f"{name}.css"), SCRIPTS[name]() + template_text(f"{name}.js")) for name in wanted]
    return [Part("", template_text("numbers.js")), *found] if found else []


def with_parts(html: str, styles: Iterable[str], scripts: Iterable[str]) -> Part:
    """The styles and scripts of a page by the names of their files, and those of the parts that it needs."""
    own = Part("".join(map(template_text, styles)), "".join(map(template_text, scripts)))
    found = (own, *parts(html))
    return Part("".join(part.styles for part in found), "".join(part.script for part in found))


def template_text(name: str) -> str:
    """A file of styles or script."""
    return f"\n{(TEMPLATES / name).read_text(encoding='utf-8')}"


def _formulas() -> str:
    """The formulas as JavaScript; imported only where a page needs them."""
    from helpers.report.explorer_data import formulas_script

    return f"// Generated from helpers.scenarios.solving and what it calls.\n{formulas_script()}{template_text('explorer_model.js')}"


def _judge() -> str:
    """What a claimed figure is held against evidence by, as JavaScript; imported only where a page needs it."""
    from helpers.ledger import intervals, verdicts
    from helpers.report.branches import translated

    functions: list[Callable[..., Any]] = [
        verdicts._held_against, verdicts.decisive, verdicts.divided, verdicts._one, verdicts._slip, verdicts._weighed,
        verdicts._compared, intervals.like_days,
    ]  # fmt: skip
    interval = intervals.Interval
    methods = [interval.overlaps, interval.gap_ratio, interval.gap, interval.middle]
    script = translated(functions, [verdicts.Verdict], methods, ("date_precision", "_first_day"))
    return f"{template_text('judge.js')}// Translated from helpers.ledger.verdicts.\n{script}"


# What comes before each script.
SCRIPTS: dict[str, Callable[[], str]] = {"explorer": _formulas, "assumptions": str, "article": _judge}
