"""Chapters: executed notebooks through the project's own nbconvert template into HTML that is escaped once and for all."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbconvert.exporters import TemplateExporter

from helpers.errors import Problem
from helpers.files import write_whole
from helpers.language import SOURCE, MissingTranslation, current, is_source, tr, translated, using
from helpers.report.downloads import DATASET
from helpers.report.outputs import page, refusal
from helpers.report.text import TEMPLATES, ChapterRenderer, Html, displayed, escape, fill, link, markdown, phrase
from helpers.report.text import source_language as english

# First choice first. What a chapter has no better form of than text, such as a drawing of matplotlib's, is an image.
SHOWN = ("text/html", "image/svg+xml", "image/png", "image/jpeg", "text/latex", "text/markdown", "text/plain")
# Of terminals: colours, moves.
CONTROL = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\].*?(?:\x07|\x1b\\)|\x1b.|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
ORIGIN = re.compile(
    r'(?P<figure><figure class="(?:drawing|table|told)" id="(?:fig|table)-(?P<name>[^"]+)">(?:(?!</figure>).)*)</p></details></figure>',
    re.S,
)
# Injected folders of one machine, and the language of the edition, say nothing to a reader.
FOLDER_LINE = re.compile(r'^(?:\w+_dir|language) = ".*"\n?', re.M)
WRITTEN_IN = "language"  # metadata of a notebook whose prose is not English


class RenderedChapter(NamedTuple):
    """One notebook as HTML, its sections by anchor and title."""

    anchor: str
    title: Html
    sections: Sequence[tuple[str, Html]]
    html: Html


class ChapterExporter(TemplateExporter):
    """nbconvert exporter for one chapter."""

    file_extension = ".html"
    export_from_notebook = None

    def __init__(self) -> None:
        super().__init__(template_name="chapter", extra_template_basedirs=[str(TEMPLATES)])
        self.renderer = ChapterRenderer("")
        self.register_filter("chapter_markdown", lambda source, anchors=(): _markdown(source, self.renderer, anchors))
        self.register_filter("text", lambda text: escape(settled(text)))
        self.register_filter("formula", lambda latex: displayed(latex.strip().strip("$").strip()))
        self.register_filter("base64", lambda data: escape("".join(data.split())))
        self.register_filter("tr", tr)
        self.register_filter("source_language", lambda text: f"{text}{english()}")


def _markdown(source: str, renderer: ChapterRenderer, anchors: Sequence[str]) -> Html:
    renderer.given = list(anchors)
    return markdown(source, renderer)


_exporter = cache(ChapterExporter)  # of all chapters of this process: its templates are compiled once


def render_chapter(notebook: Path) -> RenderedChapter:
    """An executed notebook as a chapter.

    Raises:
        Problem: the notebook cannot be read, has no title, or an output that the page cannot hold.
    """
    anchor = re.sub(r"^\d+_", "", notebook.stem.removesuffix(f".{current()}"))  # the same in every edition
    exporter = _exporter()
    exporter.renderer = renderer = ChapterRenderer(anchor)
    try:
        content = nbformat.read(notebook, as_version=4)
        keep_shown(content, notebook.name)
        translate_prose(content, anchor, notebook.name)
        codes = set_apart(content)
        body, _ = exporter.from_notebook_node(content)
    except nbformat.ValidationError as error:
        raise Problem(f"{notebook.name}: no notebook ({str(error).splitlines()[0]})") from None
    except RecursionError:
        raise Problem(f"{notebook.name}: an output or a formula is nested too deep") from None
    body = body.encode("utf-8", "replace").decode("utf-8")  # half a pair of surrogates is no character
    titles = [(anchor, plain) for level, anchor, plain in renderer.headings if level == 1]
    if len(titles) != 1:
        raise Problem(f"{notebook.name}: a notebook has one title (# ...), this one has {len(titles)}")
    code = f"{fill('code', codes=codes, source_language=english())}\n" if codes else ""
    sections = [(a, plain) for level, a, plain in renderer.headings if level == 2]
    return RenderedChapter(*titles[0], sections, Html(re.sub(r"\n{2,}", "\n", body) + code))


def translate_prose(notebook: nbformat.NotebookNode, chapter: str, name: str) -> None:
    """Put the prose of a notebook into the current language, in place; once is enough.

    Each markdown cell is one entry of the catalogue; its headings keep the anchors of the English ones.

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


def keep_shown(notebook: nbformat.NotebookNode, name: str) -> None:
    """Leave of every output the first kind that the template has a block for; the rest would vanish in silence.

    The words that IPython puts beside every kind are no stand-in for one that the report cannot show.

    Raises:
        Problem: names the notebook, the cell and the type of the output.
    """
    for number, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", []):
            types = list(output.get("data", {}))
            if types:
                first = next((kind for kind in SHOWN if kind in types), "text/plain")
                if first == "text/plain" and (others := [kind for kind in types if kind != first]):
                    raise Problem(f"{name}, cell {number}: the report cannot show {', '.join(others)}")
                if why := refusal(first, output.data[first]):
                    raise Problem(f"{name}, cell {number}: its output in {first} {why}")
                output.data = nbformat.NotebookNode({first: page(output.data[first])})


def settled(text: str) -> str:
    """What a terminal would show in the end: colours and moves left out, a line that was written over as it came out."""
    shown = CONTROL.sub("", text.replace("\r\n", "\n"))
    return "\n".join(line.rstrip("\r").rsplit("\r", 1)[-1] for line in shown.split("\n"))


def set_apart(notebook: nbformat.NotebookNode) -> list[str]:
    """Take the code out of a notebook, so that its results stand in the text; the code of each cell."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    codes = [FOLDER_LINE.sub("", cell.source).strip() for cell in cells]
    for cell in cells:
        cell.source = ""
    return [code for code in codes if code]


def write_chapter(
    folder: Path, notebook: str, source: str, root: str, data: str, target: str, language: str = SOURCE
) -> None:
    """Render the executed notebook of a folder to a chapter in a file, for `write_page`.

    Args:
        source: name of the notebook whose source lies in the report's `notebooks/`.
        root: the report's folder as seen from the page.
        data: the folder of its CSV files as seen from the page.
        language: of the edition.
    """
    # The tables of the dataset lie below the data of figures and tables, and may have the same names.
    files = [path for path in (folder / "report").rglob("*.csv") if path.parent.name != DATASET]
    hashes = {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    with using(language):
        chapter = render_chapter(folder / notebook)
        html = chapter.html.replace('class="download" href="data/', f'class="download" href="{escape(data)}/')
        chapter = chapter._replace(html=Html(with_origins(html, hashes, source, root)))
    write_whole(folder / target, json.dumps(chapter, ensure_ascii=False))


def with_origins(html: str, hashes: Mapping[str, str], source: str, root: str) -> str:
    """Chapter with a line in the menu of each figure and table that leads to its notebook, its inputs and its data's hash.

    Args:
        hashes: SHA-256 of the data, by the name of the figure or table.
        source, root: as in `write_chapter`.
    """

    def add(match: re.Match[str]) -> str:
        name, sha = match["name"], hashes.get(match["name"])
        if not sha:
            return match[0]
        line = phrase(
            "Made by {notebook} from {inputs}; data {file}, SHA-256 {digest}",
            notebook=link(f"{root}notebooks/{source}.ipynb", source),
            inputs=link(f"{root}manifest.json", tr("these inputs")),
            file=f"{name}.csv",
            digest=Html(f"<code>{sha[:12]}</code>"),
        )
        return f'{match["figure"]} <span class="origin" data-sha256="{sha}">{line}</span></p></details></figure>'

    notebook = f'<a href="{root}notebooks/{source}.ipynb" download>{tr("Notebook")}</a>'
    with_code = '<details class="code">'
    return ORIGIN.sub(add, html).replace(with_code, f'<p class="notebook">{notebook}</p>\n{with_code}')
