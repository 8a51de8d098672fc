"""Pages of a test's own: notebooks rendered as the report's are."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

from helpers.language import PAGES, current
from helpers.report.chapter_html import render_chapter
from helpers.report.page import page, write


def write_own_page(notebooks: Sequence[Path], folder: Path) -> Path:
    """The notebooks as chapters of one page, in the current language."""
    target = folder / PAGES[current()]
    write(target, page([render_chapter(path) for path in notebooks], "A page", "Of a test"))
    return target


def in_sight(index: str) -> str:
    """What of an index is elements from the start: the scripts and data at its end left out."""
    return re.sub(r"<script\b.*?</script>", "", index, flags=re.S)


def kept_chapters(index: str) -> dict[str, str]:
    """The chapters that an index carries as text, written out as its script does it."""
    signs = json.loads(data_of_block(index, "signs"))
    parts = re.findall(r'<script type="text/plain" data-part="([^"]+)">(.*?)</script>', index, flags=re.S)
    return {name: re.sub("[\ue000-\uf8ff]", lambda sign: signs.get(sign[0], sign[0]), text) for name, text in parts}


def data_of_block(html: str, name: str) -> str:
    """The JSON of a data block."""
    (text,) = re.findall(rf'<script type="application/(?:ld\+)?json" id="{name}">(.*?)</script>', html, flags=re.S)
    return str(text)
