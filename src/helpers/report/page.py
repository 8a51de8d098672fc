"""The report: executed notebooks through the project's own nbconvert template into one offline page."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import jinja2
import nbformat
from nbconvert.exporters import TemplateExporter

import helpers
from helpers.language import NAMES, PAGES, SOURCE, TAGS, current, later, tr, using
from helpers.report import interactive
from helpers.report.prose import translate_prose
from helpers.report.text import ChapterRenderer, Html, escape, markdown, source_language

TEMPLATES = Path(__file__).parent / "templates"
SHOWN = ("text/html", "image/svg+xml", "text/markdown", "text/plain")  # first choice first
DATASET = "dataset"
ORIGIN = re.compile(
    r'(?P<figure><figure class="(?:drawing|table)" id="(?:fig|table)-(?P<name>[^"]+)">(?:(?!</figure>).)*)</figcaption>',
    re.S,
)
APART = re.compile(r"(<(?:pre|script|style|code)\b.*?</(?:pre|script|style|code)>|<[^>]*>)", re.S)
PER_CENT = re.compile(r"(?<=\d) %")
# Injected folders of one machine, and the language of the edition, say nothing to a reader.
FOLDER_LINE = re.compile(r'^(?:\w+_dir|language) = ".*"\n?', re.M)
TITLE = later("4095 against 3640 petaFLOP/s-days: did AI training get more efficient?")
DESCRIPTION = later(
    "Five press articles on large AI models, checked figure by figure: what was claimed, what the published facts say, and how the two were compared."
)
LABELS = {"Figure": later("Figure {n}. "), "Table": later("Table {n}. ")}


@dataclass(frozen=True)
class Heading:
    """A line of the table of contents."""

    anchor: str
    title: str


@dataclass(frozen=True)
class RenderedChapter:
    """One notebook as HTML."""

    anchor: str
    title: str
    sections: tuple[Heading, ...]
    html: Html


class ChapterExporter(TemplateExporter):
    """nbconvert exporter for one chapter."""

    file_extension = ".html"
    export_from_notebook = None

    def __init__(self, renderer: ChapterRenderer):
        super().__init__(template_name="chapter", extra_template_basedirs=[str(TEMPLATES)])
        self.register_filter("chapter_markdown", lambda source, anchors=(): _markdown(source, renderer, anchors))
        self.register_filter("text", escape)
        self.register_filter("tr", tr)
        self.register_filter("source_language", lambda text: f"{text}{source_language()}")


def _markdown(source: str, renderer: ChapterRenderer, anchors: Sequence[str]) -> Html:
    renderer.given = list(anchors)
    return markdown(source, renderer)


def render_chapter(notebook: Path) -> RenderedChapter:
    """An executed notebook as a chapter.

    Raises:
        ValueError: the notebook has no title.
    """
    anchor = re.sub(r"^\d+_", "", notebook.stem.removesuffix(f".{current()}"))  # the same in every edition
    renderer = ChapterRenderer(anchor)
    content = nbformat.read(notebook, as_version=4)
    keep_shown(content, notebook.name)
    translate_prose(content, anchor, notebook.name)
    codes = set_apart(content)
    body, _ = ChapterExporter(renderer).from_notebook_node(content)
    titles = [(anchor, plain) for level, anchor, plain in renderer.headings if level == 1]
    if len(titles) != 1:
        raise ValueError(f"{notebook.name}: a notebook has one title (# ...), this one has {len(titles)}")
    sections = tuple(Heading(a, plain) for level, a, plain in renderer.headings if level == 2)
    return RenderedChapter(*titles[0], sections, Html(re.sub(r"\n{2,}", "\n", body) + code_fold(codes)))


def keep_shown(notebook: nbformat.NotebookNode, name: str) -> None:
    """Leave of every output what the template has a block for; the rest would make it vanish in silence.

    Raises:
        ValueError: names the notebook, the cell and the type of the output.
    """
    for number, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", []):
            types = list(output.get("data", {}))
            if types and not set(types) & set(SHOWN):
                raise ValueError(f"{name}, cell {number}: the report cannot show {', '.join(types)}")
            if types:
                output.data = nbformat.NotebookNode({t: output.data[t] for t in SHOWN if t in types})


def set_apart(notebook: nbformat.NotebookNode) -> list[str]:
    """Take the code out of a notebook, so that its results stand in the text; the code of each cell."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    codes = [FOLDER_LINE.sub("", cell.source).strip() for cell in cells]
    for cell in cells:
        cell.source = ""
    return [code for code in codes if code]


def code_fold(codes: Sequence[str]) -> str:
    """The code of a chapter, folded, for its end."""
    if not codes:
        return ""
    cells = "\n".join(f"<pre{source_language()}><code>{escape(code)}</code></pre>" for code in codes)
    return f'<details class="code"><summary>{tr("Code of this chapter")}</summary>\n{cells}\n</details>\n'


def number(html: str) -> str:
    """Fill in the running numbers of figures and tables."""
    count: Counter[str] = Counter()

    def label(match: re.Match[str]) -> str:
        count[match[1]] += 1
        return f'<span class="number">{tr(LABELS[match[1]], n=count[match[1]])}'

    return re.sub(r'<span class="number" data-count="(\w+)">', label, html)


def kept_together(html: str) -> str:
    """A number and its per cent sign never part at the end of a line; tags, code and data stay as they are."""
    parts = APART.split(html)  # what is left alone is every second one
    return "".join(p if n % 2 else PER_CENT.sub("\u00a0%", p) for n, p in enumerate(parts))


def page(chapters: Sequence[RenderedChapter], title: str = "", description: str = "") -> str:
    """Chapters as one page with a hash-based content security policy.

    Args:
        title, description: of a page of its own, in English only; those of the report, if not given.
    """
    editions = [] if title else [(TAGS[key], PAGES[key], NAMES[key]) for key in TAGS]
    css, script = ((TEMPLATES / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    for more in interactive.parts("".join(chapter.html for chapter in chapters)):
        css, script = css + more.styles, script + more.script
    environment = jinja2.Environment(autoescape=False, trim_blocks=True, undefined=jinja2.StrictUndefined)
    template = environment.from_string((TEMPLATES / "page.html.j2").read_text(encoding="utf-8"))
    policy = (
        f"default-src 'none'; style-src {_hash(css)}; script-src {_hash(script)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    return number(
        template.render(
            chapters=[replace(chapter, html=Html(kept_together(chapter.html))) for chapter in chapters],
            css=css,
            policy=policy,
            script=script,
            title=escape(title or tr(TITLE)),
            description=escape(description or tr(DESCRIPTION)),
            tr=tr,
            editions=editions,
            language=TAGS[current()],
            version=helpers.__version__,
        )
    )


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def single(notebook: Path, title: str, description: str) -> str:
    """One executed notebook as a page of its own."""
    return page([render_chapter(notebook)], title, description)


def write_report(notebooks: Sequence[Path], target: Path) -> None:
    """Render executed notebooks, in this order, to `target/index.html`, or to the page of the current language."""
    target.mkdir(parents=True, exist_ok=True)
    (target / PAGES[current()]).write_text(page([render_chapter(path) for path in notebooks]), encoding="utf-8")


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
        chapter = asdict(render_chapter(folder / notebook))
        html = chapter["html"].replace('class="download" href="data/', f'class="download" href="{escape(data)}/')
        chapter["html"] = with_origins(html, hashes, source, root)
    (folder / target).parent.mkdir(parents=True, exist_ok=True)
    (folder / target).write_text(json.dumps(chapter, ensure_ascii=False), encoding="utf-8")


def with_origins(html: str, hashes: Mapping[str, str], source: str, root: str) -> str:
    """Chapter with a line below each figure and table that leads to its notebook, its inputs and its data's hash.

    Args:
        hashes: SHA-256 of the data, by the name of the figure or table.
        source, root: as in `write_chapter`.
    """

    def add(match: re.Match[str]) -> str:
        name, sha = match["name"], hashes.get(match["name"])
        if not sha:
            return match[0]
        line = tr(
            "Made by {notebook} from {inputs}; data {file}, SHA-256 {digest}",
            notebook=Html(f'<a href="{root}notebooks/{source}.ipynb">{source}</a>'),
            inputs=Html(f'<a href="{root}manifest.json">{tr("these inputs")}</a>'),
            file=f"{name}.csv",
            digest=Html(f"<code>{sha[:12]}</code>"),
        )
        line = f' <span class="origin" data-sha256="{sha}">{line}</span>'
        return f"{match['figure']}{line}</figcaption>"

    notebook = f'<a href="{root}notebooks/{source}.ipynb" download>{tr("Notebook")}</a>'
    with_code = '<details class="code">'
    return ORIGIN.sub(add, html).replace(with_code, f'<p class="notebook">{notebook}</p>\n{with_code}')


def write_page(
    folder: Path, chapters: Sequence[str], target: str, language: str = SOURCE, title: str = "", description: str = ""
) -> None:
    """Join chapters that `write_chapter` has written, in this order, to a page."""
    read = [json.loads((folder / chapter).read_text(encoding="utf-8")) for chapter in chapters]
    listed = [
        RenderedChapter(c["anchor"], c["title"], tuple(Heading(**s) for s in c["sections"]), Html(c["html"]))
        for c in read
    ]
    (folder / target).parent.mkdir(parents=True, exist_ok=True)
    with using(language):
        (folder / target).write_text(page(listed, title, description), encoding="utf-8")
