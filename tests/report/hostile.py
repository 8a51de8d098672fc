"""Strings that try to become markup or script, and how to see whether one has."""

from __future__ import annotations

from html.parser import HTMLParser

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    "</title></style></script><script>alert(1)</script>",
    "javascript:alert(1)",
    "[a link](javascript:alert(1))",
    "**bold** _it_ `code` # no heading",
    "![x](x)",
    "$x^2$ and $$y$$",
    "a | b | c",
    "&lt;b&gt; &amp; <b>",
    "--><b>",
    "]]><b>",
    "甲<b>模型",
    "{name} {0} @n \\frac{1}{2}",
    "\ue0000\ue001",
]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(html: str) -> _Reader:
    """Text, tags and attributes of a piece of HTML, as a browser sees them."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader


def text_of(html: str) -> str:
    """What a reader sees."""
    return "".join(read(html).text)


def assert_harmless(html: str, allowed: set[str]) -> None:
    """No tags but the allowed ones, no event handlers, no addresses that are script."""
    found = read(html)
    assert set(found.tags) <= allowed, set(found.tags) - allowed
    assert not [name for name, _ in found.attributes if name.startswith("on") or name == "style"]
    assert not [v for n, v in found.attributes if n in ("href", "src") and v.strip().lower().startswith("javascript")]
