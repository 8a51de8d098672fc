"""The text of an article's file: plain text as it is, the visible text of a saved web page, the text of a PDF."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

from helpers.errors import Problem

_HIDDEN = frozenset({"script", "style", "nav", "noscript", "template", "title", "iframe"})
_VOID = re.compile("area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr")
_BLOCK = re.compile(
    "address|article|aside|blockquote|body|br|d[dlt]|div|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|li|main|[ou]l"
    "|option|p|pre|section|table|tbody|tfoot|thead|tr"
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{1,40})", re.I)
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030"}
_HAN = re.compile("[\u2e80-\u9fff\uff00-\uffef]")
_FULL_LINE = 0.7  # a line of a PDF shorter than this share of its page's longest ends a paragraph


def read_document(path: Path) -> str:
    """The text of a .txt, .html, .htm or .pdf file; the offsets of a scan count its code points.

    Raises:
        Problem: no such file, an unknown ending, not the encoding it should be, damaged, or without text.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise _problem(path, "is no .txt, .html, .htm or .pdf file", "save the article as one of these")
    if not path.is_file():
        raise _problem(path, "no such file", "check the name")
    text = reader(path)
    if not text.strip():
        hint = ": its pages may be pictures" if path.suffix.lower() == ".pdf" else ""
        raise _problem(path, f"has no text{hint}", "save the article's text as .txt")
    return text


def printable(text: str) -> str:
    """Text for a screen or a table: no control characters, nothing that cannot be written as UTF-8."""
    kept = "".join(char if char.isprintable() else " " for char in text)
    return kept.encode("utf-8", "replace").decode("utf-8")


def _problem(path: Path, what: str, mend: str) -> Problem:
    return Problem(f"{printable(str(path))}: {what}. Mend: {mend}.")


def _plain(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise _problem(path, f"not UTF-8 (byte {error.start})", "save it as UTF-8") from None


def _html(path: Path) -> str:
    page = _Page()
    page.feed(_decoded(path))
    page.close()
    return page.text()


def _decoded(path: Path) -> str:
    """A page as UTF-8, or in the encoding that it declares."""
    data = path.read_bytes()
    declared = _CHARSET.search(data[:4096])
    name = declared.group(1).decode("ascii").lower() if declared else "utf-8"
    for encoding in ("utf-8-sig", _WIDER.get(name, name)):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    raise _problem(path, f"not UTF-8, and not the {name} that it declares", "save the page as UTF-8")


class _Page(HTMLParser):
    """Collects what a browser would show of the body: blocks as lines, cells between tabs, blanks as one blank."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []
        self._open: list[str] = []
        self._count: dict[str, int] = {}
        self._hidden = 0

    def text(self) -> str:
        """What was collected, without blanks around its lines."""
        return re.sub(r"[ \t]*\n[ \t\n]*", "\n", re.sub(r" +", " ", "".join(self._pieces))).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":  # whatever the head left open, or said, is no part of the page
            self._pieces, self._open, self._count, self._hidden = [], [], {}, 0
        self._separate(tag)
        if not _VOID.fullmatch(tag):
            self._open.append(tag)
            self._count[tag] = self._count.get(tag, 0) + 1
            self._hidden += tag in _HIDDEN

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)  # as browsers do: <div/> opens, <br/> is void

    def handle_endtag(self, tag: str) -> None:
        """Close a tag with all that was left open inside it; ignore one that is not open."""
        while self._count.get(tag):
            closed = self._open.pop()
            self._count[closed] -= 1
            self._hidden -= closed in _HIDDEN
            if closed == tag:
                break
        self._separate(tag)

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            kept = data if self._count.get("pre") else re.sub(r"[ \t\r\n\f]+", " ", data)
            self._pieces.append(kept.replace("\r\n", "\n").encode("utf-8", "replace").decode("utf-8"))

    def _separate(self, tag: str) -> None:
        if _BLOCK.fullmatch(tag):
            self._pieces.append("\n")
        elif tag in ("td", "th") and self._pieces and self._pieces[-1] != "\t":
            self._pieces.append("\t")


def _pdf(path: Path) -> str:
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings would stand among the candidates
    try:
        pages = [page.extract_text() for page in PdfReader(path).pages]
    except Exception as error:  # a damaged file may raise anything
        what = f"cannot be read as PDF ({type(error).__name__}: {printable(str(error))[:120]})"
        raise _problem(path, what, "save the article's text as .txt") from None
    text = "\n".join(_unwrapped(page) for page in pages)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _unwrapped(page: str) -> str:
    """Join the lines of a page's paragraphs, so that a figure broken over two lines is whole again."""
    lines = [line.strip() for line in page.splitlines()]
    longest = max(map(len, lines), default=0)
    text = ""
    for before, line in zip(["", *lines], lines, strict=False):
        wrapped = before and line and len(before) >= _FULL_LINE * longest
        han = wrapped and (_HAN.match(before[-1]) or _HAN.match(line[0]))
        text += ("" if han else " " if wrapped else "\n") + line
    return text.strip()


_READERS: dict[str, Callable[[Path], str]] = {".txt": _plain, ".html": _html, ".htm": _html, ".pdf": _pdf}
