"""Figures: matplotlib drawings as inline SVG that follows the page's colours."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from cycler import cycler
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.textpath import TextToPath

from helpers.report.palette import COLOURS, PALETTE, role
from helpers.report.text import Html, escape, fill

# Colours of a drawing stand for names of the palette; the page decides what they look like in light, dark and print.
DRAWN = {name: f"#11{number:04x}" for number, name in enumerate(COLOURS, start=1)}
INK, MUTED, GRID, PAGE = (DRAWN[name] for name in ("ink", "muted", "grid", "page"))
C1, C2, C3, C4, C5, C6, C7, C8 = (DRAWN[f"c{number}"] for number in range(1, 9))

WIDTH = 4.0  # inches: on a phone of 390 pixels a letter of SMALL is then 11 pixels
SMALL = 8.4
STYLE = {key: DRAWN.get(value, value) if isinstance(value, str) else value for key, value in PALETTE["drawing"].items()}
STYLE |= {"figure.figsize": (WIDTH, 2.8), "axes.prop_cycle": cycler(color=[C1, C2, C3, C4, C5])}

FRACTION = re.compile(r"(?<![#\w])(-?\d\d+\.\d|-?\d\.\d\d)\d+")  # of a pixel: what an eye can see of it
# Where a mark or a line stands, and its paint.
MARK = re.compile(r'<(use href="[^"]*" x="[^"]*" y="[^"]*"|path d="[^"]*")([^>]*)/>\n?')
PATH = re.compile(r'(?<= d=)"[^"]*"')
TAG = re.compile(r"<[^>]+>")
LEADS = re.compile(r'(href="#|url\(#)([^")]+)')
UNSEEN = re.compile(
    r'<path d="[^"]*"(?: clip-path="[^"]*")? fill="none"/>\n?|(?<=/>)\n<defs>\s*</defs>'
)  # neither fill nor line
TOLD = "told: "  # what the id of a mark begins with that says something
FULL_WIDTH = re.compile("[\u2e80-\u9fff\uff00-\uff60]")
EM_WIDE = "\u2014"  # of the drawing's own font
RENDERERS: tuple[Any, ...] = (TextToPath, RendererAgg)  # what measures text: for the file, and for labels on contours
Measure = Callable[..., Any]


@contextmanager
def drawing(width: float = WIDTH, height: float = 2.8) -> Iterator[Figure]:
    """A figure in the house style, sized in inches; no pyplot state, nothing left open."""
    with mpl.rc_context(STYLE), _chinese_measured():
        yield Figure(figsize=(width, height))


@contextmanager
def _chinese_measured() -> Iterator[None]:
    """Measures Chinese characters as an em wide, as they are, without a font of them: the page's reader has one.

    The drawing keeps its text as text, so that only widths are needed; these must not depend on the machine's fonts.
    """
    measures = {kind: kind.get_text_width_height_descent for kind in RENDERERS}

    def as_em(measure: Measure) -> Measure:
        return lambda renderer, text, *more: measure(renderer, FULL_WIDTH.sub(EM_WIDE, text), *more)

    for kind, measure in measures.items():
        kind.get_text_width_height_descent = as_em(measure)
    try:
        yield
    finally:
        for kind, measure in measures.items():
            kind.get_text_width_height_descent = measure


def told(artist: Artist, words: str) -> None:
    """Give a mark the words that a pointer resting on it is shown."""
    artist.set_gid(f"{TOLD}{words}")


def svg(figure: Figure, name: str) -> str:
    """The drawing as an SVG element: equal bytes for equal drawings, ids of its own, no style attributes."""
    with mpl.rc_context(STYLE), _chinese_measured():
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>|<style[^>]*>.*?</style>|<!--.*?-->", "", text, flags=re.S)
    text = re.sub(rf"<g id=([\"']){TOLD}(.*?)\1>", r'<g class="told-mark"><title>\2</title>', text)
    text = TAG.sub(lambda match: _tag(match[0]), text)
    text = re.sub(r' (?:width|height)="[^"]*"', "", text, count=2)  # of the whole
    text = _short_ids(text, name)
    text = _without_bare_groups(UNSEEN.sub("", re.sub(r"\n\s*", "\n", text).strip()))
    return re.sub(rf"(?:{MARK.pattern}){{2,}}", _painted_once, text)


def _short_ids(text: str, name: str) -> str:
    """Ids that a tag leads to, numbered; the others gone; the words between tags as they are."""
    led_to = dict.fromkeys(LEADS.findall("".join(TAG.findall(text))))
    short = {old: f"{name}-{number}" for number, (_, old) in enumerate(led_to, start=1)}

    def named(tag: re.Match[str]) -> str:
        own = re.sub(r' id="([^"]+)"', lambda m: f' id="{short[m[1]]}"' if m[1] in short else "", tag[0])
        return LEADS.sub(lambda m: m[1] + short[m[2]], own)

    return TAG.sub(named, text)


def _without_bare_groups(text: str) -> str:
    """The drawing without groups that say nothing of what they hold."""
    said: list[bool] = []

    def kept(tag: re.Match[str]) -> str:
        if tag[0].startswith("<g"):
            said.append(len(tag[0].strip()) > len("<g>"))
            return tag[0] if said[-1] else ""
        return tag[0] if said.pop() else ""

    return re.sub(r"<g(?: [^>]*)?>\n?|</g>\n?", kept, text)


def _painted_once(run: re.Match[str]) -> str:
    """Marks of one paint, one after the other, as a group that is painted once."""
    groups = itertools.groupby(MARK.findall(run[0]), key=lambda mark: mark[1])
    drawn = [(paint, "".join(f"<{place}/>" for place, _ in marks)) for paint, marks in groups]
    return "\n".join(f"<g{paint}>{marks}</g>" for paint, marks in drawn) + "\n"


def _tag(tag: str) -> str:
    """A tag without style, with colours as roles; the words between tags stay as they are."""
    tag = re.sub(r' style="([^"]*)"', _attributes, tag)
    tag = FRACTION.sub(r"\1", tag).replace("xlink:href", "href")
    tag = re.sub(r' xmlns:xlink="[^"]*"| transform="rotate\(-?0 [^"]*"', "", tag)
    tag = PATH.sub(lambda path: re.sub(r"\s*([A-Za-z\"])\s*", r"\1", path[0]), tag)
    for name, colour in DRAWN.items():
        tag = tag.replace(colour, "currentColor" if name == "ink" else role(name))
    return tag


def _attributes(match: re.Match[str]) -> str:
    """Style declarations as presentation attributes, which a strict content security policy allows."""
    parts = (part.partition(":") for part in match[1].split(";"))
    pairs = {key.strip(): value.strip() for key, _, value in parts if value}
    font = pairs.pop("font", "")
    if size := re.search(r"([\d.]+)px", font):
        pairs["font-size"] = size[1]
    if re.match(r"(bold|[5-9]00)\b", font):
        pairs["font-weight"] = "bold"
    return "".join(f' {key}="{value}"' for key, value in pairs.items() if key not in ("font-family", "white-space"))


def figure_html(figure: Figure, name: str, title: str, *, caption: str, alt: str, download: str = "") -> Html:
    """A drawing as an HTML figure with the id `fig-<name>`.

    Args:
        title: the finding, in a few words.
        caption: what is drawn, sources, how to read it.
        alt: what a sighted reader sees.
        download: address of the drawn data as CSV.

    Raises:
        ValueError: title, caption or alt text is empty.
    """
    if not (title and caption and alt):
        raise ValueError(f"figure {name}: title, caption and alt text are required")
    words = f'<title id="fig-{name}-alt">{escape(alt)}</title>'
    tag, rest = svg(figure, name).split(">", 1)
    drawn = Html(tag.replace("<svg", f'<svg role="img" aria-labelledby="fig-{name}-alt"', 1) + f">{words}{rest}")
    return _framed("drawing", drawn, name, title, caption, download)


def told_html(shown: Html, name: str, title: str, caption: Html, *, download: str = "") -> Html:
    """What is told by elements of the page instead of a drawing, as an HTML figure with the id `fig-<name>`."""
    return _framed("told", shown, name, title, caption, download)


def _framed(kind: str, shown: Html, name: str, title: str, caption: str, download: str) -> Html:
    return fill("figure", kind=kind, shown=shown, name=name, title=title, caption=caption, download=download)
