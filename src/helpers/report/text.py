"""Text to HTML: the one place where anything becomes markup.

Whatever comes from data passes through `escape`. Markdown of the notebooks is rendered with raw HTML
switched off; formulas become MathML, so that pages need no script and no network.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from html import escape as _html_escape
from html import unescape as _html_unescape
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import tostring

import jinja2
import mistune
from latex2mathml.converter import convert_to_element as _latex_to_mathml

from helpers.language import (
    PLACE,
    SOURCE,
    filled,
    formatted,
    is_source,
    named,
    refuse_unused,
    term,
    tr,
    translated,
    valued,
)

TEMPLATES = Path(__file__).parent / "templates"
CHINESE = re.compile(
    r"[\u3400-\u9fff\uff00-\uffef\u3000-\u303f]+(?:[\s\d.,%A-Za-z~*·-]*[\u3400-\u9fff\uff00-\uffef]+)*"
)
# In Chinese text: three words and more in Latin letters are English prose, fewer are a name.
ENGLISH = re.compile(r"([A-Za-z][\w.,;:’'()/&%+–-]*(?: [\w.,;:’'()/&%+–-]+){2,})", re.ASCII)
# Markdown takes ** for emphasis only where spaces tell its ends apart, and Chinese has none.
BOLD = re.compile(r"\*\*(.+?)\*\*", re.S)
UPRIGHT = re.compile(r"\\mathrm\{(\w)\}")  # a single letter would be set as a variable
PLACEHOLDER = re.compile("\ue000(\\d+)\ue001")


class Html(str):
    """Markup that is safe to show as it is; Jupyter displays it, and templates take it as it is."""

    __slots__ = ()

    def __html__(self) -> Html:
        return self

    def _repr_html_(self) -> str:
        from helpers.report.outputs import outside

        return outside(self)

    def __repr__(self) -> str:
        return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", self)).strip()[:300]


class Formula(str):
    """A formula on a line of its own, in LaTeX; Jupyter and the page set it each in their way."""

    __slots__ = ()

    def _repr_latex_(self) -> str:
        return f"$${self}$$"


def escape(value: object) -> Html:
    """Data as text of a page or of a quoted attribute; markup as it is."""
    if isinstance(value, Html):
        return value
    return Html(value if hasattr(value, "__html__") else _html_escape(str(value), quote=True))


def with_language(value: object, language: str = "zh-Hans") -> Html:
    """Escaped text with runs of the other language marked as such, for fonts and for screen readers."""
    if hasattr(value, "__html__"):
        return escape(value)
    if not is_source():
        parts = ENGLISH.split(str(value))  # English runs are the odd ones
        return Html(
            "".join(f'<span lang="{SOURCE}">{escape(p)}</span>' if n % 2 else escape(p) for n, p in enumerate(parts))
        )
    marked = CHINESE.sub(lambda m: f'<span lang="{language}">{m.group()}</span>', _html_escape(str(value), quote=True))
    return Html(marked)


@cache
def environment() -> jinja2.Environment:
    """The templates, each compiled once; whatever they show passes through `escape`."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, finalize=escape, trim_blocks=True,
        lstrip_blocks=True, undefined=jinja2.StrictUndefined,
    )  # fmt: skip
    made.globals |= {"tr": tr, "term": term, "named": named, "phrase": phrase, "lang": with_language, "link": link}
    return made


def fill(template: str, **values: Any) -> Html:
    """A template with its values, without a line's end."""
    return Html(environment().get_template(f"{template}.html.j2").render(**values).strip())


def phrase(text: str, /, **values: object) -> Html:
    """A text in the current language around values, which may be markup."""
    return Html(filled(translated(text), {name: escape(value) for name, value in values.items()}))


def link(address: object, words: object) -> Html:
    """A link; the words may be markup."""
    return Html(f'<a href="{escape(address)}">{escape(words)}</a>')


def source_language() -> Html:
    """The attribute that marks what stays English in the other editions; nothing in English."""
    return Html("" if is_source() else f' lang="{SOURCE}"')


def foreign(text: object) -> Html:
    """Data that is English in every edition: titles, places in a source."""
    if is_source() or CHINESE.search(str(text)) or not re.search("[A-Za-z]", str(text)):
        return with_language(text)
    return Html(f"<span{source_language()}>{escape(text)}</span>")


def slug(text: str) -> str:
    """A heading as an anchor."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "section"


def mathml(latex: str, *, block: bool = False) -> Html:
    """LaTeX as MathML; whatever its text says stays text."""
    latex = UPRIGHT.sub(r"\\text{\1}", latex)
    math = _latex_to_mathml(latex, display="block" if block else "inline")
    for element in math.iter():
        element.text = _html_unescape(element.text) if element.text else element.text
        element.attrib.pop("href", None)  # a formula links to nothing
    return Html(tostring(math, encoding="unicode"))


def displayed(latex: str, *, block: bool = True) -> Html:
    """A formula on a line of its own, which scrolls inside its frame on a phone, by keyboard too."""
    shown = mathml(latex, block=block)
    return Html(f'<div class="formula" role="group" aria-label="{tr("Formula")}" tabindex="0">{shown}</div>')


class ChapterRenderer(mistune.HTMLRenderer):
    """Markdown of a chapter: headings one level down with anchors of their own, formulas as MathML."""

    def __init__(self, chapter: str = ""):
        super().__init__(escape=True)
        self.chapter = chapter
        self.headings: list[tuple[int, str, Html]] = []
        self.given: list[str] = []  # anchors for the next headings, where these are not to be made of their words

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        plain = re.sub(r"<[^>]*>", "", text)
        depth = min(level + 1, 6)
        if not self.chapter:
            return f"<h{depth}>{text}</h{depth}>\n"
        made = self.chapter if level == 1 else f"{self.chapter}-{slug(plain)}"
        anchor = self.given.pop(0) if self.given else self._anchor(made)
        self.headings.append((level, anchor, Html(plain)))
        return f'<h{depth} id="{anchor}">{text}<a class="anchor" href="#{anchor}" aria-label="{tr("Link to this section")}">#</a></h{depth}>\n'

    def _anchor(self, wanted: str) -> str:
        """An anchor that no earlier heading has."""
        taken = {anchor for _, anchor, _ in self.headings}
        numbered = (f"{wanted}-{n}" for n in itertools.count(2))
        return wanted if wanted not in taken else next(anchor for anchor in numbered if anchor not in taken)

    def inline_math(self, text: str) -> str:
        return mathml(text)

    def block_math(self, text: str) -> str:
        return f"{displayed(text.strip())}\n"


def markdown(source: str, renderer: ChapterRenderer | None = None) -> Html:
    """Markdown to HTML; raw HTML in it is shown as text."""
    convert = mistune.create_markdown(renderer=renderer or ChapterRenderer(), plugins=["math", "table"])
    if is_source():
        return Html(convert(source))
    html = convert(BOLD.sub("\ue002\\1\ue003", source))
    return Html(html.replace("\ue002", "<strong>").replace("\ue003", "</strong>"))


def say(template: str, **values: Any) -> Html:
    """A paragraph of Markdown whose numbers come from the computation: `say("{n:,.0f} days", n=days)`.

    The template is translated; values are escaped after rendering, so that no data can become markup.

    Raises:
        KeyError: the template names a value that is not given.
        TypeError: a value is given that the template does not name.
    """
    refuse_unused("say", values, [template])
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        value = valued(match, values)
        held.append(with_language(formatted(value, match["spec"] or "") if not isinstance(value, Html) else value))
        return f"\ue000{len(held) - 1}\ue001"

    html = markdown(PLACE.sub(hold, translated(template)))
    return Html(PLACEHOLDER.sub(lambda m: held[int(m[1])], html))


def say_of(template: str, values: Mapping[str, Any]) -> Html:
    """The same with those of many values that the template names."""
    return say(template, **{place["name"]: values[place["name"]] for place in PLACE.finditer(template)})


def as_json(value: Any) -> str:
    """Data for a script, as short as it can be written."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def paragraphs(texts: Iterable[str]) -> Html:
    """A paragraph for each text, as it is."""
    return Html("".join(f"<p>{with_language(text)}</p>\n" for text in texts))


def answer_box(text: Html) -> Html:
    """What answers the question of a page, set apart."""
    return Html(f'<div class="answer">{text}</div>')


def equation(template: str, **values: str) -> Formula:
    """A displayed formula with its numbers filled in: `@name` stands for a LaTeX fragment.

    Raises:
        KeyError: the template names a value that is not given.
    """
    return Formula(re.sub(r"@([a-z_]+)", lambda m: values[m[1]], template))


def numeral(n: int) -> str:
    """A number in signs that end no element: the last of 62, those before it of 27."""
    high, low = divmod(n, 62)
    text = chr(64 + low)
    while high:
        high, digit = divmod(high - 1, 27)
        text = chr(33 + digit) + text
    return text
