"""The build: notebooks in dependency order, then the report, put in place only when all is whole."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.errors import ParameterProblem
from helpers.language import SOURCE, TAGS, using
from helpers.paths import DATA, NOTEBOOKS, PROCESSED, PROJECT, REPORT, shown
from helpers.pipeline.notebooks import NotebookFailure, execute
from helpers.pipeline.parameters import check, notebook_parameters
from helpers.pipeline.replace import around_answer, put_in_place, update_answer


@dataclass(frozen=True)
class Stage:
    """A notebook and the notebooks whose results it reads."""

    name: str
    needs: tuple[str, ...] = ()


# In the order of the report; run in the order of what each needs.
STAGES = (
    Stage("00_summary", needs=("01_dataset", "08_verdicts")),
    Stage("03_compute", needs=("01_dataset",)),
    Stage("02_scale", needs=("01_dataset",)),
    Stage("04_data", needs=("01_dataset",)),
    Stage("05_efficiency", needs=("01_dataset",)),
    Stage("07_accuracy", needs=("01_dataset",)),
    Stage("08_verdicts", needs=("01_dataset",)),
    Stage("09_systems", needs=("01_dataset",)),
    Stage("01_dataset"),
)


def ordered(stages: tuple[Stage, ...] = STAGES) -> list[Stage]:
    """Stages so that each follows what it needs.

    Raises:
        graphlib.CycleError: they need one another in a circle.
    """
    from graphlib import TopologicalSorter

    by_name = {stage.name: stage for stage in stages}
    return [by_name[name] for name in TopologicalSorter({s.name: s.needs for s in stages}).static_order()]


def build(overrides: Mapping[str, Mapping[str, Any]], texts_dir: str = "", into: Path | None = None) -> Path:
    """Run every notebook and put dataset and report in place.

    Args:
        overrides: parameters by notebook name.
        texts_dir: folder with the articles' texts, if they are at hand.
        into: folder that receives `report/` and `data/processed/` instead of the project, which stays as it is.

    Returns:
        The report's page.

    Raises:
        ParameterProblem, NotebookFailure, DataProblem: nothing that was there has been touched.
    """
    from helpers.ledger.processed import read_processed
    from helpers.report.headline import headline, readme_answer
    from helpers.report.page import write_report

    given = _given(overrides, texts_dir)
    if into is None:
        around_answer(PROJECT / "README.md")
    begun = time.perf_counter()
    (PROJECT / "build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=PROJECT / "build", prefix="run-") as folder, _lines_closed():
        staging = Path(folder)
        _stage_data(staging / "data")
        for edition in TAGS:  # the source language first: it writes the tables that the others read
            executed = _run_all(staging, given, edition)
            _say("report")
            with using(edition):
                write_report([executed[s.name] for s in STAGES], staging / "report")
        answer = readme_answer(headline(read_processed(staging / "data")))
        report, processed = (into / "report", into / "data" / "processed") if into else (REPORT, PROCESSED)
        put_in_place({staging / "data" / "processed": processed, staging / "report": report})
    if into is None:
        update_answer(PROJECT / "README.md", answer)
    page = report / "index.html"
    _say(f"{shown(page)} written in {time.perf_counter() - begun:.1f} s", end="\n")
    return page


def _given(overrides: Mapping[str, Mapping[str, Any]], texts_dir: str) -> dict[str, dict[str, Any]]:
    """Every parameter checked before the first notebook starts."""
    names = {stage.name for stage in STAGES}
    unknown = sorted(set(overrides) - names)
    if unknown:
        raise ParameterProblem(f"no notebook {unknown[0]}; there are {', '.join(sorted(names))}")
    given = {name: dict(overrides.get(name, {})) for name in names}
    if texts_dir:
        given["01_dataset"]["texts_dir"] = str(Path(texts_dir).resolve())
    return {
        name: check(values, notebook_parameters(NOTEBOOKS / f"{name}.ipynb"), name) for name, values in given.items()
    }


def _stage_data(target: Path) -> None:
    target.mkdir(parents=True)
    shutil.copy(DATA / "datapackage.json", target)
    shutil.copytree(DATA / "raw", target / "raw")


@contextmanager
def _lines_closed() -> Iterator[None]:
    """Ends the line of progress before an error is reported."""
    try:
        yield
    except BaseException:
        _say("stopped", end="\n")
        raise


def _run_all(staging: Path, given: Mapping[str, dict[str, Any]], edition: str) -> dict[str, Path]:
    """Run every stage in the language of an edition; the executed notebooks."""
    executed = {}
    stages, name = ordered(), "" if edition == SOURCE else f" ({edition})"
    for number, stage in enumerate(stages, start=1):
        _say(f"[{number}/{len(stages) + 1}] {stage.name}{name}")
        begun = time.perf_counter()
        # As seen from the staging folder, so that the record is the same wherever that folder is.
        folders = {"data_dir": "data", "out_dir": "report/data", "language": edition}
        executed[stage.name] = staging / "notebooks" / edition / f"{stage.name}.ipynb"
        try:
            execute(NOTEBOOKS / f"{stage.name}.ipynb", executed[stage.name], {**folders, **given[stage.name]}, staging)
        except NotebookFailure as failure:
            raise NotebookFailure(str(failure).replace(f"{shown(staging)}/", "")) from failure
        _say(f"{time.perf_counter() - begun:.1f} s", end="\n")
    _say(f"[{len(stages) + 1}/{len(stages) + 1}]")
    return executed


def _say(text: str, end: str = " ") -> None:
    print(text, end=end, file=sys.stderr, flush=True)
