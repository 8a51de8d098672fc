"""What the report is made of: one list of stages, and the steps that follow from it.

To add a chapter, add a line to `CHAPTERS`. To run a notebook again with other values, add a stage with a name
of its own that names the notebook; `page` says on which page its results appear.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any

from helpers.build.project import Project
from helpers.errors import ParameterProblem
from helpers.parameters import check, notebook_parameters


@dataclass(frozen=True)
class Stage:
    """A notebook, its parameters, and the stages whose results it reads.

    Args:
        name: unique; the notebook's name, unless several stages run it.
        needs: stages whose files in `data/processed/` it reads.
        notebook: file name without `.ipynb`, if it is not the stage's.
        values: parameters.
        page: `report/<page>.html` shows it as a chapter, in the order of the list; empty for none.
        data: folder of its CSV files as seen from that page. Stages share one as long as files of one name are equal.
    """

    name: str
    needs: tuple[str, ...] = ()
    notebook: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    page: str = "index"
    data: str = "data"

    @property
    def source(self) -> str:
        """The notebook's name."""
        return self.notebook or self.name

    @property
    def step(self) -> Step:
        """Running the notebook; folders are named as seen from where every notebook starts."""
        beside = PurePosixPath("report", self.page).parent if self.page else PurePosixPath("executed", self.name)
        folders = {"data_dir": "data", "out_dir": (beside / self.data).as_posix()}
        return Step(self.name, f"notebooks/{self.source}.ipynb", {**folders, **self.values}, self.needs)


@dataclass(frozen=True)
class Step:
    """One thing to do in a folder of its own: files in, files out.

    Args:
        action: `notebooks/<name>.ipynb`, or `module:function`, called with the folder and the values.
        values: parameters; JSON types only.
        needs: steps whose files it finds in its folder.
    """

    name: str
    action: str
    values: Mapping[str, Any]
    needs: tuple[str, ...] = ()

    @property
    def is_notebook(self) -> bool:
        """Whether it runs a notebook."""
        return self.action.endswith(".ipynb")

    @property
    def source(self) -> str:
        """The name of the notebook that it runs."""
        return PurePosixPath(self.action).stem

    @property
    def record(self) -> str:
        """Where the executed notebook goes: a code host shows it with its outputs."""
        return f"report/notebooks/{self.name}.ipynb"


# In the order of the report; run in the order of what each needs.
CHAPTERS = (
    Stage("00_summary", needs=("01_dataset", "08_verdicts")),
    Stage("03_compute", needs=("01_dataset",)),
    Stage("02_scale", needs=("01_dataset",)),
    Stage("04_data", needs=("01_dataset",)),
    Stage("05_efficiency", needs=("01_dataset",)),
    Stage("06_scenario"),
    Stage("12_compare"),
    Stage("10_sweep"),
    Stage("07_accuracy", needs=("01_dataset",)),
    Stage("08_verdicts", needs=("01_dataset",)),
    Stage("09_systems", needs=("01_dataset",)),
    Stage("01_dataset"),
    Stage("11_status", needs=("01_dataset",)),
)
APART = ("13_scan",)  # tools that the report does not show: `scan --page` renders them
# Steps that are no notebooks and no pages.
OTHERS = (Step("answer", "helpers.report.headline:write_answer", {}, needs=("01_dataset",)),)


def edition(chapters: Iterable[Stage], language: str) -> list[Stage]:
    """Every chapter once more in another language; its tables are those that the English one has written."""
    return [
        replace(
            stage,
            name=f"{stage.name}.{language}",
            needs=(*stage.needs, stage.name),
            notebook=stage.source,
            values={**stage.values, "language": language},
            page=f"{stage.page}.{language}",
        )
        for stage in chapters
    ]


def project_stages() -> Sequence[Stage]:
    """All stages, each edition's."""
    return [*CHAPTERS, *edition(CHAPTERS, "zh")]


def steps(stages: Iterable[Stage], others: Iterable[Step] | None = None) -> list[Step]:
    """Everything that a build does: each notebook, each chapter and the pages that join chapters, and the others."""
    stages = list(stages)
    pages: dict[str, list[Stage]] = {stage.page: [] for stage in stages if stage.page}
    for stage in stages:
        if stage.page:
            pages[stage.page].append(stage)
    of_pages = [step for page, members in pages.items() for step in _page(page, members)]
    return [*(stage.step for stage in stages), *of_pages, *(OTHERS if others is None else others)]


def _page(page: str, members: Sequence[Stage]) -> list[Step]:
    """A step for each chapter, one for the page, and for an index one for the reference beside it."""
    chapters = [_chapter(stage) for stage in members]
    needs = tuple(step.name for step in chapters)
    joined = {"chapters": [step.values["target"] for step in chapters], **_language(members[0])}
    written = {page: "helpers.report.index_page:write_page"}
    if page.startswith("index"):
        written[page.replace("index", "reference")] = "helpers.report.page:write_reference"
    return chapters + [
        Step(f"{name}.html", action, {**joined, "target": f"report/{name}.html"}, needs)
        for name, action in written.items()
    ]


def _chapter(stage: Stage) -> Step:
    values = {
        "notebook": stage.step.record,
        "source": stage.name,
        "root": "../" * stage.page.count("/"),
        "data": stage.data,
        "target": f"chapters/{stage.name}.json",
    }
    # The chapter of another edition names the hashes of the English one's tables.
    needs = (stage.name, *(need for need in stage.needs if need == stage.source))
    return Step(f"{stage.name}.chapter", "helpers.report.chapter_html:write_chapter", values | _language(stage), needs)


def _language(stage: Stage) -> dict[str, Any]:
    return {name: stage.values[name] for name in ("language",) if name in stage.values}


def with_values(
    listed: Iterable[Step], overrides: Mapping[str, Mapping[str, Any]], texts_dir: str, project: Project
) -> list[Step]:
    """The steps with the parameters that a user gives, all checked.

    Args:
        overrides: parameters by notebook, for every step that runs it, or by step.

    Raises:
        ParameterProblem: no such notebook, or a parameter does not fit.
    """
    listed = list(listed)
    sources = {step.source: project.root / step.action for step in listed if step.is_notebook}
    names = {step.name for step in listed if step.is_notebook} | set(sources)
    if unknown := sorted(set(overrides) - names):
        raise ParameterProblem(f"no notebook {unknown[0]}; there are {', '.join(sorted(names))}")
    known = {source: notebook_parameters(path) for source, path in sources.items()}
    texts = {"01_dataset": {"texts_dir": texts_dir}} if texts_dir else {}
    found = []
    for step in listed:
        if step.is_notebook:
            given = [
                some.get(name, {}) for some in (texts, overrides) for name in dict.fromkeys((step.source, step.name))
            ]
            values = {name: value for some in (step.values, *given) for name, value in some.items()}
            step = replace(step, values=check(values, known[step.source], step.name))
        found.append(step)
    return found
