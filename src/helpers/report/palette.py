"""Colours, each once: roles of drawings, grades, and what the page calls them in the light, in the dark and on paper."""

from __future__ import annotations

from helpers.ledger.verdicts import Grade

# name: (light, dark)
COLOURS = {
    "ink": ("#1c1f24", "#e8eaed"),
    "muted": ("#5b626c", "#a7afba"),
    "grid": ("#d9dde3", "#3a414b"),
    "page": ("#ffffff", "#15181c"),
    "soft": ("#f4f6f8", "#1f242a"),
    "link": ("#0b57b0", "#8ab8ff"),
    "c1": ("#0b62c4", "#6fb1ff"),
    "c2": ("#b8500b", "#ff9d5c"),
    "c3": ("#1a7f55", "#5fd39b"),
    "c4": ("#8a3fb0", "#d39bf0"),
    "c5": ("#8a6d00", "#e5c658"),
    "c6": ("#5e8f00", "#b5d96a"),
    "c7": ("#b3261e", "#ff8a80"),
    "c8": ("#8a929c", "#767e89"),
    "accurate": ("#17693f", "#5fd39b"),
    "close": ("#4d7a00", "#b5d96a"),
    "inaccurate": ("#8a6d00", "#e5c658"),
    "wrong": ("#b3261e", "#ff8a80"),
    "misleading": ("#8a2f9e", "#dba6f5"),
    "unsupported": ("#b04a00", "#ffab73"),
    "unsure": ("#4d5661", "#b9c2cd"),
    "not-rated": ("#6b727c", "#8f98a4"),
}
ON_PAPER = {"ink": "#000000", "muted": "#444444", "grid": "#cccccc", "link": "#000000"}


def grade_name(grade: str) -> str:
    """A grade as the name of its colour and of its class."""
    return Grade(grade).value.replace(" ", "-")


def role(name: str) -> str:
    """A colour for a drawing: the page's, or the light one where nothing names it, as in JupyterLab."""
    return f"var(--{name}, {COLOURS[name][0]})"


def styles() -> str:
    """The colours as custom properties, and a class for each grade."""
    light = ";".join(f"--{name}:{pair[0]}" for name, pair in COLOURS.items())
    dark = ";".join(f"--{name}:{pair[1]}" for name, pair in COLOURS.items())
    paper = ";".join(f"--{name}:{ON_PAPER.get(name, pair[0])}" for name, pair in COLOURS.items())
    grades = "".join(f".g-{name}{{--mark:var(--{name})}}" for name in map(grade_name, Grade))
    return (
        f":root{{{light}}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n{grades}\n"
        f"@media print{{:root{{{paper}}}}}\n"
    )
