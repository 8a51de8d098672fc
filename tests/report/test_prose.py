"""The prose of notebooks in another language: translated cell by cell, under the anchors of the English headings."""

import re
from collections.abc import Iterator

import nbformat
import pytest
from markdown_it import MarkdownIt
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from translation import extraction

from helpers import language
from helpers.language import LOCALE, PLACE, MissingTranslation, using
from helpers.report.chapter_html import translate_prose

PROSE = {
    "# Scale": "# 规模",
    "## The race\n\n## How sure": "## 竞赛\n\n## 有多大把握",
    "## Lost": "失去的标题",
    "Link to this section": "本节链接",
    "Formula": "公式",
}
COMMONMARK = MarkdownIt("commonmark")


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A catalogue of three entries, and Chinese for the length of a test."""
    monkeypatch.setattr(language, "_catalogue", lambda _: {("", text): zh for text, zh in PROSE.items()})
    with using("zh"):
        yield


def notebook(*prose: str) -> nbformat.NotebookNode:
    """A notebook of these markdown cells and one of code."""
    return new_notebook(cells=[*map(new_markdown_cell, prose), new_code_cell("say('# Scale')")])


def test_prose_is_translated_and_code_is_left_alone() -> None:
    made = notebook("# Scale", "## The race\n\n## How sure")
    translate_prose(made, "scale", "02_scale.ipynb")
    assert [c.source for c in made.cells] == ["# 规模", "## 竞赛\n\n## 有多大把握", "say('# Scale')"]
    assert made.cells[1].metadata["anchors"] == ["scale-the-race", "scale-how-sure"]


def test_prose_is_translated_once() -> None:
    made = notebook("# Scale")
    for _ in range(2):
        translate_prose(made, "scale", "02_scale.ipynb")
    assert made.cells[0].source == "# 规模"


def test_cell_without_words_needs_no_translation() -> None:
    made = notebook("$$C = 6 N D$$")
    translate_prose(made, "scale", "02_scale.ipynb")
    assert made.cells[0].source == "$$C = 6 N D$$"


def test_english_stays_as_it_is() -> None:
    made = notebook("# Scale")
    with using("en"):
        translate_prose(made, "scale", "02_scale.ipynb")
    assert (made.cells[0].source, dict(made.metadata)) == ("# Scale", {})


@pytest.mark.parametrize(
    ("cell", "problem", "line"),
    [
        ("Not there", MissingTranslation, r'02_scale\.ipynb, cell 1: .*no translation of "Not there". Mend: add it'),
        ("## Lost", ValueError, r"02_scale\.ipynb, cell 1: its translation has other headings"),
    ],
)
def test_missing_or_stale_translation_names_the_cell(cell: str, problem: type[Exception], line: str) -> None:
    with pytest.raises(problem, match=line):
        translate_prose(notebook(cell), "scale", "02_scale.ipynb")


def literal_asterisks(text: str) -> bool:
    """Whether emphasis stays as asterisks where CommonMark is strict, as in JupyterLab."""
    filled = PLACE.sub(lambda place: "12%" if (place["spec"] or "").endswith("%") else "12", text)
    return "**" in re.sub(r"<[^>]*>", "", COMMONMARK.render(re.sub(r"\$[^$]*\$", "x", filled)))


def test_strict_reader_sees_asterisks_where_emphasis_ends_after_punctuation() -> None:
    assert literal_asterisks("**结论不成立。**数字")
    assert not literal_asterisks("**结论不成立**。数字")


def test_no_translation_shows_literal_asterisks() -> None:
    entries = extraction.catalogue(LOCALE / "zh_Hans.po")
    assert [m.string for m in entries if m.id and literal_asterisks(str(m.string))] == []
