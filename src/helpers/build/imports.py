"""Imports that are tried, and imports that are kept from importing more."""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Iterator

# jsonschema compiles a grammar of it for 1 s in every process, to check the format "iri"; without, it does not.
IRI_GRAMMAR = "rfc3987_syntax"


def imported(name: str) -> None:
    """Import a module, if it is installed."""
    with contextlib.suppress(ImportError):
        importlib.import_module(name)


@contextlib.contextmanager
def without(name: str) -> Iterator[None]:
    """Let imports find that a package is not there."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]
