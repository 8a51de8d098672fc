"""The text of an article's file: plain text as it is, the visible text of a saved web page, the text of a PDF."""

import logging
import re
import sys
from collections import Counter
from collections.abc import Callable
from functools import partial
from html import unescape
from io import BytesIO
from pathlib import Path

from helpers.errors import Problem
from helpers.files import read_bytes
from helpers.numbers import SUPERSCRIPT
from helpers.reader.encodings import decoded

STDIN = Path("-")
MOST_BYTES = 64_000_000
MOST_CHARACTERS = 1_000_000  # of an article
_MARKUP = re.compile(
    r"<!--.*?(?:-->|\Z)|<[!?][^>]*+>?"
    r"|<(?P<raw>script|style)\b.*?(?:</(?P=raw)[^>]*+>?|\Z)"
    r"|<(?P<slash>/?)(?P<tag>[a-z][^\s/>]*+)(?:=\s*+(?:\"[^\"]*+\"?|'[^']*+'?)|[^>])*+>?",
    re.I | re.S,
)
_UNSEEN = re.compile(
    r"\s(?:hidden(?![\w-])(?!\s*=\s*[\"']?until-found)|style\s*=\s*(?:\"[^\"]*|'[^']*)(?:display\s*:\s*none|visibility\s*:\s*hidden|(?:opacity|font-size)\s*:\s*0(?![.\d]*[1-9])))",
    re.I,
)
_HIDDEN = frozenset({"nav", "noscript", "template", "title", "iframe", "rt", "rp"})
_ROW = "\x1e"
_VOID = re.compile("area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr")
_BLOCK = re.compile(
    "address|article|aside|blockquote|body|br|d[dlt]|details|div|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|li|main|[ou]l"
    "|option|p|pre|section|summary|table|tbody|tfoot|thead"
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{1,40})", re.I)
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030"}
_PAGE = re.compile(r"\s*<(?:!doctype html|html|head|body)\b", re.I)
_HAN = re.compile("[\u2e80-\u9fff\uff00-\uffef]")
_FULL_LINE = 0.7  # a line of a PDF shorter than this share of its page's longest ends a paragraph


def read_document(path: Path) -> str:
    """The text of a .txt, .html, .htm or .pdf file, or of what is pasted (-); the offsets of a scan count its code points.

    Raises:
        Problem: no such file, an unknown ending, in no known encoding, damaged, or without text.
    """
    reader = _pasted if path == STDIN else _READERS.get(path.suffix.lower())
    if reader is None:
        raise _problem(path, "is no .txt, .html, .htm or .pdf file", "save the article as one of these")
    if path != STDIN and not path.exists():
        raise _problem(path, "no such file", "check the name")
    text = reader(path, sys.stdin.buffer.read(MOST_BYTES) if path == STDIN else read_bytes(path, MOST_BYTES))
    if len(text) > MOST_CHARACTERS:
        raise _problem(path, f"has more than {MOST_CHARACTERS:,} characters", "save the article alone")
    if text.count("\0") > len(text) / 100:
        raise _problem(path, "holds many NUL characters", "save the article's text as UTF-8")
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


def _plain(path: Path, data: bytes) -> str:
    try:
        return decoded(data)
    except ValueError as error:
        raise _problem(path, str(error), "save it as UTF-8") from None


def _pasted(path: Path, data: bytes) -> str:
    text = _plain(path, data)
    return visible_text(text) if _PAGE.match(text) else text


def _html(path: Path, data: bytes) -> str:
    """The text of a page in UTF-8, or in the encoding that it declares."""
    declared = _CHARSET.search(data[:4096])
    name = declared.group(1).decode("ascii").lower() if declared else "utf-8"
    for decode in (partial(str, encoding="utf-8-sig"), partial(str, encoding=_WIDER.get(name, name)), decoded):
        try:
            return visible_text(decode(data))
        except (ValueError, LookupError):
            continue
    what = f"not UTF-8, and not the {name} that it declares"
    raise _problem(path, what, "save the page as UTF-8")


def visible_text(page: str) -> str:
    """What a browser would show of a page's body: blocks as lines, cells between tabs, blanks as one blank.

    Linear for any page: whatever a page leaves open runs to its end, as in a browser.
    """
    shown, position = _Shown(), 0
    for token in _MARKUP.finditer(page):
        shown.add(page[position : token.start()])
        if token["tag"]:
            if token["slash"]:
                shown.close(token["tag"].lower())
            else:
                shown.open(token["tag"].lower(), _UNSEEN.search(token.group()) is not None)
        position = token.end()
    shown.add(page[position:])
    return shown.text()


class _Shown:
    """Collects the text of the elements that are seen."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._pieces: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._count: Counter[str] = Counter()
        self._hidden = 0

    def text(self) -> str:
        """What was collected, with one mark for each gap."""
        return re.sub(rf"[ \n\t{_ROW}]++", _gap, "".join(self._pieces)).strip(" \n")

    def add(self, piece: str) -> None:
        """Text between two tags."""
        if not self._hidden:
            kept = unescape(piece).encode("utf-8", "replace").decode("utf-8")
            kept = kept.translate(SUPERSCRIPT) if self._count["sup"] else kept
            self._pieces.append(kept if self._count["pre"] else re.sub(r"[ \t\r\n\f]+", " ", kept))

    def open(self, tag: str, unseen: bool = False) -> None:
        """A start tag, of an element that is not shown if `unseen`; with the body all begins anew: what the head says, or left open, is no part of the page."""
        if tag == "body":
            self._begin()
        self._pieces.append("\t" if tag in ("td", "th") else _mark(tag))
        if not _VOID.fullmatch(tag):
            unseen = unseen or tag in _HIDDEN
            self._open.append((tag, unseen))
            self._count[tag] += 1
            self._hidden += unseen

    def close(self, tag: str) -> None:
        """Close a tag with all that was left open inside it; ignore one that is not open."""
        closed = ""
        while closed != tag and self._count[tag]:
            closed, unseen = self._open.pop()
            self._count[closed] -= 1
            self._hidden -= unseen
        self._pieces.append(_mark(tag))


def _mark(tag: str) -> str:
    return _ROW if tag == "tr" else "\n" if _BLOCK.fullmatch(tag) else ""


def _gap(found: re.Match[str]) -> str:
    """A new row begins with its second cell's tab; within a row a tab is more than a line, a line more than a blank."""
    gap = found.group()
    if _ROW in gap:
        return "\n" + "\t" * (gap.rpartition(_ROW)[2].count("\t") - 1)
    return "\t" * gap.count("\t") or ("\n" if "\n" in gap else " ")


def _pdf(path: Path, data: bytes) -> str:
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings would stand among the candidates
    try:
        pages = [page.extract_text() for page in PdfReader(BytesIO(data)).pages]
    except Exception as error:  # a damaged file may raise anything
        what = f"cannot be read as PDF ({type(error).__name__}: {printable(str(error))[:120]})"
        raise _problem(path, what, "save the article's text as .txt") from None
    text = "\n".join(_unwrapped(page) for page in pages)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _unwrapped(page: str) -> str:
    """Join the lines of a page's paragraphs, so that a figure broken over two lines is whole again."""
    lines = [line.strip() for line in page.splitlines()]
    widths = [len(line) + len(_HAN.findall(line)) for line in lines]
    longest = max(widths, default=0)
    text = ""
    for before, width, line in zip(["", *lines], [0, *widths], lines, strict=False):
        wrapped = before and line and width >= _FULL_LINE * longest
        han = wrapped and (_HAN.match(before[-1]) or _HAN.match(line[0]))
        text += ("" if han else " " if wrapped else "\n") + line
    return text.strip()


_READERS: dict[str, Callable[[Path, bytes], str]] = {".txt": _plain, ".html": _html, ".htm": _html, ".pdf": _pdf}
