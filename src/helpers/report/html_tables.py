"""Tables: caption, units in the head, numbers aligned, Chinese marked, and a CSV beside."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from helpers import numbers
from helpers.language import formatted, is_source, term, tr
from helpers.report.text import Html, fill, with_language
from helpers.structured import read_toml

Format = Callable[[Any], str]
LONG = 50  # letters from which a cell is given room; Chinese characters are twice as wide
MANY_COLUMNS = 3  # do not fit on a phone: each row is shown as a card there
ISO_DATE = re.compile(r"\d{4}-\d{2}(-\d{2})?")

# How the numbers of a column are written, by its name: one place for all chapters.
FORMATS: dict[str, Format] = {
    column: getattr(numbers, form, partial(formatted, spec=form))
    for form, columns in read_toml(Path(__file__).with_name("column_formats.toml")).items()
    for column in columns.split()
}


def table_html(
    frame: pd.DataFrame,
    name: str,
    title: str,
    *,
    columns: Mapping[str, str] | None = None,
    formats: Mapping[str, Format] | None = None,
    **foot: str,
) -> Html:
    """A table as an HTML figure with the id `table-<name>`.

    Args:
        frame: one row per line; the first shown column heads its row.
        columns: column name to its head, unit included; others are left out. All, if not given.
        formats: column name to a function from a value to text, or to `Html` (a badge, a link).
        foot: `notes`, a line below the table (sources, reading help), and `download`, the address of the CSV.

    Raises:
        ValueError: no rows, no columns, or a column is missing: an empty table is never shown in silence.
    """
    shown = _shown(frame, name, columns)
    numeric = {c for c in shown if pd.api.types.is_numeric_dtype(frame[c])}
    return fill(
        "table", name=name, title=title, shown=shown, rows=frame.to_dict("records"), stack=len(shown) >= MANY_COLUMNS,
        kind=lambda column, value=None: _class(column in numeric, value),
        cell=lambda column, value: _cell(value, (formats or {}).get(column)),
        **{"notes": "", "download": "", **foot},
    )  # fmt: skip


def _shown(frame: pd.DataFrame, name: str, columns: Mapping[str, str] | None) -> dict[str, str]:
    """Heads by column."""
    shown = dict(columns) if columns is not None else {str(c): term(c) for c in frame.columns}
    missing = [c for c in shown if c not in frame.columns]
    if frame.empty or missing or not shown:
        lack = f"columns missing: {', '.join(missing)}" if missing else "no rows" if frame.empty else "no columns"
        raise ValueError(f"table {name}: {lack}")
    return shown


def _class(numeric: bool, value: object) -> Html:
    """How a cell or a head is set, as an attribute."""
    room = LONG if is_source() else LONG // 2
    word = value if isinstance(value, str) and not numeric else ""
    name = "num" if numeric else "date" if ISO_DATE.fullmatch(word) else "long" if len(word) > room else ""
    return Html(f' class="{name}"' if name else "")


def _cell(value: object, form: Format | None) -> Html:
    if isinstance(value, Html):
        return value
    if value is None or value is pd.NA or value != value or value == "":
        return Html(f'<span class="blank" title="{tr("not published, or does not apply")}">–</span>')
    return with_language(form(value) if form else value)


def column_formats(frame: pd.DataFrame, own: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The formats of a table: those of its numeric columns by name, and before these its own."""
    known = {c: FORMATS[c] for c in frame.columns if c in FORMATS and pd.api.types.is_numeric_dtype(frame[c])}
    return {**known, **(own or {})}
