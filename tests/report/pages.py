"""Pages of a test's own: notebooks rendered as the report's are."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from helpers.files import write_whole
from helpers.language import PAGES, current
from helpers.report.chapter_html import render_chapter
from helpers.report.page import page
from helpers.report.text import numeral


def write_own_page(notebooks: Sequence[Path], folder: Path) -> Path:
    """The notebooks as chapters of one page, in the current language."""
    target = folder / PAGES[current()]
    write_whole(target, page([render_chapter(path) for path in notebooks], "A page", "Of a test"))
    return target


def in_sight(index: str) -> str:
    """What of an index is elements from the start: the scripts and data at its end left out."""
    return in_full(re.sub(r"<script\b.*?</script>", "", index, flags=re.S))


def kept_chapters(index: str) -> dict[str, str]:
    """The chapters that an index carries as text, written out as its script does it."""
    parts = dict(re.findall(r'<script type="text/plain" (?:data-part|id)="([^"]+)">(.*?)</script>', index, flags=re.S))
    return written_out(parts, parts.pop("key"))


def written_out(parts: Mapping[str, str], given: str) -> dict[str, str]:
    """Coded texts by name, from the key to their codes."""
    key = {f"~{numeral(n)}": in_full(meaning) for n, meaning in enumerate(given.split("~"))}
    return {name: re.sub("~[!-;]*[@-}]", lambda code: key[code[0]], text) for name, text in parts.items()}


def in_full(html: str) -> str:
    """HTML whose characters beyond ASCII are references, with these characters."""
    return re.sub(r"&#(\d{3,});", lambda code: chr(int(code[1])), html)


def data_of_block(html: str, name: str) -> str:
    """The JSON of a data block."""
    (text,) = re.findall(rf'<script type="application/(?:ld\+)?json" id="{name}">(.*?)</script>', html, flags=re.S)
    return str(text)
