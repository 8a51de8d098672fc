"""Evidence: how much a published fact bears, and how to look one up."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from helpers.ledger.tables import Row, Tables
from helpers.ledger.verdicts import Strength
from helpers.rows import read_rows

# What a row bears: by how well it is known, then by who states it.
STRENGTHS = {
    (confidence, standing): Strength(bears)
    for confidence, row in {"seen": (3, 2, 1), "quoted": (2, 1, 1), "epoch": (2, 2, 1)}.items()
    for standing, bears in zip(("primary", "secondary", "estimate"), row, strict=True)
}

# The quantities that verdicts read: the kind of figure that each answers, and the units in which it may be given, besides text.
_QUANTITIES = read_rows(Path(__file__).with_name("quantities.csv"), ("quantity", "kind", "units"))
KIND_OF = {row["quantity"]: row["kind"] for row in _QUANTITIES}
UNITS_OF = {row["quantity"]: set(row["units"].split("|")) for row in _QUANTITIES if row["units"]}  # of others any


def unit_on_file(unit: str) -> str:
    """A unit of the reader as the tables write it: `chip s` for `chip.s`."""
    return unit.replace(".", " ")


def strength(row: Row) -> Strength:
    """How much one evidence row bears; a recalled row is never more than a hint."""
    return STRENGTHS.get((row["confidence"], row["standing"]), Strength.HINT)


def later_press(row: Row, published: str) -> bool:
    """Whether a row is of press written after an article, which may have the figure from there.

    What the makers say themselves, estimates and Epoch AI's transcriptions of papers are no press; a date as coarse
    as the article's that is the same is not later.
    """
    day = str(row["published"])
    digits = min(len(day), len(published))
    press = row["standing"] == "secondary" and row["confidence"] in ("seen", "quoted")
    return press and bool(day) and day[:digits] > published[:digits]


def known(tables: Tables, system_id: str, quantity: str, source_id: str = "") -> list[dict[str, Any]]:
    """Evidence rows of one quantity of a system, strongest first, then as they stand in the table."""
    rows = tables.evidence_of.get((system_id, quantity), [])
    return sorted((row for row in rows if source_id in ("", row["source_id"])), key=strength, reverse=True)


def best(tables: Tables, system_id: str, quantity: str, source_id: str = "") -> dict[str, Any]:
    """The strongest evidence row; a KeyError, where there is none."""
    for row in known(tables, system_id, quantity, source_id):
        return row
    raise KeyError(f"no evidence on {quantity} of {system_id}")


def best_number(tables: Tables, system_id: str, quantity: str, source_id: str = "") -> float:
    """The number of the strongest evidence row, in its base unit; a KeyError, where there is none."""
    return float(best(tables, system_id, quantity, source_id)["number"])


def ids_of(rows: Iterable[Mapping[str, str]]) -> tuple[str, ...]:
    """Identifiers of rows."""
    return tuple(row["evidence_id"] for row in rows)
