"""Figures: matplotlib drawings as inline SVG that follows the page's colours."""

import io
import itertools
import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import matplotlib as mpl
from cycler import cycler
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.textpath import TextToPath

from helpers.language import tr
from helpers.report.palette import COLOURS, PALETTE, role
from helpers.report.text import Html, escape, fill

# Colours of a drawing stand for names of the palette; the page decides what they look like in light, dark and print.
DRAWN = {name: f"#11{number:04x}" for number, name in enumerate(COLOURS, start=1)}
NAMED = {colour: name for name, colour in DRAWN.items()}
INK, MUTED, GRID, PAGE = (DRAWN[name] for name in ("ink", "muted", "grid", "page"))
C1, C2, C3, C4, C5, C6, C7, C8 = (DRAWN[f"c{number}"] for number in range(1, 9))

WIDTH = 4.0  # inches: on a phone of 390 pixels a letter of SMALL is then 11 pixels
SMALL = 8.4
STYLE = {key: DRAWN.get(value, value) if isinstance(value, str) else value for key, value in PALETTE["drawing"].items()}
STYLE |= {"figure.figsize": (WIDTH, 2.8), "axes.prop_cycle": cycler(color=[C1, C2, C3, C4, C5])}

FRACTION = re.compile(r"(?<!\w)(-?\d\d+\.\d|-?\d\.\d\d)\d+")  # of a pixel: what an eye can see of it
COLOUR = re.compile("|".join(DRAWN.values()))
LEADS = re.compile(r"(?:^|url\()#([^)]+)")  # to an id
MARKS, WORDED = ("use", "path"), ("text", "tspan", "title")
PLACE = ("href", "x", "y", "d")  # of a mark; the rest is its paint
TOLD = "told: "  # what the id of marks begins with that say something
FULL_WIDTH = re.compile("[\u2e80-\u9fff\uff00-\uff60]")
EM_WIDE = "\u2014"  # of the drawing's own font
RENDERERS: tuple[Any, ...] = (TextToPath, RendererAgg)  # what measures text: for the file, and for labels on contours
Measure = Callable[..., Any]


@contextmanager
def drawing(height: float = 2.8) -> Iterator[Figure]:
    """A figure in the house style, as wide as all, its height in inches; no pyplot state, nothing left open."""
    with mpl.rc_context(STYLE), _chinese_measured():
        yield Figure(figsize=(WIDTH, height))


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


def mark_words(name: str, *values: str) -> str:
    """What a mark says: its name and its values."""
    return tr("{name}: {value}", name=name, value=tr(", ").join(values))


def told(artist: Artist, words: Sequence[str]) -> None:
    """Give each mark of an artist the words that a pointer resting on it is shown."""
    artist.set_gid(TOLD + json.dumps(list(words)))


def svg(figure: Figure, name: str) -> str:
    """The drawing as an SVG element: equal bytes for equal drawings, ids of its own, no style attributes."""
    with mpl.rc_context(STYLE), _chinese_measured():
        buffer = io.StringIO()
        # `savefig` would draw twice: once to lay out, once to write
        FigureCanvasSVG(figure).print_svg(buffer, metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    root = ElementTree.fromstring(buffer.getvalue())
    for element in root.iter():
        _plain(element)
    root.attrib = {"xmlns": "http://www.w3.org/2000/svg", "viewBox": root.attrib["viewBox"]}
    _simplify(root)
    _number_ids(root, name)
    return ElementTree.tostring(root, encoding="unicode").replace(" />", "/>")


def _plain(element: Element) -> None:
    """Names without namespaces, style as attributes, which a strict content security policy allows, colours as roles."""
    element.tag, element.tail = element.tag.rpartition("}")[2], None
    element.text = element.text if element.tag in WORDED else None
    given = {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
    told = given.get("id", "").removeprefix(TOLD) if given.get("id", "").startswith(TOLD) else "[]"
    element.attrib = {key: COLOUR.sub(_role, FRACTION.sub(r"\1", v)) for key, v in _attributes(given) if v}
    if "d" in element.attrib:
        element.attrib["d"] = re.sub(r"\s*([A-Za-z])\s*", r"\1", element.attrib["d"])
    if words := json.loads(told):
        drawn = [mark for part in element if not part.tag.endswith("defs") for mark in part.iter()]
        marks = [mark for mark in drawn if mark.tag.endswith(MARKS)]
        for mark, said in zip(marks, words, strict=True):
            ElementTree.SubElement(mark, "title").text = said


def _role(colour: re.Match[str]) -> str:
    return "currentColor" if colour[0] == INK else role(NAMED[colour[0]])


def _attributes(given: dict[str, str]) -> Iterator[tuple[str, str]]:
    style = given.pop("style", "")
    font = re.search(r"font: ([^;]*)", style)
    yield from ((key, value) for key, value in given.items() if not value.startswith(("rotate(0 ", "rotate(-0 ")))
    for key, value in re.findall(r"([\w-]+): ([^;]+)", style):
        if key not in ("font", "font-family", "white-space"):
            yield key, value
    if font and (size := re.search(r"([\d.]+)px", font[1])):
        yield "font-size", size[1]
        yield "font-weight", "bold" if re.match(r"(bold|[5-9]00)\b", font[1]) else ""


def _simplify(parent: Element) -> None:
    """Leave out what shows nothing, dissolve groups that say nothing, paint marks of one paint once."""
    kept: list[Element] = []
    for child in parent:
        _simplify(child)
        unpainted = child.tag == "path" and child.get("fill") == "none" and "stroke" not in child.attrib
        if child.tag in ("metadata", "style") or unpainted or (child.tag == "defs" and not len(child)):
            continue
        kept += child if child.tag == "g" and not child.attrib else [child]
    parent[:] = []
    for paint, marks in itertools.groupby(kept, key=_paint):
        alike = list(marks)
        if paint and len(alike) > 1:
            group = ElementTree.SubElement(parent, "g", dict(paint))
            for mark in alike:
                mark.attrib = {key: value for key, value in mark.attrib.items() if key in PLACE}
            group.extend(alike)
        else:
            parent.extend(alike)


def _paint(element: Element) -> tuple[tuple[str, str], ...]:
    if element.tag not in MARKS or "id" in element.attrib:
        return ()
    return tuple((key, value) for key, value in element.attrib.items() if key not in PLACE)


def _number_ids(root: Element, name: str) -> None:
    """Ids that something leads to, numbered; the others gone."""
    leads = [lead for element in root.iter() for value in element.attrib.values() for lead in LEADS.findall(value)]
    short = {old: f"{name}-{number}" for number, old in enumerate(dict.fromkeys(leads), start=1)}
    for element in root.iter():
        own = short.get(element.attrib.pop("id", ""))
        element.attrib |= {"id": own} if own else {}
        for key, value in element.attrib.items():
            if key != "id":
                element.attrib[key] = LEADS.sub(lambda m: m[0].replace(m[1], short[m[1]]), value)


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
    return framed(drawn, name, title, caption, download, "drawing")


def framed(shown: Html, name: str, title: str, caption: str, download: str = "", kind: str = "told") -> Html:
    """A drawing, or what is told by elements of the page instead, as an HTML figure with the id `fig-<name>`."""
    return fill("figure", kind=kind, shown=shown, name=name, title=title, caption=caption, download=download)
