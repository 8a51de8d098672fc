"""What `make bench` prints: accuracy and speed of the time model, and how well the figure reader reads."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import reading_score
from helpers import reader as quantities
from helpers.errors import Problem
from helpers.paths import PROJECT

if TYPE_CHECKING:
    import pandas as pd

    from helpers.ledger.tables import Tables
    from helpers.reader import Quantity

COMPOSED = PROJECT / "tests" / "reader" / "data" / "composed"
LABELLED = PROJECT / "tests" / "reader" / "data" / "labelled"
TEXTS_VARIABLE = "ARTICLE_TEXTS"
ASIDE = ("duplicate_of_span",)  # dismissals that are figures all the same
FIRST = ("f1", "value", "kind", "bound", "system")
SCORES = ("f1", "precision", "recall", "value", "kind", "bound", "system", "all_right")
Section = tuple[str, Callable[[], Iterator[str]]]
NAMES = ("accuracy", "speed", "reader", "composed", "articles", "sweep", "page", "pipeline")


def run(options: argparse.Namespace) -> int:
    """Print every section under a heading.

    Args:
        options: `sections` (names; all, if empty), `texts` (folder with the articles' texts; else the variable
            ARTICLE_TEXTS), `data` (data folder), `quick`, `record`.

    Raises:
        Problem: no such section.

    Returns:
        1 if a section could not be run, and says why; else 0.
    """
    unknown = sorted(set(options.sections) - set(NAMES))
    if unknown:
        raise Problem(f"bench: no section {unknown[0]}; there are {', '.join(NAMES)}")
    texts = options.texts or os.environ.get(TEXTS_VARIABLE, "")
    listed = sections(options.data, texts, options.quick, options.record)
    return print_sections([listed[name] for name in NAMES if name in (options.sections or NAMES)])


def sections(data_dir: Path, texts_dir: str, quick: bool = False, record: bool = False) -> dict[str, Section]:
    """Headings, and what to print under each, by name."""
    return {
        "accuracy": ("Time model: predicted against published", lambda: _accuracy(data_dir)),
        "speed": ("Time model: speed on one core", _speed),
        "reader": ("Figure reader on the claims", lambda: reader_lines(data_dir, texts_dir)),
        "composed": ("Figure reader on composed texts", lambda: composed_lines(data_dir, COMPOSED)),
        "articles": ("Articles by writers who do not know the rules", lambda: article_lines(data_dir, LABELLED)),
        "sweep": ("Sweeps: scenarios per second", _sweep),
        "page": ("The page in a browser", _page),
        "pipeline": ("Pipeline: seconds beside other ways to run the notebooks", lambda: _pipeline(quick, record)),
    }


def print_sections(listed: Sequence[Section]) -> int:
    """Print each section as it comes; a problem in one does not keep the others from running."""
    failed = 0
    for title, lines in listed:
        begun = time.perf_counter()
        print(f"{title}\n{'=' * len(title)}", flush=True)
        try:
            for line in lines():
                print(line, flush=True)
        except Problem as problem:
            print(f"error: {problem}", flush=True)
            failed = 1
        print(f"({time.perf_counter() - begun:.1f} s)\n", flush=True)
    return failed


def _accuracy(data_dir: Path) -> Iterator[str]:
    from benchmarks.accuracy_bench import accuracy_lines
    from helpers.timing.published_runs import observations

    return accuracy_lines(observations(data_dir / "raw"))


def _speed() -> Iterator[str]:
    from benchmarks.formula_speed import speed_lines

    return speed_lines()


def _sweep() -> Iterator[str]:
    from benchmarks.sweep_speed import sweep_lines

    return sweep_lines()


def _page() -> Iterator[str]:
    from benchmarks.page_speed import paint_lines
    from helpers.paths import REPORT

    for name in ("index.html", "index.zh.html"):
        yield from paint_lines(REPORT / name)


def _pipeline(quick: bool, record: bool) -> Iterator[str]:
    from benchmarks.build_speed import pipeline_lines

    return pipeline_lines(quick, record)


def reader_lines(data_dir: Path, texts_dir: str) -> Iterator[str]:
    """Scores of the figure reader against the hand-made rows, by article and together, per cent.

    Raises:
        Problem: the folder does not exist.
    """
    from helpers.ledger.coverage import find_texts
    from helpers.ledger.tables import read_raw

    if texts_dir and not Path(texts_dir).is_dir():
        raise Problem(f"texts: no folder {texts_dir}. Mend: name the folder that holds the articles as .txt files.")
    tables = read_raw(data_dir)
    texts = find_texts(texts_dir, tables["articles"])
    if not texts:
        yield f"the articles' texts are not at hand: name their folder with --texts or in {TEXTS_VARIABLE}"
        return
    yield f"{'article':8s} rows  read {' '.join(f'{name:>9s}' for name in SCORES)}   characters/s"
    found: list[Quantity] = []
    rows, aside, base, seconds = [], [], 0, 0.0
    for number, text in texts.items():
        begun = time.perf_counter()
        read = _read_body(text, number, tables)
        took = time.perf_counter() - begun
        expected, neutral = hand_made(tables, number)
        yield _score_line(number, read, expected, neutral, len(text) / took)
        found += [replace(q, char_start=q.char_start + base, char_end=q.char_end + base) for q in read]
        rows += [_moved(row, base) for row in expected]
        aside += [(start + base, end + base) for start, end in neutral]
        base, seconds = base + len(text), seconds + took
    yield _score_line("all", found, rows, aside, base / seconds)


def composed_lines(data_dir: Path, folder: Path) -> Iterator[str]:
    """Scores on the composed set, per cent: at the first reading of each batch, as recorded, and now."""
    from benchmarks.composed import SCRIPTS, batches, first_readings, score_texts
    from helpers.ledger.knowledge import Knowledge

    if not folder.is_dir():
        yield "the composed texts stand in the project's folder of tests, which is not here"
        return
    names = list(Knowledge(data_dir).names.items())
    first = {(row["batch"], row["script"]): row for row in first_readings(folder)}
    heads = " ".join(f"{part:>7s}" for part in FIRST)
    yield "first: read once, before any rule was mended with that batch, slips of marking corrected (recorded); now: this version, a regression test"
    yield f"batch script      rows        {heads}"
    for batch, by_script in batches(folder):
        for script, texts in by_script.items():
            row, now = first[batch, script], score_texts(texts, names)
            then = " ".join(f"{100 * float(row[part]):7.1f}" for part in FIRST)
            today = " ".join(f"{100 * getattr(now, part):7.1f}" for part in FIRST)
            yield f"{batch:5s} {SCRIPTS[script]:11s} {now.expected:4d}  first {then}   ({row['date']})"
            yield f"{'':22s}  now   {today}"


def article_lines(data_dir: Path, folder: Path) -> Iterator[str]:
    """Labelled articles: each batch at its first reading, as recorded, and now."""
    from benchmarks.labelled_articles import MEASURES, lines, recorded
    from helpers.ledger.knowledge import Knowledge

    if not folder.is_dir():
        yield "the labelled articles stand in the project's folder of tests, which is not here"
        return
    yield "first: read once, before any rule was mended with that batch (recorded); now: this version, a regression test"
    for row in recorded(folder):
        yield f"first {row['batch']:>8s} " + " ".join(f"{row[m]:>14s}" for m in MEASURES)
    yield from lines(sorted(folder.glob("batch_*")), Knowledge(data_dir))


def hand_made(tables: Tables, article_id: str) -> tuple[list[dict[str, str]], list[tuple[int, int]]]:
    """Rows of an article's claims that state a figure, and spans that are neither right nor wrong.

    These are claims in words, and dismissals that repeat a figure.
    """
    claims, dismissals = (_of(tables[name], article_id) for name in ("claims", "dismissals"))
    stated = claims[claims["value"] != ""]
    others = [claims[claims["value"] == ""], dismissals[dismissals["reason"].isin(ASIDE)]]
    spans = [(int(a), int(b)) for part in others for a, b in zip(part["char_start"], part["char_end"], strict=True)]
    return [{str(k): str(v) for k, v in row.items()} for row in stated.to_dict("records")], spans


def _of(frame: pd.DataFrame, article_id: str) -> pd.DataFrame:
    return frame[frame["article_id"] == article_id]


def _moved(row: dict[str, str], by: int) -> dict[str, str]:
    return row | {name: str(int(row[name]) + by) for name in ("char_start", "char_end")}


def _read_body(text: str, article_id: str, tables: Tables) -> list[Quantity]:
    """Quantities of an article's body, read from its whole text."""
    systems = [
        (row["system_id"], [name for name in (row["name"], row["name_zh"], *row["aliases"].split("|")) if name])
        for row in tables.named_in_articles.to_dict("records")
    ]
    body = _of(tables["articles"], article_id).iloc[0]
    read = quantities.read_text(text, systems).quantities
    return [q for q in read if body["body_start"] <= q.char_start and q.char_end <= body["body_end"]]


def _score_line(
    name: str, read: list[Quantity], expected: list[dict[str, str]], neutral: list[tuple[int, int]], speed: float
) -> str:
    result = reading_score.score(read, expected, neutral)
    shares = " ".join(f"{100 * getattr(result, score):9.1f}" for score in SCORES)
    return f"{name:8s} {result.expected:4d} {result.predicted:5d} {shares} {speed:14,.0f}"
