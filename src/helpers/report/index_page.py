"""The index: the story and the calculator as they are, everything else as inert text that the page's script inserts.

Nothing is written twice: a chapter stands here as the same escaped HTML that the reference shows. What a browser's
search should find without opening a chapter, each claim, system and source, has one hidden line of plain text.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import unescape
from pathlib import Path

from helpers.files import write_whole
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
    reference_page,
    render,
    template_text,
    with_parts,
)
from helpers.report.text import Html, link, numeral

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
TAG = re.compile(r"<[^>~]*>")
TAGS = re.compile(rf"{TAG.pattern}\n?(?:{TAG.pattern}\n?)+")
CODE_LENGTH = 3
LEDE = re.compile(r'<div class="lede">(?P<finding>.*?)<div class="byline">.*?</div></div>\n?', re.S)


def index_page(chapters: Sequence[RenderedChapter], search: str = "") -> str:
    """The first chapter told as the story, the explorer taken out of its chapter, the others behind them; `search` is
    the block of data in which sentences are looked up."""
    story, *rest = numbered(chapters)
    blocks = [Html(escaped(block)) for chapter in (story, *rest) for block in DATA_BLOCK.findall(chapter.html)]
    whole = "".join(chapter.html for chapter in rest)
    explorer = OUT_OF_PLACE.search(whole)
    told = DATA_BLOCK.sub("", FIRST_HEADING.sub("", story.html, count=1))
    lede = LEDE.search(told)
    blocks += [Html(escaped(block)) for block in (search, data_block("page-words", words_for("index")))]
    parts, key = coded([inert(chapter.html) for chapter in rest])
    styles, script = with_parts(whole, STYLES, SCRIPTS)
    page = render(
        "index", Frame(story.title, plain_text(lede["finding"]) if lede else "", PAGES),
        styles, escaped(script), "fragments", template_text("bare.css"),
        lede=Html(lede[0] if lede else ""), sections=story.sections,
        story=Html(re.sub(r"(</?h)3\b", r"\g<1>2", LEDE.sub("", told, count=1))),  # under the page's own title
        explorer=Html(explorer[0] if explorer else ""), opens=OPENS, chapters=rest, finds=list(finds(whole)),
        inert=[(chapter.anchor, Html(text)) for chapter, text in zip(rest, parts, strict=True)],
        key=Html(key), blocks=blocks, reference=REFERENCES[current()],
    )  # fmt: skip
    return page.encode("ascii", "xmlcharrefreplace").decode()


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


def coded(texts: Sequence[str]) -> tuple[list[str], str]:
    """The texts as ASCII, with short codes for tags that stand often and for every other character; and the key.

    A browser decodes ASCII several times as fast, and all that is in the file before it paints. A code is `~` and a
    number (see `numeral`), the most frequent the shortest; the key is what each stands for, as HTML, with `~` between.
    """
    held = set("".join(texts))
    free = (sign for sign in map(chr, range(0xE000, 0xF900)) if sign not in held)  # Unicode's private use
    meanings = dict[str, str]()
    for pattern in (TAGS, TAG):
        signs = _often(pattern, "".join(texts), free)
        texts = [_replaced(pattern, signs, text) for text in texts]
        meanings |= {sign: tag for tag, sign in signs.items()}
    counts = Counter(sign for sign in "".join(texts) if sign > "}")
    order = sorted(counts, key=lambda sign: (-counts[sign], sign))
    codes = {ord(sign): f"~{numeral(n)}" for n, sign in enumerate(order)}
    return [text.translate(codes) for text in texts], "~".join(meanings.get(s, f"&#{ord(s)};") for s in order)


def _often(pattern: re.Pattern[str], text: str, free: Iterator[str]) -> dict[str, str]:
    """A sign for each tag, or row of tags, that a code makes the page shorter for."""
    counts = Counter(pattern.findall(text))
    worth = sorted(tag for tag, n in counts.items() if (n - 1) * (len(tag) - CODE_LENGTH) > len(tag))
    return dict(zip(worth, free, strict=False))


def _replaced(pattern: re.Pattern[str], signs: Mapping[str, str], text: str) -> str:
    return pattern.sub(lambda tag: signs.get(tag[0], tag[0]), text)


def escaped(script: str) -> str:
    """A script or JSON as ASCII."""
    return re.sub(r"[^\x00-\x7f]+", lambda found: json.dumps(found[0])[1:-1], script)


def write_page(folder: Path, chapters: Sequence[str], target: str, language: str = SOURCE, search: str = "") -> None:
    """Join chapters that `chapter_html.write_chapter` has written, in this order, to the index or to the reference."""
    with using(language):
        read = read_chapters(folder, chapters)
        looked_up = (folder / search).read_text(encoding="utf-8") if search else ""
        write_whole(folder / target, reference_page(read) if "reference" in target else index_page(read, looked_up))
