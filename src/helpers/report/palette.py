"""Colours, each once: roles of drawings, grades, and what the page calls them in the light, in the dark and on paper."""

from pathlib import Path

from helpers.ledger.verdicts import Grade
from helpers.structured import read_toml

PALETTE = read_toml(Path(__file__).with_name("palette.toml"))
COLOURS: dict[str, tuple[str, str]] = {name: (light, dark) for name, (light, dark) in PALETTE["colours"].items()}


def grade_name(grade: str) -> str:
    """A grade as the name of its colour and of its class."""
    return Grade(grade).value.replace(" ", "-")


def role(name: str) -> str:
    """A colour for a drawing: the page's, or the light one where nothing names it, as in JupyterLab."""
    return f"var(--{name}, {COLOURS[name][0]})"


def styles() -> str:
    """The colours as custom properties, and a class for each."""
    light = ";".join(f"--{name}:{pair[0]}" for name, pair in COLOURS.items())
    dark = ";".join(f"--{name}:{pair[1]}" for name, pair in COLOURS.items())
    printed = {name: light for name, (light, _) in COLOURS.items()} | PALETTE["on_paper"]
    paper = ";".join(f"--{name}:{colour}" for name, colour in printed.items())
    grades = "".join(f".g-{name}{{--mark:var(--{name})}}" for name in COLOURS)
    return (
        f":root{{{light}}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n{grades}\n"
        f"@media print{{:root{{{paper}}}}}\n"
    )
