"""The index: the story and the calculator as they are, everything else as inert text that the page's script inserts.

Nothing is written twice: a chapter stands here as the same escaped HTML that the reference shows. What a browser's
search should find without opening a chapter, each claim, system and source, has one hidden line of plain text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from helpers.language import PAGES, SOURCE, current, later, tr, translated, using
from helpers.report import interactive
from helpers.report.chapter_html import RenderedChapter
from helpers.report.claim_review import data_block
from helpers.report.page import DATA_BLOCK, REFERENCES, Frame, numbered, read_chapters, render, template_text, write
from helpers.report.shorthand import shortened
from helpers.report.text import Html, escape

STYLES = ("page.css", "index.css")
SCRIPTS = ("page.js", "card.js", "fragments.js", "check.js", "story.js")
# What a chapter holds that has a line of its own: claims, systems, sources, each up to where its reasons begin.
ENTRY = re.compile(
    r'<(?:article class="claim"|details class="system"|li) id="(?P<anchor>(?:claim|system|ref)-[^"]+)"[^>]*>'
    r'(?P<head>.*?)(?:<p class="why">|<details|</article>|<ul>|<p>Named|</li>|</details>|<a href="http)',
    re.S,
)
OUT_OF_PLACE = re.compile(r'<section class="explorer".*?</section>\n?', re.S)
FIRST_HEADING = re.compile(r"<h2 id=.*?</h2>\n?", re.S)
PLACE = re.compile(r' · <span class="place">.*?</span>')  # nobody searches for offsets
FALLBACK = re.compile(r"(var\(--[\w-]+), #[0-9a-f]{6}\)")  # of drawings that stand alone, as in a notebook
CITATION_CARD = re.compile(r'<aside class="card".*?</aside>\n?', re.S)
LEDE = re.compile(r'<div class="lede">(?P<finding>.*?)<div class="byline">.*?</div></div>\n?', re.S)

# What the script says.
WORDS = {
    "found": later("Nearest first. The best match stands open:"),
    "differs": later("The nearest claim says another figure than {said}:"),
    "nothing": later("No claim says that. Nearest:"),
    "calculate": later("Put these figures into the calculator"),
    "scan": later("A whole article is checked by the command: python -m helpers article FILE"),
    "show": later("Show"),
    "source": later("Source"),
    "in_list": later("In the list of sources"),
    "copied": later("Copied"),
    "copy_text": later("Copy the verdict"),
    "copy_link": later("Copy link"),
    "copy_review": later("Copy ClaimReview"),
    "picture": later("Picture"),
}


@dataclass(frozen=True)
class Find:
    """A line of plain text that the browser's search finds: where it leads, what it says."""

    anchor: str
    text: str


def index_page(chapters: Sequence[RenderedChapter]) -> str:
    """The first chapter told as the story, the explorer taken out of its chapter, the others behind them."""
    story, *rest = numbered(chapters)
    blocks = [block for chapter in (story, *rest) for block in DATA_BLOCK.findall(chapter.html)]
    whole = "".join(chapter.html for chapter in rest)
    explorer = OUT_OF_PLACE.search(whole)
    told = DATA_BLOCK.sub("", FIRST_HEADING.sub("", story.html, count=1))
    lede = LEDE.search(told)
    blocks.append(data_block("page-words", {name: translated(text) for name, text in WORDS.items()}))
    parts, signs = shortened([inert(chapter.html) for chapter in rest])
    blocks.append(data_block("signs", signs))
    scripts = [*interactive.parts(whole)]
    return render(
        "index.html.j2",
        Frame(story.title, plain_text(lede["finding"]) if lede else "", PAGES),
        template_text(*STYLES) + "".join(part.styles for part in scripts),
        template_text(*SCRIPTS) + "".join(part.script for part in scripts),
        "fragments",
        template_text("bare.css"),
        lede=lede[0] if lede else "",
        story=re.sub(r"(</?h)3\b", r"\g<1>2", LEDE.sub("", told, count=1)),  # under the page's own title
        sections=story.sections,
        explorer=explorer[0] if explorer else "",
        chapters=rest,
        finds=list(finds(whole)),
        inert=[(chapter.anchor, text) for chapter, text in zip(rest, parts, strict=True)],
        blocks=blocks,
        reference=REFERENCES[current()],
    )


def finds(html: str) -> Iterable[Find]:
    """A line for each claim, system and source, in the order of the page."""
    for match in ENTRY.finditer(html):
        yield Find(match["anchor"], plain_text(PLACE.sub("", match["head"])))


def plain_text(html: str) -> str:
    """What a reader sees of a piece of HTML, blanks as one."""
    shown = re.sub(r'<a class="anchor".*?</a>', "", html, flags=re.S)
    spaced = re.sub(r"</?(?:p|div|h\d|dt|dd|li|summary|br)\b[^>]*>", " ", shown)
    return " ".join(unescape(re.sub(r"<[^>]*>", "", spaced)).split())


def inert(html: str) -> Html:
    """A chapter as text that no browser takes for elements; cards of sources are made of the list of sources.

    Raises:
        ValueError: it could end its own element.
    """
    leads = f'<p><a href="#explorer">{escape(tr("What would it take?"))}</a></p>\n'
    kept = OUT_OF_PLACE.sub(leads, CITATION_CARD.sub("", DATA_BLOCK.sub("", html)))
    if re.search(r"</script|<!--|<script", kept, re.I):
        raise ValueError("a chapter holds a script or a comment, which the index cannot carry as text")
    return Html(FALLBACK.sub(r"\1)", kept))


def write_page(folder: Path, chapters: Sequence[str], target: str, language: str = SOURCE) -> None:
    """Join chapters that `chapter_html.write_chapter` has written, in this order, to the index."""
    with using(language):
        write(folder / target, index_page(read_chapters(folder, chapters)))
