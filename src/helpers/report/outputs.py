"""What a notebook's result needs elsewhere, and what it may hold to stand in the page.

Where the page's styles are not, in JupyterLab or on a code host: Lab cuts styles, drawings and formulas out of a notebook
that it does not trust, one that somebody else has run; it leaves pictures and the style of an element. So a drawing is
followed by itself as a picture, which only a style that is cut out hides, and text in tables says of each cell where it
begins. The page leaves that out again.

In the page: no script, nothing left open. The page's policy stops a script; but what it stops is gone in silence, and a
piece of HTML that closes what it did not open, or leaves open what it opened, takes the rest of the page with it.
"""

import base64
import re
from collections import Counter
from typing import Any

from helpers.report.palette import COLOURS

# Jupyter aligns every cell to the right. The picture is for where this style is cut out. Either has the page's light ground.
STYLE = (
    "<style>figure>img.outside{display:none}figure>div.inside{display:block!important;max-width:576px;"
    f"background:{COLOURS['page'][0]};color:{COLOURS['ink'][0]}}}</style>"
)
INSIDE = '<div class="inside" style="display:none">'  # else the words of a drawing stay behind
INNER = re.compile(rf"{INSIDE}(<svg.*?</svg>)</div>", re.S)
LEFT, RIGHT = ' style="text-align:left"', ' style="text-align:right"'
HIDDEN = " hidden>", ' hidden="hidden">'  # Lab drops an attribute without a value, and what waits for a script is seen
CELL, NUMERIC = re.compile(r"<(?:td|th)((?: [^>]*)?)>"), 'class="num"'
DRAWING = re.compile(r'(<figure class="drawing".*?)(<svg.*?</svg>)', re.S)
PICTURE = re.compile(r'<img class="outside"[^>]*>')
SQUARE = re.compile(r'<i class="g-(?P<grade>[\w-]+)"(?P<rest> data-n="[^"]*")></i>')
MARK = "■\u200b"  # a line may end after it
MARKED = re.compile(rf'(<i class="g-[^"]*" data-n="[^"]*") style="color:#\w{{6}}">{MARK}</i>')
ALT = re.compile(r"<title[^>]*>(.*?)</title>", re.S)
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


def outside(html: str) -> str:
    """A result of the page as it is shown elsewhere."""
    shown = CELL.sub(lambda m: f"{m[0][:-1]}{RIGHT if NUMERIC in m[1] else LEFT}>", html.replace(*HIDDEN))
    shown = SQUARE.sub(_square, shown)
    shown = DRAWING.sub(lambda m: f"{m[1]}{INSIDE}{m[2]}</div>{picture(m[2])}", shown)
    return f"{STYLE}{shown}" if PICTURE.search(shown) else shown


def page(html: str) -> str:
    """The result as the page takes it: what `outside` added is gone."""
    shown = html.removeprefix(STYLE)
    shown = INNER.sub(r"\1", shown).replace(LEFT, "").replace(RIGHT, "")
    return MARKED.sub(r"\1></i>", PICTURE.sub("", shown)).replace(HIDDEN[1], HIDDEN[0])


def picture(svg: str) -> str:
    """A drawing as a picture on the page's light ground, its colours written out."""
    plain = re.sub(r"var\(--[\w-]+, (#\w+)\)", r"\1", svg).replace("currentColor", COLOURS["ink"][0])
    style = f"background:{COLOURS['page'][0]};font-family:DejaVu Sans,sans-serif"
    plain = plain.replace("<svg", f'<svg style="{style}"', 1)
    alt = ALT.search(svg)
    data = base64.b64encode(plain.encode()).decode()
    return f'<img class="outside" width="576" alt="{alt[1] if alt else ""}" src="data:image/svg+xml;base64,{data}">'


def _square(match: re.Match[str]) -> str:
    colour = COLOURS[match["grade"]][0]
    return f'<i class="g-{match["grade"]}"{match["rest"]} style="color:{colour}">{MARK}</i>'


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
