"""The dataset: raw tables held against their schema, the bibliography, the figure reader and the texts."""

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from helpers.errors import DataProblem
from helpers.language import later, tr
from helpers.ledger import soundness
from helpers.ledger.coverage import Faults, count_faults, find_texts
from helpers.ledger.evidence import UNITS_OF, unit_on_file
from helpers.ledger.intervals import Interval, date_interval, published_interval
from helpers.ledger.tables import Row, Tables, read_raw
from helpers.paths import shown
from helpers.reader import PrintedFigure, bound_of, interval, read_date, read_figure

DAYS = {"published", "released"}
WORDS_ONLY = {"superlative", "comparison", "attribution", "other"}
MOST_VALUE = 1e40  # of anything that is counted or measured here
RELATIVE_DATE = re.compile("去年|今年|前年|年初|年底|年末")


@dataclass(frozen=True)
class Dataset:
    """Checked tables; `texts` are the articles found at hand."""

    tables: Tables
    texts: dict[str, str]

    @property
    def texts_message(self) -> str:
        """One line on whether the printed figures were checked against the texts."""
        if not self.texts:
            return tr(
                "The articles' texts are not at hand in this build: positions and coverage were checked when they were, and the counts are repeated."
            )
        stands = later("{n} of {total} texts at hand: every printed figure stands where its row says.")
        return tr(stands, n=len(self.texts), total=len(self.tables["articles"]))


def read_dataset(data_dir: Path, texts_dir: str = "") -> Dataset:
    """Read the raw tables and check everything that can be checked; a DataProblem names the first thing wrong.

    Args:
        data_dir: folder with `raw/` and `datapackage.json`.
        texts_dir: folder with the articles' texts; empty = not at hand.
    """
    tables = read_raw(data_dir)
    texts = find_texts(texts_dir, tables["articles"])
    for problem in faults(tables, shown(data_dir / "raw"), texts):
        raise problem
    return Dataset(tables, texts)


def faults(tables: Tables, raw: str, texts: dict[str, str]) -> Iterator[DataProblem]:
    """All that is wrong beyond the schema; `raw` is the folder as messages name it."""
    complete = "dismissals" in tables.frames  # a ledger of the user's own need not account for every number
    rules: list[tuple[str, Callable[[Row], Faults]]] = [
        *((name, partial(_source_faults, tables, column)) for name, column in tables.source_columns),
        *((name, partial(_day_faults, c)) for name in tables.frames for c in DAYS & set(tables[name].columns)),
        ("evidence", _evidence_faults),
        ("claims", partial(_link_faults, tables)),
        ("claims", _figure_faults),
        ("claims", partial(soundness.row_faults, tables, complete)),
        *((name, partial(_place_faults, tables, texts)) for name in ("claims", "dismissals") if name in tables.frames),
    ]
    if complete:
        rules += [("articles", partial(count_faults, texts, tables["claims"], tables["dismissals"]))]
    for name, rule in rules:
        for index, row in enumerate(tables[name].to_dict("records"), start=2):
            for where, what, mend in rule(row):
                yield DataProblem(f"{raw}/{name}.csv", f"row {index}{where}", what, mend)


def _source_faults(tables: Tables, column: str, row: Row) -> Faults:
    if row[column] and row[column] not in tables.references:
        yield "", f"source {row[column]} is not in references.bib", f"add it there, or correct {column}"


def _day_faults(column: str, row: Row) -> Faults:
    """Days that the calendar has, in the columns that hold a date as precise as it is known."""
    try:
        _ = date_interval(row[column]) if row[column] else None
    except ValueError as error:
        yield f", column {column}", str(error), "write a day of the calendar"


def _evidence_faults(row: Row) -> Faults:
    if row["unit"] == "text":
        return
    where = f" ({row['evidence_id']}), column"
    units = UNITS_OF.get(row["quantity"], {row["unit"]})
    if row["unit"] not in units:
        mend = f"write it in {' or '.join(sorted(units))}"
        yield f"{where} unit", f"{row['quantity']} in the unit {row['unit']}", mend
    try:
        value = published_interval(row["value"], row["unit"])
    except (ValueError, OverflowError) as error:
        yield f"{where} value", str(error), "write a number, or an ISO date where unit is date"
    else:
        if not (value.middle >= 0 and value.high <= MOST_VALUE):
            what = f"{row['value'][:40]} is below 0 or beyond {MOST_VALUE:g}"
            yield f"{where} value", what, "correct the value or its unit"


def _link_faults(tables: Tables, row: Row) -> Faults:
    for name in row["evidence_ids"].split():
        if name not in tables.evidence_rows and name.removeprefix("claim:") not in tables.claim_rows:
            mend = "add it to evidence.csv with its source, or correct the identifier"
            yield f" ({row['claim_id']}), column evidence_ids", f"no evidence {name}", mend


def _place_faults(tables: Tables, texts: dict[str, str], row: Row) -> Faults:
    body, start, end = tables.article_rows[row["article_id"]], row["char_start"], row["char_end"]
    printed, text = row["as_printed"], texts.get(row["article_id"])
    if not body["body_start"] <= start < end <= body["body_end"] or end - start != len(printed):
        what = f"span {start}-{end} is outside the body or not as long as {printed!r}"
        yield "", what, "correct char_start and char_end"
    elif text and text[start:end] != printed:
        what = f"the text has {text[start:end][:40]!r} at {start}-{end}, not {printed!r}"
        yield "", what, "correct char_start, char_end or as_printed"


def _figure_faults(row: Row) -> Faults:
    where = f" ({row['claim_id']}), column"
    if row["value"] == "" and row["kind"] not in WORDS_ONLY:
        yield f"{where} value", f"kind {row['kind']} has no value", "write what the article says, in the base unit"
    try:
        if row["value"] != "":
            check_figure(row)
    except ValueError as error:
        mend = "correct the value, the unit, the scale or the printed token"
        yield f"{where}s as_printed and value", str(error), mend


def check_figure(row: Row) -> None:
    """Hold a row's value against what its printed token says; ValueError where they differ."""
    if row["bound"] == "range" and not (row["value_low"] and row["value_high"]):
        raise ValueError("bound is range, and value_low or value_high is empty")
    if row["bound"] == "range" and row["value"] != row["value_low"]:
        raise ValueError(f"bound is range, and value {row['value']} is not its lower end {row['value_low']}")
    if row["unit"] == "date":
        if not _is_date(row, row["as_printed"]):
            raise ValueError(f"{row['as_printed']!r} is not the date {row['value']}")
        return
    figure = claim_figure(row)
    if figure.unit and unit_on_file(figure.unit) != row["unit"] and figure.unit != "count":
        raise ValueError(f"{row['as_printed']!r} is in {figure.unit}, the row says {row['unit']}")
    value = float(row["value"])
    low, high = (float(row[name] or value) for name in ("value_low", "value_high"))
    if not abs(value) <= MOST_VALUE:
        raise ValueError(f"{row['value'][:40]} is beyond {MOST_VALUE:g}")
    if not low <= value <= high:
        raise ValueError(f"{value:g} is not between value_low {low:g} and value_high {high:g}")
    within = row["bound"] == "range" and low <= figure.value <= high
    if not within and not math.isclose(figure.value, value):  # to nine digits
        raise ValueError(f"{row['as_printed']!r} reads as {figure.value:g}, the row says {value:g}")


def _is_date(row: Row, printed: str) -> bool:
    """Whether what is printed of a date is in its value; words such as 去年 (last year) lean on the article's date."""
    if digits := re.fullmatch(r"(\d+)日", printed):
        return bool(row["value"].endswith(f"-{int(digits[1]):02d}"))
    if RELATIVE_DATE.search(printed):
        return all(row["value"].startswith(year) for year in re.findall(r"\d{4}", printed))
    read = read_date(printed, int(row["value"][:4]))
    ends = f"{row['value_low']}/{row['value_high']}" if "/" in read else row["value"]
    return bool(ends == read or (row["bound"] == "range" and row["value_low"] <= read <= row["value_high"]))


def claim_figure(row: Row) -> PrintedFigure:
    """The printed token of a claim, read; `scale` stands elsewhere on the page. An UnreadableFigure, if it cannot be."""
    scale = row["scale"] if row["scale"] == row["scale"] and row["scale"] != "" else 1.0
    return read_figure(row["as_printed"], float(scale))


def claim_interval(row: Row) -> Interval | None:
    """What a claim says, as an interval in its base unit; None for a statement without a figure."""
    if row["value"] == "":
        return None
    printed_range = row["bound"] == "range" and row["value_low"] != ""
    if row["unit"] == "date":
        first, last = (row["value_low"], row["value_high"]) if printed_range else (row["value"], row["value"])
        return Interval(date_interval(first).low, date_interval(last).high)
    if printed_range:  # hedged as "about", its ends give way by the tenth that a hedged figure does
        low, high = float(row["value_low"]), float(row["value_high"])
        return Interval(0.9 * low, 1.1 * high) if bound_of(row["hedge"]) == "about" else Interval(low, high)
    low, high = interval(claim_figure(row), row["bound"], row["hedge"])
    whole = row["unit"] == "fraction" and low <= 1  # "over 80 %" of something ends at all of it
    return Interval(low, min(high, 1.0) if whole else high)
