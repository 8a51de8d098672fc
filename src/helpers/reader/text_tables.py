"""Tables in running text: what stands in the head of its column says what a bare number in a cell means.

Two shapes are known: cells between tabs or bars, and one cell a line (as copied from web pages), where each row is a label
and its numbers. A short row of totals is placed by its sums; a cell whose column is not certain is left unread.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, pairwise
from math import prod

from helpers.reader.number import POWERS
from helpers.reader.units import match_unit
from helpers.reader.vocabulary import phrase, powers

Line = tuple[int, int]
MAX_CELL = 48
MAX_ROW = 400
_HEDGE = re.compile(r"(?:大?约|超过?|近|about|around|approx\.?|over|[~≈<>≤≥])? ?", re.I)
_NUMERIC = re.compile(rf"[ \t]*{_HEDGE.pattern}[$¥€£]?\d[\d.,。，]*[ ]?(?:[%％]|[万亿]{{1,2}}|[KMBT])?[ \t]*")
_PLAIN = re.compile(r"\d+(?:[.。]\d+)?")
_SEPARATOR = re.compile(r"[|\t]")
_CAPTION_UNIT = re.compile(r"[(（][^()（）]{1,12}[)）]$")
_BEFORE_UNIT = re.compile(r"[(（/,，:：] ?| |训练|位")  # (单位: 天)
_POWER = POWERS | {word.lower(): power for word, power in powers("power").items() if word.isascii()}


@dataclass(frozen=True)
class Cell:
    """A cell with a number: its span, the head of its column, and the magnitude and unit that the head adds."""

    start: int
    end: int
    head: str
    label: Line
    scale: Decimal
    unit: str


def find_cells(text: str) -> dict[int, Cell]:
    """Cells with numbers by their start, of all tables of folded text; linear in the length."""
    cells: dict[int, Cell] = {}
    caption = ""
    for table, block in groupby(_lines(text), lambda line: _table_of(text, line)):
        lines = list(block)
        if table and len(lines) > 2:
            found: dict[int, Cell] = {}
            table(text, lines, found)
            cells |= _in_unit_of(caption, found)
        caption = text[slice(*lines[-1])]
    return cells


def _in_unit_of(caption: str, cells: dict[int, Cell]) -> dict[int, Cell]:
    """Cells of a table below a caption such as 资本开支 (亿元), with its magnitude and unit where their own heads have none."""
    shared = _CAPTION_UNIT.search(caption)
    if not shared:
        return cells
    return {
        start: cell
        if cell.scale != 1 or cell.unit
        else _cell((cell.start, cell.end), f"{cell.head} {shared.group()}", cell.label)
        for start, cell in cells.items()
    }


def _table_of(text: str, line: Line) -> Callable[[str, list[Line], dict[int, Cell]], None] | None:
    """What reads the table that a line may belong to: with cells between bars or tabs, or with one cell a line."""
    if _SEPARATOR.search(text, *line):
        return _bar_table if line[1] - line[0] <= MAX_ROW else None
    return _line_table if 0 < line[1] - line[0] <= MAX_CELL else None


def _lines(text: str) -> Iterator[Line]:
    """Lines without their outer blanks; an empty line is an empty span."""
    for found in re.finditer(r"[^\n]*\n|[^\n]+", text):
        yield _trimmed(text, *found.span())


def _trimmed(text: str, start: int, end: int) -> Line:
    """The span without its outer blanks."""
    body = text[start:end]
    return start + len(body) - len(body.lstrip()), start + max(len(body.rstrip()), len(body) - len(body.lstrip()))


def _is_number(text: str, line: Line) -> bool:
    return _NUMERIC.fullmatch(text, *line) is not None


def _line_table(text: str, block: list[Line], cells: dict[int, Cell]) -> None:
    """One cell a line: heads, then rows of a label and as many numbers as there are heads."""
    runs = list(_runs(text, block))
    width = max((len(run) for _, run in runs), default=0)
    if width < 2 or len(runs) < 2:
        return
    first = runs[0][0]
    heads = block[max(0, first - 1 - width) : max(0, first - 1)]
    if len(runs[0][1]) != width or len(heads) != width or any(_is_number(text, head) for head in heads):
        return
    names = [text[slice(*head)] for head in heads]
    sums = [Decimal(0)] * width
    for index, run in runs:
        columns = range(width) if len(run) == width else _columns_by_sum(text, run, sums)
        for column, line in zip(columns, run, strict=False):
            _put(cells, text, line, names[column], block[index - 1])
            sums[column] += _plain_value(text, line) if len(run) == width else 0


def _runs(text: str, block: list[Line]) -> Iterator[tuple[int, list[Line]]]:
    """Runs of numeric lines with the index of their first."""
    for numeric, run in groupby(enumerate(block), lambda entry: _is_number(text, entry[1])):
        if numeric:
            entries = list(run)
            yield entries[0][0], [line for _, line in entries]


def _columns_by_sum(text: str, run: list[Line], sums: list[Decimal]) -> list[int]:
    """The columns whose sums the numbers of a short row are, or none if any is in doubt."""
    columns: list[int] = []
    for line in run:
        value = _plain_value(text, line)
        fitting = [i for i, total in enumerate(sums) if total and abs(total - value) <= total / 1000]
        if len(fitting) != 1 or fitting[0] in columns:
            return []
        columns.append(fitting[0])
    return columns


def _plain_value(text: str, line: Line) -> Decimal:
    found = _PLAIN.fullmatch(text, *line)
    return Decimal(found.group().replace("。", ".")) if found and len(found.group()) < 30 else Decimal(0)


def _bar_table(text: str, block: list[Line], cells: dict[int, Cell]) -> None:
    """Cells between bars or tabs: the first line is the head."""
    rows = [_split(text, line) for line in block]
    heads = [text[slice(*cell)] for cell in rows[0]]
    named = [head for head in heads[1:] if any(char.isdigit() for char in head)]
    if not heads or any(char.isdigit() for char in heads[0]) or any(_is_number(text, cell) for cell in rows[0]):
        return
    for row in rows[1:]:
        if len(row) != len(heads):
            continue
        if 2 * len(named) > len(heads) - 1:  # names in the head: what is counted stands before the row
            for owner, cell in zip(rows[0][1:], row[1:], strict=True):
                _put(cells, text, cell, text[slice(*row[0])], owner)
            continue
        for before, head, cell in zip(heads, heads[1:], row[1:], strict=False):
            head = f"{before} {head}" if phrase("text_tables counted").match(head) else head
            for part, said in _parts(text, cell, head):
                _put(cells, text, part, said, row[0])


def _parts(text: str, cell: Line, head: str) -> list[tuple[Line, str]]:
    """The figures of a cell such as 671B / 37B below a head such as Total / active params, each with its own head."""
    slash = text.find(" / ", *cell)
    if slash < 0 or head.count("/") != 1:
        return [(cell, head)]
    first, last = head.split("/")
    noun = last.split()[-1] if last.split() else ""
    return [(_trimmed(text, cell[0], slash), f"{first.strip()} {noun}"), (_trimmed(text, slash + 3, cell[1]), last)]


def _split(text: str, line: Line) -> list[Line]:
    """Cells between the separators of a line; what stands before an outer bar is none."""
    marks = [line[0] - 1, *(mark.start() for mark in _SEPARATOR.finditer(text, *line)), line[1]]
    cells = [_trimmed(text, before + 1, mark) for before, mark in pairwise(marks)]
    return cells[text.startswith("|", line[0]) : len(cells) - text.endswith("|", *line)]


def _put(cells: dict[int, Cell], text: str, line: Line, head: str, label: Line) -> None:
    """Note a cell that begins with a figure, at the figure."""
    hedge = _HEDGE.match(text, *line)
    start = hedge.end() if hedge else line[0]
    if text[start : start + 1].isdigit() or text[start : start + 1] in set("$¥€£"):
        cells[start] = _cell((start, line[1]), head, label)


def _cell(line: Line, head: str, label: Line) -> Cell:
    unit = _unit_at_end(head)
    scale = phrase("text_tables head_scale").search(head)
    if scale and not unit:
        power = scale.group("power").rstrip("s").lower()
        factor = _POWER[power] if power.isascii() else prod((_POWER[char] for char in power), start=Decimal(1))
        return Cell(*line, head, label, factor, scale.group("rest").strip())
    return Cell(*line, head, label, Decimal(1), unit)


def _unit_at_end(head: str) -> str:
    """The unit that a head is or ends with: Days, 训练天数, Power (W), Bandwidth, TB/s; empty where it has none."""
    word = head.strip(" )）").removesuffix("数")
    for start in (0, *(mark.end() for mark in _BEFORE_UNIT.finditer(word))):
        for spelled in (word[start:], word[start:].lower()):
            found = match_unit(spelled, 0)
            if found and found.end == len(spelled) and found.hint != "classifier":
                return spelled
    return ""
