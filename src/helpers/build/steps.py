"""What the report is made of: the chapters of `chapters.toml`, and the steps that follow from them."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from helpers.build.project import Project
from helpers.errors import ParameterProblem
from helpers.language import SOURCE
from helpers.parameters import check, notebook_parameters
from helpers.structured import read_toml


@dataclass(frozen=True)
class Step:
    """One thing to do in a folder of its own: files in, files out."""

    name: str
    action: str  # `notebooks/<name>.ipynb`, or `module:function`, called with the folder and the values
    values: Mapping[str, Any]  # parameters; JSON types only
    needs: tuple[str, ...] = ()  # steps whose files it finds in its folder; a notebook those in `data/processed/`
    page: str = ""  # `report/<page>.html` shows the notebook as a chapter, in the order of the list; empty for none
    data: str = "data"  # folder of the chapter's CSV files as seen from that page

    @property
    def is_notebook(self) -> bool:
        """Whether it runs a notebook."""
        return self.action.endswith(".ipynb")

    @property
    def source(self) -> str:
        """The name of the notebook that it runs."""
        return PurePosixPath(self.action).stem

    @property
    def given(self) -> dict[str, str]:
        """Files and folders outside the project that parameters name, by parameter: absolute paths."""
        texts = {name: value for name, value in self.values.items() if isinstance(value, str)}
        return {name: text for name, text in texts.items() if os.path.isabs(text) and os.path.exists(text)}

    @property
    def record(self) -> str:
        """Where the executed notebook goes: a code host shows it with its outputs."""
        return f"report/notebooks/{self.name}.ipynb"


def chapter(name: str, *needs: str, notebook: str = "", page: str = "index", data: str = "data", **values: Any) -> Step:
    """Running a notebook, `name` if not given; folders are named as seen from where every notebook starts."""
    beside = PurePosixPath("report", page).parent if page else PurePosixPath("executed", name)
    values = {"data_dir": "data", "out_dir": (beside / data).as_posix(), **values}
    return Step(name, f"notebooks/{notebook or name}.ipynb", values, needs, page, data)


CHAPTERS = tuple(chapter(name, *needs) for name, needs in read_toml(Path(__file__).with_name("chapters.toml")).items())
APART = ("13_scan",)  # tools that the report does not show: `scan --page` renders them
OTHERS = (Step("answer", "helpers.report.stepper:write_answer", {}, needs=("01_dataset",)),)  # no notebooks, no pages
# What "Check a sentence" searches: the same for every edition of the index that shows the claims.
SEARCHED = "08_verdicts"
SEARCH = Step(
    "search", "helpers.report.search_index:write_index", {"target": "chapters/search.html"}, ("01_dataset", SEARCHED)
)


def edition(chapters: Iterable[Step], language: str) -> list[Step]:
    """Every chapter once more in another language; its tables are those that the English one has written."""

    def other(step: Step) -> Step:
        values, needs = {**step.values, "language": language}, (*step.needs, step.name)
        name, page = f"{step.name}.{language}", f"{step.page}.{language}"
        return replace(step, name=name, values=values, needs=needs, page=page)

    return [other(step) for step in chapters]


def all_chapters() -> Sequence[Step]:
    """Each edition's chapters."""
    return [*CHAPTERS, *edition(CHAPTERS, "zh")]


def all_steps(chapters: Iterable[Step], others: Iterable[Step] | None = None) -> list[Step]:
    """Everything that a build does: each notebook, each chapter and the pages that join chapters, and the others."""
    chapters = list(chapters)
    pages = dict.fromkeys(step.page for step in chapters if step.page)
    of_pages = [step for page in pages for step in _steps_of_page(page, [one for one in chapters if one.page == page])]
    searched = [SEARCH] if any(step.name == SEARCHED and step.page for step in chapters) else []
    return [*chapters, *searched, *of_pages, *(OTHERS if others is None else others)]


def _steps_of_page(page: str, members: Sequence[Step]) -> list[Step]:
    """A step for each chapter, one for the page, and for an index one for the reference beside it."""
    chapters = [_rendering(step) for step in members]
    needs = tuple(step.name for step in chapters)
    language = members[0].values.get("language", SOURCE)
    joined = {"chapters": [step.values["target"] for step in chapters], "language": language}
    if any(step.source == SEARCHED for step in members):
        joined, needs = {**joined, "search": SEARCH.values["target"]}, (*needs, SEARCH.name)
    action, names = "helpers.report.index_page:write_page", dict.fromkeys([page, page.replace("index", "reference")])
    return [*chapters, *(Step(f"{n}.html", action, {**joined, "target": f"report/{n}.html"}, needs) for n in names)]


def _rendering(step: Step) -> Step:
    root, target = "../" * step.page.count("/"), f"chapters/{step.name}.json"
    values = {"notebook": step.record, "source": step.name, "root": root, "data": step.data, "target": target}
    values["language"] = step.values.get("language", SOURCE)
    # The chapter of another edition names the hashes of the English one's tables.
    needs = (step.name, *(need for need in step.needs if need == step.source))
    action = "helpers.report.chapter_html:write_chapter"
    return Step(f"{step.name}.chapter", action, values, needs)


def from_here(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values with files and folders as absolute paths: they are named from where the command was given."""

    def placed(name: str, value: Any) -> Any:
        named = isinstance(value, str) and value and (name.endswith("_dir") or ("." in value and os.path.isfile(value)))
        return os.path.abspath(value) if named else value

    return {name: placed(name, value) for name, value in values.items()}


def with_values(
    listed: Sequence[Step], overrides: Mapping[str, Mapping[str, Any]], texts_dir: str, project: Project
) -> list[Step]:
    """The steps with the parameters that a user gives, by notebook, for every step that runs it, or by step; a
    ParameterProblem, if there is no such notebook, or a parameter does not fit."""
    sources = {step.source: project.root / step.action for step in listed if step.is_notebook}
    names = {step.name for step in listed if step.is_notebook} | set(sources)
    if unknown := sorted(set(overrides) - names):
        raise ParameterProblem(f"no notebook {unknown[0]}; there are {', '.join(sorted(names))}")
    known = {source: notebook_parameters(path) for source, path in sources.items()}
    texts = {"01_dataset": {"texts_dir": texts_dir}} if texts_dir else {}

    def given(step: Step) -> dict[str, Any]:
        chosen = (some.get(name, {}) for some in (texts, overrides) for name in (step.source, step.name))
        return {**step.values, **from_here({name: value for some in chosen for name, value in some.items()})}

    return [
        replace(step, values=check(given(step), known[step.source], step.name)) if step.is_notebook else step
        for step in listed
    ]
