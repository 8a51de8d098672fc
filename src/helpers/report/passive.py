"""What a notebook's output may hold so that it can stand among others in an offline page: no script, nothing left open.

The page's policy stops a script; but what it stops is gone in silence, and a piece of HTML that closes what it did not
open, or leaves open what it opened, takes the rest of the page with it.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

_NAMES = "i?frame|frameset|object|embed|meta|base|link|html|head|body|main|template|noscript|plaintext"
_ACTIVE_TAG = re.compile(rf"<(/?(?:{_NAMES})\b|!|script\b(?! type=\"application/(?:ld\+)?json\"))", re.I)
_TAG = re.compile(r"<[a-z][a-z0-9:-]*((?:\"[^\"]*\"|'[^']*'|[^\"'>])*)>", re.I)
_VALUE = re.compile(r"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_ADDRESSES = ("href", "xlink:href", "src", "data", "from", "to", "values")
_ACTIVE_NAME = re.compile(r"[\s/\"'](on\w+|srcdoc|action|formaction)\s*=", re.I)
_ACTIVE_VALUE = re.compile(r"\s*(javascript:|data:text)", re.I)
_SUSPECT = re.compile(r"\bon\w+\s*=|srcdoc|action|javascript:|data:text", re.I)
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
    if active := _active(html):
        return f"holds {active}, which the page does not run or show"
    if html.rfind("<") > html.rfind(">"):
        return "ends within a tag"
    opened: Counter[str] = Counter()
    for tag in _PAIRED.finditer(html):
        if not tag[0].endswith("/>"):
            opened[tag[2].lower()] += -1 if tag[1] else 1
    uneven = [name for name, count in opened.items() if count]
    return f"opens and closes {uneven[0]} unevenly" if uneven else ""


def _active(html: str) -> str:
    """The first element, attribute or address that would act; the words of a value are text, whatever they say."""
    if tag := _ACTIVE_TAG.search(html):
        return tag[1]
    for tag in _TAG.finditer(html) if _SUSPECT.search(html) else ():
        values = ["".join(value) for name, *value in _VALUE.findall(tag[1]) if name.lower() in _ADDRESSES]
        name = _ACTIVE_NAME.search(_VALUE.sub(r"\1=", tag[1]))
        if found := name or next(filter(None, map(_ACTIVE_VALUE.match, values)), None):
            return found[1]
    return ""
