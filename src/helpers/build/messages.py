"""What a build says, on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterable


def say(text: str) -> None:
    """One line."""
    print(text, file=sys.stderr, flush=True)


def listed(names: Iterable[str], most: int = 5) -> str:
    """Some names, and how many more."""
    names = list(names)
    rest = len(names) - most
    return ", ".join([*names[:most], *([f"{rest} more"] if rest > 0 else [])])
