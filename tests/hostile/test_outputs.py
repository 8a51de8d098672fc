"""Outputs of notebooks that nobody meant for the page: each is shown, in order, or refused with one line."""

import base64
import json
import time
from pathlib import Path
from typing import Any

import pytest

from helpers.errors import Problem
from helpers.report.chapter_html import render_chapter
from tests.report.hostile import read, text_of

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n picture").decode()
AFTER = "what follows"
ACTIVE = {"script", "iframe", "meta", "base", "form", "object", "embed", "link"}


def shown(**data: Any) -> dict[str, Any]:
    """An output by its types; _ stands for the slash."""
    return {"output_type": "display_data", "metadata": {}, "data": {n.replace("_", "/", 1): v for n, v in data.items()}}


def typed(name: str, **beside: Any) -> dict[str, Any]:
    return {"output_type": "display_data", "metadata": {}, "data": {name: "x", **shown(**beside)["data"]}}


def stream(text: str, name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def error(*lines: str) -> dict[str, Any]:
    return {"output_type": "error", "ename": "E", "evalue": "v", "traceback": list(lines)}


TAKEN = {  # and the words that a reader sees
    "PNG": (shown(image_png=PNG), ""),
    "PNG of 8 MB": (shown(image_png="A" * 8_000_000), ""),
    "LaTeX": (shown(text_latex="$x^2$"), ""),
    "LaTeX that is broken": (shown(text_latex="$\\frac{1$"), ""),
    "LaTeX of 20,000 terms": (shown(text_latex="$" + "x+" * 20_000 + "x$"), ""),
    "LaTeX with a link": (shown(text_latex="$\\href{javascript:alert(1)}{x}<script>alert(1)</script>$"), ""),
    "Markdown with HTML": (shown(text_markdown="<script>alert(1)</script> [x](javascript:alert(1))"), "<script>"),
    "Markdown of 2000 quotes": (shown(text_markdown=">" * 2000 + " x"), "x"),
    "Markdown of 50,000 brackets": (shown(text_markdown="[" * 50_000), "["),
    "colours": (stream("\x1b[31mred\x1b[0m"), "red"),
    "a terminal's title": (stream("\x1b]0;owned\x07kept"), "kept"),
    "stderr": (stream("complaint <b>\x07\x00", "stderr"), "complaint <b>"),
    "a line of progress": (stream("\r".join(map(str, range(100_000)))), "99999"),
    "5 MB of text": (stream("x" * 5_000_000), "x"),
    "half a pair of surrogates": (shown(text_plain="a\ud800b"), "a?b"),
    "the same in HTML": (shown(text_html="<p>a\ud800b</p>"), "a?b"),
    "NUL": (shown(text_plain="a\x00b"), "ab"),
    "direction": (shown(text_plain="\u202eabc"), "abc"),
    "no data": (shown(), ""),
    "lines": (shown(text_plain=["a", "b"]), "ab"),
    "a style": (shown(text_html="<style>body{display:none}</style><p>m</p>"), "m"),
    "data that no browser runs": (shown(text_html='<script type="application/ld+json">{}</script>'), ""),
    "an error": (error("\x1b[31mx <script>"), "x <script>"),
    "an error of no lines": (error(), ""),
}
REFUSED = {
    "PNG that is none": shown(image_png='"><script>alert(1)</script>'),
    "SVG with a script": typed("image/svg+xml") | {"data": {"image/svg+xml": "<svg onload='alert(1)'></svg>"}},
    "script": shown(text_html="<script>window.pwned = 1</script>"),
    "meta refresh": shown(text_html="<meta http-equiv='refresh' content='0;url=https://example.org'>"),
    "iframe": shown(text_html="<iframe src='https://example.org'></iframe>"),
    "base": shown(text_html="<base href='https://example.org/'>"),
    "a form that sends": shown(text_html="<form action='https://example.org'><input></form>"),
    "a handler": shown(text_html="<img src=x onerror=alert(1)>"),
    "a link that is script": shown(text_html="<a href=' JavaScript:alert(1)'>x</a>"),
    "the end of the page": shown(text_html="</section></main></body></html>"),
    "an open comment": shown(text_html="<p>x</p><!-- "),
    "an open tag": shown(text_html="<p title='aaaa"),
    "10,000 open elements": shown(text_html="<div>" * 10_000),
    "elements that nothing opened": shown(text_html="</div></div>"),
    "LaTeX of 5000 braces": shown(text_latex="$" + "{" * 5000 + "}" * 5000 + "$"),
    "a widget": typed("application/vnd.jupyter.widget-view+json", text_plain="Widget()"),
    "an unknown type": typed("application/x-own"),
    "an unknown type beside text": typed("application/x-own", text_plain="x"),
    "JavaScript": typed("application/javascript", text_plain="x"),
    "PDF": typed("application/pdf"),
    "a number": shown(text_plain=3),
    "null": shown(text_plain=None),
    "an object": shown(text_html={"a": 1}),
    "a kind of nothing": {"output_type": "hologram", "data": {}},
    "a stream of no name": {"output_type": "stream", "text": "x"},
    "a second title": shown(text_markdown="# Another"),
}


def chapter(folder: Path, output: dict[str, Any]) -> str:
    """The chapter of a notebook with this output and a paragraph after it."""
    cells = [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# T"},
        {"cell_type": "code", "id": "b", "metadata": {}, "source": "1", "execution_count": 1, "outputs": [output]},
        {"cell_type": "markdown", "id": "c", "metadata": {}, "source": AFTER},
    ]
    path = folder / "03_compute.ipynb"
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    return str(render_chapter(path).html)


@pytest.mark.parametrize("kind", TAKEN)
def test_output_is_shown_and_what_follows_too(kind: str, tmp_path: Path) -> None:
    output, words = TAKEN[kind]
    begun = time.process_time()
    html = chapter(tmp_path, output)
    assert time.process_time() - begun < 20
    assert html.encode()
    assert not [c for c in html if ord(c) < 32 and c not in "\n\t"]
    found = read(html)
    assert not ACTIVE & set(found.tags) or 'type="application/ld+json"' in html
    assert not [v for n, v in found.attributes if n.startswith("on") or v.strip().lower().startswith("javascript:")]
    assert words in text_of(html)
    assert AFTER in text_of(html)


@pytest.mark.parametrize("kind", REFUSED)
def test_output_that_no_page_can_hold_is_refused_in_one_line(kind: str, tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"^03_compute\.ipynb") as refusal:
        chapter(tmp_path, REFUSED[kind])
    assert len(str(refusal.value).splitlines()) == 1


def test_there_are_twelve_kinds_of_either() -> None:
    assert min(len(TAKEN), len(REFUSED)) >= 12
