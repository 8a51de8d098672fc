"""Chapters and the page: outputs in = outputs out, nothing hostile gets through, everything can be linked to."""

import base64
import hashlib
import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.ledger.tables import Tables
from helpers.report.chapter_html import render_chapter, settled
from helpers.report.page import number, page
from helpers.report.sources import source_list
from helpers.report.text import Html
from tests import samples
from tests.report.hostile import HOSTILE, assert_harmless, read, text_of
from tests.report.pages import write_own_page

PIXEL = base64.b64encode(b"\x89PNG\r\n\x1a\n picture").decode()


def chapter_of(
    tmp_path: Path, *cells: nbformat.NotebookNode, title: str = "# A title", name: str = "03_compute"
) -> str:
    """The chapter that an executed notebook of these cells becomes."""
    return str(render_chapter(write(tmp_path, *cells, title=title, name=name)).html)


def write(tmp_path: Path, *cells: nbformat.NotebookNode, title: str = "# A title", name: str = "03_compute") -> Path:
    path = tmp_path / f"{name}.ipynb"
    nbformat.write(new_notebook(cells=[new_markdown_cell(title), *cells]), path)
    return path


def code(*outputs: nbformat.NotebookNode, source: str = "pass") -> nbformat.NotebookNode:
    return new_code_cell(source, outputs=list(outputs))


def result(kind: str = "execute_result", **data: str) -> nbformat.NotebookNode:
    return new_output(kind, data={name.replace("_", "/", 1): value for name, value in data.items()})


# Outputs in = outputs out ---------------------------------------------------------------------------------------------

OUTPUTS = {
    "result as text": (result(text_plain="marker-1 < 2"), "marker-1 < 2"),
    "result as html": (result(text_html="<p>marker-2</p>", text_plain="x"), "marker-2"),
    "display as html": (result("display_data", text_html="<p>marker-3</p>"), "marker-3"),
    "display as text": (result("display_data", text_plain="marker-4"), "marker-4"),
    "markdown": (result("display_data", text_markdown="**marker-5**"), "marker-5"),
    "svg": (new_output("display_data", data={"image/svg+xml": "<svg><text>marker-6</text></svg>"}), "marker-6"),
    "stdout": (new_output("stream", name="stdout", text="marker-7 <b>\n"), "marker-7 <b>"),
    "stderr": (new_output("stream", name="stderr", text="marker-8\n"), "marker-8"),
    "error": (new_output("error", ename="E", evalue="v", traceback=["marker-9 <i>", "second"]), "marker-9 <i>"),
}


@pytest.mark.parametrize("kind", OUTPUTS)
def test_every_kind_of_output_appears_once(kind: str, tmp_path: Path) -> None:
    output, words = OUTPUTS[kind]
    assert text_of(chapter_of(tmp_path, code(output))).count(words) == 1


def test_all_outputs_appear_in_their_order(tmp_path: Path) -> None:
    several = [output for output, _ in OUTPUTS.values()]
    text = text_of(chapter_of(tmp_path, code(*several[:4]), new_markdown_cell("Between."), code(*several[4:])))
    places = [text.index(words) for _, words in OUTPUTS.values()]
    assert places == sorted(places)
    assert places[3] < text.index("Between.") < places[4]


@pytest.mark.parametrize("beside", [{}, {"text/plain": "marker-plain"}], ids=["alone", "beside-text"])
@pytest.mark.parametrize(
    ("mime", "data", "words"),
    [
        ("image/png", PIXEL, f'src="data:image/png;base64,{PIXEL}"'),
        ("image/jpeg", PIXEL, f'src="data:image/jpeg;base64,{PIXEL}"'),
        ("text/latex", "$LATEX^2$", "<msup>"),
    ],
)
def test_picture_and_formula_are_shown_and_not_their_words(
    mime: str, data: str, words: str, beside: dict[str, str], tmp_path: Path
) -> None:
    """Jupyter gives `<Figure size 640x480>` beside a picture, which says nothing."""
    html = chapter_of(tmp_path, code(new_output("display_data", data={mime: data, **beside})))
    assert words in html
    assert "marker-plain" not in html


@pytest.mark.parametrize(
    "mime", ["application/pdf", "application/javascript", "application/vnd.jupyter.widget-view+json"]
)
@pytest.mark.parametrize("beside", [{}, {"text/plain": "Widget()"}], ids=["alone", "with words"])
def test_output_that_cannot_be_shown_stops_the_build_and_is_named(
    mime: str, beside: dict[str, str], tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=rf"03_compute\.ipynb, cell 2: the report cannot show {re.escape(mime)}$"):
        chapter_of(tmp_path, code(new_output("display_data", data={mime: "x", **beside})))


def test_terminal_output_is_what_a_terminal_shows_in_the_end(tmp_path: Path) -> None:
    assert settled("\x1b[31mred\x1b[0m\n") == "red\n"
    assert settled("".join(f"\rstep {n}" for n in range(40)) + "\nend\r\n") == "step 39\nend\n"
    html = chapter_of(tmp_path, code(new_output("stream", name="stdout", text="\x1b[31mred\x1b[0m\r\x07blue")))
    assert not re.search("[\x00-\x08\x0b-\x1f]|red", html)
    assert "blue" in html


def test_code_of_every_cell_is_there_folded_and_as_text(tmp_path: Path) -> None:
    source = 'if 1 < 2 and "</code><script>":\n    pass'
    html = chapter_of(tmp_path, code(source=source), code(result(text_plain="x"), source="y = 1"), code(source="last"))
    assert_harmless(html, {"h2", "a", "details", "summary", "pre", "code"})
    text = text_of(html)
    assert source in text
    assert "y = 1" in text
    assert "last" in text
    assert "<details open" not in html


def test_code_stands_at_the_end_of_its_chapter_cell_by_cell(tmp_path: Path) -> None:
    cells = [code(source="a = 1"), new_markdown_cell("Prose."), code(result(text_plain="shown"), source="b = 2")]
    html = chapter_of(tmp_path, *cells)
    assert re.findall("<pre><code>(.*?)</code></pre>", html) == ["a = 1", "b = 2"]
    assert html.index("Prose.") < html.index("shown") < html.index("Code of this chapter") < html.index("a = 1")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_outputs_and_prose_stays_text(text: str, tmp_path: Path) -> None:
    html = chapter_of(
        tmp_path,
        code(result(text_plain=text), new_output("stream", name="stdout", text=text), source=text),
        code(new_output("error", ename="E", evalue=text, traceback=[text])),
    )
    assert_harmless(html, {"h2", "a", "details", "summary", "pre", "code"})
    assert text_of(html).count(text) == 4


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "[x](javascript:alert(1))"]
)
def test_hostile_markdown_of_a_notebook_stays_text(text: str, tmp_path: Path) -> None:
    html = chapter_of(tmp_path, new_markdown_cell(text), code(result("display_data", text_markdown=text)))
    assert_harmless(html, {"h2", "a", "p", "details", "summary", "pre", "code"})


# Titles and anchors ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("title", ["No heading", "# One\n\n# Two", "## Only a section"])
def test_notebook_has_exactly_one_title(title: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"03_compute.ipynb: a notebook has one title"):
        render_chapter(write(tmp_path, title=title))


def test_chapter_knows_its_anchor_title_and_sections(tmp_path: Path) -> None:
    chapter = render_chapter(write(tmp_path, new_markdown_cell("## Like for like\n\n### Detail\n\n## How sure")))
    assert (chapter.anchor, chapter.title) == ("compute", "A title")
    assert list(chapter.sections) == [
        ("compute-like-for-like", "Like for like"),
        ("compute-how-sure", "How sure"),
    ]


def test_figures_and_tables_are_numbered_each_on_their_own() -> None:
    label = '<span class="number" data-count="{}"></span>'
    html = number("".join(label.format(kind) for kind in ("Figure", "Table", "Figure", "Table", "Table")))
    assert re.findall(r">([^<]+)</span>", html) == ["Figure 1. ", "Table 1. ", "Figure 2. ", "Table 2. ", "Table 3. "]


# The page -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def html(tmp_path: Path) -> str:
    """A page of two chapters."""
    paths = [
        write(tmp_path, new_markdown_cell("## Notes"), code(result(text_plain="x")), title="# A <b> & C"),
        write(tmp_path, new_markdown_cell("## Notes"), title="# Data", name="01_dataset"),
    ]
    return write_own_page(paths, tmp_path / "report").read_text(encoding="utf-8")


def test_contents_lead_to_every_chapter_and_section_in_order(html: str) -> None:
    toc = html[html.index("<nav") : html.index("</nav>")]
    links = [value for name, value in read(toc).attributes if name == "href"]
    assert links == ["#compute", "#compute-notes", "#dataset", "#dataset-notes"]
    assert "A <b> & C" in text_of(toc)
    assert "<b>" not in toc


def test_ids_are_unique_and_every_anchor_has_its_target(html: str) -> None:
    ids = [value for name, value in read(html).attributes if name == "id"]
    links = [value[1:] for name, value in read(html).attributes if name == "href" and value.startswith("#")]
    assert len(ids) == len(set(ids))
    assert set(links) <= set(ids)


def test_security_policy_allows_the_pages_own_style_and_script_and_nothing_else(html: str) -> None:
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    assert policy
    rules = dict(rule.strip().split(" ", 1) for rule in policy[1].split(";"))
    assert rules["default-src"] == "'none'"
    for tag, rule in (("style", "style-src"), ("script", "script-src")):
        contents = re.findall(rf"<{tag}>(.*?)</{tag}>", html, flags=re.S)
        hashes = {f"'sha256-{base64.b64encode(hashlib.sha256(c.encode()).digest()).decode()}'" for c in contents}
        assert set(rules.get(rule, "").split()) == hashes
    assert not re.search(r"unsafe|\*|https?:", policy[1])


def test_page_loads_nothing_from_anywhere(html: str) -> None:
    loaded = [v for n, v in read(html).attributes if n in ("src", "srcset", "data", "poster")]
    linked = re.findall(r'<link (?!rel="(?:alternate|describedby)")[^>]*href="([^"]+)"', html)
    assert [a for a in loaded + linked if not a.startswith("data:")] == []
    assert "@import" not in html
    assert "url(http" not in html


def test_page_says_its_language_encoding_and_width_first(html: str) -> None:
    assert html.startswith('<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">')
    assert 'name="viewport" content="width=device-width, initial-scale=1"' in html


def test_two_renderings_have_equal_bytes(tmp_path: Path) -> None:
    path = write(tmp_path, code(result(text_plain="x")))
    assert page([render_chapter(path)], "A", "B") == page([render_chapter(path)], "A", "B")


# Sources --------------------------------------------------------------------------------------------------------------


def sources(**entry: str) -> Html:
    tables = samples.tables(evidence=[samples.evidence("a.b", "alpha", "parameters", "1", "parameter")])
    return source_list(Tables(tables.frames, {"paper": {"ID": "paper", "title": "A paper"} | entry}))


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("field", ["title", "author", "year", "url", "eprint", "howpublished"])
def test_hostile_bibliography_stays_text(field: str, text: str) -> None:
    assert_harmless(sources(**{field: text}), {"ul", "li", "span", "cite", "a", "aside", "p"})


def test_only_addresses_of_the_web_become_links() -> None:
    assert 'href="https://example.org/a?b=1&amp;c=2"' in sources(url="https://example.org/a?b=1&c=2")
    assert 'href="https://arxiv.org/abs/2005.14165"' in sources(eprint="2005.14165")
    for url in ("javascript:alert(1)", "data:text/html,x", "ftp://example.org", 'https://x.org/" onclick="x'):
        assert set(re.findall(r'href="([^"]*)"', sources(url=url))) == {"#ref-paper"}
