"""Evidence: how much a published fact bears, and how to look one up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

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


def strength(row: Mapping[str, Any]) -> Strength:
    """How much one evidence row bears; a recalled row is never more than a hint."""
    return STRENGTHS.get((row["confidence"], row["standing"]), Strength.HINT)


def known(tables: Tables, system_id: str, quantity: str, source_id: str = "") -> pd.DataFrame:
    """Evidence rows of one quantity of a system, strongest first, then as they stand in the table."""
    rows = tables["evidence"]
    rows = rows[(rows["system_id"] == system_id) & (rows["quantity"] == quantity)]
    if source_id:
        rows = rows[rows["source_id"] == source_id]
    order = [-int(strength(row)) for row in rows.to_dict("records")]
    return rows.assign(order=order).sort_values("order", kind="stable").drop(columns="order")


def best(tables: Tables, system_id: str, quantity: str, source_id: str = "") -> Mapping[str, Any]:
    """The strongest evidence row.

    Raises:
        KeyError: there is none.
    """
    rows = known(tables, system_id, quantity, source_id)
    if rows.empty:
        raise KeyError(f"no evidence on {quantity} of {system_id}")
    return {str(k): v for k, v in rows.iloc[0].to_dict().items()}
