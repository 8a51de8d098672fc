"""Dependencies point one way, as the README says."""

import re

import pytest

from helpers.paths import PROJECT

LAYERS = ["formulas", "ledger", "report", "pipeline"]
SOURCES = PROJECT / "src" / "helpers"


@pytest.mark.parametrize(("lower", "upper"), [(a, b) for i, a in enumerate(LAYERS) for b in LAYERS[i + 1 :]])
def test_lower_layer_does_not_import_an_upper_one(lower: str, upper: str) -> None:
    imports = re.compile(rf"^\s*(?:from|import) helpers\.{upper}\b", re.M)
    guilty = [p.name for p in (SOURCES / lower).rglob("*.py") if imports.search(p.read_text(encoding="utf-8"))]
    assert guilty == []
