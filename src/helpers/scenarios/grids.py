"""Greenhouse gases of an electricity grid: look-ups in `data/raw/grids.csv`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from helpers.formulas.validation import choice
from helpers.paths import RAW
from helpers.rows import read_rows


@dataclass(frozen=True)
class PowerGrid:
    """One grid in one year."""

    grid_id: str
    grid: str
    name: str
    year: int
    carbon_kg_per_kwh: float


def find_grid(name: str, day: date | None = None, path: Path = RAW / "grids.csv") -> PowerGrid:
    """A grid by its identifier, or by its name without the year: then the year nearest to a day, or the newest.

    Raises:
        InputError: there is no such grid.
    """
    rows = read_grids(path)
    if name in rows:
        return rows[name]
    years = [row for row in rows.values() if name.lower() in (row.grid, row.name.lower())]
    if years:
        return min(years, key=lambda row: (abs(row.year - day.year) if day else -row.year, -row.year))
    return rows[choice("grid", name, [*sorted({row.grid for row in rows.values()}), *rows])]


@cache
def read_grids(path: Path = RAW / "grids.csv") -> dict[str, PowerGrid]:
    """Every grid of the table, by identifier.

    Raises:
        DataProblem: the table cannot be read.
    """
    rows = read_rows(path, ("grid_id", "grid", "year", "carbon_kg_per_kwh"))
    return {
        r["grid_id"]: PowerGrid(r["grid_id"], r["grid"], r["name"], int(r["year"]), float(r["carbon_kg_per_kwh"]))
        for r in rows
    }
