"""The index: the story and the calculator as they are, everything else as inert text that the page's script inserts.

Nothing is written twice: a chapter stands here as the same escaped HTML that the reference shows. What a browser's
search should find without opening a chapter, each claim, system and source, has one hidden line of plain text.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from html import unescape
from pathlib import Path

from helpers.language import PAGES, SOURCE, current, tr, using
from helpers.report.chapter_html import RenderedChapter
from helpers.report.claim_review import data_block
from helpers.report.explorer import OPENS
from helpers.report.number_words import words_for
from helpers.report.page import (
    DATA_BLOCK,
    REFERENCES,
    Frame,
    numbered,
    read_chapters,
    render,
    template_text,
    with_parts,
    write,
)
from helpers.report.text import Html, link

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
TAG = re.compile(r"<[^>]*>")
SIGNS, MOST_SIGNS = range(0xE000, 0xF8FF), 600  # Unicode's private use: three bytes each
LEDE = re.compile(r'<div class="lede">(?P<finding>.*?)<div class="byline">.*?</div></div>\n?', re.S)


def index_page(chapters: Sequence[RenderedChapter]) -> str:
    """The first chapter told as the story, the explorer taken out of its chapter, the others behind them."""
    story, *rest = numbered(chapters)
    blocks = [Html(block) for chapter in (story, *rest) for block in DATA_BLOCK.findall(chapter.html)]
    whole = "".join(chapter.html for chapter in rest)
    explorer = OUT_OF_PLACE.search(whole)
    told = DATA_BLOCK.sub("", FIRST_HEADING.sub("", story.html, count=1))
    lede = LEDE.search(told)
    blocks.append(data_block("page-words", words_for("index")))
    parts, signs = shortened([inert(chapter.html) for chapter in rest])
    blocks.append(data_block("signs", signs))
    return render(
        "index", Frame(story.title, plain_text(lede["finding"]) if lede else "", PAGES),
        *with_parts(whole, STYLES, SCRIPTS), "fragments", template_text("bare.css"),
        lede=Html(lede[0] if lede else ""), sections=story.sections,
        story=Html(re.sub(r"(</?h)3\b", r"\g<1>2", LEDE.sub("", told, count=1))),  # under the page's own title
        explorer=Html(explorer[0] if explorer else ""), opens=OPENS, chapters=rest, finds=list(finds(whole)),
        inert=[(chapter.anchor, Html(text)) for chapter, text in zip(rest, parts, strict=True)],
        blocks=blocks, reference=REFERENCES[current()],
    )  # fmt: skip


def finds(html: str) -> Iterable[tuple[str, str]]:
    """Anchor of each claim, system and source, in the order of the page, and its line of plain text."""
    for match in ENTRY.finditer(html):
        yield match["anchor"], plain_text(PLACE.sub("", match["head"]))


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
    leads = f"<p>{link('#explorer', tr('What would it take?'))}</p>\n"
    kept = OUT_OF_PLACE.sub(leads, CITATION_CARD.sub("", DATA_BLOCK.sub("", html)))
    if re.search(r"</script|<!--|<script", kept, re.I):
        raise ValueError("a chapter holds a script or a comment, which the index cannot carry as text")
    return Html(FALLBACK.sub(r"\1)", kept))


def shortened(texts: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """The texts with signs for the tags that cost most, and what each sign stands for, which the script writes out.

    A sign that a text holds already is left alone, so that writing out gives the texts again, whatever they say.
    """
    whole = "".join(texts)
    held = set(whole)
    free = [chr(code) for code in SIGNS if chr(code) not in held]
    counts = Counter(TAG.findall(whole))
    saved = {tag: (n - 1) * (len(tag.encode()) - 3) - 12 for tag, n in counts.items()}
    chosen = sorted((tag for tag in saved if saved[tag] > 0), key=lambda tag: (-saved[tag], tag))[:MOST_SIGNS]
    signs = dict(zip(chosen, free, strict=False))
    short = [TAG.sub(lambda tag: signs.get(tag[0], tag[0]), text) for text in texts]
    return short, {sign: tag for tag, sign in signs.items()}


def write_page(folder: Path, chapters: Sequence[str], target: str, language: str = SOURCE) -> None:
    """Join chapters that `chapter_html.write_chapter` has written, in this order, to the index."""
    with using(language):
        write(folder / target, index_page(read_chapters(folder, chapters)))
