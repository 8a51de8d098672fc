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
from helpers.parameters import Parameter, check, notebook_parameters

RENDERER = "helpers.report.page"  # turns executed notebooks into pages


@dataclass(frozen=True)
class Stage:
    """A notebook, its parameters, and the stages whose results it reads.

    Args:
        name: unique; the notebook's name, unless several stages run it.
        needs: stages whose files in `data/processed/` it reads.
        notebook: file name without `.ipynb`, if it is not the stage's.
        values: parameters.
        page: `report/<page>.html` shows it as a chapter, in the order of the list; empty for none.
        data: folder of its CSV files as seen from that page; one of its own for each page but the first, if not
            given. Stages may share a folder as long as files of one name are equal.
    """

    name: str
    needs: tuple[str, ...] = ()
    notebook: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    page: str = "index"
    data: str = ""

    @property
    def source(self) -> str:
        """The notebook's name."""
        return self.notebook or self.name

    @property
    def downloads(self) -> str:
        """The folder of its CSV files as seen from its page."""
        return self.data or ("data" if self.page in ("", "index") else f"data/{PurePosixPath(self.page).name}")

    @property
    def folders(self) -> dict[str, str]:
        """Folders as parameters: as seen from where every notebook starts."""
        beside = PurePosixPath("report", self.page).parent if self.page else PurePosixPath("executed", self.name)
        return {"data_dir": "data", "out_dir": (beside / self.downloads).as_posix()}


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
        """Where the executed notebook goes."""
        return f"executed/{self.name}.ipynb"


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
        Stage(
            f"{stage.name}.{language}",
            (*stage.needs, stage.name),
            stage.source,
            {**stage.values, "language": language},
            f"{stage.page}.{language}",
            stage.downloads,
        )
        for stage in chapters
    ]


def project_stages() -> Sequence[Stage]:
    """All stages, each edition's."""
    return [*CHAPTERS, *edition(CHAPTERS, "zh")]


def notebook_steps(stages: Iterable[Stage]) -> list[Step]:
    """A step for each stage."""
    return [Step(s.name, f"notebooks/{s.source}.ipynb", {**s.folders, **s.values}, s.needs) for s in stages]


def page_steps(stages: Iterable[Stage]) -> list[Step]:
    """A step for each stage as a chapter, and one for each page that joins chapters."""
    pages: dict[str, list[Stage]] = {}
    steps = []
    for stage in stages:
        if stage.page:
            chapter = f"{stage.name}.chapter"
            values = {
                "notebook": f"executed/{stage.name}.ipynb",
                "source": stage.source,
                "root": "../" * stage.page.count("/"),
                "data": stage.downloads,
                "target": f"chapters/{stage.name}.json",
            }
            if "language" in stage.values:
                values["language"] = stage.values["language"]
            # The chapter of another edition names the hashes of the English one's tables.
            needs = (stage.name, *(need for need in stage.needs if stage.source == need))
            steps.append(Step(chapter, "helpers.report.chapter_html:write_chapter", values, needs=needs))
            pages.setdefault(stage.page, []).append(stage)
    for page, members in pages.items():
        names = [stage.name for stage in members]
        joined: dict[str, Any] = {
            "chapters": [f"chapters/{name}.json" for name in names],
            "target": f"report/{page}.html",
        }
        if "language" in members[0].values:
            joined["language"] = members[0].values["language"]
        needs = tuple(f"{name}.chapter" for name in names)
        steps.append(Step(f"{page}.html", "helpers.report.index_page:write_page", joined, needs))
        if page.startswith("index"):
            whole = joined | {"target": f"report/{page.replace('index', 'reference')}.html"}
            steps.append(Step(f"{page}.reference", f"{RENDERER}:write_reference", whole, needs))
    return steps


def steps(stages: Sequence[Stage], others: Sequence[Step] | None = None) -> list[Step]:
    """Everything that a build does."""
    return [*notebook_steps(stages), *page_steps(stages), *(OTHERS if others is None else others)]


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
    names = {name for step in listed if step.is_notebook for name in (step.name, step.source)}
    unknown = sorted(set(overrides) - names)
    if unknown:
        raise ParameterProblem(f"no notebook {unknown[0]}; there are {', '.join(sorted(names))}")
    texts = {"texts_dir": texts_dir} if texts_dir else {}
    known: dict[str, dict[str, Parameter]] = {}
    found = []
    for step in listed:
        if step.is_notebook:
            if step.source not in known:
                known[step.source] = notebook_parameters(project.root / step.action)
            given = {**overrides.get(step.source, {}), **overrides.get(step.name, {})}
            values = {**step.values, **(texts if step.source == "01_dataset" else {}), **given}
            step = replace(step, values=check(values, known[step.source], step.name))
        found.append(step)
    return found
