"""The composed test set: articles of our own in the style of the press, their figures marked by hand before they were read.

A figure is marked [[as printed|kind|value|bound|system_id]]. Each batch was written after the rules had been mended with the
batches before it; `first_readings.csv` keeps what the reader reached on it the first time, which no later change can better.
Marks that broke the conventions of the claims table (a classifier left out, 以内 marked exact) were corrected when the
differences were looked at, before the first reading was counted; so it is a little kinder than a stranger's marks would be.
"""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.reading_score import Score, score
from helpers.errors import DataProblem
from helpers.paths import shown
from helpers.reader.names import Systems
from helpers.reader.reader import read_text
from helpers.reader.reading import Quantity

Rows = list[dict[str, str]]
Text = tuple[str, Rows]
SCRIPTS = {"zh": "simplified", "hant": "traditional", "en": "English"}
_MARK = re.compile(r"\[\[(.*?)\]\]")
_COLUMNS = ("kind", "value", "bound", "system_id")


def read_marked(path: Path) -> dict[str, Text]:
    """Texts of a file by name, each with the rows of its figures.

    Raises:
        DataProblem: a mark has not five parts.
    """
    parts = path.read_text(encoding="utf-8").split("=== ")[1:]
    named = (part.partition("\n") for part in parts)
    return {name: _unmarked(body, path, name) for name, _, body in named}


def _unmarked(body: str, path: Path, name: str) -> Text:
    text, rows, last = "", [], 0
    for mark in _MARK.finditer(body):
        printed, *said = mark.group(1).split("|")
        if len(said) != len(_COLUMNS):
            where = f"text {name}, mark {mark.group()}"
            raise DataProblem(shown(path), where, "not five parts", "as printed|kind|value|bound|system_id")
        text += body[last : mark.start()] + printed
        span = {"char_start": str(len(text) - len(printed)), "char_end": str(len(text))}
        rows.append(span | dict(zip(_COLUMNS, said, strict=True)))
        last = mark.end()
    return text + body[last:], rows


def batches(folder: Path) -> Iterator[tuple[str, dict[str, list[Text]]]]:
    """Batches in order, each with its texts by script."""
    for path in sorted(folder.glob("batch_*.txt")):
        by_script: dict[str, list[Text]] = {script: [] for script in SCRIPTS}
        for name, text in read_marked(path).items():
            by_script[name.partition("-")[0]].append(text)
        yield path.stem.removeprefix("batch_"), by_script


def score_texts(
    texts: Sequence[Text], systems: Systems, read: Callable[[str], Sequence[Quantity]] | None = None
) -> Score:
    """One score for several texts, each read on its own, or by a `read` that remembers what it has read."""
    read = read or (lambda text: read_text(text, systems).quantities)
    found: list[Quantity] = []
    expected: Rows = []
    base = 0
    held = {system_id for system_id, _ in systems}
    for text, rows in texts:
        found += [_held(q, base, held) for q in read(text)]
        expected += [row | {end: str(int(row[end]) + base) for end in ("char_start", "char_end")} for row in rows]
        base += len(text)
    return score(found, expected)


def _held(quantity: Quantity, base: int, ids: set[str]) -> Quantity:
    """A quantity at its place in all texts; these marks know only systems of the tables."""
    system = quantity.system_id if quantity.system_id in ids else ""
    return replace(quantity, char_start=quantity.char_start + base, char_end=quantity.char_end + base, system_id=system)


def first_readings(folder: Path) -> Rows:
    """What the reader reached on each batch and script the first time."""
    with (folder / "first_readings.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
