"""Evidence: how much a published fact bears, and how to look one up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpers.ledger.tables import Tables
from helpers.ledger.verdicts import Strength

# What a row bears: by how well it is known, then by who states it.
STRENGTHS = {
    ("seen", "primary"): Strength.STRONG,
    ("seen", "secondary"): Strength.FAIR,
    ("seen", "estimate"): Strength.WEAK,
    ("quoted", "primary"): Strength.FAIR,
    ("quoted", "secondary"): Strength.WEAK,
    ("quoted", "estimate"): Strength.WEAK,
    ("epoch", "primary"): Strength.FAIR,
    ("epoch", "secondary"): Strength.FAIR,
    ("epoch", "estimate"): Strength.WEAK,
}

# The units in which a quantity that verdicts read may be given, besides text; of other quantities any.
UNITS_OF = {
    "parameters": {"parameter"}, "active_parameters": {"parameter"}, "layers": {"layer"}, "context_length": {"token"},
    "training_tokens": {"token"}, "corpus_tokens": {"token"}, "corpus_words": {"word"}, "corpus_bytes": {"byte"},
    "raw_corpus_bytes": {"byte"}, "training_flop": {"FLOP"}, "throughput": {"FLOP/s"}, "throughput_per_chip": {"FLOP/s"},
    "utilisation": {"fraction"}, "chip_count": {"chip"}, "server_count": {"server"}, "core_count": {"core"},
    "training_duration": {"s"}, "chip_time": {"chip s", "core s"}, "energy": {"J"}, "emissions": {"kg"},
    "training_cost": {"USD", "CNY"}, "announced": {"date"}, "first_announced": {"date"},
}  # fmt: skip


def strength(row: Mapping[str, Any]) -> Strength:
    """How much one evidence row bears; a recalled row is never more than a hint."""
    return STRENGTHS.get((row["confidence"], row["standing"]), Strength.HINT)


def later_press(row: Mapping[str, Any], published: str) -> bool:
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
    """The strongest evidence row.

    Raises:
        KeyError: there is none.
    """
    rows = known(tables, system_id, quantity, source_id)
    if not rows:
        raise KeyError(f"no evidence on {quantity} of {system_id}")
    return rows[0]
