"""What a notebook's output may hold so that it can stand among others in an offline page: no script, nothing left open.

The page's policy stops a script; but what it stops is gone in silence, and a piece of HTML that closes what it did not
open, or leaves open what it opened, takes the rest of the page with it.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

_NAMES = "i?frame|frameset|object|embed|meta|base|link|html|head|body|main|template|noscript|plaintext"
_ACTIVE = re.compile(
    rf"<(/?(?:{_NAMES})\b|!|script\b(?! type=\"application/(?:ld\+)?json\"))|<[^>]*?[\s/\"'](on\w+|srcdoc|action|formaction)\s*=|[\w:]\s*=\s*[\"']?\s*(javascript:|data:text)",
    re.I,
)
_PAIRED = re.compile(
    r"<(/?)(div|section|article|aside|details|summary|figure|figcaption|form|fieldset|table|svg|math|style|title|select"
    r"|button|pre|span|a|script|textarea)\b[^>]*>",
    re.I,
)
_MARKUP = ("text/html", "image/svg+xml")
_DATA = re.compile(r"[A-Za-z0-9+/=\s]*")


def refusal(kind: str, content: Any) -> str:
    """Why an output of this kind is none that the page can hold; empty if it is one."""
    if not isinstance(content, str):
        return "is no text"
    if kind in ("image/png", "image/jpeg"):
        return "" if _DATA.fullmatch(content) else "is no picture in base64"
    return _in_markup(content) if kind in _MARKUP else ""


def _in_markup(html: str) -> str:
    if active := _ACTIVE.search(html):
        return f"holds {next(found for found in active.groups() if found)}, which the page does not run or show"
    if html.rfind("<") > html.rfind(">"):
        return "ends within a tag"
    opened: Counter[str] = Counter()
    for tag in _PAIRED.finditer(html):
        if not tag[0].endswith("/>"):
            opened[tag[2].lower()] += -1 if tag[1] else 1
    uneven = [name for name, count in opened.items() if count]
    return f"opens and closes {uneven[0]} unevenly" if uneven else ""
