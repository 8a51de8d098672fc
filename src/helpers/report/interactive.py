"""What can be moved in the page brings styles and script of its own; a page without it carries neither."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Part:
    """Styles and script that are added to the page's own."""

    styles: str
    script: str


def parts(html: str) -> list[Part]:
    """The parts that a page with this content needs, in order.

    Args:
        html: the chapters, in which an explorer has the id `explorer`, a panel of assumptions `assumptions`,
            an article that can be corrected `article`.
    """
    wanted = [name for name in SCRIPTS if f'id="{name}"' in html]
    found = [Part(_file(f"{name}.css"), f"{SCRIPTS[name]()}{_file(f'{name}.js')}") for name in wanted]
    return [Part("", _file("numbers.js")), *found] if found else []


def _formulas() -> str:
    """The formulas as JavaScript; imported only where a page needs them."""
    from helpers.report.explorer_data import formulas_script

    return f"// Generated from helpers.scenarios.solving and what it calls.\n{formulas_script()}{_file('explorer_model.js')}"


def _judge() -> str:
    """The verdicts' functions as JavaScript; imported only where a page needs them."""
    from helpers.report.judge_script import judge_script

    return judge_script()


# What comes before each script.
SCRIPTS: dict[str, Callable[[], str]] = {"explorer": _formulas, "assumptions": str, "article": _judge}


def _file(name: str) -> str:
    return f"\n{(TEMPLATES / name).read_text(encoding='utf-8')}"
