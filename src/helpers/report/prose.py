"""The prose of a notebook in another language: its markdown cells, translated from the catalogue.

Notebooks are English articles. Each markdown cell is one entry of the catalogue; headings keep the anchors of the
English ones, so that a link leads to the same place in every edition.
"""

import nbformat

from helpers.language import MissingTranslation, current, is_source, translated
from helpers.report.text import ChapterRenderer, markdown

WRITTEN_IN = "language"  # metadata of a notebook whose prose is not English


def translate_prose(notebook: nbformat.NotebookNode, chapter: str, name: str) -> None:
    """Put the prose of a notebook into the current language, in place; once is enough.

    Args:
        chapter: what the anchors of its headings begin with.
        name: file name, for errors.

    Raises:
        MissingTranslation: names the notebook and the cell whose prose the catalogue lacks.
        ValueError: a translation has other headings than its English cell.
    """
    if is_source() or notebook.metadata.get(WRITTEN_IN) == current():
        return
    english = ChapterRenderer(chapter)
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "markdown":
            said = len(english.headings)
            markdown(cell.source, english)
            try:
                cell.source = translated(cell.source)
            except MissingTranslation as problem:
                raise MissingTranslation(f"{name}, cell {number}: {problem}") from None
            headings, own = english.headings[said:], ChapterRenderer(chapter)
            markdown(cell.source, own)
            if [level for level, *_ in own.headings] != [level for level, *_ in headings]:
                raise ValueError(f"{name}, cell {number}: its translation has other headings. Mend: give it the same")
            cell.metadata["anchors"] = [anchor for _, anchor, _ in headings]
    notebook.metadata[WRITTEN_IN] = current()
